/** The window's parts as its commands, panels and views see them. */
import type * as vscode from 'vscode';
import type { CommandName } from './commandNames.ts';
import type { AttachedFile } from '../shared/protocol.ts';
import type { Session } from './session.ts';

/** The window's parts, as its commands see them. */
export interface Desk {
  readonly context: vscode.ExtensionContext;
  readonly session: Session;
  readonly log: vscode.LogOutputChannel;
  /** Runs a command and shows what went wrong as one message. */
  readonly command: (name: CommandName, args: readonly unknown[]) => Promise<unknown>;
  readonly showInView: (view: vscode.WebviewView) => void;
  readonly showInEditor: (panel?: vscode.WebviewPanel) => void;
  /** Brings the panel to the front. */
  readonly reveal: () => Promise<void>;
  /** Puts text into the panel's box. */
  readonly compose: (text: string) => Promise<void>;
  /** Brings the panel to the front, and puts files to its box. */
  readonly attach: (files: readonly AttachedFile[]) => Promise<void>;
  /** Brings the panel to the front with the plan open for editing. */
  readonly editPlan: () => Promise<void>;
  /** Tells panels and tree that settings, trust or runs changed. */
  readonly refresh: () => void;
  /** The runs of the tree; below a run those that it called. */
  readonly runItems: (below?: vscode.TreeItem) => Promise<readonly vscode.TreeItem[]>;
  readonly dispose: () => Promise<void>;
}
