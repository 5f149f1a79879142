/** What a person wants in the panel, done. The view shows foreign text, so nothing here trusts a path or an address. */
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import * as vscode from 'vscode';
import { UserError, messageOf } from '../agent/errors.ts';
import { embeddedModel } from '../runs/choice.ts';
import { narrowingFile } from '../agent/narrowed.ts';
import type { FromWebview } from '../shared/protocol.ts';
import { findCall } from '../shared/describeState.ts';
import type { BlobRef } from '../shared/refs.ts';
import { blobPath, readBlob } from '../store/blobs.ts';
import { ask, askOn } from './ask.ts';
import type { TypedQuestion } from './attach.ts';
import { showCallChanges, showRunChanges } from './changes.ts';
import { commandTable } from './commands.ts';
import type { Desk } from './desk.ts';
import { folderOfRuns } from './chooseRun.ts';
import { openEvidence } from './evidenceTexts.ts';
import { showError } from './showError.ts';
import type { Panel } from './panel.ts';
import { goOnChoice, sameChoice } from './goOnChoice.ts';
import { keepSomeChanges } from './keepSome.ts';
import { filesOfTurn, restoreFiles } from './restore.ts';
import { storeSetting, runChoice } from './settings.ts';
import { showPrompt } from './showPrompt.ts';
import { openPicture } from './openPicture.ts';
import { pictureMessage } from './readPicture.ts';
import { stopRun } from './stopRun.ts';
import { requireTrust, workspaceRoots } from './surroundings.ts';

type Intention = Exclude<FromWebview, { type: 'ready' }>;

/** Does it; what goes wrong is shown as one message, a refused question keeps its text in the box. */
export async function perform(intention: Intention, panel: Panel, desk: Desk): Promise<void> {
  try {
    await act(intention, panel, desk);
  } catch (error) {
    if (keepsText(intention)) panel.post({ type: 'refused', message: messageOf(error) });
    if (!keepsText(intention) || !(error instanceof UserError)) showError(error, desk);
  }
}

/** Whether what was typed stays in the box when it is refused. */
function keepsText({ type }: Intention): boolean {
  return type === 'ask' || type === 'followUp' || type === 'queue' || type === 'note';
}

async function act(intention: Intention, panel: Panel, desk: Desk): Promise<unknown> {
  const { session } = desk;
  switch (intention.type) {
    case 'ask':
      return ask(desk, typedIn(intention));
    case 'followUp':
    case 'queue':
      return askOn(desk, intention.runId, typedIn(intention));
    case 'attachFiles':
      return commandTable.attachFiles(desk, []);
    case 'stop': {
      stopRun(desk, intention.runId);
      return;
    }
    case 'note': {
      session.note(intention.runId, intention.text);
      return;
    }
    case 'clarify':
      return session.find(intention.runId)?.clarify(intention.answers);
    case 'editPlan':
      return session.find(intention.runId)?.editPlan(intention.items);
    case 'tickPlan':
      return session.find(intention.runId)?.tickPlan(intention.id, intention.done);
    case 'pause': {
      session.pause(intention.runId);
      return;
    }
    case 'goOn': {
      session.goOn(intention.runId);
      return;
    }
    case 'answerNow':
      if (!session.find(intention.runId)) requireTrust();
      return session.answerNow(intention.runId, goOnChoice(runChoice()));
    case 'fork': {
      requireTrust();
      const { runId, turn, note } = intention;
      const files = intention.files && (await filesOfTurn(desk, runId, turn));
      if (files === 'cancelled') return;
      return session.fork({ runId, turn }, note, sameChoice(runChoice()), files);
    }
    case 'showPrompt':
      return showPrompt(intention.runId, intention.turn);
    case 'resume':
      requireTrust();
      return session.resume(intention.runId, goOnChoice(runChoice()));
    case 'approve': {
      const { runId, callId, decision, note, arguments: edited } = intention;
      return session.decide(runId, callId, {
        decision,
        ...(note !== undefined && { note }),
        ...(edited && { arguments: edited }),
      });
    }
    case 'openSource':
      return openSource(intention.uri, intention.line);
    case 'openLink':
      return openLink(intention.url);
    case 'showPicture':
      panel.post(await pictureMessage(session, intention));
      return;
    case 'openPicture':
      return openPicture(session, intention);
    case 'showAll':
      return showAll(desk, intention.callId);
    case 'showChanges': {
      const { runId, callId, path } = intention;
      return callId === undefined ? showRunChanges(desk, runId) : showCallChanges(desk, runId, callId, path);
    }
    case 'restoreFiles':
      return restoreFiles(desk, intention.runId, intention.to);
    case 'keepSomeChanges':
      return keepSomeChanges(desk, intention.runId);
    case 'copyAnswer':
      return commandTable.copyAnswer(desk, []);
    case 'exportReport':
      return commandTable.exportReport(desk, []);
    case 'openEvidence':
      return openEvidence(intention, () => folderOfRuns(desk));
    case 'exportMarkdown':
      return commandTable.exportMarkdown(desk, []);
    case 'openRun':
      return session.open(intention.runId);
    case 'findFiles':
      panel.post({ type: 'files', query: intention.query, paths: await findFiles(intention.query) });
      return;
    case 'newQuestion':
      session.close();
      return;
    case 'showRuns':
      return vscode.commands.executeCommand('mirothinker.runs.focus');
    case 'openInEditor':
      desk.showInEditor();
      return;
    case 'connect':
      return commandTable.connect(desk, []);
    case 'useEmbedded':
      await storeSetting('model', embeddedModel);
      desk.refresh();
      return;
    case 'setEnvelope':
      return commandTable.setEnvelope(desk, []);
    case 'openSettings':
      return commandTable.openSettings(desk, []);
    case 'openFolder':
      return vscode.commands.executeCommand('workbench.action.files.openFolder');
    case 'manageTrust':
      return vscode.commands.executeCommand('workbench.trust.manage');
  }
}

function typedIn({ question: text, mentions, attached }: Extract<Intention, { question: string }>): TypedQuestion {
  return { text, mentions, attached };
}

/** Opens a file of the workspace at a line (from 1). Throws UserError when it is none. */
async function openSource(uri: string, line = 1): Promise<void> {
  const path = uri.startsWith('file:') ? vscode.Uri.parse(uri).fsPath : uri;
  for (const file of candidates(path)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file)).then(
      (opened) => opened,
      () => undefined,
    );
    if (!document) continue;
    const at = new vscode.Position(Math.min(line, document.lineCount) - 1, 0);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at), preview: true });
    return;
  }
  throw new UserError(`${path} cannot be opened: it is not a text file of this workspace any more.`);
}

/** Where a path of the log may lie: in a root that it names, or in any root; never outside of all. */
function candidates(path: string): readonly string[] {
  const roots = workspaceRoots();
  // It may stand above the roots, and is opened for mending.
  if (isAbsolute(path) && basename(path) === narrowingFile) return [path];
  const named = roots
    .filter((root) => path.startsWith(`${root.name}/`))
    .map((root) => join(root.path, path.slice(root.name.length + 1)));
  const all = [...(roots.length > 1 ? named : []), ...roots.map((root) => resolve(root.path, path))];
  return all.filter((file) => roots.some((root) => isInside(root.path, file)));
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !path.startsWith('..') && !isAbsolute(path);
}

async function openLink(url: string): Promise<void> {
  if (!/^https?:\/\//i.test(url)) throw new UserError(`${url} is no web address.`);
  await vscode.env.openExternal(vscode.Uri.parse(url, true));
}

/** A call's whole observation in an editor tab: what the model was shown and what was cut from it. */
async function showAll(desk: Desk, callId: string): Promise<void> {
  const { shown, shownTrajectory } = desk.session;
  const call = shownTrajectory && findCall(shownTrajectory, callId);
  if (!shown || !call) throw new UserError('This call is not in the run that is shown.');
  if (call.output) {
    await showBlob(shown.folder, call.output);
    return;
  }
  const rest = call.blob ? (await readBlob(shown.folder, call.blob)).toString('utf8') : '';
  const kept = rest
    ? (call.content ?? '').replace(/(?:\n\.\.\. \[Result truncated\]| \[Result truncated due to length limit\])$/, '')
    : (call.content ?? '');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: kept + rest }), {
    preview: true,
  });
}

/** Large files cannot be handed over as text. */
const maxDocumentBytes = 20_000_000;

async function showBlob(runFolder: string, ref: BlobRef): Promise<void> {
  const uri = vscode.Uri.file(await blobPath(runFolder, ref));
  if (ref.sizeBytes > maxDocumentBytes) {
    await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
    return;
  }
  const content = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }), { preview: true });
}

/** Files whose path holds the query's letters, shortest first. */
async function findFiles(query: string): Promise<readonly string[]> {
  const found = await vscode.workspace.findFiles('**/*', undefined, 5_000);
  const several = workspaceRoots().length > 1;
  const wanted = query.toLowerCase();
  return found
    .map((uri) => vscode.workspace.asRelativePath(uri, several))
    .filter((path) => path.toLowerCase().includes(wanted))
    .toSorted((a, b) => rank(a, wanted) - rank(b, wanted) || a.length - b.length || a.localeCompare(b))
    .slice(0, 50);
}

function rank(path: string, wanted: string): number {
  return (path.split('/').at(-1) ?? '').toLowerCase().startsWith(wanted) ? 0 : 1;
}
