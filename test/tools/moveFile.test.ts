import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { lstat, mkdtemp, open, readdir, readFile, readlink, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { moveFileTool } from '../../src/tools/moveFile.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('move_file', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder({ 'a.txt': 'a', 'b.txt': 'b', 'sub/c.txt': 'c', 'sub/deep/d.txt': 'd' });
  });
  afterEach(() => folder.remove());

  const at = (path: string) => join(folder.path, path);
  const move = async (from: string, to: string, overwrite?: boolean) =>
    callTool(moveFileTool(await openWorkspace([folder.path])), { from, to, ...(overwrite && { overwrite }) });

  it('moves a file, with the folders that are missing, and names both places as touched', async () => {
    assert.deepEqual(await move('a.txt', 'x/y/z.txt'), {
      content: 'Moved a.txt to x/y/z.txt.',
      touched: [at('a.txt'), at('x/y/z.txt')],
    });
    assert.equal(await readFile(at('x/y/z.txt'), 'utf8'), 'a');
    assert.equal(existsSync(at('a.txt')), false);
  });

  it('moves a folder with all that is in it', async () => {
    const { content, touched } = await move('sub', 'other/sub');
    assert.equal(content, 'Moved sub to other/sub (2 files).');
    assert.deepEqual(touched?.toSorted(), [
      at('other/sub/c.txt'),
      at('other/sub/deep/d.txt'),
      at('sub/c.txt'),
      at('sub/deep/d.txt'),
    ]);
    assert.equal(await readFile(at('other/sub/deep/d.txt'), 'utf8'), 'd');
  });

  it('replaces nothing unless told to, and a folder never', async () => {
    await assert.rejects(move('a.txt', 'b.txt'), /b\.txt exists already\. .*set overwrite/);
    await assert.rejects(move('a.txt', 'sub', true), /sub is a folder that exists\. .*sub\/a\.txt/);
    await assert.rejects(move('sub', 'b.txt', true), /b\.txt exists already\. Choose another name\./);
    assert.equal(await readFile(at('b.txt'), 'utf8'), 'b');
    assert.equal((await move('a.txt', 'b.txt', true)).content, 'Moved a.txt to b.txt, which it replaced.');
    assert.equal(await readFile(at('b.txt'), 'utf8'), 'a');
  });

  it('changes the case of a name', async () => {
    await move('a.txt', 'A.txt');
    assert.ok((await readdir(folder.path)).includes('A.txt'));
  });

  it('moves a link itself', async () => {
    await symlink('sub/c.txt', at('link'));
    await move('link', 'moved');
    assert.equal(await readlink(at('moved')), 'sub/c.txt');
    assert.equal(await readFile(at('sub/c.txt'), 'utf8'), 'c');
  });

  it('moves a file that somebody has open, who goes on writing to it', async () => {
    const handle = await open(at('a.txt'), 'a');
    await move('a.txt', 'moved.txt');
    await handle.write('more');
    await handle.close();
    assert.equal(await readFile(at('moved.txt'), 'utf8'), 'amore');
  });

  it('refuses what is protected on either side, also below a folder', async () => {
    await folder.put({ '.git/config': 'g', 'nested/.git/config': 'g', 'package/.idea/x': 'x' });
    await assert.rejects(move('.git/config', 'config'), /is protected/);
    await assert.rejects(move('a.txt', '.git/hooks/pre-commit'), /is protected/);
    await assert.rejects(move('a.txt', '.vscode/tasks.json'), /is protected/);
    await assert.rejects(move('nested', 'moved'), /nested holds nested\/\.git, which is protected/);
    await folder.put({ 'node_modules/p/.vscode/tasks.json': '{}', 'hooks/settings.json': '{}' });
    await assert.rejects(move('node_modules/p', 'p'), /p\/\.vscode.* is protected/);
    await assert.rejects(move('hooks', '.claude'), /\.claude\/settings\.json.* is protected/);
    assert.equal(existsSync(at('moved')) || existsSync(at('p')) || existsSync(at('.claude')), false);
  });

  it('refuses a place outside, itself, and what is in it', async () => {
    await assert.rejects(move('a.txt', '../a.txt'), /outside the workspace/);
    await assert.rejects(move('/etc/hostname', 'x'), /outside the workspace/);
    await assert.rejects(move('a.txt', 'a.txt'), /where it stands already/);
    await assert.rejects(move('sub', 'sub/deep/sub'), /cannot be moved into itself/);
    await assert.rejects(move('.', 'x'), /is a folder of the workspace/);
  });

  it('moves onto another disk: files, folders, modes, times, links; and the old ones go', async function () {
    const other = await mkdtemp('/dev/shm/mirothinker-test-').catch(() => this.skip());
    if ((await stat(other)).dev === (await stat(folder.path)).dev) {
      await rm(other, { recursive: true });
      this.skip();
    }
    await symlink('../a.txt', at('sub/link'));
    const before = await stat(at('sub/c.txt'));
    const workspace = await openWorkspace([folder.path, other]);
    const [first, second] = [basename(folder.path), basename(other)];
    const call = (from: string, to: string) => callTool(moveFileTool(workspace), { from, to });
    await call(`${first}/sub`, `${second}/far/sub`);
    assert.equal(existsSync(at('sub')), false);
    assert.equal(await readFile(join(other, 'far/sub/deep/d.txt'), 'utf8'), 'd');
    assert.equal(await readlink(join(other, 'far/sub/link')), '../a.txt');
    const after = await lstat(join(other, 'far/sub/c.txt'));
    assert.deepEqual([after.mode, after.mtime], [before.mode, before.mtime]);
    await call(`${first}/a.txt`, `${second}/a.txt`);
    assert.deepEqual((await readdir(other)).sort(), ['a.txt', 'far']);
    await rm(other, { recursive: true });
  });
});
