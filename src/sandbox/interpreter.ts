/** A Python interpreter that lives on between calls. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { MarkedStream } from './markedStream.ts';
import { killProcess, settledWithin, signalInside, type Started } from './processTree.ts';
import { pythonDriver } from './pythonDriver.ts';

/** How the interpreter is started; `args` come before Python's own. */
export interface InterpreterCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly confined: boolean;
}

/** How one piece of code ended. `alive`: whether its variables are still there. */
export interface CodeEnd {
  readonly outcome: 'exited' | 'timedOut' | 'stopped';
  readonly exitCode: number | null;
  readonly error?: string;
  readonly alive: boolean;
}

export interface CodeListener {
  readonly onStdout: (data: string) => void;
  readonly onStderr: (data: string) => void;
}

const replySchema = z.object({ exitCode: z.number().int(), error: z.string().nullable() });
type Reply = z.infer<typeof replySchema>;

/** How long interrupted code may take to come to its senses, and output that was written to arrive, in ms. */
const interruptMs = 500;
const drainMs = 500;

export class Interpreter {
  readonly #child: ChildProcess;
  readonly #started: Started;
  readonly #requests: Writable;
  readonly #stdout: MarkedStream;
  readonly #stderr: MarkedStream;
  readonly #exited: Promise<number>;
  #onReply: ((reply: Reply) => void) | undefined;
  #alive = true;

  /** Throws ToolError when it cannot be started. */
  constructor(command: InterpreterCommand) {
    const child = spawn(command.file, [...command.args, '-u', '-c', pythonDriver], {
      cwd: command.cwd,
      env: { ...command.env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const [, , , requests, replies] = child.stdio;
    const { stdout, stderr } = child;
    if (!(requests instanceof Writable) || !(replies instanceof Readable) || !stdout || !stderr) {
      throw new ToolError('Python cannot be started: it got no pipes.');
    }
    this.#child = child;
    this.#requests = requests;
    this.#requests.on('error', () => undefined);
    this.#stdout = new MarkedStream(stdout);
    this.#stderr = new MarkedStream(stderr);
    this.#exited = exitOf(child).finally(() => (this.#alive = false));
    this.#started = { pid: child.pid ?? 0, confined: command.confined, ended: this.#exited };
    createInterface({ input: replies }).on('line', (line) => {
      const reply = replySchema.safeParse(parseJson(line));
      if (reply.success) this.#onReply?.(reply.data);
    });
    replies.on('error', () => undefined);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Runs code. Stopped or out of time, it is interrupted; when it does not obey, the interpreter ends. */
  async run(code: string, listener: CodeListener, timeoutMs: number, signal: AbortSignal): Promise<CodeEnd> {
    const mark = `\0${randomUUID()}\0`;
    const marks = Promise.all([
      this.#stdout.until(mark, listener.onStdout),
      this.#stderr.until(mark, listener.onStderr),
    ]);
    const { promise: replied, resolve: onReply } = Promise.withResolvers<Reply>();
    this.#onReply = onReply;
    this.#requests.write(`${JSON.stringify({ code, mark })}\n`);
    const waiting = waitFor(timeoutMs, signal);
    try {
      const first = await Promise.race([replied, this.#exited, waiting.late]);
      const end = await (first === 'timedOut' || first === 'stopped'
        ? this.#interrupted(first, replied)
        : endOf(first));
      await settledWithin(Promise.race([marks, this.#exited.then(() => settledWithin(marks, 50))]), drainMs);
      return end;
    } finally {
      waiting.dispose();
      this.#onReply = undefined;
      this.#stdout.stop();
      this.#stderr.stop();
    }
  }

  /** As Ctrl-C does. */
  interrupt(): Promise<void> {
    return this.#alive ? signalInside(this.#started, 'SIGINT') : Promise.resolve();
  }

  /** Ends it, at once and with all it started. */
  async end(): Promise<void> {
    if (this.#alive && this.#child.pid !== undefined) await killProcess(this.#started);
  }

  async #interrupted(outcome: 'timedOut' | 'stopped', replied: Promise<Reply>): Promise<CodeEnd> {
    await this.interrupt();
    if (!(await settledWithin(replied, interruptMs))) await killProcess(this.#started);
    return { outcome, exitCode: null, alive: this.#alive };
  }
}

function endOf(first: Reply | number): CodeEnd {
  if (typeof first !== 'number') {
    const error = first.error === null ? {} : { error: first.error };
    return { outcome: 'exited', exitCode: first.exitCode, alive: true, ...error };
  }
  const error = `The Python process ended with exit code ${first}; its variables are lost.`;
  return { outcome: 'exited', exitCode: first, alive: false, error };
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
  });
}

function waitFor(timeoutMs: number, signal: AbortSignal) {
  const { promise: late, resolve } = Promise.withResolvers<'timedOut' | 'stopped'>();
  const onAbort = () => resolve('stopped');
  const timer = setTimeout(() => resolve('timedOut'), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const dispose = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  return { late, dispose };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
