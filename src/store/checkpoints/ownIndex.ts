/** The index of a run's own git folder, written without git. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPlace } from './git.ts';
import type { GitFolder } from './gitFolder.ts';
import { type IndexBody, type IndexEntry, inOrder, indexBody, wholeIndex } from './indexFile.ts';
import { type Trees, storeTrees, treesOf } from './treePack.ts';

/** What was written, with its entries in order. */
export interface WrittenIndex {
  readonly sorted: readonly IndexEntry[];
  readonly body: IndexBody;
}

/** Replaces the index. */
export async function writeEntries(
  folder: GitFolder,
  place: GitPlace,
  entries: readonly IndexEntry[],
): Promise<WrittenIndex> {
  const sorted = inOrder(entries);
  const body = await indexBody(sorted, folder.hashBytes);
  await replace(place, wholeIndex(body));
  return { sorted, body };
}

/**
 * Stores all trees of the index as it was just written, and names them in it: what reads it meanwhile sees the same entries.
 * Nothing comes back where it is damaged.
 */
export async function writeTrees(
  { hashBytes }: GitFolder,
  place: GitPlace,
  { sorted, body }: WrittenIndex,
): Promise<Trees | undefined> {
  const trees = await treesOf(sorted, hashBytes);
  if (!trees) return undefined;
  await storeTrees(place.objects ?? join(place.gitDir, 'objects'), trees, hashBytes);
  await replace(place, wholeIndex(body, trees.extension));
  return trees;
}

async function replace({ index }: GitPlace, parts: readonly Buffer[]): Promise<void> {
  await writeFile(`${index}.next`, parts, { mode: 0o600 });
  await rename(`${index}.next`, index);
}
