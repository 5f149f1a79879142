/** The TokenCounter port: Qwen3's vocabulary in a thread of its own. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { TokenCounter } from '../../agent/ports.ts';
import { isRecord } from '../../shared/json.ts';
import { recentCounts } from './recentCounts.ts';

/** A counter and the thread that it keeps from its first count on. */
export interface DisposableTokenCounter extends TokenCounter {
  /** Ends the thread; counts that wait, and later ones, reject. */
  readonly dispose: () => Promise<void>;
  /** Whether the thread runs and has its vocabulary: then a count takes milliseconds. */
  readonly loaded: () => boolean;
}

interface Waiting {
  readonly resolve: (counts: readonly number[]) => void;
  readonly reject: (error: Error) => void;
}

/** The thread and the counts that it owes. */
interface Running {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  answered: boolean;
}

/** What the thread's heap may grow to, in MB: beyond, Node ends the thread and not the process. Usual are 10. */
const maxHeapMb = 192;

/**
 * A counter for the models of Qwen3's family. Its thread starts at the first count and keeps the process alive only while
 * counts wait. When the thread dies, those that wait reject and the next count starts another.
 */
export function tokenCounter(): DisposableTokenCounter {
  const recent = recentCounts();
  let running: Running | undefined;
  let disposed = false;
  let lastId = 0;

  function start(): Running {
    // The process's flags are not the thread's: it would listen at the inspector's port, or read --input-type.
    const options = { name: 'tokens', execArgv: [], resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } };
    const worker = new Worker(workerFile(), options);
    const started: Running = { worker, waiting: new Map(), answered: false };
    const ended = (cause?: unknown) => {
      if (running === started) running = undefined;
      for (const { reject } of started.waiting.values()) reject(new Error('the token counter ended', { cause }));
      started.waiting.clear();
    };
    worker.on('message', (answer: unknown) => {
      if (!isRecord(answer) || typeof answer['id'] !== 'number' || !isCounts(answer['counts'])) return;
      started.answered = true;
      started.waiting.get(answer['id'])?.resolve(answer['counts']);
      started.waiting.delete(answer['id']);
      if (started.waiting.size === 0) worker.unref();
    });
    worker.on('error', ended);
    worker.on('exit', () => ended());
    return started;
  }

  function ask(texts: readonly string[]): Promise<readonly number[]> {
    const { worker, waiting } = (running ??= start());
    const id = (lastId += 1);
    return new Promise((resolve, reject) => {
      worker.postMessage({ id, texts });
      waiting.set(id, { resolve, reject });
      worker.ref();
    });
  }

  return {
    count: async (texts) => {
      if (disposed) throw new Error('the token counter is disposed');
      const known = new Map(texts.map((text) => [text, text === '' ? 0 : recent.get(text)]));
      const unknown = [...known.keys()].filter((text) => known.get(text) === undefined);
      const counts = unknown.length > 0 ? await ask(unknown) : [];
      unknown.forEach((text, index) => {
        known.set(text, counts[index]);
        recent.set(text, counts[index] ?? 0);
      });
      return texts.map((text) => known.get(text) ?? 0);
    },
    dispose: async () => {
      disposed = true;
      await running?.worker.terminate();
    },
    loaded: () => running?.answered ?? false,
  };
}

/** In the bundle it is dist/tokens/worker.js, seen from dist/ or dist/chunks/; in a checkout the source beside this file. */
function workerFile(): URL {
  const bundled = ['tokens/worker.js', '../tokens/worker.js'].map((path) => new URL(path, import.meta.url));
  return bundled.find((url) => existsSync(url)) ?? new URL('worker.ts', import.meta.url);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((count) => typeof count === 'number');
}
