/** How well a passage fits a question. */
import type { Passage } from './passages.ts';
import type { Term } from './terms.ts';

/** What a question looks for, and how telling each term is in this workspace. */
export interface Query {
  readonly terms: readonly Term[];
  /** By the term's name: the rarer in the workspace, the higher. */
  readonly weights: ReadonlyMap<string, number>;
  /** Whether a number is asked for (how many, which year, …). */
  readonly wantsNumber: boolean;
}

/** A passage with its score: 1 for one that holds every term itself. */
export interface Ranked {
  readonly passage: Passage;
  readonly score: number;
}

/** Weights from the number of files that hold each term, of `fileCount` searched. */
export function weightsOf(
  terms: readonly Term[],
  files: ReadonlyMap<string, number>,
  fileCount: number,
): ReadonlyMap<string, number> {
  return new Map(
    terms.map((term) => {
      const count = files.get(term.name) ?? 0;
      const rarity = Math.log(1 + fileCount / (count + 0.5));
      return [term.name, (0.3 + rarity) * (term.isName ? 1.3 : 1)];
    }),
  );
}

/** Whether a question asks for a number. */
export function wantsNumber(question: string): boolean {
  return /\bhow (?:many|much|long|often|large|big|wide|fast|high|old|far|deep|slow|small)\b|\b(?:number|size|year|date|port|percent\w*|version|maximum|minimum|highest|lowest|default|width|length|value|limit)\b|\bwhen\b/i.test(
    question,
  );
}

/**
 * Ranks the passages of one stretch of a file, best first. A term counts whole in the text, less as a synonym, in the
 * heading, in the path, or only next to the passage.
 */
export function rank(passages: readonly Passage[], query: Query): readonly Ranked[] {
  const total = [...query.weights.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  return passages
    .map((passage) => {
      const near = passages.filter(
        ({ line, endLine }) => line <= passage.endLine + nearLines && endLine >= passage.line - nearLines,
      );
      const context = near.map(({ text }) => text).join(' ');
      return { passage, score: scoreOf(passage, context, query) / total };
    })
    .sort(byScore);
}

/**
 * The best passages, at most `limit`, none of them overlapping or saying the same as a better one. Each passage of a file
 * makes the next of it count less, so that one page does not fill the list.
 */
export function bestApart(ranked: readonly Ranked[], limit: number, again = 1): readonly Ranked[] {
  const kept: Ranked[] = [];
  let left = [...ranked];
  while (kept.length < limit && left.length > 0) {
    const [best] = left
      .map((one) => ({ one, worth: one.score * again ** timesIn(one.passage.path, kept) }))
      .sort(byWorth);
    if (!best) break;
    kept.push(best.one);
    left = left.filter(({ passage }) => !overlap(passage, best.one.passage));
  }
  return kept;
}

function timesIn(path: string, kept: readonly Ranked[]): number {
  return kept.filter(({ passage }) => passage.path === path).length;
}

const byWorth = (a: { readonly worth: number }, b: { readonly worth: number }) => b.worth - a.worth;

/** How many lines away a term may stand to count a little. */
const nearLines = 6;

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || a.passage.path.localeCompare(b.passage.path) || a.passage.line - b.passage.line;
}

function scoreOf({ text, heading, path }: Passage, context: string, query: Query): number {
  const pathWords = `${path} ${path.replace(/[/_.-]+/g, ' ')}`;
  const places = [
    [text, 1],
    [heading, 0.7],
    [pathWords, 0.6],
    [context, 0.35],
  ] as const;
  const holdsNumber = query.wantsNumber && numbers.test(text);
  let sum = 0;
  for (const { name, test, synonyms } of query.terms) {
    const held = places.map(([place, share]) => {
      if (test.test(place)) return share;
      return synonyms?.test.test(place) ? share * synonymShare : 0;
    });
    if (holdsNumber && measures.has(name)) held.push(0.5);
    sum += Math.max(...held) * (query.weights.get(name) ?? 0);
  }
  const inHeading = query.terms.filter(({ test, synonyms }) => test.test(heading) || synonyms?.test.test(heading));
  const share = inHeading.length / Math.max(query.terms.length, (heading.match(/\w+/g) ?? []).length / 2);
  sum *= 1 + 0.2 * share;
  const number = !holdsNumber ? 0 : quantity.test(text) ? 0.2 : 0.1;
  const definition = query.terms.some(({ isName, test }) => isName && test.test(text.slice(0, 60))) ? 0.1 : 0;
  const page = path.slice(path.lastIndexOf('/') + 1).replace(/[_.-]+/g, ' ');
  const named = query.terms.some(({ test }) => test.test(page)) ? 0.08 : 0;
  return sum * (1 + number + definition + named - (isMostlyCode(text) ? 0.1 : 0) - 0.8 * questionShare(text));
}

const synonymShare = 0.6;

const numberWords = 'two|three|four|five|six|seven|eight|nine|ten|twelve|dozens?|hundreds?|thousands?|millions?';
const numbers = new RegExp(`\\d|\\b(?:${numberWords})\\b`, 'iu');
/** So many of something: a number with a unit after it. */
const quantity = new RegExp(
  `(?:\\b\\d[\\d,.]*|\\b(?:${numberWords})) (?:of )?(?:[a-z]+ )?[a-z]{2,}s\\b|\\d ?(?:%|[KMGT]i?B\\b)`,
  'iu',
);

/** Words that ask how much of something there is: a number answers them, often without the word. */
const measures: ReadonlySet<string> = new Set(
  `highest lowest maximum minimum max min largest smallest biggest greatest earliest latest wide width long length size
  big large fast slow often frequent number count old high low deep limit digits precision`.split(/\s+/),
);

/** How much of a passage only asks: that answers nothing. */
function questionShare(text: string): number {
  const asked = text.match(/[^.!?]+\?/g) ?? [];
  return asked.join('').length / Math.max(1, text.length);
}

function isMostlyCode(text: string): boolean {
  return text.replace(/[^A-Za-z\s]/g, '').length < 0.78 * text.length;
}

function overlap(a: Passage, b: Passage): boolean {
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
