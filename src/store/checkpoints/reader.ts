/** Reads checkpoints beside a run, living or not, and changes nothing in its folder. */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../agent/errors.ts';
import type { FileChange } from '../../shared/refs.ts';
import type { CheckpointReader } from './api.ts';
import { type KeptRoot, type NamedRoot, keptRoots, rootPrefix } from './checkpointPlace.ts';
import { failureReason } from './facts.ts';
import type { GitPlace } from './git.ts';
import type { Kept } from './kept.ts';
import { type ByteName, byteName, shownName } from './names.ts';
import { readObjects } from './objects.ts';
import { keepAll, stepBetween } from './rootFiles.ts';
import { fileChange } from './treeChanges.ts';
import { treeFile } from './treeFiles.ts';

/** Where the runs are, and of what. */
export interface ReaderOptions {
  readonly runsFolder: string;
  readonly roots: readonly NamedRoot[];
}

/** A reader of all runs in a folder. */
export function checkpointReader({ runsFolder, roots }: ReaderOptions): CheckpointReader {
  return {
    changes: async (from, to) =>
      readable(async () => {
        const before = await keptRoots(runsFolder, roots, from);
        const after = to === 'now' ? undefined : await keptRoots(runsFolder, roots, to);
        const changes: FileChange[] = [];
        for (const [index, root] of roots.entries()) {
          const one = before[index];
          if (one) changes.push(...(await changesOf(one, after?.[index], rootPrefix(roots, root))));
        }
        return changes;
      }),
    contents: async (at, path) =>
      readable(async () => {
        const kept = await keptRoots(runsFolder, roots, at);
        for (const [index, root] of roots.entries()) {
          const prefix = rootPrefix(roots, root);
          const one = kept[index];
          if (one && path.startsWith(prefix)) return bytesOf(one, byteName(path.slice(prefix.length)));
        }
        return undefined;
      }),
  };
}

async function changesOf(from: KeptRoot, to: KeptRoot | undefined, prefix: string): Promise<readonly FileChange[]> {
  const { folder, kept } = from;
  const told = async (place: GitPlace, now: Kept) => {
    const { changes } = await stepBetween(place, kept, now);
    return changes.map((change) => fileChange(change, prefix + shownName(change.name)));
  };
  const own = await folder.readPlace();
  if (!to) return withFilesNow(from, told);
  const other = await to.folder.readPlace();
  return told({ ...own, alternates: [...own.alternates, to.folder.objects, ...other.alternates] }, to.kept);
}

/** Keeps the files as they are now in a folder that goes away again: an index and objects beside those of the run. */
async function withFilesNow<Result>(
  { folder, kept }: KeptRoot,
  act: (place: GitPlace, now: Kept) => Promise<Result>,
): Promise<Result> {
  const temporary = await mkdtemp(join(tmpdir(), 'mirothinker-now-'));
  try {
    const own = await folder.readPlace();
    const objects = join(temporary, 'objects');
    await mkdir(objects);
    const index = join(temporary, 'index');
    await copyFile(folder.place.index, index);
    const place = { ...own, index, objects, alternates: [folder.objects, ...own.alternates] };
    const keeping = { folder, place, signal: new AbortController().signal };
    return await act(place, await keepAll(keeping, kept, folder.limits));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function bytesOf({ folder, kept }: KeptRoot, name: ByteName): Promise<Uint8Array | undefined> {
  const place = await folder.readPlace();
  const found = await treeFile(place, kept.tree, name);
  if (!found) return undefined;
  for await (const { bytes } of readObjects(place, [found], ({ objectId }) => objectId)) {
    if (bytes) return bytes;
  }
  throw new UserError(`What was kept of ${shownName(name)} is damaged.`);
}

/** Whatever else fails means that what was kept cannot be read. */
async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`What this checkpoint kept cannot be read. ${failureReason(error)}`, { cause: error });
  }
}
