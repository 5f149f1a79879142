/** A command line as bash would read it, taken apart into its simple commands; nothing of it is run. */
import { forEachChild, parse, type SyntaxNode, type Word } from 'unbash';
import { redirectWorry, wordWorry, assignmentWorry, loopWorry } from './commandWorries.ts';

/** One word: `value` is what bash makes of it, undefined where that shows only when it runs. */
export interface CommandWord {
  readonly text: string;
  readonly value: string | undefined;
  /** Whether it stands there as it is meant: no quotes, no backslashes. */
  readonly plain: boolean;
}

/** A simple command, wherever it stands in the line. */
export interface SimpleCommand {
  /** As it stands in the line. */
  readonly text: string;
  /** The name and what follows; empty for mere assignments and redirections. */
  readonly words: readonly CommandWord[];
  /** Why more happens than its words say: a file is written, a variable changes what programs do. */
  readonly worries: readonly string[];
}

export interface CommandLine {
  readonly text: string;
  readonly commands: readonly SimpleCommand[];
  /** What is true of the line as a whole: redirections of groups, functions, loops over names that matter. */
  readonly worries: readonly string[];
  /** Why it cannot be read for sure; then nothing of `commands` is complete. */
  readonly unreadable?: string;
}

/** Longer lines are not looked into. */
const maxLineChars = 200_000;

/** Takes a line apart. Never throws: what is no bash is `unreadable`. */
export function readCommandLine(text: string): CommandLine {
  const odd = oddText(text);
  if (odd !== undefined) return { text, commands: [], worries: [], unreadable: odd };
  const commands: SimpleCommand[] = [];
  const worries: string[] = [];
  const problems: string[] = [];
  const visit = (node: SyntaxNode, source: string) => {
    const inner = node.type === 'Script' && node.source !== undefined ? node.source : source;
    if (node.type === 'Script') problems.push(...(node.errors ?? []).map(({ message }) => message));
    if (node.type === 'HereDoc' && node.closing === undefined) problems.push('unterminated here-document');
    if (node.type === 'Command') commands.push(simpleCommand(node, inner));
    const worry = worryOf(node);
    if (worry !== undefined) worries.push(worry);
    forEachChild(node, (child) => visit(child, inner));
  };
  try {
    visit(parse(text), text);
  } catch (error) {
    // Nesting without end.
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const [problem] = problems;
  return { text, commands, worries, ...(problem !== undefined && { unreadable: problem }) };
}

/** Characters that shells and people read differently, and text that is kept for a later evaluation. */
function oddText(text: string): string | undefined {
  if (text.length > maxLineChars) return 'it is too long to be read';
  if (
    /[\u0000-\u0008\u000b-\u001f\u007f\u0085\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/.test(text)
  )
    return 'it holds characters that are not seen';
  return undefined;
}

type CommandNode = Extract<SyntaxNode, { type: 'Command' }>;

function simpleCommand(node: CommandNode, source: string): SimpleCommand {
  const worries = [
    ...node.prefix.flatMap((part) => (part.type === 'Assignment' ? (assignmentWorry(part, node.name) ?? []) : [])),
    ...node.args.flatMap((part) => (part.type === 'Assignment' ? (assignmentWorry(part, undefined) ?? []) : [])),
    ...node.redirects.flatMap((redirect) => redirectWorry(redirect) ?? []),
  ];
  const given = node.args.map((arg) => (arg.type === 'Assignment' ? assignmentWord(arg.text) : commandWord(arg)));
  const words = node.name ? [commandWord(node.name), ...given] : [];
  return { text: source.slice(node.pos, node.end), words, worries };
}

/** What is known of `a=b` behind a command is how it is written. */
function assignmentWord(text: string): CommandWord {
  const known = /^[\w.+/:@%,=-]*$/.test(text);
  return { text, value: known ? text : undefined, plain: known };
}

function commandWord(word: Word): CommandWord {
  const { text } = word;
  const value = isKnown(word) ? word.value : undefined;
  return { text, value, plain: value !== undefined && value === text };
}

function isKnown({ parts }: Word): boolean {
  return (parts ?? []).every((part) => {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        return true;
      case 'DoubleQuoted':
        return part.parts.every((child) => child.type === 'Literal');
      case 'LocaleString':
      case 'Glob':
      case 'ExtendedGlob':
      case 'BraceExpansion':
      case 'SimpleExpansion':
      case 'ParameterExpansion':
      case 'CommandExpansion':
      case 'ArithmeticExpansion':
      case 'ProcessSubstitution':
        return false;
    }
  });
}

/** What a node other than a simple command does beside running its parts. */
function worryOf(node: SyntaxNode): string | undefined {
  const { type } = node;
  if (type === 'Redirected') return node.redirects.map(redirectWorry).find((worry) => worry !== undefined);
  if (type === 'Function') return `it defines the function ${node.name.text}`;
  if (type === 'For' || type === 'Select') return loopWorry(node.name.value);
  return type === 'Coproc' ? 'it starts a coprocess' : wordWorry(node);
}
