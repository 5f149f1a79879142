/** Tells a person who does not look at the panel that a run ended or waits for them. */
import * as vscode from 'vscode';
import { describeCall } from '../shared/describeCall.ts';
import { findCall } from '../shared/describeState.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { Desk } from './desk.ts';

/** Notifies while `panelVisible` says no. A failed run is told even so only in the panel: it is not said twice. */
export function announce(desk: Desk, panelVisible: () => boolean): { dispose: () => void } {
  const unsubscribe = desk.session.subscribe({
    onLiveEvent: (event, trajectory) => {
      const message = panelVisible() ? undefined : messageFor(event, trajectory);
      if (!message) return;
      const show =
        event.type === 'run.ended' && event.reason === 'failed'
          ? vscode.window.showErrorMessage
          : vscode.window.showInformationMessage;
      void show(message, 'Show').then((chosen) => chosen && desk.reveal());
    },
  });
  return { dispose: unsubscribe };
}

function messageFor(event: TrajectoryEvent, trajectory: Trajectory): string | undefined {
  if (event.type === 'approval.requested') {
    const call = findCall(trajectory, event.callId);
    const what = call ? `${describeCall(call).verb} ${describeCall(call).target}`.slice(0, 120) : 'a call';
    return `MiroThinker waits for you: ${what}`;
  }
  if (event.type !== 'run.ended') return undefined;
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
