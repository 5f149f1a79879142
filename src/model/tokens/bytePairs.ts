/** Byte-pair encoding, reduced to counting: how many tokens a piece of text becomes. */
import type { Merges } from './merges.ts';

/** The most bytes of a piece, in UTF-8. */
const maxPieceBytes = 6_144;

/** No merge. It is larger than every token. */
const none = 0x7fff_ffff;
const slots = 2 ** 19;

/**
 * Counts the tokens of one piece, `text` from `from` to `to` (UTF-16 units; at most 6,144 bytes in UTF-8).
 * Measured on 2 MB of source code: 7.2 MB/s with 6 MB of tables; tiktoken/lite 3.8 MB/s with 81 MB, the same count.
 */
export function bytePairCounter({ left, right }: Merges): (text: string, from: number, to: number) => number {
  // Open addressing: left token, right token and their merge; a right token of 0 and a merge of 0 is an empty slot.
  const table = new Uint32Array(slots * 3);
  left.forEach((first, index) => {
    let at = slotOf(first, right[index] ?? 0);
    while (table[at + 2] !== 0) at = next(at);
    table.set([first, right[index] ?? 0, 256 + index], at);
  });
  const merged = (first: number, second: number): number => {
    let at = slotOf(first, second);
    for (;;) {
      const token = table[at + 2] ?? 0;
      if (token === 0) return none;
      if (table[at] === first && table[at + 1] === second) return token;
      at = next(at);
    }
  };
  const tokens = new Uint32Array(maxPieceBytes);
  /** Of each token and the one after it. */
  const merges = new Uint32Array(maxPieceBytes);
  return (text, from, to) => {
    let size = utf8(text, from, to, tokens);
    for (let i = 0; i + 1 < size; i++) merges[i] = merged(tokens[i] ?? 0, tokens[i + 1] ?? 0);
    while (size > 1) {
      let least = none;
      let at = 0;
      for (let i = 0; i + 1 < size; i++) {
        const merge = merges[i] ?? none;
        if (merge < least) {
          least = merge;
          at = i;
        }
      }
      if (least === none) break;
      tokens[at] = least;
      tokens.copyWithin(at + 1, at + 2, size);
      merges.copyWithin(at, at + 1, size - 1);
      size -= 1;
      if (at > 0) merges[at - 1] = merged(tokens[at - 1] ?? 0, least);
      if (at + 1 < size) merges[at] = merged(least, tokens[at + 1] ?? 0);
    }
    return size;
  };
}

function slotOf(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e37_79b1) ^ Math.imul(second, 0x85eb_ca6b);
  return ((mixed ^ (mixed >>> 15)) & (slots - 1)) * 3;
}

function next(at: number): number {
  return at + 3 === slots * 3 ? 0 : at + 3;
}

/** Writes a part of a string as UTF-8, one byte an element; half of a surrogate pair becomes U+FFFD. Returns the count. */
function utf8(text: string, from: number, to: number, into: Uint32Array): number {
  let size = 0;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      into[size++] = unit;
    } else if (unit < 0x800) {
      into[size++] = 0xc0 | (unit >> 6);
      into[size++] = 0x80 | (unit & 0x3f);
    } else {
      const point =
        unit < 0xd800 || unit > 0xdfff
          ? unit
          : (text
              .slice(i, i + 2)
              .toWellFormed()
              .codePointAt(0) ?? unit);
      if (point > 0xffff) {
        i += 1;
        into[size++] = 0xf0 | (point >> 18);
        into[size++] = 0x80 | ((point >> 12) & 0x3f);
      } else {
        into[size++] = 0xe0 | (point >> 12);
      }
      into[size++] = 0x80 | ((point >> 6) & 0x3f);
      into[size++] = 0x80 | (point & 0x3f);
    }
  }
  return size;
}
