/** A stream in which marks tell where the output of one call ends. */
import type { Readable } from 'node:stream';

/** Reads all the time, so that a writer never blocks; what comes between two calls belongs to the next. */
export class MarkedStream {
  #listener: ((text: string) => void) | undefined;
  #mark: string | undefined;
  #reached: (() => void) | undefined;
  #held = '';

  constructor(stream: Readable, maxHeldChars = 1_000_000) {
    stream.setEncoding('utf8');
    stream.on('data', (data: unknown) => {
      this.#held += String(data);
      this.#pass();
      if (!this.#listener) this.#held = this.#held.slice(-maxHeldChars);
    });
    stream.on('error', () => undefined);
  }

  /** Passes text on until the mark. Settles there; the caller decides how long it waits. */
  until(mark: string, listener: (text: string) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#mark = mark;
    this.#listener = listener;
    this.#reached = () => resolve(undefined);
    this.#pass();
    return promise;
  }

  /** Passes on what is held, and nothing more. */
  stop(): void {
    if (this.#held) this.#listener?.(this.#held);
    this.#held = '';
    this.#listener = undefined;
  }

  #pass(): void {
    const [listener, mark] = [this.#listener, this.#mark];
    if (!listener || mark === undefined) return;
    const at = this.#held.indexOf(mark);
    const end = at >= 0 ? at : this.#held.length - partOfMark(this.#held, mark);
    const text = this.#held.slice(0, end);
    this.#held = this.#held.slice(at >= 0 ? end + mark.length : end);
    if (text) listener(text);
    if (at < 0) return;
    this.#listener = undefined;
    this.#reached?.();
  }
}

/** How many of the last characters may be the beginning of a mark that is still coming. */
function partOfMark(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
