/** Takes files into the index, and their bytes into the git folder. */
import { readFile, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { GitFailure, type GitPlace, git } from './git.ts';
import type { GitFolder } from './gitFolder.ts';
import { type IndexEntry, doubted, isRacy, parseIndex } from './indexFile.ts';
import { emptyTree } from './kept.ts';
import { type ByteName, foldersAbove, zeroEnded } from './names.ts';
import type { Classified } from './classify.ts';
import { writeEntries, writeTrees } from './ownIndex.ts';

/** So many files at once go into packs, by several processes: a file for each object takes longer. */
const many = 2_000;
/** git looks through what a pack has for each object that comes, so that larger packs take longer. */
const batch = 5_000;

/** What keeping needs. */
export interface Keeping {
  readonly folder: GitFolder;
  readonly place: GitPlace;
  readonly signal: AbortSignal;
}

/** Makes the index say what was found. Gives names that could not be read after all. Throws GitFailure. */
export async function keepNames(keeping: Keeping, found: Classified): Promise<readonly ByteName[]> {
  const { place, signal } = keeping;
  const absent = [...found.gone, ...found.unheld.keys()];
  if (absent.length > 0) {
    const input = zeroEnded(absent);
    await git(place, ['update-index', '-z', '--force-remove', '--stdin'], { input, signal });
  }
  if (found.present.length >= many) return keepMany(keeping, found.present);
  return add(place, found.present, signal, ['update-index']);
}

/** The tree of what the index has below the root. */
export async function writeTree({ folder, place }: Keeping): Promise<string> {
  const { prefix, hashBytes } = folder;
  const args = [
    'write-tree',
    '--missing-ok',
    ...(prefix === '' ? [] : [`--prefix=${Buffer.from(prefix, 'latin1').toString('utf8')}`]),
  ];
  try {
    return (await git(place, args)).toString('latin1').trim();
  } catch (error) {
    if (error instanceof GitFailure && /prefix .* not found/.test(error.message)) return emptyTree[hashBytes];
    throw error;
  }
}

/** Adds names; those that git cannot read, since they changed meanwhile, are found by halves and given back. */
async function add(
  place: GitPlace,
  names: readonly ByteName[],
  signal: AbortSignal,
  config: readonly string[],
): Promise<readonly ByteName[]> {
  if (names.length === 0) return [];
  const args = [...config, '-z', '--add', '--remove', '--replace', '--stdin'];
  try {
    await git(place, args, { input: zeroEnded(names), signal });
    return [];
  } catch (error) {
    if (!(error instanceof GitFailure) || !/unable to process path/i.test(error.message)) throw error;
    if (/no space left|quota/i.test(error.message)) throw error;
    if (names.length === 1) return names;
    const half = Math.ceil(names.length / 2);
    const first = await add(place, names.slice(0, half), signal, config);
    return [...first, ...(await add(place, names.slice(half), signal, config))];
  }
}

/** Adds many by several processes, each with an index of its own, which are put together. */
async function keepMany({ folder, place, signal }: Keeping, names: readonly ByteName[]): Promise<readonly ByteName[]> {
  const waiting = Array.from({ length: Math.ceil(names.length / batch) }, (_, index) =>
    names.slice(index * batch, (index + 1) * batch),
  );
  const added: IndexEntry[] = [];
  const unread: ByteName[] = [];
  const lane = async (number: number): Promise<void> => {
    const index = `${place.index}.temporary-${number}`;
    for (let some = waiting.shift(); some; some = waiting.shift()) {
      await rm(index, { force: true });
      // Whatever is larger than this goes into a pack.
      unread.push(...(await add({ ...place, index }, some, signal, ['-c', 'core.bigFileThreshold=1', 'update-index'])));
      added.push(...(await entriesOf(index, folder)));
    }
    await rm(index, { force: true });
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, (_, number) => lane(number)));
  const before = await entriesOf(place.index, folder);
  const written = await writeEntries(folder, place, merged(before, added));
  if (before.length === 0) await writeTrees(folder, place, written);
  return unread;
}

/** An index's entries, none where there is none; those that it cannot vouch for are doubted. */
async function entriesOf(index: string, { hashBytes }: GitFolder): Promise<readonly IndexEntry[]> {
  const written = await stat(index).catch(() => undefined);
  if (!written) return [];
  const file = await parseIndex(await readFile(index), hashBytes);
  const seconds = Math.floor(written.mtimeMs / 1_000);
  return (file?.entries ?? []).map((entry) => (isRacy(entry, seconds) ? doubted(entry) : entry));
}

/** Newer entries take the place of older ones, of a folder that was a file, and of files in a folder that is one now. */
function merged(older: readonly IndexEntry[], newer: readonly IndexEntry[]): readonly IndexEntry[] {
  if (older.length === 0) return newer;
  const names = new Set(newer.map(({ name }) => name));
  const folders = new Set(newer.flatMap(({ name }) => foldersAbove(name)));
  const stays = older.filter(
    ({ name }) => !names.has(name) && !folders.has(name) && !foldersAbove(name).some((above) => names.has(above)),
  );
  return [...stays, ...newer];
}
