/** A person's repository: what it brings, what it may do meanwhile, and that it is never touched. */
import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  commitAll,
  fingerprint,
  keptWorkspace,
  lines,
  made,
  personsGit,
  runId,
  type KeptWorkspace,
} from './fixture.ts';

const never = new AbortController().signal;
const baseline = { runId, number: 0 };

describe("checkpoints beside a person's repository", () => {
  let workspace: KeptWorkspace;
  const git = (...args: readonly string[]) => personsGit(workspace.path, ...args);
  beforeEach(async () => {
    workspace = await keptWorkspace({
      'a.txt': 'one\n',
      'src/b.ts': 'b\n',
      'src/c.ts': 'c\n',
      '.gitignore': '*.log\nbuild/\n',
    });
    commitAll(workspace.path);
  });
  afterEach(() => workspace.remove());

  /** Whether the files are as the baseline has them, after they were put back. */
  const putBack = async (checkpoints: ReturnType<KeptWorkspace['open']>) => {
    const fact = made(await checkpoints.restore({ to: baseline, turn: 9 }, never));
    assert.deepEqual(await workspace.reader.changes(baseline, 'now'), []);
    return fact;
  };

  it('never touch it, whatever stands in it', async () => {
    const { path, open, call, write } = workspace;
    await write({ 'b.log': 'ignored', 'staged.txt': 's\n', 'loose.txt': 'untracked\n', 'a.txt': 'changed\n' });
    git('add', 'staged.txt');
    const before = await fingerprint(join(path, '.git'));
    const checkpoints = open();
    await call(checkpoints, () => write({ 'src/b.ts': 'by the call\n', 'new.txt': 'n' }));
    await call(checkpoints, () => write({ 'a.txt': undefined }), ['a.txt']);
    await putBack(checkpoints);
    await checkpoints.dispose();
    assert.equal(await fingerprint(join(path, '.git')), before);
    assert.equal(git('status', '--porcelain'), ' M a.txt\nA  staged.txt\n?? loose.txt\n');
  });

  it('run no program that its settings name', async () => {
    const { path, open, call, write } = workspace;
    const ran = join(path, '..', 'ran');
    const program = join(path, '..', 'program.sh');
    await writeFile(program, `#!/bin/sh\necho "$0 $@" >> ${ran}\ncat\n`, { mode: 0o755 });
    await write({ '.gitattributes': '* filter=evil diff=evil merge=evil text=auto ident\n' });
    git('add', '-A');
    git('commit', '-q', '-m', 'attributes');
    await mkdir(join(path, '.git/hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'pre-commit', 'reference-transaction', 'fsmonitor-watchman'])
      await writeFile(join(path, '.git/hooks', hook), `#!/bin/sh\necho hook >> ${ran}\n`, { mode: 0o755 });
    await appendFile(
      join(path, '.git/config'),
      `[core]\n\tfsmonitor = ${program}\n\tworktree = /\n\tpager = ${program}\n\teditor = ${program}\n\tsshCommand = ${program}\n\taskPass = ${program}\n` +
        `[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}\n\tprocess = ${program}\n\trequired = true\n` +
        `[diff "evil"]\n\tcommand = ${program}\n\ttextconv = ${program}\n[diff]\n\texternal = ${program}\n[alias]\n\tupdate-index = !${program}\n[include]\n\tpath = /etc/passwd\n`,
    );
    const before = await fingerprint(join(path, '.git'));
    const checkpoints = open();
    const fact = await call(checkpoints, () => write({ 'a.txt': 'two\r\n$Id$\n' }));
    assert.deepEqual(lines(fact), ['modified a.txt +2 -1']);
    assert.deepEqual(
      await workspace.reader.contents({ runId, number: 1 }, 'a.txt').then((bytes) => new TextDecoder().decode(bytes)),
      'two\r\n$Id$\n',
    );
    await putBack(checkpoints);
    assert.equal(await readFile(ran, 'utf8').catch(() => 'nothing ran'), 'nothing ran');
    assert.equal(await fingerprint(join(path, '.git')), before);
  });

  it('keep bytes that git would convert: line ends, filters, keywords, encodings', async () => {
    const { path, open, call, write, read } = workspace;
    git('config', 'filter.upper.clean', "tr 'a-z' 'A-Z'");
    git('config', 'filter.upper.smudge', "tr 'A-Z' 'a-z'");
    await write({
      '.gitattributes': '*.crlf text eol=crlf\n*.up filter=upper\n*.id ident\n*.wide working-tree-encoding=UTF-16LE\n',
      'x.crlf': 'one\r\ntwo\r\n',
      'y.up': 'lower\n',
      'z.id': '$Id$\n',
      'w.wide': 'a\0b\0',
    });
    git('add', '-A');
    git('commit', '-q', '-m', 'converted');
    for (const name of ['x.crlf', 'y.up', 'z.id', 'w.wide']) await rm(join(path, name));
    git('checkout', '.');
    const names = ['x.crlf', 'y.up', 'z.id', 'w.wide'];
    const texts = await Promise.all(names.map(read));
    assert.match(texts[2] ?? '', /\$Id: [0-9a-f]{40} \$/);
    const checkpoints = open();
    await call(checkpoints, () => write(Object.fromEntries(names.map((name) => [name, undefined]))));
    assert.deepEqual(
      await Promise.all(names.map(read)),
      names.map(() => undefined),
    );
    await putBack(checkpoints);
    assert.deepEqual(await Promise.all(names.map(read)), texts);
  });

  it('outlive what its owner does meanwhile: commits, other branches, rebases, gc', async () => {
    const { open, call, write, read } = workspace;
    const checkpoints = open();
    await call(checkpoints, () => write({ 'a.txt': 'by the call\n' }), ['a.txt']);
    git('checkout', '-q', '--orphan', 'other');
    git('rm', '-rfq', '.');
    await write({ 'only.txt': 'here\n' });
    git('add', '-A');
    git('commit', '-q', '-m', 'other');
    git(
      'branch',
      '-D',
      git('branch', '--format=%(refname:short)')
        .split('\n')
        .find((name) => name !== 'other') ?? '',
    );
    git('reflog', 'expire', '--expire=now', '--all');
    await checkpoints.settled();
    await checkpoints.dispose();
    git('gc', '-q', '--prune=now');
    const resumed = open({ firstNumber: 2, previous: { checkpoint: { runId, number: 1 }, turn: 1 } });
    await resumed.restore({ to: baseline, turn: 1 }, never);
    assert.equal(await read('src/b.ts'), 'b\n');
    assert.equal(await read('a.txt'), 'one\n');
    assert.equal(await read('only.txt'), undefined);
  });

  it('take what is ignored neither into a checkpoint nor away', async () => {
    const { path, open, call, write, read } = workspace;
    await appendFile(join(path, '.git/info/exclude'), 'secret.txt\n');
    await write({ 'x.log': 'mine', 'build/out.js': 'mine', 'secret.txt': 'mine' });
    const checkpoints = open();
    const found = await call(checkpoints, () =>
      write({ 'x.log': 'theirs', 'build/more.js': 'theirs', 'secret.txt': 'theirs', 'a.txt': 'two\n' }),
    );
    assert.deepEqual(lines(found), ['modified a.txt +1 -1']);
    assert.deepEqual(made(found).skipped, []);
    const named = await call(checkpoints, () => write({ 'x.log': 'again' }), ['x.log', 'a.txt']);
    assert.deepEqual(made(named).skipped, [{ path: 'x.log', reason: 'git ignores it' }]);
    await putBack(checkpoints);
    assert.equal(await read('x.log'), 'again');
    assert.equal(await read('build/more.js'), 'theirs');
  });

  it('keep the files of submodules and nested repositories', async () => {
    const { path, open, call, write, read } = workspace;
    const other = join(path, '..', 'other');
    await mkdir(join(other, 'lib'), { recursive: true });
    await writeFile(join(other, 'lib/s.txt'), 'of the submodule\n');
    commitAll(other);
    git('submodule', '--quiet', 'add', other, 'sub');
    git('commit', '-q', '-m', 'submodule');
    await write({ 'nested/n.txt': 'nested\n', 'nested/.gitignore': '*.tmp\n', 'nested/x.tmp': 'ignored' });
    commitAll(join(path, 'nested'));
    await write({ 'nested/deep/d.txt': 'deeper\n' });
    commitAll(join(path, 'nested/deep'));
    const before = await fingerprint(join(path, 'nested/.git'));
    const checkpoints = open();
    const change = { 'sub/lib/s.txt': 'changed\n', 'nested/n.txt': 'changed\n', 'nested/deep/e.txt': 'new\n' };
    const fact = await call(checkpoints, () => write({ ...change, 'nested/y.tmp': 'ignored' }));
    assert.deepEqual(lines(fact), [
      'added nested/deep/e.txt +1 -0',
      'modified nested/n.txt +1 -1',
      'modified sub/lib/s.txt +1 -1',
    ]);
    await putBack(checkpoints);
    assert.equal(await read('sub/lib/s.txt'), 'of the submodule\n');
    assert.equal(await read('nested/n.txt'), 'nested\n');
    assert.equal(await fingerprint(join(path, 'nested/.git')), before);
    assert.equal(personsGit(join(path, 'sub'), 'status', '--porcelain'), '');
  });

  it('work in a linked work tree, and in a folder of a repository', async () => {
    git('worktree', 'add', '-q', '../linked', '-b', 'linked');
    const linked = join(workspace.path, '..', 'linked');
    for (const path of [linked, join(linked, 'src')]) {
      const before = await fingerprint(join(workspace.path, '.git'));
      const runs = path === linked ? 'runs-a' : 'runs-b';
      const checkpoints = workspace.open({
        roots: [{ name: 'linked', path }],
        runsFolder: join(workspace.path, '..', runs),
      });
      const at = workspace.facts.length;
      await checkpoints.before(never);
      const name = path === linked ? 'src/b.ts' : 'b.ts';
      await writeFile(join(path, name), 'changed\n');
      await writeFile(join(path, 'x.log'), 'ignored by the rules of the top\n');
      checkpoints.after({ callId: '1-1', turn: 1 });
      await checkpoints.settled();
      const fact = workspace.facts.slice(at).find((one) => made(one).kind === 'call');
      assert.deepEqual(lines(fact), [`modified ${name} +1 -1`]);
      await checkpoints.restore({ to: baseline, turn: 1 }, never);
      assert.equal(await readFile(join(path, name), 'utf8'), 'b\n');
      await checkpoints.dispose();
      assert.equal(await fingerprint(join(workspace.path, '.git')), before);
    }
  });

  it('take what a sparse checkout leaves out for no deletion', async () => {
    const { open, call, write, read } = workspace;
    await write({ 'docs/d.md': 'd\n' });
    git('add', '-A');
    git('commit', '-q', '-m', 'docs');
    git('sparse-checkout', 'set', '--cone', '--sparse-index', 'docs');
    assert.equal(await read('src/b.ts'), undefined);
    const checkpoints = open();
    const fact = await call(checkpoints, () => write({ 'docs/d.md': 'changed\n' }));
    assert.deepEqual(lines(fact), ['modified docs/d.md +1 -1']);
    await putBack(checkpoints);
    assert.equal(await read('src/b.ts'), undefined);
    assert.equal(git('status', '--porcelain'), '');
  });

  it('keep a root that an outer repository ignores', async () => {
    const { path, runsFolder, facts, open } = workspace;
    const root = join(path, 'build');
    await mkdir(root);
    await writeFile(join(root, 'o.js'), 'before\n');
    const checkpoints = open({ roots: [{ name: 'build', path: root }], runsFolder });
    await checkpoints.before(never);
    await writeFile(join(root, 'o.js'), 'after\n');
    checkpoints.after({ callId: '1-1', turn: 1 });
    await checkpoints.settled();
    assert.deepEqual(lines(facts.at(-1)), ['modified o.js +1 -1']);
  });

  it('never keep nor put back what is protected', async () => {
    const { path, open, call, write, read } = workspace;
    await write({ '.vscode/settings.json': '{}', '.mcp.json': '{}' });
    git('add', '-A');
    git('commit', '-q', '-m', 'settings');
    const checkpoints = open();
    const fact = await call(checkpoints, async () => {
      await write({ '.vscode/settings.json': '{"a":1}', 'a.txt': 'two\n' });
      await rename(join(path, '.mcp.json'), join(path, 'mcp.txt'));
    });
    assert.deepEqual(lines(fact), ['modified a.txt +1 -1', 'added mcp.txt +1 -0']);
    await putBack(checkpoints);
    assert.equal(await read('.vscode/settings.json'), '{"a":1}');
    assert.equal(await read('.mcp.json'), undefined);
  });

  it('give back who may run a file, and links as links', async () => {
    const { path, open, call, write } = workspace;
    await write({ 'run.sh': '#!/bin/sh\n' });
    await chmod(join(path, 'run.sh'), 0o755);
    await symlink('a.txt', join(path, 'link'));
    const checkpoints = open();
    await call(checkpoints, async () => {
      await chmod(join(path, 'run.sh'), 0o644);
      await rm(join(path, 'link'));
      await write({ link: 'a file now' });
    });
    await putBack(checkpoints);
    assert.equal((await stat(join(path, 'run.sh'))).mode & 0o777, 0o755);
    assert.equal(await readFile(join(path, 'link'), 'utf8'), 'one\n');
  });
});
