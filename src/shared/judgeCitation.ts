/** Judges one citation against the texts of what was read. */
import type { CitationCheck, Span } from './evidence.ts';
import { citedPlace, type PlacedText } from './citedPlace.ts';
import type { NumberedSource } from './citations.ts';
import type { LedgerRecord } from './ledger.ts';
import { sameSource } from './ledger.ts';
import { modelMade } from './modelWords.ts';
import { findQuote, wantedOf, type QuoteMatch, type Wanted } from './quoteMatch.ts';
import type { Words } from './quoteWords.ts';
import { showControls as visible } from './visibleText.ts';

/** The text of a record: its words, and the text itself for a quick look. */
export interface RecordText {
  readonly text: string;
  readonly words: () => Words;
}

/** Gives a record's text; undefined where it cannot be read any more. */
type TextOf = (record: LedgerRecord) => Promise<RecordText | undefined>;

/** What a citation is judged by. */
export interface Readings {
  readonly records: readonly LedgerRecord[];
  readonly textOf: TextOf;
  /** Whether an observation without a record (a command's output) holds the quote; its turn. */
  readonly observed: (wanted: Wanted, quote: string) => number | undefined;
}

/** The judgement, with the place where a click leads. */
export async function judgeCitation(source: NumberedSource, readings: Readings): Promise<CitationCheck> {
  const { number, uri, quote } = source;
  const about = { number, uri, ...(quote !== undefined && { quote }) };
  const own = recordsOf(uri, readings.records);
  const read = own.filter(({ evidence }) => evidence.kind !== 'hit');
  const wanted = quote === undefined ? undefined : wantedOf(quote);
  if (quote === undefined || !wanted || wanted.parts.length === 0) return { ...about, ...withoutQuote(read, own) };
  const best = await bestOf(
    wanted,
    quote,
    [...read.toReversed(), ...own.filter(({ evidence }) => evidence.kind === 'hit')],
    readings,
  );
  if (best?.match.kind === 'whole') {
    const place = { found: best.record.ref, span: best.match.span };
    if (best.byModel !== undefined) return { ...about, state: 'partly', why: best.byModel, ...place };
    if (best.record.evidence.kind !== 'hit')
      return { ...about, state: 'verified', ...place, ...(await cited(source, wanted, best, read, readings)) };
    const why = 'It stands in what a search said of this page; the page itself was not read.';
    return { ...about, state: 'partly', why, ...place };
  }
  if (best?.match.kind === 'near' && best.match.otherClaim) return { ...about, ...nearState(best.record, best.match) };
  const elsewhere = await wholeElsewhere(wanted, quote, own, readings);
  if (elsewhere) return { ...about, ...elsewhere };
  if (best?.match.kind === 'near') return { ...about, ...nearState(best.record, best.match) };
  const [first] = read.length > 0 ? read : own;
  if (first) {
    const why =
      read.length > 0
        ? 'This source was read, but nothing like the quote stands in what was read of it.'
        : 'Only a search named this source, and the quote is not in what it said.';
    return { ...about, state: 'missing', why, found: first.ref };
  }
  return {
    ...about,
    state: 'missing',
    why: 'Nothing of this source was read in this run, and the quote stands nowhere else.',
  };
}

/** Which of the places where the quote stands the citation names, and whether it names one. */
async function cited(
  source: NumberedSource,
  wanted: Wanted,
  { record, match }: Found,
  read: readonly LedgerRecord[],
  { textOf }: Readings,
): Promise<ReturnType<typeof citedPlace>> {
  const own: PlacedText[] = [];
  for (const each of [record, ...read.filter((other) => other !== record)]) {
    const { text: stored, startLine, pages } = each.evidence;
    if (startLine === undefined && !pages) continue;
    const text = stored ? (await textOf(each))?.text : each.content;
    if (text !== undefined) own.push({ record: each, text });
  }
  return own[0]?.record === record ? citedPlace(source, wanted, match.span, own) : {};
}

type Verdict = Pick<CitationCheck, 'state' | 'why' | 'found' | 'span'>;

function withoutQuote(read: readonly LedgerRecord[], own: readonly LedgerRecord[]): Verdict {
  const page = read.at(-1);
  if (page)
    return { state: 'partly', why: 'The source was read, but the answer quotes nothing of it.', found: page.ref };
  const hit = own.at(-1);
  if (hit)
    return {
      state: 'partly',
      why: 'A search named it; it was not read, and the answer quotes nothing of it.',
      found: hit.ref,
    };
  return { state: 'missing', why: 'Nothing of this source was read in this run.' };
}

/** Another number or the opposite is no part of the quote, however close the words are. */
function nearState(
  record: LedgerRecord,
  { share, difference, otherClaim, span }: Extract<QuoteMatch, { kind: 'near' }>,
): Verdict {
  const place = { found: record.ref, span };
  const differs = difference && differenceWords(difference);
  if (otherClaim)
    return { state: 'missing', why: `The source says something else: ${differs ?? 'another sentence'}.`, ...place };
  const percent = Math.min(99, Math.round(share * 100));
  return { state: 'partly', why: `${percent} % of the quote stands there${differs ? `: ${differs}` : ''}.`, ...place };
}

function differenceWords({ quote, text }: { readonly quote: string; readonly text: string }): string {
  const [ours, theirs] = [short(quote), short(text)];
  if (ours === '') return `it has “${theirs}”, which the quote leaves out`;
  if (theirs === '') return `“${ours}” does not stand there`;
  return `“${theirs}” where the quote has “${ours}”`;
}

function short(words: string): string {
  return visible(words.length > 80 ? `${words.slice(0, 79)}…` : words);
}

interface Found {
  readonly record: LedgerRecord;
  readonly match: Exclude<QuoteMatch, { kind: 'none' }>;
  /** Why these are not the source's own words. */
  readonly byModel?: string | undefined;
}

/**
 * The first record that has all of it in its own words, else in a model's, else the one that has the most; a contradiction
 * counts only where none has it.
 */
async function bestOf(
  wanted: Wanted,
  quote: string,
  records: readonly LedgerRecord[],
  { textOf }: Readings,
): Promise<Found | undefined> {
  let best: Found | undefined;
  for (const record of records) {
    const text = await textOf(record);
    if (!text) continue;
    const match = literally(quote, text, record) ?? findQuote(wanted, text.words());
    if (match.kind === 'whole') {
      const byModel = modelMade(text.text, match.span.to);
      if (byModel === undefined) return { record, match };
      if (best?.match.kind !== 'whole') best = { record, match, byModel };
    } else if (match.kind === 'near' && isBetter(match, best?.match)) best = { record, match };
  }
  return best;
}

function isBetter({ share }: Extract<QuoteMatch, { kind: 'near' }>, than: QuoteMatch | undefined): boolean {
  return than?.kind === 'near' ? share > than.share : than === undefined;
}

/** The quote letter for letter, at the edges of words: most are, and this is quick. */
function literally(quote: string, { text }: RecordText, record: LedgerRecord): QuoteMatch | undefined {
  if (record.evidence.text === undefined || !/^[\p{L}\p{N}][^]*[\p{L}\p{N}.!?]$/u.test(quote)) return undefined;
  const at = text.indexOf(quote);
  if (at < 0) return undefined;
  const around = `${text[at - 1] ?? ' '}${text[at + quote.length] ?? ' '}`;
  const span: Span = { from: at, to: at + quote.length };
  // It may be the end or the beginning of a longer number: `500` of `12 500`.
  if (/^\d/.test(quote) && /\d[ \u00A0\u2009\u202F'’]$/.test(text.slice(Math.max(0, at - 2), at))) return undefined;
  if (/\d$/.test(quote) && /^[ \u00A0\u2009\u202F'’]\d{3}/.test(text.slice(span.to, span.to + 4))) return undefined;
  return /[\p{L}\p{N}.,+\-‐-―−/:^⁄]/u.test(around) ? undefined : { kind: 'whole', span };
}

/** All of it in another source, or in an observation without one. */
async function wholeElsewhere(
  wanted: Wanted,
  quote: string,
  own: readonly LedgerRecord[],
  { records, textOf, observed }: Readings,
): Promise<Verdict | undefined> {
  const marks = longestWords(quote);
  const seen = new Set(own);
  for (const record of records.toReversed()) {
    const text = seen.has(record) ? undefined : await textOf(record);
    if (!text || !marks.every((mark) => text.text.includes(mark))) continue;
    const match = findQuote(wanted, text.words(), false);
    if (match.kind !== 'whole') continue;
    const { title, uri } = record.evidence;
    const why = `It stands in another source: ${visible(title ?? uri)}.`;
    return { state: 'partly', why, found: record.ref, span: match.span };
  }
  const turn = observed(wanted, quote);
  if (turn === undefined) return undefined;
  const why = `It stands in what turn ${turn} brought, not in what was read of this source.`;
  return { state: 'partly', why, ...(own[0] && { found: own[0].ref }) };
}

/** The two longest words: a text without them has not all of the quote. */
function longestWords(quote: string): readonly string[] {
  const words = quote.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(1)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 2)
    .map((word) => (/[\u3040-\u9FFF]/.test(word) ? word.slice(0, 2) : word));
}

/** What was read of a source, and what a search said of it. */
export function recordsOf(uri: string, records: readonly LedgerRecord[]): readonly LedgerRecord[] {
  return records.filter(({ evidence }) => isOf(evidence.uri, uri));
}

/** The same source; a path may be cited by its end, where that is more than a name or the name is all there is. */
function isOf(recorded: string, cited: string): boolean {
  const [a, b] = [sameSource(recorded), sameSource(cited)];
  if (a === b) return true;
  const web = /^https?:/i;
  if (web.test(recorded) || web.test(cited) || b === '' || a === '') return false;
  return a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}
