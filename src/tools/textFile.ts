/** Bytes ↔ text: UTF-8 and UTF-16 with or without a mark, Windows-1252 as the last resort, and what is no text. */
import { ToolError } from '../agent/errors.ts';
import { formatBytes } from '../shared/quantities.ts';

export type Encoding = 'utf-8' | 'utf-8 with BOM' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A text and how it was written. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

/** Bytes looked at to tell text from anything else. */
const headBytes = 8_192;

/** The encoding that a file's first bytes speak for. Throws ToolError when they are no text. */
export function encodingOf(head: Uint8Array, shown: string, sizeBytes: number): Encoding {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return 'utf-8 with BOM';
  if (startsWith(head, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(head, [0xfe, 0xff])) return 'utf-16be';
  const magic = binaryKinds.find(([bytes]) => startsWith(head, bytes));
  if (magic || head.subarray(0, headBytes).includes(0)) {
    const kind = magic ? `a binary file (${magic[1]})` : 'a binary file';
    const advice = 'read_file shows text only; look into it with run_python_code or a command.';
    throw new ToolError(`${shown} is ${kind}, ${formatBytes(sizeBytes)}. ${advice}`);
  }
  return 'utf-8';
}

/** Decodes a whole file. Bytes that are no UTF-8 are read as Windows-1252. Throws ToolError when it is no text. */
export function decodeText(bytes: Uint8Array, shown: string): DecodedText {
  const encoding = encodingOf(bytes.subarray(0, headBytes), shown, bytes.length);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    return { text: new TextDecoder(encoding).decode(bytes), encoding };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

/** The bytes of a text in the encoding that it had. Throws ToolError where it cannot be written so. */
export function encodeText({ text, encoding }: DecodedText, shown: string): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8 with BOM':
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]);
    case 'utf-16le':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    case 'utf-16be':
      return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
    case 'windows-1252':
      throw new ToolError(
        `${shown} is not in UTF-8, so edit_file cannot write it back unharmed. Convert it first (iconv -f WINDOWS-1252 -t UTF-8), or change it with run_python_code.`,
      );
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

const ascii = (text: string) => Array.from(Buffer.from(text, 'latin1'));
const binaryKinds: readonly (readonly [bytes: readonly number[], kind: string])[] = [
  [ascii('%PDF-'), 'PDF'],
  [ascii('\x89PNG'), 'PNG image'],
  [ascii('\xff\xd8\xff'), 'JPEG image'],
  [ascii('GIF8'), 'GIF image'],
  [ascii('PK\x03\x04'), 'ZIP archive or Office document'],
  [ascii('\x1f\x8b'), 'gzip archive'],
  [ascii('BZh'), 'bzip2 archive'],
  [ascii('\xfd7zXZ'), 'xz archive'],
  [ascii('\x28\xb5\x2f\xfd'), 'zstd archive'],
  [ascii('\x7fELF'), 'program'],
  [ascii('SQLite format 3'), 'SQLite database'],
];
