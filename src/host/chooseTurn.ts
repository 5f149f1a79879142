/** Picks a turn of the shown run. */
import * as vscode from 'vscode';
import { UserError } from '../agent/errors.ts';
import { describeCall } from '../shared/describeCall.ts';
import { splitThought } from '../shared/thought.ts';
import type { Trajectory, Turn } from '../shared/trajectory.ts';

interface TurnPick extends vscode.QuickPickItem {
  readonly turn: number;
}

/** The number of a turn, the newest first in the list; `question` offers 0 as well. Undefined when nothing was picked. */
export async function chooseTurn(
  trajectory: Trajectory,
  placeHolder: string,
  question?: { readonly label: string },
): Promise<number | undefined> {
  const turns = trajectory.items.filter((item): item is Turn => item.kind === 'turn' && !item.undone);
  const first: readonly TurnPick[] = question
    ? [{ label: question.label, description: trajectory.start?.question.slice(0, 100) ?? '', turn: 0 }]
    : [];
  const picks: readonly TurnPick[] = [...turns.toReversed().map(turnPick), ...first];
  if (picks.length === 0) throw new UserError('This run has no turn yet.');
  const options = { placeHolder, matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(picks, options))?.turn;
}

function turnPick(item: Turn): TurnPick {
  return { label: `Turn ${item.turn}`, description: firstLine(item), turn: item.turn };
}

/** What a turn is about: its thought's first line, or what it calls or says. */
function firstLine({ content, reasoning, calls }: Turn): string {
  const { thought, text } = splitThought(content, reasoning);
  const [call] = calls;
  const called = call ? `${describeCall(call).verb} ${describeCall(call).target}` : '';
  const words = [thought, called, text].map((part) => part.trim()).find(Boolean) ?? '';
  return (words.split('\n')[0] ?? '').slice(0, 150);
}
