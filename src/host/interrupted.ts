/** A run that was interrupted when the window closed is offered again when it is back. */
import * as vscode from 'vscode';
import { listRuns } from '../store/runs.ts';
import { folderOfRuns } from './chooseRun.ts';
import type { Desk } from './desk.ts';
import { goOnChoice } from './goOnChoice.ts';
import { newlyInterrupted } from './newlyInterrupted.ts';
import { runChoice } from './settings.ts';
import { showError } from './showError.ts';
import { requireTrust, workspaceRoots } from './surroundings.ts';

/** Says so once, and resumes the run when the person wants that. Never rejects. */
export async function offerInterrupted(desk: Desk): Promise<void> {
  try {
    if (!vscode.workspace.isTrusted || workspaceRoots().length === 0) return;
    const run = newlyInterrupted(await listRuns(await folderOfRuns(desk)), Date.now());
    if (!run) return;
    const question = run.question.replace(/\s+/g, ' ').slice(0, 80);
    const chosen = await vscode.window.showInformationMessage(`A run was interrupted: ${question}`, 'Resume');
    if (chosen === undefined) return;
    requireTrust();
    await desk.session.resume(run.runId, goOnChoice(runChoice()));
    await desk.reveal();
  } catch (error) {
    showError(error, desk);
  }
}
