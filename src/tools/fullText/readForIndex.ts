/** One file of the workspace as passages: text by its lines, documents by pages and sections, everything else as nothing. */
import { ToolError } from '../../agent/errors.ts';
import type { DocumentReader } from '../documents/document.ts';
import { bytesOf } from '../fileText.ts';
import { errorCode } from '../fileProblems.ts';
import { openForReading } from '../safeFiles.ts';
import { decodeText } from '../textFile.ts';
import type { IndexedPassage } from './passageIndex.ts';
import { documentPassages, textPassages } from './split.ts';
import type { StandingFile } from './workspaceFiles.ts';

/** Of larger texts only the beginning is read. */
const maxTextBytes = 4_000_000;
const maxDocumentBytes = 64_000_000;

const document = /\.(?:pdf|docx|pptx|xlsx)$/i;
const noText =
  /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|tiff?|mp[34]|m4a|wav|flac|ogg|webm|mov|avi|mkv|zip|gz|tgz|bz2|xz|zst|7z|rar|jar|war|whl|tar|exe|dll|so|dylib|a|o|obj|class|pyc|wasm|woff2?|ttf|otf|eot|sqlite3?|db|parquet|npy|npz|h5|bin|iso|min\.js|min\.css|map)$/i;
const machineWritten = /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|uv\.lock)$/;

/** Whether a file takes a reader of documents. */
export function isDocument(path: string): boolean {
  return document.test(path);
}

/** Whether only the beginning of a file is read. */
export function isCut({ path, sizeBytes }: StandingFile): boolean {
  return sizeBytes > maxTextBytes && !isDocument(path) && !isPassedOver(path);
}

/** The passages of a file; none where it holds no text or is gone. Throws where it cannot be read, and the signal's reason. */
export async function passagesOfFile(
  file: StandingFile,
  reader: DocumentReader | undefined,
  signal: AbortSignal,
): Promise<readonly IndexedPassage[]> {
  const { path, sizeBytes } = file;
  if (isPassedOver(path)) return [];
  if (isDocument(path)) {
    if (!reader || sizeBytes > maxDocumentBytes) throw new ToolError(`${path} is too large, or nothing reads it here.`);
    return documentPassages(await reader.read({ bytes: await bytesOfFile(file, signal), name: path }, signal));
  }
  const bytes = await bytesOfFile(file, signal);
  const text = textOf(isCut(file) ? wholeLines(bytes) : bytes, path);
  return textPassages(/\.x?html?$/i.test(path) ? withoutTags(text) : text);
}

function isPassedOver(path: string): boolean {
  return noText.test(path) || machineWritten.test(path);
}

/** Empty where the bytes are no text. */
function textOf(bytes: Uint8Array, path: string): string {
  try {
    return decodeText(bytes, path).text;
  } catch {
    return '';
  }
}

/** What was cut ends with a whole line; each character of UTF-16 is two bytes. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  const end = bytes.lastIndexOf(10) + 1 || bytes.length;
  return bytes.subarray(0, end + (bytes[0] === 0xff ? end % 2 : 0));
}

async function bytesOfFile(file: StandingFile, signal: AbortSignal): Promise<Uint8Array> {
  const { path, sizeBytes } = file;
  const handle = await openForReading(path, path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return new Uint8Array();
  try {
    return await bytesOf(handle, isCut(file) ? maxTextBytes : sizeBytes, signal);
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
