/** The status bar shows the run that goes on, and stops it. */
import * as vscode from 'vscode';
import { describeCall } from '../shared/describeCall.ts';
import { findCall } from '../shared/describeState.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { Session } from './session.ts';

/** Shown only while a run goes on in this window. */
export class RunStatus {
  readonly #item = vscode.window.createStatusBarItem('mirothinker.run', vscode.StatusBarAlignment.Left, 0);
  readonly #unsubscribe: () => void;

  constructor(session: Session) {
    this.#item.name = 'MiroThinker run';
    this.#item.command = 'mirothinker.stop';
    this.#unsubscribe = session.subscribe({
      onLiveEvent: (_event, trajectory) => this.#show(trajectory),
      onEnded: () => this.#item.hide(),
    });
  }

  dispose(): void {
    this.#unsubscribe();
    this.#item.dispose();
  }

  #show(trajectory: Trajectory): void {
    const doing = doingNow(trajectory);
    this.#item.text = `$(sync~spin) Turn ${trajectory.turns + 1}: ${doing}`;
    this.#item.tooltip = `MiroThinker: ${trajectory.start?.question.slice(0, 200) ?? ''}\nClick to stop the run.`;
    this.#item.accessibilityInformation = {
      label: `MiroThinker, turn ${trajectory.turns + 1}, ${doing}. Activate to stop the run.`,
      role: 'button',
    };
    this.#item.show();
  }
}

function doingNow(trajectory: Trajectory): string {
  const { state } = trajectory;
  switch (state.kind) {
    case 'empty':
    case 'thinking':
      return 'thinking';
    case 'waiting':
      return 'waiting for the server';
    case 'approving':
      return 'waiting for you';
    case 'acting': {
      const call = findCall(trajectory, state.callId);
      return call ? `${describeCall(call).verb} ${describeCall(call).target}`.trim().slice(0, 60) : 'running a tool';
    }
    case 'ended':
      return 'ending';
  }
}
