import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editFileTool } from '../../src/tools/editFile.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('edit_file', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder({
      'code.py': 'def one():\n    return 1\n\ndef two():\n    return 2\n',
      'twice.txt': 'same\nother\nsame\n',
      'crlf.txt': 'one\r\ntwo\r\nthree\r\n',
      'bom.txt': '\ufeffeins\n',
      'utf16.txt': Buffer.from('\ufeffeins zwei\n', 'utf16le'),
      'latin.txt': Buffer.from('gr\u00fcn\n', 'latin1'),
      '.git/config': 'x',
    });
  });
  afterEach(() => folder.remove());

  const edit = async (path: string, oldText: string, newText: string) =>
    (await callTool(editFileTool(await openWorkspace([folder.path])), { path, old_text: oldText, new_text: newText }))
      .content;
  const content = (path: string) => readFile(join(folder.path, path), 'utf8');

  it('replaces a passage that occurs once and tells its line', async () => {
    assert.equal(await edit('code.py', '    return 2', '    return "$& $1"'), 'Changed code.py at line 5.');
    assert.equal(await content('code.py'), 'def one():\n    return 1\n\ndef two():\n    return "$& $1"\n');
  });

  it('refuses a passage that occurs several times, with their lines', async () => {
    await assert.rejects(edit('twice.txt', 'same', 'x'), /occurs 2 times in twice\.txt \(lines 1, 3\)/);
    assert.equal(await content('twice.txt'), 'same\nother\nsame\n');
  });

  it('keeps CRLF, a byte order mark and UTF-16', async () => {
    await edit('crlf.txt', 'one\ntwo\n', 'eins\nzwei\nzweieinhalb\n');
    assert.equal(await content('crlf.txt'), 'eins\r\nzwei\r\nzweieinhalb\r\nthree\r\n');
    await edit('bom.txt', 'eins', 'zwei');
    assert.equal(await content('bom.txt'), '\ufeffzwei\n');
    await edit('utf16.txt', 'zwei', 'drei');
    assert.equal((await readFile(join(folder.path, 'utf16.txt'))).toString('utf16le'), '\ufeffeins drei\n');
    await assert.rejects(edit('latin.txt', 'n', 'm'), /not in UTF-8/);
  });

  it('tells a near miss: white space, line numbers, capitals, something like it, nothing like it', async () => {
    await assert.rejects(
      edit('code.py', 'def one():\n\treturn 1', 'x'),
      /no such passage\. Only white space differs from line 1, which has:\n1\tdef one\(\):\n2\t {4}return 1$/,
    );
    await assert.rejects(edit('code.py', '4\tdef two():\n5\t    return 2', 'x'), /Leave out the line numbers/);
    await assert.rejects(edit('code.py', 'DEF TWO():', 'x'), /Only capitals differ from line 4/);
    await assert.rejects(edit('code.py', 'def two(x):\n    return 2', 'x'), /The nearest place is line 4, which has:/);
    await assert.rejects(edit('code.py', 'quite another thing', 'x'), /Nothing in the file resembles it/);
  });

  it('refuses no change, no file and protected files', async () => {
    await assert.rejects(edit('twice.txt', 'other', 'other'), /nothing would change/);
    await assert.rejects(edit('twise.txt', 'other', 'x'), /does not exist\. Closest: twice\.txt/);
    await assert.rejects(edit('.git/config', 'x', 'y'), /is protected/);
  });
});
