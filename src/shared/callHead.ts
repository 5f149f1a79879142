/** The head of a call, from its opening tag to where its body begins. */
import { isBlank, tagAt, type CallOpening } from './callTags.ts';
import type { CallForm, Span } from './replyScan.ts';

/** What was met: `at` is where the body begins, the closing tag stands, or what no head has. */
export interface HeadEnd {
  readonly kind: 'json' | 'parameters' | 'empty' | 'broken' | 'more';
  readonly at: number;
}

const mcpTags = ['<server_name>', '<tool_name>', '<arguments>'] as const;
const toolTags = ['<function='] as const;
const functionTags = ['<parameter=', '</function>'] as const;

/** Reads one head in pieces. Offsets are of the pieces; the spans are of the message. */
export class CallHead {
  form: CallForm;
  server: Span | undefined;
  tool: Span | undefined;
  #state: 'mcp' | 'name' | 'tool' | 'functionName' | 'function';
  #nameTag: '<server_name>' | '<tool_name>' = '<tool_name>';
  #nameStart: number;

  /** `start` is where the opening tag ends in the message. */
  constructor(opening: CallOpening, start: number) {
    this.form = opening === '<use_mcp_tool>' ? 'mcp' : opening === '<tool_call>' ? 'json' : 'function';
    this.#state = this.form === 'mcp' ? 'mcp' : this.form === 'json' ? 'tool' : 'functionName';
    this.#nameStart = start;
  }

  /** Reads on from `from`; `base` is where the piece begins in the message. */
  read(piece: string, from: number, base: number): HeadEnd {
    let at = from;
    while (at < piece.length) {
      const next = this.#step(piece, at, base);
      if (typeof next !== 'number') return next;
      at = next;
    }
    return { kind: 'more', at };
  }

  #step(piece: string, from: number, base: number): number | HeadEnd {
    if (this.#state === 'name') return this.#readName(piece, from, base);
    if (this.#state === 'functionName') return this.#readFunctionName(piece, from, base);
    const at = skipBlanks(piece, from);
    if (at === piece.length) return at;
    if (this.#state === 'mcp') return this.#readMcp(piece, at, base);
    // A fence may stand around the object.
    if ('{[`'.includes(piece.charAt(at))) return { kind: 'json', at };
    const tag = tagAt(piece, at, this.#state === 'tool' ? toolTags : functionTags);
    if (tag === 'partial') return { kind: 'more', at };
    if (tag === undefined) return { kind: 'broken', at };
    if (tag === '<parameter=') return { kind: 'parameters', at };
    if (tag === '</function>') return { kind: 'empty', at };
    this.form = 'function';
    this.#state = 'functionName';
    this.#nameStart = base + at + tag.length;
    return at + tag.length;
  }

  #readMcp(piece: string, at: number, base: number): number | HeadEnd {
    const tag = tagAt(piece, at, mcpTags);
    if (tag === 'partial') return { kind: 'more', at };
    if (tag === undefined) return { kind: 'broken', at };
    const end = at + tag.length;
    if (tag === '<arguments>') return { kind: 'json', at: end };
    this.#state = 'name';
    this.#nameTag = tag;
    this.#nameStart = base + end;
    return end;
  }

  #readName(piece: string, from: number, base: number): number | HeadEnd {
    const at = piece.indexOf('<', from);
    if (at < 0) return piece.length;
    const closing = `</${this.#nameTag.slice(1)}`;
    const tag = tagAt(piece, at, [closing]);
    if (tag === 'partial') return { kind: 'more', at };
    if (tag === undefined) return { kind: 'broken', at };
    const span = { start: this.#nameStart, end: base + at };
    if (this.#nameTag === '<server_name>') this.server = span;
    else this.tool = span;
    this.#state = 'mcp';
    return at + closing.length;
  }

  #readFunctionName(piece: string, from: number, base: number): number | HeadEnd {
    for (let at = from; at < piece.length; at++) {
      const char = piece.charAt(at);
      if (char === '<' || char === '\n') return { kind: 'broken', at };
      if (char !== '>') continue;
      this.tool = { start: this.#nameStart, end: base + at };
      this.#state = 'function';
      return at + 1;
    }
    return piece.length;
  }
}

/** The first place from `from` on that is no white space, or the text's end. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}
