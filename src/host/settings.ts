/** The settings, typed and checked: a broken value is named and replaced by its default. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { defaultBaseUrl, type RunChoice } from '../runs/choice.ts';
import type { Budget } from '../shared/runSettings.ts';

const toolFormat = z.enum(['auto', 'mcp-xml', 'native']);

const schemas = {
  baseUrl: z.url({ protocol: /^https?$/ }).catch(defaultBaseUrl),
  model: z.string().catch(''),
  toolFormat: toolFormat.catch('auto'),
  modelToolFormats: z.record(z.string(), toolFormat).catch({}),
  contextWindow: z.number().int().min(0).catch(0),
  maxTurns: z.number().int().min(1).catch(600),
  maxCalls: z.number().int().min(1).catch(600),
  retention: z.enum(['recency', 'watermark']).catch('recency'),
  keep: z.number().int().min(-1).catch(5),
  slack: z.number().int().min(0).catch(10),
  attempts: z.number().int().min(1).catch(5),
  'budget.minutes': z.number().min(0).catch(0),
  'budget.tokens': z.number().int().min(0).catch(0),
  seed: z.number().int().nullable().catch(null),
  subAgents: z.boolean().catch(false),
  approval: z.enum(['ask', 'sandbox', 'auto']).catch('ask'),
  runsFolder: z.string().catch(''),
  keepRunsDays: z.number().min(0).catch(30),
  'sandbox.network': z.enum(['off', 'on']).catch('off'),
  'sandbox.readOnlyPaths': z.array(z.string()).catch([]),
  'sandbox.python': z.string().catch(''),
  ripgrepPath: z.string().catch(''),
} as const;

type Schemas = typeof schemas;

/** A setting's name without its prefix. */
export type SettingName = keyof Schemas;

/** One setting's value; its default where the stored one is broken. */
export function setting<K extends SettingName>(name: K): z.infer<Schemas[K]>;
export function setting(name: SettingName): unknown {
  return schemas[name].parse(vscode.workspace.getConfiguration('mirothinker').get(name));
}

/** The settings whose stored value does not fit, the safety ones first; empty when all do. */
export function brokenSettings(): readonly string[] {
  const stored = vscode.workspace.getConfiguration('mirothinker');
  const broken = Object.entries(schemas).filter(
    ([name, schema]) => !schema.unwrap().safeParse(stored.get(name)).success,
  );
  const safety = (name: string) => (name === 'approval' || name.startsWith('sandbox.') ? 0 : 1);
  return broken.map(([name]) => name).toSorted((a, b) => safety(a) - safety(b));
}

/** Whether a person named a server or a model. */
export function isConfigured(): boolean {
  const stored = vscode.workspace.getConfiguration('mirothinker');
  return ['baseUrl', 'model'].some((name) => stored.inspect(name)?.globalValue !== undefined);
}

/** Stores a setting for this machine. */
export async function storeSetting(name: SettingName, value: string): Promise<void> {
  await vscode.workspace.getConfiguration('mirothinker').update(name, value, vscode.ConfigurationTarget.Global);
}

/** The settings as a run's options. */
export function runChoice(): RunChoice {
  const seed = setting('seed');
  return {
    baseUrl: setting('baseUrl'),
    model: setting('model'),
    toolFormat: setting('toolFormat'),
    toolFormats: setting('modelToolFormats'),
    contextWindow: setting('contextWindow'),
    maxTurns: setting('maxTurns'),
    maxCalls: setting('maxCalls'),
    retention: setting('retention'),
    keep: setting('keep'),
    slack: setting('slack'),
    attempts: setting('attempts'),
    budget: budget(),
    ...(seed !== null && { seed }),
    subAgents: setting('subAgents'),
    approval: setting('approval'),
    network: setting('sandbox.network'),
  };
}

/** Zeros are no limits. */
function budget(): Budget {
  const minutes = setting('budget.minutes');
  const tokens = setting('budget.tokens');
  return { ...(minutes > 0 && { minutes }), ...(tokens > 0 && { tokens }) };
}
