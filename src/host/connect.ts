/** Connect a Model Server: looks for servers at their usual local ports, shows what answered, and stores the choice. */
import * as vscode from 'vscode';
import { UserError, messageOf } from '../agent/errors.ts';
import { probe, probeServers, type ServerInfo } from '../model/probe.ts';
import { embeddedModel } from '../runs/choice.ts';
import { formatTokens } from '../shared/quantities.ts';
import type { Desk } from './desk.ts';
import { setting, storeSetting } from './settings.ts';
import { apiKeySecret } from './surroundings.ts';

interface Pick extends vscode.QuickPickItem {
  readonly take: () => Promise<boolean>;
}

/** True when something was chosen. Throws UserError when a named address is no model server. */
export async function connect(desk: Desk): Promise<boolean> {
  const key = await desk.context.secrets.get(apiKeySecret);
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Looking for model servers' },
    () => look(key),
  );
  if (found.length === 0) {
    const problem =
      'No model server answers at the usual local ports (vLLM 8000, SGLang 30000, llama.cpp 8080, Ollama 11434, LM Studio 1234).';
    const [name, reader] = ['Enter an address', 'Use the embedded reader'] as const;
    const chosen = await vscode.window.showWarningMessage(
      `${problem} Start one, or let the embedded reader answer with extracts (it is no language model).`,
      name,
      reader,
    );
    if (chosen === name) return enterAddress(desk, key);
    return chosen === reader ? store(desk, setting('baseUrl'), embeddedModel) : false;
  }
  const picks: Pick[] = [
    ...found.flatMap((server) => serverPicks(desk, server)),
    { label: '$(edit) Enter an address…', take: () => enterAddress(desk, key) },
    {
      label: '$(book) Embedded reader',
      description: 'extracts from this workspace; no language model',
      take: () => store(desk, setting('baseUrl'), embeddedModel),
    },
  ];
  const picked = await vscode.window.showQuickPick(picks, {
    placeHolder: 'Which model answers?',
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return (await picked?.take()) ?? false;
}

async function look(key: string | undefined): Promise<readonly ServerInfo[]> {
  const configured = setting('baseUrl');
  const signal = AbortSignal.timeout(5_000);
  const [local, own] = await Promise.all([probeServers(signal), probe(configured, key, signal).catch(() => undefined)]);
  return own ? [own, ...local.filter((server) => server.baseUrl !== own.baseUrl)] : local;
}

function serverPicks(desk: Desk, { kind, baseUrl, models, needsKey }: ServerInfo): readonly Pick[] {
  if (needsKey) return [keyPick(desk, baseUrl)];
  return models.map(({ id, contextWindow }) => ({
    label: `$(server) ${id}`,
    description: `${kind} at ${baseUrl}`,
    detail: contextWindow === undefined ? 'context window unknown' : `context window ${formatTokens(contextWindow)}`,
    take: () => store(desk, baseUrl, id),
  }));
}

/** A server that says nothing without a key: the key is asked for, then the server is asked again. */
function keyPick(desk: Desk, baseUrl: string): Pick {
  return {
    label: `$(key) ${baseUrl}`,
    description: 'wants an API key',
    take: async () => {
      await storeSetting('baseUrl', baseUrl);
      await vscode.commands.executeCommand('mirothinker.setApiKey');
      return connect(desk);
    },
  };
}

async function enterAddress(desk: Desk, key: string | undefined): Promise<boolean> {
  const entered = await vscode.window.showInputBox({
    title: 'Base URL of the model server',
    value: setting('baseUrl'),
    prompt: 'As it ends in /v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      URL.canParse(text) && /^https?:/.test(text) ? undefined : 'An http or https address is needed.',
  });
  if (entered === undefined) return false;
  const server = await probe(entered, key, AbortSignal.timeout(10_000)).catch((error: unknown) => {
    throw new UserError(messageOf(error));
  });
  const [first, ...others] = server.models;
  if (!first) throw new UserError(`The server at ${entered} lists no model. Load one there and connect again.`);
  if (others.length === 0) return store(desk, server.baseUrl, first.id);
  const picked = await vscode.window.showQuickPick(serverPicks(desk, server), {
    placeHolder: 'Which model answers?',
    ignoreFocusOut: true,
  });
  return picked ? store(desk, server.baseUrl, picked.label.replace('$(server) ', '')) : false;
}

async function store(desk: Desk, baseUrl: string, model: string): Promise<boolean> {
  await storeSetting('baseUrl', baseUrl);
  await storeSetting('model', model);
  desk.refresh();
  const what =
    model === embeddedModel
      ? 'The embedded reader answers: extracts, no language model.'
      : `${model} at ${baseUrl} answers.`;
  vscode.window.setStatusBarMessage(what, 5_000);
  return true;
}
