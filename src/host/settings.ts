/** The settings, typed and checked: a broken value is named and replaced by its default. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { searchChoiceSchema, type WebSettings } from '../shared/webSettings.ts';
import { defaultBaseUrl, type RunChoice } from '../runs/choice.ts';
import type { Limits } from '../sandbox/limits.ts';
import { domainProblem } from '../agent/domains.ts';
import { noRules } from '../shared/envelope.ts';
import { approvalPolicySchema, networkSchema, workspaceAccessSchema, type Budget } from '../shared/runSettings.ts';

const toolFormat = z.enum(['auto', 'mcp-xml', 'native']);

/** What is left out holds no rule. */
const patterns = z.array(z.string().min(1)).readonly().default([]);
const rules = z.object({ allow: patterns, ask: patterns, deny: patterns });
/** 0 is no limit. */
const limit = z.number().int().min(0);

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
  approval: approvalPolicySchema.catch('ask'),
  'rules.tools': rules.catch(noRules),
  'rules.commands': rules.catch(noRules),
  runsFolder: z.string().catch(''),
  keepRunsDays: z.number().min(0).catch(30),
  'sandbox.network': networkSchema.catch('off'),
  'sandbox.domains': z.array(z.string().refine((entry) => domainProblem(entry) === undefined)).catch([]),
  'sandbox.workspace': workspaceAccessSchema.catch('read-write'),
  'sandbox.readOnlyPaths': z.array(z.string()).catch([]),
  'sandbox.python': z.string().catch(''),
  'sandbox.timeoutSeconds': z.number().int().min(1).catch(600),
  'sandbox.inputWaitSeconds': z.number().int().min(1).catch(60),
  'sandbox.memoryMB': limit.catch(8_192),
  'sandbox.cpuSeconds': limit.catch(3_600),
  'sandbox.processes': limit.catch(512),
  'sandbox.fileMB': limit.catch(10_240),
  'sandbox.openFiles': limit.catch(4_096),
  'checkpoints.enabled': z.boolean().catch(true),
  'checkpoints.maxFileMB': z.number().min(0).catch(20),
  'checkpoints.maxMB': z.number().min(0).catch(2_000),
  ripgrepPath: z.string().catch(''),
  'search.providers': z.array(searchChoiceSchema).catch([]),
  'search.blocked': z.array(z.string().min(1)).catch([]),
  'web.pages': z.enum(['auto', 'on', 'off']).catch('auto'),
  'web.trusted': z.array(z.string().min(1)).catch([]),
  'web.allowLoopback': z.boolean().catch(false),
  'web.robots': z.boolean().catch(true),
  'web.render': z.boolean().catch(false),
  'web.browserPath': z.string().catch(''),
  'web.speculative': z.enum(['auto', 'on', 'off']).catch('auto'),
  'web.cacheMB': limit.catch(500),
  'web.cacheDays': z.number().min(0).catch(7),
  'extraction.baseUrl': z.string().catch(''),
  'extraction.model': z.string().catch(''),
  'vision.baseUrl': z.string().catch(''),
  'vision.model': z.string().catch(''),
  'speech.baseUrl': z.string().catch(''),
  'speech.model': z.string().catch(''),
  'mcp.servers': z.record(z.string(), z.unknown()).catch({}),
  'mcp.disabledTools': z.array(z.string().min(1)).catch([]),
  'mcp.readOnlyTools': z.array(z.string().min(1)).catch([]),
  'mcp.startSeconds': z.number().positive().catch(20),
  'mcp.editorTools': z.boolean().catch(true),
  clarify: z.boolean().catch(false),
  plan: z.boolean().catch(false),
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
  const safety = (name: string) => (name === 'approval' || /^(?:sandbox|rules)\./.test(name) ? 0 : 1);
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
    envelope: { tools: setting('rules.tools'), commands: setting('rules.commands') },
    network: setting('sandbox.network'),
    domains: setting('sandbox.domains'),
    workspace: setting('sandbox.workspace'),
    web: webSettings(),
    clarify: setting('clarify'),
    plan: setting('plan'),
  };
}

function webSettings(): WebSettings {
  const model = setting('extraction.model');
  return {
    search: setting('search.providers'),
    pages: setting('web.pages'),
    blocked: setting('search.blocked'),
    trusted: setting('web.trusted'),
    allowLoopback: setting('web.allowLoopback'),
    robots: setting('web.robots'),
    render: setting('web.render'),
    speculative: setting('web.speculative'),
    ...(model !== '' && { extraction: { baseUrl: setting('extraction.baseUrl'), model } }),
  };
}

/** Zeros are no limits. */
function budget(): Budget {
  const minutes = setting('budget.minutes');
  const tokens = setting('budget.tokens');
  return { ...(minutes > 0 && { minutes }), ...(tokens > 0 && { tokens }) };
}

/** What the processes of a call may use. */
export function limits(): Limits {
  const [memoryMB, cpuSeconds] = [setting('sandbox.memoryMB'), setting('sandbox.cpuSeconds')];
  const [processes, fileMB, openFiles] = [
    setting('sandbox.processes'),
    setting('sandbox.fileMB'),
    setting('sandbox.openFiles'),
  ];
  return {
    ...(memoryMB > 0 && { memoryBytes: memoryMB * 2 ** 20 }),
    ...(cpuSeconds > 0 && { cpuSeconds }),
    ...(processes > 0 && { processes }),
    ...(fileMB > 0 && { fileBytes: fileMB * 2 ** 20 }),
    ...(openFiles > 0 && { openFiles }),
  };
}
