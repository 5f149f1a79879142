/** From the command line's values to what was chosen for a run. */
import { embeddedModel, type RunChoice } from '../runs/choice.ts';
import type { Budget } from '../shared/runSettings.ts';
import type { Values } from './options.ts';

/** What the options choose; what was not named is absent. */
export function choiceOf(values: Values): RunChoice {
  const { model, keep, slack, retention, protocol, attempts, seed, network, answer } = values;
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
    ...(network !== undefined && { network }),
    ...(answer !== undefined && { answer }),
    ...(values['auto-approve'] !== undefined && { approval: approvals[values['auto-approve']] }),
  };
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
  const { slack, retention, protocol, keep, rollouts, model, turn, prompt } = values;
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
  return prompt && turn === undefined ? '--prompt belongs to a turn: name it with --turn N.' : undefined;
}

const approvals = { sandbox: 'sandbox', all: 'auto', none: 'ask' } as const;
