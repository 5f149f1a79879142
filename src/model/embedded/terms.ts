/** A question → the terms to look for: its topical words and identifiers, each with the spellings that count as it. */
import { stopWords, synonymGroups } from './vocabulary.ts';

/** One thing to look for. */
export interface Term {
  /** As the question has it, lower case; unique in a question. */
  readonly name: string;
  /** The word in its forms: a regular expression without flags, good for ripgrep and for JavaScript alike. */
  readonly pattern: string;
  /** The same, compiled, ignoring case. */
  readonly test: RegExp;
  /** Other words that people use for it; they count less. */
  readonly synonyms: { readonly pattern: string; readonly test: RegExp } | undefined;
  /** Whether it is a name rather than a word: it has digits, underscores, dots or inner capitals. */
  readonly isName: boolean;
}

/** At most this many terms of one question; a very long question is cut to its first. */
const mostTerms = 24;

/** The terms of a text, in its order, each once. */
export function termsOf(question: string): readonly Term[] {
  const terms = new Map<string, Term>();
  for (const [token] of question.matchAll(
    /[A-Za-z_]\w*(?:[.-]\w+)*|\d[\w.,]*\w|\d|[:=*<>!/+-]{2,}|[^\x00-\x7f\s\p{P}]{2,}/gu,
  )) {
    for (const part of partsOf(token)) {
      const term = termOf(part);
      if (term && !terms.has(term.name) && terms.size < mostTerms) terms.set(term.name, term);
    }
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
export function termOf(word: string): Term | undefined {
  const name = word.toLowerCase();
  if (stopWords.has(name.replace(/['’]/g, '')) || /^[a-z]$/.test(name)) return undefined;
  const isName = /[\d_.]|[a-z][A-Z]|^[A-Z]{2,}$/.test(word);
  const isWord = /^[\w.-]+$/.test(word);
  const pattern = isWord ? bounded(isName ? escaped(name) : inflected(name)) : escaped(word);
  const others = isWord && !isName ? synonymsOf(name) : [];
  const synonyms = bounded(`(?:${[...new Set(others.map(inflected))].join('|')})`);
  return {
    name,
    pattern,
    test: new RegExp(pattern, 'iu'),
    synonyms: others.length > 0 ? { pattern: synonyms, test: new RegExp(synonyms, 'iu') } : undefined,
    isName,
  };
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

function partsOf(token: string): readonly string[] {
  if (/^\d/.test(token) || !/[.-]/.test(token)) return [token];
  return token.includes('.') ? [token, ...token.split('.')] : token.split('-');
}

/** A part of a name counts as a word: `ssl` is in `IMAP4_SSL`. */
function bounded(pattern: string): string {
  return `(?:\\b|_)${pattern}(?:\\b|[_\\d])`;
}

function inflected(word: string): string {
  const root = stem(word);
  if (root.length < 3 || !/^[a-z]+$/.test(root)) return escaped(word);
  const last = root.charAt(root.length - 1);
  const doubled = /[bdgmnprt]/.test(last) ? `${last}?` : '';
  return `${root}${doubled}(?:e|y|s|es|ies|ed|ied|ing|ings|er|ers|ion|ions|ation|ations|ment|ments|able|ably|ally|ly|ness)?`;
}

function synonymsOf(name: string): readonly string[] {
  const root = stem(name);
  const groups = synonymGroups.filter((group) => group.some((word) => stem(word) === root));
  return groups.flat().filter((word) => stem(word) !== root);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
