/** Picks the state to which files are put back. */
import * as vscode from 'vscode';
import type { Trajectory } from '../shared/trajectory.ts';
import { checkpointPicks, type CheckpointPick } from './checkpointPicks.ts';

/** The state that is picked; undefined when none was. */
export async function chooseCheckpoint(trajectory: Trajectory, title: string): Promise<CheckpointPick | undefined> {
  return vscode.window.showQuickPick(checkpointPicks(trajectory), {
    title,
    placeHolder: 'Files are put back as they were then',
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
}
