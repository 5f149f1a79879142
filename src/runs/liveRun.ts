/** A run while it lives: the loop with real parts joined to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../agent/errors.ts';
import { run } from '../agent/loop.ts';
import type { Decision, Preview } from '../agent/ports.ts';
import { tokenCounter } from '../model/tokens/counter.ts';
import type { Fact, FactOf, TrajectoryEvent } from '../shared/events.ts';
import type { PlanItem } from '../shared/plan.ts';
import type { Attachment } from '../shared/refs.ts';
import { emptyTrajectory, fold, type Trajectory } from '../shared/trajectory.ts';
import { openLog } from '../store/eventLog.ts';
import { takeLock, type Lock } from '../store/lock.ts';
import { pendingApprovals } from './approvals.ts';
import { pendingClarification } from './clarifications.ts';
import type { Endpoint } from './endpoint.ts';
import { fitted } from './fitAttachments.ts';
import type { Hands } from './hands.ts';
import { nothingKept, type Keeping, type RestoreWish } from './keeping.ts';
import { keepFiles } from './keepFiles.ts';
import { wheel } from './steering.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Who is told what a run does. */
export interface RunListener {
  readonly onEvent?: (event: TrajectoryEvent, trajectory: Trajectory) => void;
  readonly onPreview?: (preview: Preview) => void;
}

/** A question as a person asks it; `mentions` are workspace paths. */
export interface AskedQuestion {
  readonly text: string;
  readonly mentions: readonly string[];
  /** Files that are put to it, read. */
  readonly attachments?: readonly Attachment[];
}

/** A run that goes on now, in this process. */
export interface LiveRun {
  readonly runId: string;
  readonly folder: string;
  readonly hands: Hands;
  readonly trajectory: () => Trajectory;
  /** All facts so far, oldest first. */
  readonly events: () => readonly TrajectoryEvent[];
  /** Tells of everything from now on; gives back how to stop that. */
  readonly subscribe: (listener: RunListener) => () => void;
  /** Answers a call that waits for approval; false when it does not wait. */
  readonly decide: (callId: string, decision: Decision) => boolean;
  /** Answers what the run asks back, none to skip it; false when it asks nothing. */
  readonly clarify: (answers: readonly string[]) => boolean;
  /** The plan from the next turn on; new items have the id 0. */
  readonly editPlan: (items: readonly PlanItem[]) => void;
  readonly tickPlan: (id: number, done: boolean) => void;
  /** A word to the model: it enters behind the current observation. */
  readonly note: (text: string) => void;
  /** A question that is asked when the present one has ended. */
  readonly queue: (question: AskedQuestion) => void;
  /** Pauses before the next step: a reply or a call under way is finished first. */
  readonly pause: () => void;
  readonly goOn: () => void;
  /** Whether it pauses, or will before its next step. */
  readonly pausing: () => boolean;
  /** Gives up the step under way and asks for the answer, from what there is. */
  readonly answerNow: () => void;
  /** Puts files back once no call writes, and tells the model. Throws UserError when that cannot be. */
  readonly restore: (wish: RestoreWish, signal: AbortSignal) => Promise<FactOf<'checkpoint.made'>>;
  /** Keeps what a person changed, apart from what calls change; absolute paths. */
  readonly keepPersons: (paths: readonly string[]) => void;
  readonly stop: () => void;
  /** The last trajectory, once the log is closed and the lock released. Rejects when the log cannot be written. */
  readonly done: Promise<Trajectory>;
}

/** What a run is made of when it begins to live. */
export interface Parts {
  readonly runId: string;
  readonly folder: string;
  readonly endpoint: Endpoint;
  readonly hands: Hands;
  readonly around: RunSurroundings;
  /** What is appended before the loop begins. */
  readonly facts: readonly Fact[];
  /** Files that are put back before the loop begins. */
  readonly files?: RestoreWish;
  readonly lock?: Lock;
  readonly lost?: AbortSignal;
  /** The facts before, a fork's parents' included, folded, and the byte behind the last one in the run's own file. */
  readonly before?: {
    readonly events: readonly TrajectoryEvent[];
    readonly trajectory: Trajectory;
    readonly end: number;
  };
}

/** Takes the lock, opens the log and lets the loop run. Throws UserError when either cannot be had. */
export async function live(parts: Parts): Promise<LiveRun> {
  const { runId, folder, hands, around } = parts;
  const stopping = new AbortController();
  const lost = new AbortController();
  const lock = parts.lock ?? (await takeLock(folder, () => lost.abort()));
  const signal = AbortSignal.any([stopping.signal, around.signal, lost.signal, ...(parts.lost ? [parts.lost] : [])]);
  const from = { count: parts.before?.events.length ?? 0, end: parts.before?.end ?? 0 };
  const log = await openLog(folder, from, Date.now).catch(async (error: unknown) => {
    if (!parts.lock) await lock.release();
    throw error;
  });
  const events = [...(parts.before?.events ?? [])];
  hands.outputs.follow(folder, () => events);
  let trajectory = parts.before?.trajectory ?? emptyTrajectory;
  const listeners = new Set<RunListener>();
  const approvals = pendingApprovals(around.ask);
  const clarifications = pendingClarification(around.clarify);
  const steering = wheel();
  const counter = tokenCounter();
  const onEvent = (event: TrajectoryEvent, folded: Trajectory) => {
    trajectory = folded;
    events.push(event);
    for (const listener of listeners) listener.onEvent?.(event, folded);
  };
  const append = async (...facts: readonly Fact[]) => {
    for (const event of await log.append(...facts)) onEvent(event, fold(trajectory, event));
  };
  const keepingFiles = Promise.withResolvers<Keeping>();
  let kept = nothingKept;
  let looping = false;
  const note = async (text: string) => {
    if (looping) steering.say({ kind: 'note', text });
    else await append({ type: 'note.added', text, afterTurn: trajectory.turns });
  };
  const go = async () => {
    try {
      await append(...parts.facts);
      const stopping = () => signal.aborted;
      kept = await keepFiles(folder, { trajectory: () => trajectory, append, note, stopping }, around);
      const problem = parts.files && (await putBack(kept, parts.files, signal));
      if (problem !== undefined) {
        await append({ type: 'run.ended', reason: 'failed', message: problem });
        return trajectory;
      }
      keepingFiles.resolve(kept);
      looping = true;
      return await run(
        trajectory,
        {
          model: parts.endpoint.model,
          tools: hands.tools,
          log,
          approval: approvals,
          clarification: clarifications,
          checkpoints: kept.port,
          steering: steering.port,
          counter,
          clock,
          serverWaitMs: around.serverWaitMs,
          onEvent,
          onPreview: (preview) => {
            for (const listener of listeners) listener.onPreview?.(preview);
          },
          report: around.report,
        },
        signal,
      );
    } finally {
      looping = false;
      keepingFiles.resolve(kept);
      for (const close of [counter.dispose, hands.dispose, kept.dispose, log.close, lock.release]) {
        await close().catch((error: unknown) => around.report(error));
      }
    }
  };
  return {
    runId,
    folder,
    hands,
    trajectory: () => trajectory,
    events: () => events,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    decide: approvals.settle,
    clarify: clarifications.settle,
    editPlan: (items) => steering.say({ kind: 'plan', items }),
    tickPlan: (id, done) => steering.say({ kind: 'tick', id, done }),
    note: (text) => steering.say({ kind: 'note', text }),
    queue: ({ text, mentions, attachments }) => {
      const fitting = fitted(attachments, trajectory.settings?.contextWindow);
      steering.say({ kind: 'question', question: text, mentions, ...(fitting && { attachments: fitting }) });
    },
    pause: steering.pause,
    goOn: steering.goOn,
    pausing: steering.port.paused,
    answerNow: () => steering.say({ kind: 'answer' }),
    restore: async (wish, until) => (await keepingFiles.promise).restore(wish, until),
    keepPersons: (paths) => kept.keepPersons(paths),
    stop: () => stopping.abort(),
    done: afterThisTick().then(go),
  };
}

/** The machine's clock and chance. */
const clock = {
  now: Date.now,
  sleep: (ms: number, until: AbortSignal) => sleep(ms, undefined, { signal: until }),
  alarm: (ms: number, ring: () => void) => {
    const timer = setTimeout(ring, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
  random: Math.random,
} as const;

/** The run begins once its caller had the chance to subscribe. */
const afterThisTick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Puts files back before the loop begins; what was wrong, in words. A run that is stopped meanwhile says so itself. */
async function putBack(kept: Keeping, wish: RestoreWish, signal: AbortSignal): Promise<string | undefined> {
  try {
    await kept.restore(wish, signal);
    return undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
