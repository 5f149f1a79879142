/** What the open repositories narrow, kept as it stands on disk, for what is said before a run. */
import * as vscode from 'vscode';
import { defaultSettings, withChoice } from '../runs/choice.ts';
import { BrokenNarrowing, foldersAbove, readRepositoryRules } from '../runs/repositoryRules.ts';
import { envelopeLine } from '../shared/envelopeWords.ts';
import { narrowed, narrowingFile, type NarrowingFile } from '../agent/narrowed.ts';
import type { Setup } from '../shared/protocol.ts';
import { runChoice } from './settings.ts';
import { workspaceRoots } from './surroundings.ts';

/** Follows the files of the workspace's roots. */
export interface Narrowings {
  /** What a run that starts now may do, and what is wrong with the repository's word. */
  readonly words: () => Pick<Setup, 'permissions' | 'narrowing' | 'problem' | 'problemFile'>;
  readonly dispose: () => void;
}

/** Reads now and after each change; `changed` is called when there is something new to say. */
export function watchNarrowings(changed: () => void, report: (error: unknown) => void): Narrowings {
  let files: readonly NarrowingFile[] = [];
  let broken: BrokenNarrowing | undefined;
  const above = new Map<string, vscode.FileSystemWatcher>();
  /** Files above the roots are not in the workspace: each folder is followed by itself. */
  const followAbove = async () => {
    const folders = await Promise.all(workspaceRoots().map(({ path }) => foldersAbove(path)));
    for (const folder of folders.flat()) {
      if (above.has(folder)) continue;
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), narrowingFile);
      above.set(folder, followed(vscode.workspace.createFileSystemWatcher(pattern)));
    }
  };
  const read = async () => {
    try {
      await followAbove();
      [files, broken] = [await readRepositoryRules(workspaceRoots()), undefined];
    } catch (error) {
      if (!(error instanceof BrokenNarrowing)) throw error;
      broken = error;
    }
    changed();
  };
  const readAgain = () => void read().catch(report);
  const followed = (watcher: vscode.FileSystemWatcher) => {
    watcher.onDidChange(readAgain);
    watcher.onDidCreate(readAgain);
    watcher.onDidDelete(readAgain);
    return watcher;
  };
  const disposables = [
    followed(vscode.workspace.createFileSystemWatcher(`**/${narrowingFile}`)),
    vscode.workspace.onDidChangeWorkspaceFolders(readAgain),
  ];
  readAgain();
  return {
    words: () => {
      // Nothing runs: what it might do is not said.
      if (broken) return { problem: broken.message, problemFile: broken.file };
      const settings = narrowed(withChoice(defaultSettings, runChoice(), defaultSettings.contextWindow), files);
      const { words = [] } = settings.envelope.repository ?? {};
      return {
        permissions: envelopeLine(settings),
        ...(words.length > 0 && { narrowing: words }),
      };
    },
    dispose: () => {
      for (const disposable of [...disposables, ...above.values()]) disposable.dispose();
    },
  };
}
