/** Output of any length in bounded memory: its beginning, its end, and how much is missing between. */
import { formatBytes } from '../shared/quantities.ts';

/** Characters that are kept of each end: far more than a model is shown. */
const keptChars = 100_000;

/** What was kept; `omittedBytes` counts the rest as UTF-8. */
export interface Kept {
  readonly text: string;
  readonly omittedBytes: number;
}

/** Text that only grows, of which the middle is let go. */
export class HeadTail {
  readonly #limit: number;
  readonly #head: string[] = [];
  readonly #tail: string[] = [];
  #headChars = 0;
  #tailChars = 0;
  #tailStart = 0;
  #omittedBytes = 0;

  constructor(limit = keptChars) {
    this.#limit = limit;
  }

  push(text: string): void {
    const room = this.#limit - this.#headChars;
    const forHead = text.slice(0, room);
    if (forHead) this.#head.push(forHead);
    this.#headChars += forHead.length;
    const rest = text.slice(forHead.length);
    if (!rest) return;
    this.#tail.push(rest);
    this.#tailChars += rest.length;
    this.#letGo();
  }

  kept(): Kept {
    const tail = this.#tail.slice(this.#tailStart).join('');
    const over = Math.max(0, tail.length - this.#limit);
    const omittedBytes = this.#omittedBytes + Buffer.byteLength(tail.slice(0, over));
    const head = this.#head.join('');
    if (omittedBytes === 0) return { text: head + tail, omittedBytes };
    return { text: `${head}\n[${formatBytes(omittedBytes)} not shown]\n${tail.slice(over)}`, omittedBytes };
  }

  /** Drops whole chunks from the tail's front while what stays is long enough. */
  #letGo(): void {
    for (;;) {
      const first = this.#tail[this.#tailStart];
      if (first === undefined || this.#tailChars - first.length < this.#limit) break;
      this.#tailChars -= first.length;
      this.#omittedBytes += Buffer.byteLength(first);
      this.#tail[this.#tailStart++] = '';
    }
    if (this.#tailStart < 1024) return;
    this.#tail.splice(0, this.#tailStart);
    this.#tailStart = 0;
  }
}
