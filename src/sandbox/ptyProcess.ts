/** One process under a pseudo-terminal, from its start to its end. */
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
  readonly confined: boolean;
  /** Raw output as it comes. */
  readonly onData: (data: string) => void;
}

/** How it ended. */
export interface PtyEnd {
  readonly outcome: 'exited' | 'timedOut' | 'stopped';
  /** 128 + n when signal n ended it; null when it was ended by us. */
  readonly exitCode: number | null;
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

/** Starts a process in a session of its own. It is ended when the signal aborts or its time is up. */
export async function runInPty(command: PtyCommand, signal: AbortSignal): Promise<PtyProcess> {
  // Native, and not needed before the first command.
  const { spawn } = await import('node-pty');
  signal.throwIfAborted();
  const pty = spawn(command.file, [...command.args], {
    name: 'xterm-256color',
    cols: command.columns,
    rows: command.rows,
    cwd: command.cwd,
    env: { ...command.env },
  });
  const ended = Promise.withResolvers<number>();
  let alive = true;
  pty.onExit(({ exitCode, signal: by }) => {
    alive = false;
    ended.resolve(by ? 128 + by : exitCode);
  });
  let charsInSlice = 0;
  let pause: NodeJS.Timeout | undefined;
  pty.onData((data) => {
    command.onData(data);
    charsInSlice += data.length;
    if (charsInSlice < sliceChars || pause) return;
    pty.pause();
    pause = setTimeout(() => {
      charsInSlice = 0;
      pause = undefined;
      if (alive) pty.resume();
    }, sliceMs);
  });
  const started = { pid: pty.pid, confined: command.confined, ended: ended.promise };
  return {
    end: watch(started, ended.promise, command.timeoutMs, signal),
    write: (data) => {
      if (alive) pty.write(data);
    },
    resize: (columns, rows) => {
      if (alive && columns > 0 && rows > 0) pty.resize(columns, rows);
    },
  };
}

async function watch(
  started: Started,
  exited: Promise<number>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PtyEnd> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<'stopped' | 'timedOut'>();
  const onAbort = () => stop('stopped');
  const timer = setTimeout(() => stop('timedOut'), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const first = await Promise.race([exited, stopped]);
    if (typeof first === 'number') {
      if (!started.confined) await killLeftovers(started);
      return { outcome: 'exited', exitCode: first };
    }
    await endProcess(started);
    await settledWithin(exited, 300);
    return { outcome: first, exitCode: null };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
