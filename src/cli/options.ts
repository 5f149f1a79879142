/** The command line's options: which command takes which, and what values they have. */
import { z } from 'zod';
import { searchProviderSchema } from '../shared/webSettings.ts';
import { networkSchema, workspaceAccessSchema } from '../shared/runSettings.ts';

/** The commands, as they are named. */
export const commands = [
  'ask',
  'resume',
  'fork',
  'answer',
  'runs',
  'show',
  'export',
  'changes',
  'restore',
  'delete',
  'doctor',
] as const;
export type Command = (typeof commands)[number];

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
/** May be given several times. */
const list = { type: 'string', multiple: true } as const;
type Options = Readonly<Record<string, typeof text | typeof flag | typeof list>>;

const everywhere: Options = { workspace: text, runs: text, json: flag, help: flag, version: flag };
const ofServer: Options = {
  'base-url': text,
  model: text,
  'tool-format': text,
  context: text,
  'server-wait': text,
};
const ofMcp: Options = { mcp: list, 'mcp-off': list, 'mcp-read-only': list, 'mcp-start': text };
const ofRun: Options = {
  ...ofServer,
  'max-turns': text,
  'max-calls': text,
  keep: text,
  slack: text,
  retention: text,
  protocol: text,
  attempts: text,
  'budget-minutes': text,
  'budget-tokens': text,
  'budget-prompt-tokens': text,
  'budget-completion-tokens': text,
  seed: text,
  'sub-agents': flag,
  'auto-approve': text,
  'allow-tool': list,
  'ask-tool': list,
  'deny-tool': list,
  'allow-command': list,
  'ask-command': list,
  'deny-command': list,
  network: text,
  domain: list,
  files: text,
  'read-only-path': list,
  python: text,
  'command-timeout': text,
  limit: list,
  'no-checkpoints': flag,
  answer: text,
  unconfined: flag,
  search: list,
  'search-url': list,
  'allow-loopback': flag,
  web: flag,
  'no-web': flag,
  'block-domain': list,
  'trust-domain': list,
  evaluating: flag,
  'ignore-robots': flag,
  render: flag,
  speculative: text,
  'extract-base-url': text,
  'extract-model': text,
  'vision-base-url': text,
  'vision-model': text,
  'speech-base-url': text,
  'speech-model': text,
  'no-cache': flag,
  ...ofMcp,
  'trust-mcp': list,
  clarify: flag,
  plan: flag,
};
const own: Readonly<Record<Command, Options>> = {
  ask: { ...ofRun, rollouts: text, attach: list },
  resume: ofRun,
  fork: { ...ofRun, turn: text, note: text, 'restore-files': flag, yes: flag },
  answer: { ...ofServer, answer: text },
  runs: {},
  show: { turn: text, prompt: flag, source: text },
  export: { format: text, output: text },
  changes: { turn: text, diff: flag },
  restore: { turn: text, start: flag, undo: flag, yes: flag },
  delete: {},
  doctor: {
    ...ofMcp,
    ...{ 'read-only-path': list, python: text, limit: list },
    ...{ search: list, 'search-url': list, 'allow-loopback': flag },
  },
};

/** The options of a command, in the form that parseArgs takes. */
export function optionsOf(command: Command): Options {
  return { ...everywhere, ...own[command] };
}

/** Nothing is no number, though JavaScript reads it as 0. */
const number = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'it takes a number')
  .transform(Number);
const whole = (min: number) =>
  number.pipe(z.number().refine((n) => Number.isSafeInteger(n) && n >= min, `it takes a whole number from ${min} on`));

const words = z.array(z.string().min(1));
/** `memory=4096`: MiB for memory and file, else a count; 0 is no limit. */
const limit = z
  .templateLiteral([z.enum(['memory', 'cpu', 'processes', 'file', 'files']), '=', z.number().int().min(0)])
  .transform((text) => {
    const [name = '', value = ''] = text.split('=');
    return [name, Number(value)] as const;
  });

/** The values, parsed. */
export const valuesSchema = z.object({
  workspace: z.string().default('.'),
  runs: z.string().min(1).optional(),
  json: z.boolean().default(false),
  'base-url': z.url({ protocol: /^https?$/ }).exactOptional(),
  model: z.string().min(1).exactOptional(),
  'tool-format': z.enum(['auto', 'mcp-xml', 'native']).exactOptional(),
  context: whole(1024).exactOptional(),
  'server-wait': number.pipe(z.number().min(0)).default(0),
  'max-turns': whole(1).exactOptional(),
  'max-calls': whole(1).exactOptional(),
  keep: whole(-1).exactOptional(),
  slack: whole(0).exactOptional(),
  retention: z.enum(['recency', 'watermark']).exactOptional(),
  protocol: z.literal('paper').exactOptional(),
  attempts: whole(1).exactOptional(),
  'budget-minutes': number.pipe(z.number().positive()).exactOptional(),
  'budget-tokens': whole(1).exactOptional(),
  'budget-prompt-tokens': whole(1).exactOptional(),
  'budget-completion-tokens': whole(1).exactOptional(),
  seed: whole(0).exactOptional(),
  'sub-agents': z.boolean().exactOptional(),
  'auto-approve': z.enum(['sandbox', 'all', 'write', 'none']).exactOptional(),
  'allow-tool': words.default([]),
  'ask-tool': words.default([]),
  'deny-tool': words.default([]),
  'allow-command': words.default([]),
  'ask-command': words.default([]),
  'deny-command': words.default([]),
  network: networkSchema.exactOptional(),
  domain: words.exactOptional(),
  files: workspaceAccessSchema.exactOptional(),
  'read-only-path': words.default([]),
  python: z.string().min(1).optional(),
  'command-timeout': number.pipe(z.number().positive()).default(600),
  limit: z.array(limit).default([]),
  'no-checkpoints': z.boolean().default(false),
  answer: z.enum(['full', 'short']).exactOptional(),
  unconfined: z.boolean().default(false),
  search: z.array(searchProviderSchema).exactOptional(),
  'search-url': z.array(z.url({ protocol: /^https?$/ })).default([]),
  'allow-loopback': z.boolean().exactOptional(),
  web: z.boolean().default(false),
  'no-web': z.boolean().default(false),
  'block-domain': words.default([]),
  'trust-domain': words.exactOptional(),
  evaluating: z.boolean().default(false),
  'ignore-robots': z.boolean().exactOptional(),
  render: z.boolean().exactOptional(),
  speculative: z.enum(['auto', 'on', 'off']).exactOptional(),
  'extract-base-url': z.url({ protocol: /^https?$/ }).exactOptional(),
  'extract-model': z.string().min(1).exactOptional(),
  'vision-base-url': z.url({ protocol: /^https?$/ }).exactOptional(),
  'vision-model': z.string().min(1).exactOptional(),
  'speech-base-url': z.url({ protocol: /^https?$/ }).exactOptional(),
  'speech-model': z.string().min(1).exactOptional(),
  'no-cache': z.boolean().default(false),
  mcp: words.default([]),
  'trust-mcp': words.default([]),
  'mcp-off': words.default([]),
  'mcp-read-only': words.default([]),
  'mcp-start': number.pipe(z.number().positive()).default(20),
  clarify: z.boolean().exactOptional(),
  plan: z.boolean().exactOptional(),
  rollouts: whole(1).default(1),
  attach: words.default([]),
  turn: whole(0).exactOptional(),
  note: z.string().exactOptional(),
  prompt: z.boolean().default(false),
  source: whole(1).exactOptional(),
  format: z.enum(['markdown', 'html', 'bibtex']).default('markdown'),
  output: z.string().min(1).exactOptional(),
  'restore-files': z.boolean().default(false),
  diff: z.boolean().default(false),
  start: z.boolean().default(false),
  undo: z.boolean().default(false),
  yes: z.boolean().default(false),
});
export type Values = z.infer<typeof valuesSchema>;
