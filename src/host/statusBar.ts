/** The status bar shows a run that goes on, and stops it. */
import * as vscode from 'vscode';
import { describeState } from '../shared/describeState.ts';
import { countOf } from '../shared/quantities.ts';
import type { Session } from './session.ts';

/** Shown only while runs go on in this window: the shown one, else the oldest, and how many more there are. */
export class RunStatus {
  readonly #item = vscode.window.createStatusBarItem('mirothinker.run', vscode.StatusBarAlignment.Left, 0);
  readonly #session: Session;
  readonly #unsubscribe: () => void;

  constructor(session: Session) {
    this.#session = session;
    this.#item.name = 'MiroThinker run';
    const update = () => this.#update();
    this.#unsubscribe = session.subscribe({ onLiveEvent: update, onRun: update, onEnded: update });
  }

  dispose(): void {
    this.#unsubscribe();
    this.#item.dispose();
  }

  #update(): void {
    const { live, shownLive } = this.#session;
    const run = shownLive ?? live[0];
    if (!run) {
      this.#item.hide();
      return;
    }
    const trajectory = run.trajectory();
    const { icon, tone, turn, activity, stable } = describeState(trajectory, undefined, Date.now(), run.pausing());
    const doing = [turn, activity].filter(Boolean).join(': ').slice(0, 80);
    const others = live.length - 1;
    const more = others > 0 ? ` +${others}` : '';
    this.#item.text = `$(${tone === 'active' ? 'sync~spin' : icon}) ${doing.charAt(0).toUpperCase()}${doing.slice(1)}${more}`;
    const beside = others > 0 ? `\n${countOf(others, 'more run')} beside it.` : '';
    const question = trajectory.start?.question.slice(0, 200) ?? '';
    this.#item.tooltip = `MiroThinker: ${question}${beside}\nClick to stop the run.`;
    const spoken = others > 0 ? `, and ${countOf(others, 'more run')}` : '';
    this.#item.accessibilityInformation = {
      label: `MiroThinker, ${turn}, ${stable}${spoken}. Activate to stop the run.`,
      role: 'button',
    };
    this.#item.command = { command: 'mirothinker.stop', title: 'Stop', arguments: [run.runId] };
    this.#item.show();
  }
}
