import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listFilesTool } from '../../src/tools/listFiles.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('list_files', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder({
      'a.txt': 'x'.repeat(1500),
      'docs/b.md': 'b',
      'docs/deep/c.md': 'c',
      '.git/config': 'g',
      'node_modules/m/index.js': 'm',
    });
    await mkdir(join(folder.path, 'void'));
    await symlink('/etc', join(folder.path, 'away'));
  });
  after(() => folder.remove());

  const list = async (args: object, roots = [folder.path]) =>
    (await callTool(listFilesTool(await openWorkspace(roots)), args)).content;

  it('lists the workspace, one level deep', async () => {
    const expected = '.git/\na.txt  2 KB\naway -> /etc\ndocs/\nnode_modules/\nvoid/';
    assert.equal(await list({}), expected);
  });

  it('goes down as many levels as asked, but not through links nor into what is not for reading', async () => {
    const content = await list({ depth: 3 });
    assert.deepEqual(
      content.split('\n').filter((line) => line.includes('/') && !line.endsWith('/')),
      ['away -> /etc', 'docs/b.md  1 B', 'docs/deep/c.md  1 B'],
    );
    assert.equal(await list({ path: 'node_modules', depth: 2 }), 'node_modules/m/\nnode_modules/m/index.js  1 B');
  });

  it('tells an empty folder, a file and a link away', async () => {
    assert.equal(await list({ path: 'void' }), '[void is empty.]');
    await assert.rejects(list({ path: 'a.txt' }), /a\.txt is a file \(2 KB\)\. Use read_file/);
    await assert.rejects(list({ path: 'away' }), /leaves the workspace/);
  });

  it('bounds what it lists, near entries first, and tells how many are left out', async () => {
    const names = Array.from({ length: 600 }, (_, index) => [`deep/f${index}`, 'x'] as const);
    const large = await temporaryFolder({ ...Object.fromEntries(names), 'z.txt': 'x' });
    const content = await list({ depth: 2 }, [large.path]);
    assert.match(content, /\nz\.txt {2}1 B\n\[102 more entries not shown\./);
    await large.remove();
  });

  it('marks what .gitignore names and does not enter it, unless it is named', async () => {
    const own = await temporaryFolder({
      '.gitignore': '*.log\n/built/\n',
      'a.log': 'x',
      'built/x.txt': 'x',
      'src/built/x.txt': 'x',
      'src/b.log': 'x',
      'src/.ignore': 'own.txt',
      'src/own.txt': 'x',
    });
    await mkdir(join(own.path, 'src/void'));
    assert.deepEqual((await list({ depth: 3 }, [own.path])).split('\n'), [
      '.gitignore  14 B',
      'a.log  1 B  (ignored)',
      'built/  (ignored)',
      'src/',
      'src/.ignore  7 B',
      'src/b.log  1 B  (ignored)',
      'src/built/',
      'src/built/x.txt  1 B',
      'src/own.txt  1 B  (ignored)',
      'src/void/',
    ]);
    assert.equal(await list({ path: 'built' }, [own.path]), 'built/x.txt  1 B');
    assert.match(await list({ path: 'src' }, [own.path]), /src\/b\.log {2}1 B {2}\(ignored\)/);
    await own.remove();
  });

  it('lists the roots where there are several', async () => {
    const other = await temporaryFolder({ 'o.txt': 'o' });
    const [first, second] = [basename(folder.path), basename(other.path)];
    assert.equal(await list({}, [folder.path, other.path]), `${first}/\n${second}/`);
    assert.match(await list({ depth: 2 }, [folder.path, other.path]), new RegExp(`\n${second}/o\\.txt {2}1 B$`));
    await other.remove();
  });
});
