/** Putting files back, and keeping what a person changed, where the run itself has ended. */
import { UserError } from '../agent/errors.ts';
import { beforeRestore, findCheckpoint, skippedSince } from '../shared/checkpoints.ts';
import { asOfWords } from '../shared/describeItem.ts';
import type { FactOf } from '../shared/events.ts';
import type { FileChange, SkippedFile } from '../shared/refs.ts';
import type { Checkpoint } from '../shared/trajectory.ts';
import { changesAt, changesSince } from './changes.ts';
import type { RestoreWish } from './keeping.ts';
import type { KeptRun } from './keptRun.ts';
import { reopened } from './reopened.ts';
import type { RunSurroundings } from './surroundings.ts';

/** What putting back would do: the files that are not as they were then. */
export interface RestorePlan {
  readonly target: Checkpoint;
  /** Which state that is: "as they were after turn 3". */
  readonly words: string;
  /** From then to now. */
  readonly files: readonly FileChange[];
  /** Those of them that a person changed as well since then, as far as that was kept apart; what no checkpoint holds yet counts. */
  readonly persons: readonly string[];
  /** What this checkpoint, or one since then, does not hold: it stays as it is. */
  readonly skipped: readonly SkippedFile[];
  readonly wish: RestoreWish;
}

/** Plans to put back what calls changed; what only a person changed stays. */
export async function planRestore(kept: KeptRun, target: Checkpoint): Promise<RestorePlan> {
  const files = await changesSince(kept.trajectory, target, kept.reader);
  return planned(kept, target, files, asOfWords(target.turn));
}

/** Plans to take back that files were put back: they become what they were then, with what a person had written. Throws UserError. */
export async function planUndo(kept: KeptRun, restore: Checkpoint): Promise<RestorePlan> {
  const { trajectory, reader } = kept;
  const target = beforeRestore(trajectory, restore);
  if (!target) throw new UserError('The files as they were before these were put back were not kept.');
  const paths = new Set((await changesAt(trajectory, restore, reader)).map(({ path }) => path));
  const files = (await reader.changes(target.checkpoint, 'now')).filter(({ path }) => paths.has(path));
  return planned(kept, target, files, 'as they were before you put files back');
}

async function planned(
  kept: KeptRun,
  target: Checkpoint,
  files: readonly FileChange[],
  words: string,
): Promise<RestorePlan> {
  const paths = files.map(({ path }) => path);
  const byPerson = files.length > 0 ? await personsSince(kept, target) : new Set<string>();
  const persons = paths.filter((path) => byPerson.has(path));
  const since = skippedSince(kept.trajectory, target);
  const notKept = new Map([...target.skipped, ...since].map((one) => [one.path, one]));
  const skipped = [...notKept.values()].filter(({ path }) => !paths.includes(path));
  return { target, words, files, persons, skipped, wish: { to: target.checkpoint, only: paths } };
}

/** Paths that a person changed since a checkpoint: what is other than in the newest one, no call did. */
async function personsSince({ trajectory, reader }: KeptRun, target: Checkpoint): Promise<ReadonlySet<string>> {
  const { checkpoints } = trajectory;
  const paths = new Set<string>();
  for (const one of checkpoints.slice(checkpoints.indexOf(target) + 1)) {
    if (one.kind !== 'person') continue;
    for (const { path } of await changesAt(trajectory, one, reader)) paths.add(path);
  }
  const newest = checkpoints.at(-1) ?? target;
  for (const { path } of await reader.changes(newest.checkpoint, 'now')) paths.add(path);
  return paths;
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
