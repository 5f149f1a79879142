/** The command line's words, parsed and checked. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../agent/errors.ts';
import type { RunChoice } from '../runs/choice.ts';
import type { WebSurroundings } from '../runs/surroundings.ts';
import type { Limits } from '../sandbox/limits.ts';
import { choiceOf, contradiction, limitsOf } from './choiceOf.ts';
import { webSurroundings } from './webOptions.ts';
import { mcpOf, type McpOptions } from './mcpOptions.ts';
import { commands, optionsOf, valuesSchema, type Command, type Values } from './options.ts';

/** The words of a call were off; the message says which. Exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A parsed call. */
export interface Call {
  readonly command: Command;
  /** The question, or the run. */
  readonly operand: string;
  readonly workspace: string;
  readonly runs: string | undefined;
  readonly json: boolean;
  readonly choice: RunChoice;
  readonly autoApprove: 'sandbox' | 'all' | 'write' | 'none';
  readonly readOnlyPaths: readonly string[];
  readonly python: string | undefined;
  readonly commandTimeoutS: number;
  readonly limits: Limits;
  readonly checkpoints: boolean;
  readonly unconfined: boolean;
  /** Keys come from the environment. */
  readonly web: (env: NodeJS.ProcessEnv) => WebSurroundings;
  readonly mcp: McpOptions;
  readonly serverWaitMinutes: number;
  /** How often the question is asked. */
  readonly rollouts: number;
  /** Files that are put to the question. */
  readonly attach: readonly string[];
  readonly turn: number | undefined;
  readonly note: string | undefined;
  readonly prompt: boolean;
  /** The source that `show` is to show. */
  readonly source: number | undefined;
  /** What `export` writes, and where to. */
  readonly format: 'markdown' | 'html' | 'bibtex';
  readonly output: string | undefined;
  /** Files that `restore` is to put back; none: all. */
  readonly files: readonly string[];
  readonly start: boolean;
  readonly undo: boolean;
  readonly yes: boolean;
  readonly diff: boolean;
  /** Whether a fork begins with the files as they were then. */
  readonly restoreFiles: boolean;
}

/** Parses a call; `help` or `version` when that is what was asked for. Throws UsageError. */
export function parseCall(words: readonly string[]): Call | 'help' | 'version' {
  if (words.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h')) return 'help';
  if (words.includes('--version')) return 'version';
  const command = commands.find((name) => name === words[0]);
  if (!command) throw new UsageError(`There is no command ${words[0] ?? ''}. There are ${commands.join(', ')}.`);
  const { values, positionals } = parse(words.slice(1), optionsOf(command));
  const parsed = valuesSchema.safeParse(values);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`--${String(issue?.path[0])}: ${issue?.message ?? 'not a value that it takes'}.`);
  }
  const wrong = contradiction(parsed.data);
  if (wrong !== undefined) throw new UsageError(wrong);
  const wanted = command === 'runs' || command === 'doctor' ? 0 : 1;
  const further = command === 'restore' ? positionals.slice(1) : [];
  if (positionals.length - further.length !== wanted) {
    const what = command === 'ask' ? 'one question, in quotes' : wanted === 1 ? 'one run' : 'no more words';
    throw new UsageError(`${command} takes ${what}; ${positionals.length} words were given.`);
  }
  return call(command, positionals[0] ?? '', further, parsed.data);
}

function parse(args: readonly string[], options: ReturnType<typeof optionsOf>) {
  try {
    return parseArgs({ args: joinNegative(args), options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** `--keep -1` is meant as `--keep=-1`. */
function joinNegative(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (/^-\d+$/.test(arg) && args[index - 1]?.startsWith('--')) return [];
    const next = args[index + 1];
    return arg.startsWith('--') && next !== undefined && /^-\d+$/.test(next) ? [`${arg}=${next}`] : [arg];
  });
}

function call(command: Command, operand: string, files: readonly string[], values: Values): Call {
  const { runs, json, unconfined, rollouts, turn, note, prompt, attach, start, undo, yes, diff } = values;
  return {
    ...{
      command,
      operand,
      files,
      runs,
      json,
      unconfined,
      rollouts,
      turn,
      note,
      prompt,
      attach,
      start,
      undo,
      yes,
      diff,
    },
    ...{ source: values.source, format: values.format, output: values.output },
    restoreFiles: values['restore-files'],
    workspace: resolve(values.workspace),
    choice: choiceOf(values),
    autoApprove: values['auto-approve'] ?? 'sandbox',
    readOnlyPaths: values['read-only-path'],
    python: values.python,
    commandTimeoutS: values['command-timeout'],
    limits: limitsOf(values),
    checkpoints: !values['no-checkpoints'],
    web: (env) => webSurroundings(values, env),
    mcp: mcpOf(values),
    serverWaitMinutes: values['server-wait'],
  };
}
