import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ToolError, UserError } from '../../src/agent/errors.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('openWorkspace', () => {
  let folder: TemporaryFolder;
  let other: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder({ 'docs/intro.md': 'a', 'notes.txt': 'b', 'src/deep/file.ts': 'c' });
    other = await temporaryFolder({ 'notes.txt': 'd', 'only.txt': 'e' });
  });
  afterEach(async () => {
    await folder.remove();
    await other.remove();
  });

  const resolve = async (path: string, purpose: 'read' | 'write' = 'read') =>
    (await openWorkspace([folder.path])).resolve(path, purpose);
  const refuses = (path: string, purpose: 'read' | 'write', message: RegExp) =>
    assert.rejects(resolve(path, purpose), (error) => {
      assert.ok(error instanceof ToolError, String(error));
      assert.match(error.message, message);
      return true;
    });

  it('takes relative paths, absolute ones inside, and the workspace itself', async () => {
    for (const path of [
      'docs/intro.md',
      './docs//intro.md',
      'docs/../docs/intro.md',
      join(folder.path, 'docs/intro.md'),
    ]) {
      const { absolute, relative } = await resolve(path);
      assert.deepEqual([absolute, relative], [join(folder.path, 'docs/intro.md'), 'docs/intro.md']);
    }
    for (const path of ['', '.', './', folder.path, `${folder.path}/`]) {
      assert.equal((await resolve(path)).relative, '.', path);
    }
  });

  for (const path of ['..', '../x', 'docs/../../x', '/etc/passwd', '/', '/tmp/../etc/passwd']) {
    it(`refuses ${path}`, async () => {
      await refuses(path, 'read', /is outside the workspace/);
      await refuses(path, 'write', /is outside the workspace/);
    });
  }

  it('refuses an absolute path that leaves the workspace after it, and one beside it with the same beginning', async () => {
    await refuses(`${folder.path}/../x`, 'read', /is outside the workspace/);
    await refuses(`${folder.path}x/y`, 'write', /is outside the workspace/);
  });

  it('refuses what leaves through a link: a file, a folder, a chain, a link to nothing', async () => {
    await symlink(join(other.path, 'only.txt'), join(folder.path, 'file'));
    await symlink(other.path, join(folder.path, 'folder'));
    await symlink('folder', join(folder.path, 'chain'));
    await symlink(join(other.path, 'absent'), join(folder.path, 'dangling'));
    for (const purpose of ['read', 'write'] as const) {
      await refuses('file', purpose, /leaves the workspace/);
      await refuses('folder/only.txt', purpose, /leaves the workspace/);
      await refuses('folder/new/new.txt', purpose, /leaves the workspace/);
      await refuses('chain/only.txt', purpose, /leaves the workspace/);
      await refuses('dangling', purpose, /a link to .*absent, which does not exist/);
    }
  });

  it('reads through a link inside the workspace but does not write through one', async () => {
    await symlink('docs/intro.md', join(folder.path, 'link'));
    await symlink('loop', join(folder.path, 'loop'));
    assert.equal((await resolve('link')).absolute, join(folder.path, 'docs/intro.md'));
    await refuses('link', 'write', /is a link, which file tools do not write through/);
    await refuses('loop', 'read', /leads to itself/);
  });

  for (const path of [
    '.git/config',
    '.vscode/tasks.json',
    'a/.git/hooks/x',
    'x.code-workspace',
    '.mcp.json',
    '.GIT/x',
  ]) {
    it(`protects ${path}, which is not there yet`, () => refuses(path, 'write', /is protected/));
  }

  it('protects what is reached through a link, and lets it be read', async () => {
    await mkdir(join(folder.path, '.git/hooks'), { recursive: true });
    await symlink('.git/hooks', join(folder.path, 'hooks'));
    await refuses('hooks/pre-commit', 'write', /is protected/);
    assert.equal((await resolve('.git/hooks')).relative, '.git/hooks');
  });

  it('tells the closest paths of one that does not exist', async () => {
    await refuses('doc/intro.md', 'read', /does not exist\. Closest: docs\/intro\.md\./);
    await refuses('Notes.TXT', 'read', /Closest: notes\.txt/);
    await refuses('fle.ts', 'read', /Closest: src\/deep\/file\.ts/);
    await refuses('zzz', 'read', /does not exist\. Use list_files/);
    await refuses('notes.txt/x', 'read', /does not exist/);
  });

  it('forgives the name of the only root before a path', async () => {
    assert.equal((await resolve(`${basename(folder.path)}/notes.txt`)).relative, 'notes.txt');
  });

  it('asks for a root where a path means several, and takes it where it means one', async () => {
    const workspace = await openWorkspace([folder.path, other.path]);
    const [first, second] = workspace.roots.map(({ name }) => name);
    await assert.rejects(workspace.resolve('notes.txt', 'read'), /is in several folders of the workspace. Say which/);
    assert.equal((await workspace.resolve('only.txt', 'read')).relative, `${second ?? ''}/only.txt`);
    assert.equal(
      (await workspace.resolve(`${first ?? ''}/notes.txt`, 'read')).absolute,
      join(folder.path, 'notes.txt'),
    );
    await assert.rejects(workspace.resolve('new.txt', 'write'), /Begin the path with the folder it belongs to/);
    const made = await workspace.resolve(`${second ?? ''}/new.txt`, 'write');
    assert.equal(made.absolute, join(other.path, 'new.txt'));
    await assert.rejects(workspace.resolve(`${second ?? ''}/../x`, 'read'), /outside|does not exist/);
  });

  it('tells roots of the same name apart', async () => {
    await mkdir(join(folder.path, 'twin'));
    await mkdir(join(other.path, 'twin'));
    const { roots } = await openWorkspace([join(folder.path, 'twin'), join(other.path, 'twin')]);
    assert.deepEqual(
      roots.map(({ name }) => name),
      ['twin', 'twin-2'],
    );
  });

  it('refuses a folder that does not exist, and none at all', async () => {
    await assert.rejects(openWorkspace([join(folder.path, 'absent')]), UserError);
    await assert.rejects(openWorkspace([]), UserError);
  });
});
