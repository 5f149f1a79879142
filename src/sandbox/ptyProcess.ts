/** One process under a pseudo-terminal, from its start to its end. */
import type { IPty } from 'node-pty';
import { InputWatch } from './inputWatch.ts';
import { endProcess, killLeftovers, settledWithin, type Started } from './processTree.ts';

/** What runs, and where. */
export interface PtyCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
  readonly timeoutMs: number;
  /** How long it may wait for input that nobody types, in ms. */
  readonly inputWaitMs: number;
  readonly confined: boolean;
  /** See `Started`. */
  readonly mark?: string;
  /** A shell that was started ahead and becomes the same; where it gives none, the process is started. */
  readonly ready?: (() => IPty | undefined) | undefined;
  /** Raw output as it comes; while what it gives back is pending, less comes. */
  readonly onData: (data: string) => Promise<void> | undefined;
  /** It waits for input, or does so no more. */
  readonly onWaiting: (waiting: boolean) => void;
}

/** How it ended. */
export interface PtyEnd {
  readonly outcome: 'exited' | 'timedOut' | 'stopped' | 'unanswered';
  /** 128 + n when signal n ended it; null when it was ended by us. */
  readonly exitCode: number | null;
  /** Whether it read the terminal when its time was up. */
  readonly mayHaveWaited?: boolean;
}

/** A running process; what is typed goes to it. */
export interface PtyProcess {
  readonly end: Promise<PtyEnd>;
  readonly write: (data: string) => void;
  readonly resize: (columns: number, rows: number) => void;
}

/** A flood is read at 20 MB/s at most, so that the window stays usable: so many characters in a slice of time. */
const sliceChars = 500_000;
const sliceMs = 25;
/** Longest pause: what a process put out last is lost when it is not read in time after its end. */
const maxPauseMs = 40;

/** Starts a process in a session of its own. It is ended when the signal aborts, its time is up or nobody answers it. */
export async function runInPty(command: PtyCommand, signal: AbortSignal): Promise<PtyProcess> {
  // Native, and not needed before the first command.
  const { spawn } = await import('node-pty');
  signal.throwIfAborted();
  const { file, args, cwd, env, columns: cols, rows } = command;
  const taken = command.ready?.();
  const pty = taken ?? spawn(file, [...args], { name: 'xterm-256color', cols, rows, cwd, env: { ...env } });
  if (taken && (pty.cols !== cols || pty.rows !== rows)) pty.resize(cols, rows);
  const ended = Promise.withResolvers<number>();
  const unanswered = Promise.withResolvers<'unanswered'>();
  const { onWaiting } = command;
  const onOverdue = () => unanswered.resolve('unanswered');
  const input = new InputWatch(pty.pid, command.inputWaitMs, { onWaiting, onOverdue });
  let alive = true;
  pty.onExit(({ exitCode, signal: by }) => {
    alive = false;
    input.dispose();
    ended.resolve(by ? 128 + by : exitCode);
  });
  let charsInSlice = 0;
  let paused = false;
  const pause = async (until: Promise<unknown>) => {
    paused = true;
    pty.pause();
    await settledWithin(until, maxPauseMs);
    charsInSlice = 0;
    paused = false;
    if (alive) pty.resume();
  };
  pty.onData((data) => {
    input.stirred();
    const room = command.onData(data);
    charsInSlice += data.length;
    if (paused) return;
    if (room) void pause(room);
    else if (charsInSlice >= sliceChars) void pause(settledWithin(ended.promise, sliceMs));
  });
  const { confined, mark } = command;
  const started = { pid: pty.pid, confined, ended: ended.promise, ...(mark !== undefined && { mark }) };
  const early = unanswered.promise;
  return {
    end: watch(started, ended.promise, { early, mayWait: () => input.mayWait() }, command.timeoutMs, signal).finally(
      () => input.dispose(),
    ),
    write: (data) => {
      if (!alive) return;
      input.stirred();
      pty.write(data);
    },
    resize: (columns, rows) => {
      if (alive && columns > 0 && rows > 0) pty.resize(columns, rows);
    },
  };
}

async function watch(
  started: Started,
  exited: Promise<number>,
  { early, mayWait }: { readonly early: Promise<'unanswered'>; readonly mayWait: () => Promise<boolean> },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PtyEnd> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<'stopped' | 'timedOut'>();
  const onAbort = () => stop('stopped');
  const timer = setTimeout(() => stop('timedOut'), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const first = await Promise.race([exited, stopped, early]);
    if (typeof first === 'number') {
      if (!started.confined) await killLeftovers(started);
      return { outcome: 'exited', exitCode: first };
    }
    const mayHaveWaited = first === 'timedOut' && (await mayWait());
    await endProcess(started);
    await settledWithin(exited, 300);
    return { outcome: first, exitCode: null, mayHaveWaited };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
