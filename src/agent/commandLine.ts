/** A command line as bash would read it, taken apart into its simple commands; nothing of it is run. */
import { forEachChild, parse, type Assignment, type SyntaxNode, type Word } from 'unbash';
import { redirectWorry, wordWorry, assignmentWorry, loopWorry } from './commandWorries.ts';

/** One word: `value` is what bash makes of it, undefined where that shows only when it runs. */
export interface CommandWord {
  readonly text: string;
  readonly value: string | undefined;
  /** Whether it stands there as it is meant: no quotes, no backslashes. */
  readonly plain: boolean;
  /** Of a word without a value: how it begins for sure. */
  readonly start?: string;
  /** Of a word without a value that may come to more words than one, or none: whether each begins so, or just any way. */
  readonly several?: 'alike' | 'any';
}

/** Whether an option may be hidden in a word. */
export function mayBeOption({ value, start = '', several }: CommandWord): boolean {
  return value === undefined && (several === 'any' || start === '' || start.startsWith('-'));
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
  const visit = (node: SyntaxNode, source: string, quotes: boolean) => {
    const inner = node.type === 'Script' && node.source !== undefined ? node.source : source;
    if (node.type === 'Script') problems.push(...(node.errors ?? []).map(({ message }) => message));
    if (node.type === 'HereDoc' && node.closing === undefined) problems.push('unterminated here-document');
    if (node.type === 'Command') commands.push(simpleCommand(node, inner));
    const worry = worryOf(node);
    if (worry !== undefined) worries.push(worry);
    // In a here-document and in quotes a further quote is a mere character, and what stands behind it is run.
    const text = node.type === 'SingleQuoted' || node.type === 'AnsiCQuoted' ? node.text.slice(1) : '';
    if (!quotes && /[$`]/.test(text)) problems.push('quotes within quotes');
    const plain = node.type !== 'HereDocBody' && node.type !== 'DoubleQuoted' && node.type !== 'LocaleString';
    const around = node.type === 'Script' || (quotes && plain);
    forEachChild(node, (child) => visit(child, inner, around));
  };
  try {
    visit(parse(text), text, true);
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
  const given = node.args.map((arg) => (arg.type === 'Assignment' ? assignmentWord(arg) : commandWord(arg)));
  const words = node.name ? [commandWord(node.name), ...given] : [];
  return { text: source.slice(node.pos, node.end), words, worries };
}

/** What is known of `a=b` behind a command is how it is written. */
function assignmentWord({ text, name, index, value }: Assignment): CommandWord {
  if (/^[\w.+/:@%,=-]*$/.test(text)) return { text, value: text, plain: true };
  const split = value.type === 'Word' && index === undefined ? severalOf(value.parts ?? [], name) : 'any';
  return { text, value: undefined, plain: false, start: `${name}=`, ...(split && { several: split }) };
}

function commandWord(word: Word): CommandWord {
  const { text } = word;
  const known = startOf(word.parts ?? []);
  if (known.complete) return { text, value: word.value, plain: word.value === text };
  const several = severalOf(word.parts ?? [], known.start);
  return { text, value: undefined, plain: false, start: known.start, ...(several && { several }) };
}

type Part = NonNullable<Word['parts']>[number];

/** How a word begins for sure, and whether that is all of it. */
function startOf(parts: readonly Part[]): { readonly start: string; readonly complete: boolean } {
  let start = '';
  for (const part of parts) {
    if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted') {
      start += part.value;
    } else if (part.type === 'DoubleQuoted') {
      const inner = startOf(part.parts);
      start += inner.start;
      if (!inner.complete) return { start, complete: false };
    } else {
      return { start: start === '' && isSafeStart(part) ? part.text.slice(0, 1) : start, complete: false };
    }
  }
  return { start, complete: true };
}

/** What never begins with a dash, whatever it comes to. */
function isSafeStart(part: Part): boolean {
  if (part.type === 'BraceExpansion') return /^\{[\w./]+(?:,[\w./]+)+\}$/.test(part.text);
  return part.type === 'ProcessSubstitution' || isNumberOfShell(part);
}

/** `$?` and the like. */
function isNumberOfShell({ type, text }: Part): boolean {
  return type === 'SimpleExpansion' && /^\$[?#$!]$/.test(text);
}

/** File names and braces come to words that begin alike; what is split does not. */
function severalOf(parts: readonly Part[], start: string): CommandWord['several'] {
  let found: CommandWord['several'];
  for (const part of parts) {
    if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') {
      if (part.parts.some(isList)) return 'any';
    } else if (part.type === 'Glob' || part.type === 'ExtendedGlob' || part.type === 'BraceExpansion') {
      const plain = startOf(part.parts ?? []).complete;
      if (!plain || (part.type === 'BraceExpansion' && start === '')) return 'any';
      found = 'alike';
    } else if (/Expansion$/.test(part.type) && part.type !== 'ArithmeticExpansion' && !isNumberOfShell(part)) {
      return 'any';
    }
  }
  return found;
}

/** `"$@"`, `"${a[@]}"`, `"${!x@}"` are as many words as there are. */
function isList(part: Part): boolean {
  return (part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion') && part.text.includes('@');
}

/** What a node other than a simple command does beside running its parts. */
function worryOf(node: SyntaxNode): string | undefined {
  const { type } = node;
  if (type === 'Redirected') return node.redirects.map(redirectWorry).find((worry) => worry !== undefined);
  if (type === 'Function') return `it defines the function ${node.name.text}`;
  if (type === 'For' || type === 'Select') return loopWorry(node.name.value);
  return type === 'Coproc' ? 'it starts a coprocess' : wordWorry(node);
}
