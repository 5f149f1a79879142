/**
 * What an interpreter answers with. Its code shares a process with what answers, so nothing here is trusted: what is no
 * answer to the request at hand, or too long for one, breaks the channel for good.
 */
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { pythonNotesSchema, type PythonNotes } from './pythonNotes.ts';

/** A picture that a call made. `bytes` are absent where it is too large, or one too many, to be taken over. */
export interface PythonPicture {
  /** Where it stands, as the code sees it. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  readonly bytes?: Uint8Array;
}

/** The end of a piece of code. */
export interface Reply {
  readonly exitCode: number;
  readonly error: string | null;
  readonly notes: PythonNotes;
  readonly pictures: readonly PythonPicture[];
}

const size = z.number().int().min(0);
const pictureSchema = z.object({
  id: z.string(),
  picture: z.object({
    /** Of its file's name: a path of the code's own choice would be told as ours. */
    number: size,
    width: size,
    height: size,
    sizeBytes: size,
    data: z.string().nullable(),
  }),
});
const endSchema = z.object({
  id: z.string(),
  exitCode: z.number().int().min(0).max(255),
  error: z.string().max(20_000).nullable(),
  notes: pythonNotesSchema,
});

const maxPictures = 10;
const maxPictureBytes = 5_000_000;
/** Pictures that are only named. */
const maxNamed = 1_000;
const maxLineBytes = 8_000_000;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export class ReplyChannel {
  /** Settles when the channel is of no use any more: it was closed, or something came that is no answer. */
  readonly broken: Promise<'closed' | 'forged'>;
  readonly #break: (how: 'closed' | 'forged') => void;
  readonly #folder: string;
  #parts: Buffer[] = [];
  #bytes = 0;
  #asked:
    { readonly id: string; readonly pictures: PythonPicture[]; readonly tell: (reply: Reply) => void } | undefined;

  /** `folder`: where the pictures are, as the code sees it. */
  constructor(stream: Readable, folder: string) {
    this.#folder = folder;
    const { promise, resolve } = Promise.withResolvers<'closed' | 'forged'>();
    this.broken = promise;
    this.#break = (how) => {
      resolve(how);
      stream.destroy();
    };
    stream.on('data', (data: unknown) => {
      if (Buffer.isBuffer(data)) this.#take(data);
    });
    stream.on('error', () => this.#break('closed'));
    stream.on('close', () => this.#break('closed'));
  }

  /** The answer to the request of that id; never comes when the channel breaks. */
  reply(id: string): Promise<Reply> {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#asked = { id, pictures: [], tell: resolve };
    return promise;
  }

  #take(data: Buffer): void {
    let rest = data;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      const line = Buffer.concat([...this.#parts, rest.subarray(0, at)]).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      rest = rest.subarray(at + 1);
      if (!this.#takeLine(line)) {
        this.#break('forged');
        return;
      }
    }
    this.#bytes += rest.length;
    if (rest.length > 0) this.#parts.push(rest);
    if (this.#bytes > maxLineBytes) this.#break('forged');
  }

  #takeLine(line: string): boolean {
    const asked = this.#asked;
    const value = parseJson(line);
    const picture = pictureSchema.safeParse(value);
    if (picture.success) {
      if (picture.data.id !== asked?.id || asked.pictures.length >= maxNamed) return false;
      asked.pictures.push(pictureOf(picture.data.picture, this.#folder, asked.pictures));
      return true;
    }
    const end = endSchema.safeParse(value);
    if (!end.success || end.data.id !== asked?.id) return false;
    this.#asked = undefined;
    const { exitCode, error, notes } = end.data;
    asked.tell({ exitCode, error, notes, pictures: asked.pictures });
    return true;
  }
}

function pictureOf(
  { data, number, ...sizes }: z.infer<typeof pictureSchema>['picture'],
  folder: string,
  before: readonly PythonPicture[],
): PythonPicture {
  const picture = { ...sizes, path: `${folder}/figure-${number}.png` };
  const bytes = Buffer.from(data ?? '', 'base64');
  const fits = bytes.length <= maxPictureBytes && bytes.subarray(0, pngSignature.length).equals(pngSignature);
  const room = before.filter((other) => other.bytes).length < maxPictures;
  return fits && room ? { ...picture, sizeBytes: bytes.length, bytes } : picture;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
