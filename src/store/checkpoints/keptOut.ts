/** What checkpoints leave alone: what no call may change either. */
import { isProtected } from '../../agent/protectedPaths.ts';
import { type ByteName, isAscii, shownName } from './names.ts';

/** What stands in every protected name; looking for it is ten times quicker, and a workspace has many names. */
const suspicious = /git|vscode|mcp|devcontainer|code-workspace|claude|codex|gemini|zed/i;

/** Whether a file is protected, so that it is neither kept nor put back. */
export function isKeptOut(name: ByteName): boolean {
  return (!isAscii(name) || suspicious.test(name)) && isProtected(shownName(name));
}
