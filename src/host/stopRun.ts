/** Stops a run; of rollouts, those beside it on request. */
import * as vscode from 'vscode';
import type { Desk } from './desk.ts';

/** Stops one run. Where others of its group go on, offers to stop them as well. */
export function stopRun({ session }: Pick<Desk, 'session'>, runId: string): void {
  const group = session.find(runId)?.trajectory().start?.rollout?.group;
  session.stop(runId);
  if (group === undefined) return;
  const others = session.live.filter((run) => run.runId !== runId && run.trajectory().start?.rollout?.group === group);
  if (others.length === 0) return;
  const offer = others.length === 1 ? 'Stop it too' : 'Stop them too';
  const more = others.length === 1 ? '1 more rollout goes on.' : `${others.length} more rollouts go on.`;
  void vscode.window.showInformationMessage(`Stopped. ${more}`, offer).then((chosen) => {
    if (chosen) for (const run of others) session.stop(run.runId);
  });
}
