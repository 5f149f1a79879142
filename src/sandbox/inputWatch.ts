/**
 * Notices that a command waits for input, and that nobody gives it any. One that waits in short pieces (select with a time)
 * counts once nothing below it has worked or put anything out for a while.
 */
import { lookForInput } from './terminalReaders.ts';

/** How long a command is silent before it is looked at, and how often then, in ms: less often the longer it works. */
const lookMs = 1_000;
const longestLookMs = 5_000;
/** How long a finite wait has to go on, and the most processor time in so long, in the kernel's ticks (of 10 ms). */
const idleMs = 5_000;
const idleTicks = 10;

/** Who is told. */
export interface InputListener {
  /** It began to wait, or waits no more. */
  readonly onWaiting: (waiting: boolean) => void;
  /** It waited for so long that it must end. */
  readonly onOverdue: () => void;
}

export class InputWatch {
  readonly #pid: number;
  readonly #overdueMs: number;
  readonly #listener: InputListener;
  #timer: NodeJS.Timeout;
  #quietSince = performance.now();
  #waitingSince: number | undefined;
  /** Since when looks found finite waits alone, and the processor time then. */
  #idle: { readonly since: number; readonly ticks: number } | undefined;
  #disposed = false;

  /** Looks at what runs below a process until disposed. */
  constructor(pid: number, overdueMs: number, listener: InputListener) {
    this.#pid = pid;
    this.#overdueMs = overdueMs;
    this.#listener = listener;
    this.#timer = setTimeout(this.#look, lookMs);
  }

  /** Something was put out or typed: whoever waits begins to wait now. */
  readonly stirred = (): void => {
    this.#quietSince = performance.now();
    if (this.#waitingSince !== undefined) this.#waitingSince = this.#quietSince;
  };

  /** Whether anything reads the terminal right now, be it in short pieces. */
  async mayWait(): Promise<boolean> {
    return (await lookForInput(this.#pid)).waits !== undefined;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  readonly #look = (): void => void this.#lookOnce();

  async #lookOnce(): Promise<void> {
    const now = performance.now();
    const waits = now - this.#quietSince >= lookMs / 2 && (await this.#waits(now));
    if (this.#disposed) return;
    if (waits !== (this.#waitingSince !== undefined)) {
      this.#waitingSince = waits ? now : undefined;
      this.#listener.onWaiting(waits);
    }
    if (this.#waitingSince !== undefined && performance.now() - this.#waitingSince >= this.#overdueMs) {
      this.#listener.onOverdue();
      return;
    }
    const quietMs = now - this.#quietSince;
    const nextMs = waits ? lookMs : Math.min(longestLookMs, Math.max(lookMs, quietMs / 10));
    this.#timer = setTimeout(this.#look, nextMs);
  }

  async #waits(now: number): Promise<boolean> {
    const { waits, ticks } = await lookForInput(this.#pid);
    const { since, ticks: before } = this.#idle ?? { since: now, ticks };
    const allowed = idleTicks * Math.max(1, (now - since) / idleMs);
    const idle = waits === 'finite' && ticks - before <= allowed;
    this.#idle = idle ? { since, ticks: before } : undefined;
    return waits === 'endless' || (idle && now - Math.max(since, this.#quietSince) >= idleMs);
  }
}
