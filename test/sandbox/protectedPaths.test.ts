import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeSandbox, noSignal, outputHolds, type TestSandbox } from './sandbox.ts';

const run = promisify(execFile);

describe('protected paths', () => {
  let test: TestSandbox;
  const inside = (...parts: string[]) => join(test.workspace, ...parts);
  beforeEach(async () => (test = await makeSandbox()));
  afterEach(() => test.dispose());

  const attempts: Readonly<Record<string, string>> = {
    'write into it': 'echo x > {}/config',
    'make it': 'mkdir {}',
    'rename it': 'mv {} other',
    'rename onto it': 'mkdir made; mv -fT made {}',
    'delete it': 'rm -rf {}',
    'replace it by a link': 'rm -rf {}; ln -sfn /tmp {}',
    'change its mode': 'chmod 777 {}',
  };
  for (const name of ['.git', '.vscode', '.mcp.json', 'nested/.git', 'nested/.vscode']) {
    for (const [what, command] of Object.entries(attempts)) {
      it(`cannot be changed where they exist: ${what} (${name})`, async () => {
        await mkdir(inside('nested/.git'), { recursive: true });
        await mkdir(inside(name), { recursive: true });
        await writeFile(inside(name, 'config'), 'before');
        await test.command(command.replaceAll('{}', name));
        assert.equal(await readFile(inside(name, 'config'), 'utf8'), 'before');
      });
    }
  }

  for (const name of [
    '.git',
    '.vscode',
    '.mcp.json',
    '.mirothinker.json',
    'mcp.json',
    'nested/.git',
    'nested/.vscode',
    '.cursor/mcp.json',
  ]) {
    it(`cannot be created: ${name}`, async () => {
      const made = await test.command(
        `mkdir -p nested .cursor other/in; touch other/in/x; mv -fT other ${name}; mkdir -p ${name}/a`,
      );
      const below = await readdir(test.workspace, { recursive: true });
      assert.ok(!below.includes(name), `${made.output}${below.join(' ')}`);
    });
  }

  it('cannot be created as files, whatever the name of a workspace file is; what came is kept beside', async () => {
    const result = await test.command(
      'echo 1 > any.code-workspace; mkdir -p a/b; cd a/b; git init -q; echo "{}" > mcp.json',
    );
    const below = await readdir(test.workspace, { recursive: true });
    assert.deepEqual(below.filter((path) => !path.includes('.git.blocked/')).sort(), [
      'a',
      'a/b',
      'a/b/.git.blocked',
      'a/b/mcp.json.blocked',
      'any.code-workspace.blocked',
    ]);
    assert.equal(await readFile(inside('any.code-workspace.blocked'), 'utf8'), '1\n');
    assert.equal(result.notes.length, 3);
    assert.match(result.notes.join('\n'), /any\.code-workspace is protected/);
  });

  it('keep a repository in its folder, whose git still answers', async () => {
    await mkdir(inside('deep/repository'), { recursive: true });
    await run('git', ['init', '-q', inside('deep/repository')]);
    const result = await test.command(
      'mv deep elsewhere; mv deep/repository deep/x; git -C deep/repository status --short --branch',
    );
    assert.match(result.output, /No commits yet/);
    assert.deepEqual(result.notes, []);
    assert.deepEqual(await readdir(test.workspace), ['deep']);
    assert.deepEqual(await readdir(inside('deep/repository')), ['.git']);
  });

  it('put a link back that was replaced, and keep what it names', async () => {
    await mkdir(inside('settings'));
    await writeFile(inside('settings/settings.json'), 'before');
    await symlink('settings', inside('.vscode'));
    const result = await test.command(
      'echo x > .vscode/settings.json; rm .vscode; mkdir .vscode; echo y > .vscode/tasks.json',
    );
    assert.equal(await readlink(inside('.vscode')), 'settings');
    assert.equal(await readFile(inside('settings/settings.json'), 'utf8'), 'before');
    assert.match(result.notes.join('\n'), /\.vscode is protected/);
  });

  it('leave no stand-in behind: after a command, a stop, a time-out and Python', async () => {
    const stop = new AbortController();
    const command = 'ls -A; echo ready; sleep 60';
    const running = test.shell.runCommand({ command, callId: 'c', unconfined: false }, stop.signal);
    await outputHolds(test.shell, 'ready');
    assert.ok((await readdir(test.workspace)).includes('.vscode'));
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    await test.command('kill -9 $$');
    await test.command('sleep 60', await test.shell.create(100));
    await test.python('import os; os._exit(1)');
    await test.python('1', await test.shell.create(60_000));
    await test.shell.dispose();
    assert.deepEqual(await readdir(test.workspace), []);
  });

  it('stay protected for one sandbox when another, even of another shell, ends first', async () => {
    const other = await test.another();
    const waiting = test.command('read -p "ready" go; mkdir .vscode; echo x > .vscode/tasks.json || exit 7');
    await outputHolds(test.shell, 'ready');
    await other.runCommand({ command: 'true', callId: 'o', unconfined: false }, noSignal);
    assert.ok((await readdir(test.workspace)).includes('.vscode'));
    test.shell.write('\r');
    const result = await waiting;
    assert.equal(result.exitCode, 7);
    assert.doesNotMatch(result.notes.join(' '), /moved/);
    assert.deepEqual(await readdir(test.workspace), []);
  });

  it('keep what a person put there meanwhile', async () => {
    const waiting = test.command('read -p "ready" go');
    await outputHolds(test.shell, 'ready');
    await writeFile(inside('.vscode/settings.json'), 'of the person');
    test.shell.write('\r');
    const result = await waiting;
    assert.deepEqual(result.notes, []);
    assert.equal(await readFile(inside('.vscode/settings.json'), 'utf8'), 'of the person');
    assert.deepEqual(await readdir(test.workspace), ['.vscode']);
  });

  it('cannot be created by Python either', async () => {
    const code = `import os\nfor name in (".git", "x.code-workspace", "sub/.git"):\n  try: os.makedirs(name); open(name + "/config", "w")\n  except OSError as error: print(error)`;
    const result = await test.python(code);
    assert.match(result.stdout, /\.git/);
    assert.equal(result.notes.length, 2);
    assert.deepEqual((await readdir(test.workspace)).sort(), ['sub', 'x.code-workspace.blocked']);
  });

  it('do not keep a command from a workspace of several roots', async () => {
    const second = join(test.runs, '..', 'second');
    await mkdir(join(second, '.git'), { recursive: true });
    const shell = await test.another({ roots: [test.workspace, second] });
    const command = `touch ${second}/.git/x || touch ${second}/ok`;
    await shell.runCommand({ command, callId: 'c', unconfined: false }, noSignal);
    assert.deepEqual((await readdir(second)).sort(), ['.git', 'ok']);
    assert.deepEqual(await readdir(join(second, '.git')), []);
  });
});
