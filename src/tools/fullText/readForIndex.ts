/** One file of the workspace as passages: text by its lines, documents by pages and sections, everything else as nothing. */
import { ToolError } from '../../agent/errors.ts';
import type { DocumentReader } from '../documents/document.ts';
import { bytesOf } from '../fileText.ts';
import { errorCode } from '../fileProblems.ts';
import { openForReading } from '../safeFiles.ts';
import { decodeText } from '../textFile.ts';
import type { IndexedFile } from './passageIndex.ts';
import { documentPassages, textPassages } from './split.ts';
import type { StandingFile } from './workspaceFiles.ts';

/** Of larger texts only the beginning is read. */
const maxTextBytes = 4_000_000;
const maxDocumentBytes = 64_000_000;

const document = /\.(?:pdf|doc[xm]|ppt[xm]|xls[xm]|od[tsp]|epub|rtf)$/i;
const archive = /\.(?:zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|whl|tar)$/i;
const noText =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|mp[34]|m4a|wav|flac|ogg|webm|mov|avi|mkv|exe|dll|so|dylib|a|o|obj|class|pyc|wasm|woff2?|ttf|otf|eot|sqlite3?|db|parquet|npy|npz|h5|bin|iso|min\.js|min\.css|map)$/i;
const machineWritten = /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|uv\.lock)$/;

/** What is searched of a file. */
export type ReadFile = Pick<IndexedFile, 'extent' | 'passages'>;

/** Whether a file takes a reader of documents. */
export function isDocument(path: string): boolean {
  return document.test(path);
}

/** Whether people keep words in such a file, though none may be read from it: scans, archives, unknown formats. */
export function mayHoldWords(path: string): boolean {
  return !noText.test(path) && !machineWritten.test(path);
}

/** What a file holds; nothing where it is gone. Throws where it cannot be read, and the signal's reason. */
export async function readForIndex(
  file: StandingFile,
  reader: DocumentReader | undefined,
  signal: AbortSignal,
): Promise<ReadFile> {
  const { path, sizeBytes } = file;
  if (sizeBytes === 0) return { extent: 'all', passages: [] };
  if (archive.test(path) || !mayHoldWords(path)) return { extent: 'nothing', passages: [] };
  if (isDocument(path)) {
    if (!reader || sizeBytes > maxDocumentBytes) throw new ToolError(`${path} is too large, or nothing reads it here.`);
    const read = await reader.read({ bytes: await bytesOfFile(file, signal), name: path }, signal);
    const passages = documentPassages(read);
    return { extent: passages.length === 0 ? 'nothing' : read.cut === true ? 'beginning' : 'all', passages };
  }
  const bytes = await bytesOfFile(file, signal);
  const isCut = sizeBytes > maxTextBytes;
  const text = textOf(isCut ? wholeLines(bytes) : bytes, path);
  if (text === undefined) return { extent: 'nothing', passages: [] };
  const passages = textPassages(/\.x?html?$/i.test(path) ? withoutTags(text) : text);
  return { extent: isCut ? 'beginning' : 'all', passages };
}

/** Undefined where the bytes are no text. */
function textOf(bytes: Uint8Array, path: string): string | undefined {
  try {
    return decodeText(bytes, path).text;
  } catch {
    return undefined;
  }
}

/** What was cut ends with a whole line; each character of UTF-16 is two bytes. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const end = bytes.lastIndexOf(10) + 1 || bytes.length;
  return bytes.subarray(0, end + (bytes[0] === 0xff ? end % 2 : 0));
}

async function bytesOfFile({ path, sizeBytes }: StandingFile, signal: AbortSignal): Promise<Uint8Array> {
  const handle = await openForReading(path, path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return new Uint8Array();
  try {
    return await bytesOf(handle, isDocument(path) ? sizeBytes : Math.min(sizeBytes, maxTextBytes), signal);
  } finally {
    await handle.close();
  }
}

/** Every line stays where it is. */
function withoutTags(html: string): string {
  const lines = (taken: string) => taken.replace(/[^\n]+/g, ' ');
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/gi, lines)
    .replace(/<[^<>]*>/g, lines)
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
