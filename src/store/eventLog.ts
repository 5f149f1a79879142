/** A run's log on disk: one JSON object a line, appended with one handle and synced before anyone is told. */
import { open, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import type { EventLog } from '../agent/ports.ts';
import type { Fact, TrajectoryEvent } from '../shared/events.ts';
import { readBlob } from './blobs.ts';
import { logFile } from './logFile.ts';
import { openOutputSink } from './outputSink.ts';
import { putBlob } from './putBlob.ts';

/** A log opened for writing. Whoever opens it holds the run's lock. */
export interface WritableLog extends EventLog {
  readonly close: () => Promise<void>;
}

/**
 * Opens a run's log for appending behind `count` facts that end at byte `end`; what stands behind them is cut off: a torn
 * line for good, whole lines that cannot be read (damage, not a crash) are kept in a file beside. Throws UserError when the
 * folder cannot be written.
 */
export async function openLog(
  runFolder: string,
  from: { count: number; end: number },
  now: () => number,
): Promise<WritableLog> {
  const path = join(runFolder, logFile);
  const handle = await open(path, from.end === 0 ? 'wx' : 'r+').catch((error: unknown) => {
    throw new UserError(
      `The run's log cannot be written (${messageOf(error)}). Choose another runs folder or free some space.`,
    );
  });
  if (from.end > 0) await cutOff(handle, from.end, runFolder);
  let { count, end } = from;
  let last: Promise<unknown> = Promise.resolve();
  const write = async (facts: readonly Fact[]): Promise<readonly TrajectoryEvent[]> => {
    const at = now();
    const events = facts.map((fact, index) => ({ seq: count + index, at, ...fact }));
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    await writeAll(handle, bytes, end);
    count += events.length;
    end += bytes.length;
    return events;
  };
  return {
    append: (...facts) => {
      const written = last.then(() => write(facts));
      last = written.catch(() => undefined);
      return written;
    },
    putBlob: (bytes) => putBlob(runFolder, bytes),
    openOutput: () => openOutputSink(runFolder),
    readText: (ref) =>
      readBlob(runFolder, ref).then(
        (bytes) => bytes.toString('utf8'),
        () => undefined,
      ),
    close: async () => {
      await last;
      await handle.close();
    },
  };
}

async function cutOff(handle: FileHandle, end: number, runFolder: string): Promise<void> {
  try {
    const { size } = await handle.stat();
    if (size <= end) return;
    const rest = Buffer.alloc(size - end);
    await handle.read(rest, 0, rest.length, end);
    if (rest.includes(0x0a)) await writeFile(join(runFolder, `damaged-behind-${end}.jsonl`), rest, { mode: 0o600 });
    await handle.truncate(end);
  } catch (error) {
    await handle.close();
    throw new UserError(`The run's log cannot be written (${messageOf(error)}). Free some space, then resume the run.`);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  try {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
    await handle.datasync();
  } catch (error) {
    throw new UserError(
      `The run's log cannot be written (${messageOf(error)}). Free some space or make the runs folder writable, then resume the run.`,
    );
  }
}
