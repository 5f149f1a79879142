/** The two ends of a log, read without what lies between them. Reading never writes. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrajectoryEvent } from '../shared/events.ts';
import { logFile } from './logFile.ts';
import { parseLog } from './readLog.ts';

/** Bytes of one look at an end. */
const lookBytes = 64 * 1024;
/** The longest first fact that is read: a question and the tools that the model is told of. */
const maxFirstBytes = 8 * 1024 * 1024;

/** A log's first fact; undefined when there is no log, or it does not begin with a readable one. */
export async function firstFact(runFolder: string): Promise<TrajectoryEvent | undefined> {
  return reading(runFolder, async (handle, size) => {
    for (let length = lookBytes; ; length *= 4) {
      const head = await bytesAt(handle, 0, Math.min(length, size));
      const newline = head.indexOf(0x0a);
      if (newline >= 0) return parsed(head.subarray(0, newline + 1), undefined)[0];
      if (length >= Math.min(size, maxFirstBytes)) return undefined;
    }
  });
}

/** The facts at a log's end, oldest first, as far back as one that `wanted` asks for or to the beginning. */
export async function lastFacts(
  runFolder: string,
  wanted: (event: TrajectoryEvent) => boolean,
): Promise<readonly TrajectoryEvent[]> {
  const found = await reading(runFolder, async (handle, size) => {
    for (let length = lookBytes; ; length *= 4) {
      const tail = await bytesAt(handle, Math.max(0, size - length), Math.min(length, size));
      const events = wholeLines(tail);
      if (length >= size || events.some(wanted)) return events;
    }
  });
  return found ?? [];
}

async function reading<T>(
  runFolder: string,
  read: (handle: FileHandle, size: number) => Promise<T>,
): Promise<T | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  const handle = await open(join(runFolder, logFile), flags).catch(() => undefined);
  if (!handle) return undefined;
  try {
    return await read(handle, (await handle.stat()).size);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}

function wholeLines(bytes: Buffer): readonly TrajectoryEvent[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const seq = /^\{"seq":(\d+),/.exec(line)?.[1];
      return seq === undefined ? [] : parsed(Buffer.from(`${line}\n`), Number(seq));
    });
}

function parsed(bytes: Buffer, from: number | undefined): readonly TrajectoryEvent[] {
  try {
    return parseLog(bytes, from).events;
  } catch {
    return [];
  }
}
