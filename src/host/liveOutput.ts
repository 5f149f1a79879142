/** Output as it comes, for a terminal that must stay usable: a flood is shown as head, tail and what is missing. */
import { formatBytes } from '../shared/quantities.ts';

/** What is shown in one period at most, and how much of a flood's end is kept, in characters. */
const maxCharsInPeriod = 200_000;
const tailChars = 20_000;
const periodMs = 250;

/** Calls back after a time; gives back how to stop that. */
export type Schedule = (act: () => void, afterMs: number) => () => void;

const afterTimeout: Schedule = (act, afterMs) => {
  const timer = setTimeout(act, afterMs);
  return () => clearTimeout(timer);
};

/** Passes output on; while it comes too fast, keeps only its end until it calms down or ends. */
export class LiveOutput {
  readonly #write: (text: string) => void;
  readonly #schedule: Schedule;
  #charsInPeriod = 0;
  #flooding = false;
  #tail = '';
  #omittedBytes = 0;
  #stopTimer: (() => void) | undefined;

  constructor(write: (text: string) => void, schedule: Schedule = afterTimeout) {
    this.#write = write;
    this.#schedule = schedule;
  }

  push(data: string): void {
    const room = Math.max(0, maxCharsInPeriod - this.#charsInPeriod);
    this.#charsInPeriod += data.length;
    this.#stopTimer ??= this.#schedule(this.#periodEnded, periodMs);
    if (!this.#flooding && data.length <= room) {
      this.#write(lines(data));
      return;
    }
    const shown = this.#flooding ? '' : data.slice(0, data.lastIndexOf('\n', room) + 1);
    if (shown) this.#write(lines(shown));
    this.#flooding = true;
    this.#keep(data.slice(shown.length));
  }

  /** Shows what is held back: nothing comes for now. */
  end(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#charsInPeriod = 0;
    this.#showTail();
  }

  readonly #periodEnded = (): void => {
    this.#stopTimer = undefined;
    const calm = this.#charsInPeriod <= maxCharsInPeriod;
    const quiet = this.#charsInPeriod === 0;
    this.#charsInPeriod = 0;
    if (calm) this.#showTail();
    if (!quiet) this.#stopTimer = this.#schedule(this.#periodEnded, periodMs);
  };

  #keep(data: string): void {
    this.#tail += data;
    if (this.#tail.length > 4 * tailChars) this.#shorten();
  }

  #shorten(): void {
    const from = this.#tail.length - tailChars;
    if (from <= 0) return;
    // From the beginning of a line, so that no escape sequence is cut.
    const start = Math.max(from, this.#tail.indexOf('\n', from) + 1);
    this.#omittedBytes += Buffer.byteLength(this.#tail.slice(0, start));
    this.#tail = this.#tail.slice(start);
  }

  #showTail(): void {
    if (!this.#flooding) return;
    this.#shorten();
    const missing = `\x1b[0m\r\n\x1b[33m… ${formatBytes(this.#omittedBytes)} not shown …\x1b[0m\r\n`;
    this.#write((this.#omittedBytes > 0 ? missing : '') + lines(this.#tail));
    this.#flooding = false;
    this.#tail = '';
    this.#omittedBytes = 0;
  }
}

/** Line ends as a terminal wants them. */
function lines(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}
