/** What a list says of a run, read from the ends of its log. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndReason, EventOf, FactOf, TrajectoryEvent } from '../shared/events.ts';
import { logFile } from './logFile.ts';
import { isRunId } from './folders.ts';
import { liveHolder } from './lock.ts';
import { firstFact, lastFacts } from './logEnds.ts';
import { readLog } from './readLog.ts';

/** A run in a list. Times are in ms since the epoch. */
export interface RunSummary {
  readonly runId: string;
  /** The first question of the run; a fork's is that of the run that it comes from. */
  readonly question: string;
  readonly model: string;
  /** When its own log began. */
  readonly startedAt: number;
  readonly changedAt: number;
  /** `interrupted`: nobody writes it and it did not end; `unreadable`: its log is not one, or a fork's parent is gone. */
  readonly state: 'running' | EndReason | 'interrupted' | 'unreadable';
  /** Those that a fork has of its parents count. */
  readonly turns: number;
  /** The answer to its newest question. */
  readonly answer?: string;
  /** The run that this one is a fork of, and the last fact that both have. */
  readonly parent?: FactOf<'run.forked'>['parent'];
  /** Its place among several runs of the same question. */
  readonly rollout?: NonNullable<FactOf<'run.started'>['rollout']>;
  /** The run and the call that this run is a subtask of. */
  readonly caller?: NonNullable<FactOf<'run.started'>['caller']>;
}

/** Summarises one run of a runs folder; undefined when it has no log. */
export async function summarise(folder: string, runId: string): Promise<RunSummary | undefined> {
  const runFolder = join(folder, runId);
  const changed = await stat(join(runFolder, logFile)).catch(() => undefined);
  if (!changed) return undefined;
  const changedAt = changed.mtimeMs;
  const live = (await liveHolder(runFolder)) !== undefined;
  const first = await firstFact(runFolder);
  const start = first && (await startOf(folder, runId, first));
  const own = ownMembers(first);
  if (!first || !start) {
    const state = live ? 'running' : 'unreadable';
    return { runId, question: '', model: '', startedAt: changedAt, changedAt, state, turns: 0, ...own };
  }
  const tail = await lastFacts(runFolder, (event) => event.type === 'model.replied');
  const newest = tail.findLastIndex(({ type }) => type === 'model.replied' || type === 'question.asked');
  const answer = tail.slice(Math.max(0, newest)).findLast((event) => event.type === 'answer.given');
  const ended = tail.findLast(({ type }) => !behindTheEnd.has(type));
  return {
    runId,
    question: start.question,
    model: start.model,
    startedAt: first.at,
    changedAt,
    state: live ? 'running' : ended?.type === 'run.ended' ? ended.reason : 'interrupted',
    turns: lastTurn(tail) ?? (first.type === 'run.forked' ? await inheritedTurns(runFolder) : 0),
    ...own,
    ...(answer && { answer: answer.boxed }),
  };
}

/** Facts that may come behind a run's end: files were put back, and the model is to know. */
const behindTheEnd: ReadonlySet<string> = new Set(['checkpoint.made', 'checkpoint.failed', 'note.added']);

function ownMembers(first: TrajectoryEvent | undefined): Partial<RunSummary> {
  if (first?.type === 'run.forked') return { model: first.model, parent: first.parent };
  if (first?.type !== 'run.started') return {};
  const { rollout, caller } = first;
  return { ...(rollout && { rollout }), ...(caller && { caller }) };
}

/** The start that a run's facts go back to, through the parents of a fork; undefined when one is missing. */
async function startOf(
  folder: string,
  runId: string,
  first: TrajectoryEvent,
): Promise<EventOf<'run.started'> | undefined> {
  const seen = new Set([runId]);
  let event: TrajectoryEvent | undefined = first;
  while (event?.type === 'run.forked') {
    const { runId: parent } = event.parent;
    if (!isRunId(parent) || seen.has(parent)) return undefined;
    seen.add(parent);
    event = await firstFact(join(folder, parent));
  }
  return event?.type === 'run.started' ? event : undefined;
}

function lastTurn(events: readonly TrajectoryEvent[]): number | undefined {
  return events.findLast((event) => event.type === 'model.replied')?.turn;
}

async function inheritedTurns(runFolder: string): Promise<number> {
  const read = await readLog(runFolder).catch(() => undefined);
  return lastTurn(read?.events ?? []) ?? 0;
}
