/** What of some names can be kept, by looking at the files. */
import { type Stats, accessSync, constants, lstatSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import { isKeptOut } from './keptOut.ts';
import { type ByteName, placeOf } from './names.ts';

/** What checkpoints hold, in bytes: of one file, and of all that is added in one. */
export interface KeepLimits {
  readonly maxFileBytes: number;
  readonly maxBytes: number;
}

/** Names by what becomes of them. */
export interface Classified {
  readonly present: readonly ByteName[];
  /** Files and links that are not there, or no such thing any more. */
  readonly gone: readonly ByteName[];
  /** There and not kept, with the reason. */
  readonly unheld: ReadonlyMap<ByteName, string>;
}

/** So many are looked at before others have their turn: looking is quick, waiting for each is not. */
const breath = 64;

/** Sorts names out. Protected ones are left out. */
export async function classify(root: string, names: readonly ByteName[], limits: KeepLimits): Promise<Classified> {
  const isFolder = folderCheck(root);
  const present: { readonly name: ByteName; readonly size: number }[] = [];
  const gone: ByteName[] = [];
  const unheld = new Map<ByteName, string>();
  for (const [index, name] of names.entries()) {
    if (index % breath === breath - 1) await pause();
    if (isKeptOut(name)) continue;
    const stats = isFolder(name.slice(0, Math.max(0, name.lastIndexOf('/')))) ? statsOf(root, name) : undefined;
    const reason = stats && reasonAgainst(root, name, stats, limits);
    if (!stats || stats.isDirectory()) gone.push(name);
    else if (reason === undefined) present.push({ name, size: stats.isFile() ? stats.size : 0 });
    else unheld.set(name, reason);
  }
  let bytes = present.reduce((sum, { size }) => sum + size, 0);
  const largestFirst = bytes > limits.maxBytes ? present.toSorted((a, b) => b.size - a.size) : [];
  for (const { name, size } of largestFirst) {
    if (bytes <= limits.maxBytes) break;
    bytes -= size;
    unheld.set(name, budgetReason(limits));
  }
  return { present: present.map(({ name }) => name).filter((name) => !unheld.has(name)), gone, unheld };
}

/** Why a file is left out whose turn did not come. */
export function budgetReason({ maxBytes }: KeepLimits): string {
  return `one checkpoint adds at most ${sizeText(maxBytes)} (mirothinker.checkpoints.maxMB)`;
}

function reasonAgainst(root: string, name: ByteName, stats: Stats, { maxFileBytes }: KeepLimits): string | undefined {
  if (stats.isSymbolicLink() || stats.isDirectory()) return undefined;
  if (!stats.isFile()) return 'it is no file but a pipe, a socket or a device';
  if (stats.size > maxFileBytes)
    return `it is larger than ${sizeText(maxFileBytes)} (mirothinker.checkpoints.maxFileMB)`;
  return isReadable(root, name, stats) ? undefined : 'it cannot be read';
}

function isReadable(root: string, name: ByteName, { mode }: Stats): boolean {
  if ((mode & 0o444) === 0o444) return true;
  try {
    accessSync(placeOf(root, name), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function statsOf(root: string, name: ByteName): Stats | undefined {
  try {
    return lstatSync(placeOf(root, name));
  } catch {
    return undefined;
  }
}

/** Whether a folder is one, and all above it: what is reached through a link is not in the workspace. */
function folderCheck(root: string): (folder: ByteName) => boolean {
  const known = new Map<ByteName, boolean>([['', true]]);
  const check = (folder: ByteName): boolean => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    const is = check(above) && statsOf(root, folder)?.isDirectory() === true;
    known.set(folder, is);
    return is;
  };
  return check;
}

function sizeText(bytes: number): string {
  const [unit, size] = bytes >= 1e6 ? ['MB', bytes / 1e6] : ['kB', bytes / 1e3];
  return `${Number(size.toFixed(1))} ${unit}`;
}
