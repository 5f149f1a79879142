/** The changes of a run in parts that can be kept one by one: hunks of texts, and whole files that are none. */
import { TextDecoder } from 'node:util';
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import type { KeptRun } from '../runs/keptRun.ts';
import { hunksOf, type Hunk } from '../shared/hunks.ts';
import type { FileChange } from '../shared/refs.ts';
import type { Checkpoint } from '../shared/trajectory.ts';
import { workspaceFile } from './keptRuns.ts';

/** A file that is different now; `text` where its change can be kept in parts. */
export interface ChangedText {
  readonly file: FileChange;
  readonly text?: {
    readonly document: vscode.TextDocument;
    readonly before: string;
    readonly now: string;
    readonly hunks: readonly Hunk[];
  };
}

/** Throws UserError for a file with changes that are not saved: what is on disk is not what a person sees. */
export async function changedTexts(
  { reader }: KeptRun,
  from: Checkpoint,
  files: readonly FileChange[],
): Promise<readonly ChangedText[]> {
  const found: ChangedText[] = [];
  for (const file of files) {
    const bytes = file.change === 'modified' ? await reader.contents(from.checkpoint, file.path) : undefined;
    const before = bytes && textOf(bytes);
    const text = before === undefined ? undefined : await openText(file.path, before);
    found.push({ file, ...(text && { text }) });
  }
  return found;
}

async function openText(path: string, before: string): Promise<ChangedText['text']> {
  const uri = workspaceFile(path);
  if (!uri) return undefined;
  const bytes = await vscode.workspace.fs.readFile(uri).then(
    (read) => read,
    () => undefined,
  );
  const now = bytes && textOf(bytes);
  if (now === undefined) return undefined;
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty)
    throw new UserError(`${path} has changes that are not saved. Save them first, then choose again.`);
  // An editor may read a file otherwise (its encoding, mixed line ends): then it is kept or not as a whole.
  if (document.getText() !== now) return undefined;
  return { document, before, now, hunks: hunksOf(before, now) };
}

/** Text as an editor shows it, without its mark; undefined for what is none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
