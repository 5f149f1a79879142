/** read_file: a text file's lines with their numbers, or a notebook's cells. */
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool, type ToolOutput } from '../agent/tool.ts';
import { countOf, formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { fileSource } from './fileSource.ts';
import { bytesOf, wholeFileBytes } from './fileText.ts';
import { scanLines } from './lineScan.ts';
import { notebookCells, type NotebookCell } from './notebook.ts';
import { notebookText } from './notebookText.ts';
import { openForReading } from './safeFiles.ts';
import { decodeText, encodingOf, headBytes, type Encoding } from './textFile.ts';
import type { Located, Workspace } from './workspace.ts';

const maxLines = 2_000;
const maxChars = 60_000;
const maxLineChars = 2_000;
/** Of a file without end, a sparse one say. */
const maxScannedBytes = 1_000_000_000;

const description = `Reads a text file of the workspace and gives its lines, each after its number and a tab. At most ${maxLines} lines at a time; what is left out is told. Give start_line and end_line to read a part. A notebook (.ipynb) is shown as its cells with their outputs; start_line and end_line count cells there.`;

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
      const place = await workspace.resolve(path, 'read');
      const range = { start, end };
      try {
        return (await readUnsaved(workspace, place, range)) ?? (await readSaved(place, range, signal));
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, place.relative);
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
  readonly sizeBytes: number;
  /** What else is to be told, in brackets. */
  readonly remarks: readonly string[];
}

/** What the editor holds, where that is not what is on disk. */
async function readUnsaved(workspace: Workspace, place: Located, range: Range): Promise<ToolOutput | undefined> {
  const remark =
    'The file has unsaved changes in the editor; they are shown here, but commands and searches do not see them.';
  const cells = await workspace.documents.cells(place.absolute);
  if (cells) return cellsShown(cells, place.relative, range, remark);
  const text = await workspace.documents.text(place.absolute);
  if (text === undefined) return undefined;
  return numbered(linesOf(text, range, Buffer.byteLength(text), [remark]), place.relative, range);
}

async function readSaved(place: Located, range: Range, signal: AbortSignal): Promise<ToolOutput> {
  const { absolute, relative: shown } = place;
  const handle = await openForReading(absolute, shown);
  try {
    const { size } = await handle.stat();
    if (size > wholeFileBytes) return numbered(await streamLines(handle, shown, range, size, signal), shown, range);
    const { text, encoding } = decodeText(await bytesOf(handle, size, signal), shown);
    const cells = /\.ipynb$/i.test(shown) ? notebookCells(text) : undefined;
    if (cells !== undefined && typeof cells !== 'string') return cellsShown(cells, shown, range);
    const broken = cells === undefined ? [] : [`It is shown as text: ${cells}`];
    return numbered(linesOf(text, range, size, [...broken, ...encodingRemarks(encoding)]), shown, range);
  } finally {
    await handle.close();
  }
}

function linesOf(text: string, range: Range, sizeBytes: number, remarks: readonly string[]): Lines {
  const all = text.split(/\r\n|\n|\r(?!\n)/);
  if (all.at(-1) === '') all.pop();
  const lines = all.slice(range.start - 1, Math.min(range.end, range.start - 1 + maxLines));
  return { lines, total: all.length, sizeBytes, remarks: [...remarks, ...lineEndRemarks(text)] };
}

function lineEndRemarks(text: string): readonly string[] {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const plain = (text.match(/\n/g)?.length ?? 0) - crlf;
  if (crlf === 0) return [];
  return [plain === 0 ? 'Lines end with CRLF.' : `Line ends are mixed: ${crlf} with CRLF, ${plain} with LF.`];
}

function encodingRemarks(encoding: Encoding): readonly string[] {
  if (encoding === 'windows-1252') return ['The file is not in UTF-8; it was read as Windows-1252.'];
  return encoding.startsWith('utf-16')
    ? [`The file is in ${encoding.replace(/^utf-16../, (name) => name.toUpperCase())}.`]
    : [];
}

async function streamLines(
  handle: FileHandle,
  shown: string,
  { start, end }: Range,
  sizeBytes: number,
  signal: AbortSignal,
): Promise<Lines> {
  const encoding = encodingOf(await bytesOf(handle, headBytes, signal), shown, sizeBytes);
  if (encoding.startsWith('utf-16')) {
    const advice = 'Convert it with a command first: iconv -f UTF-16 -t UTF-8.';
    throw new ToolError(`${shown} is in UTF-16 and too large (${formatBytes(sizeBytes)}). ${advice}`);
  }
  const last = Math.min(end, start - 1 + maxLines);
  const from = encoding === 'utf-8 with BOM' ? 3 : 0;
  const limits = { first: start, last, from, maxChars, maxLineChars, maxBytes: maxScannedBytes };
  const { lines, gaveUp } = await scanLines(handle, limits, signal);
  if (gaveUp && lines.length === 0) {
    const far = formatBytes(maxScannedBytes);
    throw new ToolError(`Line ${start} of ${shown} is not in its first ${far}. Look into it with a command.`);
  }
  return { lines, sizeBytes, remarks: [] };
}

function numbered({ lines, total, sizeBytes, remarks }: Lines, shown: string, { start, end }: Range): ToolOutput {
  const told = remarks.map((remark) => `[${remark}]`);
  if (total === 0) return { content: [`[${shown} is empty.]`, ...told].join('\n') };
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
  const sources = [fileSource(shown, [{ from: 0, to: out.join('\n').length }], start)];
  const whole = total !== undefined && start === 1 && last === total;
  const more = last < Math.min(end, total ?? Infinity);
  const of = total === undefined ? `a file of ${formatBytes(sizeBytes)}` : countOf(total, 'line');
  const next = more ? ` Go on with start_line ${last + 1}.` : '';
  if (!whole) out.push(`[Lines ${start} to ${last} of ${of}.${next}]`);
  return { content: [...out, ...told].join('\n'), truncated: more, sources };
}

function shortened(line: string): string {
  if (line.length <= maxLineChars) return line;
  return `${line.slice(0, maxLineChars).replace(/[\uD800-\uDBFF]$/, '')}… [line cut here]`;
}

/** Cells from the range's start on, as many as fit, at least one. */
function cellsShown(cells: readonly NotebookCell[], shown: string, { start, end }: Range, remark?: string): ToolOutput {
  const told = remark === undefined ? [] : [`[${remark}]`];
  if (cells.length === 0) return { content: [`[${shown} is a notebook without cells.]`, ...told].join('\n') };
  if (start > cells.length) {
    throw new ToolError(`${shown} has ${countOf(cells.length, 'cell')}; cell ${start} is beyond its end.`);
  }
  const out: string[] = [];
  let chars = 0;
  for (const [index, cell] of cells.slice(start - 1, end).entries()) {
    const text = notebookText(cell, start + index, cells.length, shortened);
    chars += text.length + 1;
    if (chars > maxChars && out.length > 0) break;
    out.push(text);
  }
  const last = start + out.length - 1;
  const more = last < Math.min(end, cells.length);
  const next = more ? ` Go on with start_line ${last + 1}.` : '';
  if (start > 1 || last < cells.length) told.unshift(`[Cells ${start} to ${last} of ${cells.length}.${next}]`);
  const sources = [fileSource(shown, [{ from: 0, to: out.join('\n').length }])];
  return { content: [...out, ...told].join('\n'), truncated: more, sources };
}
