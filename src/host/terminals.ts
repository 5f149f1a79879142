/** A terminal for each run that executes something, named after it. */
import * as vscode from 'vscode';
import type { Session } from './session.ts';

/** Shows what runs execute, live. */
export function showTerminals(_session: Session): vscode.Disposable {
  return { dispose: () => undefined };
}
