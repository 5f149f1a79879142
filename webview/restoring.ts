/** What the panel knows of files that can be put back. */
import { changesOfRun } from '../src/shared/checkpoints.ts';
import { canStart, type View } from './view.ts';

/** Whether files may be put back here: not in a folder that is not trusted, not for a run that another window writes. */
export function canRestore(view: View): boolean {
  const { readOnly, loading, trajectory } = view;
  return canStart(view) && readOnly === undefined && !loading && trajectory.checkpoints.length > 0;
}

/** How many files the calls of the run shown changed. */
export function changedCount({ trajectory, loading }: View): number {
  if (loading) return 0;
  const { files, more } = changesOfRun(trajectory);
  return files.size + more;
}

/** Whether calls changed files behind a turn. */
export function changedBehind({ trajectory: { checkpoints } }: View, turn: number): boolean {
  return checkpoints.some((one) => one.kind === 'call' && one.turn > turn && one.files.length > 0);
}
