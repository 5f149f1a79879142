/**
 * Opening and replacing files without following a link that somebody puts there meanwhile. On Linux a folder's handle
 * stands for its path (`/proc/self/fd/N/name` is openat); elsewhere only the last part is guarded.
 */
import { randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { lstat, mkdir, open, readdir, readlink, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ToolError } from '../agent/errors.ts';
import { errorCode } from './fileProblems.ts';
import { fromDisk, onDisk } from './pathNames.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY, O_NOCTTY } = constants;
const hasHandlePaths = process.platform === 'linux';

/** A folder that is held open: what is named through it is in it, wherever its path leads by now. */
export interface HeldFolder {
  /** The path of an entry for Node's file functions, valid while the folder is held. */
  readonly at: (name: string) => string | Buffer;
  /** Holds a folder in it; undefined where that is none, or a link. */
  readonly below: <T>(name: string, use: (folder: HeldFolder) => Promise<T>) => Promise<T | undefined>;
  readonly entries: () => Promise<readonly Entry[]>;
  /** Brings what was renamed in it to the disk, as far as the file system does that. */
  readonly sync: () => Promise<void>;
}

/** What a folder holds. */
export interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** Opens a file for reading; `path` is without links. The caller closes it. Throws ToolError for what is no file. */
export async function openForReading(path: string, shown: string): Promise<FileHandle> {
  const before = await lstat(onDisk(path));
  if (!before.isFile() && !before.isDirectory() && !before.isSymbolicLink()) throw noFile(shown);
  const handle = await open(onDisk(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  try {
    await checkPlace(handle, path, shown);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new ToolError(`${shown} is a folder. Use list_files to see what is in it.`);
    if (!stats.isFile()) throw noFile(shown);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function noFile(shown: string): ToolError {
  return new ToolError(`${shown} is a device, a socket or a pipe, not a file with text in it.`);
}

/** Holds a folder while it is used; `path` is without links. `make`: it is made where it is missing, and those above it. */
export async function withFolder<T>(
  path: string,
  shown: string,
  use: (folder: HeldFolder) => Promise<T>,
  { make = false }: { readonly make?: boolean } = {},
): Promise<T> {
  const handle = make ? await openFolder(path, shown) : await open(onDisk(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    await checkPlace(handle, path, shown);
    return await use(heldFolder(handle, path));
  } finally {
    await handle.close();
  }
}

function heldFolder(handle: FileHandle, path: string): HeldFolder {
  const base = hasHandlePaths ? `/proc/self/fd/${handle.fd}` : path;
  const at = (name: string) => onDisk(join(base, name));
  return {
    at,
    below: async (name, use) => {
      const inner = await open(at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((error: unknown) => {
        if (['ELOOP', 'ENOTDIR', 'ENOENT'].includes(errorCode(error) ?? '')) return undefined;
        throw error;
      });
      if (!inner) return undefined;
      return use(heldFolder(inner, join(path, name))).finally(() => inner.close());
    },
    entries: async () => (await readdir(onDisk(base), { withFileTypes: true, encoding: 'buffer' })).map(entryOf),
    sync: () => handle.sync().catch(() => undefined),
  };
}

function entryOf(entry: Dirent<Buffer>): Entry {
  const name = fromDisk(entry.name);
  if (entry.isFile()) return { name, kind: 'file' };
  if (entry.isDirectory()) return { name, kind: 'folder' };
  return { name, kind: entry.isSymbolicLink() ? 'link' : 'other' };
}

/**
 * Replaces a file, or makes one with the folders that are missing above it; `path` is without links. A reader sees the old
 * bytes or the new ones. Keeps the mode and, where allowed, the owner.
 */
export async function replaceFile(path: string, bytes: Uint8Array, shown: string, signal: AbortSignal): Promise<void> {
  const name = basename(path);
  await withFolder(
    dirname(path),
    shown,
    async ({ at, sync }) => {
      const old = await existing(at(name), shown);
      const temporary = at(`.${temporaryStem(name)}.${randomBytes(6).toString('hex')}.tmp`);
      try {
        await writeNew(temporary, bytes, old);
        signal.throwIfAborted();
        await rename(temporary, at(name));
        await sync();
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        throw error;
      }
    },
    { make: true },
  );
}

/** Not more bytes than a name may have once a suffix is added. */
function temporaryStem(name: string): string {
  return Buffer.from(onDisk(name)).length <= 200 ? name : 'long';
}

interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Mode and owner of the file that is replaced. */
async function existing(path: string | Buffer, shown: string): Promise<Ownership | undefined> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!stats) return undefined;
  if (stats.isDirectory()) throw new ToolError(`${shown} is a folder; name a file in it.`);
  if (!stats.isFile()) throw new ToolError(`${shown} is a link, a device or a pipe and cannot be replaced.`);
  if ((stats.mode & 0o222) === 0) throw new ToolError(`${shown} is read-only. Write to another file.`);
  return { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
}

async function writeNew(path: string | Buffer, bytes: Uint8Array, old: Ownership | undefined): Promise<void> {
  const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, old ? 0o600 : 0o666);
  try {
    await handle.writeFile(bytes);
    if (old) {
      await handle.chown(old.uid, old.gid).catch(() => undefined);
      await handle.chmod(old.mode);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Opens a folder by its path without links, making it and those above it where they are missing. */
async function openFolder(path: string, shown: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(onDisk(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const parent = await openFolder(dirname(path), shown);
    try {
      const inside = onDisk(hasHandlePaths ? `/proc/self/fd/${parent.fd}/${basename(path)}` : path);
      await mkdir(inside).catch((problem: unknown) => {
        if (errorCode(problem) !== 'EEXIST') throw problem;
      });
      handle = await open(inside, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    } finally {
      await parent.close();
    }
  }
  try {
    await checkPlace(handle, path, shown);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** That the handle is the place that was meant: no folder on the way became a link meanwhile. */
async function checkPlace(handle: FileHandle, path: string, shown: string): Promise<void> {
  if (!hasHandlePaths) return;
  const actual = fromDisk(await readlink(`/proc/self/fd/${handle.fd}`, { encoding: 'buffer' }));
  if (actual !== path) throw new ToolError(`${shown} changed its place meanwhile. Look again with list_files.`);
}
