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
  });

  it('keeps UTF-16 without a mark, and every byte of what is not in UTF-8', async () => {
    await folder.put({ 'plain16.txt': Buffer.from('eins zwei drei\n', 'utf16le') });
    await edit('plain16.txt', 'zwei', 'grün');
    assert.equal((await readFile(join(folder.path, 'plain16.txt'))).toString('utf16le'), 'eins grün drei\n');
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1).filter((byte) => byte !== 13));
    await folder.put({ 'any.txt': Buffer.concat([bytes, Buffer.from('\nend\n')]) });
    await edit('any.txt', '\nend', '\nEnde für 5 €');
    const written = await readFile(join(folder.path, 'any.txt'));
    assert.deepEqual(written.subarray(0, bytes.length), bytes);
    assert.equal(written.subarray(bytes.length).toString('latin1'), '\nEnde f\xfcr 5 \x80\n');
    await assert.rejects(edit('latin.txt', 'n', '猫'), /not in UTF-8; as Windows-1252 it cannot hold "猫"/);
  });

  const edits = async (path: string, ...several: readonly object[]) =>
    callTool(editFileTool(await openWorkspace([folder.path])), { path, edits: several });

  it('makes several edits at once, each looked for in the file as it was', async () => {
    const { content: said, touched } = await edits(
      'code.py',
      { old_text: 'def two', new_text: 'def one' },
      { old_text: 'def one', new_text: 'def zero' },
      { old_text: 'return', new_text: 'yield', replace_all: true },
    );
    assert.equal(said, 'Changed code.py in 4 places, at lines 1, 2, 4, 5 as they were before.');
    assert.deepEqual(touched, [join(folder.path, 'code.py')]);
    assert.equal(await content('code.py'), 'def zero():\n    yield 1\n\ndef one():\n    yield 2\n');
  });

  it('makes all edits or none: one that fits nowhere, twice, or into another', async () => {
    const before = await content('code.py');
    const good = { old_text: 'return 1', new_text: 'return 3' };
    await assert.rejects(
      edits('code.py', good, { old_text: 'retrun 2', new_text: 'x' }),
      /^ToolError: Edit 2: .*no such passage.*Nothing was changed\.$/s,
    );
    await assert.rejects(
      edits('code.py', good, { old_text: 'return', new_text: 'x' }),
      /Edit 2: old_text occurs 2 times.*or set replace_all/,
    );
    await assert.rejects(
      edits('code.py', good, { old_text: '1\n\ndef', new_text: 'x' }),
      /Edits 1 and 2 overlap at line 2 of code\.py/,
    );
    await assert.rejects(edits('code.py', good, good), /Edits 1 and 2 overlap/);
    await assert.rejects(edits('code.py'), /Give old_text and new_text, or edits/);
    assert.equal(await content('code.py'), before);
  });

  it('takes one way or the other, not both', async () => {
    const tool = editFileTool(await openWorkspace([folder.path]));
    const both = { path: 'code.py', old_text: '1', new_text: '2', edits: [{ old_text: '1', new_text: '3' }] };
    await assert.rejects(callTool(tool, both), /not both/);
    await assert.rejects(callTool(tool, { path: 'code.py', old_text: '1' }), /belong together/);
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

  it('tells quotation marks and dashes that are other characters', async () => {
    await folder.put({ 'quoted.md': 'She said \u201cyes\u201d \u2013 it\u2019s so.\n' });
    await assert.rejects(
      edit('quoted.md', 'She said "yes" - it\'s so.', 'x'),
      /Only quotation marks, dashes or accents are other characters in line 1, which has:\n1\tShe said \u201cyes\u201d/,
    );
  });

  it('refuses no change, no file and protected files', async () => {
    await assert.rejects(edit('twice.txt', 'other', 'other'), /nothing would change/);
    await assert.rejects(edit('twise.txt', 'other', 'x'), /does not exist\. Closest: twice\.txt/);
    await assert.rejects(edit('.git/config', 'x', 'y'), /is protected/);
  });
});
