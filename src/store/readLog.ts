/** Reads logs, which may be cut at any byte or come from elsewhere: parsed, never trusted. Reading never writes. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError, messageOf } from '../agent/errors.ts';
import { factSchema, logFormat, placeSchema, type TrajectoryEvent } from '../shared/events.ts';
import { upgradeLine } from '../shared/upgrade.ts';
import { logFile } from './eventLog.ts';
import { isRunId } from './folders.ts';

/** What a log holds as far as it can be read. */
export interface ReadLog {
  /** From the first fact on; of a fork those of its parents too. */
  readonly events: readonly TrajectoryEvent[];
  /** The byte behind the last fact that counts, in the run's own file. */
  readonly end: number;
  /** What was left out because it could not be read, in words for a person. */
  readonly damage?: string;
}

/** Forks of forks that are followed, so that logs that name each other end. */
const maxForks = 50;

/**
 * Reads a run's log, a fork's with what it has of its parent. Throws UserError when there is none, or it was written by a
 * newer version.
 */
export async function readLog(runFolder: string, depth = 0): Promise<ReadLog> {
  const own = parseLog(await readFrom(runFolder, 0));
  const [first] = own.events;
  if (first?.type !== 'run.forked') return own;
  const { runId, seq } = first.parent;
  const parent = isRunId(runId) && depth < maxForks ? join(dirname(runFolder), runId) : undefined;
  const before = parent === undefined ? undefined : await readLog(parent, depth + 1);
  if (!before || before.events.length <= seq) {
    throw new UserError(`This run is a fork of ${runId}, whose log cannot be read so far. It was deleted or damaged.`);
  }
  return { ...own, events: [...before.events.slice(0, seq + 1), ...own.events] };
}

/** The bytes of a run's log from an offset on; links are not followed. */
export async function readFrom(runFolder: string, offset: number): Promise<Buffer> {
  const handle = await open(join(runFolder, logFile), constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: unknown) => {
      throw new UserError(`The run's log cannot be read (${messageOf(error)}).`);
    },
  );
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.max(0, size - offset));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Parses a log's bytes: as many facts from the front as are whole and in order. `firstSeq` is the number of the first one;
 * without it they are a log from its beginning, which a fork's is behind its parent's part.
 */
export function parseLog(bytes: Buffer, from?: number): ReadLog {
  const firstSeq = from ?? startOf(bytes);
  const events: TrajectoryEvent[] = [];
  let end = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, end);
    if (newline < 0) break;
    const event = parseLine(bytes.toString('utf8', end, newline), firstSeq + events.length);
    if (!event) break;
    events.push(event);
    end = newline + 1;
  }
  if (end === bytes.length) return { events, end };
  const rest = bytes.subarray(end);
  const lines = rest.toString('utf8').split('\n').filter(Boolean).length;
  const torn = rest.indexOf(0x0a) < 0;
  const damage = torn
    ? 'The last entry of the log was cut off; everything before it was recovered.'
    : `The log is damaged behind entry ${firstSeq + events.length}: ${lines} lines could not be read; everything before them was recovered.`;
  return { events, end, damage };
}

const forkSchema = z.object({ type: z.literal('run.forked'), seq: z.number().int().min(0) });

/** The number of a log's first fact. */
function startOf(bytes: Buffer): number {
  const first = forkSchema.safeParse(parseJson(bytes.toString('utf8', 0, Math.max(0, bytes.indexOf(0x0a)))));
  return first.success ? first.data.seq : 0;
}

const formatSchema = z.object({ type: z.enum(['run.started', 'run.forked']), format: z.number() });

function parseLine(line: string, seq: number): TrajectoryEvent | undefined {
  const json = parseJson(line);
  const started = formatSchema.safeParse(json);
  if (started.success && started.data.format > logFormat) {
    throw new UserError(
      `This run was written by a newer version of MiroThinker (log format ${started.data.format}; this version reads up to ${logFormat}). Update the extension to open it.`,
    );
  }
  const place = placeSchema.safeParse(json);
  const fact = factSchema.safeParse(upgradeLine(json));
  if (!place.success || !fact.success || place.data.seq !== seq) return undefined;
  if ((seq === 0) !== (fact.data.type === 'run.started')) return undefined;
  if (fact.data.type === 'run.forked' && fact.data.parent.seq + 1 !== seq) return undefined;
  return { ...place.data, ...fact.data };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
