/** The exact messages that were sent for a turn, read-only in an editor tab. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { promptOfTurn } from '../agent/promptOfTurn.ts';
import { isRunId } from '../store/folders.ts';
import { readLog } from '../store/readLog.ts';

const scheme = 'mirothinker-prompt';

/** Opens them as JSON. Throws UserError when the run has no such turn. */
export async function showPrompt(runId: string, turn: number): Promise<void> {
  const uri = vscode.Uri.from({ scheme, path: `/${runId}/turn ${turn}.json` });
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.getText() === '') throw new UserError(`Run ${runId} has no turn ${turn}.`);
  await vscode.window.showTextDocument(document, { preview: true });
}

/** Gives VS Code the texts, made from the logs in `runsFolder`. */
export function providePrompts(runsFolder: () => Promise<string>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ path }) => {
      const [, runId = '', turn] = /^\/([^/]+)\/turn (\d+)\.json$/.exec(path) ?? [];
      if (!isRunId(runId)) return '';
      const { events } = await readLog(join(await runsFolder(), runId));
      const messages = promptOfTurn(events, Number(turn))?.messages;
      return messages ? `${JSON.stringify(messages, undefined, 2)}\n` : '';
    },
  });
}
