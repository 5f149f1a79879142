/** A stream in which marks tell where the output of one call begins and ends. */
import type { Readable } from 'node:stream';

/** Takes text. What it gives back resolves when there is room for more: until then nothing is read. */
type Take = (text: string) => Promise<void> | undefined;

export interface StreamListener {
  /** What was written before the call began: by a thread or a process of an earlier one. */
  readonly onEarlier: Take;
  readonly onText: Take;
}

interface Reading {
  readonly mark: string;
  readonly listener: StreamListener;
  readonly reached: () => void;
  begun: boolean;
}

/** How long a stream rests that nobody wants more of, in ms: a flood between two calls costs next to nothing. */
const restMs = 100;

/**
 * Reads all the time, so that no process that an earlier call started is held up for long; of what comes between two calls
 * the end is kept for the next one.
 */
export class MarkedStream {
  readonly #stream: Readable;
  readonly #maxHeldChars: number;
  #reading: Reading | undefined;
  #held = '';
  #rest: NodeJS.Timeout | undefined;

  constructor(stream: Readable, maxHeldChars = 200_000) {
    this.#stream = stream;
    this.#maxHeldChars = maxHeldChars;
    stream.setEncoding('utf8');
    stream.on('data', (data: unknown) => {
      this.#held += String(data);
      if (this.#reading) this.#pass(this.#reading);
      else this.#letGo();
    });
    stream.on('error', () => undefined);
  }

  /** Passes text on until the mark comes for the second time. Settles there; the caller decides how long it waits. */
  until(mark: string, listener: StreamListener): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#reading = { mark, listener, reached: () => resolve(undefined), begun: false };
    this.#wake();
    this.#pass(this.#reading);
    return promise;
  }

  /** Passes on what is held, and nothing more. */
  stop(): void {
    const reading = this.#reading;
    this.#reading = undefined;
    if (!reading) return;
    if (this.#held) void tell(reading, this.#held);
    this.#held = '';
  }

  #pass(reading: Reading): void {
    const { mark } = reading;
    for (;;) {
      const at = this.#held.indexOf(mark);
      const end = at >= 0 ? at : this.#held.length - partOfMark(this.#held, mark);
      const text = this.#held.slice(0, end);
      this.#held = this.#held.slice(at >= 0 ? end + mark.length : end);
      if (text) this.#waitFor(tell(reading, text));
      if (at < 0) return;
      if (reading.begun) break;
      reading.begun = true;
    }
    this.#reading = undefined;
    reading.reached();
  }

  #waitFor(room: Promise<void> | undefined): void {
    if (!room) return;
    this.#stream.pause();
    const goOn = () => this.#wake();
    void room.then(goOn, goOn);
  }

  #letGo(): void {
    if (this.#held.length < 2 * this.#maxHeldChars) return;
    this.#held = this.#held.slice(-this.#maxHeldChars);
    this.#stream.pause();
    this.#rest ??= setTimeout(() => this.#wake(), restMs).unref();
  }

  #wake(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    if (this.#stream.isPaused()) this.#stream.resume();
  }
}

function tell({ begun, listener }: Reading, text: string): Promise<void> | undefined {
  return begun ? listener.onText(text) : listener.onEarlier(text);
}

/** How many of the last characters may be the beginning of a mark that is still coming. */
function partOfMark(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
