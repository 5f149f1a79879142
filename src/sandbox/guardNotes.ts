/**
 * What guards write down, one note each, in a folder that all of them share: after a crash the next one knows what to
 * clean up, and nobody removes stand-ins that another one's commands are mounted on. The state is part of the file's name,
 * so a call costs renames, and a note is written only when the workspace changed.
 *
 * `held`: commands may live. `releasing`: its stand-ins are being removed. Who begins to hold says so first and then waits
 * for those who release; who releases says so first and then leaves what others hold. One of two sees the other.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from './stateFolder.ts';

const foundSchema = z.object({ identity: z.string(), root: z.string(), link: z.string().exactOptional() });
/** Paths in it are bytes (see bytePath.ts). */
const notedSchema = z.object({
  roots: z.array(z.string()).readonly(),
  hidden: z.array(z.string()).readonly(),
  /** The protected paths as they were before the commands. */
  before: z.array(z.tuple([z.string(), foundSchema]).readonly()).readonly(),
  standIns: z.array(z.string()).readonly(),
});

/** A note's content. */
export type Noted = z.infer<typeof notedSchema>;
type State = 'idle' | 'held' | 'releasing';

interface Other {
  readonly path: string;
  readonly state: State;
  readonly alive: boolean;
}

/** Far longer than removing empty folders takes. */
const releasingMs = 2000;
const noteName = /^(\d+)-[^.]+\.(?:(idle|held|releasing)|new)$/;

/** The note of one guard of this process. */
export class GuardNote {
  readonly #folder: string;
  readonly #name = `${process.pid}-${randomUUID()}`;
  #state: State = 'idle';

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Whole or not at all. */
  write(noted: Noted): void {
    const path = join(this.#folder, `${this.#name}.new`);
    writeFileSync(path, JSON.stringify(noted), { mode: 0o600 });
    renameSync(path, this.#path);
  }

  enter(state: State): void {
    if (state === this.#state) return;
    const from = this.#path;
    this.#state = state;
    renameSync(from, this.#path);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }

  /** Stand-ins that other living guards hold. */
  heldByOthers(): ReadonlySet<string> {
    return this.#standInsOfOthers((state) => state === 'held');
  }

  /** Those that they are removing just now, too. */
  standingByOthers(): ReadonlySet<string> {
    return this.#standInsOfOthers((state) => state !== 'idle');
  }

  #standInsOfOthers(counts: (state: State) => boolean): ReadonlySet<string> {
    for (;;) {
      const held = others(this.#folder, this.#name).filter(({ state, alive }) => alive && counts(state));
      const noted = held.flatMap(({ path }) => readNote(path) ?? []);
      // One that is gone was renamed just now: look again.
      if (noted.length === held.length) return new Set(noted.flatMap(({ standIns }) => standIns));
    }
  }

  /** Waits while others remove stand-ins; it takes them less than a millisecond. */
  awaitReleasing(): void {
    const startedAt = performance.now();
    const nothing = new Int32Array(new SharedArrayBuffer(4));
    while (others(this.#folder, this.#name).some(({ state, alive }) => alive && state === 'releasing')) {
      if (performance.now() - startedAt > releasingMs) throw new Error('another guard does not finish its release');
      Atomics.wait(nothing, 0, 0, 1);
    }
  }

  /**
   * Takes over the note of one that died while it held, and is in its state `releasing` from then on. Notes of the dead
   * that held nothing are removed.
   */
  takeOver(): Noted | undefined {
    for (const { path, state, alive } of others(this.#folder, this.#name)) {
      if (alive) continue;
      if (state === 'idle') rmSync(path, { force: true });
      else if (this.#took(path)) {
        const noted = readNote(this.#path);
        if (noted) return noted;
        this.remove();
      }
    }
    return undefined;
  }

  #took(path: string): boolean {
    this.#state = 'releasing';
    try {
      renameSync(path, this.#path);
      return true;
    } catch {
      // Another one was faster.
      return false;
    }
  }

  get #path(): string {
    return join(this.#folder, `${this.#name}.${this.#state}`);
  }
}

/** Whether the notes of somebody dead are there. */
export function hasDead(folder: string): boolean {
  return others(folder, '').some(({ alive }) => !alive);
}

function others(folder: string, own: string): readonly Other[] {
  return list(folder).flatMap((name) => {
    const [, pid, state] = noteName.exec(name) ?? [];
    if (pid === undefined || name.startsWith(`${own}.`)) return [];
    const path = join(folder, name);
    // A note that was half written has no state: its guard had not begun to hold.
    return [{ path, state: toState(state), alive: isAlive(Number(pid)) }];
  });
}

function toState(text: string | undefined): State {
  return text === 'held' || text === 'releasing' ? text : 'idle';
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined when it is gone. What is no note (an older version's, say) says nothing. */
function readNote(path: string): Noted | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return notedSchema.parse(JSON.parse(text));
  } catch {
    return { roots: [], hidden: [], before: [], standIns: [] };
  }
}
