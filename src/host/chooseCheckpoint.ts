/** Picks the turn to which files are put back, with what it changed. */
import * as vscode from 'vscode';
import { atTurn, baselineOf, lineWords } from '../shared/checkpoints.ts';
import { describeCall } from '../shared/describeCall.ts';
import { findCall } from '../shared/describeState.ts';
import { countOf } from '../shared/quantities.ts';
import type { Checkpoint, Trajectory } from '../shared/trajectory.ts';

interface CheckpointPick extends vscode.QuickPickItem {
  readonly target: Checkpoint;
}

/** The checkpoint of the turn that is picked, the newest first in the list; undefined when none was. */
export async function chooseCheckpoint(trajectory: Trajectory, title: string): Promise<Checkpoint | undefined> {
  const baseline = baselineOf(trajectory);
  const before: readonly CheckpointPick[] = baseline
    ? [{ label: 'Before the run', description: 'undoes all that it changed', target: baseline }]
    : [];
  const picks = [...turnsThatChanged(trajectory).map((turn) => turnPick(trajectory, turn)), ...before];
  const options = {
    title,
    placeHolder: 'Files are put back as they were then',
    matchOnDetail: true,
    ignoreFocusOut: true,
  };
  return (
    await vscode.window.showQuickPick(
      picks.filter((pick) => pick !== undefined),
      options,
    )
  )?.target;
}

/** The turns whose calls changed files, the newest first. */
export function turnsThatChanged({ checkpoints }: Trajectory): readonly number[] {
  const changing = checkpoints.filter(({ kind, files }) => kind === 'call' && files.length > 0);
  return [...new Set(changing.map(({ turn }) => turn))].toReversed();
}

function turnPick(trajectory: Trajectory, turn: number): CheckpointPick | undefined {
  const target = atTurn(trajectory, turn);
  if (!target) return undefined;
  const made = trajectory.checkpoints.filter((one) => one.kind === 'call' && one.turn === turn);
  const files = made.flatMap((one) => one.files);
  const call = findCall(trajectory, made[0]?.callId ?? '');
  const count = files.length + made.reduce((sum, one) => sum + one.moreFiles, 0);
  return {
    label: `After turn ${turn}`,
    description: call ? `${describeCall(call).verb} ${describeCall(call).target}`.slice(0, 100) : '',
    detail: `${countOf(count, 'file')} ${lineWords(files)}: ${files.map(({ path }) => path).join(', ')}`.slice(0, 200),
    target,
  };
}
