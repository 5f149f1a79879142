/** Protection of a workspace's protected paths for as long as a process lives. */
import { heldPaths, holdMountPoints } from './mountPoints.ts';
import { findProtected, mountsFor, moveAway, type ProtectedPaths, type ProtectingMounts } from './protectedPaths.ts';

export interface Guard {
  readonly mounts: ProtectingMounts;
  /** Looks at the workspace as it is before a call; the first call needs none. */
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** Moves away what was created since, and says so. */
  readonly check: () => Promise<readonly string[]>;
  /** Once the process is gone. */
  readonly release: () => Promise<void>;
}

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
  let before = await find(signal);
  const wanted = await mountsFor(roots, before);
  signal.throwIfAborted();
  const held = await holdMountPoints(notes, wanted.absent);
  return {
    mounts: { ...wanted, absent: held.paths },
    look: async (until) => {
      before = await find(until);
    },
    check: async () => moveAway(before, await find(new AbortController().signal)),
    release: held.release,
  };
}
