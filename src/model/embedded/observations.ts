/** The workspace tools' observations, read back: places from a search, numbered lines from a file. */
import type { Spot } from './memory.ts';
import type { SourceLine } from './readable.ts';

/** What a search gave. */
export interface Found {
  readonly spots: readonly Spot[];
  /** Files that hold each alternative, in the pattern's order. */
  readonly counts: readonly number[];
  readonly fileCount: number;
}

/** Reads what `search_files` says: places best first, and how many files hold each alternative. */
export function foundIn(observation: string): Found {
  const spots: Spot[] = [];
  const counts: number[] = [];
  let fileCount = 0;
  let before: Spot | undefined;
  for (const text of observation.split('\n')) {
    const header = /^Files with each alternative \((\d+) searched\):$/.exec(text);
    const count = /^- (\d+): /.exec(text);
    const hit = /^(\S.*?):(\d+): /.exec(text);
    if (header) fileCount = Number(header[1]);
    else if (count) counts.push(Number(count[1]));
    else if (!text.trim()) before = undefined;
    else if (hit) {
      const spot: Spot = { path: hit[1] ?? '', line: Number(hit[2]) };
      if (spot.path !== before?.path) spots.push(spot);
      before = spot;
    }
  }
  return { spots, counts, fileCount };
}

/** Reads what `read_file` says: its numbered lines. */
export function linesIn(observation: string): readonly SourceLine[] {
  return observation.split('\n').flatMap((text) => {
    const [, line, rest = ''] = /^\s*(\d+)(?:\t|\||: ?| {2}|→)(.*)$/.exec(text) ?? [];
    return line === undefined ? [] : [{ line: Number(line), text: rest }];
  });
}
