import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteFileTool } from '../../src/tools/deleteFile.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('delete_file', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder({ 'a.txt': 'a', 'sub/b.txt': 'b', 'sub/deep/c.txt': 'c', 'sub/deep/.hidden': 'd' });
  });
  afterEach(() => folder.remove());

  const at = (path: string) => join(folder.path, path);
  const remove = async (path: string, recursive?: boolean) =>
    callTool(deleteFileTool(await openWorkspace([folder.path])), { path, ...(recursive && { recursive }) });

  it('deletes a file, and names it as touched', async () => {
    assert.deepEqual(await remove('a.txt'), { content: 'Deleted a.txt.', touched: [at('a.txt')] });
    assert.deepEqual(await readdir(folder.path), ['sub']);
  });

  it('deletes a folder with what it holds only when asked to, and says how many files went', async () => {
    await assert.rejects(remove('sub'), /sub is a folder that holds 3 files\. Set recursive/);
    const { content, touched } = await remove('sub', true);
    assert.equal(content, 'Deleted sub with 3 files.');
    assert.deepEqual(touched?.toSorted(), [at('sub/b.txt'), at('sub/deep/.hidden'), at('sub/deep/c.txt')]);
    assert.deepEqual(await readdir(folder.path), ['a.txt']);
    await mkdir(at('void'));
    assert.equal((await remove('void')).content, 'Deleted void with 0 files.');
  });

  it('names nothing as touched above a thousand files', async () => {
    await folder.put(Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`many/${index}`, ''])));
    const { content, touched } = await remove('many', true);
    assert.equal(content, 'Deleted many with 1,001 files.');
    assert.equal(touched, undefined);
  });

  it('deletes a link itself, wherever it leads, also to nothing', async () => {
    const outside = await temporaryFolder({ 'kept.txt': 'kept' });
    await symlink(outside.path, at('out'));
    await symlink('nowhere', at('broken'));
    await symlink(outside.path, at('sub/deep/out'));
    assert.match((await remove('out', true)).content, /^Deleted the link out; what it leads to is as it was\.$/);
    await remove('broken');
    await remove('sub', true);
    assert.deepEqual(await readdir(folder.path), ['a.txt']);
    assert.equal(await readFile(join(outside.path, 'kept.txt'), 'utf8'), 'kept');
    await outside.remove();
  });

  it('deletes a read-only file: that is a matter of its folder', async () => {
    await chmod(at('a.txt'), 0o444);
    await remove('a.txt');
    assert.equal(existsSync(at('a.txt')), false);
  });

  for (const inside of ['.git/config', 'deep/.git', '.vscode/settings.json', 'x.code-workspace', '.mirothinker.json']) {
    it(`refuses a folder with ${inside} in it, and deletes nothing of it`, async () => {
      await folder.put({ [`kept/${inside}`]: 'x', 'kept/a.txt': 'x' });
      await assert.rejects(remove('kept', true), /kept holds kept\/.*, which is protected/);
      assert.ok(existsSync(at('kept/a.txt')) && existsSync(at(`kept/${inside}`)));
    });
  }

  it('lets packages go with the editor settings that they brought along, but not a repository among them', async () => {
    await folder.put({ 'node_modules/p/.vscode/settings.json': '{}', 'node_modules/p/index.js': '' });
    assert.equal((await remove('node_modules', true)).content, 'Deleted node_modules with 2 files.');
    await folder.put({ 'node_modules/p/.git/config': '' });
    await assert.rejects(remove('node_modules', true), /is protected/);
  });

  it('refuses the workspace, a folder that holds one, and what is not there', async () => {
    await assert.rejects(remove('.', true), /is a folder of the workspace/);
    await assert.rejects(remove('b.txt'), /b\.txt does not exist\. Closest: sub\/b\.txt/);
    const tool = deleteFileTool(await openWorkspace([folder.path, at('sub/deep')]));
    await assert.rejects(callTool(tool, { path: at('sub'), recursive: true }), /is a folder of the workspace/);
  });
});
