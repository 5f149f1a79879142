/** OpenDocument, EPUB and RTF: the text, as people read it. */
import assert from 'node:assert/strict';
import { ToolError } from '../../../src/agent/errors.ts';
import type { ReadDocument } from '../../../src/tools/documents/document.ts';
import { readBytes } from '../../../src/tools/documents/readBytes.ts';
import { storedZip } from '../../../src/tools/documents/storedZip.ts';

const names =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"';

function zipped(parts: Readonly<Record<string, string>>): Uint8Array {
  return storedZip(new Map(Object.entries(parts).map(([path, text]) => [path, Buffer.from(text)])));
}

function openDocument(kind: string, body: string, more: Readonly<Record<string, string>> = {}): Uint8Array {
  return zipped({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': `<?xml version="1.0" encoding="UTF-8"?><office:document-content ${names}><office:body>${body}</office:body></office:document-content>`,
    'meta.xml': `<office:document-meta ${names} xmlns:dc="d" xmlns:meta="m"><office:meta><dc:title>A &amp; B</dc:title><meta:initial-creator>Ada Example</meta:initial-creator><meta:creation-date>2021-05-06T07:08:09</meta:creation-date></office:meta></office:document-meta>`,
    'META-INF/manifest.xml': '<manifest/>',
    ...more,
  });
}

const isProblem = (pattern: RegExp) => (error: unknown) => error instanceof ToolError && pattern.test(error.message);

describe('readOpenDocument', () => {
  it('reads a text: headings, lists, tables, links, notes; no deleted text and no comments', async () => {
    const body = `<office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>deleted words</text:p></text:deletion></text:changed-region></text:tracked-changes>
      <text:h text:outline-level="2">The  <text:span>giraffe</text:span> budget</text:h>
      <text:p>It is<text:s text:c="2"/>815 euros<text:line-break/>a year.<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>Without hay.</text:p></text:note-body></text:note> See <text:a xlink:href="https://example.org/report">the report</text:a>.<office:annotation><text:p>a comment</text:p></office:annotation></text:p>
      <text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>
      <table:table table:name="T"><table:table-row><table:table-cell><text:p>City</text:p></table:table-cell><table:table-cell><text:p>People</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Köln</text:p></table:table-cell><table:table-cell><text:p>1,084,831</text:p></table:table-cell></table:table-row></table:table>
      <text:p><draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame></text:p><text:p>end</text:p></office:text>`;
    const read = await readBytes({ bytes: openDocument('text', body), name: 'x.odt' });
    assert.deepEqual(
      [read.kind, read.title, read.author, read.published],
      ['odt', 'A & B', 'Ada Example', '2021-05-06T07:08:09'],
    );
    assert.equal(
      read.text,
      '## The giraffe budget\n\nIt is  815 euros\na year. (Note: Without hay.) See [the report](https://example.org/report).\n\n- one\n  - inner\n- two\n\n' +
        '| City | People |\n| --- | --- |\n| Köln | 1,084,831 |\n\nboxed\n\nend',
    );
    assert.deepEqual(read.sections, [{ title: 'The giraffe budget', level: 2, from: 0 }]);
    assert.deepEqual(read.links, ['https://example.org/report']);
  });

  it('reads every sheet as it is shown, without the cells that only fill it', async () => {
    const cell = (text: string, more = '') => `<table:table-cell ${more}><text:p>${text}</text:p></table:table-cell>`;
    const rest = '<table:table-cell table:number-columns-repeated="1000"/>';
    const body = `<office:spreadsheet><table:table table:name="Sales"><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
      <table:table-row>${cell('Item')}${cell('Share', 'office:value-type="percentage" office:value="0.125"')}${rest}</table:table-row>
      <table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
      <table:table-row table:visibility="filter">${cell('Tea', 'table:number-columns-repeated="2"')}${cell('12.5 %')}<table:covered-table-cell/><table:table-cell><office:annotation><text:p>a comment</text:p></office:annotation><text:p>18:00</text:p></table:table-cell></table:table-row>
      </table:table><table:table table:name="Empty"/></office:spreadsheet>`;
    const read = await readBytes({ bytes: openDocument('spreadsheet', body), name: 'x.ods' });
    assert.equal(
      read.text,
      '## Sales\n\n| Item | Share | | |\n| --- | --- | --- | --- |\n| Tea | Tea | 12.5 % | 18:00 |\n\n## Empty\n\n(empty)',
    );
    assert.deepEqual(read.notes, [
      'Sheet Sales: left out as empty: rows 2–1000001, column D.',
      'Sheet Sales: hidden in the workbook: row 1000002, column C.',
    ]);
    assert.deepEqual([read.kind, read.sections.map(({ title }) => title)], ['ods', ['Sales', 'Empty']]);
  });

  it('reads slides with their notes', async () => {
    const body = `<office:presentation><draw:page draw:name="Beginning"><draw:frame><draw:text-box><text:p>A talk</text:p></draw:text-box></draw:frame><presentation:notes xmlns:presentation="p"><draw:frame><draw:text-box><text:p>Speak slowly.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page><draw:page draw:name="End"/></office:presentation>`;
    const read = await readBytes({ bytes: openDocument('presentation', body), name: 'x.odp' });
    assert.equal(read.text, '## Slide 1: Beginning\n\nA talk\n\nNotes:\n\nSpeak slowly.\n\n## Slide 2: End');
  });

  it('says that one is locked or broken', async () => {
    const manifest = '<manifest><encryption-data/></manifest>';
    const locked = openDocument('text', '', { 'content.xml': '\x01\x02', 'META-INF/manifest.xml': manifest });
    await assert.rejects(readBytes({ bytes: locked, name: 'x.odt' }), isProblem(/locked with a password/));
    const empty = zipped({ mimetype: 'application/vnd.oasis.opendocument.text' });
    await assert.rejects(readBytes({ bytes: empty, name: 'x.odt' }), isProblem(/broken/));
  });
});

describe('readEpub', () => {
  const book = (more: Readonly<Record<string, string>> = {}) =>
    zipped({
      mimetype: 'application/epub+zip',
      'META-INF/container.xml':
        '<container><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
      'OEBPS/book.opf':
        '<package><metadata xmlns:dc="d"><dc:title>Ravens</dc:title><dc:creator>Ada Example</dc:creator><dc:date>1999</dc:date></metadata><manifest><item id="b" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/><item id="a" href="one.xhtml" media-type="application/xhtml+xml"/><item id="c" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>',
      'OEBPS/text/two b.xhtml': '<html><head><title/></head><body><h2>Second</h2><p>with 99 ravens</p></body></html>',
      'OEBPS/one.xhtml':
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><h1>Chapter One</h1><p>A dark &amp; stormy <em>night</em>.</p></body></html>',
      ...more,
    });

  it('reads the chapters in the order of the book', async () => {
    const read: ReadDocument = await readBytes({ bytes: book(), name: 'ravens.epub' });
    assert.deepEqual([read.kind, read.title, read.author, read.published], ['epub', 'Ravens', 'Ada Example', '1999']);
    assert.match(read.text, /^# Chapter One\n\nA dark & stormy [_*]night[_*]\.\n\n## Second\n\nwith 99 ravens$/);
    assert.deepEqual(
      read.sections.map(({ title }) => title),
      ['Chapter One', 'Second'],
    );
    assert.deepEqual(read.notes, ['1 of 3 chapters could not be read: OEBPS/gone.xhtml.']);
  });

  it('reads the pages of one that does not say their order', async () => {
    const read = await readBytes({ bytes: book({ 'META-INF/container.xml': '<container/>' }), name: 'ravens.epub' });
    assert.match(read.text, /^# Chapter One[^]*99 ravens$/);
    assert.match(read.notes.join(), /does not say in which order/);
  });

  it('says that one is protected', async () => {
    const reference = '<encryption><CipherReference URI="OEBPS/one.xhtml"/></encryption>';
    const locked = book({ 'META-INF/encryption.xml': reference });
    await assert.rejects(readBytes({ bytes: locked, name: 'ravens.epub' }), isProblem(/protected against copying/));
  });
});

describe('readRtf', () => {
  const read = async (rtf: string) => readBytes({ bytes: Buffer.from(rtf, 'latin1'), name: 'note.rtf' });

  it('reads text in its charset, without what is no text', async () => {
    const { kind, text, title, author } = await read(
      String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}{\f1\fcharset204 Cyr;}}{\colortbl;\red0;}{\stylesheet{\s0 Normal;}}{\info{\title A \'fcbersicht}{\author Ada Example}}{\*\generator x;}` +
        String.raw`\f0\fs24 The secret budget is \b 4711\b0  euros, caf\'e9.\par\uc1 Second \u8364?5 \{paragraph\}\emdash ok\line new\~line.\par{\f1 \'ff\'f1}\par{\pict\pngblip 89504e47}{\object{\*\objdata 00}{\result shown}}{\header top}{\pict\bin2 }}00}}`,
    );
    assert.deepEqual([kind, title, author], ['rtf', 'A übersicht', 'Ada Example']);
    assert.equal(text, 'The secret budget is 4711 euros, café.\n\nSecond €5 {paragraph}—ok\nnew line.\n\nяс\n\nshown');
  });

  it('reads tables, links and headings', async () => {
    const { text, links, sections } = await read(
      String.raw`{\rtf1 {\pard\outlinelevel0 Heading\par}\pard\trowd\cellx1\cellx2\intbl a\cell b\par c\cell\row\trowd\intbl 1\cell 2\cell\row\pard See {\field{\*\fldinst HYPERLINK "https://example.org/x"}{\fldrslt the \b page}}.\par}`,
    );
    assert.equal(text, '# Heading\n\n| a | b c |\n| --- | --- |\n| 1 | 2 |\n\nSee [the page](https://example.org/x).');
    assert.deepEqual(links, ['https://example.org/x']);
    assert.deepEqual(
      sections.map(({ title }) => title),
      ['Heading'],
    );
  });

  it('reads what is there of a broken one', async () => {
    assert.equal((await read(String.raw`{\rtf1 begun {\b and never`)).text, 'begun and never');
    assert.equal((await read(String.raw`{\rtf1 a}}} b\u`)).text, 'a');
  });
});
