/** What runs changed, in VS Code's diff editors: the workspace's own files stand on the right, so that single changes can be taken back there. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { changesAt, changesSince } from '../runs/changes.ts';
import type { KeptRun } from '../runs/keptRun.ts';
import { aroundCall, aroundTurn, baselineOf, type Span } from '../shared/checkpoints.ts';
import { findCall } from '../shared/describeState.ts';
import { describeCall } from '../shared/describeCall.ts';
import type { FileChange } from '../shared/refs.ts';
import type { Checkpoint } from '../shared/trajectory.ts';
import type { Desk } from './desk.ts';
import { keptUri, nothingUri } from './keptFiles.ts';
import { keptRun, workspaceFile } from './keptRuns.ts';

/** Everything that a run's calls changed, against the files as they are now. */
export async function showRunChanges(desk: Desk, runId: string): Promise<void> {
  const kept = await keptRun(desk, runId);
  const baseline = baselineOf(kept.trajectory);
  if (!baseline) return;
  const files = await changesSince(kept.trajectory, baseline, kept.reader);
  if (files.length === 0) {
    void vscode.window.showInformationMessage('The files are as they were before this run.');
    return;
  }
  const question = kept.trajectory.start?.question.replace(/\s+/g, ' ').slice(0, 60) ?? runId;
  const now = ({ path }: FileChange) => workspaceFile(path);
  await openAll(
    `Changed by: ${question}`,
    files.map((file) => [
      keptUri(baseline.checkpoint, file.path),
      original(file, baseline),
      file.change === 'deleted' ? undefined : now(file),
    ]),
  );
}

/** What one call changed; `path`: one file of it. Throws UserError when that is not known. */
export async function showCallChanges(desk: Desk, runId: string, callId: string, path?: string): Promise<void> {
  const kept = await keptRun(desk, runId);
  const span = aroundCall(kept.trajectory, callId);
  if (!span) throw new UserError('What this call changed is not known: no checkpoint was made behind it.');
  const call = findCall(kept.trajectory, callId);
  const name = call ? `${describeCall(call).verb} ${describeCall(call).target}`.trim().slice(0, 60) : callId;
  const files = await changesAt(kept.trajectory, span.after, kept.reader);
  if (path !== undefined) {
    const file = files.find((one) => one.path === path);
    if (!file) throw new UserError(`This call did not change ${path}.`);
    await openOne(file, span, name);
  } else await showSpan(files, span, name);
}

/** What was kept while a turn was the newest. Throws UserError when nothing was. */
export async function showTurnChanges({ trajectory, reader }: KeptRun, turn: number): Promise<void> {
  const span = aroundTurn(trajectory, turn);
  if (!span) throw new UserError(`Turn ${turn} changed no files.`);
  await showSpan(await reader.changes(span.before.checkpoint, span.after.checkpoint), span, `turn ${turn}`);
}

async function showSpan(files: readonly FileChange[], span: Span, name: string): Promise<void> {
  await openAll(
    `Changed by ${name}`,
    files.map((file) => [
      workspaceFile(file.path) ?? keptUri(span.after.checkpoint, file.path),
      original(file, span.before),
      changed(file, span.after),
    ]),
  );
}

async function openOne(file: FileChange, { before, after }: Span, name: string): Promise<void> {
  const nothing = nothingUri(file.path);
  const title = `${file.path.split('/').at(-1) ?? file.path} (${name})`;
  const [left, right] = [original(file, before) ?? nothing, changed(file, after) ?? nothing];
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
}

function original({ path, change }: FileChange, { checkpoint }: Checkpoint): vscode.Uri | undefined {
  return change === 'added' ? undefined : keptUri(checkpoint, path);
}

function changed({ path, change }: FileChange, { checkpoint }: Checkpoint): vscode.Uri | undefined {
  return change === 'deleted' ? undefined : keptUri(checkpoint, path);
}

type Compared = readonly [label: vscode.Uri, original: vscode.Uri | undefined, modified: vscode.Uri | undefined];

async function openAll(title: string, files: readonly Compared[]): Promise<void> {
  await vscode.commands.executeCommand('vscode.changes', title, files);
}
