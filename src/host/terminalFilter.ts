/** What programs write, made safe to show: drawing stays, and whatever makes a terminal answer, act or remember goes. */

type State = 'text' | 'escape' | 'designation' | 'csi' | 'string' | 'stringEscape';

/** What is no plain text, tabs, line ends, backspaces and bells apart. */
const special = /[\0-\x06\x0b-\x0c\x0e-\x1f\x7f-\x9f]/g;
/** Controls that a string or sequence begins with, as one character and as what it stands for behind an escape. */
const c1 = new Map([
  [0x90, 'P'],
  [0x98, 'X'],
  [0x9b, '['],
  [0x9d, ']'],
  [0x9e, '^'],
  [0x9f, '_'],
]);
/** Moves, erasing, inserting, colours, the scrolling region. */
const drawing = /^(?:[\d;:]{0,48}[@A-HJ-MPSTXZ`adefmrsu]|\d{0,4}b|\?[012]?[JK]|[0-6]? q|[03]?g|4[hl])$/;
/** Modes of a screen that are put back when a call ends; see `calm`. Not the origin mode: taking it back moves the cursor. */
const modes = /^\?(?:(?:1|7|9|12|25|45|47|66|1000|1002|1003|1004|1006|1015|1016|1047|1048|1049|2004);?)+[hl]$/;
/** Escapes of two characters that only draw. */
const drawingEscapes = '78DEHM=>';
/** Behind `#`, and behind the characters that designate a character set. */
const designated = /^(?:#[3-68]|[()*+][0AB])$/;
const link = /^8;[^;]*;(?:(?:https?|file|mailto):[\x20-\x7e\xa0-\uffff]*)?$/;
const maxSequenceChars = 64;
const maxStringChars = 4096;

/** Chunks may be cut anywhere; a sequence is passed on once it is whole. */
export class TerminalFilter {
  #state: State = 'text';
  #held = '';
  #opener = '';

  push(chunk: string): string {
    let out = '';
    for (let index = 0; index < chunk.length;) {
      if (this.#state !== 'text') {
        out += this.#read(chunk.charAt(index++));
        continue;
      }
      special.lastIndex = index;
      const at = special.exec(chunk)?.index ?? chunk.length;
      out += chunk.slice(index, at);
      if (at < chunk.length) out += this.#read(chunk.charAt(at));
      index = at + 1;
    }
    return out;
  }

  /** Forgets a sequence that was never finished. */
  reset(): void {
    this.#state = 'text';
    this.#held = '';
  }

  #read(character: string): string {
    const code = character.charCodeAt(0);
    // These end whatever was begun.
    if (code === 0x18 || code === 0x1a) return this.#to('text');
    switch (this.#state) {
      case 'text':
        return this.#text(character, code);
      case 'escape':
        return this.#escape(character);
      case 'designation':
        this.reset();
        return designated.test(this.#opener + character) ? `\x1b${this.#opener}${character}` : '';
      case 'csi':
        return this.#csi(character, code);
      case 'string':
        return this.#string(character, code);
      case 'stringEscape':
        return character === '\\' ? this.#stringEnd() : this.#escape(character);
    }
  }

  #text(character: string, code: number): string {
    if (code === 0x1b) return this.#to('escape');
    const opener = c1.get(code);
    if (opener !== undefined) return this.#escape(opener);
    return code >= 0x0b && code <= 0x0f ? character : '';
  }

  #escape(character: string): string {
    this.#held = '';
    this.#opener = character;
    if (character === '\x1b') return this.#to('escape');
    if (character === '[') return this.#to('csi');
    if (character !== '' && ']PX^_'.includes(character)) return this.#to('string');
    if (/^[\x20-\x2f]$/.test(character)) return this.#to('designation');
    this.reset();
    if (/^[\n\r\t]$/.test(character)) return character;
    return drawingEscapes.includes(character) ? `\x1b${character}` : '';
  }

  #csi(character: string, code: number): string {
    if (code === 0x1b) return this.#to('escape');
    // Controls within a sequence are carried out at once.
    if (code < 0x20) return /[\n\r\t\b]/.test(character) ? character : '';
    if (this.#held.length < maxSequenceChars) this.#held += character;
    if (code < 0x40) return '';
    const sequence = this.#held;
    this.reset();
    return drawing.test(sequence) || modes.test(sequence) ? `\x1b[${sequence}` : '';
  }

  #string(character: string, code: number): string {
    if (code === 0x1b) return this.#to('stringEscape');
    if (code === 0x07 || code === 0x9c) return this.#stringEnd();
    // One that never ends must not swallow the rest.
    if (code === 0x0a || code === 0x0d) return this.#to('text', character);
    if (this.#held.length <= maxStringChars) this.#held += character;
    return '';
  }

  #stringEnd(): string {
    const [opener, text] = [this.#opener, this.#held];
    this.reset();
    return opener === ']' && text.length <= maxStringChars && link.test(text) ? `\x1b]${text}\x1b\\` : '';
  }

  #to(state: State, out = ''): string {
    this.#state = state;
    return out;
  }
}

/** What a terminal answers by itself: where the cursor is, what it is, its colours, its size. */
const answers = /\x1b\[[?>=]?[\d;]*\$?[Rcntuxy]|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\|$)|[\x80-\x9f]/g;

/** What a person typed, without what only a terminal would say: nobody has asked it anything. */
export function typedOnly(input: string): string {
  return input.replace(answers, '');
}
