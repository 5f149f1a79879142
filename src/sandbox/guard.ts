/** Protection of a workspace's protected paths for as long as a process lives. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeNote, sweepNotes } from './leftovers.ts';
import { heldPaths, holdMountPoints } from './mountPoints.ts';
import { findProtected, mountsFor, moveAway, type ProtectedPaths, type ProtectingMounts } from './protectedPaths.ts';

export interface Guard {
  readonly mounts: ProtectingMounts;
  /** Looks at the workspace as it is before a call; the first call needs none. */
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** Looks again and again, and moves away at once what was created; ends with `check` or `release`. */
  readonly watch: () => void;
  /** Moves away what was created since, and says so. */
  readonly check: () => Promise<readonly string[]>;
  /** Once the process is gone. */
  readonly release: () => Promise<void>;
}

const firstLookMs = 250;
const leastWaitMs = 1000;
/** Looking may take a tenth of the time. */
const waitPerLook = 10;
/** A command may create the same again and again. */
const maxNotes = 50;

/** Looks at the workspace and holds the names that must stay free. */
export async function guardWorkspace(
  workspace: { readonly roots: readonly string[]; readonly hidden: readonly string[]; readonly notes: string },
  signal: AbortSignal,
): Promise<Guard> {
  const { roots, hidden, notes } = workspace;
  /** Without stand-ins, ours and those of other runs: they are nobody's files. */
  const find = async (until: AbortSignal): Promise<ProtectedPaths> => {
    const heldBefore = await heldPaths(notes);
    const found = await findProtected(roots, hidden, until);
    const heldAfter = await heldPaths(notes);
    return new Map([...found].filter(([path]) => !heldBefore.has(path) && !heldAfter.has(path)));
  };
  const said = new Set(await sweepNotes(notes));
  let before = await find(signal);
  let watching: { readonly ending: AbortController; readonly ended: Promise<void> } | undefined;
  const clear = async (until: AbortSignal) => {
    for (const note of await moveAway(before, await find(until))) if (said.size < maxNotes) said.add(note);
  };
  const endWatch = async () => {
    watching?.ending.abort();
    await watching?.ended;
    watching = undefined;
  };
  const wanted = await mountsFor(roots, before);
  signal.throwIfAborted();
  const note = beforeNote(notes, roots, hidden);
  await note.write(before);
  const held = await holdMountPoints(notes, wanted.absent);
  return {
    mounts: { ...wanted, absent: held.paths },
    look: async (until) => {
      before = await find(until);
      await note.write(before);
    },
    watch: () => {
      const ending = new AbortController();
      watching ??= { ending, ended: repeat(clear, ending.signal) };
    },
    check: async () => {
      await endWatch();
      await clear(new AbortController().signal);
      const all = [...said];
      said.clear();
      return all;
    },
    release: async () => {
      await endWatch();
      await held.release();
      await note.remove();
    },
  };
}

/** A look that fails is left to the next one, in the end to the check. */
async function repeat(look: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  let waitMs = firstLookMs;
  while (!signal.aborted) {
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    const startedAt = performance.now();
    await look(signal).catch(() => undefined);
    waitMs = Math.max(leastWaitMs, waitPerLook * (performance.now() - startedAt));
  }
}
