/** The body of an answer: decompressed, and never more of it than is allowed. */
import { pipeline, type Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** Bytes, and whether there were more. */
export interface BoundedBody {
  readonly bytes: Buffer;
  readonly cut: boolean;
}

/** `keep`: gives what came so far where reading ends early, in place of the error. Throws what the stream throws. */
export async function boundedBody(
  body: Readable,
  encoding: string,
  limit: number,
  keep: (error: unknown) => boolean,
): Promise<BoundedBody> {
  const parts: Buffer[] = [];
  let length = 0;
  let cut = false;
  try {
    for await (const chunk of await decompressed(body, encoding)) {
      const part = Buffer.from(chunk);
      parts.push(part);
      length += part.length;
      if (length <= limit) continue;
      cut = true;
      break;
    }
  } catch (error) {
    if (length === 0 || !keep(error)) throw error;
    cut = true;
  } finally {
    body.on('error', () => undefined).destroy();
  }
  return { bytes: Buffer.concat(parts).subarray(0, limit), cut };
}

/** Throws Error for a coding that we did not ask for. */
async function decompressed(body: Readable, encoding: string): Promise<AsyncIterable<Uint8Array>> {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  const named = codings.filter((coding) => coding !== '' && coding !== 'identity').reverse();
  if (named.length === 0) return body;
  if (named.length > 3) throw new Error('it is compressed more than three times');
  const first = await peeked(body);
  const steps = named.map((coding, index) => step(coding, index === 0 ? first : undefined));
  // An error of any part ends all; it comes out where the last one is read.
  pipeline([body, ...steps], () => undefined);
  return steps.at(-1) ?? body;
}

/** The first bytes, put back: `deflate` means two things, which they tell apart. */
async function peeked(body: Readable): Promise<Buffer> {
  for (;;) {
    const chunk: unknown = body.read();
    if (chunk instanceof Uint8Array && chunk.length > 0) {
      const first = Buffer.from(chunk);
      body.unshift(first);
      return first;
    }
    if (body.readableEnded || body.destroyed) return Buffer.alloc(0);
    await new Promise<void>((resolve, reject) => {
      const done = () => {
        body.off('readable', done).off('end', done).off('close', done).off('error', reject);
        resolve();
      };
      body.once('readable', done).once('end', done).once('close', done).once('error', reject);
    });
  }
}

/** Compressed data that stops early gives what it has: its server's framing tells whether it was cut. */
function step(coding: string, first: Buffer | undefined): Transform {
  const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(options);
    case 'deflate':
      return ((first?.[0] ?? 8) & 15) === 8 ? zlib.createInflate(options) : zlib.createInflateRaw(options);
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zlib.createZstdDecompress();
    default:
      throw new Error(`its content coding ${coding.slice(0, 40)} is unknown`);
  }
}
