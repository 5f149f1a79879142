/** A call's whole output as lines, read from wherever it stands and never held whole. */

/** Bytes in order; each reading begins at the front. */
export interface StoredText {
  readonly chunks: () => AsyncIterable<Buffer>;
  readonly close: () => Promise<void>;
}

export interface Measure {
  readonly lines: number;
  readonly bytes: number;
  readonly longestLineBytes: number;
}

/** Lines from the one that was asked for on. */
export interface Page {
  readonly lines: readonly string[];
  /** The line to go on with; undefined where nothing follows. */
  readonly next?: number;
}

const newline = 0x0a;

/** Counts. What follows the last newline is a line where there is something. */
export async function measure(text: StoredText): Promise<Measure> {
  let [lines, bytes, longestLineBytes, lineStart] = [0, 0, 0, 0];
  for await (const chunk of text.chunks()) {
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) {
      lines++;
      longestLineBytes = Math.max(longestLineBytes, bytes + at - lineStart);
      lineStart = bytes + at + 1;
    }
    bytes += chunk.length;
  }
  const rest = bytes - lineStart;
  return { lines: rest > 0 ? lines + 1 : lines, bytes, longestLineBytes: Math.max(longestLineBytes, rest) };
}

/** The bytes from a line on, counted from 1. */
export async function* fromLine(text: StoredText, line: number): AsyncGenerator<Buffer> {
  let before = line - 1;
  for await (const chunk of text.chunks()) {
    let start = 0;
    while (before > 0 && start < chunk.length) {
      const end = chunk.indexOf(newline, start);
      if (end < 0) {
        start = chunk.length;
        break;
      }
      before--;
      start = end + 1;
    }
    if (start < chunk.length) yield chunk.subarray(start);
  }
}

/** Lines from one on, as many as there may be and as fit into so many characters; at least one. */
export async function readPage(
  text: StoredText,
  from: number,
  most: { readonly lines: number; readonly chars: number; readonly lineChars: number },
): Promise<Page> {
  const lines: string[] = [];
  let chars = 0;
  let next: number | undefined;
  for await (const line of linesOf(fromLine(text, from), most.lineChars)) {
    if (lines.length === most.lines || (lines.length > 0 && chars + line.length > most.chars)) {
      next = from + lines.length;
      break;
    }
    lines.push(line);
    chars += line.length + 8;
  }
  return next === undefined ? { lines } : { lines, next };
}

/** Lines without their ends; of a long one its beginning and how long it is. */
async function* linesOf(chunks: AsyncIterable<Buffer>, maxChars: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let kept = 0;
  let size = 0;
  const add = (piece: Buffer) => {
    size += piece.length;
    // A character has 4 bytes at most.
    const part = piece.subarray(0, Math.max(0, 4 * maxChars - kept));
    kept += part.length;
    if (part.length > 0) parts.push(Buffer.from(part));
  };
  const take = () => {
    const line = shortened(Buffer.concat(parts).toString(), size, maxChars);
    parts = [];
    kept = size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (size > 0) yield take();
}

function shortened(line: string, bytes: number, maxChars: number): string {
  if (line.length <= maxChars && Buffer.byteLength(line) === bytes) return line;
  const end = /[\uD800-\uDBFF]$/.test(line.slice(0, maxChars)) ? maxChars - 1 : maxChars;
  return `${line.slice(0, end)}… [a line of ${bytes} bytes; a pattern finds what stands further on]`;
}
