/** The commands about what runs changed in the workspace. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { lineWords } from '../shared/checkpoints.ts';
import { showCallChanges, showRunChanges, showTurnChanges } from './changes.ts';
import { turnsThatChanged } from './checkpointPicks.ts';
import type { CommandName } from './commandNames.ts';
import type { Desk } from './desk.ts';
import { keepSomeChanges } from './keepSome.ts';
import { keptRun, runIdOf } from './keptRuns.ts';
import { restoreFiles, type Asked } from './restore.ts';

type ChangeCommandName = Extract<
  CommandName,
  'showChanges' | 'showTurnChanges' | 'showCallChanges' | 'restoreFiles' | 'undoChanges' | 'keepSomeChanges'
>;

/** Each throws UserError for what a person can put right. A first argument may name the run, or be an item of the tree. */
export const changeCommands: Readonly<
  Record<ChangeCommandName, (desk: Desk, args: readonly unknown[]) => Promise<unknown>>
> = {
  showChanges: async (desk, [given]) => showRunChanges(desk, runIdOf(desk, given)),
  showTurnChanges: async (desk, [given, turn]) => {
    const kept = await keptRun(desk, runIdOf(desk, given));
    const chosen = typeof turn === 'number' ? turn : await chooseTurnThatChanged(kept.trajectory);
    if (chosen !== undefined) await showTurnChanges(kept, chosen);
  },
  showCallChanges: async (desk, [given, callId, path]) => {
    if (typeof callId !== 'string') throw new UserError('Open the changes of a call from its line in the panel.');
    await showCallChanges(desk, runIdOf(desk, given), callId, typeof path === 'string' ? path : undefined);
  },
  restoreFiles: async (desk, [given, turn, options]) => {
    const to = typeof turn === 'number' ? ({ kind: 'turn', turn } as const) : ({ kind: 'picked' } as const);
    await restoreFiles(desk, runIdOf(desk, given), to, askedOf(options));
  },
  undoChanges: async (desk, [given, options]) => {
    await restoreFiles(desk, runIdOf(desk, given), { kind: 'start' }, askedOf(options));
  },
  keepSomeChanges: async (desk, [given]) => keepSomeChanges(desk, runIdOf(desk, given)),
};

/** A caller that passes `{ confirmed: true }` has asked already. */
function askedOf(options: unknown): Asked {
  const confirmed = typeof options === 'object' && options && 'confirmed' in options && options.confirmed === true;
  return confirmed ? { confirmed } : {};
}

async function chooseTurnThatChanged(trajectory: Parameters<typeof turnsThatChanged>[0]): Promise<number | undefined> {
  const picks = turnsThatChanged(trajectory).map((turn) => {
    const files = trajectory.checkpoints
      .filter((one) => one.turn === turn && one.kind === 'call')
      .flatMap((one) => one.files);
    return {
      label: `Turn ${turn}`,
      description: lineWords(files),
      detail: files.map(({ path }) => path).join(', '),
      turn,
    };
  });
  if (picks.length === 0) throw new UserError('This run changed no files.');
  const options = { placeHolder: 'What which turn changed?', matchOnDetail: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(picks, options))?.turn;
}
