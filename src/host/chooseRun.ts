/** Which run a command is about. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import type { LiveRun } from '../runs/liveRun.ts';
import { listRuns, type RunSummary } from '../store/runs.ts';
import type { Desk } from './desk.ts';
import { surroundings } from './surroundings.ts';

/** The folder that holds this workspace's runs. Throws UserError when no folder is open. */
export async function folderOfRuns(desk: Desk): Promise<string> {
  return (await surroundings(desk.context, new AbortController().signal, () => undefined)).runsFolder;
}

/** The run that an argument names: its id, or an item of the tree. */
export function namedRun(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  return typeof given === 'object' && given && 'runId' in given && typeof given.runId === 'string'
    ? given.runId
    : undefined;
}

/** The run that an argument names, else the one that the person picks. */
export async function chooseRun(
  desk: Desk,
  [given]: readonly unknown[],
  placeHolder: string,
  fits: (run: RunSummary) => boolean,
): Promise<string | undefined> {
  const named = namedRun(given);
  if (named !== undefined) return named;
  const runs = (await listRuns(await folderOfRuns(desk))).filter(fits);
  if (runs.length === 0) throw new UserError('There is no such run in this workspace yet.');
  const picks = runs.map((run) => ({
    label: run.question.replace(/\s+/g, ' ').slice(0, 100) || run.runId,
    description: `${run.state}, ${run.turns} turns`,
    detail: `${run.runId}${run.answer === undefined ? '' : `: ${run.answer.slice(0, 100)}`}`,
    runId: run.runId,
  }));
  const picked = await vscode.window.showQuickPick(picks, { placeHolder, matchOnDetail: true, ignoreFocusOut: true });
  return picked?.runId;
}

/** The run under way here that an argument names, else the shown one, else the only one or the one that is picked. */
export async function chooseLive({ session }: Desk, [given]: readonly unknown[]): Promise<LiveRun | undefined> {
  const named = namedRun(given);
  if (named !== undefined) return session.find(named);
  const [first, ...others] = session.live;
  if (session.shownLive ?? !first) return session.shownLive;
  if (others.length === 0) return first;
  const picks = session.live.map((run) => ({
    label: run.trajectory().start?.question.replace(/\s+/g, ' ').slice(0, 100) ?? run.runId,
    description: run.runId,
    run,
  }));
  const picked = await vscode.window.showQuickPick(picks, { placeHolder: 'Which run?', ignoreFocusOut: true });
  return picked?.run;
}
