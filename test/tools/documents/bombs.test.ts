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

  it('reads a page with monstrous attributes without them', async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `a${i}=""`).join(' ');
    const html = `<html><body><h1>One</h1><p ${many}>words</p><img alt="x" src="data:${'A'.repeat(2_000_000)}"><p>two</p>`;
    const read = await readBytes({ bytes: bytes(html), name: 'x.html' });
    assert.deepEqual([read.text, read.notes], ['# One\n\nwords\n\ntwo', []]);
  });
});
