/** The commands of the palette, one function each. */
import * as vscode from 'vscode';
import type { CommandName } from './commandNames.ts';
import { UserError } from '../agent/errors.ts';
import { toMarkdown } from '../export/markdown.ts';
import { deleteRun } from '../store/runs.ts';
import { ask, askSeveral } from './ask.ts';
import { attachFiles } from './attach.ts';
import { changeCommands } from './changeCommands.ts';
import { chooseLive, chooseRun, folderOfRuns } from './chooseRun.ts';
import { connect } from './connect.ts';
import type { Desk } from './desk.ts';
import { saveReport } from './exportReport.ts';
import { goOnChoice } from './goOnChoice.ts';
import { manageMcp } from './manageMcp.ts';
import { runChoice } from './settings.ts';
import { setEnvelope } from './setEnvelope.ts';
import { setUpSearch } from './setUpSearch.ts';
import { openSettingsAt } from './settingsEditor.ts';
import { steerCommands } from './steerCommands.ts';
import { stopRun } from './stopRun.ts';
import { apiKeySecret, requireTrust } from './surroundings.ts';

type Command = (desk: Desk, args: readonly unknown[]) => Promise<unknown>;

/** Every command by its name; each throws UserError for what a person can put right. */
export const commandTable: Readonly<Record<CommandName, Command>> = {
  ask: async (desk, [question]) => {
    requireTrust();
    const text = typeof question === 'string' ? question : await askForQuestion();
    if (text !== undefined) await ask(desk, { text, mentions: [] });
  },
  askSelection: async (desk) => {
    const editor = vscode.window.activeTextEditor;
    const selected = editor?.document.getText(editor.selection).trim();
    if (!editor || !selected) throw new UserError('Nothing is selected. Select the text that the question is about.');
    const path = vscode.workspace.asRelativePath(editor.document.uri);
    const fence = '`'.repeat(Math.max(2, ...[...selected.matchAll(/`+/g)].map((run) => run[0].length)) + 1);
    const { start, end } = editor.selection;
    const lastLine = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
    if (!desk.session.shownLive) desk.session.close();
    await desk.compose(`@${path} lines ${start.line + 1}–${lastLine}:\n${fence}\n${selected}\n${fence}\n`);
  },
  askSeveral: async (desk, [question, count]) => {
    requireTrust();
    const text = typeof question === 'string' ? question : await askForQuestion();
    if (text === undefined) return;
    const times = typeof count === 'number' ? count : await askHowOften();
    if (times !== undefined) await askSeveral(desk, { text, mentions: [] }, times);
  },
  attachFiles: async (desk, given) => {
    requireTrust();
    await attachFiles(
      desk,
      given.flat().filter((uri) => uri instanceof vscode.Uri),
    );
  },
  stop: async (desk, args) => {
    const run = await chooseLive(desk, args);
    if (run) stopRun(desk, run.runId);
  },
  ...steerCommands,
  ...changeCommands,
  resume: async (desk, args) => {
    requireTrust();
    const runId = await chooseRun(
      desk,
      args,
      'Which run goes on?',
      (run) => run.state !== 'running' && run.state !== 'answered',
    );
    if (runId === undefined) return;
    await desk.session.resume(runId, goOnChoice(runChoice()));
    await desk.reveal();
  },
  openRun: async (desk, args) => {
    const runId = await chooseRun(desk, args, 'Which run?', () => true);
    if (runId === undefined) return;
    await desk.session.open(runId);
    await desk.reveal();
  },
  deleteRun: async (desk, args) => {
    const runId = await chooseRun(desk, args, 'Which run is deleted for good?', (run) => run.state !== 'running');
    if (runId === undefined) return;
    if (!(await confirmDelete(args))) return;
    await deleteRun(await folderOfRuns(desk), runId);
    if (desk.session.shown?.runId === runId) desk.session.close();
    desk.refresh();
  },
  copyAnswer: async (desk) => {
    const answer = desk.session.shownTrajectory?.items.findLast((item) => item.kind === 'answer');
    if (!answer) throw new UserError('The run that is shown has no answer to copy.');
    await vscode.env.clipboard.writeText(
      answer.text === answer.boxed ? answer.text : `${answer.text}\n\n${answer.boxed}`,
    );
    vscode.window.setStatusBarMessage('Answer copied', 3000);
  },
  exportReport: async (desk, [run, file]) => {
    if (run !== undefined) await commandTable.openRun(desk, [run]);
    await saveReport(desk.session.shownTrajectory, file instanceof vscode.Uri ? file : undefined);
  },
  exportMarkdown: async (desk, args) => {
    const [item] = args;
    if (item !== undefined) await commandTable.openRun(desk, args);
    const trajectory = desk.session.shownTrajectory;
    if (!trajectory) throw new UserError('No run is shown. Open one from the list of runs first.');
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: 'markdown', content: toMarkdown(trajectory) }),
    );
  },
  connect: async (desk) => connect(desk),
  setApiKey: async (desk) => {
    const key = await vscode.window.showInputBox({
      title: 'API key of the model server',
      prompt: 'Kept in the secret storage of this machine. Empty removes it.',
      password: true,
      ignoreFocusOut: true,
    });
    if (key === undefined) return;
    if (key.trim()) await desk.context.secrets.store(apiKeySecret, key.trim());
    else await desk.context.secrets.delete(apiKeySecret);
    vscode.window.setStatusBarMessage(key.trim() ? 'API key stored' : 'API key removed', 5_000);
  },
  setUpSearch: async (desk, [given]) => setUpSearch(desk, given),
  showTrajectory: async (desk) => desk.showInEditor(),
  setEnvelope: async () => setEnvelope(),
  manageMcp: async (desk) => manageMcp(desk),
  openSettings: async () => openSettingsAt(),
};

async function askForQuestion(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Ask a research question',
    prompt: 'What do you want to find out about this workspace?',
    placeHolder: 'Which release dropped X, and who decided it?',
    ignoreFocusOut: true,
  });
}

async function askHowOften(): Promise<number | undefined> {
  const entered = await vscode.window.showInputBox({
    title: 'How often is the question asked?',
    prompt: 'The runs go on side by side, each with another seed; the answer that most of them give counts.',
    value: '3',
    ignoreFocusOut: true,
    validateInput: (text) => (/^(?:[2-9]|1[0-6])$/.test(text.trim()) ? undefined : 'A number from 2 to 16.'),
  });
  return entered === undefined ? undefined : Number(entered);
}

/** Asks before a run is gone; a caller that passes `{ confirmed: true }` behind the run has asked already. */
async function confirmDelete([, options]: readonly unknown[]): Promise<boolean> {
  if (typeof options === 'object' && options && 'confirmed' in options && options.confirmed === true) return true;
  const chosen = await vscode.window.showWarningMessage(
    'Delete this run for good?',
    { modal: true, detail: 'Its log and results are removed from this machine.' },
    'Delete',
  );
  return chosen === 'Delete';
}
