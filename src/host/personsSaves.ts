/** What a person saves while a run goes on is kept apart from what the run changes. */
import { isAbsolute, relative } from 'node:path';
import * as vscode from 'vscode';
import type { Session } from './session.ts';

/** Tells the live runs of every file of their workspace that is saved here. */
export function watchSaves(session: Session): vscode.Disposable {
  return vscode.workspace.onDidSaveTextDocument(({ uri }) => {
    if (uri.scheme !== 'file') return;
    for (const run of session.live) {
      const roots = run.trajectory().start?.roots ?? [];
      if (roots.some((root) => isInside(root, uri.fsPath))) run.keepPersons([uri.fsPath]);
    }
  });
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !path.startsWith('..') && !isAbsolute(path);
}
