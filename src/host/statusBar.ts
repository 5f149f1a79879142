/** The status bar shows the run that goes on, and stops it. */
import * as vscode from 'vscode';
import { describeState } from '../shared/describeState.ts';
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
    const { turn, activity, stable } = describeState(trajectory, undefined, Date.now());
    const doing = [turn, activity].filter(Boolean).join(': ').slice(0, 80);
    this.#item.text = `$(sync~spin) ${doing.charAt(0).toUpperCase()}${doing.slice(1)}`;
    this.#item.tooltip = `MiroThinker: ${trajectory.start?.question.slice(0, 200) ?? ''}\nClick to stop the run.`;
    this.#item.accessibilityInformation = {
      label: `MiroThinker, ${turn}, ${stable}. Activate to stop the run.`,
      role: 'button',
    };
    this.#item.show();
  }
}
