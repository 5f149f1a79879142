/** What went wrong, told to the person. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import type { Desk } from './desk.ts';

/** Shows what went wrong: a UserError verbatim, anything else as the bug that it is. */
export function showError(error: unknown, desk: Pick<Desk, 'log'>): void {
  if (error instanceof UserError) {
    desk.log.info(error.message);
    void vscode.window.showErrorMessage(error.message);
    return;
  }
  desk.log.error(error instanceof Error ? error : String(error));
  const message = `Something went wrong inside MiroThinker: ${error instanceof Error ? error.message : String(error)}`;
  void vscode.window.showErrorMessage(message, 'Show the log').then((chosen) => chosen && desk.log.show());
}
