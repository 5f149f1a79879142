/** A checkpoint folded into a trajectory. State stays as it is: a checkpoint comes whenever it is ready. */
import { findCheckpoint } from './checkpoints.ts';
import { withCall } from './itemChanges.ts';
import type { Checkpoint, Item, Trajectory } from './items.ts';
import type { CheckpointRef } from './refs.ts';

/** The trajectory with one more checkpoint: a call's belongs to the call, a restored one is an item. */
export function withCheckpoint(t: Trajectory, checkpoint: Checkpoint): Trajectory {
  const { kind, callId, restored } = checkpoint;
  const checkpoints = [...t.checkpoints, checkpoint];
  if (kind === 'restore') {
    const asOfTurn = restored && turnOf(t, restored, checkpoint.turn);
    const item: Item = { ...checkpoint, kind, ...(asOfTurn !== undefined && { asOfTurn }) };
    return { ...t, checkpoints, items: [...t.items, item] };
  }
  if (callId === undefined) return { ...t, checkpoints };
  return { ...t, checkpoints, items: withCall(t.items, callId, (call) => ({ ...call, checkpoint })) };
}

/** A fork begins with files of its parent that were kept behind what both share: they are those of its turn. */
export function turnOf(t: Trajectory, restored: CheckpointRef, turn: number): number | undefined {
  const found = findCheckpoint(t, restored);
  if (!found) return restored.runId === t.runId ? undefined : turn;
  const next = t.checkpoints[t.checkpoints.indexOf(found) + 1];
  // What a person had written until files were put back is no turn's.
  return found.kind === 'person' && next?.kind === 'restore' ? undefined : found.turn;
}
