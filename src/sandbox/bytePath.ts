/**
 * Paths as the bytes that they are: a string with one character a byte. A name need not be UTF-8, and one that is not must
 * not be lost.
 */

/** A text's bytes, one character each. */
export function toBytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Bytes as a text; what is no UTF-8 becomes U+FFFD. */
export function toText(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Whether bytes can be said as a text at all. */
export function isText(bytes: string): boolean {
  return isAscii(bytes) || toBytes(toText(bytes)) === bytes;
}

/** What node:fs takes for these bytes. */
export function toSystem(bytes: string): string | Buffer {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1');
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}
