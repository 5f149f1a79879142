/** Cleans up after processes of ours that died while commands ran, in every workspace. */
import { guardWorkspace } from './guard.ts';
import { hasDead } from './guardNotes.ts';
import { notesIn, stateBase } from './stateFolder.ts';

/** In a thread, since a workspace may be large. */
export async function sweepLeftovers(): Promise<void> {
  const notes = notesIn(await stateBase());
  // A guard sweeps before it begins.
  if (hasDead(notes)) await guardWorkspace({ roots: [], hidden: [], notes }).dispose();
}
