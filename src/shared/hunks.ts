/** A change of a text in parts that can be kept or taken back one by one. */
import { lineDiff } from './lineDiff.ts';

/** Lines that were put in place of others. */
export interface Hunk {
  /** Where it begins in the new text, from 1. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The hunks between two texts, from the front. */
export function hunksOf(before: string, after: string): readonly Hunk[] {
  return partsOf(before, after).flatMap((part) => ('line' in part ? [part] : []));
}

/** The new text without the hunks that are not kept; `keeps` is asked for each by its place among `hunksOf`. */
export function withHunks(before: string, after: string, keeps: (index: number) => boolean): string {
  let index = 0;
  const lines = partsOf(before, after).flatMap((part) => {
    if (!('line' in part)) return part.same;
    return keeps(index++) ? part.added : part.removed;
  });
  return lines.join('\n');
}

interface Same {
  readonly same: readonly string[];
}

function partsOf(before: string, after: string): readonly (Hunk | Same)[] {
  const parts: (Hunk | Same)[] = [];
  let line = 1;
  let [same, removed, added]: [string[], string[], string[]] = [[], [], []];
  const endHunk = () => {
    if (removed.length + added.length > 0) parts.push({ line: line - added.length, removed, added });
    [removed, added] = [[], []];
  };
  const endSame = () => {
    if (same.length > 0) parts.push({ same });
    same = [];
  };
  for (const { kind, text } of lineDiff(before, after)) {
    if (kind === 'same') endHunk();
    else endSame();
    if (kind === 'same') same.push(text);
    else if (kind === 'added') added.push(text);
    else removed.push(text);
    if (kind !== 'removed') line++;
  }
  endHunk();
  endSame();
  return parts;
}
