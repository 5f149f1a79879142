/** What rules say of a command line. A rule that allows holds only where every command of the line is allowed. */
import { allTrees, readCommandTree, type CommandTree, type Reached } from './commandTree.ts';
import { mayRun } from './commandGuess.ts';
import { beginsWith, isLike, occursIn, ruleWords } from './ruleMatch.ts';

/** A rule in a person's words, and in a command's. */
export interface CommandRule {
  readonly pattern: string;
  readonly words: readonly string[];
  /** Who set it, where that is not the person. */
  readonly by?: string;
}

export interface CommandRules {
  readonly allow: readonly CommandRule[];
  readonly ask: readonly CommandRule[];
  readonly deny: readonly CommandRule[];
}

/** What was allowed for this run: beginnings of commands, and whole lines. */
export interface Granted {
  readonly beginnings: readonly (readonly string[])[];
  readonly lines: ReadonlySet<string>;
}

export type CommandVerdict =
  | { readonly kind: 'allow' }
  /** `part`: the command of the line that it is about. */
  | { readonly kind: 'deny' | 'ask'; readonly rule: CommandRule; readonly part: string; readonly why?: string }
  /** No rule decides; `why`: what keeps those that allow from doing so. */
  | { readonly kind: 'open'; readonly why?: string };

/** Rules from their patterns. */
export function commandRules(patterns: readonly string[], by?: string): readonly CommandRule[] {
  return patterns.map((pattern) => ({ pattern, words: ruleWords(pattern), ...(by !== undefined && { by }) }));
}

/** What rules and a person's earlier word say of a line. What a rule denies, nobody's word allows. */
export function judgeCommand(line: string, rules: CommandRules, granted: Granted): CommandVerdict {
  const tree = readCommandTree(line);
  const denied = firstHit(tree, rules.deny);
  if (denied?.sure) return { kind: 'deny', ...denied };
  if (granted.lines.has(line)) return { kind: 'allow' };
  const beginnings = granted.beginnings;
  const asked = firstHit(tree, rules.ask, (reached) => isAllowed(reached, beginnings));
  const hit = denied ?? asked;
  if (hit) return { kind: 'ask', ...hit };
  const allow = [...rules.allow.map(({ words }) => words), ...beginnings];
  const why = whyNotAllowed(tree, allow);
  if (why === undefined) return { kind: 'allow' };
  return { kind: 'open', ...(rules.allow.length > 0 && { why }) };
}

interface Hit {
  readonly rule: CommandRule;
  readonly part: string;
  readonly sure: boolean;
  readonly why?: string;
}

/** The first rule that means a command of the line, for sure before perhaps. */
function firstHit(
  tree: CommandTree,
  rules: readonly CommandRule[],
  excepted: (reached: Reached) => boolean = () => false,
): Hit | undefined {
  const all = rules.flatMap((rule) => hitOf(tree, rule, excepted) ?? []);
  return all.find(({ sure }) => sure) ?? all[0];
}

function hitOf(whole: CommandTree, rule: CommandRule, excepted: (reached: Reached) => boolean): Hit | undefined {
  let perhaps: Hit | undefined;
  const line = unquoted(whole.text);
  for (const tree of allTrees(without(whole, excepted))) {
    if (tree.unreadable !== undefined) {
      const why = `it cannot be read for sure: ${tree.unreadable}`;
      const sure = occursIn(tree.text, rule.words, true);
      if (sure) return { rule, part: tree.text, sure, why };
      perhaps ??= { rule, part: tree.text, sure, why };
    }
    const [worry] = tree.worries;
    if (worry !== undefined && occursIn(line, rule.words)) {
      perhaps ??= { rule, part: tree.text, sure: false, why: worry };
    }
    for (const reached of tree.commands) {
      const { command, inside } = reached;
      const likeness = isLike(command.words, rule.words);
      if (likeness === 'yes') return { rule, part: command.text, sure: true };
      if (likeness === 'maybe') {
        perhaps ??= { rule, part: command.text, sure: false, why: 'what it runs shows only when it runs' };
      }
      perhaps ??= guess(reached, rule, line);
      const [worry] = command.worries;
      if (worry !== undefined && occursIn(command.text, rule.words)) {
        perhaps ??= { rule, part: command.text, sure: false, why: worry };
      }
      if (inside?.opaque === undefined) continue;
      const { opaque: why, anything, reads, hidden } = inside;
      const text = reads ? whole.text : command.text;
      if (occursIn(text, rule.words)) return { rule, part: command.text, sure: true, why };
      if (anything || (hidden && occursIn(line, rule.words)))
        perhaps ??= { rule, part: command.text, sure: false, why };
    }
  }
  return perhaps;
}

/** Quotes within a word hide it. */
function unquoted(text: string): string {
  return text.replace(/["'\\]/g, '');
}

/** What a program that is not known to be harmless may make of its further words, or of what the line gives it. */
function guess(reached: Reached, rule: CommandRule, whole: string): Hit | undefined {
  const why = mayRun(reached, rule.words, whole);
  return why === undefined ? undefined : { rule, part: reached.command.text, sure: false, why };
}

function without(tree: CommandTree, excepted: (reached: Reached) => boolean): CommandTree {
  return { ...tree, commands: tree.commands.filter((reached) => !excepted(reached)) };
}

type Beginnings = readonly (readonly string[])[];

/** Why not everything of the line is allowed, in words; undefined when it is. */
function whyNotAllowed(tree: CommandTree, allow: Beginnings): string | undefined {
  const { unreadable, worries, commands } = tree;
  if (unreadable !== undefined) return `it cannot be read for sure: ${unreadable}`;
  if (worries[0] !== undefined) return worries[0];
  if (!commands.some(({ command }) => command.words.length > 0)) return 'it holds no command';
  const open = commands.find((reached) => !isAllowed(reached, allow));
  if (!open) return undefined;
  const worry = open.command.worries[0] ?? open.risk?.why;
  return worry ?? open.inside?.worry ?? open.inside?.opaque ?? `no rule allows \`${open.command.text.slice(0, 200)}\``;
}

/** Whether a command is allowed with all that it runs. */
export function isAllowed({ command, inside, risk, branches }: Reached, allow: Beginnings): boolean {
  const { words, worries } = command;
  if (worries.length > 0) return false;
  if (words.length === 0) return true;
  const named = Math.max(0, ...allow.map((rule) => beginsWith(words, rule)));
  if (risk && named <= (risk.at ?? words.length)) return false;
  if (!inside) return named > 0;
  if (named === words.length && !inside.reads) return true;
  if (inside.opaque !== undefined || inside.worry !== undefined) return false;
  if (named > deepest(branches) && !risksBehind(branches, named)) return true;
  if (inside.passing === 'past' || (inside.passing === 'both' && named === 0)) return false;
  return branches.every(({ tree }) => whyNotAllowed(tree, allow) === undefined);
}

/** Whether something inside does more than the words before this one say. */
function risksBehind(branches: Reached['branches'], named: number): boolean {
  return branches.some(({ from, tree }) =>
    tree.commands.some(({ risk, branches: below }) => {
      return (risk && (risk.at ?? named) + from >= named) === true || risksBehind(below, named - from);
    }),
  );
}

/** The last word at which something inside begins. */
function deepest(branches: Reached['branches']): number {
  const ends = branches.map(({ from, tree }) => {
    const [only] = tree.commands;
    return from + (tree.commands.length === 1 && only ? deepest(only.branches) : 0);
  });
  return Math.max(0, ...ends);
}
