/** Documents of each format, made by other programs (files/make.py), whole and broken. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ToolError } from '../../../src/agent/errors.ts';
import type { DocumentInput } from '../../../src/tools/documents/document.ts';
import { readBytes } from '../../../src/tools/documents/readBytes.ts';
import { storedZip } from '../../../src/tools/documents/storedZip.ts';

const file = async (name: string): Promise<DocumentInput> => ({
  bytes: await readFile(join(import.meta.dirname, 'files', name)),
  name,
});
const text = (name: string, content: string, type = ''): DocumentInput => ({
  bytes: new TextEncoder().encode(content),
  name,
  type,
});
const half = async (name: string): Promise<DocumentInput> => {
  const { bytes } = await file(name);
  return { bytes: bytes.subarray(0, bytes.length / 2), name };
};
const isProblem = (pattern: RegExp) => (error: unknown) => error instanceof ToolError && pattern.test(error.message);

describe('readBytes', () => {
  it('reads a PDF of two columns: text in order, outline, pages, properties', async () => {
    const read = await readBytes(await file('two-columns.pdf'));
    assert.deepEqual([read.kind, read.title, read.author], ['pdf', 'On Two Columns', 'Ada Example']);
    assert.deepEqual(
      read.sections.map(({ title, from }) => [title, read.text.slice(from, from + title.length)]),
      ['About rivers', 'About mountains', 'About oceans'].map((title) => [title, title]),
    );
    const words = read.text.replace(/\s+/g, ' ');
    assert.match(
      words,
      /Sentence 7 of the part on rivers tells what was measured there in the year 1907\. Sentence 8 of the part on rivers/,
    );
    assert.ok((read.pages?.length ?? 0) > 1);
    assert.ok(read.pages?.every((from, index, all) => from >= (all[index - 1] ?? 0) && from <= read.text.length));
  });

  it('reads the left column first where a PDF holds both row by row', async () => {
    const { text } = await readBytes(await file('row-by-row.pdf'));
    assert.ok(text.indexOf('Left line 29') < text.indexOf('Right line 0'));
  });

  it('tells that a PDF is scanned, locked or broken', async () => {
    assert.match((await readBytes(await file('scanned.pdf'))).notes.join(), /no text.*scanned/);
    const none = text(
      'x.pdf',
      '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Size 3 /Root 1 0 R >>\n%%EOF\n',
    );
    assert.deepEqual((await readBytes(none)).notes, ['It has no pages.']);
    await assert.rejects(readBytes(await file('locked.pdf')), isProblem(/locked with a password/));
    await assert.rejects(readBytes(text('x.pdf', '%PDF-1.7\nnothing of it')), isProblem(/broken PDF/));
  });

  it('reads a Word document', async () => {
    const read = await readBytes(await file('letter.docx'));
    assert.deepEqual(
      [read.kind, read.title, read.author, read.published],
      ['docx', 'A Letter', 'Ada Example', '2021-05-06T00:00:00Z'],
    );
    assert.ok(read.text.startsWith('# Findings\n\nThe first **bold**\n\nSee [the report](https://example.org/report)'));
    assert.ok(
      read.text.includes('| City | People |\n| --- | --- |\n| Köln | 1,084,831 |\n| Bonn \\| Beuel | 331,885 |'),
    );
    assert.ok(read.text.endsWith('- one\n- two'));
    assert.deepEqual(read.links, ['https://example.org/report']);
  });

  it('reads every sheet of a workbook, formulas by their values', async () => {
    const read = await readBytes(await file('book.xlsx'));
    assert.deepEqual(
      [read.kind, read.title, read.sections.map(({ title }) => title)],
      ['xlsx', 'Accounts', ['Sales', 'Über uns']],
    );
    assert.ok(
      read.text.includes(
        '| 2024-02-29 | Tea \\| green | 2.5 | 4 | 10 |\n| 2024-03-01 | Coffee black | 3.1 | 2 | 6.2 |',
      ),
    );
    assert.ok(read.text.includes('| Zoë | TRUE |'));
  });

  it('reads slides in the order in which they are shown, with tables and notes', async () => {
    const read = await readBytes(await file('slides.pptx'));
    assert.equal(
      read.text,
      '## Slide 1: Table\n\n| Year | Sum |\n| --- | --- |\n| 2024 | 17 |\n\n## Slide 2: Beginning\n\nA subtitle\n\n' +
        '## Slide 3: Points\n\n- First point\n- Second point\n\nNotes: Speak slowly here.',
    );
    assert.equal(read.title, 'A Talk');
  });

  for (const name of ['letter.docx', 'book.xlsx', 'slides.pptx', 'archive.zip', 'two-columns.pdf']) {
    it(`says that half of ${name} is broken, or reads what is there`, async () => {
      const outcome = await readBytes(await half(name)).catch((error: unknown) => error);
      assert.ok(outcome instanceof ToolError ? /broken/.test(outcome.message) : name.endsWith('.pdf'), String(outcome));
    });
  }

  it('reads tables with other separators and quoted cells', async () => {
    assert.equal(
      (await readBytes(text('a.csv', 'x;y\n"1;2";"a ""b"""\n'))).text,
      '| x | y |\n| --- | --- |\n| 1;2 | a "b" |',
    );
    assert.equal((await readBytes(text('a.tsv', 'x\ty\n1\t2\n'))).text, '| x | y |\n| --- | --- |\n| 1 | 2 |');
  });

  it('indents JSON, leaves its lines, and gives what is none as text', async () => {
    assert.equal((await readBytes(text('a.json', '{"a":[1]}'))).text, '{\n  "a": [\n    1\n  ]\n}');
    assert.equal((await readBytes(text('a.jsonl', '{"a":1}\n{"a":2}\n'))).text, '{"a":1}\n{"a":2}\n');
    const broken = await readBytes(text('a.json', '{"a":'));
    assert.deepEqual([broken.text, broken.notes], ['{"a":', ['It is no valid JSON; this is its text.']]);
  });

  it('reads each member of an archive by its format, within limits', async () => {
    const read = await readBytes(await file('archive.zip'));
    assert.deepEqual(
      read.sections.map(({ title }) => title),
      ['notes/read me.md', 'table.csv', 'long.txt', 'inner.zip', 'letter.docx'],
    );
    assert.match(read.text, /# table\.csv\n\n\| a \| b \|/);
    assert.match(read.text, /# deep\.txt\n\ndeep inside/);
    assert.match(read.text, /Köln/);
    assert.match(read.notes.join('\n'), /bomb\.txt was not read: it grows/);
    assert.match(read.notes.join('\n'), /long\.txt: only the first 50000 of 100000/);
    assert.ok(read.text.length < 60_000);
  });

  it('reads every member of an archive, whatever the names of some are', async () => {
    const names = ['a.txt', '../evil.txt', '/abs.txt', 'C:\\x\\y.txt', 'two\nlines.txt', 'last.txt'];
    const bytes = storedZip(new Map(names.map((name, at) => [name, Buffer.from(`content ${at}`)])));
    const read = await readBytes({ bytes, name: 'x.zip' });
    assert.deepEqual(
      read.sections.map(({ title }) => title),
      ['a.txt', '../evil.txt', '/abs.txt', 'C:/x/y.txt', 'two lines.txt', 'last.txt'],
    );
    for (const at of names.keys()) assert.ok(read.text.includes(`content ${at}`));
    assert.deepEqual(read.notes, []);
  });

  it('tells size and format of pictures, length of sound, and what a binary is', async () => {
    assert.match((await readBytes(await file('picture.png'))).text, /PNG, 320 × 200 pixels/);
    assert.match((await readBytes(await file('picture.jpg'))).text, /JPG, 320 × 200 pixels/);
    const sound = await readBytes(await file('sound.wav'));
    assert.equal(sound.kind, 'audio');
    assert.match(sound.text, /WAVE, PCM, 0:00:02 .*8000 Hz, 1 channel/);
    const program = await readBytes({
      bytes: Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]),
      name: 'tool',
    });
    assert.deepEqual([program.kind, /program/.test(program.text)], ['binary', true]);
    const broken = await readBytes({
      bytes: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]),
      name: 'x.png',
    });
    assert.match(broken.notes.join(), /broken/);
  });

  it('believes the bytes before type and name', async () => {
    const pdf = await readBytes({
      ...(await file('scanned.pdf')),
      name: 'page.html',
      type: 'text/html; charset=utf-8',
    });
    assert.deepEqual([pdf.kind, pdf.notes[0]], ['pdf', 'It was said to be text/html, but is pdf.']);
    const page = await readBytes(
      text('report.xls', '<html><body><table><tr><td>a<td>b</table></body></html>', 'application/vnd.ms-excel'),
    );
    assert.deepEqual([page.kind, page.text], ['html', '| a | b |\n| --- | --- |']);
    assert.equal((await readBytes(text('a.py', 'print("<html>")', 'text/plain'))).kind, 'code');
    assert.equal((await readBytes(text('data', '[1, 2]'))).kind, 'json');
    assert.equal(
      (await readBytes({ ...(await file('letter.docx')), name: 'letter.zip', type: 'application/zip' })).kind,
      'docx',
    );
  });

  it('unpacks what is packed, and not without end', async () => {
    const page = gzipSync('<html><body><p>packed</p></body></html>');
    assert.deepEqual([(await readBytes({ bytes: page, name: 'p.html', type: 'text/html' })).text], ['packed']);
    await assert.rejects(
      readBytes({ bytes: gzipSync(Buffer.alloc(200_000_000)), name: 'x.gz' }),
      isProblem(/grows without end/),
    );
    await assert.rejects(readBytes({ bytes: page.subarray(0, 30), name: 'x.gz' }), isProblem(/broken/));
  });

  it('reads text of any charset', async () => {
    assert.equal(
      (await readBytes({ bytes: Buffer.from('\uFEFFwide\r\ntext', 'utf16le'), name: 'x.txt' })).text,
      'wide\ntext',
    );
    assert.equal(
      (await readBytes({ bytes: Buffer.from('wide text without a mark', 'utf16le'), name: 'x.txt' })).text,
      'wide text without a mark',
    );
    const accents = 'Die Größe beträgt 42 Fuß, “sagen” sie.\r\nŁódź';
    const wide = await readBytes({ bytes: Buffer.from(accents, 'utf16le'), name: 'x.txt' });
    assert.deepEqual([wide.kind, wide.text], ['text', accents.replace('\r', '')]);
    const swapped = Buffer.from(accents, 'utf16le').swap16();
    assert.equal((await readBytes({ bytes: swapped, name: 'x.txt' })).text, accents.replace('\r', ''));
    const units = Uint32Array.from(Array.from(`\uFEFF${accents}😀`), (char) => char.codePointAt(0) ?? 0);
    for (const bytes of [Buffer.from(units.buffer), Buffer.from(units.buffer.slice(0)).swap32()]) {
      assert.equal((await readBytes({ bytes, name: 'x.txt' })).text, `${accents.replace('\r', '')}😀`);
    }
    const table = Buffer.from('Größe;Łódź\n1;2\n', 'utf16le');
    assert.match((await readBytes({ bytes: table, name: 'x.csv' })).text, /^\| Größe \| Łódź \|/);
    assert.deepEqual((await readBytes({ bytes: new Uint8Array(), name: 'x.pdf' })).notes, ['It is empty.']);
    const markdown = await readBytes(text('a.md', '# One\n\n```\n# no\n```\n## Two [x](y)\n'));
    assert.deepEqual(
      markdown.sections.map(({ title, level, from }) => [title, level, from]),
      [
        ['One', 1, 0],
        ['Two x', 2, 20],
      ],
    );
  });

  it('says of Office files of before 2007 what to do', async () => {
    const bytes = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
    await assert.rejects(readBytes({ bytes, name: 'old.doc' }), isProblem(/Convert it/));
  });
});
