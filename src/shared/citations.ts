/** Citations of an answer: `[n]`, `[path:line]` and `[title](url)` after a claim, and the numbered list that they make. */
import type { Source } from './events.ts';
import { splitSources, type Citation } from './sourceList.ts';

/** One entry of the list of sources; `number` counts from 1. */
export interface NumberedSource extends Citation {
  readonly number: number;
  readonly title?: string;
  readonly quote?: string;
}

const place = /^\s*(.*[^\s:]):(\d+)(?:\s*[-–]\s*(\d+))?\s*$/;

/**
 * The places that a bracket's contents name (`a.md:3`, `a b.md:3-9`, several with `;` or `,` between), or undefined when
 * it is no citation. Every part has to be one.
 */
export function parsePlaces(contents: string): readonly Citation[] | undefined {
  const whole = parsePlace(contents);
  const parts = contents.split(/[;,]\s+|;/);
  if (parts.length < 2) return whole && [whole];
  const places = parts.map(parsePlace).filter((citation) => citation !== undefined);
  if (places.length === parts.length) return places;
  return whole && [whole];
}

function parsePlace(text: string): Citation | undefined {
  const [, uri, line, endLine] = place.exec(text) ?? [];
  if (uri === undefined || !/\p{L}/u.test(uri) || Number(line) < 1 || /^[a-z]+:\/\/[^/]*$/i.test(uri)) return undefined;
  return { uri, line: Number(line), ...(endLine !== undefined && { endLine: Number(endLine) }) };
}

/** All citations of a Markdown text in order, links included. */
export function parseCitations(text: string): readonly (Citation & { readonly title?: string })[] {
  const found: (Citation & { readonly title?: string })[] = [];
  for (const match of text.matchAll(/\[([^[\]\n]+)\](?:\((https?:\/\/[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\))?/g)) {
    const [, contents = '', url] = match;
    if (url !== undefined && isPicture(text, match.index)) continue;
    if (url !== undefined) found.push({ uri: url, title: contents });
    else found.push(...(parsePlaces(contents) ?? []));
  }
  return found;
}

/** Whether the bracket there is the words of a picture. */
function isPicture(text: string, at: number): boolean {
  return text[at - 1] === '!' && text[at - 2] !== '\\';
}

/**
 * The sources of an answer. Those that it lists itself keep their numbers; others are numbered behind them by first mention;
 * what is known of one (title, quote) comes from the fact, and sources that the text does not cite come last. One file's two
 * lines are two sources.
 */
export function numberSources(text: string, sources: readonly Source[]): readonly NumberedSource[] {
  const { body, listed } = splitSources(text);
  const numbered: NumberedSource[] = [...listed];
  const known = sources.map(({ uri, startLine, title, quote }) => ({
    uri,
    ...(startLine !== undefined && { line: startLine }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { quote }),
  }));
  const places = new Map<string, number[]>();
  for (const [at, entry] of numbered.entries()) addTo(places, citationKey(entry), at);
  let highest = numbered.reduce((most, { number }) => Math.max(most, number), 0);
  for (const citation of [...parseCitations(body), ...known]) {
    const key = citationKey(citation);
    const at = places.get(key)?.find((index) => isSame(numbered[index], citation));
    const earlier = at === undefined ? undefined : numbered[at];
    if (at !== undefined && earlier) numbered[at] = { ...citation, ...earlier, ...extras(citation, earlier) };
    else addTo(places, key, numbered.push({ ...citation, number: ++highest }) - 1);
  }
  return numbered;
}

/** Of one place: not another quote. */
function isSame(entry: Partial<NumberedSource> | undefined, { quote }: Partial<NumberedSource>): boolean {
  return quote === undefined || entry?.quote === undefined || entry.quote === quote;
}

function addTo(places: Map<string, number[]>, key: string, at: number): void {
  const known = places.get(key);
  if (known) known.push(at);
  else places.set(key, [at]);
}

/**
 * The numbers that a bracket's contents name: `1`, `1, 3`, `1-3`, `^2`, with what some models put behind (`1†L3`); undefined
 * where it is no such mark.
 */
export function parseNumbers(contents: string): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const part of contents.split(/[,;，、；]/)) {
    const [, first, last] = /^\s*\^?(\d{1,4})(?:\s*[-–~]\s*\^?(\d{1,4}))?(?:†[^\],]*)?\s*$/.exec(part) ?? [];
    if (first === undefined) return undefined;
    const [from, to] = [Number(first), Number(last ?? first)];
    if (to < from || to - from > 50) return undefined;
    for (let number = from; number <= to; number++) numbers.push(number);
  }
  return numbers;
}

/** A bracket that may hold numbers, of either width. */
export const numberBracket = /\[([^[\]\n]{1,60})\](?!\()|【([^【】\n]{1,60})】|［([^［］\n]{1,60})］/gu;

/** The numbers that a text cites, in order, each once. */
export function citedNumbers(text: string): readonly number[] {
  const found = [...withoutCode(text).matchAll(numberBracket)].flatMap(
    ([, a, b, c]) => parseNumbers(a ?? b ?? c ?? '') ?? [],
  );
  return [...new Set(found)];
}

/** Code is blanked, place by place: a bracket there cites nothing. */
export function withoutCode(text: string): string {
  return text.replace(/^(?:```|~~~)[^]*?^(?:```|~~~)|`[^`\n]+`(?!\])/gm, (code) => code.replace(/[^\n]/g, ' '));
}

/** What makes two citations the same source. */
export function citationKey({ uri, line }: Citation): string {
  return `${uri}\n${line ?? ''}`;
}

function extras(citation: Partial<NumberedSource>, earlier?: NumberedSource): Partial<NumberedSource> {
  const title = earlier?.title ?? citation.title;
  const quote = earlier?.quote ?? citation.quote;
  return { ...(title !== undefined && { title }), ...(quote !== undefined && { quote }) };
}
