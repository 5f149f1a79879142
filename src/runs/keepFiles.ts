/** The checkpoints of a run, opened where it keeps any, and read. */
import { dirname } from 'node:path';
import type { CheckpointReader } from '../store/checkpoints/api.ts';
import { openCheckpoints } from '../store/checkpoints/openCheckpoints.ts';
import { checkpointReader } from '../store/checkpoints/reader.ts';
import { keeping, nothingKept, type Keeping, type Recording } from './keeping.ts';
import { hasRoots } from './sameRoots.ts';
import type { RunSurroundings } from './surroundings.ts';

/** What checkpoints hold where a person turned them off since: files can be put back all the same. */
const usualLimits = { maxFileBytes: 20e6, maxBytes: 2_000e6 };

/** Begins to keep the files of a run whose calls may change any; nested runs are part of their caller's call. */
export async function keepFiles(folder: string, recording: Recording, around: RunSurroundings): Promise<Keeping> {
  const trajectory = recording.trajectory();
  const { settings, start, baseUrl } = trajectory;
  const writes = settings?.workspace === 'read-write' && start?.caller === undefined && baseUrl !== '';
  const keeps = writes && around.checkpoints && (await hasRoots(trajectory, around));
  return keeps ? opened(folder, recording, around) : nothingKept;
}

/** Goes on keeping the files of a run that has kept some, whatever it may do now. */
export function keepFilesFurther(folder: string, recording: Recording, around: RunSurroundings): Keeping {
  return recording.trajectory().checkpoints.length > 0 ? opened(folder, recording, around) : nothingKept;
}

/** Reads what runs of a folder kept of this workspace. */
export function readerFor({ runsFolder, roots }: Pick<RunSurroundings, 'roots' | 'runsFolder'>): CheckpointReader {
  return checkpointReader({ runsFolder, roots });
}

function opened(folder: string, recording: Recording, around: RunSurroundings): Keeping {
  const { checkpoints, runId, turns } = recording.trajectory();
  const own = checkpoints.filter(({ checkpoint }) => checkpoint.runId === runId);
  const previous = checkpoints.at(-1);
  const kept = openCheckpoints({
    runsFolder: dirname(folder),
    runId,
    roots: around.roots,
    limits: around.checkpoints ?? usualLimits,
    firstNumber: own.reduce((next, { checkpoint }) => Math.max(next, checkpoint.number + 1), 0),
    ...(previous && {
      previous: {
        checkpoint: previous.checkpoint,
        turn: own.length > 0 ? previous.turn : turns,
        ...(previous.callId !== undefined && { callId: previous.callId }),
      },
    }),
    report: around.report,
  });
  return keeping(kept, recording);
}
