/** Documents that grow when they are read: each within bounds, and told so. */
import assert from 'node:assert/strict';
import { crc32, deflateRawSync } from 'node:zlib';
import { ToolError } from '../../../src/agent/errors.ts';
import { readBytes } from '../../../src/tools/documents/readBytes.ts';

/** A compressed zip; `declared` is what its list says of the size of each member. */
function zipOf(members: Readonly<Record<string, Uint8Array>>, declared?: number): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [path, content] of Object.entries(members)) {
    const [name, packed, common] = [Buffer.from(path), deflateRawSync(content), Buffer.alloc(26)];
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(declared ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    local.push(Buffer.from('PK\x03\x04'), common, name, packed);
    central.push(Buffer.from('PK\x01\x02\x14\x00'), common, place, name);
    at += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(members).length, 4);
  end.writeUInt16LE(Object.keys(members).length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...local, list, Buffer.from('PK\x05\x06'), end]);
}

const bytes = (text: string) => new TextEncoder().encode(text);
const isRefused = (pattern: RegExp) => (error: unknown) => error instanceof ToolError && pattern.test(error.message);

const workbook = (rows: string) =>
  zipOf({
    '[Content_Types].xml': bytes('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    'xl/workbook.xml': bytes(
      '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    ),
    'xl/_rels/workbook.xml.rels': bytes(
      '<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    'xl/worksheets/sheet1.xml': bytes(`<worksheet><sheetData>${rows}</sheetData></worksheet>`),
  });
const row = (at: number, cell: string, value: number) => `<row r="${at}"><c r="${cell}${at}"><v>${value}</v></c></row>`;

describe('documents that grow', () => {
  for (const [name, part] of [
    ['x.xlsx', 'xl/workbook.xml'],
    ['x.docx', 'word/document.xml'],
    ['x.pptx', 'ppt/presentation.xml'],
  ] as const) {
    it(`refuses ${name} that grows when it is unpacked, whatever its list says`, async () => {
      const content = { '[Content_Types].xml': bytes('<Types/>'), [part]: new Uint8Array(40_000_000) };
      await assert.rejects(readBytes({ bytes: zipOf(content), name }), isRefused(/grows suspiciously when unpacked/));
      await assert.rejects(readBytes({ bytes: zipOf(content, 100), name }), isRefused(/is broken/));
    });
  }

  it('unpacks archives in archives within one budget', async () => {
    const members = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.txt`, new Uint8Array(1_000_000)]));
    const inner = zipOf(members);
    const outer = zipOf(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`${i}.zip`, inner])));
    const read = await readBytes({ bytes: outer, name: 'fan.zip' });
    assert.match(read.notes.join('\n'), /Only the first [12] of 400 files were read/);
    const words = zipOf({ 'a.txt': bytes('word '.repeat(10_000)) });
    const many = zipOf(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`${i}.zip`, words])));
    const some = await readBytes({ bytes: many, name: 'many.zip' });
    assert.ok(some.text.length < 2_100_000, String(some.text.length));
    assert.match(some.notes.join('\n'), /Only the first \d+ of 400 files were read/);
  });

  it('refuses a presentation whose elements are nested without end', async () => {
    const deep = '<a>'.repeat(100_000);
    const content = { '[Content_Types].xml': bytes('<Types/>'), 'ppt/presentation.xml': bytes(deep) };
    await assert.rejects(readBytes({ bytes: zipOf(content), name: 'x.pptx' }), isRefused(/nested deeper than/));
  });

  it('gives JSON that is nested without end as its text', async () => {
    for (const text of ['['.repeat(1_000_000), '['.repeat(100_000) + ']'.repeat(100_000)]) {
      const read = await readBytes({ bytes: bytes(text), name: 'deep.json' });
      assert.deepEqual([read.kind, read.text], ['json', text]);
      assert.match(read.notes.join(), /this is its text/);
    }
  });

  for (const [what, html] of [
    ['nested formatting', `<p>words ${'<b><i>'.repeat(100_000)}`],
    ['nested blocks', `<p>words</p>${'<div>'.repeat(200_000)}`],
    ['nested blocks with stray ends', `<p>words</p>${'<div></x>'.repeat(200_000)}`],
    ['stray ends', `<p>words</p>${'<b>'.repeat(500)}${'</x>'.repeat(900_000)}`],
    ['links', `<p>words</p>${'<a href="/next?a=1&amp;b=2">next</a> '.repeat(300_000)}`],
    ['entities', `<p>words</p>${'&lt;'.repeat(1_000_000)}`],
    ['characters', `<p>words</p>${'<p>some more of it</p>'.repeat(1_000_000)}`],
  ] as const) {
    it(`gives the plain text of a page of ${what} without end`, async () => {
      const url = 'https://example.org/';
      const read = await readBytes({ bytes: bytes(`<html><title>T</title><body>${html}`), name: 'x.html', url });
      assert.deepEqual([read.kind, read.title, read.text.slice(0, 5)], ['html', 'T', 'words']);
      assert.match(read.notes.join(), /too large to be read by its structure/);
      assert.ok(read.text.length <= 4_000_000);
      if (what === 'links') assert.deepEqual(read.links, ['https://example.org/next?a=1&b=2']);
    });
  }

  for (const [what, html, text] of [
    ['blanks in program text', `<pre>a${' '.repeat(1_000_000)}b</pre>`, /^```\na {1000000}b\n```$/],
    [
      'blanks in a cell',
      `<table><tr><td>1<td>2<tr><td><pre>a${' '.repeat(1_000_000)}b</pre><td>4</table>`,
      /a {1000000}b/,
    ],
    ['signs in a heading', `<h1>${'#'.repeat(1_000_000)}x</h1><p>words</p>`, /words$/],
    ['at-rules in a style sheet', `<style>${'@a '.repeat(160_000)}</style><p>words</p>`, /^words$/],
    ['comments in a style sheet', `<style>${'/* '.repeat(160_000)}</style><p>words</p>`, /^words$/],
  ] as const) {
    it(`reads a page with ${what} without end`, async () => {
      const read = await readBytes({ bytes: bytes(`<html><body>${html}`), name: 'x.html' });
      assert.match(read.text, text);
    });
  }

  it('reads a page with monstrous attributes without them', async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `a${i}=""`).join(' ');
    const html = `<html><body><h1>One</h1><p ${many}>words</p><img alt="x" src="data:${'A'.repeat(2_000_000)}"><p>two</p>`;
    const read = await readBytes({ bytes: bytes(html), name: 'x.html' });
    assert.deepEqual([read.text, read.notes], ['# One\n\nwords\n\ntwo', []]);
  });

  it('leaves empty rows and columns of a sheet out, however far its cells are apart', async () => {
    const sparse = await readBytes({ bytes: workbook(row(1, 'A', 7) + row(1_000_000, 'A', 8)), name: 'x.xlsx' });
    assert.deepEqual(
      [sparse.text, sparse.notes],
      ['## S\n\n| 7 |\n| --- |\n| 8 |', ['Sheet S: left out as empty: rows 2–999999.']],
    );
    const far = workbook(row(1, 'A', 7) + row(1_048_576, 'XFD', 8));
    assert.equal((await readBytes({ bytes: far, name: 'x.xlsx' })).text, '## S\n\n| 7 | |\n| --- | --- |\n| | 8 |');
  });

  it('reads tables of 50,000 rows whole', async () => {
    const cells = Array.from({ length: 10 }, (_, i) => 1234567.25 + i);
    const csv = `${cells.join(',')}\n`.repeat(50_000);
    const table = await readBytes({ bytes: bytes(csv), name: 'x.csv' });
    assert.deepEqual([table.notes, table.text.split('\n').length], [[], 50_001]);
  });
});
