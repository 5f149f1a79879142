/** Parallel rollouts: one question asked several times with different seeds, and what their answers come to. */
import { randomBytes, randomInt } from 'node:crypto';
import { UserError, messageOf } from '../agent/errors.ts';
import { groupAnswers, type AnswerGroups } from '../shared/answerGroups.ts';
import type { EndReason } from '../shared/events.ts';
import { ofFirstQuestion } from '../shared/firstQuestion.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { RunChoice } from './choice.ts';
import type { AskedQuestion, LiveRun } from './liveRun.ts';
import { startRun } from './startRun.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Seeds from one rollout to the next: within a run they grow with each rollback, and must not meet. */
export const seedStep = 1000;

/** How a rollout ended. One that could not be started has no id. */
export interface RolloutEnd {
  /** From 1. */
  readonly index: number;
  readonly runId?: string;
  readonly state: EndReason;
  /** The answer to the question that was asked n times; not to what was asked of this run later. */
  readonly boxed?: string;
  /** What went wrong, in words for a person. */
  readonly message?: string;
}

export interface RolloutResult extends AnswerGroups {
  /** By index. */
  readonly runs: readonly RolloutEnd[];
}

/** Rollouts under way. */
export interface Rollouts {
  readonly group: string;
  /** Those that were started so far: the first by index, and when fewer run in parallel the others as they begin. */
  readonly runs: readonly LiveRun[];
  /** Settles when the last one has ended; a rollout's failure stands in the result. */
  readonly done: Promise<RolloutResult>;
  /** Stops all, and starts no more. */
  readonly stop: () => void;
}

export interface RolloutOptions {
  /** At most so many at a time; default: all. A model server batches them and reads their common prompt once. */
  readonly parallel?: number;
  /** Told of each one before its first fact. */
  readonly onStarted?: (run: LiveRun, index: number) => void;
}

/**
 * Starts rollouts 1 to `count`; the first has the seed that was chosen. All work in the same workspace, and one person answers
 * their approvals, one at a time; none asks back about the question. Throws what the first threw when none can be started.
 */
export async function startRollouts(
  question: AskedQuestion,
  choice: RunChoice,
  count: number,
  around: RunSurroundings,
  { parallel = count, onStarted }: RolloutOptions = {},
): Promise<Rollouts> {
  const group = randomBytes(6).toString('hex');
  const firstSeed = choice.seed ?? randomInt(2 ** 30);
  const stopping = new AbortController();
  const signal = AbortSignal.any([around.signal, stopping.signal]);
  const shared = { ...around, signal, ...(around.ask && { ask: oneAtATime(around.ask) }) };
  const start = async (index: number): Promise<Started> => {
    try {
      signal.throwIfAborted();
      const seed = firstSeed + (index - 1) * seedStep;
      const run = await startRun(question, { ...choice, seed, clarify: false }, shared, {
        rollout: { group, index, of: count },
      });
      onStarted?.(run, index);
      return { index, run };
    } catch (error) {
      return { index, error };
    }
  };
  let begun = Math.max(1, Math.min(parallel, count));
  const first = await Promise.all(Array.from({ length: begun }, (_, at) => start(at + 1)));
  const runs = first.flatMap(({ run }) => run ?? []);
  if (runs.length === 0 && first[0]) throw first[0].error;
  const lane = async (started: Started): Promise<readonly RolloutEnd[]> => {
    const ends = [await endOf(started, signal)];
    while (begun < count) {
      const next = await start(++begun);
      if (next.run) runs.push(next.run);
      else report(next.error, shared);
      ends.push(await endOf(next, signal));
    }
    return ends;
  };
  for (const { run, error } of first) if (!run) report(error, shared);
  return { group, runs, done: Promise.all(first.map(lane)).then(result), stop: () => stopping.abort() };
}

interface Started {
  readonly index: number;
  readonly run?: LiveRun;
  readonly error?: unknown;
}

/** What is no fault of the person's or of the server's is a bug. */
function report(error: unknown, { report, signal }: RunSurroundings): void {
  if (!(error instanceof UserError) && !signal.aborted) report(error);
}

async function endOf({ index, run, error }: Started, signal: AbortSignal): Promise<RolloutEnd> {
  if (!run)
    return signal.aborted ? { index, state: 'cancelled' } : { index, state: 'failed', message: messageOf(error) };
  const { runId } = run;
  try {
    return { index, runId, ...endOfRun(await run.done) };
  } catch (broken) {
    return { index, runId, state: 'failed', message: messageOf(broken) };
  }
}

function endOfRun({ items, state }: Trajectory): Pick<RolloutEnd, 'state' | 'boxed' | 'message'> {
  const answer = ofFirstQuestion(items).findLast((item) => item.kind === 'answer');
  if (answer) return { state: 'answered', boxed: answer.boxed };
  if (state.kind !== 'ended') return { state: 'failed', message: 'It did not end.' };
  return { state: state.reason, ...(state.message !== undefined && { message: state.message }) };
}

function result(lanes: readonly (readonly RolloutEnd[])[]): RolloutResult {
  const runs = lanes.flat().toSorted((a, b) => a.index - b.index);
  const answered = runs.flatMap(({ runId, boxed }) => (runId === undefined ? [] : [{ runId, boxed }]));
  return { ...groupAnswers(answered), runs };
}

/** A person is asked one thing at a time, whichever run asks. */
function oneAtATime(ask: NonNullable<RunSurroundings['ask']>): typeof ask {
  let last: Promise<unknown> = Promise.resolve();
  return (call, request, signal) => {
    const asked = last.then(() => {
      signal.throwIfAborted();
      return ask(call, request, signal);
    });
    last = asked.catch(() => undefined);
    return asked;
  };
}
