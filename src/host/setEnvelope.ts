/** Sets what runs may do: a preset, or the settings of rules, domains and limits. */
import * as vscode from 'vscode';
import type { ApprovalPolicy, WorkspaceAccess } from '../shared/runSettings.ts';
import { setting, storeSetting } from './settings.ts';
import { openSettingsAt } from './settingsEditor.ts';

interface Preset {
  readonly label: string;
  readonly detail: string;
  readonly approval: ApprovalPolicy;
  readonly workspace: WorkspaceAccess;
}

const presets: readonly Preset[] = [
  {
    label: 'Ask before every change',
    detail: 'Reading goes on by itself; changing a file and running code ask first.',
    ...{ approval: 'ask', workspace: 'read-write' },
  },
  {
    label: 'Change files, ask before commands',
    detail: 'Changes to files can be seen and undone; running code asks first.',
    ...{ approval: 'write', workspace: 'read-write' },
  },
  {
    label: 'Work in the sandbox unattended',
    detail: 'Changes files and runs confined code; anything else asks.',
    ...{ approval: 'sandbox', workspace: 'read-write' },
  },
  {
    label: 'Read only',
    detail: 'Runs code in the sandbox by itself, and nothing in the workspace is changed.',
    ...{ approval: 'sandbox', workspace: 'read-only' },
  },
];

interface Pick extends vscode.QuickPickItem {
  readonly take?: () => Promise<void>;
}

/** Lets a person pick; what they pick holds for this machine, and for runs from their next start on. */
export async function setEnvelope(): Promise<void> {
  const now = { approval: setting('approval'), workspace: setting('sandbox.workspace') };
  const picks: Pick[] = [
    ...presets.map((preset) => presetPick(preset, now)),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    settingsPick(
      '$(terminal) Rules for commands…',
      'which run by themselves, ask first, or never run',
      'rules.commands',
    ),
    settingsPick('$(tools) Rules for tools…', 'the same for the tools of the agent', 'rules.tools'),
    settingsPick('$(globe) Network and domains…', 'what commands reach', 'sandbox'),
    settingsPick('$(watch) Time and tokens…', 'what a question may cost', 'budget'),
  ];
  const picked = await vscode.window.showQuickPick(picks, {
    title: 'What runs may do',
    placeHolder: 'It holds for runs that start or go on from now',
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  await picked?.take?.();
}

function presetPick(
  preset: Preset,
  now: { readonly approval: ApprovalPolicy; readonly workspace: WorkspaceAccess },
): Pick {
  const { label, detail, approval, workspace } = preset;
  const current = now.approval === approval && now.workspace === workspace;
  return {
    label: `${current ? '$(check)' : '$(blank)'} ${label}`,
    detail,
    ...(current && { description: 'now' }),
    take: async () => {
      await storeSetting('approval', approval);
      await storeSetting('sandbox.workspace', workspace);
      vscode.window.setStatusBarMessage(`What runs may do: ${label.toLowerCase()}`, 5_000);
    },
  };
}

function settingsPick(label: string, description: string, name: string): Pick {
  return { label, description, take: () => openSettingsAt(name) };
}
