/** Putting files back, and keeping what a person changed, where the run itself has ended. */
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import type { CheckpointFact } from '../agent/ports.ts';
import { findCheckpoint } from '../shared/checkpoints.ts';
import { changesSince } from './changes.ts';
import type { Fact, FactOf } from '../shared/events.ts';
import type { FileChange } from '../shared/refs.ts';
import { fold, foldAll, type Checkpoint, type Trajectory } from '../shared/trajectory.ts';
import { openLog } from '../store/eventLog.ts';
import { takeLock } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';
import { keepFilesFurther } from './keepFiles.ts';
import type { Keeping, RestoreWish } from './keeping.ts';
import { requireSameRoots, type KeptRun } from './keptRun.ts';
import type { RunSurroundings } from './surroundings.ts';

/** What putting back would do: the files that calls changed and that are not as they were then. */
export interface RestorePlan {
  readonly target: Checkpoint;
  /** From then to now. */
  readonly files: readonly FileChange[];
  /** Those of them that a person changed as well since then, as far as that was kept apart. */
  readonly persons: readonly string[];
  readonly wish: RestoreWish;
}

/** Plans to put back what calls changed; what only a person changed stays. `only`: none but these. */
export async function planRestore(
  { trajectory, reader }: KeptRun,
  target: Checkpoint,
  only?: ReadonlySet<string>,
): Promise<RestorePlan> {
  const changed = await changesSince(trajectory, target, reader);
  const files = only ? changed.filter(({ path }) => only.has(path)) : changed;
  const since = trajectory.checkpoints.slice(trajectory.checkpoints.indexOf(target) + 1);
  const byPerson = new Set(since.flatMap((one) => (one.kind === 'person' ? one.files.map(({ path }) => path) : [])));
  const paths = files.map(({ path }) => path);
  const persons = paths.filter((path) => byPerson.has(path));
  return { target, files, persons, wish: { to: target.checkpoint, only: paths } };
}

/** Puts files back for a run that nobody writes, and has its model told when it goes on. Throws UserError. */
export async function restoreEnded(
  runId: string,
  wish: RestoreWish,
  around: RunSurroundings,
): Promise<FactOf<'checkpoint.made'>> {
  return reopened(runId, around, async ({ kept, trajectory }) => {
    if (!findCheckpoint(trajectory(), wish.to)) {
      throw new UserError(`The log of run ${runId} names no checkpoint ${wish.to.number} of run ${wish.to.runId}.`);
    }
    return kept.restore(wish, around.signal);
  });
}

/** Keeps what a person changed (absolute paths), for a run that nobody writes, and has its model told. Throws UserError. */
export async function keepPersonsOfEnded(
  runId: string,
  { paths, note }: { readonly paths: readonly string[]; readonly note: string },
  around: RunSurroundings,
): Promise<void> {
  await reopened(runId, around, async ({ kept, tell }) => {
    kept.keepPersons(paths);
    await kept.port.settled();
    await tell(note);
  });
}

interface Reopened {
  readonly kept: Keeping;
  readonly trajectory: () => Trajectory;
  readonly tell: (note: string) => Promise<void>;
}

/** The log is only appended to: the run does not go on. */
async function reopened<T>(runId: string, around: RunSurroundings, work: (run: Reopened) => Promise<T>): Promise<T> {
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
