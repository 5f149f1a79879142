/** Big things beside the log, named by the SHA-256 of their bytes. */
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import { blobRefSchema, type BlobRef } from '../shared/events.ts';

/** Stores bytes durably; the same bytes are stored once. Throws UserError when the runs folder cannot be written. */
export async function putBlob(runFolder: string, bytes: Uint8Array): Promise<BlobRef> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const folder = join(runFolder, 'blobs');
  const temporary = join(folder, `.${sha256}.${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(folder, sha256));
  } catch (error) {
    throw new UserError(`A result cannot be stored (${messageOf(error)}). Free some space, then resume the run.`);
  }
  return { sha256, sizeBytes: bytes.length };
}

/** Reads a blob. Throws UserError when its name is no hash, it is missing, a link, or not what its name says. */
export async function readBlob(runFolder: string, ref: BlobRef): Promise<Buffer> {
  const { sha256 } = blobRefSchema.parse(ref);
  const path = join(runFolder, 'blobs', sha256);
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const bytes = await handle.readFile();
      if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UserError(`The stored result cannot be read (${messageOf(error)}).`);
  }
  throw new UserError('The stored result is damaged: its contents are not what the log says.');
}
