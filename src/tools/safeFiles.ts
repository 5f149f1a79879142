/**
 * Opening and replacing files without following a link that somebody puts there meanwhile. On Linux a folder's handle
 * stands for its path (`/proc/self/fd/N/name` is openat); elsewhere only the last part is guarded.
 */
import { randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { mkdir, open, readdir, readlink, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ToolError } from '../agent/errors.ts';
import { errorCode } from './fileProblems.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;
const hasHandlePaths = process.platform === 'linux';

/** Opens a file for reading; `path` is without links. The caller closes it. Throws ToolError for what is no file. */
export async function openForReading(path: string, shown: string): Promise<FileHandle> {
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    await checkPlace(handle, path, shown);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new ToolError(`${shown} is a folder. Use list_files to see what is in it.`);
    if (!stats.isFile()) throw new ToolError(`${shown} is a device or a pipe, not a file with text in it.`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The entries of a folder; `path` is without links. */
export async function readFolder(path: string, shown: string): Promise<Dirent[]> {
  const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    await checkPlace(handle, path, shown);
    return await readdir(hasHandlePaths ? `/proc/self/fd/${handle.fd}` : path, { withFileTypes: true });
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file, or makes one with the folders that are missing above it; `path` is without links. A reader sees the old
 * bytes or the new ones. Keeps the mode and, where allowed, the owner.
 */
export async function replaceFile(path: string, bytes: Uint8Array, shown: string, signal: AbortSignal): Promise<void> {
  const folder = await openFolder(dirname(path), shown);
  try {
    const inside = (name: string) => join(hasHandlePaths ? `/proc/self/fd/${folder.fd}` : dirname(path), name);
    const target = inside(basename(path));
    const old = await existing(target, shown);
    const temporary = inside(`.${basename(path).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeNew(temporary, bytes, old);
      signal.throwIfAborted();
      await rename(temporary, target);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
    await folder.sync().catch(() => undefined);
  } finally {
    await folder.close();
  }
}

interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Mode and owner of the file that is replaced. */
async function existing(path: string, shown: string): Promise<Ownership | undefined> {
  try {
    const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await handle.stat().finally(() => handle.close());
    if (stats.isDirectory()) throw new ToolError(`${shown} is a folder; name a file in it.`);
    if (!stats.isFile()) throw new ToolError(`${shown} is a device or a pipe and cannot be replaced.`);
    if ((stats.mode & 0o222) === 0) throw new ToolError(`${shown} is read-only. Write to another file.`);
    return { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeNew(path: string, bytes: Uint8Array, old: Ownership | undefined): Promise<void> {
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
    handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const parent = await openFolder(dirname(path), shown);
    try {
      const inside = hasHandlePaths ? `/proc/self/fd/${parent.fd}/${basename(path)}` : path;
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
  const actual = await readlink(`/proc/self/fd/${handle.fd}`);
  if (actual !== path) throw new ToolError(`${shown} changed its place meanwhile. Look again with list_files.`);
}
