/** What a source has of the facts that are looked for: one pass over its text, which keeps nothing else. */
import { datesIn } from './claimDates.ts';
import type { ClaimFact } from './claimFacts.ts';
import { nameWord } from './claimNames.ts';
import { numbersIn, sameUnit } from './claimNumbers.ts';
import { acronymOf, isAcronym, variantsOf } from './nameVariants.ts';

/** Words of the names and tokens that are looked for. */
export interface WantedWords {
  readonly words: ReadonlySet<string>;
  readonly acronyms: ReadonlySet<string>;
}

/** One source's facts. */
export interface SourceFacts {
  readonly text: string;
  /** The units that each number has. */
  readonly numbers: ReadonlyMap<number, ReadonlySet<string>>;
  /** The numbers in order of size. */
  readonly sorted: readonly number[];
  /** `year-month-day`, and each with parts left out from either end. */
  readonly dates: ReadonlySet<string>;
  /** Where each word that is looked for stands, the first places. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
  /** Acronyms that are looked for and written out here. */
  readonly acronyms: ReadonlySet<string>;
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/** Places of a word that are kept, and different numbers of a source. */
const mostPlaces = 500;
const mostNumbers = 100_000;
/** Of a number behind "about". */
const tolerance = 0.1;

/** What has to be kept of sources to look for these facts. */
export function wantedWords(facts: Iterable<ClaimFact>): WantedWords {
  const words = new Set<string>();
  const acronyms = new Set<string>();
  for (const fact of facts) {
    if (fact.kind === 'token') for (const piece of fact.pieces) words.add(piece);
    if (fact.kind !== 'name') continue;
    for (const word of fact.words) for (const variant of variantsOf(word)) words.add(variant);
    const [only = ''] = fact.words;
    if (fact.words.length === 1 && isAcronym(only)) acronyms.add(only);
    const short = acronymOf(fact.words);
    if (short !== undefined) words.add(short);
  }
  return { words, acronyms };
}

/** Reads a text once. */
export function sourceFacts(text: string, wanted: WantedWords): SourceFacts {
  const numbers = new Map<number, Set<string>>();
  for (const { values, unit } of numbersIn(text)) for (const value of values) addNumber(numbers, value, unit);
  const dates = new Set<string>();
  for (const { year, month, day } of datesIn(text)) {
    for (const key of [
      dateKey(year, month, day),
      dateKey(year, month),
      dateKey(undefined, month, day),
      dateKey(undefined, month),
    ])
      dates.add(year === undefined ? `${key}?` : key);
    for (const value of [year, month, day]) if (value !== undefined) addNumber(numbers, value, '');
  }
  return { text, numbers, sorted: [...numbers.keys()].toSorted((a, b) => a - b), dates, ...wordsOf(text, wanted) };
}

function addNumber(numbers: Map<number, Set<string>>, value: number, unit: string): void {
  const known = numbers.get(value);
  if (known) known.add(unit);
  else if (numbers.size < mostNumbers) numbers.set(value, new Set([unit]));
}

function dateKey(year: number | undefined, month: number, day?: number): string {
  return `${year ?? ''}-${month}-${day ?? ''}`;
}

function wordsOf(text: string, { words, acronyms }: WantedWords): Pick<SourceFacts, 'places' | 'acronyms'> {
  const places = new Map<string, Place[]>();
  const written = new Set<string>();
  let initials = '';
  let end = 0;
  if (words.size === 0 && acronyms.size === 0) return { places, acronyms: written };
  for (const match of text.matchAll(
    /(?:\p{Lu}\.){2,}|[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}]+(?:['’]s(?![\p{L}]))?|\d+/gu,
  )) {
    const word = nameWord(match[0]);
    const from = match.index;
    if (words.has(word)) {
      const known = places.get(word);
      const place = { from, to: from + match[0].length };
      if (!known) places.set(word, [place]);
      else if (known.length < mostPlaces) known.push(place);
    }
    if (acronyms.size === 0) continue;
    const upper = /^\p{Lu}/u.test(match[0]);
    if (!upper && /^(?:of|and|the|for|de|du|des)$/.test(word)) continue;
    initials = upper && from - end < 12 ? (initials + (word[0] ?? '')).slice(-6) : upper ? (word[0] ?? '') : '';
    end = from + match[0].length;
    for (let length = 2; length <= initials.length; length++) {
      const letters = initials.slice(-length);
      if (acronyms.has(letters) && isAcronym(letters)) written.add(letters);
    }
  }
  return { places, acronyms: written };
}

/** Whether a source has a fact. A quotation is for the one who has the source's words. */
export function hasFact(source: SourceFacts, fact: Exclude<ClaimFact, { kind: 'quote' }>): boolean {
  switch (fact.kind) {
    case 'number':
      return hasNumber(source, fact);
    case 'date':
      return hasDate(source, fact);
    case 'name':
      return hasName(source, fact.words);
    case 'token':
      return hasToken(source, fact);
  }
}

function hasNumber({ numbers, sorted }: SourceFacts, fact: Extract<ClaimFact, { kind: 'number' }>): boolean {
  const fits = (value: number) => [...(numbers.get(value) ?? [])].some((unit) => sameUnit(unit, fact.unit));
  if (fact.values.some(fits)) return true;
  if (!fact.hedged) return false;
  return fact.values.some((value) => {
    const isYear = fact.unit === '' && /^[12]\d{3}$/.test(fact.text);
    const slack = isYear ? 5 : Math.abs(value) * tolerance;
    let seen = 0;
    for (let at = firstFrom(sorted, value - slack); seen < mostPlaces; at++, seen++) {
      const near = sorted[at];
      if (near === undefined || near > value + slack) return false;
      if (fits(near)) return true;
    }
    return false;
  });
}

function firstFrom(sorted: readonly number[], least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Every part that is written in both agrees; a year may stand elsewhere in a source that has the day without one. */
function hasDate({ dates, numbers }: SourceFacts, { year, month, day }: Extract<ClaimFact, { kind: 'date' }>): boolean {
  if (dates.has(dateKey(year, month, day))) return true;
  const yearless = dates.has(`${dateKey(undefined, month, day)}?`);
  return yearless && (year === undefined || numbers.has(year));
}

function hasName(source: SourceFacts, words: readonly string[]): boolean {
  const { places, acronyms } = source;
  const [only = ''] = words;
  const short = acronymOf(words);
  if (short !== undefined && places.get(short)?.some(({ from, to }) => /^\p{Lu}+$/u.test(source.text.slice(from, to))))
    return true;
  if (words.length === 1 && acronyms.has(only)) return true;
  const lists = words.map((word) => placesOf(places, word));
  const [first = []] = lists;
  return (
    first.some((place) => goesOn(source.text, place, lists)) || (words.length === 2 && isTurned(source.text, lists))
  );
}

function placesOf(places: SourceFacts['places'], word: string): readonly Place[] {
  const lists = variantsOf(word).flatMap((variant) => {
    const list = places.get(variant);
    return list ? [list] : [];
  });
  const [only = []] = lists;
  return lists.length < 2 ? only : lists.flat().toSorted((a, b) => a.from - b.from);
}

/** Characters between two words of a name: initials, a second forename, "and Per". */
const widestGap = 24;

/** The other words follow, with nothing between them that ends a name. */
function goesOn(text: string, place: Place, lists: readonly (readonly Place[])[]): boolean {
  let last = place;
  for (const list of lists.slice(1)) {
    const next = list[behind(list, last.to)];
    if (!next || next.from - last.to > widestGap) return false;
    const gap = text.slice(last.to, next.from);
    if (!/^(?:[^\p{L}\p{N},;:!?.|\n]|\n(?!\s*\n)|\p{L}\.|\p{L}[\p{L}\p{M}]*(?=[^\p{L}.]))*$/u.test(gap)) return false;
    last = next;
  }
  return true;
}

/** `Okafor, Ines`, and no other name behind it. */
function isTurned(text: string, [first = [], last = []]: readonly (readonly Place[])[]): boolean {
  return last.some(({ to }) => {
    const given = first[behind(first, to)];
    return (
      given !== undefined &&
      given.from === to + 2 &&
      /^, $/.test(text.slice(to, given.from)) &&
      !/^ \p{Lu}\p{Ll}/u.test(text.slice(given.to, given.to + 3))
    );
  });
}

function behind(list: readonly Place[], least: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.from ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The runs of letters and digits one right behind the other, and no digit more. */
function hasToken({ text, places }: SourceFacts, { pieces, marks }: Extract<ClaimFact, { kind: 'token' }>): boolean {
  const [first = ''] = pieces;
  const lists = pieces.map((piece) => places.get(piece) ?? []);
  return (places.get(first) ?? []).some((place) => {
    let last = place;
    for (const [index, list] of lists.entries()) {
      if (index === 0) continue;
      const next = list[behind(list, last.to)];
      if (!next || next.from - last.to > 1) return false;
      const gap = text.slice(last.to, next.from);
      const digits = /\d$/.test(pieces[index - 1] ?? '') && /^\d/.test(pieces[index] ?? '');
      if (digits ? gap !== marks[index] : !/^[-‐‑–_. ]?$/.test(gap)) return false;
      last = next;
    }
    return (
      !/^(?:[\p{L}\d]|\.\d)/u.test(text.slice(last.to, last.to + 2)) &&
      !/(?:[^\P{L}vV]|\d\.?)$/u.test(text.slice(Math.max(0, place.from - 2), place.from))
    );
  });
}
