/** Output of any length, stored beside the log while it comes. */
import { createHash, randomBytes, type Hash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import type { KeptOutput, OutputSink } from '../agent/tool.ts';
import { formatBytes } from '../shared/quantities.ts';

/** Bytes that are kept; of longer output both halves, its beginning and its end. */
const maxBytes = 100_000_000;
/** Text is written in pieces of this size, and whoever pushes waits while so much is not written yet. */
const pieceBytes = 256 * 1024;
const maxWaitingBytes = 1024 * 1024;

/** Opens a sink in a run's folder. Its file gets its name, the hash, at the end. Throws UserError when it cannot be written. */
export async function openOutputSink(runFolder: string, keptBytes = maxBytes): Promise<OutputSink> {
  const folder = join(runFolder, 'blobs');
  const path = () => join(folder, `.output.${process.pid}.${randomBytes(6).toString('hex')}`);
  return orUserError(async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeLeftovers(folder);
    const first = path();
    return new FileSink(folder, await open(first, 'wx+', 0o600), first, path, keptBytes);
  });
}

/** A run has one writer: what another process began to store will never be finished. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^\.output\.(\d+)\./.exec(name)?.[1];
    if (pid !== undefined && Number(pid) !== process.pid) await rm(join(folder, name), { force: true });
  }
}

class FileSink implements OutputSink {
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #another: () => string;
  readonly #keptBytes: number;
  readonly #hash = createHash('sha256');
  /** Where the beginning ends that is kept in any case, then the hash up to there; known once there is so much. */
  #headEnd: number | undefined;
  #head: { readonly bytes: number; readonly hash: Hash } | undefined;
  #bytes = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Those that are being written included. */
  #unwrittenBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(folder: string, handle: FileHandle, path: string, another: () => string, keptBytes: number) {
    this.#folder = folder;
    this.#handle = handle;
    this.#path = path;
    this.#another = another;
    this.#keptBytes = keptBytes;
  }

  readonly push = (text: string): Promise<void> | undefined => {
    if (this.#failure) return undefined;
    const bytes = Buffer.from(text);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#unwrittenBytes += bytes.length;
    if (this.#waitingBytes >= pieceBytes) this.#writing ??= this.#write();
    return this.#unwrittenBytes > maxWaitingBytes ? this.#writing : undefined;
  };

  readonly end = async (): Promise<KeptOutput | undefined> => {
    try {
      return await orUserError(async () => {
        await this.#flushed();
        if (this.#bytes === 0) return undefined;
        return await (this.#bytes <= this.#keptBytes ? this.#name() : this.#bothEnds());
      });
    } finally {
      await this.drop();
    }
  };

  readonly drop = async (): Promise<void> => {
    this.#failure ??= { error: new Error('closed') };
    await this.#writing;
    await this.#handle.close();
    await rm(this.#path, { force: true });
  };

  async #flushed(): Promise<void> {
    await this.#writing;
    await this.#write();
    if (this.#failure) throw this.#failure.error;
  }

  /** Never rejects: what went wrong is told at the end, and nothing is written any more. */
  async #write(): Promise<void> {
    try {
      while (this.#waitingBytes > 0 && !this.#failure) {
        const piece = Buffer.concat(this.#waiting);
        this.#waiting = [];
        this.#waitingBytes = 0;
        await this.#append(piece);
        this.#unwrittenBytes -= piece.length;
      }
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#writing = undefined;
    }
  }

  async #append(piece: Buffer): Promise<void> {
    for (let from = 0; from < piece.length;) {
      const part = piece.subarray(from, from + this.#roomAt(piece, from));
      if (this.#bytes + part.length <= this.#keptBytes) this.#hash.update(part);
      await writeAll(this.#handle, part, this.#positionOf(this.#bytes));
      this.#bytes += part.length;
      from += part.length;
    }
  }

  /** How much can be written in one go from there on; where the kept beginning ends is decided on the way. */
  #roomAt(piece: Buffer, from: number): number {
    const half = Math.floor(this.#keptBytes / 2);
    const rest = piece.length - from;
    if (!this.#head) {
      if (this.#bytes + rest > half)
        this.#headEnd ??= this.#bytes + wholeText(piece.subarray(from), half - this.#bytes);
      if (this.#headEnd === undefined) return rest;
      if (this.#bytes < this.#headEnd) return this.#headEnd - this.#bytes;
      this.#head = { bytes: this.#bytes, hash: this.#hash.copy() };
    }
    return this.#keptBytes - this.#positionOf(this.#bytes);
  }

  /** What comes behind the kept beginning goes round and round in the rest of the file. */
  #positionOf(byte: number): number {
    if (!this.#head || byte < this.#keptBytes) return byte;
    const { bytes } = this.#head;
    return bytes + ((byte - bytes) % (this.#keptBytes - bytes));
  }

  async #name(): Promise<KeptOutput> {
    await this.#handle.datasync();
    const sha256 = this.#hash.digest('hex');
    await rename(this.#path, join(this.#folder, sha256));
    return { blob: { sha256, sizeBytes: this.#bytes }, omittedBytes: 0 };
  }

  /** The beginning, a line that says what is missing, the end from the beginning of one of its lines, in a file of its own. */
  async #bothEnds(): Promise<KeptOutput> {
    const head = this.#head;
    if (!head) throw new Error('there is no beginning');
    const path = this.#another();
    const whole = await open(path, 'wx', 0o600);
    try {
      await copy(this.#handle, 0, head.bytes, async (piece, at) => writeAll(whole, piece, at));
      const end = this.#positionOf(this.#bytes);
      const oldest = await this.#oldest(head.bytes, end);
      const cut = firstLine(oldest);
      const omittedBytes = this.#bytes - this.#keptBytes + cut;
      const between = Buffer.from(`\n[${formatBytes(omittedBytes)} of output were not kept here]\n`);
      let size = head.bytes;
      const add = async (piece: Buffer) => {
        head.hash.update(piece);
        await writeAll(whole, piece, size);
        size += piece.length;
      };
      await add(between);
      await copy(this.#handle, end + cut, this.#keptBytes, add);
      await copy(this.#handle, Math.max(head.bytes, head.bytes + end + cut - this.#keptBytes), end, add);
      await whole.datasync();
      const sha256 = head.hash.digest('hex');
      await rename(path, join(this.#folder, sha256));
      return { blob: { sha256, sizeBytes: size }, omittedBytes };
    } finally {
      await whole.close();
      await rm(path, { force: true });
    }
  }

  /** What the kept end begins with; it may go round the end of the file. */
  async #oldest(start: number, end: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    const add = (piece: Buffer) => Promise.resolve(void pieces.push(piece));
    const first = Math.min(this.#keptBytes, end + pieceBytes);
    await copy(this.#handle, end, first, add);
    await copy(this.#handle, start, Math.min(end, start + pieceBytes - (first - end)), add);
    return Buffer.concat(pieces);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

async function copy(
  from: FileHandle,
  start: number,
  end: number,
  to: (piece: Buffer, at: number) => Promise<void>,
): Promise<void> {
  for (let at = start; at < end;) {
    const piece = Buffer.alloc(Math.min(1024 * 1024, end - at));
    const { bytesRead } = await from.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw new Error('the stored output is shorter than it was');
    await to(piece.subarray(0, bytesRead), at);
    at += bytesRead;
  }
}

/** The bytes up to a limit that are whole lines, else whole characters. */
function wholeText(bytes: Buffer, limit: number): number {
  if (bytes.length <= limit) return bytes.length;
  const line = bytes.subarray(0, limit).lastIndexOf(0x0a) + 1;
  return line > 0 ? line : startOfCharacter(bytes, limit);
}

/** Where the first line begins whose beginning is there, else the first character. */
function firstLine(bytes: Buffer): number {
  const line = bytes.indexOf(0x0a) + 1;
  if (line > 0) return line;
  let at = 0;
  while (at < bytes.length && isContinuation(bytes[at])) at++;
  return at;
}

function startOfCharacter(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && isContinuation(bytes[start])) start--;
  return start;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

async function orUserError<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new UserError(`The output cannot be stored (${messageOf(error)}). Free some space in the runs folder.`);
  }
}
