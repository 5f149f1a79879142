/** Tells a person who does not look at a run that it ended or waits for them. */
import * as vscode from 'vscode';
import { describeCall } from '../shared/describeCall.ts';
import { findCall } from '../shared/describeState.ts';
import type { RolloutResult } from '../runs/rollouts.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { Desk } from './desk.ts';
import { showError } from './showError.ts';

/**
 * Notifies of runs that no panel shows; `panelVisible` says whether one is there at all. A failed run that is shown is told
 * only in the panel: it is not said twice. Of rollouts only what they ask is told; their answers come together.
 */
export function announce(desk: Desk, panelVisible: () => boolean): { dispose: () => void } {
  const { session } = desk;
  const unsubscribe = session.subscribe({
    onLiveEvent: (event, trajectory) => {
      const { runId } = trajectory;
      if (panelVisible() && session.shown?.runId === runId) return;
      const message = messageFor(event, trajectory);
      if (message) tell(desk, message, runId, event.type === 'run.ended' && event.reason === 'failed');
    },
    onRollouts: (result) => {
      const message = rolloutsMessage(result);
      const runId = result.majority?.runIds[0] ?? result.runs.find((run) => run.runId !== undefined)?.runId;
      if (message !== undefined && runId !== undefined) tell(desk, message, runId);
    },
  });
  return { dispose: unsubscribe };
}

/** What several runs of one question came to; nothing when they were stopped before any answered. */
function rolloutsMessage({ runs, groups, majority }: RolloutResult): string | undefined {
  const answered = groups.reduce((sum, { runIds }) => sum + runIds.length, 0);
  if (answered === 0 && runs.every(({ state }) => state === 'cancelled')) return undefined;
  const failed = runs.filter(({ state }) => state === 'failed');
  const why = failed[0]?.message === undefined ? '' : `: ${failed[0].message}`;
  return `${verdict()}${failed.length > 0 ? ` (${failed.length} failed${why})` : ''}`;

  function verdict(): string {
    if (majority) {
      const share = `${majority.runIds.length} of ${answered} rollouts (${Math.round(majority.share * 100)} %)`;
      return `${share} answer: ${majority.answer.slice(0, 150)}`;
    }
    if (answered > 0) return `${answered} rollouts answered, and no answer leads the others.`;
    return `None of ${runs.length} rollouts gave an answer.`;
  }
}

/** Notifies, with a button that shows the run. */
function tell(desk: Desk, message: string, runId: string, isError = false): void {
  const show = isError ? vscode.window.showErrorMessage : vscode.window.showInformationMessage;
  const open = async () => {
    if (desk.session.shown?.runId !== runId) await desk.session.open(runId);
    await desk.reveal();
  };
  void show(message, 'Show').then((chosen) => {
    if (chosen) open().catch((error: unknown) => showError(error, desk));
  });
}

function messageFor(event: TrajectoryEvent, trajectory: Trajectory): string | undefined {
  if (event.type === 'approval.requested') {
    const call = findCall(trajectory, event.callId);
    const what = call ? `${describeCall(call).verb} ${describeCall(call).target}`.slice(0, 120) : 'a call';
    return `MiroThinker waits for you: ${what}`;
  }
  if (event.type === 'clarification.asked') {
    const [question] = event.questions;
    return question === undefined ? undefined : `MiroThinker asks you first: ${question.slice(0, 150)}`;
  }
  const { start, runId } = trajectory;
  if (event.type !== 'run.ended' || (start?.rollout && start.runId === runId)) return undefined;
  const answer = trajectory.items.findLast((item) => item.kind === 'answer');
  switch (event.reason) {
    case 'answered':
      return `MiroThinker has an answer: ${answer?.boxed.slice(0, 150) ?? ''}`;
    case 'limit':
      return 'MiroThinker ended without an answer.';
    case 'failed':
      return `MiroThinker failed: ${event.message ?? ''}`;
    case 'cancelled':
      return undefined;
  }
}
