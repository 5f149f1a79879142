/** Citations of an answer: `[path:line]` and `[title](url)` after a claim, and the numbered list that they make. */
import type { Source } from './events.ts';

/** One place that a citation names. Lines count from 1. */
export interface Citation {
  readonly uri: string;
  readonly line?: number;
  readonly endLine?: number;
}

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
    if (url !== undefined) found.push({ uri: url, title: contents });
    else found.push(...(parsePlaces(contents) ?? []));
  }
  return found;
}

/**
 * The sources of an answer, numbered by first mention; what is known of one (title, quote) comes from the fact, and
 * sources that the text does not cite come last. One file's two lines are two sources.
 */
export function numberSources(text: string, sources: readonly Source[]): readonly NumberedSource[] {
  const numbered = new Map<string, NumberedSource>();
  const known = sources.map(({ uri, startLine, title, quote }) => ({
    uri,
    ...(startLine !== undefined && { line: startLine }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { quote }),
  }));
  for (const citation of [...parseCitations(text), ...known]) {
    const key = citationKey(citation);
    const earlier = numbered.get(key);
    numbered.set(key, {
      ...citation,
      ...earlier,
      ...extras(citation, earlier),
      number: earlier?.number ?? numbered.size + 1,
    });
  }
  return [...numbered.values()];
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
