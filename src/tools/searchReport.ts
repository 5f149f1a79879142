/** Matches as text for the model: the best places, or file by file; limited, and told when it is. */
import { countOf } from '../shared/quantities.ts';
import { bestPlaces, type BestPlaces } from './bestPlaces.ts';
import type { Match, RipgrepResult } from './ripgrep.ts';
import type { Workspace } from './workspace.ts';

const maxLines = 100;
const maxLinesPerFile = 10;
const maxPlaces = 20;
const maxChars = 16_000;
/** Characters of one line. */
const lineChars = 300;

/** Surrogates that a cut left alone. */
const halfPairs = /^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g;

/** The observation of a search. A pattern given ranks by its alternatives, if it has some. */
export function searchReport(
  workspace: Workspace,
  pattern: string | undefined,
  result: RipgrepResult,
  where: string,
): string {
  if (result.matches.length === 0) return nothing(result, where);
  const byFile = grouped(workspace, result.matches);
  const files = [...byFile].map(([path, lines]) => ({ path, lines: [...lines.values()] }));
  const ranked = pattern === undefined ? undefined : bestPlaces(pattern, files, result.fileCount, maxPlaces);
  const body = ranked?.places.length ? placesText(ranked, result, byFile) : filesText(files, result);
  return result.complaint ? `${body}\n\nripgrep could not read everything: ${result.complaint.slice(0, 500)}` : body;
}

type ByFile = ReadonlyMap<string, ReadonlyMap<number, Match>>;

function grouped(workspace: Workspace, matches: readonly Match[]): ByFile {
  const byFile = new Map<string, Map<number, Match>>();
  for (const match of matches) {
    const lines = byFile.get(match.path) ?? new Map<number, Match>();
    lines.set(match.line, match);
    byFile.set(match.path, lines);
  }
  return new Map(
    [...byFile].map(([path, lines]) => [workspace.show(path), lines] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function nothing({ complaint, fileCount }: RipgrepResult, where: string): string {
  const problem = complaint ? ` ripgrep says: ${complaint.slice(0, 500)}` : '';
  return `No matches in ${where} (${countOf(fileCount, 'file')} searched; those that .gitignore names and binary files are passed over). Try fewer or other words, or a shorter part of one.${problem}`;
}

function placesText(best: BestPlaces, { matches, fileCount, cut }: RipgrepResult, byFile: ByFile): string {
  const counts = best.files.map((file) => `- ${file.count}: ${file.alternative}`);
  const head = [`Files with each alternative (${fileCount} searched):`, ...counts, ''];
  const places = best.places.map(({ path, lines }) =>
    lines.map(({ line }) => hit(path, byFile.get(path)?.get(line))).join('\n'),
  );
  const { kept, text } = fitting(places, '\n\n');
  const total = `${cut ? 'More than ' : ''}${countOf(matches.length, 'line')} in ${countOf(byFile.size, 'file')} match`;
  return `${head.join('\n')}\n${total}; the best ${countOf(kept, 'place')}:\n\n${text}`;
}

function filesText(
  files: readonly { readonly path: string; readonly lines: readonly Match[] }[],
  { matches, cut }: RipgrepResult,
): string {
  const perFile = matches.length > maxLines && files.length > 1 ? maxLinesPerFile : maxLines;
  const groups: string[] = [];
  let shown = 0;
  for (const { path, lines } of files) {
    const some = lines.toSorted((a, b) => a.line - b.line).slice(0, Math.min(perFile, maxLines - shown));
    if (some.length === 0) break;
    shown += some.length;
    const rest =
      lines.length > some.length ? [`  and ${countOf(lines.length - some.length, 'more line')} in ${path}`] : [];
    groups.push([...some.map((match) => hit(path, match)), ...rest].join('\n'));
  }
  const { kept, text } = fitting(groups, '\n\n');
  const total = `${cut ? 'More than ' : ''}${countOf(matches.length, 'line')} in ${countOf(files.length, 'file')} match`;
  const all = kept === files.length && shown === matches.length;
  const advice = `; the first ${countOf(kept, 'file')} with at most ${perFile} lines each are shown. Narrow the search with path, glob or a longer pattern.`;
  return `${total}${all ? '.' : advice}\n\n${text}`;
}

/** As many of the groups as fit, at least one. */
function fitting(groups: readonly string[], between: string): { readonly kept: number; readonly text: string } {
  let length = 0;
  const end = groups.findIndex((group) => (length += group.length + between.length) > maxChars);
  const kept = end < 0 ? groups.length : Math.max(1, end);
  return { kept, text: groups.slice(0, kept).join(between) };
}

function hit(path: string, match: Match | undefined): string {
  return match ? `${path}:${match.line}: ${aroundMatch(match)}` : '';
}

function aroundMatch({ text, column }: Match): string {
  if (text.length <= lineChars) return text.trimEnd();
  const from = Math.max(0, Math.min(column - lineChars / 3, text.length - lineChars));
  const before = from > 0 ? '…' : '';
  const after = from + lineChars < text.length ? '…' : '';
  const cut = text
    .slice(from, from + lineChars)
    .replace(halfPairs, '')
    .trim();
  return `${before}${cut}${after}`;
}
