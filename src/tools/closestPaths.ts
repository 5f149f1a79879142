/** For a path that does not exist: those that do and come closest to it. */
import { posix } from 'node:path';
import { shownName } from './pathNames.ts';
import { withFolder } from './safeFiles.ts';

/** A folder to look in, and what its paths are shown with. */
export interface SearchedFolder {
  readonly path: string;
  readonly prefix: string;
}

/** Entries looked at; beyond these a large workspace is not searched further. */
const maxEntries = 20_000;
const skipped = new Set(['.git', 'node_modules', '__pycache__', '.venv']);

/** At most three paths, the closest first. */
export async function closestPaths(folders: readonly SearchedFolder[], wanted: string): Promise<readonly string[]> {
  const scored: { readonly path: string; readonly distance: number }[] = [];
  for (const { path, prefix } of folders) {
    for (const found of await entriesBelow(path)) {
      const distance = distanceOf(wanted, prefix + found);
      if (distance <= 0.4) scored.push({ path: prefix + found, distance });
    }
  }
  scored.sort((a, b) => a.distance - b.distance || a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
  return scored.slice(0, 3).map(({ path }) => path.split('/').map(shownName).join('/'));
}

async function entriesBelow(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [''];
  for (const folder of folders) {
    const path = posix.join(root, folder);
    const entries = await withFolder(path, folder, (held) => held.entries()).catch(() => []);
    for (const entry of entries) {
      if (found.length >= maxEntries) return found;
      if (skipped.has(entry.name)) continue;
      const inside = posix.join(folder, entry.name);
      found.push(inside);
      if (entry.kind === 'folder') folders.push(inside);
    }
  }
  return found;
}

/** 0 for the same path but for its case, 1 for nothing in common: the name weighs most, then the folders. */
function distanceOf(wanted: string, path: string): number {
  const [a, b] = [wanted.toLowerCase(), path.toLowerCase()];
  const [nameA, nameB] = [posix.basename(a), posix.basename(b)];
  if (Math.abs(nameA.length - nameB.length) > 0.4 * Math.max(nameA.length, nameB.length)) return 1;
  const name = edits(nameA, nameB) / Math.max(nameA.length, nameB.length, 1);
  if (name > 0.4) return 1;
  return (
    name + 0.1 * (edits(a.slice(-200), b.slice(-200)) / Math.max(Math.min(a.length, 200), Math.min(b.length, 200), 1))
  );
}

/** The Levenshtein distance. */
function edits(a: string, b: string): number {
  if (a === b) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
