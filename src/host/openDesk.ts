/** Everything of this window: the session, its panels, tree, status and commands, joined. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Desk } from './desk.ts';
import { showError } from './showError.ts';
import { embeddedModel } from '../runs/choice.ts';
import type { Setup } from '../shared/protocol.ts';
import { readKept } from '../runs/keptRun.ts';
import { readLog } from '../store/readLog.ts';
import { deleteOldRuns, listRuns } from '../store/runs.ts';
import { announce } from './attention.ts';
import { folderOfRuns } from './chooseRun.ts';
import { commandTable } from './commands.ts';
import { keepContextKeys } from './contextKeys.ts';
import { editorMcp, mcpNotices } from './editorMcp.ts';
import { perform } from './intentions.ts';
import { offerInterrupted } from './interrupted.ts';
import { provideEvidence } from './evidenceTexts.ts';
import { provideKeptFiles } from './keptFiles.ts';
import { aroundFiles } from './keptRuns.ts';
import { watchNarrowings, type Narrowings } from './narrowings.ts';
import { Panel } from './panel.ts';
import { watchSaves } from './personsSaves.ts';
import { watchRollouts } from './rolloutWatch.ts';
import { RunItem, runItems } from './runsTree.ts';
import { RunsWatcher } from './runsWatcher.ts';
import { Session } from './session.ts';
import { isConfigured, setting, brokenSettings } from './settings.ts';
import { providePrompts } from './showPrompt.ts';
import { RunStatus } from './statusBar.ts';
import { showTerminals } from './terminals.ts';
import { surroundings, workspaceRoots } from './surroundings.ts';

/** Opens the desk. */
export async function openDesk(context: vscode.ExtensionContext, runsChanged: () => void): Promise<Desk> {
  const log = vscode.window.createOutputChannel('MiroThinker', { log: true });
  const report = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const mcpNotice = mcpNotices(log);
  const session = new Session(async (signal) => ({
    ...(await surroundings(context, signal, report)),
    mcp: editorMcp(context, mcpNotice),
  }));
  const panels = new Set<Panel>();
  const visible = new Set<object>();
  const status = new RunStatus(session);
  const rollouts = watchRollouts(session, {
    list: async () => listRuns(await folderOfRuns(desk)),
    facts: async (runId) => (await readLog(join(await folderOfRuns(desk), runId))).events,
  });
  const watcher = new RunsWatcher(() => {
    rollouts.refresh();
    runsChanged();
  });
  const narrowings = watchNarrowings(() => {
    for (const panel of panels) panel.refresh();
  }, report);
  const disposables: { dispose: () => unknown }[] = [
    log,
    narrowings,
    status,
    rollouts,
    watcher,
    keepContextKeys(session),
  ];

  const addPanel = (holder: vscode.WebviewView | vscode.WebviewPanel, place: Setup['place']) => {
    const panel = new Panel(holder.webview, context.extensionUri, {
      session,
      rollouts,
      setup: () => setup(place, narrowings),
      perform: (i, p) => perform(i, p, desk),
      report,
    });
    panels.add(panel);
    const noteVisible = () => {
      if (holder.visible) visible.add(holder);
      else visible.delete(holder);
    };
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
    reveal: async () => {
      await vscode.commands.executeCommand('mirothinker.trajectory.focus');
    },
    compose: async (text) => {
      await desk.reveal();
      for (const panel of panels) panel.compose(text);
    },
    attach: async (files) => {
      await desk.reveal();
      for (const panel of panels) panel.attach(files);
    },
    editPlan: async () => {
      await desk.reveal();
      for (const panel of panels) panel.editPlan();
    },
    refresh: () => {
      for (const panel of panels) panel.refresh();
      runsChanged();
    },
    runItems: async (below) => (below instanceof RunItem ? below.children : runItems(desk, watcher)),
    dispose: async () => {
      await session.dispose();
      for (const panel of panels) panel.dispose();
      for (const disposable of disposables) disposable.dispose();
    },
  };
  disposables.push(
    {
      dispose: session.subscribe({
        onStarted: runsChanged,
        onEnded: runsChanged,
        onBroken: (error) => showError(error, desk),
      }),
    },
    announce(desk, () => visible.size > 0),
    showTerminals(session),
    providePrompts(() => folderOfRuns(desk)),
    provideEvidence(() => folderOfRuns(desk)),
    provideKeptFiles(async (at, path) => readKept(at, path, await aroundFiles(desk, new AbortController().signal))),
    watchSaves(session),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('mirothinker') && desk.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(desk.refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(desk.refresh),
  );
  void cleanUp(desk).then(() => offerInterrupted(desk));
  await reopen(desk);
  return desk;
}

function setup(place: Setup['place'], narrowings: Narrowings): Setup {
  const broken = brokenSettings();
  return {
    configured: isConfigured(),
    model: setting('model'),
    baseUrl: setting('baseUrl'),
    embedded: setting('model') === embeddedModel,
    trusted: vscode.workspace.isTrusted,
    workspaceOpen: workspaceRoots().length > 0,
    ...(broken.length > 0 && {
      problem: `Settings that do not fit, so that their defaults count: ${broken.join(', ')}.`,
    }),
    ...narrowings.words(),
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

/** Where the window remembers which run it showed. */
const shownKey = 'mirothinker.shownRun';

/** Shows the run again that this window showed before it was reloaded, and remembers the one that it shows. */
async function reopen({ session, context, log }: Desk): Promise<void> {
  const shown = context.workspaceState.get<unknown>(shownKey);
  if (typeof shown === 'string' && workspaceRoots().length > 0) {
    await session.open(shown).catch((error: unknown) => log.info(`The last run is not shown: ${String(error)}`));
  }
  session.subscribe({ onRun: () => void context.workspaceState.update(shownKey, session.shown?.runId) });
}

async function cleanUp(desk: Desk): Promise<void> {
  try {
    if (workspaceRoots().length === 0) return;
    const deleted = await deleteOldRuns(await folderOfRuns(desk), setting('keepRunsDays'), Date.now());
    if (deleted.length > 0) desk.log.info(`Deleted ${deleted.length} runs older than ${setting('keepRunsDays')} days.`);
  } catch (error) {
    desk.log.warn(`Old runs were not deleted: ${String(error)}`);
  }
}
