/** The checkpoints of a run, opened where it keeps any. */
import { UserError } from '../agent/errors.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { CheckpointReader } from '../store/checkpoints/api.ts';
import { nothingKept, type Keeping, type Recording } from './keeping.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Begins to keep. */
export async function keepFiles(_folder: string, _recording: Recording, _around: RunSurroundings): Promise<Keeping> {
  return nothingKept;
}

/** Reads what was kept. */
export function readerFor(
  { runId }: Trajectory,
  _around: Pick<RunSurroundings, 'roots' | 'runsFolder'>,
): CheckpointReader {
  throw new UserError(`Run ${runId} kept no checkpoints of the files.`);
}
