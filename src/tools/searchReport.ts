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

/** The observation of a search, and the lines that it shows. */
export interface SearchReport {
  readonly text: string;
  readonly shown: readonly Match[];
}

/** A pattern given ranks by its alternatives, if it has some. */
export function searchReport(
  workspace: Workspace,
  pattern: string | undefined,
  result: RipgrepResult,
  where: string,
): SearchReport {
  const matches = result.matches.filter((match) => !match.isContext);
  if (matches.length === 0) return { text: nothing(result, where), shown: [] };
  const byFile = grouped(workspace, result.matches);
  const files = [...byFile].map(([path, lines]) => ({
    path,
    lines: [...lines.values()].filter((one) => !one.isContext),
  }));
  const found = { ...result, matches };
  const ranked = pattern === undefined ? undefined : bestPlaces(pattern, files, result.fileCount, maxPlaces);
  const body = ranked?.places.length ? placesText(ranked, found, byFile) : filesText(files, found, byFile);
  if (!result.complaint) return body;
  const complaint = result.complaint.slice(0, 500);
  return { ...body, text: `${body.text}\n\nripgrep could not read everything: ${complaint}` };
}

type ByFile = ReadonlyMap<string, ReadonlyMap<number, Match>>;

/** By the path as it is shown, then by line; what matched wins over what only stands near. */
function grouped(workspace: Workspace, matches: readonly Match[]): ByFile {
  const byFile = new Map<string, Map<number, Match>>();
  for (const match of matches) {
    const lines = byFile.get(match.path) ?? new Map<number, Match>();
    if (!match.isContext || !lines.has(match.line)) lines.set(match.line, match);
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

function placesText(best: BestPlaces, { matches, fileCount, cut }: RipgrepResult, byFile: ByFile): SearchReport {
  const counts = best.files.map((file) => `- ${file.count}: ${file.alternative}`);
  const head = [`Files with each alternative (${fileCount} searched):`, ...counts, ''];
  const places = best.places.map(({ path, lines }) => group(path, lines, byFile));
  const { kept, text } = fitting(places);
  const total = `${cut ? 'More than ' : ''}${countOf(matches.length, 'line')} in ${countOf(byFile.size, 'file')} match`;
  const shown = kept.flatMap((place) => place.shown);
  return { text: `${head.join('\n')}\n${total}; the best ${countOf(kept.length, 'place')}:\n\n${text}`, shown };
}

function filesText(
  files: readonly { readonly path: string; readonly lines: readonly Match[] }[],
  { matches, cut }: RipgrepResult,
  byFile: ByFile,
): SearchReport {
  const perFile = matches.length > maxLines && files.length > 1 ? maxLinesPerFile : maxLines;
  const groups: SearchReport[] = [];
  let count = 0;
  for (const { path, lines } of files) {
    const some = lines.toSorted((a, b) => a.line - b.line).slice(0, Math.min(perFile, maxLines - count));
    if (some.length === 0) break;
    count += some.length;
    const { text, shown } = group(path, some, byFile);
    const rest = lines.length - some.length;
    groups.push({ text: rest > 0 ? `${text}\n  and ${countOf(rest, 'more line')} in ${path}` : text, shown });
  }
  const { kept, text } = fitting(groups);
  const total = `${cut ? 'More than ' : ''}${countOf(matches.length, 'line')} in ${countOf(files.length, 'file')} match`;
  const all = kept.length === files.length && count === matches.length;
  const advice = `; the first ${countOf(kept.length, 'file')} with at most ${perFile} lines each are shown. Narrow the search with path, glob or a longer pattern.`;
  return { text: `${total}${all ? '.' : advice}\n\n${text}`, shown: kept.flatMap((one) => one.shown) };
}

/** As many of the groups as fit, at least one. */
function fitting(groups: readonly SearchReport[]): { readonly kept: readonly SearchReport[]; readonly text: string } {
  let length = 0;
  const end = groups.findIndex(({ text }) => (length += text.length + 2) > maxChars);
  const kept = end < 0 ? groups : groups.slice(0, Math.max(1, end));
  return { kept, text: kept.map(({ text }) => text).join('\n\n') };
}

/** Lines of a file with what is known to stand around them; `--` where lines are left out between. */
function group(path: string, lines: readonly { readonly line: number }[], byFile: ByFile): SearchReport {
  const known = byFile.get(path) ?? new Map<number, Match>();
  const shown = new Map<number, Match>();
  for (const { line } of lines) {
    for (const step of [-1, 1]) {
      for (let at = step < 0 ? line : line + 1; ; at += step) {
        const match = known.get(at);
        if (!match || (at !== line && !match.isContext)) break;
        shown.set(at, match);
      }
    }
  }
  const ordered = [...shown.values()].sort((a, b) => a.line - b.line);
  const inContext = ordered.some((match) => match.isContext);
  const text = ordered.map((match, index) => {
    const apart = inContext && index > 0 && ordered[index - 1]?.line !== match.line - 1;
    return `${apart ? '--\n' : ''}${hit(path, match)}`;
  });
  return { text: text.join('\n'), shown: ordered };
}

function hit(path: string, match: Match): string {
  const sign = match.isContext ? '-' : ':';
  return `${path}${sign}${match.line}${sign} ${aroundMatch(match)}`;
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
