/**
 * Empty folders that stand, while commands live, where protected paths must not come to be: bubblewrap mounts over them.
 * They are on the real file system; a folder that holds anything is never removed.
 */
import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { toSystem } from './bytePath.ts';

/** Makes the folders that do not stand yet; gives those that do then, with their identity. */
export function makeStandIns(paths: readonly string[]): readonly (readonly [path: string, identity: string])[] {
  return paths.flatMap((path) => {
    succeeds(() => mkdirSync(toSystem(path)));
    const identity = standInAt(path);
    return identity === undefined ? [] : [[path, identity] as const];
  });
}

/** What stands there, if it is a folder; one that was made anew is another, though it may have got the same number. */
export function standInAt(path: string): string | undefined {
  const state = lstatSync(toSystem(path), { bigint: true, throwIfNoEntry: false });
  return state?.isDirectory() ? `${state.dev}:${state.ino}:${state.birthtimeNs}` : undefined;
}

/** Removing one that is mounted on elsewhere succeeds and drops what the mount protects: ask the notes first. */
export function removeStandIns(paths: Iterable<string>): void {
  // rmdir refuses what is not an empty folder; then it is no longer ours, and stays.
  for (const path of paths) succeeds(() => rmdirSync(toSystem(path)));
}

function succeeds(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
