/** One reply from the model, however the server behaves: retries, and waiting for a server that went away. */
import { ModelError, messageOf } from './errors.ts';
import type { Model, ModelReply, ModelRequest } from './ports.ts';
import { replyGuard } from './replyGuard.ts';

/** Time and chance as the loop sees them; tests bring their own. */
export interface Clock {
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Rings once after `ms`, unless the returned function was called before. */
  readonly alarm: (ms: number, ring: () => void) => () => void;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** What thinking needs beside the request. */
export interface Thinking {
  readonly model: Model;
  readonly clock: Clock;
  /** Tries of one request: few where an answer is at hand already. */
  readonly maxAttempts: number;
  /** How long a server that went away after the first reply is waited for, in ms. */
  readonly serverWaitMs: number;
  /** Whether the server has replied in this run before: one that never did is not waited for. */
  readonly known: boolean;
  /** Tells that the run waits, why, and when the next try is made. */
  readonly onWaiting: (reason: string, nextTryAt: number) => Promise<void>;
}

/** Tries of a request while a server may only be restarting, before waiting for it counts. */
const quickAttempts = 3;
const firstPauseMs = 500;
const longestPauseMs = 30_000;
const leastRetryAfterMs = 1_000;

/**
 * Asks until there is a reply, and stops one whose rest would be waste. Throws ModelError when there will be none, the
 * signal's reason when aborted.
 */
export async function think(request: ModelRequest, thinking: Thinking, signal: AbortSignal): Promise<ModelReply> {
  const { model, clock, maxAttempts, serverWaitMs, known, onWaiting } = thinking;
  let failures = 0;
  let awaySince: number | undefined;
  for (;;) {
    // A try that failed in its middle has left its words in its guard: each try has its own.
    const guard = replyGuard();
    let begun: boolean | undefined;
    const watch: ModelRequest['watch'] = (delta) => {
      begun = true;
      return guard.add(delta);
    };
    try {
      const reply = await model.complete({ ...request, watch }, signal);
      return reply.stopped === 'afterCall' ? { ...reply, content: guard.kept(reply.content) } : reply;
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      // What is no model's answer is a hiccup of one that has answered before, and an address to correct where none has.
      if (!error.retryable && !(known && error.code === 'malformed')) throw error;
      if (!known && !begun && error.code === 'network') throw error;
      failures++;
      const { away } = error;
      awaySince = away ? (awaySince ?? clock.now()) : undefined;
      const waitedMs = clock.now() - (awaySince ?? clock.now());
      if (away ? failures > quickAttempts && waitedMs >= serverWaitMs : failures >= maxAttempts) throw error;
      const pauseMs = pauseOf(error, failures, clock);
      await onWaiting(messageOf(error), clock.now() + pauseMs);
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** As long as the server says; one that says "at once" again and again is asked less and less often all the same. */
function pauseOf({ retryAfterMs }: ModelError, failures: number, clock: Clock): number {
  const backoff = backoffMs(failures, clock);
  if (retryAfterMs === undefined) return backoff;
  return retryAfterMs < leastRetryAfterMs ? backoff : retryAfterMs;
}

/** Doubles with each failure; jitter keeps runs that failed together from asking together. */
function backoffMs(failures: number, clock: Clock): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10));
  return Math.round(full * (0.5 + 0.5 * clock.random()));
}
