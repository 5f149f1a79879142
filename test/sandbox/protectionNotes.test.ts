import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protectionNotes } from '../../src/sandbox/protectionNotes.ts';
import { makeSandbox, type TestSandbox } from './sandbox.ts';

describe('protectionNotes', () => {
  let test: TestSandbox;
  before(async () => {
    test = await makeSandbox();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: test.workspace,
        stdio: 'pipe',
      });
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    git('commit', '-q', '--allow-empty', '-m', 'second');
    git('branch', 'other');
    await mkdir(join(test.workspace, '.vscode'));
    await writeFile(join(test.workspace, '.vscode/settings.json'), '{}');
    await writeFile(join(test.workspace, 'changed'), 'x');
    git('add', 'changed');
  });
  after(() => test.dispose());

  const notesOn = async (command: string, workspace: 'read-write' | 'read-only' = 'read-write') => {
    const { output, exitCode } = await test.command(command);
    return protectionNotes({ output, exitCode, command }, { roots: [test.workspace], workspace });
  };

  for (const command of [
    'git add .',
    'git -c user.name=a -c user.email=b commit -m x',
    'git -c user.name=a -c user.email=b commit -m x 2>&1 | tail -3',
    'git checkout other',
    'git checkout -b new',
    'git -c user.name=a -c user.email=b stash',
    'git config core.editor vi',
    'git fetch',
    'git reset --hard HEAD~1',
    'git tag v1',
    'git branch -D other',
    'git worktree add ../elsewhere',
    'git init',
    'rm -rf .git',
    'mv .git elsewhere',
    `/usr/bin/python3 -c 'open(".git/config", "w")'`,
    'mkdir deep; cd deep; git tag v2',
  ]) {
    it(`says why ${command} fails`, async () => {
      const notes = await notesOn(command);
      assert.equal(notes.length, 1);
      assert.match(notes[0] ?? '', /^Version control is protected/);
    });
  }

  it('is among the notes of a command and of Python', async () => {
    assert.match((await test.command('git add .')).notes.join(), /Version control is protected/);
    const code = 'import subprocess; subprocess.run(["git", "add", "."], check=True)';
    assert.match((await test.python(code)).notes.join(), /Version control is protected/);
    assert.deepEqual((await test.command('git status')).notes, []);
  });

  it('names another protected path', async () => {
    assert.deepEqual(await notesOn('echo x > .vscode/settings.json'), [
      '.vscode/settings.json is protected: commands may not create, change or remove it. Only the person can.',
    ]);
  });

  for (const command of [
    'git status',
    'git log --oneline',
    'git diff HEAD~1',
    'git show no-such-commit',
    'touch /usr/x',
    'cat nowhere',
    `echo "see .git/config: Read-only file system"`,
    'touch /etc/.git',
    'false',
  ]) {
    it(`has nothing to say on ${command}`, async () => {
      assert.deepEqual(await notesOn(command), []);
    });
  }

  it('says that a workspace is read-only', () => {
    const end = { output: `touch: cannot touch 'file': Read-only file system\n`, exitCode: 1 };
    const [note] = protectionNotes(end, { roots: ['/w'], workspace: 'read-only' });
    assert.match(note ?? '', /^The workspace is read-only in this run/);
  });
});
