/** What the calls of a run changed, exactly: facts name only so many files, what is kept names all. */
import { baselineOf } from '../shared/checkpoints.ts';
import type { FileChange } from '../shared/refs.ts';
import type { Checkpoint, Trajectory } from '../shared/trajectory.ts';
import type { CheckpointReader } from '../store/checkpoints/api.ts';

type Reader = Pick<CheckpointReader, 'changes'>;

/** All that a checkpoint changed. */
export async function changesAt(
  { checkpoints }: Trajectory,
  checkpoint: Checkpoint,
  reader: Reader,
): Promise<readonly FileChange[]> {
  const before = checkpoints[checkpoints.indexOf(checkpoint) - 1];
  if (checkpoint.moreFiles === 0 || !before) return checkpoint.files;
  return reader.changes(before.checkpoint, checkpoint.checkpoint);
}

/** Paths that calls changed since `from` or since the run's beginning, whichever is earlier. */
export async function pathsOfCalls(
  trajectory: Trajectory,
  from: Checkpoint,
  reader: Reader,
): Promise<ReadonlySet<string>> {
  const { checkpoints } = trajectory;
  const baseline = baselineOf(trajectory);
  const first = Math.min(checkpoints.indexOf(from), baseline ? checkpoints.indexOf(baseline) : 0);
  const paths = new Set<string>();
  for (const one of checkpoints.slice(first + 1)) {
    if (one.kind !== 'call') continue;
    for (const { path } of await changesAt(trajectory, one, reader)) paths.add(path);
  }
  return paths;
}

/** What has to be said of a list of files that changed since a checkpoint: whose doing some may be; empty where it is plain. */
export function doubtWords({ checkpoints }: Pick<Trajectory, 'checkpoints'>, from: Checkpoint): string {
  const cutOff = checkpoints.slice(checkpoints.indexOf(from) + 1).filter((one) => one.cutOff);
  return cutOff.length === 0
    ? ''
    : 'A call was cut off when its process ended: what you changed yourself until these files were looked at again may be among them.';
}

/** What is different between a checkpoint and the files as they are now, in files that calls changed. */
export async function changesSince(
  trajectory: Trajectory,
  from: Checkpoint,
  reader: Reader,
): Promise<readonly FileChange[]> {
  const paths = await pathsOfCalls(trajectory, from, reader);
  if (paths.size === 0) return [];
  return (await reader.changes(from.checkpoint, 'now')).filter(({ path }) => paths.has(path));
}
