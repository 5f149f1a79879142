/** A command line with all that it runs: the simple commands of it, what is inside them, and what is inside that. */
import { insideOf } from './commandInside.ts';
import { readCommandLine, type CommandWord, type SimpleCommand } from './commandLine.ts';
import { fileRunFrom, riskOf } from './commandRisk.ts';
import type { Inside } from './commandWrappers.ts';

/** A command and what it runs. */
export interface Reached {
  readonly command: SimpleCommand;
  readonly inside?: Inside;
  /** What of its words does more than its beginning says; `at`: the last of them, none where no rule's words are enough. */
  readonly risk?: { readonly at?: number; readonly why: string };
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
export function readCommandTree(text: string, depth = 0, moves = mayMove(text)): CommandTree {
  if (depth > maxDepth) return { text, commands: [], worries: [], unreadable: 'it is nested too deeply' };
  const { commands, worries, unreadable } = readCommandLine(text);
  const reached = commands.map((command) => reach(command, depth, moves));
  return { text, commands: reached, worries, ...(unreadable !== undefined && { unreadable }) };
}

/** Whether the folder may change within a line. */
function mayMove(text: string): boolean {
  return /(?<![\w-])(?:cd|pushd|popd)(?![\w-])/.test(text.replace(/["'\\]/g, ''));
}

function reach(command: SimpleCommand, depth: number, moves: boolean): Reached {
  const { words } = command;
  const inside = insideOf(words);
  const commands = (inside?.commands ?? []).map(({ from, words }) => ({ from, tree: treeOf(words, depth + 1, moves) }));
  const lines = (inside?.lines ?? []).map(({ from, text }) => ({
    from,
    tree: readCommandTree(text, depth + 1, moves),
  }));
  const branches = [...commands, ...lines];
  // Behind the words of a wrapper stand those of another command.
  const own = inside?.passing === 'both' ? words.length : Math.min(words.length, ...branches.map(({ from }) => from));
  const file = moves ? fileRunFrom(words) : undefined;
  const risk =
    file === undefined ? riskOf(words.slice(0, own)) : { why: `\`${file}\` may be another file behind \`cd\`` };
  return { command, branches, ...(inside && { inside }), ...(risk && { risk }) };
}

function treeOf(words: readonly CommandWord[], depth: number, moves: boolean): CommandTree {
  const text = words.map((word) => word.text).join(' ');
  if (depth > maxDepth) return { text, commands: [], worries: [], unreadable: 'it is nested too deeply' };
  return { text, commands: [reach({ text, words, worries: [] }, depth, moves)], worries: [] };
}

/** All trees below one, itself first. */
export function allTrees(tree: CommandTree): readonly CommandTree[] {
  const below = tree.commands.flatMap(({ branches }) => branches.flatMap((branch) => allTrees(branch.tree)));
  return [tree, ...below];
}
