/** A few lines of a file of any size, without holding more of it than those: for files too large to be read whole. */
import type { FileHandle } from 'node:fs/promises';

const newline = 10;
const chunkBytes = 1_000_000;

export interface ScannedLines {
  /** From the first that was asked for; each at most so many bytes that its first characters are whole. */
  readonly lines: readonly string[];
  /** Whether the scan ended at its limit of bytes, before the lines that were asked for. */
  readonly gaveUp: boolean;
}

/** Lines from `first` to `last` (from 1), until their characters are more than `maxChars`; scans `maxBytes` at most. */
export async function scanLines(
  handle: FileHandle,
  limits: {
    readonly first: number;
    readonly last: number;
    readonly from: number;
    readonly maxChars: number;
    readonly maxLineChars: number;
    readonly maxBytes: number;
  },
  signal: AbortSignal,
): Promise<ScannedLines> {
  const keptBytes = (limits.maxLineChars + 1) * 4;
  const lines: string[] = [];
  let parts: Buffer[] = [];
  let [number, size, chars, position] = [1, 0, 0, limits.from];
  const take = (piece: Buffer) => {
    if (number < limits.first || size >= keptBytes) return;
    // Chunks are used again: what is kept is copied.
    parts.push(Buffer.from(piece.subarray(0, keptBytes - size)));
    size += piece.length;
  };
  const end = () => {
    if (number >= limits.first) {
      const line = lineText(Buffer.concat(parts)).slice(0, limits.maxLineChars + 1);
      lines.push(line);
      chars += line.length;
    }
    [parts, size] = [[], 0];
    number++;
    return number > limits.last || chars > limits.maxChars;
  };
  const chunk = Buffer.alloc(chunkBytes);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const piece = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, start)) {
      take(piece.subarray(start, at));
      start = at + 1;
      if (end()) return { lines, gaveUp: false };
    }
    take(piece.subarray(start));
    if (position - limits.from >= limits.maxBytes) return { lines, gaveUp: true };
  }
  if (size > 0) end();
  return { lines, gaveUp: false };
}

/** UTF-8, or Windows-1252 where it is none; half a character at a cut end does not count. */
function lineText(bytes: Buffer): string {
  const line = bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(line);
  }
}
