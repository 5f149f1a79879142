/** PDF → Markdown, page by page: no more of it is in memory than one page. */
import { getDocumentProxy } from 'unpdf';
import { messageOf, ToolError } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument, Section } from './document.ts';
import { isRecord } from '../../shared/json.ts';
import { linksIn, uniqueLinks } from './links.ts';
import { pageText, usualHeight, type Piece } from './pdfLayout.ts';
import { maxDocumentChars } from './rowsTable.ts';
import { sectionsOf } from './sections.ts';

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** A page with fewer letters is a picture of one. */
const leastLetters = 20;
const maxOutline = 2000;

/** Reads all pages. Throws ToolError where it is locked or broken. */
export async function readPdf(input: DocumentInput): Promise<ReadDocument> {
  const pdf = await open(input);
  try {
    const properties = await propertiesOf(pdf);
    const pages: number[] = [];
    const silent: number[] = [];
    const notes: string[] = [];
    let cut = false;
    let text = '';
    let bodyHeight = 0;
    for (let number = 1; number <= pdf.numPages; number++) {
      pages.push(text.length);
      const page = await readPage(pdf, number).catch((error: unknown) => {
        notes.push(`Page ${number} is broken: ${messageOf(error)}`);
        return { pieces: [], width: 0 };
      });
      // The first pages tell the height of letters; a title page alone would mislead.
      if (number <= 3 || bodyHeight === 0) bodyHeight = usualHeight(page.pieces) || bodyHeight;
      const written = pageText(page.pieces, page.width, bodyHeight);
      if (written.replace(/\s/g, '').length < leastLetters) silent.push(number);
      if (written !== '') text += `${written}\n\n`;
      if (text.length > maxDocumentChars) {
        notes.push(`Only the first ${number} of ${pdf.numPages} pages are here.`);
        cut = true;
        break;
      }
    }
    text = text.trimEnd();
    const outline = await outlineOf(pdf, text, pages).catch(() => []);
    const sections = outline.length > 0 ? outline : sectionsOf(text);
    notes.unshift(...silentNotes(silent, pages.length));
    const clamped = pages.map((from) => Math.min(from, text.length));
    const links = uniqueLinks(linksIn(text));
    return { kind: 'pdf', ...properties, text, sections, pages: clamped, links, notes, ...(cut && { cut }) };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

async function open({ bytes, name }: DocumentInput): Promise<Pdf> {
  try {
    // pdf.js takes the bytes that it is given away.
    return await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new ToolError(`${name} is a PDF that is locked with a password: it cannot be read without it.`);
    }
    throw new ToolError(`${name} is a broken PDF: ${messageOf(error)}`);
  }
}

async function readPage(
  pdf: Pdf,
  number: number,
): Promise<{ readonly pieces: readonly Piece[]; readonly width: number }> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  const pieces: Piece[] = [];
  for (const item of items) {
    if (!('str' in item)) continue;
    const transform: readonly unknown[] = item.transform;
    const [, , skew, scale, x, y] = transform;
    const height = Math.hypot(numberOf(skew), numberOf(scale));
    pieces.push({
      text: item.str,
      x: numberOf(x),
      y: numberOf(y),
      width: item.width,
      height: item.str.trim() === '' ? 0 : height,
      endsLine: item.hasEOL,
    });
  }
  const { width } = page.getViewport({ scale: 1 });
  page.cleanup();
  return { pieces, width };
}

function silentNotes(silent: readonly number[], pages: number): readonly string[] {
  if (pages === 0) return ['It has no pages.'];
  if (silent.length === 0) return [];
  if (silent.length === pages) return ['It holds no text: its pages are pictures, probably scanned.'];
  return [
    `${silent.length === 1 ? 'Page' : 'Pages'} ${silent.slice(0, 50).join(', ')} hold${silent.length === 1 ? 's' : ''} hardly any text: pictures or empty.`,
  ];
}

async function propertiesOf(pdf: Pdf): Promise<Pick<ReadDocument, 'title' | 'author' | 'published'>> {
  const found: unknown = await pdf.getMetadata().catch(() => undefined);
  const info = isRecord(found) && isRecord(found['info']) ? found['info'] : {};
  const value = (name: string) => (typeof info[name] === 'string' ? info[name].replaceAll('\0', '').trim() : '');
  const title = value('Title').replace(/^Microsoft Word - /, '');
  const [, year, month = '01', day = '01'] = /^(?:D:)?(\d{4})(\d{2})?(\d{2})?/.exec(value('CreationDate')) ?? [];
  return {
    ...(title !== '' && !/^untitled$/i.test(title) ? { title } : {}),
    ...(value('Author') !== '' && !/^anonymous$/i.test(value('Author')) ? { author: value('Author') } : {}),
    ...(year === undefined ? {} : { published: `${year}-${month}-${day}` }),
  };
}

/** The outline's entries, at the place of their words on the page that they lead to. */
async function outlineOf(pdf: Pdf, text: string, pages: readonly number[]): Promise<readonly Section[]> {
  const sections: Section[] = [];
  const add = async (entries: unknown, level: number): Promise<void> => {
    if (!Array.isArray(entries) || level > 6) return;
    for (const entry of entries.filter(isRecord)) {
      if (sections.length >= maxOutline) return;
      const title = typeof entry['title'] === 'string' ? entry['title'].replace(/\s+/g, ' ').trim() : '';
      const from = pages[await pageIndex(pdf, entry['dest'])];
      if (title !== '' && from !== undefined) {
        const at = text.indexOf(title, from);
        sections.push({ title, level, from: at >= 0 && at - from < 10_000 ? at : Math.min(from, text.length) });
      }
      await add(entry['items'], level + 1);
    }
  };
  await add(await pdf.getOutline(), 1);
  return sections;
}

async function pageIndex(pdf: Pdf, destination: unknown): Promise<number> {
  const explicit: unknown = typeof destination === 'string' ? await pdf.getDestination(destination) : destination;
  const target: unknown = Array.isArray(explicit) ? explicit[0] : undefined;
  if (typeof target === 'number') return target;
  if (!isRecord(target) || typeof target['num'] !== 'number' || typeof target['gen'] !== 'number') return -1;
  return pdf.getPageIndex({ num: target['num'], gen: target['gen'] });
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
