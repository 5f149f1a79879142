/** Set Up Search: a provider, its address or key, and one search at once to see that it answers. */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { trySearch } from '../runs/trySearch.ts';
import { chooseSearch, type ChosenSearch } from './chooseSearch.ts';
import type { Desk } from './desk.ts';
import { givenChoice, isThisMachine, nameOf, withProvider, type WantedSearch } from './searchChoices.ts';
import { setting } from './settings.ts';
import { searchKeySecret } from './webSurroundings.ts';

/**
 * Stores nothing before the provider answered. `given`: {provider, url, key, allowLoopback} in place of the questions. Resolves to what
 * came, in a sentence; undefined when nothing was chosen. Throws UserError with what is wrong and what to do.
 */
export async function setUpSearch(desk: Desk, given?: unknown): Promise<string | undefined> {
  if (given !== undefined) {
    const wanted = givenChoice(given);
    const allowLoopback = await mayBeHere(wanted);
    return allowLoopback === undefined ? undefined : tryAndStore(desk, wanted, allowLoopback);
  }
  return untilOneAnswers(desk, await chooseSearch(desk));
}

/** What does not answer is said at length, with a way to change what was typed; what was allowed for it is not asked again. */
async function untilOneAnswers(desk: Desk, chosen: ChosenSearch | undefined): Promise<string | undefined> {
  if (!chosen) return undefined;
  const allowLoopback = await mayBeHere(chosen);
  if (allowLoopback === undefined) return undefined;
  try {
    const sentence = await tryAndStore(desk, chosen, allowLoopback);
    if (sentence !== undefined)
      void vscode.window.showInformationMessage(`Runs search with ${nameOf(chosen.choice)} from now on. ${sentence}`);
    return sentence;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    desk.log.info(error.message);
    const change = await vscode.window.showErrorMessage(error.message, chosen.change);
    const next = change === undefined ? undefined : await chosen.again();
    return untilOneAnswers(desk, next && { ...next, ...(allowLoopback && { allowLoopback }) });
  }
}

/** Undefined where the person stops it. Throws UserError where nothing answers. */
async function tryAndStore(
  desk: Desk,
  { choice, key }: WantedSearch,
  allowLoopback: boolean,
): Promise<string | undefined> {
  const tried = await tryVisibly(`Trying a search with ${nameOf(choice)}`, (signal) =>
    trySearch(choice, key, { allowLoopback, signal }),
  );
  if (!tried) return undefined;
  if (key !== undefined) await desk.context.secrets.store(searchKeySecret(choice.provider), key);
  await store('search.providers', withProvider(setting('search.providers'), choice));
  if (allowLoopback && !setting('web.allowLoopback')) await store('web.allowLoopback', true);
  desk.refresh();
  const [first] = tried.hits;
  const came = first
    ? `${tried.hits.length} results for "${tried.query}", the first: ${first.title}`
    : `it knows nothing of "${tried.query}"`;
  return `${tried.label} answers: ${came}.`;
}

/**
 * In the status bar, since a notice would stand on beside what came of it; what takes long gets one, by which it is stopped.
 * Undefined where it was.
 */
async function tryVisibly<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const result = work(stop.signal).catch((error: unknown) => {
    if (stop.signal.aborted) return undefined;
    throw error;
  });
  const { Window, Notification } = vscode.ProgressLocation;
  const shown = vscode.window.withProgress({ location: Window, title }, () => result);
  const quick = await Promise.race([shown.then(() => true), delay(slowMs, false)]);
  if (quick) return result;
  return vscode.window.withProgress({ location: Notification, title, cancellable: true }, (_progress, token) => {
    token.onCancellationRequested(() => stop.abort());
    return result;
  });
}

const slowMs = 3_000;

/** Whether this machine may be asked: as it is set, or as a person says now. Undefined: the person says no. */
async function mayBeHere({ choice, allowLoopback }: WantedSearch): Promise<boolean | undefined> {
  const { url } = choice;
  if (setting('web.allowLoopback')) return true;
  if (url === undefined || !isThisMachine(url)) return false;
  if (allowLoopback !== undefined) return allowLoopback;
  const allow = 'Allow';
  const chosen = await vscode.window.showWarningMessage(
    'Let runs reach servers on this machine?',
    {
      modal: true,
      detail: `${nameOf(choice)} at ${url} runs on this machine. To use it, runs must be allowed to reach local servers; they could then also read pages of other servers here.\n\nThis is the setting mirothinker.web.allowLoopback.`,
    },
    allow,
  );
  return chosen === allow ? true : undefined;
}

async function store(name: 'search.providers' | 'web.allowLoopback', value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('mirothinker').update(name, value, vscode.ConfigurationTarget.Global);
}
