/** Bytes → text: which charset they are in, and what it makes of them. */
import { TextDecoder } from 'node:util';
import { analyse } from 'chardet';
import { decodeUtf32, markedUtf32, unmarkedUtf16 } from '../wideText.ts';

/** Text, its charset, and whether that was guessed. */
export interface Decoded {
  readonly text: string;
  readonly charset: string;
  readonly guessed: boolean;
}

/** What a page or an XML file says of itself lies in its beginning. */
const headBytes = 4096;

/** A mark at the beginning goes before what a server says, that before what the page says; then UTF-8 if it fits, then a guess. */
export function decodeText(bytes: Uint8Array, told?: string): Decoded {
  const widest = markedUtf32(bytes);
  if (widest) return { text: decodeUtf32(bytes, widest), charset: widest, guessed: false };
  const mark = markOf(bytes);
  const head = Buffer.from(bytes.subarray(0, headBytes)).toString('latin1');
  const said = [
    mark,
    wideCharset(bytes),
    told,
    /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1],
    /^<\?xml[^>]+encoding=["']([\w-]+)/.exec(head)?.[1],
  ];
  for (const charset of said) {
    const decoder = charset === undefined ? undefined : decoderFor(charset);
    if (!decoder) continue;
    const text = decoder.decode(bytes);
    // Servers say ISO-8859-1 or UTF-8 of everything: what does not fit is no UTF-8, and what fits as UTF-8 is hardly by chance.
    if (charset === mark || !isMistaken(decoder.encoding, text, bytes))
      return { text, charset: decoder.encoding, guessed: false };
  }
  const utf8 = decodeStrictly(bytes);
  if (utf8 !== undefined) return { text: utf8, charset: 'utf-8', guessed: false };
  const best = analyse(bytes.subarray(0, 65_536)).find(({ name }) => decoderFor(name));
  const decoder = decoderFor(best?.name ?? 'windows-1252') ?? new TextDecoder('windows-1252');
  return { text: decoder.decode(bytes), charset: decoder.encoding, guessed: true };
}

/** Whether bytes are text in some charset: hardly any control characters. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 8192);
  if ((markedUtf32(head) ?? markOf(head) ?? wideCharset(head)) !== undefined) return true;
  let odd = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) odd += 1;
  }
  return odd <= head.length / 50;
}

function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** UTF-16 without a mark; of little text every other byte is zero, and the others are ASCII. */
function wideCharset(bytes: Uint8Array): string | undefined {
  const sure = unmarkedUtf16(bytes.subarray(0, 8192));
  if (sure) return sure;
  const head = bytes.subarray(0, 64);
  if (head.length < 8) return undefined;
  const plain = (from: number) => head.every((byte, at) => (at % 2 === from ? byte >= 9 && byte < 127 : byte === 0));
  if (plain(0)) return 'utf-16le';
  return plain(1) ? 'utf-16be' : undefined;
}

function isMistaken(charset: string, text: string, bytes: Uint8Array): boolean {
  if (charset === 'utf-8') return (text.match(/\uFFFD/g)?.length ?? 0) > 2 + text.length / 2000;
  if (charset === 'utf-16le' || charset === 'utf-16be') return bytes.subarray(0, 200).every((byte) => byte !== 0);
  return charset === 'windows-1252' && bytes.some((byte) => byte >= 0x80) && decodeStrictly(bytes) !== undefined;
}

/** A character that is cut off at the end is no fault. */
function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

function decoderFor(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}
