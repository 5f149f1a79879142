/**
 * What of a confined command's start does not depend on the command, done ahead of it: a shell under a pseudo-terminal, its
 * limits set, waits at a named pipe for the line that it becomes. It holds nothing of the workspace or of any sandbox.
 */
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { IPty } from 'node-pty';

/** How it is started so that it waits at a pipe. */
export interface WaitingLine {
  readonly program: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

interface Waiting {
  readonly pty: IPty;
  readonly pipe: string;
  readonly exited: Promise<unknown>;
  alive: boolean;
}

/** What a pipe takes at once, in bytes (Linux: 64 kB). */
const maxLineBytes = 60_000;
/** A call's result is handled first, in ms. */
const afterCallMs = 20;

/** At most one waits at a time. */
export class ReadyStart {
  readonly #folder: string;
  readonly #lineTo: (pipe: string) => WaitingLine;
  #waiting: Waiting | undefined;
  #making: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #made = 0;
  #ended = false;

  /** `folder` holds the pipes: no process of a sandbox sees it. */
  constructor(folder: string, lineTo: (pipe: string) => WaitingLine) {
    this.#folder = folder;
    this.#lineTo = lineTo;
  }

  /** Starts one soon, where none waits. Where that fails, commands are started as they come. */
  prepare(): void {
    if (this.#ended || this.#waiting || this.#making || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#making = this.#make()
        .catch(() => undefined)
        .finally(() => (this.#making = undefined));
    }, afterCallMs);
    this.#timer.unref();
  }

  /**
   * The one that waits, which becomes that line; undefined where none does, or the line is too long. What it says comes
   * later than whoever listens at once.
   */
  take(line: string): IPty | undefined {
    const waiting = this.#waiting;
    const bytes = Buffer.from(line);
    if (!waiting || bytes.length > maxLineBytes) return undefined;
    const descriptor = openedForWriting(waiting.pipe);
    if (descriptor === undefined) return undefined;
    this.#waiting = undefined;
    rmSync(waiting.pipe, { force: true });
    const whole = isWritten(descriptor, bytes);
    // It reads to the end before it does anything: half a line must not have one.
    if (!whole) end(waiting);
    closeSync(descriptor);
    return whole ? waiting.pty : undefined;
  }

  /** Ends the one that waits; none is started any more. */
  async dispose(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#making;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) return;
    end(waiting);
    await waiting.exited;
  }

  async #make(): Promise<void> {
    const pipe = join(this.#folder, `start-${(this.#made += 1)}`);
    await promisify(execFile)('mkfifo', ['-m', '600', pipe]);
    // Native, and not needed before the first sandbox.
    const { spawn } = await import('node-pty');
    if (this.#ended) return;
    const { program, env } = this.#lineTo(pipe);
    const [file, ...args] = program;
    const pty = spawn(file, args, { name: 'xterm-256color', cols: 200, rows: 50, cwd: '/', env: { ...env } });
    const { promise: exited, resolve } = Promise.withResolvers<undefined>();
    const waiting: Waiting = { pty, pipe, exited, alive: true };
    pty.onExit(() => {
      waiting.alive = false;
      if (this.#waiting === waiting) this.#waiting = undefined;
      resolve(undefined);
    });
    this.#waiting = waiting;
  }
}

/** Undefined where nobody reads: it has not come that far, or died. */
function openedForWriting(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** Whether the pipe took all of it, which has room for little where a person has many pipes. */
function isWritten(descriptor: number, bytes: Buffer): boolean {
  try {
    return writeSync(descriptor, bytes) === bytes.length;
  } catch {
    return false;
  }
}

function end({ pty, pipe, alive }: Waiting): void {
  if (alive) pty.kill('SIGKILL');
  rmSync(pipe, { force: true });
}
