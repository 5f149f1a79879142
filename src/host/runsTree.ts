/** The list of past runs, nested ones below their callers. */
import * as vscode from 'vscode';
import { listRuns, type RunSummary } from '../store/runs.ts';
import type { Desk } from './desk.ts';
import { folderOfRuns } from './chooseRun.ts';
import type { RunsWatcher } from './runsWatcher.ts';
import { workspaceRoots } from './surroundings.ts';

/** A run in the tree. */
export class RunItem extends vscode.TreeItem {
  readonly runId: string;
  readonly children: readonly RunItem[];

  constructor(run: RunSummary, children: readonly RunItem[]) {
    const label = run.question.replace(/\s+/g, ' ').slice(0, 120) || run.runId;
    super(label, vscode.TreeItemCollapsibleState[children.length > 0 ? 'Collapsed' : 'None']);
    const when = new Date(run.startedAt).toLocaleString();
    const stopped = run.state !== 'running' && run.state !== 'unreadable';
    const resumable = stopped && run.state !== 'answered';
    const relation = relationOf(run);
    this.runId = run.runId;
    this.children = children;
    this.id = run.runId;
    const end = run.answer ?? run.state;
    this.description = (run.parent ? [end, relation] : [relation, end]).filter(Boolean).join(' · ');
    const facts = [when, relation, run.state, `${run.turns} turns`, run.model].filter(Boolean).join(', ');
    this.tooltip = `${run.question.slice(0, 1000)}\n\n${facts}`;
    this.iconPath = new vscode.ThemeIcon(run.parent && run.state !== 'running' ? 'repo-forked' : icons[run.state]);
    const can = [
      resumable && 'resumable',
      run.state !== 'unreadable' && 'forkable',
      run.state !== 'running' && 'deletable',
    ];
    this.contextValue = can.filter(Boolean).join(' ');
    this.command = { command: 'mirothinker.openRun', title: 'Open', arguments: [run.runId] };
    this.accessibilityInformation = { label: [label, relation, run.state, when].filter(Boolean).join(', ') };
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
export async function runItems(desk: Desk, watcher: RunsWatcher): Promise<readonly RunItem[]> {
  if (workspaceRoots().length === 0) return [];
  const folder = await folderOfRuns(desk);
  watcher.watch(folder);
  const runs = await listRuns(folder);
  if (runs.some(({ runId, state }) => state === 'running' && !desk.session.find(runId))) watcher.lookAgain();
  return nested(runs);
}

/** A run whose caller is not there any more stands by itself. */
function nested(runs: readonly RunSummary[]): readonly RunItem[] {
  const known = new Set(runs.map(({ runId }) => runId));
  const callerOf = ({ caller, runId }: RunSummary) =>
    caller && caller.runId !== runId && known.has(caller.runId) ? caller.runId : '';
  const byCaller = Map.groupBy(runs, callerOf);
  const itemsOf = (caller: string): readonly RunItem[] =>
    (byCaller.get(caller) ?? []).map((run) => new RunItem(run, itemsOf(run.runId)));
  return itemsOf('');
}

function relationOf({ parent, rollout, caller }: RunSummary): string {
  if (parent) return `fork of ${parent.runId}`;
  if (rollout) return `rollout ${rollout.index} of ${rollout.of}`;
  return caller ? 'subtask' : '';
}
