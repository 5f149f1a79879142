/** Asking: from a question to a run that goes on, with the embedded reader offered where no server answers. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { checkedQuestion } from '../agent/start.ts';
import { probe } from '../model/probe.ts';
import { embeddedModel } from '../runs/choice.ts';
import { withAttachments, type TypedQuestion } from './attach.ts';
import { connect } from './connect.ts';
import type { Desk } from './desk.ts';
import { goOnChoice } from './goOnChoice.ts';
import { isConfigured, runChoice, setting, storeSetting } from './settings.ts';
import { requireTrust, workspaceRoots } from './surroundings.ts';

/** Starts a run. Throws UserError when it cannot be started. */
export async function ask(desk: Desk, question: TypedQuestion): Promise<void> {
  requireReady(question);
  desk.session.requireFree();
  if (!(await hasModel(desk))) return;
  await desk.reveal();
  await desk.session.ask(await withAttachments(desk.context, question), runChoice());
}

/** Asks on in a run; while it goes on, the question waits for its end. Throws UserError when that cannot be. */
export async function askOn(desk: Desk, runId: string, question: TypedQuestion): Promise<void> {
  requireReady(question);
  await desk.session.followUp(runId, await withAttachments(desk.context, question), goOnChoice(runChoice()));
}

/** Asks the same `count` times at once. Throws UserError when the runs cannot be started. */
export async function askSeveral(desk: Desk, question: TypedQuestion, count: number): Promise<void> {
  requireReady(question);
  if (!(await hasModel(desk))) return;
  await desk.reveal();
  await desk.session.askSeveral(await withAttachments(desk.context, question), count, runChoice());
}

function requireReady(question: TypedQuestion): void {
  requireTrust();
  if (workspaceRoots().length === 0)
    throw new UserError('No folder is open. Open the folder that the question is about, then ask again.');
  checkedQuestion(question.text);
}

/** Before anything was chosen: whether the usual server answers, or what the person takes instead. */
async function hasModel(desk: Desk): Promise<boolean> {
  if (isConfigured()) return true;
  const found = await probe(setting('baseUrl'), undefined, AbortSignal.timeout(3_000)).catch(() => undefined);
  if (found) return true;
  return offerWithoutServer(desk, `No model server answers at ${setting('baseUrl')}.`);
}

/** Says that nothing answers; true when the embedded reader was taken or a server connected. */
export async function offerWithoutServer(desk: Desk, problem: string): Promise<boolean> {
  const [reader, other] = ['Use the embedded reader', 'Connect a server'] as const;
  const message = `${problem} Start one, connect to another, or let the embedded reader answer with extracts from this workspace (it is no language model).`;
  const chosen = await vscode.window.showWarningMessage(message, reader, other);
  if (chosen === other) return connect(desk);
  if (chosen !== reader) return false;
  await storeSetting('model', embeddedModel);
  return true;
}
