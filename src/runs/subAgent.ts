/** Sub-agents: nested runs that do a subtask of another run and report to it. */
import { join } from 'node:path';
import { answerText } from '../agent/answer.ts';
import { researchMsLeft } from '../agent/budget.ts';
import { ToolError, UserError } from '../agent/errors.ts';
import type { ToolContext, ToolOutput } from '../agent/tool.ts';
import type { Source } from '../shared/events.ts';
import type { Budget, RunSettings } from '../shared/runSettings.ts';
import { foldAll, type Trajectory } from '../shared/trajectory.ts';
import { readLog } from '../store/readLog.ts';
import { searchAndBrowseTool } from '../tools/searchAndBrowse.ts';
import { beginRun } from './beginRun.ts';
import type { Endpoint } from './endpoint.ts';
import { makeHands, type Hands } from './hands.ts';
import type { LiveRun } from './liveRun.ts';
import { nestedSources } from './nestedSources.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Turns of a nested run, and its calls. */
const maxNestedTurns = 100;

/** What the system prompt of a nested run says beside. */
export const nestedRules = `# Your part

You do a subtask for another agent. It sees nothing of your work but your final answer, so let that be a report: all that was found on the subtask, each finding with its source in brackets and its decisive words quoted, what contradicts it, and what was looked for and not found. Nobody can be asked anything.`;

/** The hands of a run that may hand subtasks on, where its settings say so. */
export function withSubAgents(hands: Hands, settings: RunSettings, endpoint: Endpoint, around: RunSurroundings): Hands {
  if (!settings.subAgents) return hands;
  const executes = hands.shell.confinement().kind === 'works';
  const run = (subtask: string, context: ToolContext) => doSubtask(subtask, context, endpoint, around);
  return { ...hands, tools: [...hands.tools, searchAndBrowseTool({ executes, run })] };
}

/**
 * Runs a subtask in a run of its own: its own log, hands and limits, the model and server of its caller. It asks nobody: it
 * reads, and executes what is confined. When the call is aborted it is stopped, and has closed its log before this rejects.
 */
async function doSubtask(
  subtask: string,
  { runId, callId, signal }: ToolContext,
  endpoint: Endpoint,
  surroundings: RunSurroundings,
): Promise<ToolOutput> {
  // The caller's log is its state: what it has left is read there.
  const folder = join(surroundings.runsFolder, runId);
  const { events } = await readLog(folder);
  const caller = foldAll(events);
  const settings = nestedSettings(caller, Date.now());
  const around: RunSurroundings = {
    ...surroundings,
    signal,
    // Nobody sees its commands' terminal, so nobody can type there.
    sandbox: { ...surroundings.sandbox, typing: false },
    ask: async (_, { reason }) => ({ decision: 'deny', note: `Nobody can be asked in a nested run. ${reason}` }),
    clarify: async () => [],
    // Its caller's checkpoint, behind the call, holds what it changed.
    checkpoints: undefined,
  };
  const question = { text: subtask, mentions: [] };
  const origin = { caller: { runId, callId } };
  const run = await userErrorsToModel(async () => {
    const hands = await makeHands(settings, around, { ...endpoint, nested: true, caller: { folder, events } });
    // The caller may have learned that its model speaks the other format.
    const { toolFormat } = caller;
    return beginRun({
      question,
      endpoint: { ...endpoint, toolFormat },
      settings,
      hands,
      around,
      origin,
      rules: nestedRules,
    });
  });
  const end = await run.done;
  signal.throwIfAborted();
  const sources = await nestedSources(end, run.folder);
  return { ...report(end), runId: run.runId, usage: end.spent, sources };
}

async function userErrorsToModel(start: () => Promise<LiveRun>): Promise<LiveRun> {
  try {
    return await start();
  } catch (error) {
    throw error instanceof UserError ? new ToolError(`The sub-agent could not be started: ${error.message}`) : error;
  }
}

/** One attempt within what its caller has left. */
function nestedSettings(caller: Trajectory, now: number): RunSettings {
  const { settings } = caller;
  if (!settings) throw new ToolError('The sub-agent could not be started: the log of this run has no start.');
  return {
    ...settings,
    maxTurns: Math.min(maxNestedTurns, settings.maxTurns),
    maxCalls: Math.min(maxNestedTurns, settings.maxCalls),
    attempts: 1,
    budget: budgetLeft(caller, settings.budget, now),
    subAgents: false,
    clarify: false,
    plan: false,
    approval: 'sandbox',
    answer: 'full',
  };
}

function budgetLeft(caller: Trajectory, budget: Budget, now: number): Budget {
  const { promptTokens, completionTokens } = caller.spent;
  const left = (limit: number, spent: number) => Math.max(1, limit - spent);
  return {
    ...(budget.promptTokens !== undefined && { promptTokens: left(budget.promptTokens, promptTokens) }),
    ...(budget.completionTokens !== undefined && {
      completionTokens: left(budget.completionTokens, completionTokens),
    }),
    ...(budget.tokens !== undefined && { tokens: left(budget.tokens, promptTokens + completionTokens) }),
    ...(budget.minutes !== undefined && { minutes: Math.max(1, researchMsLeft(caller, now)) / 60_000 }),
  };
}

/** What the caller's model is shown of a nested run's end. */
function report(end: Trajectory): ToolOutput {
  const answer = end.items.findLast((item) => item.kind === 'answer');
  if (answer) {
    const { text, boxed, sources } = answer;
    const cited = sources.length > 0 ? [`Sources:\n${sources.map(sourceLine).join('\n')}`] : [];
    return { content: [text, `Short answer: ${boxed}`, ...cited].join('\n\n') };
  }
  const why = end.state.kind === 'ended' ? (end.state.message ?? end.state.reason) : 'It did not end.';
  const last = end.items.findLast((item) => item.kind === 'turn' && !item.undone);
  const words = last?.kind === 'turn' ? answerText(last.content, last.reasoning) : '';
  const said = words && !why.includes(words) ? [`Its last words:\n${words}`] : [];
  const content = [`The sub-agent ended without an answer: ${why}`, ...said].join('\n\n');
  // One that never got a reply has done nothing, so its subtask may be handed on again.
  const rollback = end.turns === 0 ? { rollback: 'The sub-agent failed before it did anything.' } : {};
  return { content, outcome: 'failed', ...rollback };
}

function sourceLine({ uri, title, startLine, quote }: Source): string {
  const place = `${title === undefined ? '' : `${title}, `}${uri}${startLine === undefined ? '' : `:${startLine}`}`;
  return quote === undefined ? `- ${place}` : `- ${place} "${quote}"`;
}
