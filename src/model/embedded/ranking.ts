/** How well a passage fits a question. */
import type { Passage, Sentence } from './passages.ts';
import { searchable, type Term } from './terms.ts';

/** What a question looks for, and how telling each term is in this workspace. */
export interface Query {
  readonly terms: readonly Term[];
  /** By the term's name: the rarer in the workspace, the higher. */
  readonly weights: ReadonlyMap<string, number>;
  /** Signs of the kind of answer that is asked for. */
  readonly signs: readonly RegExp[];
}

/** A passage with its score: about 1 for one that holds every term itself. */
export interface Ranked {
  readonly passage: Passage;
  readonly score: number;
}

/** Weights from the number of files that hold each term, of `fileCount` searched: the inverse document frequency. */
export function weightsOf(
  terms: readonly Term[],
  files: ReadonlyMap<string, number>,
  fileCount: number,
): ReadonlyMap<string, number> {
  return new Map(
    terms.map(({ name, share }) => {
      const rarity = Math.log(1 + fileCount / ((files.get(name) ?? 0) + 0.5));
      return [name, (0.3 + rarity) * share];
    }),
  );
}

/** How much a term counts where it stands: in the text itself, in what names the text, or only near it. */
const inText = 1;
const inSignature = 0.9;
const inHeading = 0.7;
const inPath = 0.55;
const nearby = 0.35;
/** What a term's further places add to its best. */
const again = 0.15;
const synonymShare = 0.6;
const partsShare = 0.9;
/** What the terms that one sentence holds together add. */
const together = 0.35;
/** How many lines away a term may stand to count a little. */
const nearLines = 6;

/** Ranks the passages of one stretch of a file, best first. */
export function rank(passages: readonly Passage[], query: Query): readonly Ranked[] {
  const holding = holdings(query);
  const total = query.terms.reduce((sum, { name }) => sum + (query.weights.get(name) ?? 0), 0) || 1;
  const sentences = [...new Set(passages.flatMap((passage) => passage.sentences))];
  return passages
    .map((passage) => {
      const near = sentences.filter(
        ({ line, endLine }) => line <= passage.endLine + nearLines && endLine >= passage.line - nearLines,
      );
      return { passage, score: (scoreOf(passage, near, query, holding) / total) * kindness(passage, query) };
    })
    .sort(byScore);
}

/** How much of the question one sentence holds by itself, and whether it has the kind of thing that is asked for. */
export function sentenceScore(text: string, query: Query): number {
  const held = holdings(query)(text);
  const sum = query.terms.reduce(
    (all, { name }, index) => all + (held[index] ?? 0) * (query.weights.get(name) ?? 0),
    0,
  );
  const signs = query.signs.filter((one) => one.test(text)).length;
  return sum * (1 + 0.3 * signs) + 0.5 * signs;
}

/** For each term how much of it a text holds: all, a synonym, nothing. */
type Holding = (text: string) => readonly number[];

function holdings({ terms }: Query): Holding {
  const known = new Map<string, readonly number[]>();
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const words = searchable(text);
    const held = terms.map(({ test, compound, synonyms }) => {
      if (test.test(words)) return 1;
      return compound?.test(words) === true || synonyms.some((synonym) => synonym.test.test(words)) ? synonymShare : 0;
    });
    const whole = withParts(held, terms);
    known.set(text, whole);
    return whole;
  };
}

/** A name is as good as held where all of its parts are. */
function withParts(held: readonly number[], terms: readonly Term[]): readonly number[] {
  return held.map((share, index) => {
    const parts = terms[index]?.parts ?? [];
    if (share === 1 || parts.length === 0) return share;
    const ofParts = parts.map((part) => held[terms.findIndex(({ name }) => name === part)] ?? 1);
    return Math.max(share, partsShare * Math.min(...ofParts));
  });
}

function scoreOf(
  { sentences, signature, heading, path }: Passage,
  near: readonly Sentence[],
  { terms, weights }: Query,
  holding: Holding,
): number {
  const own = sentences.map(({ text }) => holding(text).map((share) => (isQuestion(text) ? 0.3 * share : share)));
  const around = near.map(({ text }) => holding(text));
  const names = [
    [holding(signature), inSignature],
    [holding(heading), inHeading],
    [holding(`${path} ${path.replace(/[/_.-]+/g, ' ')}`), inPath],
  ] as const;
  const most = (held: readonly (readonly number[])[], index: number) =>
    Math.max(0, ...held.map((one) => one[index] ?? 0));
  const weight = (index: number) => weights.get(terms[index]?.name ?? '') ?? 0;
  const shares = terms.map((_, index) => {
    const held = [inText * most(own, index), ...names.map(([one, share]) => share * (one[index] ?? 0))];
    held.push(nearby * most(around, index));
    const best = Math.max(...held);
    return (
      best +
      again *
        Math.min(
          1,
          held.reduce((all, one) => all + one, -best),
        )
    );
  });
  const anywhere = withParts(shares, terms).reduce((sum, share, index) => sum + share * weight(index), 0);
  const inOne = own.map((held) => held.reduce((sum, share, index) => sum + share * weight(index), 0));
  return (anywhere + together * Math.max(0, ...inOne)) / (1 + together);
}

/** What a passage is, apart from its topic: the kind of answer asked for, prose, a beginning; hardly a question. */
function kindness({ text, sentences }: Passage, { signs }: Query): number {
  const sign = signs.length === 0 ? 0 : (0.12 * signs.filter((one) => one.test(text)).length) / signs.length;
  const opens = sentences[0]?.opens === true ? 0.03 : 0;
  const asks = sentences.filter((sentence) => isQuestion(sentence.text)).length / sentences.length;
  return 1 + sign + opens - (isProse(text) ? 0 : 0.2) - 0.8 * asks;
}

/** A passage that only asks the same answers nothing. */
function isQuestion(text: string): boolean {
  return /\?["”')]*$/.test(text);
}

/** Running text has many small words; lists of names, indexes and code have few. */
function isProse(text: string): boolean {
  const words = text.match(/\w+/g) ?? [];
  const small = text.match(smallWords) ?? [];
  return small.length >= 0.15 * words.length;
}

const smallWords =
  /\b(?:a|an|the|of|to|in|on|is|are|was|were|be|been|it|its|this|that|which|and|or|not|by|for|from|with|as|at|if|when|has|have|had|can|may|will)\b/gi;

/** The best passages, at most `limit`, none of them overlapping or saying the same as a better one. */
export function bestApart(ranked: readonly Ranked[], limit: number): readonly Ranked[] {
  const kept: Ranked[] = [];
  for (const one of ranked.toSorted((a, b) => b.score - a.score)) {
    if (kept.length === limit) break;
    if (!kept.some(({ passage }) => overlap(one.passage, passage))) kept.push(one);
  }
  return kept;
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || a.passage.path.localeCompare(b.passage.path) || a.passage.line - b.passage.line;
}

type Placed = Pick<Passage, 'path' | 'line' | 'endLine' | 'text'>;

function overlap(a: Placed, b: Placed): boolean {
  if (a.path === b.path) {
    const shared = Math.min(a.endLine, b.endLine) - Math.max(a.line, b.line) + 1;
    return shared > 0.4 * (Math.min(a.endLine - a.line, b.endLine - b.line) + 1);
  }
  const words = new Set(wordsOf(a.text));
  const others = new Set(wordsOf(b.text));
  const shared = [...others].filter((word) => words.has(word)).length;
  return shared >= 0.65 * Math.min(words.size, others.size);
}

const wordsOf = (text: string) => text.toLowerCase().match(/\w+/g) ?? [];
