/** One file of the workspace as passages: text by its lines, documents by pages and sections, everything else as nothing. */
import type { DocumentReader } from '../documents/document.ts';
import { bytesOf } from '../fileText.ts';
import { openForReading } from '../safeFiles.ts';
import { decodeText } from '../textFile.ts';
import type { IndexedPassage } from './passageIndex.ts';
import { documentPassages, textPassages } from './split.ts';
import type { StandingFile } from './workspaceFiles.ts';

/** What is read of larger files is nothing: they are data. */
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

/** The passages of a file; none where it holds no text, cannot be read, or is too large. Throws the signal's reason. */
export async function passagesOfFile(
  { path, sizeBytes }: StandingFile,
  reader: DocumentReader | undefined,
  signal: AbortSignal,
): Promise<readonly IndexedPassage[]> {
  if (noText.test(path) || machineWritten.test(path)) return [];
  if (sizeBytes > (isDocument(path) ? maxDocumentBytes : maxTextBytes)) return [];
  try {
    const bytes = await bytesOfFile(path, sizeBytes, signal);
    if (isDocument(path)) return reader ? documentPassages(await reader.read({ bytes, name: path }, signal)) : [];
    const { text } = decodeText(bytes, path);
    return textPassages(/\.x?html?$/i.test(path) ? withoutTags(text) : text);
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

async function bytesOfFile(path: string, sizeBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const handle = await openForReading(path, path);
  try {
    return await bytesOf(handle, sizeBytes, signal);
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
