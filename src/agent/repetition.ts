/** Text that runs in circles, found while it arrives: each character costs the same, however long the text is. */

/** The rule's length (agent-protocol: sampling): repeats are looked for by their last 50 characters. */
const gramLength = 50;
/** The longest stretch that is recognised when it comes again, in characters. */
const maxPeriod = 4_000;
/** More than `maxPeriod + gramLength`, and a power of two. */
const historyLength = 8_192;
const newest = historyLength - 1;

/**
 * How long one and the same stretch must repeat without a break until it is a circle: in all, and how often. The reference's
 * rule, 5 repeats of 50 characters anywhere, would also end tables, rows of JSON and code. Prose says nothing twice in a
 * row; rows of data or code may; zeros, blanks and lines drawn of one character may go on for a screen.
 */
const limits = {
  prose: { chars: 500, times: 8, timesWhenLong: 4 },
  rows: { chars: 2_000, times: 12, timesWhenLong: 6 },
  filler: { chars: 4_000, times: 20, timesWhenLong: 20 },
} as const;
/** A stretch from this length on is a paragraph: it need not come as often. */
const longPeriod = 200;

/** Where a word changes in between ("Step 7: …"): 50 characters of sentences this often, this close together, over this length. */
const dense = { times: 20, maxGap: 300, chars: 2_000 } as const;

/** Whether a text runs in circles where it ends. A text that found its way out does not. */
export function isDegenerate(text: string): boolean {
  const watch = new RepetitionWatch();
  watch.push(text.trimEnd().slice(-4 * historyLength));
  return watch.isCircling;
}

const base = 257;
const leaving = power(base, gramLength);
const slotBits = 13;
/** Watches one text that arrives in pieces; the pieces' boundaries change nothing. */
export class RepetitionWatch {
  readonly #history = new Uint16Array(historyLength);
  /** Four numbers a slot: a hash, where its stretch ended last (from 1), how often it came again nearby, and since where. */
  readonly #table = new Int32Array(4 << slotBits);
  #length = 0;
  #hash = 0;
  /** The distance to the same text before, and for how many characters it has been the same; 0 for none. */
  #period = 0;
  #same = 0;
  #needed = Infinity;
  #isJudged = false;
  /** The end of the last stretch of sentences that came too often. */
  #denseEnd = -Infinity;

  /** Reads on; gives back the first place in the whole text where a circle was plain, if it is in this piece. */
  push(piece: string): number | undefined {
    const history = this.#history;
    let hash = this.#hash;
    let first: number | undefined;
    for (let index = 0; index < piece.length; index++) {
      const code = piece.charCodeAt(index);
      const at = this.#length++;
      // What was never written is 0 and changes no hash.
      const left = history[(at - gramLength) & newest] ?? 0;
      history[at & newest] = code;
      hash = (Math.imul(hash, base) + code - Math.imul(left, leaving)) | 0;
      if (this.#period > 0) {
        if (history[(at - this.#period) & newest] === code) this.#same++;
        else this.#forget();
      }
      if (at >= gramLength) this.#remember(hash);
      if (this.#denseEnd === this.#length || this.#isCircle()) first ??= at;
    }
    this.#hash = hash;
    return first;
  }

  /** Whether the text so far ends in a circle. */
  get isCircling(): boolean {
    return this.#isCircle() || this.#length - this.#denseEnd < dense.maxGap;
  }

  #forget(): void {
    this.#period = 0;
    this.#same = 0;
    this.#needed = Infinity;
  }

  #remember(hash: number): void {
    const table = this.#table;
    const slot = (Math.imul(hash, 0x9e3779b1) >>> (32 - slotBits)) << 2;
    const length = this.#length;
    const end = table[slot] === hash ? (table[slot + 1] ?? 0) : 0;
    const distance = end > 0 ? length - end : Infinity;
    if (distance <= maxPeriod && (this.#period === 0 || distance < this.#period)) this.#isAgain(distance);
    table[slot] = hash;
    table[slot + 1] = length;
    if (distance > dense.maxGap) {
      table[slot + 2] = 1;
      table[slot + 3] = length;
      return;
    }
    const times = (table[slot + 2] ?? 0) + 1;
    table[slot + 2] = times;
    if (times < dense.times || length - (table[slot + 3] ?? 0) < dense.chars) return;
    if (isSentence(this.#tail(gramLength))) this.#denseEnd = length;
  }

  /** The last 50 characters seem to have stood there at this distance. */
  #isAgain(distance: number): void {
    const last = this.#length - 1;
    for (let back = 0; back < gramLength; back++) {
      if (this.#char(last - back) !== this.#char(last - back - distance)) return;
    }
    this.#period = distance;
    this.#same = gramLength;
    this.#needed = neededFor('prose', distance);
    this.#isJudged = false;
  }

  /** What kind of text it is costs more to know, so it is asked only once the least was reached. */
  #isCircle(): boolean {
    if (this.#same < this.#needed) return false;
    if (!this.#isJudged) this.#needed = neededFor(kindOf(this.#tail(Math.min(this.#period, 256))), this.#period);
    this.#isJudged = true;
    return this.#same >= this.#needed;
  }

  #char(at: number): number {
    return this.#history[at & newest] ?? 0;
  }

  #tail(length: number): string {
    const from = this.#length - length;
    return String.fromCharCode(...Array.from({ length }, (_, index) => this.#char(from + index)));
  }
}

/** How many characters must be the same at a distance. */
function neededFor(kind: keyof typeof limits, period: number): number {
  const { chars, times, timesWhenLong } = limits[kind];
  return Math.max(chars, (period >= longPeriod ? timesWhenLong : times) * period) - period;
}

function kindOf(sample: string): keyof typeof limits {
  const letters = sample.match(/\p{L}/gu) ?? [];
  if (new Set(letters).size < 2) return 'filler';
  const words = sample.match(/[\p{L}\p{M}\s.,!?'’:。，！？、-]/gu) ?? [];
  return words.length >= 0.92 * sample.length && letters.length >= sample.length / 2 ? 'prose' : 'rows';
}

/** Whether a stretch is of sentences: words with one space between them, or a script without spaces, and nothing else. */
function isSentence(sample: string): boolean {
  if (!/^[\p{L}\p{M} .,!?'’;。，！？、]+$/u.test(sample) || sample.includes('  ')) return false;
  const words = sample.trim().split(' ');
  return words.length >= 6 || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{5}/u.test(sample);
}

function power(of: number, exponent: number): number {
  let value = 1;
  for (let times = 0; times < exponent; times++) value = Math.imul(value, of);
  return value;
}
