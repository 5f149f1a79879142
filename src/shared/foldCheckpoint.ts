/** A checkpoint folded into a trajectory. State stays as it is: a checkpoint comes whenever it is ready. */
import { findCheckpoint } from './checkpoints.ts';
import { withCall } from './itemChanges.ts';
import type { Checkpoint, Item, Trajectory } from './items.ts';

/** The trajectory with one more checkpoint: a call's belongs to the call, a restored one is an item. */
export function withCheckpoint(t: Trajectory, checkpoint: Checkpoint): Trajectory {
  const { kind, callId, restored } = checkpoint;
  const checkpoints = [...t.checkpoints, checkpoint];
  if (kind === 'restore') {
    const asOfTurn = restored && findCheckpoint(t, restored)?.turn;
    const item: Item = { ...checkpoint, kind, ...(asOfTurn !== undefined && { asOfTurn }) };
    return { ...t, checkpoints, items: [...t.items, item] };
  }
  if (callId === undefined) return { ...t, checkpoints };
  return { ...t, checkpoints, items: withCall(t.items, callId, (call) => ({ ...call, checkpoint })) };
}
