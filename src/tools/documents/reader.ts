/** The DocumentReader port: worker threads that read documents, and are ended when one takes too long. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { ToolError } from '../../agent/errors.ts';
import { isRecord } from '../../shared/json.ts';
import type { DocumentInput, DocumentReader, ReadDocument } from './document.ts';
import { kindOf } from './kinds.ts';

/** Of a page: people wait for those. */
const htmlMs = 20_000;

/** What reading may cost. */
export interface ReaderLimits {
  /** For one document, from when a thread is free for it. */
  readonly timeoutMs?: number;
  /** Documents that are read at a time: each in a thread of its own. */
  readonly threads?: number;
  /** Of one thread's heap, in MB: beyond, Node ends the thread and not the process. */
  readonly maxHeapMb?: number;
}

/** A thread, and whether it reads. */
interface Thread {
  readonly worker: Worker;
  busy: boolean;
}

/** A reader. Its threads start with the first documents, and keep the process alive only while they read. */
export function documentReader({
  timeoutMs = 60_000,
  threads: most = 2,
  maxHeapMb = 1024,
}: ReaderLimits = {}): DocumentReader {
  const threads = new Set<Thread>();
  const waiting: (() => void)[] = [];
  const disposed = new AbortController();

  function start(): Thread {
    // The process's flags are not the thread's: it would listen at the inspector's port, or read --input-type.
    const resourceLimits = { maxOldGenerationSizeMb: maxHeapMb, stackSizeMb: 16 };
    const worker = new Worker(workerFile(), { name: 'documents', execArgv: [], resourceLimits });
    const thread = { worker, busy: true };
    threads.add(thread);
    worker.on('error', () => threads.delete(thread));
    worker.on('exit', () => threads.delete(thread));
    return thread;
  }

  /** A thread for one document; waits where all read. */
  async function take(signal: AbortSignal): Promise<Thread> {
    for (;;) {
      signal.throwIfAborted();
      const idle = [...threads].find(({ busy }) => !busy);
      if (idle) {
        idle.busy = true;
        return idle;
      }
      if (threads.size < most) return start();
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async function release(thread: Thread, ended: boolean): Promise<void> {
    if (ended) {
      threads.delete(thread);
      await thread.worker.terminate();
    } else {
      thread.busy = false;
      thread.worker.unref();
    }
    for (const wake of waiting.splice(0)) wake();
  }

  return {
    read: async (input, asked) => {
      if (disposed.signal.aborted) throw new Error('the reader of documents is disposed');
      const signal = AbortSignal.any([asked, disposed.signal]);
      const thread = await take(signal);
      let ended = false;
      try {
        signal.throwIfAborted();
        ended = true;
        const answer = await ask(
          thread.worker,
          input,
          signal,
          kindOf(input).kind === 'html' ? Math.min(timeoutMs, htmlMs) : timeoutMs,
        );
        ended = false;
        return answer();
      } finally {
        await release(thread, ended);
      }
    },
    dispose: async () => {
      disposed.abort(new Error('the reader of documents was disposed'));
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}

/** Resolves to what gives the document or throws what the thread says of it; rejects where the thread is of no more use. */
function ask(
  worker: Worker,
  input: DocumentInput,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<() => ReadDocument> {
  const done = new AbortController();
  const once = { once: true, signal: done.signal };
  return new Promise<() => ReadDocument>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ToolError(`Reading ${input.name} took longer than ${timeoutMs / 1000} s and was given up.`)),
      timeoutMs,
    );
    done.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    signal.addEventListener('abort', () => reject(asError(signal.reason)), once);
    const crashed = () =>
      reject(
        new ToolError(`${input.name} could not be read: it is too large, or broken in a way that ends its reader.`),
      );
    const said = (answer: unknown) => {
      if (isRecord(answer) && isDocument(answer['document'])) {
        const document = answer['document'];
        resolve(() => document);
      } else {
        const problem = isRecord(answer) ? answer['problem'] : undefined;
        resolve(() => {
          throw new ToolError(typeof problem === 'string' ? problem : 'The document could not be read.');
        });
      }
    };
    worker.once('message', said).once('error', crashed).once('exit', crashed);
    done.signal.addEventListener(
      'abort',
      () => worker.off('message', said).off('error', crashed).off('exit', crashed),
      { once: true },
    );
    worker.ref();
    worker.postMessage({ input });
  }).finally(() => done.abort());
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function isDocument(value: unknown): value is ReadDocument {
  return isRecord(value) && typeof value['kind'] === 'string' && typeof value['text'] === 'string';
}

/** In the bundle it is dist/documents/worker.js, seen from dist/ or dist/chunks/; in a checkout the source beside this file. */
function workerFile(): URL {
  const bundled = ['documents/worker.js', '../documents/worker.js'].map((path) => new URL(path, import.meta.url));
  return bundled.find((url) => existsSync(url)) ?? new URL('worker.ts', import.meta.url);
}
