/** Where the body of a call ends: closing tags count outside of JSON strings, and between the values of parameters. */
import { callOpenings, isBlank, tagAt, thinkClose } from './callTags.ts';

/** What was met in a body: its end, or something that may end it after all if nothing else does. */
export type BodyEnd =
  /** A tag of `closers`, at `at`. */
  | { readonly kind: 'closed'; readonly at: number; readonly tag: string }
  /** A tag that no body holds outside of a string: the body ends without its own closing tag. */
  | { readonly kind: 'broken'; readonly at: number }
  /** More text is needed: everything before `at` is read. */
  | { readonly kind: 'more'; readonly at: number };

const outsideTags = [...callOpenings, thinkClose] as const;
const quote = 34;
const backslash = 92;
const lessThan = 60;

/** Reads the JSON of one call, in pieces. Offsets are of the pieces; the places that it remembers are of the message. */
export class JsonBody {
  readonly #closers: readonly string[];
  readonly #insideTags: readonly string[];
  #inString = false;
  #escaped = false;
  /** The first closing tag in a string: the call's end if the string never ends. */
  closeInString: { readonly at: number; readonly tag: string } | undefined;
  /** The first `</think>` in a string. */
  thinkInString: number | undefined;

  constructor(closers: readonly string[]) {
    this.#closers = [...closers, ...outsideTags];
    this.#insideTags = [...closers, thinkClose];
  }

  /** Whether the text so far ends inside of a string. */
  get isInString(): boolean {
    return this.#inString;
  }

  /** Reads on from `from`; `base` is where the piece begins in the message. */
  read(piece: string, from: number, base: number): BodyEnd {
    for (let at = from; at < piece.length; at++) {
      if (this.#escaped) {
        this.#escaped = false;
        continue;
      }
      const code = piece.charCodeAt(at);
      if (code === quote) this.#inString = !this.#inString;
      else if (code === backslash) this.#escaped = this.#inString;
      else if (code === lessThan) {
        const tag = tagAt(piece, at, this.#inString ? this.#insideTags : this.#closers);
        if (tag === 'partial') return { kind: 'more', at };
        if (tag === undefined) continue;
        if (!this.#inString) {
          const foreign = outsideTags.some((outside) => outside === tag);
          return foreign ? { kind: 'broken', at } : { kind: 'closed', at, tag };
        }
        if (tag === thinkClose) this.thinkInString ??= base + at;
        else this.closeInString ??= { at: base + at, tag };
      }
    }
    return { kind: 'more', at: piece.length };
  }
}

const parameterTags = ['</parameter>', '</function>', thinkClose] as const;
const afterParameterTags = [...parameterTags, '<parameter=', '</tool_call>'] as const;

/** Reads the `<parameter=…>` elements of one call, in pieces. A value may hold any tag but the end of its own. */
export class ParameterBody {
  #afterValue = false;
  closeInString: { readonly at: number; readonly tag: string } | undefined;
  thinkInString: number | undefined;

  /** Whether the text so far ends inside of a value. */
  get isInString(): boolean {
    return !this.#afterValue;
  }

  read(piece: string, from: number, base: number): BodyEnd {
    for (let at = from; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code !== lessThan) {
        if (this.#afterValue && !isBlank(code)) this.#afterValue = false;
        continue;
      }
      const tag = tagAt(piece, at, this.#afterValue ? afterParameterTags : parameterTags);
      if (tag === 'partial') return { kind: 'more', at };
      if (this.#afterValue && (tag === '</function>' || tag === '</tool_call>')) return { kind: 'closed', at, tag };
      if (tag === '</function>') this.closeInString ??= { at: base + at, tag };
      if (tag === thinkClose) this.thinkInString ??= base + at;
      this.#afterValue = tag === '</parameter>';
      if (tag !== undefined) at += tag.length - 1;
    }
    return { kind: 'more', at: piece.length };
  }
}
