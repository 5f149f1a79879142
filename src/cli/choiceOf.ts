/** From the command line's values to what was chosen for a run. */
import { embeddedModel, type RunChoice } from '../runs/choice.ts';
import { defaultLimits, type Limits } from '../sandbox/limits.ts';
import { domainProblem } from '../agent/domains.ts';
import type { Budget } from '../shared/runSettings.ts';
import type { Values } from './options.ts';
import { webContradiction, webOf } from './webOptions.ts';

/** What the options choose; what was not named is absent. */
export function choiceOf(values: Values): RunChoice {
  const { model, keep, slack, retention, protocol, attempts, seed, network, domain, files, answer } = values;
  const envelope = envelopeOf(values);
  const rulesNamed = Object.values(envelope).some((rules) => Object.values(rules).some((list) => list.length > 0));
  const budget = budgetOf(values);
  return {
    ...(values['base-url'] !== undefined && { baseUrl: values['base-url'] }),
    ...(model !== undefined && { model }),
    ...(values['tool-format'] !== undefined && { toolFormat: values['tool-format'] }),
    ...(values.context !== undefined && { contextWindow: values.context }),
    ...(values['max-turns'] !== undefined && { maxTurns: values['max-turns'] }),
    ...(values['max-calls'] !== undefined && { maxCalls: values['max-calls'] }),
    ...(keep !== undefined && { keep }),
    ...(slack !== undefined && { slack }),
    ...(retention !== undefined && { retention }),
    ...(protocol !== undefined && { protocol }),
    ...(attempts !== undefined && { attempts }),
    ...(Object.keys(budget).length > 0 && { budget }),
    ...(seed !== undefined && { seed }),
    ...(values['sub-agents'] !== undefined && { subAgents: values['sub-agents'] }),
    ...(rulesNamed && { envelope }),
    ...(network !== undefined && { network }),
    ...(domain !== undefined && { domains: domain }),
    ...(files !== undefined && { workspace: files }),
    ...(answer !== undefined && { answer }),
    ...webOf(values),
    ...(values.clarify !== undefined && { clarify: values.clarify }),
    ...(values.plan !== undefined && { plan: values.plan }),
    ...(values['auto-approve'] !== undefined && { approval: approvals[values['auto-approve']] }),
  };
}

/** Naming any rule replaces all of them. */
function envelopeOf(values: Values) {
  return {
    tools: { allow: values['allow-tool'], ask: values['ask-tool'], deny: values['deny-tool'] },
    commands: { allow: values['allow-command'], ask: values['ask-command'], deny: values['deny-command'] },
  };
}

/** The limits that were named laid over the usual ones; 0 takes one away. */
export function limitsOf(values: Values): Limits {
  const named = Object.fromEntries(values.limit);
  const { memory, cpu, processes, file, files } = named;
  const chosen = (value: number | undefined, usual: number | undefined, unit = 1) =>
    value === undefined ? usual : value === 0 ? undefined : value * unit;
  const usual = defaultLimits;
  const all = {
    memoryBytes: chosen(memory, usual.memoryBytes, 2 ** 20),
    cpuSeconds: chosen(cpu, usual.cpuSeconds),
    processes: chosen(processes, usual.processes),
    fileBytes: chosen(file, usual.fileBytes, 2 ** 20),
    openFiles: chosen(files, usual.openFiles),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function budgetOf(values: Values): Budget {
  return {
    ...(values['budget-minutes'] !== undefined && { minutes: values['budget-minutes'] }),
    ...(values['budget-tokens'] !== undefined && { tokens: values['budget-tokens'] }),
    ...(values['budget-prompt-tokens'] !== undefined && { promptTokens: values['budget-prompt-tokens'] }),
    ...(values['budget-completion-tokens'] !== undefined && { completionTokens: values['budget-completion-tokens'] }),
  };
}

/** Why options make no sense together; undefined when they do. */
export function contradiction(values: Values): string | undefined {
  const { slack, retention, protocol, keep, rollouts, model, turn, prompt, network } = values;
  if (protocol === 'paper' && slack !== undefined) return '--protocol paper has no slack: leave out --slack.';
  if (protocol === 'paper' && retention !== undefined) {
    return '--protocol paper says how results are kept: leave out --retention.';
  }
  if (retention === 'watermark' && slack !== undefined) return '--slack belongs to --retention recency.';
  if (keep === -1 && (slack !== undefined || retention === 'watermark')) {
    return '--keep -1 keeps every result: leave out --slack and --retention watermark.';
  }
  if (rollouts > 1 && model === embeddedModel)
    return 'The embedded reader always answers the same: leave out --rollouts.';
  if (values.domain && network !== undefined && network !== 'allowlist') {
    return '--domain belongs to --network allowlist.';
  }
  const wrong = values.domain?.map(domainProblem).find((problem) => problem !== undefined);
  if (wrong !== undefined) return `--domain: ${wrong}`;
  if (network === 'allowlist' && !values.domain) return '--network allowlist needs a --domain.';
  const web = webContradiction(values);
  if (web !== undefined) return web;
  return prompt && turn === undefined ? '--prompt belongs to a turn: name it with --turn N.' : undefined;
}

const approvals = { sandbox: 'sandbox', all: 'auto', write: 'write', none: 'ask' } as const;
