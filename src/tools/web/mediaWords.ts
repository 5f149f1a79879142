/** Words for pictures and sound: what a vision model sees there, and a speech model hears. */
import { ToolError } from '../../agent/errors.ts';
import type { Usage } from '../../shared/events.ts';
import { modelHeadings, withModelWords } from '../../shared/modelWords.ts';
import type { ReadDocument } from '../documents/document.ts';

/** What a helping model said. */
interface Said {
  readonly text: string;
  readonly usage?: Usage;
}

/** Models that see and hear; absent where none is set. They throw ToolError. */
export interface MediaHelpers {
  readonly describe?: (
    picture: { readonly bytes: Uint8Array; readonly mimeType: string },
    wanted: string,
    signal: AbortSignal,
  ) => Promise<Said>;
  readonly transcribe?: (
    sound: { readonly bytes: Uint8Array; readonly name: string },
    signal: AbortSignal,
  ) => Promise<Said>;
}

/** A document with the words that were found for it, and what they cost. */
export interface Worded {
  readonly document: ReadDocument;
  readonly usage?: Usage;
  /** A model was asked and did not serve: another time it may. */
  readonly failed?: true;
}

const maxPictureBytes = 20e6;
const maxSoundBytes = 25e6;

/** The document with a description or a transcript behind its metadata; as it is where it is neither picture nor sound. */
export async function withWords(
  document: ReadDocument,
  file: { readonly bytes: Uint8Array; readonly name: string },
  wanted: string,
  { describe, transcribe }: MediaHelpers,
  signal: AbortSignal,
): Promise<Worded> {
  const { bytes } = file;
  const mimeType = pictureType(bytes);
  const isSound = document.kind === 'audio' || document.kind === 'video';
  try {
    if (document.kind === 'image' && describe && mimeType !== undefined && bytes.length <= maxPictureBytes) {
      return worded(document, 'picture', await describe({ bytes, mimeType }, wanted, signal));
    }
    if (isSound && transcribe && bytes.length <= maxSoundBytes) {
      return worded(document, 'sound', await transcribe(file, signal));
    }
    return { document };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    const notes = [...document.notes, `It is known by its metadata alone. ${error.message}`];
    return { document: { ...document, notes }, failed: true };
  }
}

function worded(document: ReadDocument, kind: keyof typeof modelHeadings, { text: words, usage }: Said): Worded {
  const { text, from } = withModelWords(document.text, kind, words);
  const sections = [...document.sections, { title: modelHeadings[kind], level: 1, from }];
  return { document: { ...document, text, sections }, ...(usage && { usage }) };
}

/** The types that vision models take, by their first bytes. */
function pictureType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\x89PNG')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(start)) return 'image/gif';
  return /^RIFF[\s\S]{4}WEBP/.test(start) ? 'image/webp' : undefined;
}
