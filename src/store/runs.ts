/** The runs of a workspace: listed, found by name, deleted. */
import { constants } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import type { EndReason, TrajectoryEvent } from '../shared/events.ts';
import { logFile } from './eventLog.ts';
import { isRunId } from './folders.ts';
import { liveHolder } from './lock.ts';
import { parseLog } from './readLog.ts';

/** A run in a list. Times are in ms since the epoch. */
export interface RunSummary {
  readonly runId: string;
  readonly question: string;
  readonly model: string;
  readonly startedAt: number;
  readonly changedAt: number;
  /** `interrupted`: nobody writes it and it did not end; `unreadable`: its log is not one. */
  readonly state: 'running' | EndReason | 'interrupted' | 'unreadable';
  readonly turns: number;
  readonly answer?: string;
}

/** All runs in a runs folder, newest first. A folder that is not there has none. */
export async function listRuns(folder: string): Promise<readonly RunSummary[]> {
  const names = await readdir(folder).catch(() => []);
  const summaries = await Promise.all(names.filter(isRunId).map((name) => summarise(folder, name)));
  return summaries.filter((run) => run !== undefined).toSorted((a, b) => b.runId.localeCompare(a.runId));
}

/** The id that a person means: a whole one, a unique prefix, or `last`. Throws UserError when there is none. */
export async function findRun(folder: string, name: string): Promise<string> {
  const ids = (await readdir(folder).catch(() => [])).filter(isRunId).toSorted();
  if (name === 'last') {
    const last = ids.at(-1);
    if (!last) throw new UserError(`There are no runs in ${folder} yet.`);
    return last;
  }
  const matching = ids.filter((id) => id.startsWith(name));
  const [only] = matching;
  if (!only || !name)
    throw new UserError(`There is no run ${name} in ${folder}. The command "runs" lists those there are.`);
  if (matching.length > 1)
    throw new UserError(
      `${matching.length} runs begin with ${name}: ${matching.slice(0, 5).join(', ')}. Give more of the id.`,
    );
  return only;
}

/** Deletes a run for good. Throws UserError while someone writes it. */
export async function deleteRun(folder: string, runId: string): Promise<void> {
  if (!isRunId(runId)) throw new UserError(`${runId} is not the id of a run.`);
  if (await liveHolder(join(folder, runId))) throw new UserError(`Run ${runId} is still running. Stop it first.`);
  await rm(join(folder, runId), { recursive: true, force: true });
}

/** Deletes the runs that did not change for so many days (0 keeps all); gives back their ids. */
export async function deleteOldRuns(folder: string, keepDays: number, now: number): Promise<readonly string[]> {
  if (keepDays <= 0) return [];
  const old = (await listRuns(folder)).filter(
    (run) => run.state !== 'running' && run.changedAt < now - keepDays * 86_400_000,
  );
  for (const run of old) await deleteRun(folder, run.runId);
  return old.map((run) => run.runId);
}

/** Bytes read from either end of a log for its summary. */
const endBytes = 256 * 1024;

async function summarise(folder: string, runId: string): Promise<RunSummary | undefined> {
  const runFolder = join(folder, runId);
  const changed = await stat(join(runFolder, logFile)).catch(() => undefined);
  if (!changed) return undefined;
  const changedAt = changed.mtimeMs;
  const live = (await liveHolder(runFolder)) !== undefined;
  const { head, tail } = await readEnds(join(runFolder, logFile), changed.size);
  const [start] = firstEvent(head);
  if (start?.type !== 'run.started') {
    return {
      runId,
      question: '',
      model: '',
      startedAt: changedAt,
      changedAt,
      state: live ? 'running' : 'unreadable',
      turns: 0,
    };
  }
  const { question, model, at: startedAt } = start;
  const replied = tail.findLast((event) => event.type === 'model.replied');
  const answer = tail.findLast((event) => event.type === 'answer.given');
  const ended = tail.at(-1);
  const state = live ? 'running' : ended?.type === 'run.ended' ? ended.reason : 'interrupted';
  return {
    runId,
    question,
    model,
    startedAt,
    changedAt,
    state,
    turns: replied?.turn ?? 0,
    ...(answer && { answer: answer.boxed }),
  };
}

function firstEvent(head: Buffer): readonly TrajectoryEvent[] {
  try {
    return parseLog(head.subarray(0, head.indexOf(0x0a) + 1)).events;
  } catch {
    return [];
  }
}

async function readEnds(path: string, size: number): Promise<{ head: Buffer; tail: readonly TrajectoryEvent[] }> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const head = Buffer.alloc(Math.min(size, endBytes));
    await handle.read(head, 0, head.length, 0);
    const end = Buffer.alloc(Math.min(size, endBytes));
    await handle.read(end, 0, end.length, size - end.length);
    return { head, tail: lastEvents(end) };
  } finally {
    await handle.close();
  }
}

/** The facts at the end of a log, from the first whole line on. */
function lastEvents(bytes: Buffer): readonly TrajectoryEvent[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const seq = /^\{"seq":(\d+),/.exec(line)?.[1];
      if (seq === undefined) return [];
      try {
        return parseLog(Buffer.from(`${line}\n`), Number(seq)).events;
      } catch {
        return [];
      }
    });
}
