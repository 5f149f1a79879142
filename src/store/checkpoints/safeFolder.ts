/**
 * Changing files of a root without ever following a link out of it. On Linux a folder's handle stands for its path
 * (`/proc/self/fd/N/name` is openat); elsewhere each folder is looked at right before.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises';
import { type ByteName, placeOf } from './names.ts';

const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY } = constants;
const hasHandlePaths = process.platform === 'linux';

/** A folder that is held open; `inside` says where a name in it is. */
export interface SafeFolder {
  readonly inside: (name: ByteName) => Buffer;
  readonly close: () => Promise<void>;
}

/** Opens a folder of a root, making what is missing on the way if asked to. Throws what the file system says: ENOTDIR or ELOOP for a link. */
export async function openSafeFolder(root: string, name: ByteName, make: boolean): Promise<SafeFolder> {
  let path = root;
  let handle = await open(root, O_RDONLY | O_DIRECTORY);
  for (const part of name === '' ? [] : name.split('/')) {
    const above = handle;
    const place = placeOf(hasHandlePaths ? `/proc/self/fd/${above.fd}` : path, part);
    try {
      handle = await openPart(place, make);
    } finally {
      await above.close();
    }
    path = `${path}/${Buffer.from(part, 'latin1').toString('utf8')}`;
  }
  const { fd } = handle;
  const folder = handle;
  return {
    inside: (part) => placeOf(hasHandlePaths ? `/proc/self/fd/${fd}` : path, part),
    close: () => folder.close(),
  };
}

async function openPart(place: Buffer, make: boolean): Promise<FileHandle> {
  const opened = async () => {
    // O_NOFOLLOW says it for the last part, which each part is once.
    if (!hasHandlePaths && (await lstat(place)).isSymbolicLink())
      throw Object.assign(new Error('it is a link'), { code: 'ELOOP' });
    return open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  };
  if (!make) return opened();
  await mkdir(place).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return opened();
}
