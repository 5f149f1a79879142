/** Whole trees of files moved, copied and deleted through held folders: no link that comes meanwhile is followed. */
import { constants } from 'node:fs';
import { lstat, mkdir, open, readlink, rename, rmdir, symlink, unlink, utimes } from 'node:fs/promises';
import { ToolError } from '../agent/errors.ts';
import { errorCode } from './fileProblems.ts';
import type { HeldFolder } from './safeFiles.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

/** An entry's place in a tree: its folder, and its path from the tree's root ('' for the root itself). */
export interface TreeEntry {
  readonly inside: string;
  readonly isFolder: boolean;
}

/** Calls for every entry of a tree, folders before what they hold; the tree's root is `name` in `folder`. */
export async function walkTree(
  folder: HeldFolder,
  name: string,
  visit: (entry: TreeEntry) => void,
  signal: AbortSignal,
  inside = '',
): Promise<void> {
  await folder.below(name, async (held) => {
    for (const entry of await held.entries()) {
      signal.throwIfAborted();
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      visit({ inside: path, isFolder: entry.kind === 'folder' });
      if (entry.kind === 'folder') await walkTree(held, entry.name, visit, signal, path);
    }
  });
}

/** Deletes what stands at a name, a folder with all that is in it. */
export async function removeTree(folder: HeldFolder, name: string, signal: AbortSignal): Promise<void> {
  const isFolder = await folder.below(name, async (held) => {
    for (const entry of await held.entries()) {
      signal.throwIfAborted();
      await removeTree(held, entry.name, signal);
    }
    return true;
  });
  await (isFolder ? rmdir(folder.at(name)) : unlink(folder.at(name)));
}

/** Renames, also onto another disk: then the copy is whole before the old one goes. */
export async function moveTree(
  from: { readonly folder: HeldFolder; readonly name: string },
  to: { readonly folder: HeldFolder; readonly name: string; readonly temporary: string },
  signal: AbortSignal,
): Promise<void> {
  try {
    await rename(from.folder.at(from.name), to.folder.at(to.name));
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    try {
      await copyTree(from.folder, from.name, to.folder, to.temporary, signal);
      await rename(to.folder.at(to.temporary), to.folder.at(to.name));
    } catch (problem) {
      await removeTree(to.folder, to.temporary, new AbortController().signal).catch(() => undefined);
      throw problem;
    }
    await removeTree(from.folder, from.name, signal);
  }
  await Promise.all([from.folder.sync(), to.folder.sync()]);
}

async function copyTree(
  from: HeldFolder,
  name: string,
  to: HeldFolder,
  newName: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const stats = await lstat(from.at(name));
  if (stats.isSymbolicLink()) {
    await symlink(await readlink(from.at(name), { encoding: 'buffer' }), to.at(newName));
    return;
  }
  if (stats.isFile()) {
    await copyFile(from.at(name), to.at(newName), signal);
    await utimes(to.at(newName), stats.atime, stats.mtime);
    return;
  }
  if (!stats.isDirectory()) throw new ToolError(`${name} is a device, a socket or a pipe, which stays where it is.`);
  await mkdir(to.at(newName), stats.mode & 0o777);
  await from.below(name, (source) =>
    to.below(newName, async (target) => {
      for (const entry of await source.entries()) await copyTree(source, entry.name, target, entry.name, signal);
    }),
  );
}

async function copyFile(from: string | Buffer, to: string | Buffer, signal: AbortSignal): Promise<void> {
  const source = await open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { mode } = await source.stat();
    const target = await open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode & 0o777);
    try {
      const chunk = Buffer.alloc(1_000_000);
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await source.read(chunk, 0, chunk.length);
        if (bytesRead === 0) break;
        await target.writeFile(chunk.subarray(0, bytesRead));
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
