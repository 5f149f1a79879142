/** Files that a person puts to a question, read into what the model is given (agent-protocol: task files). */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, isAbsolute, posix, resolve } from 'node:path';
import { ToolError, UserError, messageOf } from '../agent/errors.ts';
import type { Attachment } from '../shared/refs.ts';
import type { DocumentReader, ReadDocument } from '../tools/documents/document.ts';
import { documentReader } from '../tools/documents/reader.ts';
import { withWords } from '../tools/web/mediaWords.ts';
import { openWorkspace } from '../tools/workspace.ts';
import { defaultBaseUrl } from './choice.ts';
import { maxFileChars } from './fitAttachments.ts';
import { mediaHelpers } from './mediaHelpers.ts';
import type { RunSurroundings } from './surroundings.ts';

/** The most files of one question. */
const maxFiles = 50;
/** Larger files are for programs. */
const maxBytes = 128_000_000;

/** A file on this machine, wherever it is: a person named it; or one that came without a path. */
export type FileToAttach = { readonly path: string } | { readonly name: string; readonly bytes: Uint8Array };

/** What the files are put to: models that see are asked about it. */
interface ForQuestion {
  readonly text: string;
  /** Of the run's own server, where a model that sees or hears may be. */
  readonly baseUrl?: string | undefined;
}

/** Reads the files, each once; of pictures and sound what the models of the settings say. Throws UserError where one cannot be read. */
export async function readAttachments(
  files: readonly FileToAttach[],
  around: Pick<RunSurroundings, 'roots' | 'signal' | 'web'>,
  question: ForQuestion = { text: '' },
): Promise<readonly Attachment[]> {
  if (files.length === 0) return [];
  if (files.length > maxFiles) {
    throw new UserError(`${files.length} files are too many for a question; at most ${maxFiles} are taken.`);
  }
  const show = await shownPaths(around);
  const reader = documentReader();
  const media = mediaHelpers(around.web, question.baseUrl || defaultBaseUrl);
  const read = async (name: string, bytes: Uint8Array) => {
    const document = await readOne(name, bytes, reader, around.signal);
    return withWords(document, { bytes, name: basename(name) }, question.text, media, around.signal);
  };
  try {
    const attachments = new Map<string, Attachment>();
    for (const file of files) {
      const { name, key, bytes } = 'path' in file ? await fileAt(file.path, show) : sentFile(file);
      if (attachments.has(key)) continue;
      const own = ownName(
        name,
        [...attachments.values()].map(({ path }) => path),
      );
      attachments.set(key, attachmentOf(own, (await read(name, bytes)).document));
    }
    return [...attachments.values()];
  } finally {
    await reader.dispose();
  }
}

/** What people meet. */
const problems: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'you may not read it',
};

/** In the workspace by the path that tools take, elsewhere by the name alone: where a person keeps it is nobody's business. */
async function shownPaths({ roots }: Pick<RunSurroundings, 'roots'>): Promise<(path: string) => string> {
  if (roots.length === 0) return (path) => basename(path);
  const { show } = await openWorkspace(roots.map(({ path }) => path));
  return (path) => {
    const shown = show(path);
    return isAbsolute(shown) ? basename(path) : shown;
  };
}

/** Without a path it is its bytes that tell it from another of its name: pictures that are pasted all have one name. */
function sentFile({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }) {
  // The reader may take the bytes over, so the hash comes first.
  return { name, bytes, key: `${createHash('sha256').update(bytes).digest('hex')} ${name}` };
}

/** `image (2).png` where there is an `image.png` already: a citation names one file. */
function ownName(name: string, taken: readonly string[]): string {
  const { dir, name: stem, ext } = posix.parse(name);
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : posix.join(dir, `${stem} (${number})${ext}`);
    if (!taken.includes(tried)) return tried;
  }
}

async function fileAt(given: string, show: (path: string) => string) {
  const path = resolve(given.replace(/^~(?=\/|$)/, homedir()));
  try {
    const key = await realpath(path);
    // A pipe must not be waited for.
    const handle = await open(key, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw new UserError(`${given} cannot be attached: it is not a file.`);
      if (stats.size > maxBytes) {
        throw new UserError(`${given} cannot be attached: it is larger than ${maxBytes / 1_000_000} MB.`);
      }
      return { name: show(key), key, bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new UserError(`${given} cannot be attached: ${problems[code] ?? messageOf(error)}.`);
  }
}

async function readOne(
  name: string,
  bytes: Uint8Array,
  reader: DocumentReader,
  signal: AbortSignal,
): Promise<ReadDocument> {
  try {
    return await reader.read({ bytes, name }, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    throw new UserError(`${name} cannot be attached: ${error.message}`);
  }
}

function attachmentOf(path: string, { text, notes }: ReadDocument): Attachment {
  const said = [text.trimEnd(), ...notes.map((note) => `[${note}]`)].filter((part) => part !== '').join('\n\n');
  if (said.length <= maxFileChars) return { path, text: said, truncated: false };
  return { path, text: said.slice(0, maxFileChars).replace(/[\uD800-\uDBFF]$/, ''), truncated: true };
}
