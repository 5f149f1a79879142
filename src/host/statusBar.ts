/** The status bar shows a run that goes on, and stops it. */
import * as vscode from 'vscode';
import { describeState } from '../shared/describeState.ts';
import { countOf } from '../shared/quantities.ts';
import type { LiveRun } from '../runs/liveRun.ts';
import type { ReplyPreview } from './replyPreview.ts';
import type { Session } from './session.ts';

/** Ms between two looks at a reply that comes in. */
const previewEveryMs = 1_000;

/** Shown only while runs go on in this window: the shown one, else the oldest, and how many more there are. */
export class RunStatus {
  readonly #item = vscode.window.createStatusBarItem('mirothinker.run', vscode.StatusBarAlignment.Left, 0);
  readonly #session: Session;
  readonly #unsubscribe: () => void;
  /** The kind of preview that is written, and when the next look at it is due. */
  #written: ReplyPreview['kind'] | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.#item.name = 'MiroThinker run';
    const update = () => this.#update();
    const onLivePreview = ({ runId }: LiveRun) => {
      if (runId !== this.#run?.runId) return;
      if (session.previewOf(runId)?.kind === this.#written) this.#timer ??= setTimeout(update, previewEveryMs);
      else update();
    };
    this.#unsubscribe = session.subscribe({ onLiveEvent: update, onRun: update, onEnded: update, onLivePreview });
  }

  dispose(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    this.#item.dispose();
  }

  /** The one that is told of. */
  get #run(): LiveRun | undefined {
    return this.#session.shownLive ?? this.#session.live[0];
  }

  #update(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const run = this.#run;
    const reply = run && this.#session.previewOf(run.runId);
    this.#written = reply?.kind;
    if (!run) {
      this.#item.hide();
      return;
    }
    const trajectory = run.trajectory();
    const preview = reply?.kind === 'generating' ? { ...reply, append: false } : reply;
    const { icon, tone, turn, activity, stable } = describeState(trajectory, preview, Date.now(), run.pausing());
    const doing = [turn, activity].filter(Boolean).join(': ').slice(0, 80);
    const others = this.#session.live.length - 1;
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
