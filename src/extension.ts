/** Joins the extension to VS Code: registers what the manifest promises. Everything else is loaded on first use. */
import * as vscode from 'vscode';
import { commandNames } from './host/commandNames.ts';
import type { Desk } from './host/desk.ts';

/** The desk of this window, once something was asked of it. */
const window: { desk?: Promise<Desk> } = {};

/** Registers commands, views and the editor tab. */
export function activate(context: vscode.ExtensionContext): void {
  const runsChanged = new vscode.EventEmitter<void>();
  const desk = () =>
    (window.desk ??= import('./host/openDesk.ts').then(({ openDesk }) => openDesk(context, () => runsChanged.fire())));
  for (const name of commandNames) {
    const run = async (...args: readonly unknown[]) => (await desk()).command(name, args);
    context.subscriptions.push(vscode.commands.registerCommand(`mirothinker.${name}`, run));
  }
  context.subscriptions.push(
    runsChanged,
    vscode.window.registerWebviewViewProvider('mirothinker.trajectory', {
      resolveWebviewView: async (view) => (await desk()).showInView(view),
    }),
    vscode.window.registerWebviewPanelSerializer('mirothinker.trajectoryEditor', {
      deserializeWebviewPanel: async (panel) => (await desk()).showInEditor(panel),
    }),
    vscode.window.registerTreeDataProvider('mirothinker.runs', {
      onDidChangeTreeData: runsChanged.event,
      getChildren: async (below?: vscode.TreeItem) => [...(await (await desk()).runItems(below))],
      getTreeItem: (item: vscode.TreeItem) => item,
    }),
  );
}

/** Ends what still runs; VS Code waits for it a few seconds. */
export async function deactivate(): Promise<void> {
  const { desk } = window;
  delete window.desk;
  await (await desk)?.dispose();
}
