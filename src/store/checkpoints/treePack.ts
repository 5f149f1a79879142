/**
 * The trees of a whole index, made here: as one pack, and as the extension of the index by which git knows them. git itself
 * would write a file for each folder (gitformat-index, gitformat-pack).
 */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type HashBytes, type IndexEntry, idAt } from './indexFile.ts';
import type { ByteName } from './names.ts';

/** All trees of an index. */
export interface Trees {
  /** The id of each by its folder's name, `''` or ending in '/'. */
  readonly ids: ReadonlyMap<ByteName, Buffer>;
  /** The bytes of each by its id as latin1. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** What stands in the index's extension `TREE`. */
  readonly extension: Buffer;
}

/** What stands in a tree: a name, and the object's id, which stands in `source`. */
interface Line {
  readonly mode: string;
  readonly name: string;
  readonly source: Buffer;
  readonly at: number;
}

/** So many entries are read before others have their turn. */
const breath = 2_000;
/** So many bytes are packed before others have their turn. */
const packBreath = 500_000;
const treeType = 2;
const largestBlock = 65_535;
/** Of files, as an index has them and as a tree names them. */
const modes = new Map([0o100644, 0o100755, 0o120000].map((mode) => [mode, `${mode.toString(8)} `]));

/** The trees of these entries, which are in order; undefined where two have one name, as in damaged indexes. */
export async function treesOf(sorted: readonly IndexEntry[], hashBytes: HashBytes): Promise<Trees | undefined> {
  const ids = new Map<ByteName, Buffer>();
  const objects = new Map<string, Buffer>();
  let next = 0;
  /** Gives what the extension says of a folder. */
  const folderAt = async (above: ByteName, name: string): Promise<Buffer | undefined> => {
    const first = next;
    const lines: Line[] = [];
    const folders: { readonly name: string; readonly extension: Buffer }[] = [];
    for (let entry = sorted[next]; entry?.name.startsWith(above) === true; entry = sorted[next]) {
      const slash = entry.name.indexOf('/', above.length);
      if (slash < 0) {
        const base = entry.name.slice(above.length);
        if (lines.at(-1)?.name === base) return undefined;
        lines.push({ mode: modes.get(entry.mode) ?? '', name: base, source: entry.source, at: idAt(entry) });
        next++;
        if (next % breath === 0) await pause();
        continue;
      }
      const base = entry.name.slice(above.length, slash);
      const folder = entry.name.slice(0, slash + 1);
      const extension = hasLine(lines, base) ? undefined : await folderAt(folder, base);
      const id = ids.get(folder);
      if (!extension || !id) return undefined;
      lines.push({ mode: '40000 ', name: base, source: id, at: 0 });
      folders.push({ name: base, extension });
    }
    const tree = treeOf(lines, hashBytes);
    const id = hashed([`tree ${tree.length}\0`, tree], hashBytes);
    ids.set(above, id);
    objects.set(id.toString('latin1'), tree);
    const head = Buffer.from(`${name}\0${next - first} ${folders.length}\n`, 'latin1');
    return Buffer.concat([head, id, ...folders.toSorted(byLength).map(({ extension }) => extension)]);
  };
  const extension = await folderAt('', '');
  return extension && { ids, objects, extension };
}

/** Puts them as a pack into an object folder. */
export async function storeTrees(objectsFolder: string, { objects }: Trees, hashBytes: HashBytes): Promise<void> {
  const { pack, index, name } = await packOf(objects, hashBytes);
  const folder = join(objectsFolder, 'pack');
  await mkdir(folder, { recursive: true });
  // git believes that a pack is there when its index is.
  await replaceFile(join(folder, `pack-${name}.pack`), join(folder, 'tmp_trees_pack'), pack);
  await replaceFile(join(folder, `pack-${name}.idx`), join(folder, 'tmp_trees_idx'), index);
}

async function replaceFile(path: string, temporary: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(temporary, bytes, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    // A disk that is full has room again.
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Whether a folder's name is a file's too, whose line came before: those between begin with it, and go on with less than '/'. */
function hasLine(lines: readonly Line[], name: string): boolean {
  for (let at = lines.length - 1; at >= 0; at--) {
    const before = lines[at]?.name ?? '';
    if (before === name) return true;
    if (!before.startsWith(name)) return false;
  }
  return false;
}

function treeOf(lines: readonly Line[], hashBytes: HashBytes): Buffer {
  const bytes = lines.reduce((sum, { mode, name }) => sum + mode.length + name.length + 1 + hashBytes, 0);
  const tree = Buffer.allocUnsafe(bytes);
  let to = 0;
  for (const { mode, name, source, at } of lines) {
    to += tree.write(mode + name, to, 'latin1');
    tree[to++] = 0;
    to += source.copy(tree, to, at, at + hashBytes);
  }
  return tree;
}

interface Pack {
  readonly pack: Buffer;
  readonly index: Buffer;
  readonly name: string;
}

async function packOf(objects: ReadonlyMap<string, Buffer>, hashBytes: HashBytes): Promise<Pack> {
  const chunks = [Buffer.from('PACK'), numbers([2, objects.size])];
  const places: { readonly id: string; readonly crc: number; readonly at: number }[] = [];
  let at = 12;
  for (const [id, tree] of objects) {
    const chunk = Buffer.concat([objectHead(tree.length), ...stored(tree)]);
    chunks.push(chunk);
    places.push({ id, crc: crc32(chunk), at });
    const before = at;
    at += chunk.length;
    if (Math.floor(at / packBreath) > Math.floor(before / packBreath)) await pause();
  }
  const sum = hashed(chunks, hashBytes);
  const sorted = places.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const fanout = Array.from({ length: 256 }, () => 0);
  for (const { id } of sorted) fanout[id.charCodeAt(0)] = (fanout[id.charCodeAt(0)] ?? 0) + 1;
  for (let byte = 1; byte < 256; byte++) fanout[byte] = (fanout[byte] ?? 0) + (fanout[byte - 1] ?? 0);
  const parts = [
    Buffer.from('\xfftOc\0\0\0\x02', 'latin1'),
    numbers(fanout),
    Buffer.from(sorted.map(({ id }) => id).join(''), 'latin1'),
    numbers(sorted.map(({ crc }) => crc)),
    numbers(sorted.map((place) => place.at)),
    sum,
  ];
  const index = Buffer.concat([...parts, hashed(parts, hashBytes)]);
  return { pack: Buffer.concat([...chunks, sum]), index, name: sum.toString('hex') };
}

/** The type and, in as few bytes as it needs, the size. */
function objectHead(size: number): Buffer {
  const bytes = [(treeType << 4) | (size & 0x0f)];
  for (let rest = size >>> 4; rest > 0; rest >>>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

/** As zlib has it (RFC 1950, 1951), in stored blocks: ids are as random as can be, nothing would get smaller. */
function stored(bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = [Buffer.from([0x78, 0x01])];
  for (let at = 0; at === 0 || at < bytes.length; at += largestBlock) {
    const block = bytes.subarray(at, at + largestBlock);
    const head = Buffer.from([at + largestBlock >= bytes.length ? 1 : 0, 0, 0, 0, 0]);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    blocks.push(head, block);
  }
  return [...blocks, numbers([adler32(bytes)])];
}

function adler32(bytes: Buffer): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    // So many fit into 32 bits before they have to be reduced.
    for (const end = Math.min(at + 3_800, bytes.length); at < end; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

/** Each as 32 bits. */
function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

function hashed(parts: readonly (string | Buffer)[], hashBytes: HashBytes): Buffer {
  const hash = createHash(hashBytes === 20 ? 'sha1' : 'sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** As git sorts them there. */
function byLength(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.length - b.name.length || (a.name < b.name ? -1 : 1);
}
