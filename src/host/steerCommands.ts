/** The commands that steer runs under way and start new ones from what there is. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { checkedQuestion } from '../agent/start.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { chooseForkSettings } from './chooseForkSettings.ts';
import { chooseLive, namedRun } from './chooseRun.ts';
import { chooseTurn } from './chooseTurn.ts';
import type { CommandName } from './commandNames.ts';
import type { Desk } from './desk.ts';
import { goOnChoice, sameChoice } from './goOnChoice.ts';
import { filesOfTurn } from './restore.ts';
import { runChoice } from './settings.ts';
import { showPrompt } from './showPrompt.ts';
import { requireTrust } from './surroundings.ts';

type SteerCommandName = Extract<
  CommandName,
  'pause' | 'continue' | 'answerNow' | 'addNote' | 'queueQuestion' | 'editPlan' | 'fork' | 'forkFromEnd' | 'showPrompt'
>;

/** Each throws UserError for what a person can put right. A first argument may name the run, or be an item of the tree. */
export const steerCommands: Readonly<
  Record<SteerCommandName, (desk: Desk, args: readonly unknown[]) => Promise<unknown>>
> = {
  pause: async (desk, args) => desk.session.pause(await liveId(desk, args)),
  continue: async (desk, args) => desk.session.goOn(await liveId(desk, args)),
  answerNow: async (desk, args) => {
    const { session } = desk;
    const runId = namedRun(args[0]) ?? session.shown?.runId ?? (await liveId(desk, args));
    if (!session.find(runId)) requireTrust();
    await session.answerNow(runId, goOnChoice(runChoice()));
    await desk.reveal();
  },
  addNote: async (desk, [given]) => {
    const runId = await liveId(desk, []);
    const note = typeof given === 'string' ? given : await askForNote('The model reads it behind what it does now.');
    if (note?.trim()) desk.session.note(runId, note);
  },
  editPlan: async (desk, args) => {
    const { session } = desk;
    const runId = session.shownLive?.runId ?? (await liveId(desk, args));
    if (session.find(runId)?.trajectory().settings?.plan !== true) {
      throw new UserError('This run makes no plan. Turn the setting mirothinker.plan on and ask again.');
    }
    if (session.shown?.runId !== runId) await session.open(runId);
    await desk.editPlan();
  },
  queueQuestion: async (desk, [given]) => {
    requireTrust();
    const { session } = desk;
    const runId = session.shown?.runId ?? (await liveId(desk, []));
    const text = typeof given === 'string' ? given : await askForFollowUp(session.find(runId) !== undefined);
    if (text === undefined) return;
    await session.followUp(runId, { text: checkedQuestion(text), mentions: [] }, goOnChoice(runChoice()));
  },
  fork: async (desk, [given, turn, note]) => {
    requireTrust();
    const { runId, trajectory } = await shownRun(desk, given);
    const from =
      typeof turn === 'number'
        ? turn
        : await chooseTurn(trajectory, 'Behind which turn does the fork go on?', { label: 'The question' });
    if (from !== undefined) await fork(desk, trajectory, { runId, turn: from }, note);
  },
  forkFromEnd: async (desk, [given, note]) => {
    requireTrust();
    const { runId, trajectory } = await shownRun(desk, given);
    await fork(desk, trajectory, { runId, turn: trajectory.turns }, note);
  },
  showPrompt: async (desk, [turn]) => {
    const { runId, trajectory } = await shownRun(desk, undefined);
    const chosen =
      typeof turn === 'number' ? turn : await chooseTurn(trajectory, 'The messages that were sent for which turn?');
    if (chosen !== undefined) await showPrompt(runId, chosen);
  },
};

/** A caller that gives a note is asked nothing: the fork goes on as its parent did. */
async function fork(desk: Desk, trajectory: Trajectory, parent: ForkParent, given: unknown) {
  const asks = typeof given !== 'string';
  const choice = asks ? await chooseForkSettings(trajectory) : sameChoice(runChoice());
  if (!choice) return;
  const note = asks ? await askForNote('Empty: the fork goes on without one.') : given;
  if (note === undefined) return;
  const files = asks ? await chooseFiles(desk, trajectory, parent) : undefined;
  if (files === 'cancelled') return;
  await desk.session.fork(parent, note, choice, files);
  await desk.reveal();
}

/** Which files the fork begins with; asked only where calls changed some behind its turn. */
async function chooseFiles(desk: Desk, { checkpoints }: Trajectory, { runId, turn }: ForkParent) {
  if (!checkpoints.some((one) => one.kind === 'call' && one.turn > turn && one.files.length > 0)) return undefined;
  const [now, then] = ['The files as they are now', `The files as they were after turn ${turn}`] as const;
  const chosen = await vscode.window.showQuickPick([now, then], {
    placeHolder: 'With which files does the fork begin?',
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return 'cancelled' as const;
  return chosen === then ? filesOfTurn(desk, runId, turn) : undefined;
}

interface ForkParent {
  readonly runId: string;
  readonly turn: number;
}

async function liveId(desk: Desk, args: readonly unknown[]): Promise<string> {
  const run = await chooseLive(desk, args);
  if (!run) throw new UserError('No run goes on in this window.');
  return run.runId;
}

/** The run that an argument names, shown from now on, else the one that is shown. */
async function shownRun(desk: Desk, given: unknown) {
  const named = namedRun(given);
  if (named !== undefined && desk.session.shown?.runId !== named) await desk.session.open(named);
  const { shown, shownTrajectory } = desk.session;
  if (!shown || !shownTrajectory) throw new UserError('No run is shown. Open one from the list of runs first.');
  return { runId: shown.runId, trajectory: shownTrajectory };
}

async function askForNote(prompt: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'A note to the model',
    prompt,
    placeHolder: 'Look at the release notes as well',
    ignoreFocusOut: true,
  });
}

async function askForFollowUp(goesOn: boolean): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'A follow-up question',
    prompt: goesOn ? 'It is asked when the present question has its answer.' : 'It is asked in the run that is shown.',
    ignoreFocusOut: true,
  });
}
