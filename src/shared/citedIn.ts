/** What a stretch of an answer cites, and which sources these are. */
import { citationKey, numberBracket, parseNumbers, parsePlaces, type NumberedSource } from './citations.ts';

/** The citations of one sentence, as they are written. */
export interface Cited {
  readonly numbers: readonly number[];
  readonly places: readonly { readonly uri: string; readonly line?: number }[];
}

/** A source that is looked into. */
export interface SoughtSource {
  readonly uri: string;
  /** As the answer numbers it. */
  readonly number?: number;
}

/** Citations of one sentence that are followed. */
const mostCited = 50;

/** Undefined where it cites nothing. */
export function citedIn(text: string): Cited | undefined {
  const numbers = new Set<number>();
  const places: { uri: string; line?: number }[] = [];
  for (const [, a, b, c] of text.matchAll(numberBracket)) {
    const contents = a ?? b ?? c ?? '';
    const named = parseNumbers(contents);
    if (named) for (const number of named) numbers.add(number);
    else places.push(...(parsePlaces(contents) ?? []));
  }
  for (const [, uri = ''] of text.matchAll(/(https?:\/\/[^\s<>"“”()\]，。；]+(?:\([^\s()]*\)[^\s<>"()\]]*)*)/g))
    places.push({ uri: uri.replace(/[.,;:!?'*_`]+$/, '') });
  if (numbers.size === 0 && places.length === 0) return undefined;
  return { numbers: [...numbers].slice(0, mostCited), places: places.slice(0, mostCited) };
}

/** Tells which sources a sentence cites, given those of the whole answer. */
export function sourceLookup(all: readonly NumberedSource[]): (cited: Cited) => readonly SoughtSource[] {
  const byNumber = new Map(all.toReversed().map((source) => [source.number, source]));
  const byPlace = new Map(all.toReversed().map((source) => [citationKey(source), source]));
  return ({ numbers, places }) => {
    const numbered = numbers.flatMap((number) => byNumber.get(number) ?? []);
    const placed = places.map((place) => byPlace.get(citationKey(place)) ?? { uri: place.uri });
    return [...numbered, ...placed]
      .map((source) => ({ uri: source.uri, ...('number' in source && { number: source.number }) }))
      .slice(0, mostCited);
  };
}
