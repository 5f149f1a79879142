/** Ranking for a search with alternatives: the places where the most, and the rarest, of them meet. Pure. */

/** A line that a pattern matched; lines of a file in ascending order. */
export interface MatchedLine {
  readonly line: number;
  readonly text: string;
}

export interface FileMatches {
  readonly path: string;
  readonly lines: readonly MatchedLine[];
}

/** A few matched lines close together, best first in `BestPlaces.places`. */
export interface Place {
  readonly path: string;
  readonly lines: readonly MatchedLine[];
}

export interface BestPlaces {
  /** For each alternative, in its order, in how many files it occurs. */
  readonly files: readonly { readonly alternative: string; readonly count: number }[];
  readonly places: readonly Place[];
}

/** Lines that one place spans at most. */
const span = 12;
const placesPerFile = 2;
/** A file as long as most; longer ones need more matches to count as much (as in BM25). */
const typicalLines = 300;
/** Longer lines are minified code or data, in which everything meets everything. */
const longestLine = 2_000;

/**
 * Ranks places by the alternatives that meet there, the rarer the more; those in the file's path and elsewhere in the
 * file count a little. `fileCount`: files searched. Undefined where the pattern has no alternatives that we can tell apart.
 */
export function bestPlaces(
  pattern: string,
  files: readonly FileMatches[],
  fileCount: number,
  limit: number,
): BestPlaces | undefined {
  const tests = alternativeTests(pattern);
  if (!tests) return undefined;
  const readable = files.map((file) => readFile(file, tests));
  const counts = tests.map((_, index) => readable.filter((file) => file.inFile.has(index)).length);
  const weights = counts.map((count) => Math.log(1 + Math.max(fileCount, files.length) / (count + 0.5)));
  const ranked = readable.flatMap((file) => placesIn(file, weights)).sort((a, b) => b.score - a.score);
  return {
    files: tests.map(({ alternative }, index) => ({ alternative, count: counts[index] ?? 0 })),
    places: ranked.slice(0, limit).map(({ path, lines }) => ({ path, lines })),
  };
}

/** The alternatives of a pattern at its top level; one for a pattern without any. Leading flags stay with none of them. */
export function alternativesOf(pattern: string): readonly string[] {
  const body = pattern.replace(/^\(\?[a-z]+\)/, '');
  const parts: string[] = [];
  let depth = 0;
  let inClass = false;
  let from = 0;
  for (let i = 0; i < body.length; i++) {
    const char = body.charAt(i);
    if (char === '\\') i++;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === '|' && depth === 0) {
      parts.push(body.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, body.slice(from)].filter((part) => part !== '');
}

interface AlternativeTest {
  readonly alternative: string;
  readonly test: RegExp;
}

function alternativeTests(pattern: string): readonly AlternativeTest[] | undefined {
  const alternatives = alternativesOf(pattern);
  if (alternatives.length < 2) return undefined;
  const insensitive = /^\(\?[a-z]*i/.test(pattern) || !/[A-Z]/.test(pattern.replace(/\\./g, ''));
  try {
    return alternatives.map((alternative) => ({
      alternative,
      test: new RegExp(alternative, insensitive ? 'iu' : 'u'),
    }));
  } catch {
    return undefined;
  }
}

interface ReadFile {
  readonly path: string;
  readonly lines: readonly { readonly at: MatchedLine; readonly has: readonly number[] }[];
  readonly inPath: ReadonlySet<number>;
  /** Lines that hold each alternative. */
  readonly inFile: ReadonlyMap<number, number>;
}

function readFile(file: FileMatches, tests: readonly AlternativeTest[]): ReadFile {
  const having = (text: string) => tests.flatMap(({ test }, index) => (test.test(text) ? [index] : []));
  const lines = file.lines.filter(({ text }) => text.length <= longestLine).map((at) => ({ at, has: having(at.text) }));
  const inFile = new Map<number, number>();
  for (const index of lines.flatMap(({ has }) => has)) inFile.set(index, (inFile.get(index) ?? 0) + 1);
  const words = file.path.replace(/[/_.-]+/g, ' ');
  return { path: file.path, lines, inPath: new Set([...having(words), ...having(file.path)]), inFile };
}

/** Scores windows of `span` lines by what meets there; what the path and the rest of the file hold counts half. */
function placesIn(file: ReadFile, weights: readonly number[]): readonly (Place & { readonly score: number })[] {
  const weight = (index: number) => weights[index] ?? 0;
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
  const length = (file.lines.at(-1)?.at.line ?? 0) / typicalLines;
  const often = (count: number) => count / (count + 1.2 * (0.25 + 0.75 * length));
  const around =
    0.5 * sum([...file.inPath].map(weight)) +
    0.5 * sum([...file.inFile].map(([index, count]) => weight(index) * often(count)));
  const windows = file.lines.map(({ at }, first) => {
    const after = file.lines.slice(first, first + span).filter((other) => other.at.line < at.line + span);
    const has = new Set(after.flatMap((other) => other.has));
    const title = Math.max(
      ...after.map((other) => sum(other.has.map(weight)) * titleShare(other.at.text, other.has.length)),
    );
    const score = sum([...has].map(weight)) + around + 0.5 * title;
    return { path: file.path, lines: after.map((other) => other.at), score };
  });
  windows.sort((a, b) => b.score - a.score || a.lines.length - b.lines.length);
  const kept: (typeof windows)[number][] = [];
  for (const window of windows) {
    if (kept.length === placesPerFile) break;
    if (kept.every((other) => apart(other, window))) kept.push(window);
  }
  return kept;
}

/** How much of a line the alternatives make up: most of a title or of a heading, little of a paragraph. */
function titleShare(text: string, alternatives: number): number {
  return Math.min(1, alternatives / Math.max(1, text.match(/\w+/g)?.length ?? 1));
}

function apart(a: Place, b: Place): boolean {
  return Math.abs((a.lines[0]?.line ?? 0) - (b.lines[0]?.line ?? 0)) >= span;
}
