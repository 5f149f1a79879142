/** Big things beside a log, read back: named by the SHA-256 of their bytes. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import { blobRefSchema, type BlobRef } from '../shared/refs.ts';
import { isRunId } from './folders.ts';
import { firstFact } from './logEnds.ts';

/**
 * Reads a blob of a run, or of a run that it is a fork of. Throws UserError when its name is no hash, it is missing, a
 * link, or not what its name says.
 */
export async function readBlob(runFolder: string, ref: BlobRef): Promise<Buffer> {
  const { sha256 } = blobRefSchema.parse(ref);
  try {
    const bytes = await readFrom(runFolder, sha256);
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  } catch (error) {
    throw new UserError(`The stored result cannot be read (${messageOf(error)}).`);
  }
  throw new UserError('The stored result is damaged: its contents are not what the log says.');
}

/** The bytes under a name, from the first of the run and its parents that has them. Throws what the file system says. */
async function readFrom(runFolder: string, sha256: string): Promise<Buffer> {
  const seen = new Set<string>();
  let folder = runFolder;
  for (;;) {
    try {
      const handle = await open(join(folder, 'blobs', sha256), constants.O_RDONLY | constants.O_NOFOLLOW);
      return await handle.readFile().finally(() => handle.close());
    } catch (error) {
      seen.add(basename(folder));
      const parent = await parentOf(folder);
      if (parent === undefined || seen.has(parent)) throw error;
      folder = join(dirname(folder), parent);
    }
  }
}

async function parentOf(runFolder: string): Promise<string | undefined> {
  const first = await firstFact(runFolder);
  const parent = first?.type === 'run.forked' ? first.parent.runId : undefined;
  return parent !== undefined && isRunId(parent) ? parent : undefined;
}
