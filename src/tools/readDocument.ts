/** read_document: the readable text of any document of the workspace, by pages, by sections, or what fits a question. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool, type ToolOutput } from '../agent/tool.ts';
import { formatBytes } from '../shared/quantities.ts';
import { chosenPart, partInput, shownPart } from './documentPart.ts';
import type { DocumentReader } from './documents/document.ts';
import { fileProblem } from './fileProblems.ts';
import { bytesOf } from './fileText.ts';
import { openForReading } from './safeFiles.ts';
import { withWords, type MediaHelpers, type Worded } from './web/mediaWords.ts';
import type { Located, Workspace } from './workspace.ts';

/** Larger documents are for programs. */
const maxBytes = 128_000_000;
/** Documents whose text is kept, so that the next pages come at once. */
const keptDocuments = 4;

const description = `Reads a document of the workspace as Markdown: PDF, Word (docx), PowerPoint (pptx), Excel (xlsx), OpenDocument (odt, ods, odp), EPUB, RTF, CSV, HTML, JSON, zip archives, notebooks' and other text; of pictures, audio and video what is known of them. A long document comes with its outline and its beginning first; then ask for pages, a section, or passages that fit words (find). To see a text file's lines with their numbers, use read_file.`;

const input = z.object({
  path: z.string().describe('The document, relative to the workspace'),
  ...partInput,
});

/** What a model that sees is asked for: the description is kept for all later calls. */
const wanted = 'every text and every number in it';

/** What the description says behind its list of formats. */
function mediaWords({ describe, transcribe }: MediaHelpers): string {
  const seen = describe && 'what a model sees in pictures';
  const heard = transcribe && 'what a model hears in audio and video';
  const words = [seen, heard].filter(Boolean).join(' and ');
  return words === '' ? '' : ` Besides, it gives ${words}.`;
}

/** A document as it was read. */
interface Kept extends Omit<Worded, 'failed'> {
  readonly stamp: string;
  readonly sha256: string;
}

/** Readable text of one document or of a part of it; `media` puts pictures and sound into words. */
export function readDocumentTool(workspace: Workspace, reader: DocumentReader, media: MediaHelpers = {}): Tool {
  const readBytes = async (bytes: Uint8Array, stamp: string, { relative }: Located, signal: AbortSignal) => {
    // The reader may take the bytes over, so the hash comes first.
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const document = await reader.read({ bytes, name: relative }, signal);
    return {
      stamp,
      sha256,
      ...(await withWords(document, { bytes, name: basename(relative) }, wanted, media, signal)),
    };
  };
  const kept = new Map<string, Kept>();
  const documentAt = async (place: Located, signal: AbortSignal): Promise<Kept> => {
    const unsaved = await workspace.documents.text(place.absolute);
    if (unsaved !== undefined) return readBytes(Buffer.from(unsaved), 'unsaved', place, signal);
    const handle = await openForReading(place.absolute, place.relative);
    try {
      const { size, mtimeMs, ctimeMs, ino } = await handle.stat();
      const stamp = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
      const before = kept.get(place.absolute);
      if (before?.stamp === stamp) return before;
      if (size > maxBytes) {
        throw new ToolError(
          `${place.relative} is too large to read as a document (${formatBytes(size)}, at most ${formatBytes(maxBytes)}). Look into it with a command.`,
        );
      }
      const { failed, ...read } = await readBytes(await bytesOf(handle, size, signal), stamp, place, signal);
      kept.delete(place.absolute);
      if (failed === true) return read;
      const { usage: _spent, ...free } = read;
      kept.set(place.absolute, free);
      for (const path of [...kept.keys()].slice(0, -keptDocuments)) kept.delete(path);
      return read;
    } finally {
      await handle.close();
    }
  };
  return defineTool({
    server: 'workspace',
    name: 'read_document',
    description: description + mediaWords(media),
    input,
    effect: 'read',
    run: async ({ path, ...wish }, { signal }) => {
      const place = await workspace.resolve(path, 'read');
      try {
        const read = await documentAt(place, signal);
        const part = chosenPart(read.document, wish, place.relative);
        return told(place, read, shownPart(read.document, part, place.relative), part.spans);
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, place.relative);
      }
    },
  });
}

function told(
  { relative: uri }: Located,
  { document, sha256, stamp, usage }: Kept,
  { content, truncated }: { readonly content: string; readonly truncated: boolean },
  spans: readonly { readonly from: number; readonly to: number }[],
): ToolOutput {
  const { text, title, author, published, pages } = document;
  const remark =
    stamp === 'unsaved'
      ? '\n[The file has unsaved changes in the editor; they are shown here, but commands do not see them.]'
      : '';
  return {
    content: content + remark,
    truncated,
    ...(usage && { usage }),
    sources: [
      {
        uri,
        kind: 'file',
        retrievedAt: Date.now(),
        text,
        sha256,
        spans,
        ...(title !== undefined && { title }),
        ...(author !== undefined && { author }),
        ...(published !== undefined && { published }),
        ...(pages && { pages }),
      },
    ],
  };
}
