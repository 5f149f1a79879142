/**
 * File names are bytes. Inside they are strings with a character per byte (latin1), which git's lists and Node's paths
 * turn into and back without loss; a log, a panel and a URI want Unicode.
 */

/** A path relative to its root, '/'-separated, with a character per byte. */
export type ByteName = string;

/** Bytes that are no UTF-8 are shown as these and the 127 after them: characters for private use, so that they can stand in a URI. */
const firstByte = 0xef80;

/** A name as it is shown and logged: UTF-8 where it is that. `bytesOf` gives the name back. */
export function shownName(name: ByteName): string {
  if (isAscii(name)) return name;
  const bytes = Buffer.from(name, 'latin1');
  const text = bytes.toString('utf8');
  const plain = Buffer.from(text).equals(bytes) && !/[\uEF80-\uEFFF]/u.test(text);
  return plain ? text : shownParts(bytes);
}

/** The name that is shown so. */
export function byteName(shown: string): ByteName {
  const parts = Array.from(shown, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const isByte = code >= firstByte && code < firstByte + 128;
    return isByte ? Buffer.from([code - firstByte + 128]) : Buffer.from(character);
  });
  return Buffer.concat(parts).toString('latin1');
}

/** Whether every character is a byte of its own in every encoding. */
export function isAscii(name: string): boolean {
  return /^[\x00-\x7f]*$/.test(name);
}

/** Where a name is, for Node. */
export function placeOf(folder: string, name: ByteName): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
}

/** A list of names as git reads and writes it with `-z`. */
export function zeroEnded(names: readonly ByteName[]): Buffer {
  return Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
}

/** The parts of git's output with `-z`. */
export function parts(output: Buffer): string[] {
  const all = output.toString('latin1').split('\0');
  all.pop();
  return all;
}

/** The folders above a name, deepest first, without the root. */
export function foldersAbove(name: ByteName): ByteName[] {
  const folders: ByteName[] = [];
  for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) folders.push(name.slice(0, end));
  return folders;
}

function shownParts(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const part = bytes.subarray(at, at + length);
    const character = part.toString('utf8');
    const whole = Buffer.from(character).equals(part) && !/[\uEF80-\uEFFF]/u.test(character);
    text += whole ? character : String.fromCharCode(firstByte + first - 128);
    at += whole ? length : 1;
  }
  return text;
}
