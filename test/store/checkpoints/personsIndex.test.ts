/** A person's index: it may be of any kind, damaged, or too old to be believed. */
import assert from 'node:assert/strict';
import { rm, stat, utimes, writeFile } from 'node:fs/promises';
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

describe("checkpoints that begin with a person's index", () => {
  let workspace: KeptWorkspace;
  const git = (...args: readonly string[]) => personsGit(workspace.path, ...args);
  beforeEach(async () => {
    workspace = await keptWorkspace({ 'a.txt': 'one\n', 'src/b.ts': 'b\n', 'src/c.ts': 'c\n' });
    commitAll(workspace.path);
  });
  afterEach(() => workspace.remove());

  /** Leaves a.txt as a merge that needs a person does. */
  const conflict = async () => {
    git('checkout', '-q', '-b', 'left');
    await workspace.write({ 'a.txt': 'left\n' });
    git('commit', '-q', '-am', 'left');
    git('checkout', '-q', '-');
    git('checkout', '-q', '-b', 'right', 'HEAD~0');
    await workspace.write({ 'a.txt': 'right\n' });
    git('commit', '-q', '-am', 'right');
    assert.throws(() => git('merge', '-q', 'left'));
    assert.match(git('status', '--porcelain'), /^UU a\.txt/m);
  };

  /** Whether the files are as the baseline has them, after they were put back. */
  const putBack = async (checkpoints: ReturnType<KeptWorkspace['open']>) => {
    const fact = made(await checkpoints.restore({ to: baseline, turn: 9 }, never));
    assert.deepEqual(await workspace.reader.changes(baseline, 'now'), []);
    return fact;
  };

  for (const [kind, prepare] of [
    ['split', () => git('update-index', '--split-index')],
    ['version 4', () => git('update-index', '--index-version', '4')],
    ['damaged', () => writeFile(join(workspace.path, '.git/index'), 'DIRC and nothing else')],
    ['missing', () => rm(join(workspace.path, '.git/index'))],
    ['locked', () => writeFile(join(workspace.path, '.git/index.lock'), '')],
    ['unmerged', () => conflict()],
  ] as const) {
    it(`read an index that is ${kind}, or do without`, async () => {
      const { path, open, call, write, read } = workspace;
      await prepare();
      const before = await fingerprint(join(path, '.git'));
      const checkpoints = open();
      const fact = await call(checkpoints, () => write({ 'src/b.ts': 'changed\n', 'src/c.ts': undefined }));
      assert.deepEqual(lines(fact), ['modified src/b.ts +1 -1', 'deleted src/c.ts +0 -1']);
      await putBack(checkpoints);
      assert.equal(await read('src/c.ts'), 'c\n');
      assert.equal(await fingerprint(join(path, '.git')), before);
    });
  }

  it('hash what the index cannot vouch for: a change in the same moment and of the same size', async () => {
    const { path, open, call, write, read } = workspace;
    const { atime, mtime } = await stat(join(path, 'a.txt'));
    await writeFile(join(path, 'a.txt'), 'two\n');
    await utimes(join(path, 'a.txt'), atime, mtime);
    const checkpoints = open();
    await call(checkpoints, () => write({ 'a.txt': 'gone\n' }));
    await putBack(checkpoints);
    assert.equal(await read('a.txt'), 'two\n');
  });

  it('hash what was changed in the second in which the index was written, which is as exactly as git looks', async () => {
    const { path, open, call, write, read } = workspace;
    const second = Math.floor(Date.now() / 1_000) - 10;
    await utimes(join(path, 'a.txt'), second, second + 0.1);
    git('add', 'a.txt');
    await utimes(join(path, '.git/index'), second, second + 0.5);
    await writeFile(join(path, 'a.txt'), 'two\n');
    await utimes(join(path, 'a.txt'), second, second + 0.7);
    const checkpoints = open();
    await call(checkpoints, () => write({ 'a.txt': 'gone\n' }));
    await putBack(checkpoints);
    assert.equal(await read('a.txt'), 'two\n');
  });

  it('read from the files what a damaged repository lacks', async () => {
    const { path, open, reader, write } = workspace;
    const id = git('rev-parse', 'HEAD:src/b.ts').trim();
    await rm(join(path, '.git/objects', id.slice(0, 2), id.slice(2)));
    const checkpoints = open();
    await checkpoints.settled();
    await checkpoints.dispose();
    await write({ 'src/b.ts': 'changed\n' });
    assert.equal(new TextDecoder().decode(await reader.contents(baseline, 'src/b.ts')), 'b\n');
    assert.equal(new TextDecoder().decode(await reader.contents(baseline, 'src/c.ts')), 'c\n');
  });
});
