import assert from 'node:assert/strict';
import { chmod, link, lstat, mkdir, readdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../src/tools/safeFiles.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { writeFileTool } from '../../src/tools/writeFile.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('write_file', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder({ 'a.txt': 'old\n' });
  });
  afterEach(() => folder.remove());

  const at = (path: string) => join(folder.path, path);
  const write = async (path: string, content: string) =>
    (await callTool(writeFileTool(await openWorkspace([folder.path])), { path, content })).content;

  it('makes a file with its folders and says how large it is', async () => {
    assert.equal(await write('x/y/z.txt', 'one\ntwo\n'), 'Created x/y/z.txt (2 lines, 8 B).');
    assert.equal(await readFile(at('x/y/z.txt'), 'utf8'), 'one\ntwo\n');
    assert.equal(await write('empty', ''), 'Created empty (0 lines, 0 B).');
  });

  it('replaces a file, keeps its mode, and leaves nothing beside it', async () => {
    await chmod(at('a.txt'), 0o754);
    const before = await stat(at('a.txt'));
    assert.equal(await write('a.txt', 'new'), 'Replaced a.txt (1 line, 3 B).');
    const after = await stat(at('a.txt'));
    assert.equal(after.mode & 0o7777, 0o754);
    assert.notEqual(after.ino, before.ino);
    assert.deepEqual(await readdir(folder.path), ['a.txt']);
  });

  it('leaves the other name of a hard link as it was', async () => {
    await link(at('a.txt'), at('b.txt'));
    await write('a.txt', 'new');
    assert.equal(await readFile(at('b.txt'), 'utf8'), 'old\n');
  });

  it('does not write through a link', async () => {
    await symlink('a.txt', at('link'));
    await assert.rejects(write('link', 'new'), /is a link/);
    assert.equal(await readFile(at('a.txt'), 'utf8'), 'old\n');
    assert.ok((await lstat(at('link'))).isSymbolicLink());
  });

  it('refuses a folder, a path through a file, a read-only file and a name that is too long', async () => {
    await mkdir(at('sub'));
    await assert.rejects(write('sub', 'x'), /sub is a folder; name a file in it/);
    await assert.rejects(write('a.txt/x', 'x'), /leads through a file as if it were a folder/);
    await chmod(at('a.txt'), 0o444);
    await assert.rejects(write('a.txt', 'x'), /a\.txt is read-only/);
    await assert.rejects(write('n'.repeat(300), 'x'), /name that is too long/);
    await assert.rejects(write('.', 'x'), /is a folder of the workspace/);
  });

  it('writes nothing when the signal has aborted', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    const tool = writeFileTool(await openWorkspace([folder.path]));
    await assert.rejects(callTool(tool, { path: 'a.txt', content: 'new' }, signal), /stopped/);
    assert.equal(await readFile(at('a.txt'), 'utf8'), 'old\n');
    assert.deepEqual(await readdir(folder.path), ['a.txt']);
  });
});

describe('replaceFile', () => {
  it('does not follow a folder that became a link after its path was checked', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = await temporaryFolder({ 'sub/deep/a.txt': 'inside' });
    const other = await temporaryFolder({ 'deep/a.txt': 'outside' });
    await rename(join(folder.path, 'sub'), join(folder.path, 'moved'));
    await symlink(other.path, join(folder.path, 'sub'));
    const path = join(folder.path, 'sub/deep/a.txt');
    const { signal } = new AbortController();
    await assert.rejects(replaceFile(path, Buffer.from('x'), 'sub/deep/a.txt', signal), /changed its place meanwhile/);
    const fresh = join(folder.path, 'sub/new/a.txt');
    await assert.rejects(replaceFile(fresh, Buffer.from('x'), 'sub/new/a.txt', signal));
    assert.equal(await readFile(join(other.path, 'deep/a.txt'), 'utf8'), 'outside');
    assert.deepEqual(await readdir(other.path), ['deep']);
    await folder.remove();
    await other.remove();
  });
});
