/** Whether a run worked in this workspace: a log may come from anywhere, and a runs folder may be shared. */
import { realpath } from 'node:fs/promises';
import { UserError } from '../agent/errors.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Whether a run's roots are those of here, in the same order; links are followed. */
export async function hasRoots(
  { start }: Pick<Trajectory, 'start'>,
  { roots }: Pick<RunSurroundings, 'roots'>,
): Promise<boolean> {
  const real = async (path: string) => realpath(path).catch(() => path);
  const here = await Promise.all(roots.map(({ path }) => real(path)));
  const there = await Promise.all((start?.roots ?? []).map(real));
  return here.length === there.length && here.every((path, index) => path === there[index]);
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
