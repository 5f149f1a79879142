/**
 * Documents in the worker: pages of a PDF a second and the memory that they add at their peak (a manual of 400 pages, printed
 * by Chromium), and a workbook of 50,000 rows.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { documentReader } from '../../src/tools/documents/reader.ts';
import { figure } from './figure.ts';
import { zipOf } from './storedZip.ts';

const folder = await mkdtemp(join(tmpdir(), 'documents-bench-'));
const { signal } = new AbortController();
try {
  // First the one whose memory is measured: what grew before would hide it.
  await manual();
  await workbook();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function manual(): Promise<void> {
  const sentence =
    'The quick brown fox jumps over the lazy dog while forty-two engineers measure how long it takes to read a page. ';
  const pages = Array.from(
    { length: 400 },
    (_, i) =>
      `<section style="break-after:page"><h1>Chapter ${i}</h1>${`<p>${sentence.repeat(5)}</p>`.repeat(6)}</section>`,
  );
  const [html, pdf] = [join(folder, 'manual.html'), join(folder, 'manual.pdf')];
  await writeFile(html, `<html><body>${pages.join('')}</body></html>`);
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-pdf-header-footer',
    `--user-data-dir=${join(folder, 'profile')}`,
  ];
  await promisify(execFile)('chromium', [...flags, `--print-to-pdf=${pdf}`, `file://${html}`], { timeout: 120_000 });
  const bytes = await readFile(pdf);
  const reader = documentReader();
  await reader.read({ bytes: Buffer.from('warm'), name: 'x.txt' }, signal);
  const before = process.memoryUsage().rss;
  let peak = before;
  const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  const from = performance.now();
  const read = await reader.read({ bytes, name: 'manual.pdf' }, signal);
  const seconds = (performance.now() - from) / 1e3;
  clearInterval(look);
  await reader.dispose();
  figure('documents.pdf', (read.pages?.length ?? 0) / seconds, 'pages/s', { better: 'higher', limit: 150 });
  figure('documents.pdfMemory', (peak - before) / 1e6, 'MB', { limit: 300 });
}

async function workbook(): Promise<void> {
  const rows = Array.from({ length: 50_000 }, (_, i) => {
    const cells = [`<c r="A${i + 1}"><v>${i}</v></c>`, `<c r="B${i + 1}" t="inlineStr"><is><t>Name ${i}</t></is></c>`];
    for (const column of ['C', 'D', 'E', 'F'])
      cells.push(`<c r="${column}${i + 1}"><v>${(i * 7.25).toFixed(2)}</v></c>`);
    return `<row r="${i + 1}">${cells.join('')}</row>`;
  });
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  const bytes = zipOf({
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<?xml version="1.0"?><Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${related}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${related}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<?xml version="1.0"?><Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${related}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet xmlns="${main}"><sheetData>${rows.join('')}</sheetData></worksheet>`,
  });
  const reader = documentReader();
  await reader.read({ bytes: Buffer.from('warm'), name: 'x.txt' }, signal);
  const from = performance.now();
  const { notes, text } = await reader.read({ bytes, name: 'data.xlsx' }, signal);
  figure('documents.xlsx', (performance.now() - from) / 1e3, 's', { limit: 2 });
  if (notes.length > 0 || !text.includes('Name 49999')) process.stderr.write(`${notes.join(' ')}\n`);
  await reader.dispose();
}
