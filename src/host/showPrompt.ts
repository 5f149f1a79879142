/** The exact messages that were sent for a turn, in an editor tab. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { promptOfTurn } from '../agent/promptOfTurn.ts';
import type { Session } from './session.ts';

/** Opens them as JSON. Throws UserError when the run is not shown or has no such turn. */
export async function showPrompt({ shown }: Session, runId: string, turn: number): Promise<void> {
  const messages = shown?.runId === runId ? promptOfTurn(shown.events, turn) : undefined;
  if (!messages) throw new UserError(`The run that is shown has no turn ${turn}.`);
  const content = `${JSON.stringify(messages, undefined, 2)}\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'json', content }), {
    preview: true,
  });
}
