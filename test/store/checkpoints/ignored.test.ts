/** What is ignored was so when the run began: a call hides nothing behind an ignore file of its own. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { commitAll, keptWorkspace, lines, made, personsGit, runId, type KeptWorkspace } from './fixture.ts';

const baseline = { runId, number: 0 };
const never = new AbortController().signal;

for (const kind of ['a folder without a repository', 'a git workspace', 'a folder in a git workspace'] as const) {
  describe(`what is ignored in ${kind}`, () => {
    let workspace: KeptWorkspace;
    beforeEach(async () => {
      workspace = await keptWorkspace({
        'a.txt': 'one\n',
        '.gitignore': 'node_modules/\n*.log\n!kept.log\n/out\n',
        'sub/[x] y/.gitignore': '# none\n/top\nmid/dle\r\ndeep\n\\!odd\n',
        'sub/[x] y/b.txt': 'b\n',
        '.venv/.gitignore': '*\n',
        '.venv/lib/module.py': 'm\n',
        'cache/inner/.gitignore': '*\n',
        'cache/inner/blob': 'blob\n',
        'node_modules/m/index.js': 'm\n',
      });
      const { path } = workspace;
      if (kind === 'a git workspace') commitAll(path);
      if (kind === 'a folder in a git workspace') {
        await workspace.write({ '../.gitignore': 'outer\n/workspace/anchored\n' });
        personsGit(join(path, '..'), 'init', '-q');
      }
    });
    afterEach(() => workspace.remove());

    it('hides nothing behind new or changed ignore files', async () => {
      const { open, call, write, read, reader } = workspace;
      const checkpoints = open();
      const fact = await call(checkpoints, () =>
        write({ 'hid/.gitignore': '*\n', 'hid/x.sh': 'x\n', '.gitignore': '*\n', 'plain.txt': 'p\n' }),
      );
      assert.deepEqual(lines(fact), [
        'modified .gitignore +1 -4',
        'added hid/.gitignore +1 -0',
        'added hid/x.sh +1 -0',
        'added plain.txt +1 -0',
      ]);
      await write({ 'hid/later.sh': 'y\n' });
      const now = await reader.changes(baseline, 'now');
      assert.ok(now.some(({ path }) => path === 'hid/later.sh'));
      await checkpoints.restore({ to: baseline, turn: 1 }, never);
      const left = [await read('hid/x.sh'), await read('hid/later.sh'), await read('plain.txt')];
      assert.deepEqual(left, [undefined, undefined, undefined]);
      assert.deepEqual(await reader.changes(baseline, 'now'), []);
    });

    it('hides nothing of a file that a call names', async () => {
      const { open, call, write } = workspace;
      const checkpoints = open();
      const act = () => write({ 'hid/.gitignore': '*\n', 'hid/x.sh': 'x\n', 'new.log': 'l\n' });
      const fact = await call(checkpoints, act, ['hid/.gitignore', 'hid/x.sh', 'new.log']);
      assert.deepEqual(lines(fact), ['added hid/.gitignore +1 -0', 'added hid/x.sh +1 -0']);
      assert.deepEqual(made(fact).skipped, [{ path: 'new.log', reason: 'git ignores it' }]);
    });

    it('ignores what was ignored, whatever becomes of the ignore files', async () => {
      const { open, call, write, facts } = workspace;
      const checkpoints = open();
      await checkpoints.settled();
      assert.ok(made(facts[0]));
      const fact = await call(checkpoints, () =>
        write({
          'node_modules/m/more.js': 'm\n',
          'sub/node_modules/n.js': 'n\n',
          'new.log': 'l\n',
          'sub/kept.log': 'k\n',
          'out/o': 'o\n',
          'sub/out/o': 'o\n',
          'sub/[x] y/top/t': 't\n',
          'sub/[x] y/z/top': 't\n',
          'sub/[x] y/mid/dle': 'd\n',
          'sub/[x] y/z/mid/dle': 'd\n',
          'sub/[x] y/z/deep/d': 'd\n',
          'sub/[x] y/!odd': 'o\n',
          deep: 'd\n',
          '.venv/lib/more.py': 'm\n',
          '.venv/new.py': 'm\n',
          'cache/inner/more': 'm\n',
          'cache/other': 'o\n',
          '.venv/.gitignore': undefined,
          ...(kind === 'a folder in a git workspace' && { 'outer/o': 'o\n', 'anchored/a': 'a\n' }),
        }),
      );
      assert.deepEqual(
        made(fact).files.map(({ path }) => path),
        ['cache/other', 'deep', 'sub/[x] y/z/mid/dle', 'sub/[x] y/z/top', 'sub/kept.log', 'sub/out/o'],
      );
    });

    it('looks into nested repositories with their rules', async () => {
      const { open, call, write, path } = workspace;
      await mkdir(join(path, 'nested/one'), { recursive: true });
      await write({
        'nested/one/.gitignore': 'build/\n',
        'nested/one/.venv/.gitignore': '*\n',
        'nested/one/.venv/m': 'm\n',
      });
      personsGit(join(path, 'nested/one'), 'init', '-q');
      const checkpoints = open();
      const fact = await call(checkpoints, () =>
        write({
          'nested/one/.gitignore': '*\n',
          'nested/one/new.txt': 'n\n',
          'nested/one/build/b': 'b\n',
          'nested/one/.venv/more': 'm\n',
          'nested/one/node_modules/n': 'n\n',
        }),
      );
      assert.deepEqual(
        made(fact).files.map(({ path }) => path),
        ['nested/one/.gitignore', 'nested/one/new.txt'],
      );
    });
  });
}
