/** read_file: a text file's lines with their numbers. */
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool, type ToolOutput } from '../agent/tool.ts';
import { countOf, formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { openForReading } from './safeFiles.ts';
import { decodeText, encodingOf, type Encoding } from './textFile.ts';
import type { Workspace } from './workspace.ts';

const maxLines = 2_000;
const maxChars = 60_000;
const maxLineChars = 2_000;
/** Larger files are read line by line up to the last line that is wanted. */
const wholeFileBytes = 32_000_000;

const description = `Reads a text file of the workspace and gives its lines, each after its number and a tab. At most ${maxLines} lines at a time; what is left out is told. Give start_line and end_line to read a part.`;

const lineNumber = z.number().int().positive();
const input = z.object({
  path: z.string().describe('The file, relative to the workspace'),
  start_line: lineNumber.optional().describe('First line, counted from 1'),
  end_line: lineNumber.optional().describe('Last line, included'),
});

/** Numbered lines of a file or of a range of it. */
export function readFileTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'read_file',
    description,
    input,
    effect: 'read',
    run: async ({ path, start_line: start = 1, end_line: end = Infinity }, { signal }) => {
      if (end < start) throw new ToolError(`end_line ${end} is before start_line ${start}.`);
      const { absolute, relative } = await workspace.resolve(path, 'read');
      try {
        const handle = await openForReading(absolute, relative);
        const lines = await readLines(handle, relative, { start, end }, signal).finally(() => handle.close());
        return numbered(lines, relative, { start, end });
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, relative);
      }
    },
  });
}

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Lines {
  /** From the range's start. */
  readonly lines: readonly string[];
  /** Lines of the whole file; unknown for very large ones. */
  readonly total?: number;
  readonly encoding: Encoding;
  readonly sizeBytes: number;
}

async function readLines(handle: FileHandle, shown: string, range: Range, signal: AbortSignal): Promise<Lines> {
  const { size } = await handle.stat();
  if (size > wholeFileBytes) return streamLines(handle, shown, range, size, signal);
  const bytes = await handle.readFile({ signal });
  const { text, encoding } = decodeText(bytes, shown);
  const all = text.split(/\r\n|\n|\r(?!\n)/);
  if (all.at(-1) === '') all.pop();
  const lines = all.slice(range.start - 1, Math.min(range.end, range.start - 1 + maxLines));
  return { lines, total: all.length, encoding, sizeBytes: bytes.length };
}

async function streamLines(
  handle: FileHandle,
  shown: string,
  { start, end }: Range,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<Lines> {
  const head = Buffer.alloc(8_192);
  await handle.read(head, 0, head.length, 0);
  const encoding = encodingOf(head, shown, sizeBytes);
  if (encoding.startsWith('utf-16')) {
    const advice = 'Convert it with a command first: iconv -f UTF-16 -t UTF-8.';
    throw new ToolError(`${shown} is in UTF-16 and too large (${formatBytes(sizeBytes)}). ${advice}`);
  }
  const last = Math.min(end, start - 1 + maxLines);
  const lines: string[] = [];
  let number = 0;
  let chars = 0;
  for await (const line of handle.readLines({ encoding: 'utf8', start: 0, autoClose: false, signal })) {
    number++;
    if (number >= start) lines.push(line.slice(0, maxLineChars + 1));
    if (number >= start) chars += Math.min(line.length, maxLineChars);
    if (number >= last || chars > maxChars) break;
  }
  return { lines, encoding, sizeBytes };
}

function numbered({ lines, total, encoding, sizeBytes }: Lines, shown: string, { start, end }: Range): ToolOutput {
  if (total === 0) return { content: `[${shown} is empty.]` };
  if (lines.length === 0) {
    const length = total === undefined ? 'is shorter than that' : `has ${countOf(total, 'line')}`;
    throw new ToolError(`${shown} ${length}; line ${start} is beyond its end.`);
  }
  const out: string[] = [];
  let chars = 0;
  for (const [index, line] of lines.entries()) {
    const text = `${start + index}\t${shortened(line)}`;
    chars += text.length + 1;
    if (chars > maxChars && out.length > 0) break;
    out.push(text);
  }
  const last = start + out.length - 1;
  const whole = total !== undefined && start === 1 && last === total;
  const more = last < Math.min(end, total ?? Infinity);
  const of = total === undefined ? `a file of ${formatBytes(sizeBytes)}` : countOf(total, 'line');
  const next = more ? ` Go on with start_line ${last + 1}.` : '';
  if (!whole) out.push(`[Lines ${start} to ${last} of ${of}.${next}]`);
  if (encoding === 'windows-1252') out.push('[The file is not in UTF-8; it was read as Windows-1252.]');
  else if (encoding.startsWith('utf-16')) out.push(`[The file is in ${encoding.toUpperCase()}.]`);
  return { content: out.join('\n'), truncated: more };
}

function shortened(line: string): string {
  if (line.length <= maxLineChars) return line;
  return `${line.slice(0, maxLineChars).replace(/[\uD800-\uDBFF]$/, '')}… [line cut here]`;
}
