/** Protection of a workspace's protected paths while processes live: a thread looks, and what they made is moved away. */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { messageOf, ToolError } from '../agent/errors.ts';
import { isRecord } from '../shared/json.ts';
import type { ProtectingMounts } from './protectedPaths.ts';
import type { GuardedWorkspace } from './workspaceGuard.ts';

/** One process's part in it: a command's, or an interpreter's with its calls. */
export interface Guard {
  readonly mounts: ProtectingMounts;
  /** Another call of a process that lives begins: what is new is a person's when the process did not run since. */
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** Says which process lives on between its calls, to know whether it runs then. Looking goes on by itself. */
  readonly watch: (pid?: number) => void;
  /** A call of a process that lives on ended: what was moved away since it began, in words for the model; or what `release` found. */
  readonly check: () => Promise<readonly string[]>;
  /** Once the process is gone; the same. */
  readonly release: () => Promise<readonly string[]>;
}

/** A shell's guard, of which each process holds its part. */
export interface ShellGuard {
  /** Throws ToolError when the workspace cannot be looked at; rejects with the signal's reason. */
  readonly hold: (signal: AbortSignal) => Promise<Guard>;
  /** Ends the thread; nothing of it is left in the workspace. */
  readonly dispose: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const mountsSchema = z.object({
  pinned: z.array(z.string()),
  kept: z.array(z.string()),
  absent: z.array(z.string()),
});
const saidSchema = z.array(z.string());

/** Its thread looks at the workspace at once, so that the first call need not wait for all of that. One that died is replaced. */
export function guardWorkspace(workspace: GuardedWorkspace): ShellGuard {
  let thread = startThread(workspace);
  let holders = 0;
  const living = () => {
    if (thread.ended()) thread = startThread(workspace);
    return thread;
  };
  void thread.ask({ ask: 'warm' }).catch(() => undefined);
  return {
    hold: async (signal) => {
      signal.throwIfAborted();
      const holder = (holders += 1);
      const thread = living();
      const mounts = await thread.ask({ ask: 'hold', holder }).then(
        (answer) => mountsSchema.parse(answer),
        (error: unknown) => {
          throw new ToolError(`The workspace could not be prepared for a command: ${messageOf(error)}`);
        },
      );
      let left: readonly string[] = [];
      const release = async () => (left = saidSchema.parse(await thread.ask({ ask: 'release', holder })));
      if (signal.aborted) await release();
      signal.throwIfAborted();
      return {
        mounts,
        look: async (until) => {
          until.throwIfAborted();
          await thread.ask({ ask: 'look', holder });
        },
        watch: (pid) => {
          if (pid !== undefined) void thread.ask({ ask: 'watch', holder, pid }).catch(() => undefined);
        },
        check: async () => {
          const said = [...left, ...saidSchema.parse(await thread.ask({ ask: 'check', holder }))];
          left = [];
          return said;
        },
        release,
      };
    },
    dispose: async () => {
      await thread.ask({ ask: 'dispose' }).catch(() => undefined);
      await thread.end();
    },
  };
}

/** Keeps the process alive only while it owes an answer. */
function startThread(workspace: GuardedWorkspace) {
  // The process's flags are not the thread's: it would listen at the inspector's port, or read --input-type.
  const worker = new Worker(threadFile(), { name: 'guard', execArgv: [], workerData: workspace });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended: Error | undefined;
  const end = (cause?: unknown) => {
    ended ??= new Error('the thread that guards the workspace ended', { cause });
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (message: unknown) => {
    if (!isRecord(message) || typeof message['id'] !== 'number') return;
    const { id, error, answer } = { id: message['id'], error: message['error'], answer: message['answer'] };
    if (typeof error === 'string') waiting.get(id)?.reject(new Error(error));
    else waiting.get(id)?.resolve(answer);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
  });
  worker.on('error', end);
  worker.on('exit', () => end());
  return {
    ask: (message: Readonly<Record<string, unknown>>): Promise<unknown> => {
      if (ended) return Promise.reject(ended);
      const id = (lastId += 1);
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, ...message });
      });
    },
    ended: () => ended !== undefined,
    end: () => worker.terminate(),
  };
}

/** In the bundle it is dist/guardThread.js, seen from dist/ or dist/chunks/; in a checkout the source beside this file. */
function threadFile(): URL {
  const bundled = ['guardThread.js', '../guardThread.js'].map((path) => new URL(path, import.meta.url));
  return bundled.find((url) => existsSync(url)) ?? new URL('guardThread.ts', import.meta.url);
}
