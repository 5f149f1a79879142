/** Big things beside a log, read back: named by the SHA-256 of their bytes. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import { blobRefSchema, type BlobRef } from '../shared/refs.ts';
import { isRunId } from './folders.ts';
import { firstFact } from './logEnds.ts';

const pieceBytes = 1024 * 1024;

/**
 * Reads a blob of a run, or of a run that it is a fork of. Throws UserError when its name is no hash, it is missing, a
 * link, or not what its name says.
 */
export async function readBlob(runFolder: string, ref: BlobRef): Promise<Buffer> {
  const handle = await openBlob(runFolder, ref);
  return handle.readFile().finally(() => handle.close());
}

/** The same for one that is too large to be held; whoever opens it closes it. */
export async function openBlob(runFolder: string, ref: BlobRef): Promise<FileHandle> {
  return (await verified(runFolder, ref)).handle;
}

/** Where it stands, for programs that read it themselves. */
export async function blobPath(runFolder: string, ref: BlobRef): Promise<string> {
  const { handle, path } = await verified(runFolder, ref);
  await handle.close();
  return path;
}

interface Opened {
  readonly handle: FileHandle;
  readonly path: string;
}

async function verified(runFolder: string, ref: BlobRef): Promise<Opened> {
  const { sha256 } = blobRefSchema.parse(ref);
  const found = await find(runFolder, sha256).catch((error: unknown) => {
    throw new UserError(`The stored result cannot be read (${messageOf(error)}).`);
  });
  const { handle } = found;
  try {
    if ((await hashOf(handle)) === sha256) return found;
  } catch (error) {
    await handle.close();
    throw new UserError(`The stored result cannot be read (${messageOf(error)}).`);
  }
  await handle.close();
  throw new UserError('The stored result is damaged: its contents are not what the log says.');
}

async function hashOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceBytes);
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(piece, 0, pieceBytes, at);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** What stands under a name, from the first of the run and its parents that has it. Throws what the file system says. */
async function find(runFolder: string, sha256: string): Promise<Opened> {
  const seen = new Set<string>();
  let folder = runFolder;
  for (;;) {
    try {
      const path = join(folder, 'blobs', sha256);
      return { path, handle: await open(path, constants.O_RDONLY | constants.O_NOFOLLOW) };
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
