/**
 * Looks for protected paths in a workspace again and again, cheaply: a tree of its folders is kept, and a folder is read
 * again only when its ctime changed, which no command can set. Links are not followed. Synchronous: it has its own thread.
 */
import { lstatSync, readlinkSync, type BigIntStats } from 'node:fs';
import { isProtected, mayBeProtected } from '../agent/protectedPaths.ts';
import { bareLayout } from './bareRepository.ts';
import { toSystem, toText } from './bytePath.ts';
import { isWithin } from './environment.ts';
import { listFolder, openFolder, type Entry } from './folderHandle.ts';
import type { Found, ProtectedPaths } from './protectedPaths.ts';

interface Folder {
  readonly bytes: string;
  readonly system: string | Buffer;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly inNodeModules: boolean;
  ctimeNs: bigint;
  /** When this ctime was first seen, in ms of the monotonic clock. */
  seenAt: number;
  /** Whether a change from now on is certain to show in its ctime. */
  settled: boolean;
  /** One that was closed to us before any command stays closed; `unread` is looked at again. */
  access: 'read' | 'unread' | 'closed';
  children: Folder[];
  found: readonly (readonly [string, Found])[];
}

/** A clock tick of the file system at most; changes within one may leave the ctime as it is. */
const tickMs = 20;
/** The same where times are whole seconds (FAT, some network file systems). */
const coarseTickMs = 2500;
/**
 * What to do about folders that we may not read: before commands they are taken as they are, while commands live they wait,
 * in the end those that commands left are opened.
 */
export type ClosedFolders = 'accepted' | 'waiting' | 'opened';

/** One root's folders as they were when it was looked at last. */
export class WorkspaceScan {
  readonly #root: string;
  readonly #hidden: readonly string[];
  #top: Folder | undefined;
  #found: ProtectedPaths = new Map();
  #changed = true;
  #closed: ClosedFolders = 'accepted';

  /** Paths are bytes (see bytePath.ts); what is `hidden` from commands is left out. */
  constructor(root: string, hidden: readonly string[]) {
    this.#root = root;
    this.#hidden = hidden;
  }

  /** What is protected now; the same object when nothing was added or taken. Throws when it cannot look. */
  scan(closed: ClosedFolders): ProtectedPaths {
    this.#closed = closed;
    const known = this.#top;
    this.#top = undefined;
    const state = lstatSync(toSystem(this.#root), { bigint: true });
    const top = this.#look(this.#root, state, known, false);
    if (this.#changed) {
      const all: (readonly [string, Found])[] = [];
      collect(top, all);
      this.#found = new Map(all);
      this.#changed = false;
    }
    this.#top = top;
    return this.#found;
  }

  /** The folder as it is now: the known one where it is the same. */
  #look(bytes: string, state: BigIntStats, known: Folder | undefined, inNodeModules: boolean): Folder {
    const now = performance.now();
    const { dev, ino, ctimeNs } = state;
    if (known?.dev !== dev || known.ino !== ino) {
      this.#changed = true;
      const system = toSystem(bytes);
      const settled = isOld(ctimeNs);
      const place = { bytes, system, dev, ino, inNodeModules, children: [], found: [] };
      const folder: Folder = { ...place, ctimeNs, seenAt: now, settled, access: 'read' };
      this.#read(folder);
      return folder;
    }
    if (known.ctimeNs !== ctimeNs) {
      known.ctimeNs = ctimeNs;
      known.seenAt = now;
      known.settled = false;
      this.#read(known);
    } else if (known.settled && known.access !== 'unread') this.#descend(known);
    else {
      known.settled = isOld(ctimeNs) && now - known.seenAt >= tickOf(ctimeNs);
      this.#read(known);
    }
    return known;
  }

  /** Its folders, with nothing changed in it. */
  #descend(folder: Folder): void {
    const { children } = folder;
    for (let at = 0; at < children.length; at++) {
      const child = children[at];
      const state = child && stateOf(child.system);
      // It went since it was listed: its parent's ctime shows that the next time.
      if (!child || !state?.isDirectory()) continue;
      const now = this.#look(child.bytes, state, child, child.inNodeModules);
      if (now !== child) children[at] = now;
    }
  }

  #read(folder: Folder): void {
    const entries = this.#entriesOf(folder);
    const repository = bareLayout(entries.map(({ name }) => name));
    const known = new Map(folder.children.map((child) => [child.bytes, child]));
    const before = folder.found;
    const [children, found]: [Folder[], (readonly [string, Found])[]] = [[], []];
    for (const entry of entries) {
      const bytes = `${folder.bytes === '/' ? '' : folder.bytes}/${entry.name}`;
      if (repository === entry.name || this.#isProtected(bytes, entry.name, folder.inNodeModules)) {
        const state = this.#foundAt(bytes);
        if (state) found.push([bytes, state]);
        continue;
      }
      if (!entry.mayBeFolder) continue;
      const state = stateOf(toSystem(bytes));
      if (!state?.isDirectory() || this.#hidden.includes(bytes)) continue;
      const inNodeModules = folder.inNodeModules || entry.name === 'node_modules';
      children.push(this.#look(bytes, state, known.get(bytes), inNodeModules));
    }
    this.#changed ||= children.length !== folder.children.length || children.some(({ bytes }) => !known.has(bytes));
    this.#changed ||= found.length !== before.length || found.some(([path, now], at) => !isSame(before[at], path, now));
    folder.children = children;
    folder.found = found;
  }

  #entriesOf(folder: Folder): readonly Entry[] {
    let entries = listFolder(folder.system);
    if (!entries && folder.access !== 'closed' && this.#closed === 'opened') {
      openFolder(folder.bytes);
      entries = listFolder(folder.system);
    }
    const accepted = this.#closed === 'accepted' || folder.access === 'closed';
    folder.access = entries ? 'read' : accepted ? 'closed' : 'unread';
    return entries ?? [];
  }

  /** Of node_modules only repositories count. */
  #isProtected(bytes: string, name: string, inNodeModules: boolean): boolean {
    if (inNodeModules ? !/^\.git$/i.test(name) : !mayBeProtected(toText(name))) return false;
    return (
      isProtected(toText(bytes.slice(this.#root.length + 1))) && !this.#hidden.some((folder) => isWithin(bytes, folder))
    );
  }

  #foundAt(bytes: string): Found | undefined {
    const state = stateOf(toSystem(bytes));
    if (!state) return undefined;
    const root = this.#root;
    if (!state.isSymbolicLink()) return { identity: `${state.dev}:${state.ino}`, root };
    const link = linkAt(bytes);
    return link === undefined ? undefined : { identity: `-> ${link}`, root, link };
  }
}

/** Undefined when it went, or stands where we may not look. */
function stateOf(path: string | Buffer): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isSame(old: readonly [string, Found] | undefined, path: string, now: Found): boolean {
  return old?.[0] === path && old[1].identity === now.identity;
}

function collect(folder: Folder, into: (readonly [string, Found])[]): void {
  into.push(...folder.found);
  for (const child of folder.children) collect(child, into);
}

function linkAt(bytes: string): string | undefined {
  try {
    return readlinkSync(toSystem(bytes), 'latin1');
  } catch {
    return undefined;
  }
}

function tickOf(ctimeNs: bigint): number {
  return ctimeNs % 1_000_000_000n === 0n ? coarseTickMs : tickMs;
}

/** Whether the tick in which the folder changed last is over. A clock that disagrees settles nothing early. */
function isOld(ctimeNs: bigint): boolean {
  return Math.abs(Date.now() - Number(ctimeNs / 1_000_000n)) > tickOf(ctimeNs);
}
