/** The evidence that tools for files bring: what they show is the text, so nothing is stored beside it. */
import type { FoundSource } from '../agent/tool.ts';
import type { Span } from '../shared/evidence.ts';
import type { Match } from './ripgrep.ts';

/** A file of which an observation shows these stretches; `startLine` where they are lines from there on. */
export function fileSource(path: string, spans: readonly Span[], startLine?: number): FoundSource {
  const line = startLine === undefined ? {} : { startLine };
  return { uri: path, kind: 'file', retrievedAt: Date.now(), spans, ...line };
}

/** One source a file, with its lines in a report of `path:line: text`. */
export function matchSources(
  report: string,
  shown: readonly Match[],
  show: (path: string) => string,
): readonly FoundSource[] {
  const spans = new Map<string, Span[]>();
  const places = placesOf(report);
  for (const { path, line, isContext } of shown) {
    const name = show(path);
    const sign = isContext ? '-' : ':';
    const span = places.get(`${name}${sign}${line}${sign}`);
    if (span) spans.set(name, [...(spans.get(name) ?? []), span]);
  }
  return [...spans].map(([path, found]) =>
    fileSource(
      path,
      found.toSorted((a, b) => a.from - b.from),
      Math.min(...shown.filter((match) => show(match.path) === path).map(({ line }) => line)),
    ),
  );
}

/** Where the text of each line stands that begins with `path:line: ` or `path-line- `, by these beginnings. */
function placesOf(report: string): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  let at = 0;
  for (const line of report.split('\n')) {
    // A path may hold such a number itself, so every beginning counts.
    for (const { index, 0: number } of line.matchAll(/([:-])\d+\1 /g)) {
      const head = index + number.length;
      places.set(line.slice(0, head - 1), { from: at + head, to: at + line.length });
    }
    at += line.length + 1;
  }
  return places;
}
