/** The command line's words, parsed and checked. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { RunChoice } from '../runs/choice.ts';
import { messageOf } from '../agent/errors.ts';

/** The words of a call were off; the message says which. Exit code 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const commands = ['ask', 'resume', 'runs', 'show', 'delete', 'doctor'] as const;

/** A parsed call. */
export interface Call {
  readonly command: (typeof commands)[number];
  /** The question, or the run. */
  readonly operand: string;
  readonly workspace: string;
  readonly runs: string | undefined;
  readonly json: boolean;
  readonly choice: RunChoice;
  readonly autoApprove: 'sandbox' | 'all' | 'none';
  readonly unconfined: boolean;
  readonly serverWaitMinutes: number;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const everywhere = { workspace: text, runs: text, json: flag, help: flag, version: flag } as const;
const ofRuns = {
  'base-url': text,
  model: text,
  'tool-format': text,
  'max-turns': text,
  'max-calls': text,
  keep: text,
  context: text,
  'auto-approve': text,
  network: text,
  answer: text,
  'server-wait': text,
  unconfined: flag,
} as const;

const whole = (min: number) => z.coerce.number().int().min(min);
const valuesSchema = z.object({
  workspace: z.string().default('.'),
  runs: z.string().min(1).optional(),
  json: z.boolean().default(false),
  'base-url': z.url({ protocol: /^https?$/ }).exactOptional(),
  model: z.string().min(1).exactOptional(),
  'tool-format': z.enum(['auto', 'mcp-xml', 'native']).exactOptional(),
  'max-turns': whole(1).exactOptional(),
  'max-calls': whole(1).exactOptional(),
  keep: whole(-1).exactOptional(),
  context: whole(1024).exactOptional(),
  'auto-approve': z.enum(['sandbox', 'all', 'none']).exactOptional(),
  network: z.enum(['off', 'on']).exactOptional(),
  answer: z.enum(['full', 'short']).exactOptional(),
  'server-wait': z.coerce.number().min(0).default(0),
  unconfined: z.boolean().default(false),
});

/** Parses a call; `help` or `version` when that is what was asked for. Throws UsageError. */
export function parseCall(words: readonly string[]): Call | 'help' | 'version' {
  if (words.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h')) return 'help';
  if (words.includes('--version')) return 'version';
  const command = commands.find((name) => name === words[0]);
  if (!command) throw new UsageError(`There is no command ${words[0] ?? ''}. There are ${commands.join(', ')}.`);
  const runs = command === 'ask' || command === 'resume';
  const { values, positionals } = parse(words.slice(1), { ...everywhere, ...(runs ? ofRuns : {}) });
  const parsed = valuesSchema.safeParse(values);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`--${String(issue?.path[0])}: ${issue?.message ?? 'not a value that it takes'}.`);
  }
  const wanted = command === 'runs' || command === 'doctor' ? 0 : 1;
  if (positionals.length !== wanted) {
    const what = command === 'ask' ? 'one question, in quotes' : wanted === 1 ? 'one run' : 'no more words';
    throw new UsageError(`${command} takes ${what}; ${positionals.length} words were given.`);
  }
  return call(command, positionals[0] ?? '', parsed.data);
}

function parse(args: readonly string[], options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] & {}) {
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

function call(command: Call['command'], operand: string, values: z.infer<typeof valuesSchema>): Call {
  const choice: RunChoice = {
    ...(values['base-url'] !== undefined && { baseUrl: values['base-url'] }),
    ...(values.model !== undefined && { model: values.model }),
    ...(values['tool-format'] !== undefined && { toolFormat: values['tool-format'] }),
    ...(values.context !== undefined && { contextWindow: values.context }),
    ...(values['max-turns'] !== undefined && { maxTurns: values['max-turns'] }),
    ...(values['max-calls'] !== undefined && { maxCalls: values['max-calls'] }),
    ...(values.keep !== undefined && { keep: values.keep }),
    ...(values.network !== undefined && { network: values.network }),
    ...(values.answer !== undefined && { answer: values.answer }),
    ...(values['auto-approve'] !== undefined && { approval: approvals[values['auto-approve']] }),
  };
  const { runs, json, unconfined } = values;
  const workspace = resolve(values.workspace);
  const autoApprove = values['auto-approve'] ?? 'sandbox';
  return {
    command,
    operand,
    workspace,
    runs,
    json,
    choice,
    autoApprove,
    unconfined,
    serverWaitMinutes: values['server-wait'],
  };
}

const approvals = { sandbox: 'sandbox', all: 'auto', none: 'ask' } as const;
