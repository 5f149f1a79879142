/** Folders held by descriptor: what is done in them happens there, whatever a command does to the path meanwhile. */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { toSystem } from './bytePath.ts';

/** Linux: a descriptor that names a folder and needs no right to read it; node:fs has no word for it. */
const namingOnly = 0o10000000;

/**
 * Acts in a folder, given as a path that stays with it. Throws when the path is a link, or leads through one. A folder that
 * we own and may not write is opened for as long as that takes.
 */
export function inFolder<T>(bytes: string, act: (path: string) => T): T {
  return withFolder(bytes, (path, mode) => {
    if ((mode & 0o700) === 0o700) return act(path);
    chmodSync(toSystem(path), mode | 0o700);
    try {
      return act(path);
    } finally {
      chmodSync(toSystem(path), mode);
    }
  });
}

function withFolder<T>(bytes: string, act: (path: string, mode: number) => T): T {
  if (process.platform !== 'linux') {
    // Nothing names an open folder there: a link is noticed, but one that comes at this very moment is not.
    if (realpathSync.native(toSystem(bytes), 'buffer').toString('latin1') !== bytes) throw throughLink();
    return act(bytes, lstatSync(toSystem(bytes)).mode & 0o7777);
  }
  const descriptor = openSync(toSystem(bytes), namingOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const path = `/proc/self/fd/${descriptor}`;
    if (readlinkSync(path, 'latin1') !== bytes) throw throughLink();
    return act(path, fstatSync(descriptor).mode & 0o7777);
  } finally {
    closeSync(descriptor);
  }
}

function throughLink(): Error {
  return new Error('the folder is reached through a link now');
}

/** One name in a folder, as bytes. */
export interface Entry {
  readonly name: string;
  /** Files and links are none; of others only a look can tell. */
  readonly mayBeFolder: boolean;
}

/** What is in a folder; undefined when we may not look. Throws on any other trouble, but for a folder that went. */
export function listFolder(path: string | Buffer): readonly Entry[] | undefined {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
      name: entry.name.toString('latin1'),
      mayBeFolder: !entry.isFile() && !entry.isSymbolicLink(),
    }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Gives us, its owner, the rights to a folder. Never follows a link; what is not ours stays as it is. */
export function openFolder(bytes: string): void {
  try {
    withFolder(bytes, (path, mode) => chmodSync(toSystem(path), mode | 0o700));
  } catch {
    // It went, or is not ours: then we cannot look, and neither could a command.
  }
}
