/** git's index as a list, and back: versions 2 to 4 are read, 2 is written (gitformat-index). */
import { createHash } from 'node:crypto';
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

/** Reads an index; undefined when it is damaged or of a version that is not known. */
export async function parseIndex(bytes: Buffer, hashBytes: HashBytes): Promise<IndexFile | undefined> {
  if (bytes.length < headerBytes + hashBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4 || !isWhole(bytes, hashBytes)) return undefined;
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
    const { value: dropped, next: nameAt } =
      version === 4 ? variableNumber(bytes, afterFlags) : { value: previous.length, next: afterFlags };
    const nameEnd = bytes.indexOf(0, nameAt);
    if (dropped > previous.length || nameEnd < 0 || nameEnd >= end) return undefined;
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

/** An index of these entries, in any order, one a name. */
export async function writtenIndex(entries: readonly IndexEntry[], hashBytes: HashBytes): Promise<Buffer> {
  const sized = entries.map((entry) => ({ entry, length: padded(statBytes + hashBytes + 2 + entry.name.length) }));
  const body = Buffer.alloc(sized.reduce((sum, { length }) => sum + length, headerBytes));
  body.write('DIRC', 'latin1');
  body.writeUInt32BE(2, 4);
  body.writeUInt32BE(entries.length, 8);
  let to = headerBytes;
  // By bytes, which is what comparing latin1 strings does.
  const sorted = sized.toSorted((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
  for (const [index, { entry, length }] of sorted.entries()) {
    const { name, source, at } = entry;
    const flagsAt = to + statBytes + hashBytes;
    source.copy(body, to, at, at + statBytes + hashBytes);
    body.writeUInt16BE(Math.min(name.length, 0xfff), flagsAt);
    body.write(name, flagsAt + 2, 'latin1');
    to += length;
    if (index % breath === breath - 1) await pause();
  }
  return Buffer.concat([body, digest(body, hashBytes)]);
}

/** The name of an entry's object. */
export function objectIdOf({ source, at }: IndexEntry, hashBytes: HashBytes): string {
  return source.toString('hex', at + statBytes, at + statBytes + hashBytes);
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

/** Whether a file was changed so late that its index, written at that time in ns, cannot tell. */
export function isRacy({ source, at }: IndexEntry, writtenNs: bigint): boolean {
  const seconds = source.readUInt32BE(at + 8);
  const written = Number(writtenNs / 1_000_000_000n);
  return (
    seconds > written || (seconds === written && source.readUInt32BE(at + 12) >= Number(writtenNs % 1_000_000_000n))
  );
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

function isWhole(bytes: Buffer, hashBytes: HashBytes): boolean {
  const end = bytes.subarray(bytes.length - hashBytes);
  // index.skipHash leaves zeros there.
  return end.every((byte) => byte === 0) || digest(bytes.subarray(0, bytes.length - hashBytes), hashBytes).equals(end);
}

function digest(bytes: Buffer, hashBytes: HashBytes): Buffer {
  return createHash(hashBytes === 20 ? 'sha1' : 'sha256')
    .update(bytes)
    .digest();
}

function hasExtension(bytes: Buffer, start: number, end: number, name: string): boolean {
  for (let at = start; at + 8 <= end; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) === name) return true;
  }
  return false;
}
