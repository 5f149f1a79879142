/** Makes files as they were kept. What cannot be put back is told, and stays as it is. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rmdir, symlink, unlink } from 'node:fs/promises';
import { messageOf } from '../../agent/errors.ts';
import { isKeptOut } from './keptOut.ts';
import type { SkippedFile } from '../../shared/refs.ts';
import type { GitPlace } from './git.ts';
import { type ByteName, foldersAbove, shownName } from './names.ts';
import { readObjects } from './objects.ts';
import { type SafeFolder, openSafeFolder } from './safeFolder.ts';
import type { TreeChange } from './treeChanges.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/**
 * Applies differences to the files of a root: what is only in `from` goes, the rest becomes as in `to`. `modes`: of files that
 * have to be made anew, where they are not the usual ones.
 */
export async function putBack(
  root: string,
  place: GitPlace,
  changes: readonly TreeChange[],
  modes: ReadonlyMap<ByteName, number>,
): Promise<readonly SkippedFile[]> {
  const skipped: SkippedFile[] = [];
  const tried = async ({ name }: TreeChange, act: () => Promise<void>): Promise<void> => {
    try {
      if (isKeptOut(name)) throw new Error('it is protected');
      await act();
    } catch (error) {
      skipped.push({ path: shownName(name), reason: reasonOf(error) });
    }
  };
  // First what goes: a folder may have to stand where a file is.
  const goes = changes.filter(({ change }) => change === 'deleted');
  for (const change of goes) await tried(change, () => remove(root, change.name));
  await removeEmpty(
    root,
    goes.map(({ name }) => name),
  );
  const comes = changes.filter(({ change }) => change !== 'deleted');
  for await (const { item, bytes } of readObjects(place, comes, ({ to }) => to.objectId)) {
    await tried(item, () => write(root, item, bytes, modes.get(item.name)));
  }
  return skipped;
}

async function remove(root: string, name: ByteName): Promise<void> {
  await inFolderOf(root, name, false, async (folder, base) => {
    if ((await lstat(folder.inside(base))).isDirectory()) throw new Error('it is a folder now');
    await unlink(folder.inside(base));
  });
}

/** Folders that are empty now that files of them went. */
async function removeEmpty(root: string, names: readonly ByteName[]): Promise<void> {
  const folders = [...new Set(names.flatMap(foldersAbove))].toSorted((a, b) => b.length - a.length);
  for (const name of folders) {
    await inFolderOf(root, name, false, (folder, base) => rmdir(folder.inside(base))).catch(() => undefined);
  }
}

async function write(
  root: string,
  { name, to }: TreeChange,
  bytes: Buffer | undefined,
  mode: number | undefined,
): Promise<void> {
  if (!bytes) throw new Error('what was kept of it is damaged');
  await inFolderOf(root, name, true, async (folder, base) => {
    const target = folder.inside(base);
    const there = await lstat(target).catch(() => undefined);
    if (there?.isDirectory() === true) throw new Error('a folder stands there now');
    const temporary = folder.inside(`.${randomBytes(8).toString('hex')}.tmp`);
    try {
      if (to.mode === '120000') await symlink(bytes, temporary);
      else {
        const executable = to.mode === '100755';
        await writeFile(temporary, bytes, executable, there?.isFile() === true ? there : undefined, mode);
      }
      await rename(temporary, target);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  });
}

/** What of the file that is replaced stays: who owns it, and who may do what. */
interface Owned {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

async function writeFile(
  place: Buffer,
  bytes: Buffer,
  executable: boolean,
  old: Owned | undefined,
  noted: number | undefined,
): Promise<void> {
  // Never open to more people than it will be, not even for a moment.
  const made = noted === undefined ? (executable ? 0o777 : 0o666) : 0o600;
  const handle = await open(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, made);
  try {
    await handle.writeFile(bytes);
    if (old) await keepOwner(handle, old, executable);
    else if (noted !== undefined) await handle.chmod(noted);
  } finally {
    await handle.close();
  }
}

async function keepOwner(handle: FileHandle, { mode, uid, gid }: Owned, executable: boolean): Promise<void> {
  await handle.chown(uid, gid).catch(() => undefined);
  // Whoever may read may run, as git has it.
  const runs = executable ? (mode & 0o444) >> 2 : 0;
  await handle.chmod((mode & 0o7666) | runs);
}

async function inFolderOf(
  root: string,
  name: ByteName,
  make: boolean,
  act: (folder: SafeFolder, base: ByteName) => Promise<void>,
): Promise<void> {
  const slash = name.lastIndexOf('/');
  const folder = await openSafeFolder(root, name.slice(0, Math.max(0, slash)), make);
  try {
    await act(folder, name.slice(slash + 1));
  } finally {
    await folder.close();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOTDIR' || code === 'ELOOP') return 'what was a folder above it is a link or a file now';
  if (code === 'EACCES' || code === 'EPERM') return 'its folder is read-only';
  if (code === 'EROFS') return 'the disk is read-only';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full';
  if (code === 'ENOENT') return 'it is not there any more';
  return messageOf(error);
}
