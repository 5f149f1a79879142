/** On which line or page a quote stands, held against the one that a citation names. */
import type { CitationCheck, Evidence, Span } from './evidence.ts';
import type { LedgerRecord } from './ledger.ts';
import { findQuote, type Wanted } from './quoteMatch.ts';
import { wordsOf } from './quoteWords.ts';
import type { Citation } from './sourceList.ts';

/** A record with its whole text: the stored one, or what the call was answered with. */
export interface PlacedText {
  readonly record: LedgerRecord;
  readonly text: string;
}

/** First and last, both from 1. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** What a citation names. */
interface Named {
  readonly line?: Range;
  readonly page?: Range;
}

/** Lines of a quote of which only the first is named. */
const longestQuote = 20;

type Place = Pick<CitationCheck, 'line' | 'page' | 'why' | 'found' | 'span'>;

/**
 * What a check adds to the place where a quote was found: the page that it is on, the line where the citation names
 * another, and why. A quote that stands at several places stands where the citation says.
 */
export function citedPlace(cited: Citation, wanted: Wanted, found: Span, own: readonly PlacedText[]): Place {
  const [here] = own;
  if (!here) return {};
  const named = namedBy(cited);
  const lines = linesAt(here, found);
  const pages = pagesAt(here.record.evidence, found);
  const rightLine = !lines || !named.line || overlap(lines, named.line);
  const rightPage = !pages || !named.page || overlap(pages, named.page);
  if (rightLine && rightPage) return pages ? { page: pages.first } : {};
  for (const each of own) {
    const span = spanWithin(each, named, wanted);
    if (!span) continue;
    const on = pagesAt(each.record.evidence, span);
    return { found: each.record.ref, span, ...(on && { page: on.first }) };
  }
  const what = rightPage ? `line ${cited.line}; it stands on line ${lines?.first}` : wordsOfPage(cited, pages);
  return {
    ...(!rightLine && { line: lines.first }),
    ...(pages && { page: pages.first }),
    why: `The answer names ${what}.`,
  };
}

function wordsOfPage({ page }: Citation, pages: Range | undefined): string {
  return `page ${page}; it stands on page ${pages?.first}`;
}

function namedBy({ line, endLine, page, endPage }: Citation): Named {
  return {
    ...(line !== undefined && { line: { first: line, last: Math.max(line, endLine ?? line) } }),
    ...(page !== undefined && { page: { first: page, last: Math.max(page, endPage ?? page) } }),
  };
}

function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

function pagesAt({ pages }: Evidence, { from, to }: Span): Range | undefined {
  if (!pages || pages.length === 0) return undefined;
  const at = (place: number) => Math.max(1, pages.findLastIndex((start) => start <= place) + 1);
  return { first: at(from), last: at(Math.max(from, to - 1)) };
}

function linesAt(placed: PlacedText, { from, to }: Span): Range | undefined {
  const lines = numberedLines(placed);
  const at = (place: number) => lines.findLast((line) => line.from <= place)?.number;
  const [first, last] = [at(from), at(Math.max(from, to - 1))];
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** The lines of the file that a text shows: counted in a stored text, else as the tool wrote them before each. */
function numberedLines({ record, text }: PlacedText): readonly (Span & { readonly number: number })[] {
  const { startLine, text: stored, spans } = record.evidence;
  if (startLine === undefined) return [];
  if (stored || !/^\d+\t/.test(text.slice(spans[0]?.from ?? 0)))
    return stored ? counted(text, startLine) : spans.flatMap((span) => behindPath(text, span));
  return counted(text, 0).flatMap((line) => {
    const number = /^\d+(?=\t)/.exec(text.slice(line.from, line.to))?.[0];
    return number === undefined ? [] : [{ ...line, number: Number(number) }];
  });
}

function counted(text: string, first: number): readonly (Span & { readonly number: number })[] {
  let from = 0;
  return text.split('\n').map((line, index) => {
    const at = from;
    from += line.length + 1;
    return { number: first + index, from: at, to: at + line.length };
  });
}

/** `path:12: ` or `path-12- ` before a line. */
function behindPath(text: string, span: Span): readonly (Span & { readonly number: number })[] {
  const number = /([:-])(\d+)\1 $/.exec(text.slice(text.lastIndexOf('\n', span.from - 1) + 1, span.from))?.[2];
  return number === undefined ? [] : [{ ...span, number: Number(number) }];
}

/** Where the quote stands on a named line or page of this text, or begins there. */
function spanWithin(placed: PlacedText, { line, page }: Named, wanted: Wanted): Span | undefined {
  const segment = page ? pageSegment(placed, page) : line && lineSegment(placed, line);
  if (!segment) return undefined;
  const { startLine, text: stored } = placed.record.evidence;
  const words = wordsOf(placed.text, { numbered: startLine !== undefined && !stored }, [segment]);
  const match = findQuote(wanted, words, false);
  if (match.kind !== 'whole') return undefined;
  const [lines, pages] = [linesAt(placed, match.span), pagesAt(placed.record.evidence, match.span)];
  const right = page ? pages && overlap(pages, page) : line && lines && overlap(lines, line);
  return right === true ? match.span : undefined;
}

function pageSegment({ text, record }: PlacedText, { first, last }: Range): Span | undefined {
  const { pages = [] } = record.evidence;
  const from = pages[first - 1];
  return from === undefined ? undefined : { from, to: pages[last + 1] ?? text.length };
}

function lineSegment(placed: PlacedText, { first, last }: Range): Span | undefined {
  const lines = numberedLines(placed).filter(({ number }) => number >= first && number <= last + longestQuote);
  const [begin, end] = [lines[0], lines.at(-1)];
  return begin && end && { from: begin.from, to: end.to };
}
