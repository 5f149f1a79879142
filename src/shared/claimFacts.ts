/** What is checkable in a sentence: its numbers, dates, names and quoted words. Labels (`Table 2`) are none. */
import { datesIn } from './claimDates.ts';
import { namesIn, type CapitalUse } from './claimNames.ts';
import { numbersIn } from './claimNumbers.ts';

/** One thing that a source has, or has not. */
export type ClaimFact = {
  /** As the sentence has it. */
  readonly text: string;
  /** The same fact has the same key. */
  readonly key: string;
  readonly from: number;
} & (
  | {
      readonly kind: 'number';
      readonly values: readonly number[];
      readonly unit: string;
      /** It stands behind "about" or "over". */
      readonly hedged: boolean;
    }
  | { readonly kind: 'date'; readonly year?: number; readonly month: number; readonly day?: number }
  | { readonly kind: 'name'; readonly words: readonly string[] }
  /** Letters and digits that stand together: `CVE-2023-44487`, `3.10`. */
  | { readonly kind: 'token'; readonly pieces: readonly string[]; readonly marks: readonly string[] }
  | { readonly kind: 'quote' }
);

/** Where a sentence stands. */
export interface FactPlace {
  /** A cell of a table: its unit may stand in the header. */
  readonly cell?: boolean;
  /** What a column's header says its numbers are multiplied with. */
  readonly scale?: number;
  /** It introduces what follows: small numbers only count that. */
  readonly introduces?: boolean;
  readonly capitals: CapitalUse;
}

/** Facts of one sentence at most: a longer one is a hostile one. */
const mostFacts = 60;
const longestSentence = 4_000;

const label =
  /\b(?:tables?|figures?|fig\.|steps?|sections?|chapters?|appendix|items?|parts?|questions?|equations?|eq\.|notes?|points?|findings?|options?|examples?|sources?|abb\.|tabelle|kapitel)\s+\d+(?:\.\d+)*(?:\s*(?:,|and|to|[-–])\s*\d+(?:\.\d+)*)*\b|(?:表|图|第)\s*\d+\s*(?:步|节|章|部分)?/giu;
const quoted = /“[^”\n]{1,400}”|«[^»\n]{1,400}»|「[^」\n]{1,400}」|(?<![\p{L}\p{N}])"[^"\n]{1,400}"(?![\p{L}\p{N}])/gu;
const hedge =
  /(?:\b(?:about|around|approximately|approx\.?|roughly|some|nearly|almost|over|under|above|below|(?:more|less|fewer) than|up to|at least|at most|close to|circa|ca\.?|estimated|rund|etwa|fast|über|knapp)|[~≈><≥≤∼]|[约近超]过?|大约)\s*(?:a |an )?(?:US)?[$€£¥]?\s*$/iu;
/** A small number that counts what the text itself brings, or goes back to it. */
const countsBack = /\b(?:the|these|those|all|other|both|last|first|next|of|my|our|between)\s*$/i;
const countsText =
  /^\s+(?:\p{L}+\s+)?(?:reasons?|ways?|things?|questions?|factors?|aspects?|sides?|kinds?|types?|main|key|major|options?|approaches|caveats?|examples?|categories|groups of|sorts?)\b/iu;

/** The facts of a sentence, in its order. */
export function factsOf(sentence: string, place: FactPlace): readonly ClaimFact[] {
  const facts: ClaimFact[] = [];
  let rest = plainOf(sentence.slice(0, longestSentence)).replace(label, taken);
  rest = rest.replace(quoted, (text, from: number) => {
    if (/[\p{L}\p{N}]/u.test(text)) facts.push({ kind: 'quote', text, key: `q ${text.slice(1, -1)}`, from });
    return taken(text);
  });
  for (const { from, to, ...date } of datesIn(rest)) {
    if (
      rest.slice(from, to).trim() === '' ||
      facts.some((fact) => fact.from < to && from < fact.from + fact.text.length)
    )
      continue;
    const { year = '', month, day = '' } = date;
    facts.push({ kind: 'date', ...date, text: rest.slice(from, to), key: `d ${year}-${month}-${day}`, from });
  }
  for (const { from, text } of facts) rest = without(rest, from, text);
  const { names, tokens } = namesIn(rest, place.capitals);
  for (const { from, text, pieces, marks } of tokens) {
    facts.push({ kind: 'token', text, pieces, marks, key: `t ${text.toLowerCase()}`, from });
    rest = without(rest, from, text);
  }
  const numbers = numberFacts(rest, place);
  const isNumber = (at: number) => numbers.some(({ from, text }) => from <= at && at < from + text.length);
  // What stands before a colon in bold calls the rest something: its capitals are those of a title.
  const titled =
    /^\s*(?:\*\*|__)[^*\n]{1,80}?(?:[:：]\s?(?:\*\*|__)|(?:\*\*|__)\s?[:：])/.exec(sentence)?.[0].length ?? 0;
  const isTitle = (at: number, words: readonly string[]) =>
    at < titled && !words.some((word) => place.capitals.words.has(word));
  for (const { from, text, words } of names)
    if (!isNumber(from) && !isTitle(from, words))
      facts.push({ kind: 'name', text, words, key: `n ${words.join(' ')}`, from });
  facts.push(...numbers);
  return facts.toSorted((a, b) => a.from - b.from).slice(0, mostFacts);
}

function numberFacts(text: string, { cell = false, scale = 1, introduces = false }: FactPlace): readonly ClaimFact[] {
  return numbersIn(text).flatMap(({ from, to, values, unit }) => {
    const written = text.slice(from, to);
    const before = text.slice(Math.max(0, from - 24), from);
    const [value = 0] = values;
    const spelled = !/\d/.test(written);
    if (spelled && value < 2) return [];
    if (value <= 12 && unit === '' && (introduces || countsText.test(text.slice(to, to + 40)))) return [];
    if (spelled && value <= 12 && unit === '' && countsBack.test(before)) return [];
    const hedged = hedge.test(before);
    const own = cell && unit === '' ? '*' : unit;
    const all = scale === 1 ? values : [...values, ...values.map((each) => Number((each * scale).toPrecision(12)))];
    const key = `v ${all.join('|')} ${own} ${hedged ? '~' : ''}`;
    return [{ kind: 'number', text: written, values: all, unit: own, hedged, key, from }];
  });
}

/** Without citations, addresses and marks of Markdown; what is left stands where it stood. */
function plainOf(sentence: string): string {
  return sentence
    .replace(/https?:\/\/\S+/g, blank)
    .replace(/\[[^\][\n]{0,300}\]|【[^】\n]{0,60}】|［[^］\n]{0,60}］/g, blank)
    .replace(/[*_~]{1,3}(?=\S)|(?<=\S)[*_~]{1,3}/g, (marks) => (marks === '_' || marks === '~' ? marks : blank(marks)));
}

function without(text: string, from: number, piece: string): string {
  return text.slice(0, from) + taken(piece) + text.slice(from + piece.length);
}

/** What is a fact already: no sentence begins behind it. */
function taken(text: string): string {
  return '·'.repeat(text.length);
}

function blank(text: string): string {
  return ' '.repeat(text.length);
}
