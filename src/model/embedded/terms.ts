/** A question → the terms to look for: its topical words and identifiers, each with the spellings that count as it. */
import { irregularForms, stopWords, synonymGroups } from './vocabulary.ts';

/** One thing to look for. */
export interface Term {
  /** As the question has it, lower case; unique in a question. */
  readonly name: string;
  /** A short regular expression without flags for the search: finds all its forms, and a little more. */
  readonly pattern: string;
  /** Its forms and nothing more, also as a part of a longer name; for text that `searchable` made. */
  readonly test: RegExp;
  /** Words that begin with it, or hold it if it is long (`filename`, `nchannels`); they count less. */
  readonly compound: RegExp | undefined;
  /** Other words that people use for it; they count less. */
  readonly synonyms: readonly { readonly pattern: string; readonly test: RegExp }[];
  /** Whether it is a name rather than a word: it has digits, underscores, dots or inner capitals. */
  readonly isName: boolean;
  /** The terms of its parts, by name: a text that holds them all holds as good as the whole. */
  readonly parts: readonly string[];
  /** How much it counts beside its rarity: less for a part of a name that is looked for whole as well. */
  readonly share: number;
}

/** At most this many terms of one question; a very long question is cut to its first. */
const mostTerms = 24;
/** What is measured is no word of the answer: it is a number. */
const measure = /\bhow (?:long|often|many|much|far|old|big|large|wide|high|tall|deep|fast|slow|heavy)\b/gi;
const partShare = 0.4;

/** The terms of a text, in its order, each once. */
export function termsOf(question: string): readonly Term[] {
  const terms = new Map<string, Term>();
  const add = (word: string, share: number, parts: readonly string[] = []) => {
    const term = termOf(word, share, parts);
    if (term && !terms.has(term.name) && terms.size < mostTerms) terms.set(term.name, term);
  };
  for (const [token] of question
    .replace(measure, ' ')
    .matchAll(/[A-Za-z_]\w*(?:[.-]\w+)*|\d[\w.,]*\w|\d|[:=*<>!/+-]{2,}|[^\x00-\x7f\s\p{P}]{2,}/gu)) {
    const { whole, parts } = partsOf(token);
    for (const word of whole) add(word, 1, parts);
    for (const word of parts) add(word, partShare);
  }
  return [...terms.values()];
}

/** The terms of a question; a follow-up with few of its own takes those of the question before as well. */
export function questionTerms(question: string, earlier: readonly string[]): readonly Term[] {
  const own = termsOf(question);
  const previous = earlier.at(-1);
  if (own.length > 1 || previous === undefined) return own;
  return [...own, ...termsOf(previous).filter(({ name }) => own.every((term) => term.name !== name))];
}

/** The term of one word; undefined for a word without topic. */
export function termOf(word: string, share = 1, ofWhole: readonly string[] = []): Term | undefined {
  const name = word.toLowerCase();
  if (stopWords.has(name.replace(/['’]/g, '')) || /^[a-z]$/.test(name)) return undefined;
  const isName = /[\d_.]|[a-z][A-Z]|^[A-Z]{2,}$/.test(word);
  const parts = ofWhole.map((part) => part.toLowerCase()).filter((part) => part !== name);
  const isWord = /^[a-z]+$/.test(name) && !isName;
  const { pattern, test } = isWord ? formsOf(name) : literal(name);
  const synonyms = isWord ? synonymsOf(name).map(formsOf) : [];
  return { name, pattern, test, compound: isWord ? compoundsOf(name) : undefined, synonyms, isName, parts, share };
}

/** Text as terms are tested on it: as it is, and again with the words of its names apart (`setSwitch` → `set Switch`). */
export function searchable(text: string): string {
  const apart = text.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return apart === text ? text : `${text} \n ${apart}`;
}

/** The stem of a plain word: what its usual endings are put to. */
export function stem(word: string): string {
  for (const [ending, shortest] of endings) {
    if (word.endsWith(ending) && word.length - ending.length >= shortest) {
      const cut = word.slice(0, -ending.length);
      return /([bdgmnprt])\1$/.test(cut) ? cut.slice(0, -1) : cut;
    }
  }
  return word;
}

const endings: readonly (readonly [ending: string, shortestStem: number])[] = [
  ['ations', 4], ['ation', 4], ['ments', 4], ['ment', 4], ['ness', 4], ['ings', 4], ['ing', 3], ['ions', 4],
  ['ion', 4], ['ably', 4], ['able', 4], ['ally', 4], ['ies', 3], ['ied', 3], ['ers', 4], ['er', 4], ['ed', 3],
  ['es', 4], ['ly', 4], ['s', 3], ['e', 3], ['y', 3],
]; // prettier-ignore

const anyEnding =
  '(?:e|y|s|es|ies|ed|ied|ing|ings|er|ers|or|ors|ion|ions|ation|ations|ment|ments|able|ably|al|ally|ly|ness)?';

function partsOf(token: string): { readonly whole: readonly string[]; readonly parts: readonly string[] } {
  if (/^\d/.test(token)) return { whole: [token], parts: [] };
  if (/[._]/.test(token)) return { whole: [token], parts: token.split(/[._]+/).filter((part) => part.length > 1) };
  if (token.includes('-')) return { whole: token.split('-'), parts: [] };
  return { whole: [token], parts: [] };
}

/** A part of a name counts as a word: `ssl` is in `IMAP4_SSL`. */
function bounded(pattern: string): RegExp {
  return new RegExp(`(?<![a-z])${pattern}(?![a-z])`, 'iu');
}

function literal(name: string): Pick<Term, 'pattern' | 'test'> {
  const pattern = escaped(name);
  const isWord = /^\w.*\w$|^\w$/s.test(name);
  const test = isWord ? new RegExp(`(?<![a-z\\d])${pattern}(?![a-z\\d])`, 'iu') : new RegExp(pattern, 'iu');
  return { pattern: isWord && name.length < 5 ? `\\b${pattern}\\b` : pattern, test };
}

/** A long stem is telling wherever it stands; a short one only at the start of a word. */
function formsOf(word: string): Pick<Term, 'pattern' | 'test'> {
  const forms = irregularForms.find((group) => group.includes(word));
  if (forms) return { pattern: `\\b(?:${forms.join('|')})`, test: bounded(`(?:${forms.join('|')})(?:s|es|ing)?`) };
  const root = stem(word);
  if (root.length < 3) return { pattern: `\\b${word}\\b`, test: bounded(word) };
  const doubled = /[bdgmnprt]$/.test(root) ? `${root.charAt(root.length - 1)}?` : '';
  const test = bounded(`${root}${doubled}${anyEnding}`);
  if (root.length > 5) return { pattern: root, test };
  return { pattern: root.length > 3 ? `\\b${root}` : `\\b${root}\\w{0,3}\\b`, test };
}

function compoundsOf(word: string): RegExp | undefined {
  const root = stem(word);
  if (root.length < 4) return undefined;
  return new RegExp(root.length > 5 ? root : `(?<![a-z])${root}`, 'iu');
}

/** Words of the groups that the word is in, one a stem. */
function synonymsOf(name: string): readonly string[] {
  const root = stem(name);
  const groups = synonymGroups.filter((group) => group.some((word) => stem(word) === root));
  const others = new Map(groups.flat().map((word) => [stem(word), word] as const));
  others.delete(root);
  return [...others.values()];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
