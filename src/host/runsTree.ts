/** The list of past runs. */
import * as vscode from 'vscode';
import { listRuns, type RunSummary } from '../store/runs.ts';
import type { Desk } from './desk.ts';
import { surroundings, workspaceRoots } from './surroundings.ts';

/** A run in the tree. */
export class RunItem extends vscode.TreeItem {
  readonly runId: string;

  constructor(run: RunSummary) {
    const label = run.question.replace(/\s+/g, ' ').slice(0, 120) || run.runId;
    super(label);
    const when = new Date(run.startedAt).toLocaleString();
    const resumable = run.state !== 'running' && run.state !== 'answered' && run.state !== 'unreadable';
    this.runId = run.runId;
    this.id = run.runId;
    this.description = run.answer ?? run.state;
    this.tooltip = `${run.question.slice(0, 1000)}\n\n${when}, ${run.state}, ${run.turns} turns, ${run.model}`;
    this.iconPath = new vscode.ThemeIcon(icons[run.state]);
    this.contextValue = [resumable && 'resumable', run.state !== 'running' && 'deletable'].filter(Boolean).join(' ');
    this.command = { command: 'mirothinker.openRun', title: 'Open', arguments: [run.runId] };
    this.accessibilityInformation = { label: `${label}, ${run.state}, ${when}` };
  }
}

const icons: Readonly<Record<RunSummary['state'], string>> = {
  running: 'sync',
  answered: 'pass',
  cancelled: 'circle-slash',
  limit: 'question',
  failed: 'error',
  interrupted: 'debug-disconnect',
  unreadable: 'warning',
};

/** The workspace's runs, newest first; none where no folder is open. */
export async function runItems(desk: Desk): Promise<readonly RunItem[]> {
  if (workspaceRoots().length === 0) return [];
  const { runsFolder } = await surroundings(desk.context, new AbortController().signal, () => undefined);
  return (await listRuns(runsFolder)).map((run) => new RunItem(run));
}
