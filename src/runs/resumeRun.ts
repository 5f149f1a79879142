/** Going on with a run that is there: resumed, asked on, or asked for its answer now. */
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { answerRequest } from '../agent/requests.ts';
import { checkedQuestion, promptParts } from '../agent/start.ts';
import type { Fact, FactOf } from '../shared/events.ts';
import { narrowed } from '../agent/narrowed.ts';
import { foldAll, openCalls, type Trajectory } from '../shared/trajectory.ts';
import { takeLock } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';
import { embeddedModel, withChoice, type RunChoice } from './choice.ts';
import { findEndpoint, type Endpoint } from './endpoint.ts';
import { normalBaseUrl } from '../model/baseUrl.ts';
import { fitted } from './fitAttachments.ts';
import { makeHands, type Hands } from './hands.ts';
import { live, type AskedQuestion, type LiveRun } from './liveRun.ts';
import { withoutAsides } from './planning.ts';
import { readRepositoryRules } from './repositoryRules.ts';
import { nestedRules, withSubAgents } from './subAgent.ts';
import type { RunSurroundings } from './surroundings.ts';

/** What a person chose for a run that is there already; where that depends on what it had, told from its trajectory. */
export type GoOnChoice = RunChoice | ((before: Trajectory) => RunChoice);

/** Goes on with a run that did not end with an answer. Throws UserError when it did, or someone else writes it. */
export async function resumeRun(runId: string, choice: GoOnChoice, around: RunSurroundings): Promise<LiveRun> {
  return reopen(runId, choice, around, (trajectory) => {
    refuseAnswered(runId, trajectory);
    return [];
  });
}

/** Asks another question on a finished run, in the same context. */
export async function followUp(
  runId: string,
  question: AskedQuestion,
  choice: GoOnChoice,
  around: RunSurroundings,
): Promise<LiveRun> {
  const text = checkedQuestion(question.text);
  return reopen(runId, choice, around, ({ settings }) => {
    const attachments = fitted(question.attachments, settings?.contextWindow);
    return [
      { type: 'question.asked', question: text, mentions: question.mentions, ...(attachments && { attachments }) },
    ];
  });
}

/** Asks a run that stopped for its answer, from what there is. Throws UserError when it has one. */
export async function answerRun(runId: string, choice: GoOnChoice, around: RunSurroundings): Promise<LiveRun> {
  return reopen(runId, choice, around, (trajectory) => {
    refuseAnswered(runId, trajectory);
    return [...unmadeCalls(trajectory), answerRequest(trajectory, 'asked')];
  });
}

function refuseAnswered(runId: string, { state }: Trajectory): void {
  if (state.kind === 'ended' && state.reason === 'answered') {
    throw new UserError(`Run ${runId} has its answer already. Ask a follow-up question to go on with it.`);
  }
}

async function reopen(
  runId: string,
  choice: GoOnChoice,
  around: RunSurroundings,
  further: (trajectory: Trajectory) => readonly Fact[],
): Promise<LiveRun> {
  const folder = join(around.runsFolder, runId);
  const lost = new AbortController();
  const lock = await takeLock(folder, () => lost.abort());
  try {
    const read = await readLog(folder);
    const trajectory = foldAll(read.events);
    const { endpoint, hands, as } = await goingOnAs(runId, trajectory, choice, around);
    const before = { ...read, trajectory };
    const facts: Fact[] = [...lostCalls(trajectory), { type: 'run.resumed', ...as }, ...further(trajectory)];
    return await live({ runId, folder, endpoint, hands, around, facts, lock, lost: lost.signal, before });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** What a run goes on with: its model and settings with what a person chose laid over them. Throws UserError without a start. */
export async function goingOnAs(
  runId: string,
  trajectory: Trajectory,
  goOnChoice: GoOnChoice,
  around: RunSurroundings,
): Promise<{
  readonly endpoint: Endpoint;
  readonly hands: Hands;
  readonly as: Omit<FactOf<'run.resumed'>, 'type'>;
}> {
  if (!trajectory.start || !trajectory.settings) {
    throw new UserError(`Run ${runId} has no readable start, so it cannot go on. Ask its question anew.`);
  }
  const choice = typeof goOnChoice === 'function' ? goOnChoice(trajectory) : goOnChoice;
  const same = {
    baseUrl: trajectory.baseUrl,
    model: trajectory.baseUrl ? trajectory.model : embeddedModel,
    toolFormat: trajectory.toolFormat,
  };
  const changed =
    (choice.baseUrl !== undefined && normalBaseUrl(choice.baseUrl) !== trajectory.baseUrl) ||
    (choice.model !== undefined && choice.model !== trajectory.model);
  const window = choice.contextWindow ?? (changed ? 0 : trajectory.settings.contextWindow);
  const chosen = { ...(changed ? { toolFormat: 'auto' as const } : same), ...choice, contextWindow: window };
  const nested = trajectory.start.caller !== undefined;
  const narrowing = await readRepositoryRules(around.roots);
  const endpoint = await findEndpoint(chosen, around.apiKey, around.signal);
  const { baseUrl } = endpoint;
  const wanted = narrowed(withChoice(trajectory.settings, choice, window), narrowing);
  const chosenSettings = withoutAsides(wanted, { nested, baseUrl });
  const ownHands = await makeHands(chosenSettings, around, { ...endpoint, nested });
  const { contextWindow } = endpoint;
  const settings = { ...chosenSettings, contextWindow, ...(nested && { subAgents: false }) };
  const hands = withSubAgents(ownHands, settings, endpoint, around);
  const { model, toolFormat } = endpoint;
  const as = { model: model.name, baseUrl, toolFormat, settings };
  const named = (all: readonly { readonly server: string; readonly name: string }[]) =>
    all.map(({ server, name }) => `${server}.${name}`).join(' ');
  const sameTools = named(hands.tools) === named(trajectory.tools);
  if (toolFormat === trajectory.toolFormat && sameTools) return { endpoint, hands, as };
  // Calls are written otherwise now, or there are other tools: the model has to be told.
  const date = new Date(trajectory.start.at).toISOString().slice(0, 10);
  const { system, tools } = promptParts({ date, toolFormat, tools: hands.tools, roots: around.roots });
  return { endpoint, hands, as: { ...as, tools, system: nested ? `${system}\n\n${nestedRules}` : system } };
}

/** The end of calls that had started when their process went away: they are never made again by themselves. */
export function lostCalls(trajectory: Trajectory): readonly Fact[] {
  return openCalls(trajectory)
    .filter((call) => call.startedAt !== undefined)
    .map(({ callId }) => ({
      type: 'tool.finished',
      callId,
      outcome: 'lost',
      content: lostMessage,
      truncated: false,
      durationMs: 0,
    }));
}

/** The end of calls that never started, where the answer is wanted instead. */
function unmadeCalls(trajectory: Trajectory): readonly Fact[] {
  return openCalls(trajectory)
    .filter((call) => call.startedAt === undefined)
    .map(({ callId }) => ({
      type: 'tool.finished',
      callId,
      outcome: 'cancelled',
      content: 'This call was not made: the person asked for the answer.',
      truncated: false,
      durationMs: 0,
    }));
}

const lostMessage =
  'The outcome of this call is unknown: the run was interrupted while it ran. It was not run again. Check what it changed before you repeat it.';
