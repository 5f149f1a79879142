/** Terminal output as a person would read it afterwards: no escape sequences, no overwritten progress. */

/** Longest line that is held; beyond it the line is passed on in parts, and an earlier part can't be overwritten. */
const maxLineChars = 65_536;
/** Longest run of an escape sequence's parameters that is believed. */
const maxParameterChars = 64;
const tabWidth = 8;

type State = 'text' | 'escape' | 'designate' | 'csi' | 'string' | 'stringEscape';

/**
 * Reads chunks and gives back the lines that are final, each with its newline. Chunks may be cut anywhere. What a
 * carriage return, a backspace or an erase-in-line overwrote is gone; movement to other lines is ignored.
 */
export class PlainText {
  readonly #line = new Uint16Array(maxLineChars);
  readonly #bytes = Buffer.from(this.#line.buffer);
  #length = 0;
  #column = 0;
  #state: State = 'text';
  #parameters = '';
  #out = '';

  push(chunk: string): string {
    for (let index = 0; index < chunk.length;) {
      const lines =
        this.#state === 'text' && this.#length + this.#column === 0 ? matchAt(plainLines, chunk, index) : '';
      if (lines !== '') {
        this.#out += lines.includes('\r') ? lines.replaceAll('\r', '') : lines;
        index += lines.length;
        continue;
      }
      const passed = this.#state === 'text' ? this.#putRun(chunk, index) + colourAt(chunk, index) : 0;
      if (passed === 0) this.#read(chunk.charCodeAt(index));
      index += Math.max(1, passed);
    }
    return this.#take();
  }

  /** The line that has no newline yet. */
  end(): string {
    this.#out += this.#lineText();
    this.#length = this.#column = 0;
    return this.#take();
  }

  #read(code: number): void {
    if (code === 0x1b) {
      this.#state = this.#state === 'string' ? 'stringEscape' : 'escape';
      return;
    }
    switch (this.#state) {
      case 'text':
        this.#text(code);
        return;
      case 'escape':
        this.#escape(code);
        return;
      case 'designate':
        this.#state = 'text';
        return;
      case 'csi':
        this.#csi(code);
        return;
      case 'string':
        if (code === 0x07 || code === 0x9c || code === 0x0a) this.#state = 'text';
        return;
      case 'stringEscape':
        // ESC \ ends the string; anything else after an ESC means that the string was cut off.
        this.#state = 'text';
        if (code !== 0x5c) this.#escape(code);
        return;
    }
  }

  #text(code: number): void {
    if ((code >= 0x20 && code < 0x7f) || code >= 0xa0) this.#put(code);
    else if (code === 0x0a) this.#newline();
    else if (code === 0x0d) this.#column = 0;
    else if (code === 0x08) this.#column = Math.max(0, this.#column - 1);
    else if (code === 0x09) this.#tab();
    else if (code === 0x9b) this.#startCsi();
  }

  #escape(code: number): void {
    this.#state = 'text';
    if (code === 0x5b) this.#startCsi();
    else if (code === 0x5d || code === 0x50 || code === 0x58 || code === 0x5e || code === 0x5f) this.#state = 'string';
    else if (code >= 0x20 && code <= 0x2f) this.#state = 'designate';
    else if (code === 0x0a || code === 0x0d) this.#text(code);
  }

  #startCsi(): void {
    this.#state = 'csi';
    this.#parameters = '';
  }

  #csi(code: number): void {
    if (code >= 0x20 && code <= 0x3f && this.#parameters.length < maxParameterChars) {
      this.#parameters += String.fromCharCode(code);
      return;
    }
    this.#state = 'text';
    if (code >= 0x40 && code <= 0x7e) this.#control(String.fromCharCode(code));
    else this.#text(code);
  }

  #control(final: string): void {
    const given = /^\d+$/.test(this.#parameters) ? Number(this.#parameters) : undefined;
    if (final === 'K' && (given ?? 0) === 0) this.#length = Math.min(this.#length, this.#column);
    else if (final === 'K' && given === 2) this.#length = 0;
    else if (final === 'G') this.#moveTo((given ?? 1) - 1);
    else if (final === 'C') this.#moveTo(this.#column + (given ?? 1));
    else if (final === 'D') this.#moveTo(this.#column - (given ?? 1));
  }

  #moveTo(column: number): void {
    this.#column = Math.min(Math.max(0, column), maxLineChars - 1);
  }

  #put(code: number): void {
    if (this.#column > this.#length) this.#line.fill(0x20, this.#length, this.#column);
    this.#line[this.#column] = code;
    this.#column++;
    if (this.#column > this.#length) this.#length = this.#column;
    if (this.#column < maxLineChars) return;
    this.#out += this.#lineText();
    this.#length = this.#column = 0;
  }

  /** The same for all characters at an index that stand in a line as they are; says how many. */
  #putRun(chunk: string, index: number): number {
    if (this.#column > this.#length) return 0;
    const line = this.#line;
    let column = this.#column;
    let at = index;
    // The last column is left to `put`, which passes a full line on.
    for (; at < chunk.length && column < maxLineChars - 1; at++) {
      const code = chunk.charCodeAt(at);
      if (code < 0x20 || (code >= 0x7f && code < 0xa0)) break;
      line[column++] = code;
    }
    this.#column = column;
    if (column > this.#length) this.#length = column;
    return at - index;
  }

  /** A tab stays a tab where nothing is overwritten, so that tables and Makefiles stay what they are. */
  #tab(): void {
    if (this.#column >= this.#length) this.#put(0x09);
    else this.#moveTo(this.#column + tabWidth - (this.#column % tabWidth));
  }

  #newline(): void {
    this.#out += `${this.#lineText()}\n`;
    this.#length = this.#column = 0;
  }

  #lineText(): string {
    return this.#bytes.toString('utf16le', 0, this.#length * 2);
  }

  #take(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }
}

/** Whole lines that hold nothing to interpret: most output is that. */
const plainLines = /(?:[\t\x20-\x7e\u00a0-\uffff]*\r?\n)+/y;
/** Colours: the most common sequence by far. */
const colour = /\x1b\[[\d;:]{0,32}m/y;

function colourAt(chunk: string, index: number): number {
  return chunk.charCodeAt(index) === 0x1b ? matchAt(colour, chunk, index).length : 0;
}

function matchAt(pattern: RegExp, chunk: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(chunk)?.[0] ?? '';
}
