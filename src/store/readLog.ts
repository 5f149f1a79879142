/** Reads logs, which may be cut at any byte or come from elsewhere: parsed, never trusted. Reading never writes. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import { factSchema, logFormat, placeSchema, type EventOf, type TrajectoryEvent } from '../shared/events.ts';
import { isRecord, parseJson } from '../shared/json.ts';
import { upgradeLine } from '../shared/upgrade.ts';
import { logFile } from './logFile.ts';
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

/**
 * Reads a run's log, a fork's with what it has of its parents. Throws UserError when there is none, a parent's cannot be
 * read as far as it is needed, or one was written by a newer version.
 */
export async function readLog(runFolder: string): Promise<ReadLog> {
  const own = parseLog(await readFrom(runFolder, 0));
  const [first] = own.events;
  if (first?.type !== 'run.forked') return own;
  return { ...own, events: [...(await inherited(runFolder, first)), ...own.events] };
}

/** The facts that a fork shares with the runs that it comes from. A parent's facts behind them need not be readable. */
async function inherited(runFolder: string, fork: EventOf<'run.forked'>): Promise<readonly TrajectoryEvent[]> {
  const seen = new Set([basename(runFolder)]);
  let events: readonly TrajectoryEvent[] = [];
  let { runId, seq: upTo } = fork.parent;
  for (;;) {
    if (!isRunId(runId) || seen.has(runId)) {
      throw new UserError(`This run is a fork of ${runId}, which cannot be its parent: the log is damaged.`);
    }
    seen.add(runId);
    const part = await parentPart(join(dirname(runFolder), runId), runId, upTo);
    events = [...part.filter((event) => event.seq <= upTo), ...events];
    const [first] = part;
    if (first?.type !== 'run.forked') return events;
    runId = first.parent.runId;
    upTo = Math.min(upTo, first.parent.seq);
  }
}

/** A parent's own facts up to `upTo`; its first one in any case, though a fork of what it inherited itself has none of it. */
async function parentPart(folder: string, runId: string, upTo: number): Promise<readonly TrajectoryEvent[]> {
  const bytes = await readFrom(folder, 0).catch((error: unknown) => {
    const why = `${messageOf(error)} Was it deleted or moved?`;
    throw new UserError(`This run is a fork of ${runId} and cannot be opened without it. ${why}`);
  });
  const { events } = parseFacts(bytes, startOf(bytes), upTo);
  const [first] = events;
  if (!first || (upTo >= first.seq && events.at(-1)?.seq !== upTo)) {
    const sound = first ? `sound up to entry ${events.at(-1)?.seq ?? 0}` : 'unreadable from its beginning';
    throw new UserError(
      `This run is a fork of ${runId}, whose log it needs up to entry ${upTo}; that log is damaged, ${sound}.`,
    );
  }
  return events;
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
    const bytes = Buffer.allocUnsafe(Math.max(0, size - offset));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Parses a log's bytes: as many facts from the front as are whole and in order. `from` is the number of the first one;
 * without it they are a log from its beginning, which a fork's is behind its parent's part.
 */
export function parseLog(bytes: Buffer, from?: number): ReadLog {
  const firstSeq = from ?? startOf(bytes);
  const { events, end } = parseFacts(bytes, firstSeq, Infinity);
  if (end === bytes.length) return { events, end };
  const rest = bytes.subarray(end);
  const lines = rest.toString('utf8').split('\n').filter(Boolean).length;
  const torn = rest.indexOf(0x0a) < 0;
  const damage = torn
    ? 'The last entry of the log was cut off; everything before it was recovered.'
    : `The log is damaged behind entry ${firstSeq + events.length}: ${lines} lines could not be read; everything before them was recovered.`;
  return { events, end, damage };
}

/** Reads up to the fact `upTo`, and at least one. `end` is the byte behind the last fact. */
function parseFacts(
  bytes: Buffer,
  firstSeq: number,
  upTo: number,
): { readonly events: readonly TrajectoryEvent[]; readonly end: number } {
  const events: TrajectoryEvent[] = [];
  let end = 0;
  while (events.length === 0 || firstSeq + events.length <= upTo) {
    const newline = bytes.indexOf(0x0a, end);
    if (newline < 0) break;
    const event = parseLine(bytes.toString('utf8', end, newline), firstSeq + events.length);
    if (!event) break;
    events.push(event);
    end = newline + 1;
  }
  return { events, end };
}

/** The number of a log's first fact. */
function startOf(bytes: Buffer): number {
  const first = parseJson(bytes.toString('utf8', 0, Math.max(0, bytes.indexOf(0x0a))));
  const place = placeSchema.safeParse(first);
  return first?.['type'] === 'run.forked' && place.success ? place.data.seq : 0;
}

function parseLine(line: string, seq: number): TrajectoryEvent | undefined {
  const json = parseJson(line);
  if (!isRecord(json)) return undefined;
  refuseNewer(json);
  const place = placeSchema.safeParse(json);
  if (!place.success || place.data.seq !== seq) return undefined;
  const fact = factSchema.safeParse(upgradeLine(json));
  if (!fact.success) return undefined;
  if ((seq === 0) !== (fact.data.type === 'run.started')) return undefined;
  if (fact.data.type === 'run.forked' && fact.data.parent.seq + 1 !== seq) return undefined;
  return { ...place.data, ...fact.data };
}

function refuseNewer({ type, format }: Readonly<Record<string, unknown>>): void {
  if ((type !== 'run.started' && type !== 'run.forked') || typeof format !== 'number' || format <= logFormat) return;
  throw new UserError(
    `This run was written by a newer version of MiroThinker (log format ${format}; this version reads up to ${logFormat}). Update the extension to open it.`,
  );
}
