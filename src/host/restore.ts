/** Putting files back: what would change is shown first, and editors with unsaved changes are asked about. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import type { KeptRun } from '../runs/keptRun.ts';
import type { RestoreWish } from '../runs/keeping.ts';
import { planRestore, restoreEnded, type RestorePlan } from '../runs/restoreRun.ts';
import { aroundCall, atTurn, baselineOf } from '../shared/checkpoints.ts';
import { asOfWords } from '../shared/describeItem.ts';
import type { EventOf, FactOf } from '../shared/events.ts';
import type { FromWebview } from '../shared/protocol.ts';
import { countOf } from '../shared/quantities.ts';
import type { Checkpoint } from '../shared/trajectory.ts';
import { chooseCheckpoint } from './chooseCheckpoint.ts';
import type { Desk } from './desk.ts';
import { aroundFiles, keptRun, workspaceFile } from './keptRuns.ts';
import { requireTrust } from './surroundings.ts';

/** To which state files are put back. */
export type RestoreTo = (FromWebview & { type: 'restoreFiles' })['to'];

/** A caller that has asked the person already. */
export interface Asked {
  readonly confirmed?: boolean;
}

/** Plans, asks, and puts the files back. Throws UserError when that cannot be. */
export async function restoreFiles(desk: Desk, runId: string, to: RestoreTo, asked: Asked = {}): Promise<void> {
  requireTrust();
  const kept = await keptRun(desk, runId);
  const target = await targetOf(kept, to);
  if (!target) return;
  const plan = await planRestore(kept, target);
  const wish = await agreed(plan, titleOf(plan, to), asked);
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
  const title = `Fork, and put ${countOf(plan.files.length, 'file')} back ${asOfWords(plan.target.turn)}?`;
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

async function targetOf({ trajectory }: KeptRun, to: RestoreTo): Promise<Checkpoint | undefined> {
  switch (to.kind) {
    case 'start':
      return baselineOf(trajectory);
    case 'turn':
      return atTurn(trajectory, to.turn);
    case 'beforeCall': {
      const span = aroundCall(trajectory, to.callId);
      if (!span) throw new UserError('The files before this call were not kept.');
      return span.before;
    }
    case 'picked':
      return chooseCheckpoint(trajectory, 'Restore files to a turn');
  }
}

function titleOf({ files, target }: RestorePlan, to: RestoreTo): string {
  const what = countOf(files.length, 'file');
  if (to.kind === 'start') return `Undo the changes of this run in ${what}?`;
  if (to.kind === 'beforeCall') return `Put ${what} back as before this call?`;
  return `Put ${what} back ${asOfWords(target.turn)}?`;
}

/** What a person agreed to; undefined when they did not. Says so where there is nothing to do. */
export async function agreed(plan: RestorePlan, title: string, { confirmed }: Asked): Promise<RestoreWish | undefined> {
  const { files, wish, target } = plan;
  if (files.length === 0) {
    void vscode.window.showInformationMessage(`The files are ${asOfWords(target.turn)} already.`);
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
      detail: detailOf(
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

/** Lines that a dialog shows. */
const shownLines = 12;
const willBe = { added: 'delete', modified: 'change back', deleted: 'bring back' } as const;

function detailOf({ files, target, persons }: RestorePlan, dirty: readonly string[]): string {
  const lines = files.slice(0, shownLines).map(({ path, change }) => `${willBe[change]}  ${path}`);
  if (files.length > shownLines) lines.push(`and ${countOf(files.length - shownLines, 'file')} more`);
  const skipped = target.skipped.slice(0, 5).map(({ path, reason }) => `${path} (${reason})`);
  return [
    lines.join('\n'),
    skipped.length > 0 && `Not kept, so they stay as they are: ${skipped.join(', ')}`,
    persons.length > 0 && `You changed these as well: ${persons.slice(0, 5).join(', ')}`,
    dirty.length > 0 && `With changes that are not saved: ${dirty.join(', ')}`,
    'What is there now is kept as well: this can be taken back.',
  ]
    .filter((part) => part !== false)
    .join('\n\n');
}

function say({ files, moreFiles, skipped }: Omit<EventOf<'checkpoint.made'>, 'seq' | 'at'>): void {
  const done = `${countOf(files.length + moreFiles, 'file')} put back.`;
  if (skipped.length === 0) {
    vscode.window.setStatusBarMessage(done, 5_000);
    return;
  }
  const left = skipped.slice(0, 5).map(({ path, reason }) => `${path} (${reason})`);
  void vscode.window.showWarningMessage(`${done} ${countOf(skipped.length, 'file')} could not be: ${left.join(', ')}`);
}
