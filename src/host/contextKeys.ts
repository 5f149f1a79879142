/** What the manifest's `when` clauses ask about the run that is shown. */
import * as vscode from 'vscode';
import type { Session } from './session.ts';

/** Keeps the keys: `running` and `pausing` of runs in this window, `runShown`, and `answerable`: it has no answer yet. */
export function keepContextKeys(session: Session): { dispose: () => void } {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', `mirothinker.${key}`, value);
  };
  const update = () => {
    const { live, shown, shownLive } = session;
    const last = shown?.events.at(-1);
    const answered = last?.type === 'run.ended' && last.reason === 'answered';
    set('running', live.length > 0);
    set('pausing', (shownLive ?? live[0])?.pausing() ?? false);
    set('runShown', shown !== undefined);
    set('answerable', shown !== undefined && (shownLive !== undefined || (!shown.live && !answered)));
  };
  update();
  return { dispose: session.subscribe({ onRun: update, onStarted: update, onEnded: update }) };
}
