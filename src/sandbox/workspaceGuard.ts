/** Keeps a workspace's protected paths for all calls of one shell: looks, undoes, and holds names that must stay free. */
import { activityOf } from './activity.ts';
import { toBytes } from './bytePath.ts';
import { GuardNote, hasDead } from './guardNotes.ts';
import { clear, scanAll, sweepNotes } from './sweepNotes.ts';
import { mountsFor, type ProtectedPaths, type ProtectingMounts } from './protectedPaths.ts';
import { makeStandIns, removeStandIns, standInAt } from './standIns.ts';
import { WorkspaceScan, type ClosedFolders } from './workspaceScan.ts';

/** What a guard is made for; `notes` is the folder where guards write. */
export interface GuardedWorkspace {
  readonly roots: readonly string[];
  readonly hidden: readonly string[];
  readonly notes: string;
}

/** Something that lives: a command, or an interpreter with its calls. */
interface Holder {
  /** Whether a call of its runs. */
  busy: boolean;
  /** The process, where it is known. */
  pid: number | undefined;
  readonly said: Set<string>;
}

/** A command may create the same again and again. */
const maxNotes = 50;
const leastWaitMs = 100;
/** The first look after a call of an interpreter that lives on: from then on it is known whether it does anything. */
const afterCallMs = 20;
/** Looking may take a thirtieth of the time. */
const waitPerLook = 30;

/** Synchronous, so that a call's steps are never mixed with another's: it has its own thread. */
export class WorkspaceGuard {
  readonly #roots: readonly string[];
  readonly #hidden: readonly string[];
  readonly #notes: string;
  readonly #note: GuardNote;
  readonly #scans: readonly WorkspaceScan[];
  readonly #holders = new Map<number, Holder>();
  /** What stands for us, by path, with the identity that it had then. */
  readonly #standIns = new Map<string, string>();
  #before: ProtectedPaths = new Map();
  #mounts: ProtectingMounts | undefined;
  #noted: { readonly before: ProtectedPaths; readonly standIns: string } | undefined;
  /** The activity of what lives, from before the last look; undefined when something ran since. */
  #rest: string | undefined;
  #unsaid: readonly string[];
  #timer: NodeJS.Timeout | undefined;

  constructor({ roots, hidden, notes }: GuardedWorkspace) {
    this.#roots = roots.map(toBytes);
    this.#hidden = hidden.map(toBytes);
    this.#notes = notes;
    this.#unsaid = sweepNotes(notes);
    this.#note = new GuardNote(notes);
    this.#scans = this.#roots.map((root) => new WorkspaceScan(root, this.#hidden));
  }

  /** Looks for the first time, so that the next time is quick. */
  warm(): void {
    if (this.#holders.size === 0) this.#scan('accepted');
  }

  /** What is there now stays; what comes from now on, while anything is held, is moved away. */
  hold(id: number): ProtectingMounts {
    if (hasDead(this.#notes)) this.#unsaid = [...this.#unsaid, ...sweepNotes(this.#notes)];
    this.#look();
    const mounts = this.#mountsNow();
    const holder = { busy: true, pid: undefined, said: new Set(this.#unsaid) };
    const absent = this.#stand(mounts.absent);
    this.#holders.set(id, holder);
    this.#unsaid = [];
    this.#lookLater(leastWaitMs);
    return { ...mounts, absent };
  }

  /** Another call of one that lives begins. */
  look(id: number): void {
    const holder = this.#holders.get(id);
    if (!holder) return;
    this.#look();
    holder.busy = true;
    this.#rest = undefined;
  }

  /** The process of one that lives. */
  watch(id: number, pid: number): void {
    const holder = this.#holders.get(id);
    if (holder) holder.pid = pid;
  }

  /** A call of one that lives ended: what was moved away since it began, in words. */
  check(id: number): readonly string[] {
    const holder = this.#holders.get(id);
    if (!holder) return [];
    this.#clear('waiting');
    holder.busy = false;
    this.#lookLater(afterCallMs);
    return take(holder.said);
  }

  /** Once the process is gone: the same, and nothing is held for it any more. */
  release(id: number): readonly string[] {
    const holder = this.#holders.get(id);
    if (!holder) return [];
    const last = this.#holders.size === 1;
    try {
      this.#clear(last ? 'opened' : 'waiting');
    } finally {
      this.#holders.delete(id);
      if (last) this.#leave();
    }
    return take(holder.said);
  }

  dispose(): void {
    try {
      for (const id of [...this.#holders.keys()]) this.release(id);
    } finally {
      this.#note.remove();
    }
  }

  /** Before a call: what is new is a person's when no command can have made it. */
  #look(): void {
    if (this.#holders.size === 0) this.#accept(this.#scan('accepted'));
    else this.#clear('waiting');
  }

  #accept(found: ProtectedPaths): void {
    if (isEqual(found, this.#before)) return;
    this.#before = found;
    this.#mounts = undefined;
    if (this.#holders.size > 0) this.#write([...this.#standIns.keys()]);
  }

  #clear(closed: ClosedFolders): void {
    const rest = this.#rest;
    this.#rest = undefined;
    let found: ProtectedPaths | undefined = this.#scan(closed);
    if (isEqual(found, this.#before)) return;
    if (rest !== undefined && rest === this.#activity()) {
      this.#accept(found);
      return;
    }
    const notes = clear(this.#before, () => {
      const now = found ?? this.#scan(closed);
      found = undefined;
      return now;
    });
    for (const { said } of this.#told()) for (const note of notes) if (said.size < maxNotes) said.add(note);
  }

  /** Whose calls run now; who merely lives is told only when none does. */
  #told(): readonly Holder[] {
    const all = [...this.#holders.values()];
    const busy = all.filter((holder) => holder.busy);
    return busy.length > 0 ? busy : all;
  }

  /** Without stand-ins: they are nobody's files. One of ours that was replaced is none. */
  #scan(closed: ClosedFolders): ProtectedPaths {
    const found = this.#withoutOurs(scanAll(this.#scans, closed));
    if ([...found.keys()].every((path) => this.#before.has(path))) return found;
    // Others may have made some of it, be removing it, or have removed it again while we looked: it is no person's.
    const before = this.#note.standingByOthers();
    const again = this.#withoutOurs(scanAll(this.#scans, closed));
    const after = this.#note.standingByOthers();
    return new Map([...again].filter(([path]) => this.#standIns.has(path) || (!before.has(path) && !after.has(path))));
  }

  #withoutOurs(found: ProtectedPaths): ProtectedPaths {
    const isOurs = (path: string) => {
      const own = this.#standIns.get(path);
      return own !== undefined && own === standInAt(path);
    };
    return new Map([...found].filter(([path]) => !isOurs(path)));
  }

  /** A link may name something else now although it is the same link. */
  #mountsNow(): ProtectingMounts {
    const withLinks = [...this.#before.values()].some(({ link }) => link !== undefined);
    if (withLinks || !this.#mounts) this.#mounts = mountsFor(this.#roots, this.#before);
    return this.#mounts;
  }

  /** Makes what does not stand yet; those that can be mounted on. */
  #stand(absent: readonly string[]): readonly string[] {
    const wanted = absent.map(toBytes).filter((path) => !this.#standIns.has(path));
    this.#write([...this.#standIns.keys(), ...wanted]);
    this.#note.enter('held');
    this.#note.awaitReleasing();
    for (const [path, identity] of makeStandIns(wanted)) this.#standIns.set(path, identity);
    return absent.filter((path) => this.#standIns.has(toBytes(path)));
  }

  #write(standIns: readonly string[]): void {
    const before = this.#before;
    if (this.#noted?.before === before && this.#noted.standIns === standIns.join('\0')) return;
    this.#note.write({ roots: this.#roots, hidden: this.#hidden, before: [...before], standIns });
    this.#noted = { before, standIns: standIns.join('\0') };
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#note.enter('releasing');
    const others = this.#note.heldByOthers();
    removeStandIns([...this.#standIns.keys()].filter((path) => !others.has(path)));
    this.#standIns.clear();
    this.#note.enter('idle');
  }

  #lookLater(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const startedAt = performance.now();
      const activity = this.#activity();
      try {
        this.#clear('waiting');
        this.#rest = activity;
      } catch {
        // A look that fails is left to the next one, in the end to the check.
      }
      this.#lookLater(Math.max(leastWaitMs, waitPerLook * (performance.now() - startedAt)));
    }, waitMs);
  }

  /** Undefined while a call runs, or when nobody knows the process. */
  #activity(): string | undefined {
    const pids = [...this.#holders.values()].flatMap(({ busy, pid }) => (busy || pid === undefined ? [] : [pid]));
    return pids.length === this.#holders.size ? activityOf(pids) : undefined;
  }
}

function take(said: Set<string>): readonly string[] {
  const all = [...said];
  said.clear();
  return all;
}

function isEqual(one: ProtectedPaths, other: ProtectedPaths): boolean {
  return one.size === other.size && [...one].every(([path, { identity }]) => other.get(path)?.identity === identity);
}
