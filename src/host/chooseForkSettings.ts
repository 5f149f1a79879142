/** Picks what a fork goes on with. */
import * as vscode from 'vscode';
import { embeddedModel, type RunChoice } from '../runs/choice.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { modelChoice, sameChoice } from './goOnChoice.ts';
import { runChoice } from './settings.ts';

/** Undefined when nothing was picked. */
export async function chooseForkSettings({ model, baseUrl }: Trajectory): Promise<RunChoice | undefined> {
  const present = runChoice();
  const named = present.model === embeddedModel ? '' : present.baseUrl;
  const connected = described(present.model || 'the first model listed', named ?? '');
  const picks = [
    { label: 'The same model and settings', description: described(model, baseUrl), choice: sameChoice(present) },
    { label: 'The connected model, all else the same', description: connected, choice: modelChoice(present) },
    { label: 'The present settings', description: `all of them, and ${connected}`, choice: present },
  ];
  const options = { placeHolder: 'Fork with', ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(picks, options))?.choice;
}

function described(model: string, baseUrl: string): string {
  return baseUrl ? `${model} at ${baseUrl}` : 'the embedded reader';
}
