/** Stores big things beside the log, named by the SHA-256 of their bytes. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import type { BlobRef } from '../shared/refs.ts';

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
