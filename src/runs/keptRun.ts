/** A run's checkpoints, to be read: with its trajectory, and only in the workspace that it worked in. */
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import type { CheckpointRef } from '../shared/refs.ts';
import { foldAll, type Trajectory } from '../shared/trajectory.ts';
import type { CheckpointReader } from '../store/checkpoints/api.ts';
import { callUnderWay } from '../store/checkpoints/underWay.ts';
import { isRunId } from '../store/folders.ts';
import { liveHolder } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';
import { readerFor } from './keepFiles.ts';
import { reopened } from './reopened.ts';
import { requireSameRoots } from './sameRoots.ts';
import type { RunSurroundings } from './surroundings.ts';

/** What is known of a run's files. */
export interface KeptRun {
  readonly trajectory: Trajectory;
  readonly reader: CheckpointReader;
}

/**
 * Throws UserError where nothing is kept, or the run worked elsewhere: a log may come from anywhere. Where the process ended
 * while a call wrote, what it changed is kept first.
 */
export async function openKept(runId: string, around: RunSurroundings): Promise<KeptRun> {
  if (!isRunId(runId)) throw new UserError(`${runId} is not the id of a run.`);
  const folder = join(around.runsFolder, runId);
  const read = async () => foldAll((await readLog(folder)).events);
  let trajectory = await read();
  await requireSameRoots(trajectory, around);
  if (trajectory.checkpoints.length > 0 && (await isCutOff(runId, around))) {
    await reopened(runId, around, ({ kept }) => kept.port.settled());
    trajectory = await read();
  }
  if (trajectory.checkpoints.length === 0) {
    throw new UserError(`Run ${runId} kept no checkpoints of the files, so its changes are not known.`);
  }
  return { trajectory, reader: readerFor(around) };
}

/** Whether a call wrote when the process that wrote the run ended. */
async function isCutOff(runId: string, { runsFolder }: RunSurroundings): Promise<boolean> {
  const writer = await callUnderWay(runsFolder, runId);
  return writer !== undefined && (await liveHolder(join(runsFolder, runId))) === undefined;
}

/** A file's bytes as a checkpoint keeps them; undefined where it was not there. Throws UserError. */
export async function readKept(
  at: CheckpointRef,
  path: string,
  around: RunSurroundings,
): Promise<Uint8Array | undefined> {
  const { reader } = await openKept(at.runId, around);
  return reader.contents(at, path);
}
