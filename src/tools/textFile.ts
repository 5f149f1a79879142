/** Bytes ↔ text: UTF-8 and UTF-16 with or without a mark, Windows-1252 as the last resort, and what is no text. */
import { ToolError } from '../agent/errors.ts';
import { formatBytes } from '../shared/quantities.ts';
import { binaryKind } from './binaryKinds.ts';
import { markedUtf32, unmarkedUtf16 } from './wideText.ts';

export type Encoding =
  | 'utf-8'
  | 'utf-8 with BOM'
  | 'utf-16le'
  | 'utf-16be'
  | 'utf-16le without BOM'
  | 'utf-16be without BOM'
  | 'windows-1252';

/** A text and how it was written. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
}

/** Bytes looked at to tell text from anything else. */
export const headBytes = 8_192;

/** The encoding that a file's first bytes speak for. Throws ToolError when they are no text. */
export function encodingOf(head: Uint8Array, shown: string, sizeBytes: number): Encoding {
  const start = head.subarray(0, headBytes);
  if (markedUtf32(start)) {
    throw new ToolError(`${shown} is in UTF-32. Convert it with a command first: iconv -f UTF-32 -t UTF-8.`);
  }
  if (startsWith(start, [0xef, 0xbb, 0xbf])) return 'utf-8 with BOM';
  if (startsWith(start, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(start, [0xfe, 0xff])) return 'utf-16be';
  const kind = binaryKind(start);
  const unmarked = kind === undefined && start.includes(0) ? unmarkedUtf16(start) : undefined;
  if (unmarked) return `${unmarked} without BOM`;
  if (kind !== undefined || start.includes(0)) {
    const what = kind === undefined ? 'a binary file' : `a binary file (${kind})`;
    const advice = 'read_file shows text only; look into it with run_python_code or a command.';
    throw new ToolError(`${shown} is ${what}, ${formatBytes(sizeBytes)}. ${advice}`);
  }
  return 'utf-8';
}

/** Decodes a whole file. Bytes that are no UTF-8 are read as Windows-1252. Throws ToolError when it is no text. */
export function decodeText(bytes: Uint8Array, shown: string): DecodedText {
  const encoding = encodingOf(bytes, shown, bytes.length);
  if (encoding.startsWith('utf-16')) {
    if (bytes.length % 2 === 1) throw new ToolError(`${shown} begins like UTF-16 but has half a character at its end.`);
    return { text: new TextDecoder(encoding.slice(0, 8)).decode(bytes), encoding };
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
      return Buffer.from(`\ufeff${text}`);
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'utf-16le without BOM':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be without BOM':
      return Buffer.from(text, 'utf16le').swap16();
    case 'windows-1252':
      return encodeWindows1252(text, shown);
  }
}

/** Every byte is a character there, so that what is not edited stays as it was, whatever the encoding really is. */
function encodeWindows1252(text: string, shown: string): Uint8Array {
  const chars = new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  const byteOf = new Map(Array.from(chars, (char, byte) => [char, byte]));
  return Uint8Array.from(Array.from(text), (char) => {
    const byte = byteOf.get(char);
    if (byte !== undefined) return byte;
    const advice = 'Convert the file first with a command: iconv -f WINDOWS-1252 -t UTF-8.';
    throw new ToolError(`${shown} is not in UTF-8; as Windows-1252 it cannot hold "${char}". ${advice}`);
  });
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}
