/** Cleans up after guards whose process died while commands ran: what those made is moved away, stand-ins are removed. */
import { GuardNote, type Noted } from './guardNotes.ts';
import { moveAway } from './moveAway.ts';
import type { ProtectedPaths } from './protectedPaths.ts';
import { removeStandIns } from './standIns.ts';
import { WorkspaceScan, type ClosedFolders } from './workspaceScan.ts';

/** What was moved may hold more of the kind, which shows only then. */
const maxRounds = 4;

/** In every workspace; `notes` is where guards write. Gives back what it moved, in words for the model. Synchronous. */
export function sweepNotes(notes: string): readonly string[] {
  const said: string[] = [];
  for (;;) {
    const note = new GuardNote(notes);
    const noted = note.takeOver();
    if (!noted) return said;
    try {
      const others = note.heldByOthers();
      removeStandIns(noted.standIns.filter((path) => !others.has(path)));
      // From here on it may take long, and nobody need wait.
      note.enter('held');
      said.push(...sweepOne(noted, others));
    } catch {
      // A workspace that is gone has nothing left to move.
    } finally {
      note.remove();
    }
  }
}

function sweepOne(noted: Noted, others: ReadonlySet<string>): readonly string[] {
  const scans = noted.roots.map((root) => new WorkspaceScan(root, noted.hidden));
  const isFile = ([path]: readonly [string, unknown]) => !others.has(path);
  return clear(new Map(noted.before), () => new Map([...scanAll(scans, 'opened')].filter(isFile)));
}

/** Moves away until nothing is left to move. */
export function clear(before: ProtectedPaths, scan: () => ProtectedPaths): readonly string[] {
  const said: string[] = [];
  for (let round = 0; round < maxRounds; round++) {
    const notes = moveAway(before, scan());
    said.push(...notes);
    if (notes.length === 0) break;
  }
  return said;
}

/** What is protected in all roots. Throws when one cannot be looked at. */
export function scanAll(scans: readonly WorkspaceScan[], closed: ClosedFolders): ProtectedPaths {
  return new Map(scans.flatMap((scan) => [...scan.scan(closed)]));
}
