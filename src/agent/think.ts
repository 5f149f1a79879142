/** One reply from the model, however the server behaves: waits, retries, and what ends a run. */
import type { Trajectory } from '../shared/trajectory.ts';
import { replyTokens } from './budget.ts';
import { ModelError, messageOf } from './errors.ts';
import type { ChatMessage } from './messages.ts';
import type { Model, ModelReply, Preview } from './ports.ts';

/** Time as the loop sees it; tests bring their own. */
export interface Clock {
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What thinking needs beside the trajectory. */
export interface Thinking {
  readonly model: Model;
  readonly clock: Clock;
  /** Tries of one request: few where an answer is at hand already. */
  readonly maxAttempts: number;
  /** How long a server that went away after the first reply is waited for, in ms. */
  readonly serverWaitMs: number;
  readonly onPreview: (preview: Preview) => void;
  /** Tells that the run waits, why, and when the next try is made. */
  readonly onWaiting: (reason: string, nextTryAt: number) => Promise<void>;
}

/** Tries of a request while a server may only be restarting, before waiting for it counts. */
const quickAttempts = 3;
/** Replies that are asked again because they were cut off or ran in circles. */
const maxSpoiled = 3;

/** Asks until there is a whole reply. Throws ModelError when there will be none, the signal's reason when aborted. */
export async function think(
  trajectory: Trajectory,
  messages: readonly ChatMessage[],
  { model, clock, maxAttempts, serverWaitMs, onPreview, onWaiting }: Thinking,
  signal: AbortSignal,
): Promise<ModelReply> {
  const tools = trajectory.start?.tools ?? [];
  const mayCall = !trajectory.answering;
  let maxTokens = replyTokens(trajectory);
  let spoiled = 0;
  let failures = 0;
  let awaySince: number | undefined;
  for (;;) {
    try {
      const { toolFormat } = trajectory;
      const reply = await model.complete({ messages, tools, toolFormat, mayCall, maxTokens, onPreview }, signal);
      if (!isSpoiled(reply) || ++spoiled >= maxSpoiled) return reply;
      if (reply.finishReason === 'length') maxTokens = Math.ceil(maxTokens * 1.1);
    } catch (error) {
      if (!(error instanceof ModelError) || !error.retryable) throw error;
      if (trajectory.turns === 0 && error.code === 'network') throw error;
      failures++;
      awaySince ??= clock.now();
      const waited = clock.now() - awaySince;
      const away = error.code === 'network';
      if (away ? failures > quickAttempts && waited >= serverWaitMs : failures >= maxAttempts) throw error;
      const pauseMs = error.retryAfterMs ?? Math.min(30_000, 500 * 2 ** Math.min(failures - 1, 6));
      await onWaiting(messageOf(error), clock.now() + pauseMs);
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** Cut off by the token limit, or a degenerate repeat: its last 50 characters occur more than 5 times. */
function isSpoiled({ content, finishReason }: ModelReply): boolean {
  if (finishReason === 'length') return true;
  const tail = content.slice(-50);
  return tail.length === 50 && content.split(tail).length - 1 > 5;
}
