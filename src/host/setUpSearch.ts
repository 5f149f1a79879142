/** Set Up Search: a provider, its address or key, and one search at once to see that it answers. */
import * as vscode from 'vscode';
import { localSearchServers } from '../runs/localSearch.ts';
import { trySearch } from '../runs/trySearch.ts';
import type { SearchChoice } from '../shared/webSettings.ts';
import type { Desk } from './desk.ts';
import { givenChoice, isThisMachine, searchOffers, withProvider, type WantedSearch } from './searchChoices.ts';
import { setting } from './settings.ts';
import { searchKeySecret } from './webSurroundings.ts';

interface Pick extends vscode.QuickPickItem {
  readonly take?: () => Promise<WantedSearch | undefined>;
}

/**
 * Stores nothing before the provider answered. `given`: {provider, url, key, allowLoopback} in place of the questions. Resolves to what
 * came, in a sentence; undefined when nothing was chosen. Throws UserError with what is wrong and what to do.
 */
export async function setUpSearch(desk: Desk, given?: unknown): Promise<string | undefined> {
  const wanted = given === undefined ? await choose(desk) : givenChoice(given);
  if (!wanted) return undefined;
  const { choice, key } = wanted;
  const loopback = await mayBeHere(wanted);
  if (loopback === undefined) return undefined;
  const tried = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Trying the search', cancellable: true },
    async (_progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return trySearch(choice, key, { allowLoopback: loopback, signal: stop.signal }).catch((error: unknown) => {
        if (stop.signal.aborted) return undefined;
        throw error;
      });
    },
  );
  if (!tried) return undefined;
  if (key !== undefined) await desk.context.secrets.store(searchKeySecret(choice.provider), key);
  await store('search.providers', withProvider(setting('search.providers'), choice));
  if (loopback && !setting('web.allowLoopback')) await store('web.allowLoopback', true);
  desk.refresh();
  const [first] = tried.hits;
  const came = first
    ? `${tried.hits.length} results for "${tried.query}", the first: ${first.title}`
    : `it knows nothing of "${tried.query}"`;
  const sentence = `${tried.label} answers: ${came}.`;
  if (given === undefined) void vscode.window.showInformationMessage(`${sentence} Runs search from now on.`);
  return sentence;
}

async function choose(desk: Desk): Promise<WantedSearch | undefined> {
  const running = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Looking for search servers' },
    () => localSearchServers(AbortSignal.timeout(5_000)),
  );
  const here: readonly Pick[] = running.map((choice) => ({
    label: `$(server) ${nameOf(choice)} at ${choice.url ?? ''}`,
    description: 'runs on this machine',
    take: async () => ({ choice, key: undefined }),
  }));
  const offers: readonly Pick[] = searchOffers.map(({ provider, name, about, address, key }) => ({
    label: `$(${key === undefined ? 'globe' : 'key'}) ${name}`,
    description: about,
    take: async () =>
      key === undefined ? askAddress(provider, name, address ?? '') : askKey(desk, provider, name, key),
  }));
  const picked = await vscode.window.showQuickPick([...here, ...offers], {
    title: 'Set Up Search',
    placeHolder: 'Who answers searches?',
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return picked?.take?.();
}

function nameOf({ provider }: SearchChoice): string {
  return searchOffers.find((offer) => offer.provider === provider)?.name ?? provider;
}

async function askAddress(
  provider: SearchChoice['provider'],
  name: string,
  usual: string,
): Promise<WantedSearch | undefined> {
  const known = setting('search.providers').find((choice) => choice.provider === provider)?.url;
  const url = await vscode.window.showInputBox({
    title: `Address of the ${name} server`,
    value: known ?? usual,
    prompt: provider === 'kiwix' ? 'As kiwix-serve says it when it starts' : 'As you open it in a browser',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:$/.test(URL.parse(text.trim())?.protocol ?? '') ? undefined : 'An http or https address is needed.',
  });
  return url === undefined ? undefined : { choice: { provider, url: url.trim() }, key: undefined };
}

async function askKey(
  desk: Desk,
  provider: SearchChoice['provider'],
  name: string,
  site: string,
): Promise<WantedSearch | undefined> {
  const stored = await desk.context.secrets.get(searchKeySecret(provider));
  const key = await vscode.window.showInputBox({
    title: `API key of ${name}`,
    prompt: `From ${site}. Kept in the secret storage of this machine.${stored ? ' Empty: the key that is stored.' : ''}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' && !stored ? 'A key is needed.' : undefined),
  });
  if (key === undefined) return undefined;
  const known = setting('search.providers').find((choice) => choice.provider === provider);
  return { choice: known ?? { provider }, key: key.trim() || stored };
}

/** Whether this machine may be asked: as it is set, or as a person says now. Undefined: the person says no. */
async function mayBeHere({ choice, allowLoopback }: WantedSearch): Promise<boolean | undefined> {
  const { provider, url } = choice;
  if (setting('web.allowLoopback')) return true;
  if (url === undefined || !isThisMachine(url)) return false;
  if (allowLoopback !== undefined) return allowLoopback;
  const allow = 'Allow';
  const chosen = await vscode.window.showWarningMessage(
    `Let runs search and read pages on this machine?`,
    {
      modal: true,
      detail: `${url} is on this machine. Runs may then also read pages of its other local servers. This is the setting mirothinker.web.allowLoopback; ${provider} needs it here.`,
    },
    allow,
  );
  return chosen === allow ? true : undefined;
}

async function store(name: 'search.providers' | 'web.allowLoopback', value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('mirothinker').update(name, value, vscode.ConfigurationTarget.Global);
}
