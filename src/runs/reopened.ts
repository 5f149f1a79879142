/** A run that nobody writes, opened for work on its files alone. */
import { join } from 'node:path';
import type { CheckpointFact } from '../agent/ports.ts';
import type { Fact } from '../shared/events.ts';
import { fold, foldAll, type Trajectory } from '../shared/trajectory.ts';
import { openLog } from '../store/eventLog.ts';
import { takeLock } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';
import { keepFilesFurther } from './keepFiles.ts';
import type { Keeping } from './keeping.ts';
import { requireSameRoots } from './sameRoots.ts';
import type { RunSurroundings } from './surroundings.ts';

/** What is open for the time of the work. */
interface Reopened {
  readonly kept: Keeping;
  readonly trajectory: () => Trajectory;
  readonly tell: (note: string) => Promise<void>;
}

/** The log is only appended to: the run does not go on. Throws UserError while somebody writes it. */
export async function reopened<T>(
  runId: string,
  around: RunSurroundings,
  work: (run: Reopened) => Promise<T>,
): Promise<T> {
  const folder = join(around.runsFolder, runId);
  const lost = new AbortController();
  const lock = await takeLock(folder, () => lost.abort());
  try {
    const { events, end } = await readLog(folder);
    let trajectory: Trajectory = foldAll(events);
    await requireSameRoots(trajectory, around);
    const log = await openLog(folder, { count: events.length, end }, Date.now);
    try {
      const append = async (...facts: readonly (Fact | CheckpointFact)[]) => {
        lost.signal.throwIfAborted();
        for (const event of await log.append(...facts)) trajectory = fold(trajectory, event);
      };
      const note = async (text: string) => append({ type: 'note.added', text, afterTurn: trajectory.turns });
      const recording = { trajectory: () => trajectory, append, note, stopping: () => false };
      const kept = keepFilesFurther(folder, recording, around);
      return await work({ kept, trajectory: () => trajectory, tell: note }).finally(kept.dispose);
    } finally {
      await log.close();
    }
  } finally {
    await lock.release();
  }
}
