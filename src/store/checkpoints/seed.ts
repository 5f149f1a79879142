/**
 * What a person's repositories know of their files already: their indexes, with the names of objects that can be borrowed.
 * Only what an index cannot vouch for is hashed again.
 */
import { copyFile, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { convertedNames } from './converted.ts';
import { git } from './git.ts';
import type { OpenedFolder } from './gitFolder.ts';
import { type IndexEntry, type IndexFile, doubted, isRacy, parseIndex, statSize } from './indexFile.ts';
import { isKeptOut } from './keptOut.ts';
import { shownName } from './names.ts';
import { type Repository, hashBytesOf, repositoryAt } from './repository.ts';

/** Entries of an index for a root, and the object folders that they need. */
export interface Seed {
  readonly entries: readonly IndexEntry[];
  readonly objects: readonly string[];
}

const gitlinkMode = 0o160000;
const fileModes: ReadonlySet<number> = new Set([0o100644, 0o100755, 0o120000]);
const deepestSubmodule = 8;
/** So many entries are looked at before others have their turn. */
const breath = 5_000;

/** Entries for all of a repository's files below the root, those of its submodules too; names are relative to the folder's top. */
export async function seedFrom(
  repository: Repository,
  folder: OpenedFolder,
  maxFileBytes: number,
  above = '',
  depth = 0,
): Promise<Seed> {
  const none = { entries: [], objects: [] };
  if ((await hashBytesOf(repository)) !== folder.hashBytes) return none;
  const found = await readIndex(repository, folder);
  if (!found) return none;
  const { file, writtenSeconds } = found;
  const kept: IndexEntry[] = [];
  const links: IndexEntry[] = [];
  for (const [index, entry] of file.entries.entries()) {
    if (index % breath === breath - 1) await pause();
    const name = above + entry.name;
    if (!name.startsWith(folder.prefix)) continue;
    if (entry.mode === gitlinkMode) links.push(entry);
    const isFile = entry.plain && fileModes.has(entry.mode) && statSize(entry) <= maxFileBytes;
    if (isFile && !isKeptOut(name.slice(folder.prefix.length))) kept.push(entry);
  }
  const converted = await convertedNames(repository, file.entries, kept, folder);
  const entries: IndexEntry[] = [];
  for (const [index, entry] of kept.entries()) {
    if (index % breath === breath - 1) await pause();
    const named = above === '' ? entry : { ...entry, name: above + entry.name };
    entries.push(isRacy(entry, writtenSeconds) || converted.has(entry.name) ? doubted(named) : named);
  }
  const seeds: Seed[] = [{ entries, objects: [join(repository.commonDir, 'objects')] }];
  for (const { name } of depth < deepestSubmodule ? links : []) {
    const submodule = await repositoryAt(join(repository.top, shownName(name)));
    if (submodule) seeds.push(await seedFrom(submodule, folder, maxFileBytes, `${above}${name}/`, depth + 1));
  }
  return {
    entries: seeds.flatMap((seed) => seed.entries),
    objects: [...new Set(seeds.flatMap((seed) => seed.objects))],
  };
}

interface ReadIndex {
  readonly file: IndexFile;
  readonly writtenSeconds: number;
}

/** The index and when it was written; undefined when it is not there or damaged. */
async function readIndex({ gitDir }: Repository, folder: OpenedFolder): Promise<ReadIndex | undefined> {
  const path = join(gitDir, 'index');
  const written = await stat(path).catch(() => undefined);
  const bytes = written && (await readFile(path).catch(() => undefined));
  if (!bytes) return undefined;
  const file = await parseIndex(bytes, folder.hashBytes);
  const whole = file?.split === true ? await joined(path, gitDir, folder) : file;
  return whole && { file: whole, writtenSeconds: Math.floor(written.mtimeMs / 1_000) };
}

/** A split index as one. Only git puts the two together; it is given copies. */
async function joined(path: string, gitDir: string, folder: OpenedFolder): Promise<IndexFile | undefined> {
  const index = join(folder.path, 'temporary-index');
  const shared = (await readdir(gitDir)).filter((name) => name.startsWith('sharedindex.'));
  try {
    for (const name of shared) await copyFile(join(gitDir, name), join(folder.path, name));
    await copyFile(path, index);
    await git({ ...folder.place, index }, ['update-index', '--no-split-index']);
    return await parseIndex(await readFile(index), folder.hashBytes);
  } catch {
    return undefined;
  }
}
