/** A terminal for each run that executes something, named after it. */
import * as vscode from 'vscode';
import type { LiveRun } from '../runs/liveRun.ts';
import type { Session } from './session.ts';
import { RunTerminal } from './terminal.ts';

/** Shows what runs execute, live. The terminal of a run that ended stays until another run needs one. */
export function showTerminals(session: Session): vscode.Disposable {
  const terminals = new Map<string, RunTerminal>();
  const terminalOf = (runId: string): RunTerminal => {
    const there = terminals.get(runId);
    if (there) return there;
    for (const [id, ended] of terminals) {
      if (session.find(id)) continue;
      ended.dispose();
      terminals.delete(id);
    }
    const terminal = new RunTerminal(runId);
    terminals.set(runId, terminal);
    if (terminals.size === 1 || session.shown?.runId === runId) terminal.reveal();
    return terminal;
  };
  const watch = (run: LiveRun): void => {
    const { shell } = run.hands;
    const stop = shell.subscribe((event) => {
      const terminal = terminalOf(run.runId);
      if (event.type === 'call.started') terminal.attach(shell);
      terminal.show(event);
      if (event.type === 'call.waiting' && event.waiting) terminal.reveal();
    });
    const ended = () => {
      stop();
      terminals.get(run.runId)?.attach(undefined);
    };
    run.done.then(ended, ended);
  };
  const unsubscribe = session.subscribe({ onStarted: watch });
  return new vscode.Disposable(() => {
    unsubscribe();
    for (const terminal of terminals.values()) terminal.dispose();
  });
}
