/** What one call puts out, on one stream or several: shown in part, and stored whole while it comes where that is long. */
import { messageOf } from '../agent/errors.ts';
import { shownOutputChars, type KeptOutput, type OutputSink } from '../agent/tool.ts';
import { HeadTail, type Kept } from './headTail.ts';
import { PlainText } from './plainText.ts';

/** Opens the place where long output is stored. */
export type OpenOutput = () => Promise<OutputSink>;

/** Where the whole output is. */
export interface Storage {
  readonly kept?: KeptOutput;
  /** Why it could not be stored. */
  readonly notKept?: string;
}

/** One stream of it. */
export interface OutputStream {
  /** Takes raw terminal output. Resolves when there is room for more; it is taken in any case. */
  readonly push: (raw: string) => Promise<void> | undefined;
  /** Its beginning and its end as plain text, once the whole output has ended. */
  readonly shown: () => Shown;
}

export interface Shown extends Kept {
  /** Of all that came. */
  readonly lines: number;
  readonly bytes: number;
}

/** Lines of several streams follow each other as they came. `end` or `drop` it once. */
export class WholeOutput {
  readonly #open: OpenOutput | undefined;
  readonly #streams: Stream[] = [];
  #early: string[] = [];
  #chars = 0;
  #last: Stream | undefined;
  #atLineStart = true;
  #opening: Promise<void> | undefined;
  #sink: OutputSink | undefined;
  #notKept: string | undefined;

  /** Without `open` only both ends are kept. */
  constructor(open: OpenOutput | undefined) {
    this.#open = open;
  }

  stream(): OutputStream {
    const stream: Stream = new Stream((text) => this.#take(stream, text));
    this.#streams.push(stream);
    return stream;
  }

  async end(): Promise<Storage> {
    for (const stream of this.#streams) stream.end();
    await this.#opening;
    const sink = this.#sink;
    if (!sink) return this.#notKept === undefined ? {} : { notKept: this.#notKept };
    try {
      const kept = await sink.end();
      return kept ? { kept } : {};
    } catch (error) {
      return { notKept: messageOf(error) };
    }
  }

  /** Lets go what was stored. */
  async drop(): Promise<void> {
    for (const stream of this.#streams) stream.end();
    await this.#opening;
    await this.#sink?.drop();
  }

  #take(from: Stream, text: string): Promise<void> | undefined {
    if (text === '' || !this.#open || this.#notKept !== undefined) return undefined;
    const whole = from === this.#last || this.#atLineStart ? text : `\n${text}`;
    this.#last = from;
    this.#atLineStart = text.endsWith('\n');
    if (this.#sink) return this.#sink.push(whole);
    this.#early.push(whole);
    this.#chars += whole.length;
    if (this.#chars > shownOutputChars) this.#opening ??= this.#store(this.#open);
    return this.#opening;
  }

  /** Never rejects: a full disk is no reason to lose a call's result. */
  async #store(open: OpenOutput): Promise<void> {
    try {
      const sink = await open();
      const early = this.#early.join('');
      this.#sink = sink;
      await sink.push(early);
    } catch (error) {
      this.#notKept = messageOf(error);
    } finally {
      this.#early = [];
    }
  }
}

class Stream implements OutputStream {
  readonly #plain = new PlainText();
  readonly #ends = new HeadTail();
  readonly #onText: (text: string) => Promise<void> | undefined;
  #lines = 0;
  #bytes = 0;
  #ended = false;

  constructor(onText: (text: string) => Promise<void> | undefined) {
    this.#onText = onText;
  }

  readonly push = (raw: string): Promise<void> | undefined => this.#take(this.#plain.push(raw));

  readonly shown = (): Shown => ({ ...this.#ends.kept(), lines: this.#lines, bytes: this.#bytes });

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const rest = this.#plain.end();
    if (rest !== '') this.#lines++;
    void this.#take(rest);
  }

  #take(text: string): Promise<void> | undefined {
    this.#ends.push(text);
    this.#bytes += Buffer.byteLength(text);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines++;
    return this.#onText(text);
  }
}
