/** One server's connection for a run: opened once, kept alive, and opened again when it ended. */
import { ToolError } from '../../agent/errors.ts';
import { showControls } from '../../shared/visibleText.ts';
import {
  CallFailure,
  causeWords,
  openSession,
  type ListedTool,
  type Session,
  type SessionOptions,
  type Target,
} from './client.ts';

/** So often it is opened again within so long, where no call works in between. */
const maxReopenings = 3;
const reopeningMs = 5 * 60_000;
const pingEveryMs = 30_000;
const pingMs = 10_000;
const maxWords = 1_000;

/** Lives as long as its run. */
export class Connection {
  readonly tools: readonly ListedTool[];
  /** As it is called in messages. */
  readonly #title: string;
  readonly #open: () => Promise<Session>;
  readonly #pinging: ReturnType<typeof setInterval>;
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;
  readonly #now: () => number;
  /** When it was opened again since the last call that worked, in ms of `now`. */
  #reopenings: readonly number[] = [];
  #calls = 0;
  #closed = false;

  /** Opens it and reads its tools. Throws what went wrong. */
  static async open(
    title: string,
    target: Target,
    options: SessionOptions,
    now: () => number = () => performance.now(),
  ): Promise<Connection> {
    const opened: { connection?: Connection } = {};
    const { onToolsChanged } = options;
    const onNews = () => void opened.connection?.hasOtherTools().then((other) => other && onToolsChanged());
    const open = () => openSession(target, { ...options, onToolsChanged: onNews });
    const session = await open();
    try {
      return (opened.connection = new Connection(title, open, session, await session.listTools(), now));
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  private constructor(
    title: string,
    open: () => Promise<Session>,
    session: Session,
    tools: readonly ListedTool[],
    now: () => number,
  ) {
    this.tools = tools;
    this.#now = now;
    this.#title = title;
    this.#open = open;
    this.#adopt(session);
    this.#pinging = setInterval(() => void this.#checkAlive(), pingEveryMs);
    this.#pinging.unref();
  }

  /** Makes a call once. Throws ToolError; one whose outcome is unknown is never made again. */
  async call(name: string, args: unknown, signal: AbortSignal, timeoutMs: number): Promise<unknown> {
    for (let again = false; ; again = true) {
      const session = await this.#alive(signal);
      this.#calls += 1;
      try {
        const result = await session.call(name, args, signal, timeoutMs);
        this.#reopenings = [];
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof CallFailure)) throw error;
        const why = shown(error.message);
        if (error.outcome === 'refused') {
          this.#reopenings = [];
          throw new ToolError(`${this.#title} refused the call: ${why}`);
        }
        if (error.outcome === 'unmade' && !again) {
          await this.#drop(session);
          continue;
        }
        if (error.outcome === 'unmade') throw new ToolError(`${this.#title} could not be reached: ${why}.`);
        void this.#checkAlive(1);
        throw new ToolError(
          `The outcome of this call is unknown: ${this.#title} gave no result, since ${why}. The call was not made again. Check what it changed before you repeat it.`,
        );
      } finally {
        this.#calls -= 1;
      }
    }
  }

  /** Whether the server lists others now than when it was opened; some say that they changed when they did not. */
  async hasOtherTools(): Promise<boolean> {
    const names = (tools: readonly ListedTool[]) => JSON.stringify(tools.map(({ name }) => name).toSorted());
    const now = await this.#session?.listTools().catch(() => undefined);
    return now !== undefined && names(now) !== names(this.tools);
  }

  /** Ends it with all that it started. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#pinging);
    await this.#opening?.catch(() => undefined);
    await this.#session?.close();
  }

  #adopt(session: Session): void {
    this.#session = session;
    void session.ended.then(() => {
      if (this.#session === session) this.#session = undefined;
      // What is left of it goes as well.
      void session.close();
    });
  }

  async #alive(signal: AbortSignal): Promise<Session> {
    if (this.#session) return this.#session;
    if (this.#closed) throw new ToolError(`${this.#title} was closed with its run.`);
    if (!this.#opening) {
      this.#reopenings = this.#reopenings.filter((at) => this.#now() - at < reopeningMs);
      const [first] = this.#reopenings;
      if (first !== undefined && this.#reopenings.length >= maxReopenings) throw this.#resting(first);
      this.#reopenings = [...this.#reopenings, this.#now()];
      this.#opening = this.#openAgain().finally(() => (this.#opening = undefined));
    }
    try {
      return await this.#opening;
    } catch (error) {
      signal.throwIfAborted();
      throw new ToolError(`${this.#title} ended and could not be started again: ${failureWords(error)}`);
    }
  }

  #resting(firstReopening: number): ToolError {
    const seconds = Math.ceil((firstReopening + reopeningMs - this.#now()) / 1000);
    return new ToolError(
      `${this.#title} is gone. Within ${reopeningMs / 60_000} minutes it was opened again ${maxReopenings} times, and no call worked: it is tried again in ${seconds} s at the earliest.`,
    );
  }

  async #openAgain(): Promise<Session> {
    const session = await this.#open();
    this.#adopt(session);
    return session;
  }

  async #drop(session: Session): Promise<void> {
    if (this.#session === session) this.#session = undefined;
    await session.close();
  }

  /** A server that does not answer a ping while it has nothing else to do is dropped. `busy`: calls that are no reason. */
  async #checkAlive(busy = 0): Promise<void> {
    const session = this.#session;
    if (!session || this.#calls > busy) return;
    await session.ping(pingMs).catch(() => this.#drop(session));
  }
}

/** Why something could not be opened. */
export function failureWords(error: unknown): string {
  return shown(causeWords(error));
}

/** What a server says of itself, for people and models. */
function shown(text: string): string {
  const line = showControls(text.trim()).replace(/\s+/g, ' ').replace(/\.$/, '');
  return line.length > maxWords ? `${line.slice(0, maxWords)}…` : line;
}
