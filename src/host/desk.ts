/** Everything of this window: the session, its panels, tree, status and commands, joined. */
import * as vscode from 'vscode';
import type { CommandName } from '../extension.ts';
import { UserError } from '../agent/errors.ts';
import { embeddedModel } from '../runs/choice.ts';
import type { Setup } from '../shared/protocol.ts';
import { deleteOldRuns } from '../store/runs.ts';
import { announce } from './attention.ts';
import { commandTable } from './commands.ts';
import { perform } from './intentions.ts';
import { Panel } from './panel.ts';
import { runItems, type RunItem } from './runsTree.ts';
import { Session } from './session.ts';
import { isConfigured, setting, settingProblems } from './settings.ts';
import { RunStatus } from './statusBar.ts';
import { showTerminals } from './terminals.ts';
import { surroundings, workspaceRoots } from './surroundings.ts';

/** The window's parts, as its commands see them. */
export interface Desk {
  readonly context: vscode.ExtensionContext;
  readonly session: Session;
  readonly log: vscode.LogOutputChannel;
  /** Runs a command and shows what went wrong as one message. */
  readonly command: (name: CommandName, args: readonly unknown[]) => Promise<unknown>;
  readonly showInView: (view: vscode.WebviewView) => void;
  readonly showInEditor: (panel?: vscode.WebviewPanel) => void;
  /** Brings the panel to the front. */
  readonly reveal: () => Promise<void>;
  /** Puts text into the panel's box. */
  readonly compose: (text: string) => Promise<void>;
  /** Tells panels and tree that settings, trust or runs changed. */
  readonly refresh: () => void;
  readonly runItems: () => Promise<readonly RunItem[]>;
  readonly dispose: () => Promise<void>;
}

/** Opens the desk. */
export function openDesk(context: vscode.ExtensionContext, runsChanged: () => void): Desk {
  const log = vscode.window.createOutputChannel('MiroThinker', { log: true });
  const closing = new AbortController();
  const report = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const session = new Session(() => surroundings(context, closing.signal, report));
  const panels = new Set<Panel>();
  const visible = new Set<object>();
  const status = new RunStatus(session);
  const disposables: vscode.Disposable[] = [log, status];

  const addPanel = (holder: vscode.WebviewView | vscode.WebviewPanel, place: Setup['place']) => {
    const panel = new Panel(holder.webview, context.extensionUri, {
      session,
      setup: () => setup(place),
      perform: (i, p) => perform(i, p, desk),
      report,
    });
    panels.add(panel);
    const noteVisible = () => void (holder.visible ? visible.add(holder) : visible.delete(holder));
    noteVisible();
    if ('onDidChangeVisibility' in holder) holder.onDidChangeVisibility(noteVisible);
    else holder.onDidChangeViewState(noteVisible);
    holder.onDidDispose(() => {
      panels.delete(panel);
      visible.delete(holder);
      panel.dispose();
    });
  };

  const desk: Desk = {
    context,
    session,
    log,
    command: async (name, args) => {
      try {
        return await commandTable[name](desk, args);
      } catch (error) {
        showError(error, desk);
        return undefined;
      }
    },
    showInView: (view) => addPanel(view, 'side'),
    showInEditor: (panel) => addPanel(panel ?? openEditorTab(), 'editor'),
    reveal: async () => void (await vscode.commands.executeCommand('mirothinker.trajectory.focus')),
    compose: async (text) => {
      await desk.reveal();
      for (const panel of panels) panel.post({ type: 'compose', text });
    },
    refresh: () => {
      for (const panel of panels) panel.refresh();
      runsChanged();
    },
    runItems: () => runItems(desk),
    dispose: async () => {
      closing.abort();
      await session.dispose();
      for (const panel of panels) panel.dispose();
      for (const disposable of disposables) disposable.dispose();
    },
  };
  disposables.push(
    { dispose: session.subscribe({ onStarted: runsChanged, onEnded: runsChanged }) },
    announce(desk, () => visible.size > 0),
    showTerminals(session),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('mirothinker') && desk.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(desk.refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(desk.refresh),
  );
  void cleanUp(desk);
  return desk;
}

function setup(place: Setup['place']): Setup {
  const problems = settingProblems();
  return {
    configured: isConfigured(),
    model: setting('model'),
    baseUrl: setting('baseUrl'),
    embedded: setting('model') === embeddedModel,
    trusted: vscode.workspace.isTrusted,
    workspaceOpen: workspaceRoots().length > 0,
    ...(problems.length > 0 && { problem: problems.join(' ') }),
    place,
  };
}

function openEditorTab(): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel(
    'mirothinker.trajectoryEditor',
    'MiroThinker',
    vscode.ViewColumn.Active,
    {},
  );
  return panel;
}

/** Shows what went wrong: a UserError verbatim, anything else as the bug that it is. */
export function showError(error: unknown, desk: Pick<Desk, 'log'>): void {
  if (error instanceof UserError) {
    void vscode.window.showErrorMessage(error.message);
    return;
  }
  desk.log.error(error instanceof Error ? error : String(error));
  const message = `Something went wrong inside MiroThinker: ${error instanceof Error ? error.message : String(error)}`;
  void vscode.window.showErrorMessage(message, 'Show the log').then((chosen) => chosen && desk.log.show());
}

async function cleanUp(desk: Desk): Promise<void> {
  try {
    if (workspaceRoots().length === 0) return;
    const { runsFolder } = await surroundings(desk.context, new AbortController().signal, () => undefined);
    const deleted = await deleteOldRuns(runsFolder, setting('keepRunsDays'), Date.now());
    if (deleted.length > 0) desk.log.info(`Deleted ${deleted.length} runs older than ${setting('keepRunsDays')} days.`);
  } catch (error) {
    desk.log.warn(`Old runs were not deleted: ${String(error)}`);
  }
}
