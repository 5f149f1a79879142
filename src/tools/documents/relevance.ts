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

/** One score a piece, in order; 0 for one that holds nothing of it. */
export function scores(pieces: readonly Piece[], wanted: string): readonly number[] {
  const terms = new Set(termsOf(wanted));
  const counted = pieces.map(({ text, heading }) => countTerms(text, heading, terms));
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

function countTerms(text: string, heading: string, terms: ReadonlySet<string>) {
  const counts = new Map<string, number>();
  const count = (term: string, times: number) => {
    if (terms.has(term)) counts.set(term, (counts.get(term) ?? 0) + times);
  };
  const words = termsOf(text);
  for (const term of words) count(term, 1);
  for (const term of termsOf(heading)) count(term, headingCount);
  return { counts, length: words.length };
}

/** Words of scripts without spaces between them. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The terms of a text: words without their usual endings, numbers, pairs of characters. */
function termsOf(text: string): readonly string[] {
  const terms: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    if (!unspaced.test(word)) terms.push(stemOf(word));
    else if (word.length === 1) terms.push(word);
    else for (let at = 0; at + 1 < word.length; at++) terms.push(word.slice(at, at + 2));
  }
  return terms;
}

/** A word without a plural or a tense; short words and other alphabets stay as they are. */
function stemOf(word: string): string {
  if (word.length < 5 || !/^[a-z]+$/.test(word)) return word;
  return word.replace(/(?:ies|ied|y)$/, 'i').replace(/(?:ing|ed|es|s|e)$/, '');
}
