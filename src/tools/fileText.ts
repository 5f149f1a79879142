/** The text of a file wherever it stands now: in the editor's buffer where that has unsaved changes, else on disk. */
import type { FileHandle } from 'node:fs/promises';
import { ToolError } from '../agent/errors.ts';
import { fileProblem } from './fileProblems.ts';
import { openForReading, replaceFile } from './safeFiles.ts';
import { decodeText, encodeText, type DecodedText } from './textFile.ts';
import type { Located, Workspace } from './workspace.ts';

/** Larger files are for programs. */
export const wholeFileBytes = 32_000_000;

export interface FileText extends DecodedText {
  /** Whether it is a buffer with unsaved changes. */
  readonly unsaved: boolean;
}

/** After the observation of what went into a buffer. */
export const unsavedWords =
  'The file has unsaved changes in the editor: this went into the editor and is not saved, so commands and searches see the old text until the person saves it.';

/** The buffer of a file that has unsaved changes. Throws ToolError where it is a notebook's, which has cells. */
export async function unsavedText(workspace: Workspace, place: Located): Promise<FileText | undefined> {
  const text = await workspace.documents.text(place.absolute);
  if (text !== undefined) return { text, encoding: 'utf-8', unsaved: true };
  if ((await workspace.documents.cells(place.absolute)) === undefined) return undefined;
  throw new ToolError(`${place.relative} is open as a notebook with unsaved changes. Change it with edit_notebook.`);
}

/** Reads a text to change it. Throws ToolError where it is no text, or too large. */
export async function readText(workspace: Workspace, place: Located, signal: AbortSignal): Promise<FileText> {
  const buffer = await unsavedText(workspace, place);
  if (buffer) return buffer;
  try {
    return { ...decodeText(await wholeBytes(place, signal), place.relative), unsaved: false };
  } catch (error) {
    signal.throwIfAborted();
    throw fileProblem(error, place.relative);
  }
}

/**
 * Writes a text where the old one was read. Gives back what to tell about it (empty: nothing) and the paths on disk that it
 * touched. Throws ToolError where the buffer was changed meanwhile.
 */
export async function writeText(
  workspace: Workspace,
  place: Located,
  old: FileText | undefined,
  text: string,
  signal: AbortSignal,
): Promise<{ readonly remark: string; readonly touched: readonly string[] }> {
  signal.throwIfAborted();
  if (old?.unsaved) {
    if (await workspace.documents.replace(place.absolute, old.text, text)) return { remark: unsavedWords, touched: [] };
    throw new ToolError(`${place.relative} was changed in the editor meanwhile. Read it again.`);
  }
  try {
    const bytes = encodeText({ text, encoding: old?.encoding ?? 'utf-8' }, place.relative);
    await replaceFile(place.absolute, bytes, place.relative, signal);
    return { remark: '', touched: [place.absolute] };
  } catch (error) {
    signal.throwIfAborted();
    throw fileProblem(error, place.relative);
  }
}

async function wholeBytes({ absolute, relative }: Located, signal: AbortSignal): Promise<Uint8Array> {
  const handle = await openForReading(absolute, relative);
  try {
    const { size } = await handle.stat();
    if (size > wholeFileBytes) {
      throw new ToolError(`${relative} is too large for this tool. Change it with run_python_code.`);
    }
    return await bytesOf(handle, size, signal);
  } finally {
    await handle.close();
  }
}

/** The first bytes of a file, however it grows meanwhile. */
export async function bytesOf(handle: FileHandle, size: number, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, length, Math.min(size - length, 4_000_000), length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
