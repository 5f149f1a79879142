/** Politeness: how many requests a host gets at a time, and how fast one after the other. */
import PQueue from 'p-queue';
import { FetchError } from './fetchError.ts';
import { ownHost } from './fetchGuard.ts';
import type { FetchLimits } from './fetchLimits.ts';

/** Who waits for a turn: aborted from the start, or later, when somebody asked for what nobody had asked for yet. */
export type Asked = AbortSignal;

/** Turns at hosts, for one run. */
export interface FetchTurns {
  /** Runs when it is the host's turn. What was asked for goes before what was not. Throws FetchError (busy). */
  readonly take: <T>(url: URL, asked: Asked, signal: AbortSignal, run: () => Promise<T>) => Promise<T>;
  /** A host wants more time between two requests (robots.txt), in ms. */
  readonly slowDown: (url: URL, intervalMs: number) => void;
}

const slowestMs = 10_000;

/** This machine's own servers are not spaced out. */
export function fetchTurns(limits: FetchLimits): FetchTurns {
  const queues = new Map<string, PQueue>();
  const intervals = new Map<string, number>();
  let made = 0;
  const queueOf = (url: URL): PQueue => {
    const found = queues.get(url.hostname);
    if (found) return found;
    const interval = intervals.get(url.hostname) ?? (ownHost(url) ? 0 : limits.intervalMs);
    const spaced = interval === 0 ? {} : { interval, intervalCap: 1, strict: true };
    const queue = new PQueue({ concurrency: limits.atOnce, ...spaced });
    queues.set(url.hostname, queue);
    return queue;
  };
  return {
    take: async (url, asked, signal, run) => {
      const queue = queueOf(url);
      const id = `turn-${made++}`;
      const giveUp = new AbortController();
      let waiting = true;
      const timer = setTimeout(() => {
        giveUp.abort(new FetchError('busy', `${url.host} has enough to do: ${url.href} was not read ahead.`));
      }, limits.aheadWaitMs);
      const hurry = () => {
        clearTimeout(timer);
        if (waiting) queue.setPriority(id, 1);
      };
      const turn = queue.add(
        async () => {
          waiting = false;
          clearTimeout(timer);
          return await run();
        },
        { id, priority: asked.aborted ? 1 : 0, signal: AbortSignal.any([signal, giveUp.signal]) },
      );
      if (asked.aborted) clearTimeout(timer);
      else asked.addEventListener('abort', hurry, { once: true });
      try {
        return await turn;
      } finally {
        waiting = false;
        clearTimeout(timer);
        asked.removeEventListener('abort', hurry);
      }
    },
    slowDown: (url, intervalMs) => {
      const wanted = Math.min(intervalMs, slowestMs);
      if (wanted <= (intervals.get(url.hostname) ?? limits.intervalMs)) return;
      intervals.set(url.hostname, wanted);
      queues.delete(url.hostname);
    },
  };
}
