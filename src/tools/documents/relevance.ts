/** How well pieces of a text fit what is wanted: BM25 over words, and over pairs of characters where words have no spaces. */

/** A piece, and what it stands under. */
export interface Piece {
  readonly text: string;
  readonly heading: string;
}

/** How soon a term that comes again counts less, and how much long pieces count less (the usual values of BM25). */
const k1 = 1.2;
const b = 0.75;
/** How often a word of the heading counts. */
const headingCount = 2;

/** One score a piece, in order; 0 for one that holds nothing of it. Only words that may be wanted are looked at. */
export function scores(pieces: readonly Piece[], wanted: string): readonly number[] {
  const terms = wantedTerms(wanted);
  const patterns = patternsOf(terms);
  const counted = pieces.map(({ text, heading }) => {
    const counts = new Map<string, number>();
    const count = (term: string, times: number) => {
      if (terms.has(term)) counts.set(term, (counts.get(term) ?? 0) + times);
    };
    for (const term of termsLike(patterns, text)) count(term, 1);
    for (const term of termsLike(patterns, heading)) count(term, headingCount);
    return { counts, length: text.length };
  });
  const averageLength = counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, pieces.length);
  const weights = new Map(
    [...terms].map((term) => {
      const holding = counted.filter(({ counts }) => counts.has(term)).length;
      return [term, Math.log(1 + (pieces.length - holding + 0.5) / (holding + 0.5))];
    }),
  );
  return counted.map(({ counts, length }) => {
    const damp = k1 * (1 - b + (b * length) / Math.max(1, averageLength));
    return [...counts].reduce(
      (sum, [term, count]) => sum + ((weights.get(term) ?? 0) * count * (k1 + 1)) / (count + damp),
      0,
    );
  });
}

/** English words that stand in every text: nobody looks for them. */
const common: ReadonlySet<string> = new Set(
  'a an and are as at be by did do does for from had has have how in is it of on or that the this to was were what when where which who why with'.split(
    ' ',
  ),
);

function wantedTerms(wanted: string): ReadonlySet<string> {
  const all = new Set(termsOf(wanted));
  const telling = new Set([...all].filter((term) => !common.has(term)));
  return telling.size > 0 ? telling : all;
}

/** Characters of scripts without spaces between words. */
const unspaced = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]';
const isUnspaced = new RegExp(unspaced, 'u');

interface Patterns {
  /** Words that begin as a term does. */
  readonly words: RegExp | undefined;
  /** Pairs of characters, wherever they stand, overlapping ones too. */
  readonly pairs: RegExp | undefined;
}

/** Terms are letters and numbers alone: nothing in them means anything in a pattern. */
function patternsOf(terms: ReadonlySet<string>): Patterns {
  const of = (wanted: readonly string[], pattern: (any: string) => string) =>
    wanted.length > 0 ? new RegExp(pattern(wanted.join('|')), 'gu') : undefined;
  const all = [...terms];
  const words = all.filter((term) => !isUnspaced.test(term)).map((term) => term.replace(/i$/, ''));
  return {
    words: of(words, (any) => `(?:${any})[\\p{L}\\p{M}\\p{N}]*`),
    pairs: of(
      all.filter((term) => isUnspaced.test(term)),
      (any) => `(?=(${any}))`,
    ),
  };
}

const letterBefore = /[\p{L}\p{M}\p{N}]$/u;

function termsLike({ words, pairs }: Patterns, text: string): readonly string[] {
  const lower = text.toLowerCase();
  const terms: string[] = [];
  for (const { 0: word, index } of words ? lower.matchAll(words) : []) {
    const before = lower.slice(Math.max(0, index - 2), index);
    if (before === '' || !letterBefore.test(before)) terms.push(stemOf(word));
  }
  for (const [, pair] of pairs ? lower.matchAll(pairs) : []) if (pair !== undefined) terms.push(pair);
  return terms;
}

/** The terms of a text: words without their usual endings, numbers, pairs of characters. */
function termsOf(text: string): readonly string[] {
  const terms: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const characters = Array.from(word);
    if (!isUnspaced.test(word)) terms.push(stemOf(word));
    else if (characters.length === 1) terms.push(word);
    else for (const [at, one] of characters.slice(1).entries()) terms.push(`${characters[at] ?? ''}${one}`);
  }
  return terms;
}

/** A word without a plural or a tense; short words and other alphabets stay as they are. */
function stemOf(word: string): string {
  if (word.length < 5 || !/^[a-z]+$/.test(word)) return word;
  return word.replace(/(?:ies|ied|y)$/, 'i').replace(/(?:ing|ed|es|s|e)$/, '');
}
