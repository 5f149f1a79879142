/** Putting files back: what would change is shown first, and editors with unsaved changes are asked about. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import type { KeptRun } from '../runs/keptRun.ts';
import type { RestoreWish } from '../runs/keeping.ts';
import { planRestore, planUndo, restoreEnded, type RestorePlan } from '../runs/restoreRun.ts';
import { aroundCall, atTurn, baselineOf, findCheckpoint } from '../shared/checkpoints.ts';
import type { EventOf, FactOf } from '../shared/events.ts';
import { countOf } from '../shared/quantities.ts';
import { chooseCheckpoint } from './chooseCheckpoint.ts';
import type { Desk } from './desk.ts';
import { aroundFiles, keptRun, workspaceFile } from './keptRuns.ts';
import { alreadyWords, restoreDetail, restoredWords, restoreTitle, type RestoreTo } from './restoreWords.ts';
import { requireTrust } from './surroundings.ts';

/** A caller that has asked the person already. */
export interface Asked {
  readonly confirmed?: boolean;
}

/** Plans, asks, and puts the files back. Throws UserError when that cannot be. */
export async function restoreFiles(desk: Desk, runId: string, to: RestoreTo, asked: Asked = {}): Promise<void> {
  requireTrust();
  const kept = await keptRun(desk, runId);
  const plan = await planOf(kept, to);
  if (!plan) return;
  const wish = await agreed(plan, restoreTitle(plan, to), asked);
  if (wish) await restore(desk, runId, wish);
}

/** The files of a turn for a fork that begins with them, once a person agreed; undefined where they are so already. */
export async function filesOfTurn(
  desk: Desk,
  runId: string,
  turn: number,
): Promise<RestoreWish | 'cancelled' | undefined> {
  const kept = await keptRun(desk, runId);
  const target = atTurn(kept.trajectory, turn);
  const plan = target && (await planRestore(kept, target));
  if (!plan || plan.files.length === 0) return undefined;
  const title = `Fork, and put ${countOf(plan.files.length, 'file')} back ${plan.words}?`;
  return (await agreed(plan, title, {})) ?? 'cancelled';
}

/** Puts files back, whether the run goes on or has ended, and says what came of it. */
export async function restore(desk: Desk, runId: string, wish: RestoreWish): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Putting files back', cancellable: true };
  const fact = await vscode.window.withProgress(options, async (_progress, token) => {
    const cancelling = new AbortController();
    token.onCancellationRequested(() => cancelling.abort());
    return restoreUntil(desk, runId, wish, cancelling.signal).catch((error: unknown) => {
      if (cancelling.signal.aborted) return undefined;
      throw error;
    });
  });
  if (fact) say(fact);
}

async function restoreUntil(
  desk: Desk,
  runId: string,
  wish: RestoreWish,
  signal: AbortSignal,
): Promise<FactOf<'checkpoint.made'>> {
  const { session } = desk;
  const live = session.find(runId);
  if (live) return live.restore(wish, signal);
  await session.released(runId);
  const fact = await restoreEnded(runId, wish, await aroundFiles(desk, signal));
  await shownAnew(desk, runId);
  return fact;
}

/** The log grew while nobody lived on it. */
export async function shownAnew({ session, refresh }: Desk, runId: string): Promise<void> {
  if (session.shown?.runId === runId) await session.open(runId);
  refresh();
}

async function planOf(kept: KeptRun, to: RestoreTo): Promise<RestorePlan | undefined> {
  const { trajectory } = kept;
  switch (to.kind) {
    case 'start': {
      const baseline = baselineOf(trajectory);
      return baseline && planRestore(kept, baseline);
    }
    case 'turn': {
      const target = atTurn(trajectory, to.turn);
      return target && planRestore(kept, target);
    }
    case 'beforeCall': {
      const span = aroundCall(trajectory, to.callId);
      if (!span) throw new UserError('The files before this call were not kept.');
      return planRestore(kept, span.before);
    }
    case 'beforeRestore': {
      const restore = findCheckpoint(trajectory, to.restore);
      if (restore?.kind !== 'restore') throw new UserError('No files were put back there.');
      return planUndo(kept, restore);
    }
    case 'picked':
      return (await chooseCheckpoint(trajectory, 'Restore files to a turn'))?.plan(kept);
  }
}

/** What a person agreed to; undefined when they did not. Says so where there is nothing to do. */
export async function agreed(plan: RestorePlan, title: string, { confirmed }: Asked): Promise<RestoreWish | undefined> {
  const { files, wish } = plan;
  if (files.length === 0) {
    void vscode.window.showInformationMessage(alreadyWords(plan));
    return undefined;
  }
  const dirty = files.flatMap(({ path }) => {
    const document = openDirty(path);
    return document ? [{ path, document }] : [];
  });
  if (confirmed === true && dirty.length === 0) return wish;
  const [restore, save, leave] = ['Put Back', 'Save Them First', 'Leave Those Out'] as const;
  const buttons = dirty.length > 0 ? [save, leave] : [restore];
  const chosen = await vscode.window.showWarningMessage(
    title,
    {
      modal: true,
      detail: restoreDetail(
        plan,
        dirty.map(({ path }) => path),
      ),
    },
    ...buttons,
  );
  if (chosen === undefined) return undefined;
  if (chosen === leave)
    return without(
      wish,
      dirty.map(({ path }) => path),
    );
  for (const { document } of dirty) {
    if (!(await document.save()))
      throw new UserError(`${document.fileName} could not be saved, so nothing was put back.`);
  }
  return wish;
}

function without({ to, only = [] }: RestoreWish, paths: readonly string[]): RestoreWish | undefined {
  const left = only.filter((path) => !paths.includes(path));
  return left.length > 0 ? { to, only: left } : undefined;
}

function openDirty(path: string): vscode.TextDocument | undefined {
  const uri = workspaceFile(path);
  return vscode.workspace.textDocuments.find((open) => open.isDirty && open.uri.toString() === uri?.toString());
}

function say({ files, moreFiles, skipped }: Omit<EventOf<'checkpoint.made'>, 'seq' | 'at'>): void {
  const words = restoredWords(files.length + moreFiles, skipped);
  if (skipped.length === 0) vscode.window.setStatusBarMessage(words, 5_000);
  else void vscode.window.showWarningMessage(words);
}
