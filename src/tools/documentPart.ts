/** Which part of a document's text is shown: pages, a section, what fits words, or from a place on; and how it is told. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { foreign } from '../agent/foreign.ts';
import type { Span } from '../shared/evidence.ts';
import { countOf } from '../shared/quantities.ts';
import { chunksOf, type Chunk } from './documents/chunks.ts';
import type { ReadDocument, Section } from './documents/document.ts';
import { ranked } from './fullText/rank.ts';
import { lineStart } from './fullText/split.ts';
import { queryParts } from './fullText/words.ts';

/** Characters that are shown at a time. */
const maxChars = 40_000;
const maxOutline = 80;
const mostPassages = 8;

/** The arguments that choose a part. */
export const partInput = {
  pages: z
    .string()
    .regex(/^\s*\d+\s*(?:-\s*\d+\s*)?$/)
    .optional()
    .describe('Pages of a PDF: "3" or "3-7"'),
  section: z.string().optional().describe('A heading, slide, sheet or member: its name, or its number in the outline'),
  find: z.string().optional().describe('Words: gives the passages that fit them best, in place of the whole'),
  from: z.number().int().min(0).optional().describe('The character to go on from, as told where the text was cut'),
};

/** What a call asks for. */
export interface PartWish {
  readonly pages?: string | undefined;
  readonly section?: string | undefined;
  readonly find?: string | undefined;
  readonly from?: number | undefined;
}

/** The stretches to show, in order; `end`: where what was asked for ends. */
export interface DocumentPart {
  readonly spans: readonly Span[];
  readonly end: number;
  readonly kind: 'whole' | 'part' | 'passages';
}

/** Throws ToolError for pages, sections and places that are not there. */
export function chosenPart(document: ReadDocument, wish: PartWish, shown: string): DocumentPart {
  const { text } = document;
  const range = rangeOf(document, wish, shown);
  if (wish.find !== undefined && wish.find.trim() !== '') return fitting(document, range, wish.find, shown);
  const from = wish.from === undefined ? range.from : Math.max(range.from, wish.from);
  if (from > 0 && from >= range.to) {
    throw new ToolError(`${shown} has ${countOf(text.length, 'character')}; what you ask for is beyond its end.`);
  }
  const to = whole(text, Math.min(range.to, from + maxChars));
  const isWhole = from === 0 && range.to === text.length;
  return { spans: to > from ? [{ from, to }] : [], end: range.to, kind: isWhole ? 'whole' : 'part' };
}

/** The part as the model reads it: what it is, the outline where it is long, the text, and how to get the rest. */
export function shownPart(
  document: ReadDocument,
  { spans, end, kind }: DocumentPart,
  shown: string,
): { readonly content: string; readonly truncated: boolean } {
  const { text, notes } = document;
  const head = headOf(document, shown);
  const remarks = notes.map((note) => `[${note}]`);
  const [first] = spans;
  if (!first) return { content: [`${head}: no text in it.`, ...remarks].join('\n'), truncated: false };
  if (kind === 'passages') {
    const passages = spans.map(({ from, to }) => `[${placeOf(document, from)}]\n${text.slice(from, to).trim()}`);
    const body = foreign(shown, passages.join('\n\n'));
    return { content: [`${head}; passages that fit:`, body, ...remarks].join('\n\n'), truncated: false };
  }
  const truncated = first.to < end;
  const outline = kind === 'whole' && truncated ? outlineOf(document) : [];
  const body = foreign(shown, [...outline, text.slice(first.from, first.to).trimEnd()].join('\n\n'));
  const isAll = kind === 'whole' && !truncated;
  const rest = isAll ? [] : [restWords(document, first, end)];
  return { content: [head, body, ...rest, ...remarks].join('\n\n'), truncated };
}

function rangeOf(document: ReadDocument, { pages, section }: PartWish, shown: string): Span {
  if (pages !== undefined) return pageRange(document, pages, shown);
  if (section !== undefined) return sectionRange(document, section, shown);
  return { from: 0, to: document.text.length };
}

function pageRange({ text, pages = [] }: ReadDocument, wish: string, shown: string): Span {
  const [first = 1, last = first] = wish.split('-').map(Number);
  const from = pages[first - 1];
  if (pages.length === 0) throw new ToolError(`${shown} has no pages. Give section, find or from instead.`);
  if (from === undefined || last < first) {
    throw new ToolError(`${shown} has ${countOf(pages.length, 'page')}; ${wish.trim()} is none of them.`);
  }
  return { from, to: pages[last] ?? text.length };
}

function sectionRange({ text, sections }: ReadDocument, wish: string, shown: string): Span {
  const at = sectionAt(sections, wish);
  const section = sections[at];
  if (!section) {
    const names = sections.slice(0, 12).map(({ title }, index) => `${index + 1}. ${title}`);
    const there = names.length > 0 ? `It has ${names.join('; ')}${sections.length > 12 ? '; …' : ''}.` : 'It has none.';
    throw new ToolError(`${shown} has no section "${wish}". ${there}`);
  }
  const next = sections.slice(at + 1).find(({ level }) => level <= section.level);
  return { from: lineStart(text, section.from), to: next ? lineStart(text, next.from) : text.length };
}

function sectionAt(sections: readonly Section[], wish: string): number {
  const wanted = wish.trim().toLowerCase();
  const titles = sections.map(({ title }) => title.trim().toLowerCase());
  if (titles.includes(wanted)) return titles.indexOf(wanted);
  if (/^\d+$/.test(wanted)) return Number(wanted) - 1;
  return wanted === '' ? -1 : titles.findIndex((title) => title.includes(wanted));
}

/** The passages in which the words are, in the document's order. */
function fitting(document: ReadDocument, range: Span, find: string, shown: string): DocumentPart {
  const chunks = chunksOf(document)
    .flatMap((chunk) => byPages(chunk, document.pages))
    .filter(({ from }) => from >= range.from && from < range.to);
  const pieces = chunks.map(({ from, to, headings }) => ({
    text: document.text.slice(from, to),
    heading: headings.join(' '),
  }));
  const best = ranked(pieces, queryParts(find)).slice(0, mostPassages);
  if (best.length === 0) {
    const left = document.cut === true ? ` Not all of it was searched: ${document.notes.join(' ')}` : '';
    throw new ToolError(`Nothing in ${shown} fits "${find}".${left} Try other words, or read its pages.`);
  }
  const spans = best.flatMap((at) => chunks[at] ?? []).map(({ from, to }) => ({ from, to }));
  return { spans: spans.toSorted((a, b) => a.from - b.from), end: range.to, kind: 'passages' };
}

/** A piece of each page that it reaches into: it is told by its page. */
function byPages(chunk: Chunk, pages: readonly number[] = []): readonly Chunk[] {
  const first = pages.findIndex((start) => start > chunk.from);
  const starts: number[] = [];
  for (let at = first; at >= 0 && (pages[at] ?? Infinity) < chunk.to; at++) starts.push(pages[at] ?? 0);
  const seams = [chunk.from, ...new Set(starts), chunk.to];
  return seams.slice(1).map((to, at) => ({ ...chunk, from: seams[at] ?? to, to }));
}

function headOf({ kind, title, text, pages, author, published }: ReadDocument, shown: string): string {
  const said = [
    kind,
    ...(title === undefined ? [] : [`"${title}"`]),
    ...(author === undefined ? [] : [`by ${author}`]),
    ...(published === undefined ? [] : [published]),
    ...(pages && pages.length > 0 ? [countOf(pages.length, 'page')] : []),
    countOf(text.length, 'character'),
  ];
  return `${shown} (${said.join(', ')})`;
}

function outlineOf(document: ReadDocument): readonly string[] {
  const { sections } = document;
  if (sections.length === 0) return [];
  const lines = sections.slice(0, maxOutline).map(({ title, level, from }, index) => {
    return `${'  '.repeat(Math.max(0, level - 1))}${index + 1}. ${title} (${placeOf(document, from)})`;
  });
  const more = sections.length > maxOutline ? [`… and ${sections.length - maxOutline} more`] : [];
  return [['Outline:', ...lines, ...more].join('\n')];
}

function placeOf({ pages = [] }: ReadDocument, at: number): string {
  const page = pages.findLastIndex((start) => start <= at) + 1;
  return page > 0 ? `page ${page}` : `from ${at}`;
}

function restWords({ text, pages = [], sections }: ReadDocument, { from, to }: Span, end: number): string {
  const ways = [
    ...(to < end ? [`from ${to}`] : []),
    ...(pages.length > 1 ? ['pages'] : []),
    ...(sections.length > 1 ? ['section'] : []),
    'find',
  ];
  const rest = to < end ? ` Go on with ${ways.join(', or give ')}.` : '';
  return `[Characters ${from} to ${to} of ${text.length}.${rest}]`;
}

/** No character is cut in two. */
function whole(text: string, to: number): number {
  return /[\uD800-\uDBFF]/.test(text.charAt(to - 1)) ? to - 1 : to;
}
