/** Think, act, observe: the loop. It reads a trajectory, appends facts, and ends with the run. */
import type { Fact, FactOf, TrajectoryEvent } from '../shared/events.ts';
import { fold, openCalls, type Trajectory } from '../shared/trajectory.ts';
import { act, type Acting } from './act.ts';
import { ModelError, UserError, messageOf } from './errors.ts';
import { messagesFor } from './messages.ts';
import type { Approval, EventLog, Model, ModelReply, Preview } from './ports.ts';
import { answerPrompt, correction } from './prompt.ts';
import { fallbackAnswer, nextStep, type Step } from './steps.ts';
import { think, type Clock } from './think.ts';
import type { Tool } from './tool.ts';
import { readReply } from './toolCalls.ts';

/** Tries of one request (agent-protocol: sampling); few when the answer is asked for and one was seen already. */
const maxAttempts = 10;
const fewAttempts = 3;

/** Rollbacks in a row before a malformed turn is let through (agent-protocol: rollbacks). */
const maxRollbacks = 5;

/** The world as one run sees it. */
export interface Ports {
  readonly model: Model;
  readonly tools: readonly Tool[];
  readonly log: EventLog;
  readonly approval: Approval;
  readonly clock: Clock;
  /** How long a server that went away is waited for, in ms. */
  readonly serverWaitMs: number;
  /** Told of every fact once it is on disk and folded. */
  readonly onEvent: (event: TrajectoryEvent, trajectory: Trajectory) => void;
  /** Shown and forgotten. */
  readonly onPreview: (preview: Preview) => void;
  /** A bug: logged with its stack. */
  readonly report: (error: unknown) => void;
}

/**
 * Runs from any trajectory to its end and gives back the last one. Ends with the fact `run.ended` whatever happens, unless
 * the log itself cannot be written: then it throws. Aborting the signal ends the run as cancelled.
 */
export async function run(from: Trajectory, ports: Ports, signal: AbortSignal): Promise<Trajectory> {
  let trajectory = from;
  const record = async (...facts: readonly Fact[]) => {
    for (const event of await ports.log.append(...facts)) {
      trajectory = fold(trajectory, event);
      ports.onEvent(event, trajectory);
    }
  };
  const { tools, approval, log, clock, report } = ports;
  const acting: Acting = { tools, approval, log, clock, record, allowedForRun: new Set(), report };
  try {
    for (;;) {
      signal.throwIfAborted();
      const step = nextStep(trajectory, ports.model.deterministic);
      if (step.kind === 'done') return trajectory;
      await perform(step, trajectory, ports, acting, record, signal);
    }
  } catch (error) {
    await end(error, trajectory, ports, record, signal);
    return trajectory;
  }
}

type Record = (...facts: readonly Fact[]) => Promise<void>;

async function perform(
  step: Exclude<Step, { kind: 'done' }>,
  trajectory: Trajectory,
  ports: Ports,
  acting: Acting,
  record: Record,
  signal: AbortSignal,
): Promise<void> {
  switch (step.kind) {
    case 'think':
      return turn(trajectory, ports, record, signal);
    case 'act':
      return act(trajectory, step.call, acting, signal);
    case 'askAnswer':
      return record(answerRequest(trajectory, step.reason));
    case 'answer':
      return record({ type: 'answer.given', ...step.answer }, { type: 'run.ended', reason: 'answered' });
    case 'end':
      return record({ type: 'run.ended', ...step.end });
  }
}

/** One reply: a turn, or a slip that is rolled back. */
async function turn(trajectory: Trajectory, ports: Ports, record: Record, signal: AbortSignal): Promise<void> {
  const startedAt = ports.clock.now();
  const onWaiting = (reason: string, nextTryAt: number) => record({ type: 'run.waiting', reason, nextTryAt });
  const fallback = trajectory.answering ? fallbackAnswer(trajectory) : undefined;
  const attempts = fallback ? { maxAttempts: fewAttempts, serverWaitMs: 0 } : { maxAttempts };
  let reply: ModelReply;
  try {
    reply = await think(trajectory, messagesFor(trajectory), { ...ports, ...attempts, onWaiting }, signal);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    if (fallback) return record({ type: 'answer.given', ...fallback });
    if (error.code !== 'overflow' || trajectory.turns === 0 || trajectory.answering) throw error;
    ports.report(error);
    return record(answerRequest(trajectory, 'context'));
  }
  signal.throwIfAborted();
  const durationMs = ports.clock.now() - startedAt;
  const number = trajectory.turns + 1;
  const { content, reasoning, finishReason, usage } = reply;
  const read = trajectory.answering ? { calls: [], mended: [] } : readReply(reply, trajectory.start?.tools ?? []);
  const thought = reasoning === undefined ? {} : { reasoning };
  const slip = 'slip' in read ? read.slip : undefined;
  if (slip !== undefined && trajectory.rollbacksInARow < maxRollbacks) {
    return record({ type: 'turn.rolledBack', reason: slip, reply: content || nativeText(reply), ...thought });
  }
  const toolCalls = read.calls.map((call, index) => ({ callId: `${number}-${index + 1}`, ...call }));
  const replied = {
    type: 'model.replied',
    turn: number,
    content,
    ...thought,
    toolCalls,
    finishReason,
    ...(usage && { usage }),
    durationMs,
    mended: read.mended,
  } as const;
  if (slip === undefined) return record(replied);
  return record(replied, { type: 'turn.corrected', turn: number, content: correction(slip, trajectory.toolFormat) });
}

/** The request for the final answer, with the newest question. */
function answerRequest(
  trajectory: Trajectory,
  reason: FactOf<'answer.requested'>['reason'],
): FactOf<'answer.requested'> {
  const question = trajectory.items.findLast((item) => item.kind === 'question')?.question ?? '';
  const answer = trajectory.settings?.answer ?? 'full';
  return {
    type: 'answer.requested',
    reason,
    prompt: answerPrompt({ question, answer, cutShort: reason !== 'finished' }),
  };
}

function nativeText(reply: ModelReply): string {
  return reply.nativeCalls.map((call) => `${call.name}(${call.arguments})`).join('\n');
}

async function end(
  error: unknown,
  trajectory: Trajectory,
  ports: Ports,
  record: Record,
  signal: AbortSignal,
): Promise<void> {
  const cancelled = signal.aborted;
  const unfinished = openCalls(trajectory).map((call) => {
    const durationMs = call.startedAt === undefined ? 0 : ports.clock.now() - call.startedAt;
    const outcome = cancelled ? ('cancelled' as const) : ('lost' as const);
    const content = cancelled ? 'The person stopped the run.' : 'The run ended before this call did.';
    return { type: 'tool.finished', callId: call.callId, outcome, content, truncated: false, durationMs } as const;
  });
  if (cancelled) return record(...unfinished, { type: 'run.ended', reason: 'cancelled' });
  const expected = error instanceof ModelError || error instanceof UserError;
  if (!expected) ports.report(error);
  const message = expected ? error.message : `Something went wrong inside MiroThinker: ${messageOf(error)}`;
  await record(...unfinished, { type: 'run.ended', reason: 'failed', message });
}
