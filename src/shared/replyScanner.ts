/** Finds thoughts and tool calls in a message while it arrives. The text is not XML: JSON strings may hold any tag. */
import { JsonBody, ParameterBody } from './callBody.ts';
import { CallHead, skipBlanks } from './callHead.ts';
import { isCallOpening, likeness, tagAt, textTags, thinkClose, thinkOpen } from './callTags.ts';
import { partsOf, type CallForm, type FoundCall, type FoundThought, type Scan } from './replyScan.ts';

/** Scans a whole message. */
export function scanReply(text: string): Scan {
  const scanner = new ReplyScanner();
  scanner.push(text);
  return scanner.end();
}

/** How often a body whose strings never end is read again from where it may have ended. */
const maxRereads = 64;

const bodyClosers: Readonly<Record<CallForm, readonly string[]>> = {
  mcp: ['</arguments>', '</use_mcp_tool>'],
  json: ['</tool_call>'],
  function: ['</function>', '</tool_call>'],
};

/** What is being read, and what a call's reading needs. */
type Reading =
  | { readonly state: 'text' }
  | { readonly state: 'head'; readonly start: number; readonly head: CallHead }
  | {
      readonly state: 'body';
      readonly start: number;
      readonly head: CallHead;
      readonly bodyStart: number;
      readonly body: JsonBody | ParameterBody;
    }
  /** The last call is whole, but for one more closing tag that may follow. */
  | { readonly state: 'closing'; readonly closer: string };

const inText: Reading = { state: 'text' };

/**
 * One message, in pieces that may begin and end anywhere: the same text gives the same scan. Each character is read once,
 * and only what may be the beginning of a tag is kept until more arrives.
 *
 * A call inside a closed thought is none. A thought may lack either tag: without the opening one it began where the thought
 * before ended; without the closing one it ends at the first call.
 */
export class ReplyScanner {
  readonly #pieces: string[] = [];
  #carry = '';
  /** Where `#carry` begins in the message. */
  #base = 0;
  #reading: Reading = inText;
  #thoughtStart: number | undefined;
  readonly #calls: FoundCall[] = [];
  readonly #thoughts: FoundThought[] = [];
  readonly #strays: number[] = [];
  /** Where the text was when a call came beside it. */
  #elsewhere: number | undefined;
  #afterCall: AfterCall | undefined;

  /** Set once something else than white space or a call follows a complete call that stands in no thought. */
  get afterCall(): AfterCall | undefined {
    return this.#afterCall;
  }

  /** Whether the text so far ends inside of a thought. */
  get isThinking(): boolean {
    return this.#thoughtStart !== undefined;
  }

  push(piece: string): void {
    this.#pieces.push(piece);
    this.#read(piece);
  }

  /** Says that a whole call came beside the text just now, natively. */
  callElsewhere(): void {
    this.#elsewhere ??= this.#base + this.#carry.length;
  }

  /** The scan of all that was pushed; nothing can be pushed any more. */
  end(): Scan {
    const text = this.#pieces.join('');
    for (let again = 0; again < maxRereads && this.#endBody(text.length); again++) {
      const rest = text.slice(this.#base);
      this.#carry = '';
      this.#read(rest);
    }
    const reading = this.#reading;
    const unfinished = 'start' in reading ? { start: reading.start, end: text.length } : undefined;
    if (this.#thoughtStart !== undefined) {
      const start = this.#thoughtStart;
      const end = this.#calls.find((call) => call.start >= start)?.start ?? unfinished?.start ?? text.length;
      this.#thoughts.push({ start, end, inner: { start: start + thinkOpen.length, end } });
    }
    const strayTags = this.#strays.length > 0 || unfinished !== undefined;
    return { calls: this.#calls, parts: partsOf(text.length, this.#thoughts, this.#calls, unfinished), strayTags };
  }

  #read(piece: string): void {
    const input = this.#carry + piece;
    let at = 0;
    while (at < input.length) {
      const reading = this.#reading;
      const next = this.#step(input, at);
      if (next === at && this.#reading === reading) break;
      at = next;
    }
    this.#carry = input.slice(at);
    this.#base += at;
  }

  /** Reads on from a place and tells how far it came: nowhere when the rest is to be seen together with more. */
  #step(input: string, at: number): number {
    const reading = this.#reading;
    switch (reading.state) {
      case 'text':
        return this.#readText(input, at);
      case 'head':
        return this.#readHead(input, at, reading);
      case 'body':
        return this.#readBody(input, at, reading);
      case 'closing':
        return this.#readClosing(input, at, reading.closer);
    }
  }

  #readText(input: string, from: number): number {
    const found = input.indexOf('<', from);
    const at = found < 0 ? input.length : found;
    if (this.#watchesAfter()) {
      const visible = skipBlanks(input, from);
      if (visible < at) this.#markAfter(this.#base + visible);
    }
    if (found < 0) return at;
    const tag = tagAt(input, at, textTags);
    if (tag === 'partial') return at;
    if (tag === undefined) {
      if (this.#watchesAfter()) this.#markAfter(this.#base + at + likeness(input, at, textTags));
      return at + 1;
    }
    const start = this.#base + at;
    const end = start + tag.length;
    if (tag === thinkClose) this.#closeThought(start, end);
    else if (isCallOpening(tag)) this.#reading = { state: 'head', start, head: new CallHead(tag, end) };
    else {
      this.#markAfter(end - 1);
      if (tag === thinkOpen) this.#thoughtStart ??= start;
      else this.#strays.push(start);
    }
    return at + tag.length;
  }

  #readHead(input: string, from: number, reading: Extract<Reading, { state: 'head' }>): number {
    const { head } = reading;
    const { kind, at } = head.read(input, from, this.#base);
    const bodyStart = this.#base + at;
    switch (kind) {
      case 'more':
        return at;
      case 'broken':
        return this.#abandon(at, reading.start);
      case 'json': {
        const body = new JsonBody(bodyClosers[head.form]);
        this.#reading = { ...reading, state: 'body', bodyStart, body };
        return at;
      }
      case 'parameters':
        this.#reading = { ...reading, state: 'body', bodyStart, body: new ParameterBody() };
        return at + '<parameter='.length;
      case 'empty':
        this.#endCall({ ...reading, bodyStart }, bodyStart, '</function>');
        return at + '</function>'.length;
    }
  }

  #readBody(input: string, from: number, reading: Extract<Reading, { state: 'body' }>): number {
    const end = reading.body.read(input, from, this.#base);
    const at = this.#base + end.at;
    switch (end.kind) {
      case 'more':
        return end.at;
      case 'broken':
        this.#finish(reading, at, at, false);
        return end.at;
      case 'closed':
        this.#endCall(reading, at, end.tag);
        return end.at + end.tag.length;
    }
  }

  /** What looked like a call is a tag in the text. */
  #abandon(at: number, start: number): number {
    this.#strays.push(start);
    this.#reading = inText;
    this.#markAfter(this.#base + at);
    return at;
  }

  /** A call's body is closed by a tag; another one may belong to the call. */
  #endCall(draft: Draft, bodyEnd: number, tag: string): void {
    this.#finish(draft, bodyEnd, bodyEnd + tag.length, tag !== '</arguments>');
    if (tag === '</arguments>') this.#reading = { state: 'closing', closer: '</use_mcp_tool>' };
    else if (tag === '</function>') this.#reading = { state: 'closing', closer: '</tool_call>' };
  }

  #finish({ start, head, bodyStart }: Draft, bodyEnd: number, end: number, closed: boolean): void {
    const { form, server, tool } = head;
    const names = { ...(server && { server }), ...(tool && { tool }) };
    this.#calls.push({ start, end, form, ...names, body: { start: bodyStart, end: bodyEnd }, closed });
    this.#reading = inText;
  }

  #readClosing(input: string, from: number, closer: string): number {
    const at = skipBlanks(input, from);
    if (at === input.length) return at;
    const tag = tagAt(input, at, [closer]);
    if (tag === 'partial') return at;
    this.#reading = inText;
    if (tag === undefined) return at;
    const last = this.#calls.pop();
    if (last) this.#calls.push({ ...last, end: this.#base + at + tag.length, closed: true });
    return at + tag.length;
  }

  #closeThought(start: number, end: number): void {
    const opened = this.#thoughtStart;
    const from = opened ?? this.#thoughts.at(-1)?.end ?? 0;
    while ((this.#calls.at(-1)?.start ?? -1) >= from) this.#calls.pop();
    while ((this.#strays.at(-1) ?? -1) >= from) this.#strays.pop();
    const inner = { start: opened === undefined ? from : from + thinkOpen.length, end: start };
    this.#thoughts.push({ start: from, end, inner });
    this.#thoughtStart = undefined;
  }

  #watchesAfter(): boolean {
    if (this.#afterCall !== undefined || this.#thoughtStart !== undefined) return false;
    return this.#calls.length > 0 || this.#elsewhere !== undefined;
  }

  #markAfter(place: number): void {
    const callEnd = Math.max(this.#calls.at(-1)?.end ?? 0, this.#elsewhere ?? 0);
    if (this.#watchesAfter()) this.#afterCall = { callEnd, place };
  }

  /** At the end of the message: closes a body that is open. True when the text after its end is to be read again. */
  #endBody(length: number): boolean {
    const reading = this.#reading;
    if (reading.state !== 'body') return false;
    const { isInString, closeInString, thinkInString } = reading.body;
    if (isInString && closeInString) {
      this.#endCall(reading, closeInString.at, closeInString.tag);
      this.#base = closeInString.at + closeInString.tag.length;
      return true;
    }
    if (isInString && thinkInString !== undefined) {
      this.#strays.push(reading.start);
      this.#reading = inText;
      this.#base = thinkInString;
      return true;
    }
    this.#finish(reading, length, length, false);
    return false;
  }
}

/** A call whose body was met. */
interface Draft {
  readonly start: number;
  readonly head: CallHead;
  readonly bodyStart: number;
}

/** `callEnd`: where the call ends; `place`: where it was plain that something else follows. */
export interface AfterCall {
  readonly callEnd: number;
  readonly place: number;
}
