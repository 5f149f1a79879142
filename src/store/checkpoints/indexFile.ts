/** git's index as a list, and back: versions 2 to 4 are read, 2 is written (gitformat-index). */
import { type Hash, createHash } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import type { ByteName } from './names.ts';

/** One file of an index. */
export interface IndexEntry {
  readonly name: ByteName;
  /** Octal 120000 for a link, 100755 and 100644 for files, 160000 for a submodule, 040000 for a folder of a sparse index. */
  readonly mode: number;
  /** Where the 40 bytes stand that say how the file was when it was hashed; the object's id follows them. */
  readonly source: Buffer;
  readonly at: number;
  /** Whether it is as checked out: not unmerged, not left out by a sparse checkout, not merely intended to be added. */
  readonly plain: boolean;
}

/** What stands in an index; `split`: a part of it is in another file. */
export interface IndexFile {
  readonly entries: readonly IndexEntry[];
  readonly split: boolean;
}

/** 20 for SHA-1, 32 for SHA-256. */
export type HashBytes = 20 | 32;

const headerBytes = 12;
const statBytes = 40;
/** So many entries are read or written before others have their turn. */
const breath = 5_000;
/** So many bytes are hashed. */
const hashBreath = 4_000_000;

/** Reads an index; undefined when it is damaged or of a version that is not known. */
export async function parseIndex(bytes: Buffer, hashBytes: HashBytes): Promise<IndexFile | undefined> {
  if (bytes.length < headerBytes + hashBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4 || !(await isWhole(bytes, hashBytes))) return undefined;
  const count = bytes.readUInt32BE(8);
  const entries: IndexEntry[] = [];
  const end = bytes.length - hashBytes;
  let at = headerBytes;
  let previous = '';
  for (let read = 0; read < count; read++) {
    const flagsAt = at + statBytes + hashBytes;
    if (flagsAt + 4 > end) return undefined;
    const flags = bytes.readUInt16BE(flagsAt);
    const extended = version > 2 && (flags & 0x4000) !== 0;
    const more = extended ? bytes.readUInt16BE(flagsAt + 2) : 0;
    const afterFlags = flagsAt + (extended ? 4 : 2);
    const prefix = version === 4 ? variableNumber(bytes, afterFlags) : undefined;
    const dropped = prefix?.value ?? previous.length;
    const nameAt = prefix?.next ?? afterFlags;
    // The length stands there where 12 bits are enough.
    const known = prefix === undefined && (flags & 0xfff) < 0xfff;
    const nameEnd = known ? nameAt + (flags & 0xfff) : bytes.indexOf(0, nameAt);
    if (dropped > previous.length || nameEnd >= end || bytes[nameEnd] !== 0) return undefined;
    const name = previous.slice(0, previous.length - dropped) + bytes.toString('latin1', nameAt, nameEnd);
    entries.push({
      name,
      mode: bytes.readUInt32BE(at + 24),
      source: bytes,
      at,
      plain: (flags & 0x3000) === 0 && (more & 0x6000) === 0,
    });
    previous = name;
    at = version === 4 ? nameEnd + 1 : at + padded(nameEnd - at);
    if (read % breath === breath - 1) await pause();
  }
  return { entries, split: hasExtension(bytes, at, end, 'link') };
}

/** Entries in the order of an index: by bytes, which is what comparing latin1 strings does. */
export function inOrder(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** An index without its end: what stands in it, and the hash of that so far. */
export interface IndexBody {
  readonly bytes: Buffer;
  readonly hash: Hash;
}

/** Of these entries, which are in order, one a name. */
export async function indexBody(sorted: readonly IndexEntry[], hashBytes: HashBytes): Promise<IndexBody> {
  const bytes = Buffer.alloc(sorted.reduce((sum, entry) => sum + writtenBytes(entry, hashBytes), headerBytes));
  bytes.write('DIRC', 'latin1');
  bytes.writeUInt32BE(2, 4);
  bytes.writeUInt32BE(sorted.length, 8);
  let to = headerBytes;
  for (const [index, entry] of sorted.entries()) {
    const { name, source, at } = entry;
    const flagsAt = to + statBytes + hashBytes;
    source.copy(bytes, to, at, at + statBytes + hashBytes);
    bytes.writeUInt16BE(Math.min(name.length, 0xfff), flagsAt);
    bytes.write(name, flagsAt + 2, 'latin1');
    to += writtenBytes(entry, hashBytes);
    if (index % breath === breath - 1) await pause();
  }
  return { bytes, hash: await hashOf(bytes, hashBytes) };
}

/** The parts of the whole index; `trees`: what stands in its extension TREE. */
export function wholeIndex({ bytes, hash }: IndexBody, trees?: Buffer): readonly Buffer[] {
  if (!trees) return [bytes, hash.copy().digest()];
  const head = Buffer.from('TREE\0\0\0\0', 'latin1');
  head.writeUInt32BE(trees.length, 4);
  return [bytes, head, trees, hash.copy().update(head).update(trees).digest()];
}

/** The name of an entry's object. */
export function objectIdOf(entry: IndexEntry, hashBytes: HashBytes): string {
  return entry.source.toString('hex', idAt(entry), idAt(entry) + hashBytes);
}

/** Where in its source that name stands, as bytes. */
export function idAt({ at }: IndexEntry): number {
  return at + statBytes;
}

/** The size in an entry's stat, in bytes, as far as 32 bits say it. */
export function statSize({ source, at }: IndexEntry): number {
  return source.readUInt32BE(at + 36);
}

/** An entry whose file is hashed again, whatever its times. */
export function doubted(entry: IndexEntry): IndexEntry {
  const source = Buffer.from(entry.source.subarray(entry.at, entry.at + statBytes + 32));
  source.fill(0, 0, 16);
  source.writeUInt32BE(0, 36);
  return { ...entry, source, at: 0 };
}

/** Whether a file was changed so late that its index, written in that second, cannot tell: git compares seconds. */
export function isRacy({ source, at }: IndexEntry, writtenSeconds: number): boolean {
  return source.readUInt32BE(at + 8) >= writtenSeconds;
}

function writtenBytes({ name }: IndexEntry, hashBytes: HashBytes): number {
  return padded(statBytes + hashBytes + 2 + name.length);
}

/** An entry ends with 1 to 8 zeros, at a multiple of 8. */
function padded(length: number): number {
  return Math.floor(length / 8 + 1) * 8;
}

/** How much of the name before a name does not begin with: a number as offsets in packs are written. */
function variableNumber(bytes: Buffer, start: number): { readonly value: number; readonly next: number } {
  let at = start;
  let byte = bytes[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && at < bytes.length) {
    byte = bytes[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}

async function isWhole(bytes: Buffer, hashBytes: HashBytes): Promise<boolean> {
  const end = bytes.subarray(bytes.length - hashBytes);
  // index.skipHash leaves zeros there.
  if (end.every((byte) => byte === 0)) return true;
  return (await hashOf(bytes.subarray(0, bytes.length - hashBytes), hashBytes)).digest().equals(end);
}

async function hashOf(bytes: Buffer, hashBytes: HashBytes): Promise<Hash> {
  const hash = createHash(hashBytes === 20 ? 'sha1' : 'sha256');
  for (let at = 0; at < bytes.length; at += hashBreath) {
    if (at > 0) await pause();
    hash.update(bytes.subarray(at, at + hashBreath));
  }
  return hash;
}

function hasExtension(bytes: Buffer, start: number, end: number, name: string): boolean {
  for (let at = start; at + 8 <= end; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) === name) return true;
  }
  return false;
}
