/** A command line with all that it runs: the simple commands of it, what is inside them, and what is inside that. */
import { insideOf } from './commandInside.ts';
import { readCommandLine, type CommandWord, type SimpleCommand } from './commandLine.ts';
import type { Inside } from './commandWrappers.ts';

/** A command and what it runs. */
export interface Reached {
  readonly command: SimpleCommand;
  readonly inside?: Inside;
  /** Where in its words what is inside begins, and what that is. */
  readonly branches: readonly { readonly from: number; readonly tree: CommandTree }[];
}

export interface CommandTree {
  readonly text: string;
  readonly commands: readonly Reached[];
  readonly worries: readonly string[];
  readonly unreadable?: string;
}

const maxDepth = 8;

/** Takes a line apart with all that it runs. */
export function readCommandTree(text: string, depth = 0): CommandTree {
  if (depth > maxDepth) return { text, commands: [], worries: [], unreadable: 'it is nested too deeply' };
  const { commands, worries, unreadable } = readCommandLine(text);
  const reached = commands.map((command) => reach(command, depth));
  return { text, commands: reached, worries, ...(unreadable !== undefined && { unreadable }) };
}

function reach(command: SimpleCommand, depth: number): Reached {
  const inside = insideOf(command.words);
  if (!inside) return { command, branches: [] };
  const commands = inside.commands.map(({ from, words }) => ({ from, tree: treeOf(words, depth + 1) }));
  const lines = inside.lines.map(({ from, text }) => ({ from, tree: readCommandTree(text, depth + 1) }));
  return { command, inside, branches: [...commands, ...lines] };
}

function treeOf(words: readonly CommandWord[], depth: number): CommandTree {
  const text = words.map((word) => word.text).join(' ');
  if (depth > maxDepth) return { text, commands: [], worries: [], unreadable: 'it is nested too deeply' };
  return { text, commands: [reach({ text, words, worries: [] }, depth)], worries: [] };
}

/** All trees below one, itself first. */
export function allTrees(tree: CommandTree): readonly CommandTree[] {
  const below = tree.commands.flatMap(({ branches }) => branches.flatMap((branch) => allTrees(branch.tree)));
  return [tree, ...below];
}
