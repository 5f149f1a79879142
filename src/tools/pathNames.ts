/**
 * Names of files as text. Inside, a byte that is no UTF-8 is a lone surrogate (0xff is U+DCFF, as in Python); shown, it is
 * `\xff`, as are control characters and what a reader could not see. A shown path means the same file when it is given back.
 */

/** A path as Node's file functions take it. */
export function onDisk(path: string): string | Buffer {
  if (!/[\uDC80-\uDCFF]/u.test(path)) return path;
  const part = (char: string) => {
    const code = char.codePointAt(0) ?? 0;
    return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(char);
  };
  return Buffer.concat(Array.from(path, part));
}

/** Bytes of a path as text. */
export function fromDisk(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return whole;
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const char = decoded(bytes.subarray(at, at + length));
    text += char ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += char === undefined ? 1 : length;
  }
  return text;
}

/** Backslashes that would read as an escape, blanks at the end of a name, control and direction characters, odd bytes. */
const escaped =
  /\\(?=x[0-9a-f]{2})|[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\uDC80-\uDCFF]|(?<=^|\/) | (?=$|\/)/giu;

/** A path as it is shown. */
export function shownName(path: string): string {
  return path.replace(escaped, (char) =>
    Array.from(Buffer.from(onDisk(char)), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** The path that a shown one means; itself where nothing is escaped. */
export function meantName(shown: string): string {
  return shown.replace(/(?:\\x[0-9a-f]{2})+/gi, (run) => fromDisk(Buffer.from(run.replaceAll('\\x', ''), 'hex')));
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
