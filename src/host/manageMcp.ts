/** The command that shows the MCP servers: what each is, whether it is trusted, and which of its tools runs get. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { findServers, openServer, questionOf, type FoundServer } from '../runs/mcpServers.ts';
import type { McpSurroundings } from '../runs/mcpSurroundings.ts';
import { commandLine } from '../runs/mcpWords.ts';
import { showControls, shownPath } from '../shared/visibleText.ts';
import { isNamed } from '../tools/mcp/names.ts';
import type { Desk } from './desk.ts';
import { askTrust, editorMcp, inputSecret } from './editorMcp.ts';
import { openSettingsAt } from './settingsEditor.ts';
import { requireTrust, workspaceRoots } from './surroundings.ts';

interface Choice extends vscode.QuickPickItem {
  readonly take?: () => Promise<void>;
}

/** Shows them all; what is chosen holds for runs that start or go on from then. */
export async function manageMcp(desk: Pick<Desk, 'context' | 'log'>): Promise<void> {
  requireTrust();
  const mcp = editorMcp(desk.context, (words) => desk.log.info(showControls(words)));
  const { servers, problems } = await findServers(mcp, workspaceRoots());
  const picks: Choice[] = [
    ...servers.map((server): Choice => ({
      label: `${icons[server.trust]} ${shownPath(server.name)}`,
      description: `${states[server.trust]} · ${shownPath(server.source.label)}`,
      detail: commandLine(server.definition),
      take: () => manageOne(server, mcp, desk.context.secrets),
    })),
    ...problems.map((problem): Choice => ({ label: `$(error) ${showControls(problem)}` })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(gear) Servers and tools in the settings…', take: () => openSettingsAt('mcp') },
  ];
  await pick('MCP servers', servers.length === 0 ? 'None is configured here' : 'Which server?', picks);
}

const states = {
  trusted: 'trusted',
  refused: 'not trusted',
  new: 'not trusted yet',
  changed: 'changed since it was trusted',
} as const;
const icons = { trusted: '$(check)', refused: '$(circle-slash)', new: '$(shield)', changed: '$(warning)' } as const;

async function manageOne(server: FoundServer, mcp: McpSurroundings, secrets: vscode.SecretStorage): Promise<void> {
  const { trust, key, source, inputs } = server;
  const file = source.from.kind === 'file' ? source.from.path : undefined;
  const trusted: Choice[] = [
    { label: '$(tools) Choose its tools…', take: () => chooseTools(server, mcp) },
    { label: '$(debug-restart) Start it and say what is wrong', take: () => tryOut(server, mcp) },
    { label: '$(circle-slash) Forget that it is trusted', take: () => mcp.trust.keep(key, undefined) },
  ];
  const picks: Choice[] = [
    ...(trust === 'trusted' ? trusted : [{ label: '$(shield) Trust it…', take: () => trustIt(server, mcp) }]),
    ...(inputs.length > 0
      ? [{ label: '$(key) Forget what was entered for it', take: () => forgetInputs(server, secrets) }]
      : []),
    {
      label: '$(go-to-file) Open where it is configured',
      take: async () => {
        if (file === undefined) await openSettingsAt('mcp.servers');
        else await vscode.window.showTextDocument(vscode.Uri.file(file));
      },
    },
  ];
  await pick(`MCP server ${shownPath(server.name)}`, commandLine(server.definition), picks);
}

async function pick(title: string, placeHolder: string, picks: readonly Choice[]): Promise<void> {
  const picked = await vscode.window.showQuickPick([...picks], { title, placeHolder, matchOnDetail: true });
  await picked?.take?.();
}

async function trustIt(server: FoundServer, mcp: McpSurroundings): Promise<void> {
  const answer = await askTrust(questionOf(server));
  if (answer !== 'later') await mcp.trust.keep(server.key, { ...server.fingerprint, trusted: answer === 'yes' });
}

async function forgetInputs({ source, inputs }: FoundServer, secrets: vscode.SecretStorage): Promise<void> {
  for (const { id } of inputs) await secrets.delete(inputSecret(source, id));
}

/** What it lists, once started. Throws UserError that says why it is not there. */
async function listed(server: FoundServer, mcp: McpSurroundings) {
  const title = `Starting the MCP server ${shownPath(server.name)}`;
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_, token) => {
    const stopping = new AbortController();
    token.onCancellationRequested(() => stopping.abort(new UserError('It was not started.')));
    const connection = await openServer(server, server.name, mcp, {
      roots: workspaceRoots(),
      signal: stopping.signal,
      onToolsChanged: () => undefined,
    });
    await connection.close();
    return connection.tools;
  });
}

async function tryOut(server: FoundServer, mcp: McpSurroundings): Promise<void> {
  const tools = await listed(server, mcp);
  const names = tools.map(({ name }) => shownPath(name)).join(', ');
  void vscode.window.showInformationMessage(
    `MCP server ${shownPath(server.name)} works: ${tools.length} tools${names === '' ? '' : ` (${names.slice(0, 500)})`}.`,
  );
}

/** Those that stay picked are offered to runs; the others are written to the settings. */
async function chooseTools(server: FoundServer, { disabledTools, ...mcp }: McpSurroundings): Promise<void> {
  const tools = await listed(server, { disabledTools, ...mcp });
  const picks = tools.map(({ name, description = '' }) => ({
    label: shownPath(name),
    detail: shownPath(description).slice(0, 200),
    picked: !isNamed(disabledTools, server.name, name),
    name,
  }));
  const title = `Tools of ${shownPath(server.name)} that runs get`;
  const chosen = await vscode.window.showQuickPick(picks, { title, canPickMany: true, ignoreFocusOut: true });
  if (!chosen) return;
  const off = tools.map(({ name }) => name).filter((name) => !chosen.some((one) => one.name === name));
  const others = disabledTools.filter((pattern) => !tools.some(({ name }) => isNamed([pattern], server.name, name)));
  const patterns = [...others, ...off.map((name) => `${server.name}.${name}`)];
  await vscode.workspace
    .getConfiguration('mirothinker')
    .update('mcp.disabledTools', patterns, vscode.ConfigurationTarget.Global);
}
