/** The states of the files that a person picks from: each turn that changed some, before the run, and before files were put back. */
import type { KeptRun } from '../runs/keptRun.ts';
import { planRestore, planUndo, type RestorePlan } from '../runs/restoreRun.ts';
import { atTurn, baselineOf, lineWords, restoresOf } from '../shared/checkpoints.ts';
import { describeCall } from '../shared/describeCall.ts';
import { findCall } from '../shared/describeState.ts';
import { countOf } from '../shared/quantities.ts';
import type { FileChange } from '../shared/refs.ts';
import type { Checkpoint, Trajectory } from '../shared/trajectory.ts';
import { shownPath } from '../shared/visibleText.ts';

/** A state, and what putting its files back would do. */
export interface CheckpointPick {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  readonly plan: (kept: KeptRun) => Promise<RestorePlan>;
}

/** What can be picked: what was put back last first, then the newest turn. */
export function checkpointPicks(trajectory: Trajectory): readonly CheckpointPick[] {
  const baseline = baselineOf(trajectory);
  const before: readonly CheckpointPick[] = baseline
    ? [
        {
          label: 'Before the run',
          description: 'undoes all that it changed',
          plan: async (kept) => planRestore(kept, baseline),
        },
      ]
    : [];
  const turns = turnsThatChanged(trajectory).flatMap((turn) => turnPick(trajectory, turn) ?? []);
  return [...restoresOf(trajectory).map(undoPick), ...turns, ...before];
}

/** The turns whose calls changed files, the newest first. */
export function turnsThatChanged({ checkpoints }: Trajectory): readonly number[] {
  const changing = checkpoints.filter(({ kind, files }) => kind === 'call' && files.length > 0);
  return [...new Set(changing.map(({ turn }) => turn))].toReversed();
}

function undoPick(restore: Checkpoint): CheckpointPick {
  const { files, moreFiles, at } = restore;
  return {
    label: `Before you put files back (${new Date(at).toLocaleString()})`,
    description: 'with what you had written',
    detail: filesWords(files, moreFiles),
    plan: async (kept) => planUndo(kept, restore),
  };
}

function turnPick(trajectory: Trajectory, turn: number): CheckpointPick | undefined {
  const target = atTurn(trajectory, turn);
  if (!target) return undefined;
  const made = trajectory.checkpoints.filter((one) => one.kind === 'call' && one.turn === turn);
  const files = made.flatMap((one) => one.files);
  const call = findCall(trajectory, made[0]?.callId ?? '');
  const more = made.reduce((sum, one) => sum + one.moreFiles, 0);
  return {
    label: `After turn ${turn}`,
    description: call ? shownPath(`${describeCall(call).verb} ${describeCall(call).target}`).slice(0, 100) : '',
    detail: filesWords(files, more),
    plan: async (kept) => planRestore(kept, target),
  };
}

function filesWords(files: readonly FileChange[], more: number): string {
  const names = files.map(({ path }) => shownPath(path)).join(', ');
  return `${countOf(files.length + more, 'file')} ${lineWords(files)}: ${names}`.slice(0, 200);
}
