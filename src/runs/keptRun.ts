/** A run's checkpoints, to be read: with its trajectory, and only in the workspace that it worked in. */
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import type { CheckpointRef } from '../shared/refs.ts';
import { foldAll, type Trajectory } from '../shared/trajectory.ts';
import type { CheckpointReader } from '../store/checkpoints/api.ts';
import { isRunId } from '../store/folders.ts';
import { readLog } from '../store/readLog.ts';
import { readerFor } from './keepFiles.ts';
import { hasRoots } from './sameRoots.ts';
import type { RunSurroundings } from './surroundings.ts';

/** What is known of a run's files. */
export interface KeptRun {
  readonly trajectory: Trajectory;
  readonly reader: CheckpointReader;
}

type Around = Pick<RunSurroundings, 'roots' | 'runsFolder'>;

/** Throws UserError where nothing is kept, or the run worked elsewhere: a log may come from anywhere. */
export async function openKept(runId: string, around: Around): Promise<KeptRun> {
  if (!isRunId(runId)) throw new UserError(`${runId} is not the id of a run.`);
  const trajectory = foldAll((await readLog(join(around.runsFolder, runId))).events);
  await requireSameRoots(trajectory, around);
  if (trajectory.checkpoints.length === 0) {
    throw new UserError(`Run ${runId} kept no checkpoints of the files, so its changes are not known.`);
  }
  return { trajectory, reader: readerFor(around) };
}

/** Throws UserError when a run worked in another workspace than this one. */
export async function requireSameRoots(
  { start, runId }: Pick<Trajectory, 'start' | 'runId'>,
  { roots }: Pick<RunSurroundings, 'roots'>,
): Promise<void> {
  if (await hasRoots(start ? { start } : {}, { roots })) return;
  throw new UserError(
    `Run ${runId} worked in ${start?.roots.join(', ') || 'no folder'}, which is not this workspace: its files can be neither compared nor put back here.`,
  );
}

/** A file's bytes as a checkpoint keeps them; undefined where it was not there. Throws UserError. */
export async function readKept(at: CheckpointRef, path: string, around: Around): Promise<Uint8Array | undefined> {
  const { reader } = await openKept(at.runId, around);
  return reader.contents(at, path);
}
