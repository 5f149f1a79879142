/** What the open repositories narrow, kept as it stands on disk, for what is said before a run. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { defaultSettings, withChoice } from '../runs/choice.ts';
import { readRepositoryRules } from '../runs/repositoryRules.ts';
import { envelopeLine } from '../shared/envelopeWords.ts';
import { narrowed, narrowingFile, type NarrowingFile } from '../agent/narrowed.ts';
import type { Setup } from '../shared/protocol.ts';
import { runChoice } from './settings.ts';
import { workspaceRoots } from './surroundings.ts';

/** Follows the files of the workspace's roots. */
export interface Narrowings {
  /** What a run that starts now may do, and what is wrong with the repository's word. */
  readonly words: () => Pick<Setup, 'permissions' | 'narrowing' | 'problem'>;
  readonly dispose: () => void;
}

/** Reads now and after each change; `changed` is called when there is something new to say. */
export function watchNarrowings(changed: () => void, report: (error: unknown) => void): Narrowings {
  let files: readonly NarrowingFile[] = [];
  let problem: string | undefined;
  const read = async () => {
    try {
      [files, problem] = [await readRepositoryRules(workspaceRoots()), undefined];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problem = error.message;
    }
    changed();
  };
  const readAgain = () => void read().catch(report);
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${narrowingFile}`);
  const disposables = [
    watcher,
    watcher.onDidChange(readAgain),
    watcher.onDidCreate(readAgain),
    watcher.onDidDelete(readAgain),
    vscode.workspace.onDidChangeWorkspaceFolders(readAgain),
  ];
  readAgain();
  return {
    words: () => {
      const settings = narrowed(withChoice(defaultSettings, runChoice(), defaultSettings.contextWindow), files);
      const { words = [] } = settings.envelope.repository ?? {};
      return {
        permissions: envelopeLine(settings),
        ...(words.length > 0 && { narrowing: words }),
        ...(problem !== undefined && { problem }),
      };
    },
    dispose: () => {
      for (const disposable of disposables) disposable.dispose();
    },
  };
}
