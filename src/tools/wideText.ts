/** Text of two or four bytes a character: how its bytes tell it, and how four are read. */

/** UTF-16 without a mark, only where it is sure: nearly every other byte is zero, the rest are zero never, and all is printable. */
export function unmarkedUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const units = Math.floor(head.length / 2);
  const zeros = [0, 0];
  for (let at = 0; at < units * 2; at++) if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const charset = even === 0 ? 'utf-16le' : 'utf-16be';
  if (units < 8 || (even > 0 && odd > 0) || Math.max(even, odd) < 0.8 * units) return undefined;
  const text = new TextDecoder(charset).decode(head.subarray(0, units * 2));
  return /[\0-\x08\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]/.test(text.slice(0, -1)) ? undefined : charset;
}

/** UTF-32 with a mark. */
export function markedUtf32(bytes: Uint8Array): 'utf-32le' | 'utf-32be' | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0) return 'utf-32le';
  return first === 0 && second === 0 && third === 0xfe && fourth === 0xff ? 'utf-32be' : undefined;
}

/** What is no character is a replacement character; the mark is left out. */
export function decodeUtf32(bytes: Uint8Array, charset: 'utf-32le' | 'utf-32be'): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: string[] = [];
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, charset === 'utf-32le');
    pieces.push(code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd');
  }
  return pieces.join('');
}
