/** A run while it lives: the loop with real parts joined to it, started, resumed or asked on. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError, messageOf } from '../agent/errors.ts';
import { run } from '../agent/loop.ts';
import type { Decision, Preview } from '../agent/ports.ts';
import { checkedQuestion, startFact } from '../agent/start.ts';
import type { Fact, TrajectoryEvent } from '../shared/events.ts';
import { fold, foldAll, openCalls, type Trajectory } from '../shared/trajectory.ts';
import { openLog, type WritableLog } from '../store/eventLog.ts';
import { makeFolder, newRunId } from '../store/folders.ts';
import { takeLock, type Lock } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';
import { pendingApprovals } from './approvals.ts';
import { defaultSettings, embeddedModel, withChoice, type RunChoice } from './choice.ts';
import { findEndpoint, type Endpoint } from './endpoint.ts';
import { makeHands, type Hands } from './hands.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Who is told what a run does. */
export interface RunListener {
  readonly onEvent?: (event: TrajectoryEvent, trajectory: Trajectory) => void;
  readonly onPreview?: (preview: Preview) => void;
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
  readonly stop: () => void;
  /** The last trajectory, once the log is closed and the lock released. Rejects when the log cannot be written. */
  readonly done: Promise<Trajectory>;
}

/** Starts a run on a question. Throws UserError when it cannot be started. */
export async function startRun(
  question: { readonly text: string; readonly mentions: readonly string[] },
  choice: RunChoice,
  around: RunSurroundings,
): Promise<LiveRun> {
  const text = checkedQuestion(question.text);
  const endpoint = await findEndpoint(choice, around.apiKey, around.signal);
  const settings = withChoice(defaultSettings, choice, endpoint.contextWindow);
  const runId = newRunId(new Date());
  const folder = join(around.runsFolder, runId);
  const hands = await makeHands(settings.network, around);
  const { model, baseUrl, toolFormat } = endpoint;
  const date = new Date().toISOString().slice(0, 10);
  const { mentions } = question;
  const { roots } = around;
  const started = startFact({
    runId,
    question: text,
    mentions,
    model: model.name,
    baseUrl,
    toolFormat,
    settings,
    tools: hands.tools,
    roots,
    date,
  });
  await makeRunFolder(folder);
  return live({ runId, folder, endpoint, hands, around, facts: [started] });
}

/** Goes on with a run that did not end with an answer. Throws UserError when it did, or someone else writes it. */
export async function resumeRun(runId: string, choice: RunChoice, around: RunSurroundings): Promise<LiveRun> {
  return reopen(runId, choice, around, (trajectory) => {
    if (trajectory.state.kind === 'ended' && trajectory.state.reason === 'answered') {
      throw new UserError(`Run ${runId} has its answer already. Ask a follow-up question to go on with it.`);
    }
    return [];
  });
}

/** Asks another question on a finished run, in the same context. */
export async function followUp(
  runId: string,
  question: { readonly text: string; readonly mentions: readonly string[] },
  choice: RunChoice,
  around: RunSurroundings,
): Promise<LiveRun> {
  const text = checkedQuestion(question.text);
  return reopen(runId, choice, around, () => [{ type: 'question.asked', question: text, mentions: question.mentions }]);
}

async function reopen(
  runId: string,
  choice: RunChoice,
  around: RunSurroundings,
  further: (trajectory: Trajectory) => readonly Fact[],
): Promise<LiveRun> {
  const folder = join(around.runsFolder, runId);
  const lost = new AbortController();
  const lock = await takeLock(folder, () => lost.abort());
  try {
    const read = await readLog(folder);
    const trajectory = foldAll(read.events);
    if (!trajectory.start || !trajectory.settings) {
      throw new UserError(`Run ${runId} has no readable start, so it cannot go on. Ask its question anew.`);
    }
    const added = further(trajectory);
    const same = {
      baseUrl: trajectory.baseUrl,
      model: trajectory.baseUrl ? trajectory.model : embeddedModel,
      toolFormat: trajectory.toolFormat,
    };
    const changed = choice.baseUrl !== undefined || choice.model !== undefined;
    const window = choice.contextWindow ?? (changed ? 0 : trajectory.settings.contextWindow);
    const chosen = { ...(changed ? { toolFormat: 'auto' as const } : same), ...choice, contextWindow: window };
    const endpoint = await findEndpoint(chosen, around.apiKey, around.signal);
    const settings = withChoice(trajectory.settings, choice, endpoint.contextWindow);
    const { model, baseUrl, toolFormat } = endpoint;
    const facts: Fact[] = openCalls(trajectory)
      .filter((call) => call.startedAt !== undefined)
      .map(({ callId }) => ({
        type: 'tool.finished',
        callId,
        outcome: 'lost',
        content: lostMessage,
        truncated: false,
        durationMs: 0,
      }));
    facts.push({ type: 'run.resumed', model: model.name, baseUrl, toolFormat, settings }, ...added);
    const hands = await makeHands(settings.network, around);
    return await live({ runId, folder, endpoint, hands, around, facts, lock, lost: lost.signal, before: read });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const lostMessage =
  'The outcome of this call is unknown: the run was interrupted while it ran. It was not run again. Check what it changed before you repeat it.';

interface Parts {
  readonly runId: string;
  readonly folder: string;
  readonly endpoint: Endpoint;
  readonly hands: Hands;
  readonly around: RunSurroundings;
  /** What is appended before the loop begins. */
  readonly facts: readonly Fact[];
  readonly lock?: Lock;
  readonly lost?: AbortSignal;
  readonly before?: { readonly events: readonly TrajectoryEvent[]; readonly end: number };
}

async function live(parts: Parts): Promise<LiveRun> {
  const { runId, folder, hands, around } = parts;
  const stopping = new AbortController();
  const lost = new AbortController();
  const lock = parts.lock ?? (await takeLock(folder, () => lost.abort()));
  const signal = AbortSignal.any([stopping.signal, around.signal, lost.signal, ...(parts.lost ? [parts.lost] : [])]);
  const log = await openLog(folder, { count: parts.before?.events.length ?? 0, end: parts.before?.end ?? 0 }, Date.now);
  const events = [...(parts.before?.events ?? [])];
  let trajectory = foldAll(events);
  const listeners = new Set<RunListener>();
  const approvals = pendingApprovals(around.ask);
  const onEvent = (event: TrajectoryEvent, folded: Trajectory) => {
    trajectory = folded;
    events.push(event);
    for (const listener of listeners) listener.onEvent?.(event, folded);
  };
  const go = async () => {
    try {
      for (const event of await log.append(...parts.facts)) onEvent(event, fold(trajectory, event));
      return await run(
        trajectory,
        {
          model: parts.endpoint.model,
          tools: hands.tools,
          log,
          approval: approvals,
          clock: { now: Date.now, sleep: (ms, until) => sleep(ms, undefined, { signal: until }) },
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
      await close(hands, log, lock, around);
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
    stop: () => stopping.abort(),
    done: afterThisTick().then(go),
  };
}

/** The run begins once its caller had the chance to subscribe. */
const afterThisTick = () => new Promise<void>((resolve) => setImmediate(resolve));

async function close(hands: Hands, log: WritableLog, lock: Lock, around: RunSurroundings): Promise<void> {
  for (const part of [hands.dispose, log.close, lock.release]) {
    await part().catch((error: unknown) => around.report(error));
  }
}

async function makeRunFolder(folder: string): Promise<void> {
  await makeFolder(folder).catch((error: unknown) => {
    throw new UserError(
      `The runs folder cannot be written (${messageOf(error)}). Choose another with the setting mirothinker.runsFolder or --runs.`,
    );
  });
}
