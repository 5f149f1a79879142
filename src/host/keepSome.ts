/** Keeping only some of a run's changes: what is not picked is taken back, as a person's change that is kept and logged. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { changesSince } from '../runs/changes.ts';
import { keepPersonsOfEnded } from '../runs/restoreRun.ts';
import { baselineOf, lineWords } from '../shared/checkpoints.ts';
import { withHunks } from '../shared/hunks.ts';
import { countOf } from '../shared/quantities.ts';
import { shownPath } from '../shared/visibleText.ts';
import type { Checkpoint } from '../shared/trajectory.ts';
import { changedTexts, type ChangedText } from './changedTexts.ts';
import type { Desk } from './desk.ts';
import { aroundFiles, keptRun } from './keptRuns.ts';
import { restore, shownAnew } from './restore.ts';
import { requireTrust } from './surroundings.ts';

interface HunkPick extends vscode.QuickPickItem {
  readonly path?: string;
  readonly hunk?: number;
}

/** Lets a person pick what stays, and takes back the rest. Throws UserError when that cannot be. */
export async function keepSomeChanges(desk: Desk, runId: string): Promise<void> {
  requireTrust();
  const kept = await keptRun(desk, runId);
  const baseline = baselineOf(kept.trajectory);
  const files = baseline ? await changesSince(kept.trajectory, baseline, kept.reader) : [];
  if (!baseline || files.length === 0) throw new UserError('This run left no changes in the files.');
  const texts = await changedTexts(kept, baseline, files);
  const picked = await pick(texts.flatMap(picksOf));
  if (picked) await takeBack(desk, { runId, baseline }, texts, new Set(picked.map(keyOf)));
}

async function pick(picks: readonly HunkPick[]): Promise<readonly HunkPick[] | undefined> {
  return vscode.window.showQuickPick(picks, {
    canPickMany: true,
    title: 'Keep only some changes',
    placeHolder: 'What is not ticked is taken back',
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
}

/** A file's hunks below its name; a file that has none to choose from is one line. */
function picksOf({ file, text }: ChangedText): readonly HunkPick[] {
  const { path } = file;
  const heading: HunkPick = { label: shownPath(path), kind: vscode.QuickPickItemKind.Separator };
  if (!text) {
    const what = { added: 'the new file', modified: 'the whole change', deleted: 'the deletion' }[file.change];
    return [
      heading,
      { label: shownPath(path), description: `${lineWords([file])} ${what}`.trim(), picked: true, path },
    ];
  }
  const hunks = text.hunks.map(({ line, added, removed }, hunk): HunkPick => {
    const shown = added.length > 0 ? added : removed.map((gone) => `− ${gone}`);
    return {
      label: `${shownPath(path)}:${line}`,
      description: `+${added.length} −${removed.length}`,
      detail: shown
        .map((one) => one.trim())
        .filter(Boolean)
        .slice(0, 3)
        .join(' ⏎ ')
        .slice(0, 200),
      picked: true,
      ...{ path, hunk },
    };
  });
  return [heading, ...hunks];
}

function keyOf({ path, hunk }: Pick<HunkPick, 'path' | 'hunk'>): string {
  return `${hunk ?? ''} ${path ?? ''}`;
}

async function takeBack(
  desk: Desk,
  { runId, baseline }: { readonly runId: string; readonly baseline: Checkpoint },
  texts: readonly ChangedText[],
  keeps: ReadonlySet<string>,
): Promise<void> {
  const whole: string[] = [];
  const parts: {
    readonly text: NonNullable<ChangedText['text']>;
    readonly path: string;
    readonly kept: readonly boolean[];
  }[] = [];
  for (const { file, text } of texts) {
    const { path } = file;
    const kept = text ? text.hunks.map((_, hunk) => keeps.has(keyOf({ path, hunk }))) : [keeps.has(keyOf({ path }))];
    if (!kept.includes(true)) whole.push(path);
    else if (text && kept.includes(false)) parts.push({ text, path, kept });
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { text, path, kept } of parts) {
    const { document, before, now } = text;
    if (document.getText() !== now) throw new UserError(`${path} was changed meanwhile. Choose again.`);
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(
      document.uri,
      document.validateRange(all),
      withHunks(before, now, (hunk) => kept[hunk] === true),
    );
  }
  if (parts.length > 0) {
    if (!(await vscode.workspace.applyEdit(edit)))
      throw new UserError('The files could not be changed, so all stays as it is.');
    for (const { text } of parts) await text.document.save();
    await record(
      desk,
      runId,
      parts.map(({ path, text }) => ({ path, file: text.document.uri.fsPath })),
    );
  }
  if (whole.length > 0) await restore(desk, runId, { to: baseline.checkpoint, only: whole });
  const done = whole.length + parts.length;
  const words = done > 0 ? `Changes were taken back in ${countOf(done, 'file')}.` : 'All changes stay.';
  vscode.window.setStatusBarMessage(words, 5_000);
}

/** What was taken back by hand becomes a checkpoint, and the model is told. */
async function record(
  desk: Desk,
  runId: string,
  changed: readonly { readonly path: string; readonly file: string }[],
): Promise<void> {
  const files = changed.map(({ file }) => file);
  const note = `I took back some of your changes in these files:\n${changed.map(({ path }) => `- ${path}`).join('\n')}\nRead them again before you rely on what they hold.`;
  const live = desk.session.find(runId);
  if (live) {
    live.keepPersons(files);
    live.note(note);
    return;
  }
  await desk.session.released(runId);
  await keepPersonsOfEnded(runId, { paths: files, note }, await aroundFiles(desk, new AbortController().signal));
  await shownAnew(desk, runId);
}
