import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileTool } from '../../src/tools/readFile.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('read_file', () => {
  let folder: TemporaryFolder;
  before(async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `line ${index + 1}`).join('\n');
    folder = await temporaryFolder({
      'three.txt': 'one\ntwo\nthree\n',
      'noend.txt': 'one\r\ntwo',
      'empty.txt': '',
      'many.txt': many,
      'wide.txt': 'w'.repeat(10_000),
      'fat.txt': Array.from({ length: 200 }, () => 'f'.repeat(1000)).join('\n'),
      'bom.txt': Buffer.from('\ufeffgrüß\n'),
      'utf16le.txt': Buffer.from('\ufeffgrüß\nzwei\n', 'utf16le'),
      'utf16be.txt': Buffer.from('\ufeffgrüß\n', 'utf16le').swap16(),
      'latin.txt': Buffer.from('gr\u00fc\u00df \u0080\n', 'latin1'),
      'image.png': Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'),
      'data.bin': new Uint8Array([65, 0, 66]),
      'sub/x': 'x',
    });
  });
  after(() => folder.remove());

  const read = async (path: string, start?: number, end?: number) => {
    const tool = readFileTool(await openWorkspace([folder.path]));
    return callTool(tool, { path, ...(start && { start_line: start }), ...(end && { end_line: end }) });
  };

  it('numbers the lines of a whole file', async () => {
    assert.equal((await read('three.txt')).content, '1\tone\n2\ttwo\n3\tthree');
    assert.equal((await read('noend.txt')).content, '1\tone\n2\ttwo\n[Lines end with CRLF.]');
    assert.equal((await read('empty.txt')).content, '[empty.txt is empty.]');
  });

  it('gives a range and says of what', async () => {
    assert.equal((await read('three.txt', 2, 2)).content, '2\ttwo\n[Lines 2 to 2 of 3 lines.]');
    assert.equal((await read('three.txt', 2)).content, '2\ttwo\n3\tthree\n[Lines 2 to 3 of 3 lines.]');
    assert.equal((await read('three.txt', 1, 99)).content, '1\tone\n2\ttwo\n3\tthree');
    await assert.rejects(read('three.txt', 9), /three\.txt has 3 lines; line 9 is beyond its end/);
    await assert.rejects(read('three.txt', 3, 2), /end_line 2 is before start_line 3/);
  });

  it('bounds lines and characters and says where to go on', async () => {
    const lines = await read('many.txt');
    assert.match(
      lines.content,
      /\n2000\tline 2000\n\[Lines 1 to 2000 of 5,000 lines\. Go on with start_line 2001\.\]$/,
    );
    assert.equal(lines.truncated, true);
    assert.match((await read('many.txt', 4999)).content, /^4999\tline 4999\n5000\tline 5000\n/);
    const fat = await read('fat.txt');
    assert.ok(fat.content.length < 62_000);
    assert.match(fat.content, /\[Lines 1 to 59 of 200 lines\. Go on with start_line 60\.\]$/);
    assert.match((await read('wide.txt')).content, /^1\tw{2000}… \[line cut here\]$/);
  });

  it('reads UTF-8 with a mark, UTF-16 and Windows-1252, and tells which', async () => {
    assert.equal((await read('bom.txt')).content, '1\tgrüß');
    assert.equal((await read('utf16le.txt')).content, '1\tgrüß\n2\tzwei\n[The file is in UTF-16LE.]');
    assert.equal((await read('utf16be.txt')).content, '1\tgrüß\n[The file is in UTF-16BE.]');
    assert.match((await read('latin.txt')).content, /^1\tgrüß €\n\[The file is not in UTF-8; .*Windows-1252/);
  });

  it('reads UTF-16 without a mark only where it is sure, and tells mixed line ends', async () => {
    await folder.put({
      'plain16.txt': Buffer.from('eins zwei drei\n', 'utf16le'),
      'plain16be.txt': Buffer.from('eins zwei drei\n', 'utf16le').swap16(),
      'numbers.bin': new Uint8Array(new Uint16Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 300]).buffer),
      'mixed.txt': 'a\r\nb\nc\r\n',
      'utf32.txt': Buffer.from('\ufeff\0a\0', 'utf16le'),
    });
    assert.equal((await read('plain16.txt')).content, '1\teins zwei drei\n[The file is in UTF-16LE without BOM.]');
    assert.equal((await read('plain16be.txt')).content, '1\teins zwei drei\n[The file is in UTF-16BE without BOM.]');
    await assert.rejects(read('numbers.bin'), /numbers\.bin is a binary file/);
    await assert.rejects(read('utf32.txt'), /is in UTF-32\. Convert it/);
    assert.match((await read('mixed.txt')).content, /\[Line ends are mixed: 2 with CRLF, 1 with LF\.\]$/);
  });

  it('tells a binary file, a folder, a pipe', async () => {
    await assert.rejects(read('image.png'), /image\.png is a binary file \(PNG image\), 10 B\..*run_python_code/);
    await assert.rejects(read('data.bin'), /data\.bin is a binary file, 3 B/);
    await assert.rejects(read('sub'), /sub is a folder\. Use list_files/);
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    await assert.rejects(read('pipe'), /pipe is a device, a socket or a pipe/);
  });

  it('reads a part of a file that is larger than memory should hold', async () => {
    const handle = await open(join(folder.path, 'huge.txt'), 'w');
    const block = Buffer.from(`${'0123456789'.repeat(10)}\n`.repeat(10_000));
    for (let i = 0; i < 40; i++) await handle.write(block);
    await handle.close();
    const { content } = await read('huge.txt', 390_001, 390_002);
    assert.match(content, /^390001\t0123456789.*\n390002\t.*\n\[Lines 390001 to 390002 of a file of 40\.4 MB\.\]$/);
    assert.match((await read('huge.txt')).content, /Go on with start_line 5\d\d\.\]$/);
    await assert.rejects(read('huge.txt', 500_000), /huge\.txt is shorter than that; line 500000 is beyond its end/);
  });
});
