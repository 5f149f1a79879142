/** A terminal for each run that executes something, named after it. */
import * as vscode from 'vscode';
import type { LiveRun } from '../runs/liveRun.ts';
import type { Session } from './session.ts';
import { RunTerminal } from './terminal.ts';

/** Shows what runs execute, live. A run's terminal stays until another run needs one. */
export function showTerminals(session: Session): vscode.Disposable {
  let shown: { readonly runId: string; readonly terminal: RunTerminal } | undefined;
  const terminalOf = (runId: string): RunTerminal => {
    if (shown?.runId === runId) return shown.terminal;
    shown?.terminal.dispose();
    shown = { runId, terminal: new RunTerminal(runId) };
    shown.terminal.reveal();
    return shown.terminal;
  };
  const watch = (run: LiveRun): void => {
    const { shell } = run.hands;
    const stop = shell.subscribe((event) => {
      const terminal = terminalOf(run.runId);
      if (event.type === 'call.started') terminal.attach(shell);
      terminal.show(event);
    });
    const ended = () => {
      stop();
      if (shown?.runId === run.runId) shown.terminal.attach(undefined);
    };
    run.done.then(ended, ended);
  };
  const unsubscribe = session.subscribe({ onStarted: watch });
  return new vscode.Disposable(() => {
    unsubscribe();
    shown?.terminal.dispose();
  });
}
