/** Reads logs, which may be cut at any byte or come from elsewhere: parsed, never trusted. Reading never writes. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError, messageOf } from '../agent/errors.ts';
import { factSchema, logFormat, placeSchema, type TrajectoryEvent } from '../shared/events.ts';
import { logFile } from './eventLog.ts';

/** What a log holds as far as it can be read. */
export interface ReadLog {
  readonly events: readonly TrajectoryEvent[];
  /** The byte behind the last fact that counts. */
  readonly end: number;
  /** What was left out because it could not be read, in words for a person. */
  readonly damage?: string;
}

/** Reads a run's log. Throws UserError when there is none, or it was written by a newer version. */
export async function readLog(runFolder: string): Promise<ReadLog> {
  return parseLog(await readFrom(runFolder, 0));
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

/** Parses a log's bytes, whose first fact has number `firstSeq`: as many facts from the front as are whole and in order. */
export function parseLog(bytes: Buffer, firstSeq = 0): ReadLog {
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

const formatSchema = z.object({ type: z.literal('run.started'), format: z.number() });

function parseLine(line: string, seq: number): TrajectoryEvent | undefined {
  const json = parseJson(line);
  const started = formatSchema.safeParse(json);
  if (started.success && started.data.format > logFormat) {
    throw new UserError(
      `This run was written by a newer version of MiroThinker (log format ${started.data.format}; this version reads up to ${logFormat}). Update the extension to open it.`,
    );
  }
  const place = placeSchema.safeParse(json);
  const fact = factSchema.safeParse(json);
  if (!place.success || !fact.success || place.data.seq !== seq) return undefined;
  if ((seq === 0) !== (fact.data.type === 'run.started')) return undefined;
  return { ...place.data, ...fact.data };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
