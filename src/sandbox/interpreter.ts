/** A Python interpreter that lives on between calls. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Readable, Writable } from 'node:stream';
import { ToolError } from '../agent/errors.ts';
import { exitCodeOf, exitWords } from './exitWords.ts';
import { MarkedStream, type StreamListener } from './markedStream.ts';
import { killLeftovers, killProcess, newMark, settledWithin, signalInside, type Started } from './processTree.ts';
import { pythonDriver } from './pythonDriver.ts';
import { noPythonNotes, type PythonNotes } from './pythonNotes.ts';
import { ReplyChannel, type PythonPicture, type Reply } from './replyChannel.ts';

/** How the interpreter is started; `args` come before Python's own. `pictures` is a folder as the interpreter sees it. */
export interface InterpreterCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly confined: boolean;
  readonly pictures: string;
}

/** How one piece of code ended. `alive`: whether its variables are still there. */
export interface CodeEnd {
  readonly outcome: 'exited' | 'timedOut' | 'stopped';
  readonly exitCode: number | null;
  readonly error?: string;
  readonly alive: boolean;
  readonly notes: PythonNotes;
  readonly pictures: readonly PythonPicture[];
}

export interface CodeListener {
  readonly stdout: StreamListener;
  readonly stderr: StreamListener;
}

/** How long interrupted code may take to come to its senses, and output that was written to arrive, in ms. */
const interruptMs = 500;
const drainMs = 500;
/** How long an end of the replies may come before that of the process. */
const exitMs = 300;
const unheard =
  'The code closed, or wrote to, the descriptors by which Python tells its results, so the interpreter was ended; its variables are lost.';

export class Interpreter {
  readonly #child: ChildProcess;
  readonly #started: Started;
  readonly #requests: Writable;
  readonly #stdout: MarkedStream;
  readonly #stderr: MarkedStream;
  readonly #exited: Promise<number>;
  readonly #replies: ReplyChannel;
  #alive = true;

  /** Throws ToolError when it cannot be started. */
  constructor(command: InterpreterCommand) {
    const marked = command.confined ? undefined : newMark();
    const child = spawn(command.file, [...command.args, '-c', pythonDriver, command.pictures], {
      cwd: command.cwd,
      env: { ...command.env, ...marked?.variable },
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
    const { confined } = command;
    this.#started = { pid: child.pid ?? 0, confined, ended: this.#exited, ...(marked && { mark: marked.mark }) };
    this.#replies = new ReplyChannel(replies, command.pictures);
    void this.#replies.broken.then(async (how) => {
      if (how === 'forged' || !(await settledWithin(this.#exited, exitMs))) await this.end();
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The process that was started, below which everything runs. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Runs code. Stopped or out of time, it is interrupted; when it does not obey, the interpreter ends. */
  async run(code: string, listener: CodeListener, timeoutMs: number, signal: AbortSignal): Promise<CodeEnd> {
    const id = randomUUID();
    const mark = `\0${id}\0`;
    const marks = Promise.all([this.#stdout.until(mark, listener.stdout), this.#stderr.until(mark, listener.stderr)]);
    const replied = this.#replies.reply(id);
    this.#requests.write(`${JSON.stringify({ id, code })}\n`);
    const waiting = waitFor(timeoutMs, signal);
    try {
      const first = await Promise.race([replied, this.#exited, this.#replies.broken, waiting.late]);
      const end = await this.#endAfter(first, replied);
      await settledWithin(Promise.race([marks, this.#exited.then(() => settledWithin(marks, 50))]), drainMs);
      return end;
    } finally {
      waiting.dispose();
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
    if (this.#child.pid === undefined) return;
    if (this.#alive) await killProcess(this.#started);
    else if (!this.#started.confined) await killLeftovers(this.#started);
  }

  async #endAfter(
    first: Reply | number | 'closed' | 'forged' | 'timedOut' | 'stopped',
    replied: Promise<Reply>,
  ): Promise<CodeEnd> {
    if (first === 'timedOut' || first === 'stopped') return this.#interrupted(first, replied);
    if (typeof first === 'number') return exitedWith(first);
    if (first === 'closed' && (await settledWithin(this.#exited, exitMs))) return exitedWith(await this.#exited);
    if (typeof first === 'object')
      return { ...resultOf(first), outcome: 'exited', exitCode: first.exitCode, alive: true };
    await this.end();
    return { outcome: 'exited', exitCode: 1, error: unheard, alive: false, notes: noPythonNotes, pictures: [] };
  }

  async #interrupted(outcome: 'timedOut' | 'stopped', replied: Promise<Reply>): Promise<CodeEnd> {
    await this.interrupt();
    const obeyed = await settledWithin(replied, interruptMs);
    if (!obeyed) await killProcess(this.#started);
    const result = obeyed ? resultOf(await replied) : { notes: noPythonNotes, pictures: [] };
    return { ...result, outcome, exitCode: null, alive: this.#alive };
  }
}

function resultOf({ error, notes, pictures }: Reply): Pick<CodeEnd, 'error' | 'notes' | 'pictures'> {
  return { notes, pictures, ...(error !== null && { error }) };
}

function exitedWith(exitCode: number): CodeEnd {
  const error = `The Python process ended: ${exitWords(exitCode)}. Its variables are lost.`;
  return { outcome: 'exited', exitCode, alive: false, error, notes: noPythonNotes, pictures: [] };
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
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
