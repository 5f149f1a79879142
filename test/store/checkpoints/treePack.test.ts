/** Trees that are made without git: git finds the same ones, and nothing wrong with them. */
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type IndexEntry,
  inOrder,
  indexBody,
  parseIndex,
  wholeIndex,
} from '../../../src/store/checkpoints/indexFile.ts';
import { storeTrees, treesOf } from '../../../src/store/checkpoints/treePack.ts';
import { personsGit } from './fixture.ts';

describe('trees of an index', () => {
  let folder: string;
  const git = (...args: readonly string[]) => personsGit(folder, ...args);
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'trees-')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const indexOf = async (hashBytes: 20 | 32) => {
    const file = await parseIndex(await readFile(join(folder, '.git/index')), hashBytes);
    assert.ok(file);
    return file.entries;
  };

  for (const [format, hashBytes] of [
    ['sha1', 20],
    ['sha256', 32],
  ] as const) {
    it(`are those that git makes, whatever names and folders there are (${format})`, async () => {
      git('init', '-q', `--object-format=${format}`);
      const many = Array.from({ length: 3_000 }, (_, index) => `many/file ${index}.txt`);
      const odd = ['a', 'a.b/c', 'a-b', 'a0/x', 'deep/er/than/that', 'deep/er.txt', 'deep/er0/x'];
      const more = ['café/ü.txt', 'same/one/f', 'same/two/f', 'quote"\n/tab\t', 'long/'.padEnd(200, 'n')];
      for (const name of [...many, ...odd, ...more]) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), name.startsWith('same/') ? 'same' : name);
      }
      await chmod(join(folder, 'a-b'), 0o755);
      await symlink('a', join(folder, 'deep', 'link'));
      git('add', '-A');
      const entries = inOrder(await indexOf(hashBytes));
      const trees = await treesOf(entries, hashBytes);
      assert.ok(trees);

      await storeTrees(join(folder, '.git/objects'), trees, hashBytes);
      const index = Buffer.concat(wholeIndex(await indexBody(entries, hashBytes), trees.extension));
      await writeFile(join(folder, '.git/index'), index);
      const objects = git('count-objects', '-v');
      const made = git('write-tree').trim();
      assert.equal(trees.ids.get('')?.toString('hex'), made);
      assert.equal(trees.ids.get('deep/er/')?.toString('hex'), git('rev-parse', `${made}:deep/er`).trim());
      assert.equal(git('ls-tree', '-r', '-z', '--name-only', made), git('ls-files', '-z'));
      // Nothing was left to do: neither an object nor the index is written.
      assert.deepEqual(await readFile(join(folder, '.git/index')), index);
      assert.equal(git('count-objects', '-v'), objects);
      for (const name of await readdir(join(folder, '.git/objects/pack')))
        if (name.endsWith('.idx')) git('verify-pack', join(folder, '.git/objects/pack', name));
      git('commit', '-q', '-m', 'first');
      assert.equal(git('fsck', '--full', '--strict', '--no-dangling'), '');
    });
  }

  it('are none where a file has the name of a folder, or of another file', async () => {
    git('init', '-q');
    for (const name of ['a', 'a.b', 'b']) await writeFile(join(folder, name), name);
    git('add', '-A');
    const entries = await indexOf(20);
    const named = (name: string, index: number): IndexEntry => {
      const entry = entries[index];
      assert.ok(entry);
      return { ...entry, name };
    };
    const trees = (...names: readonly string[]) => treesOf(inOrder(names.map(named)), 20);
    assert.equal(await trees('a', 'a.b', 'a/b'), undefined);
    assert.equal(await trees('x/a', 'x/a', 'y'), undefined);
    assert.ok(await trees('a.b', 'a/b', 'ab'));
  });
});
