/** The kept files of this workspace's runs, as the window's commands ask for them. */
import { isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { openKept, type KeptRun } from '../runs/keptRun.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import { namedRun } from './chooseRun.ts';
import type { Desk } from './desk.ts';
import { surroundings, workspaceRoots } from './surroundings.ts';

/** What surrounds work on the files of a run that has ended. */
export async function aroundFiles({ context, log }: Desk, signal: AbortSignal): Promise<RunSurroundings> {
  return surroundings(context, signal, (error) => log.error(error instanceof Error ? error : String(error)));
}

/** The run that an argument names, else the one that is shown. Throws UserError when there is none. */
export function runIdOf({ session }: Desk, given: unknown): string {
  const runId = namedRun(given) ?? session.shown?.runId;
  if (runId === undefined) throw new UserError('No run is shown. Open one from the list of runs first.');
  return runId;
}

/** A run and what it kept; a live one once all is told that was kept so far. Throws UserError when nothing was. */
export async function keptRun(desk: Desk, runId: string): Promise<KeptRun> {
  return openKept(runId, await aroundFiles(desk, new AbortController().signal));
}

/** A file of the workspace by the path that facts name; undefined for one that would lie elsewhere. */
export function workspaceFile(path: string): vscode.Uri | undefined {
  const roots = workspaceRoots();
  const [only, ...others] = roots;
  const root = others.length === 0 ? only : roots.find(({ name }) => path.startsWith(`${name}/`));
  if (!root) return undefined;
  const file = join(root.path, others.length === 0 ? path : path.slice(root.name.length + 1));
  const inside = relative(root.path, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : vscode.Uri.file(file);
}
