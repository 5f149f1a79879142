/** One turn: the prompt is made to fit, the model is asked, and its reply is a turn, or a slip that is rolled back. */
import type { Fact, FactOf, RollbackKind } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { begin } from './act.ts';
import { attemptEnd } from './attempts.ts';
import { budgetTokens, maxRollbacks, replyTokens } from './budget.ts';
import { duplicateOf } from './duplicates.ts';
import { ModelError, UserError } from './errors.ts';
import { fit } from './fit.ts';
import type { Going } from './going.ts';
import { promptSize } from './ledger.ts';
import { messagesFor } from './messages.ts';
import type { ModelReply, ModelRequest, TokenCounter } from './ports.ts';
import { correction, systemPrompt } from './prompt.ts';
import { isDegenerate } from './replyGuard.ts';
import { answerRequest, reportRequest } from './requests.ts';
import { fallbackAnswer, stopResearch } from './steps.ts';
import { think } from './think.ts';
import { thoughtFieldOf } from './thoughtField.ts';
import { readReply, type ReadReply } from './toolCalls.ts';
import { truncatedTo } from './truncation.ts';

/** Tries of one request (agent-protocol: sampling); few when the answer is asked for and one was seen already. */
const maxAttempts = 10;
const fewAttempts = 3;
/** A reply that was cut off may be longer the next time (agent-protocol: sampling). */
const growth = 1.1;
/** Windows that one request may learn of before its error counts. */
const maxLearned = 5;

/** Asks once and records what came of it. Throws ModelError when there will be no reply, the signal's reason when aborted. */
export async function turn(going: Going, signal: AbortSignal): Promise<void> {
  // From here on a note comes too late for this prompt.
  going.asking(true);
  try {
    await fitAndAsk(going, signal);
  } finally {
    going.asking(false);
  }
}

async function fitAndAsk(going: Going, signal: AbortSignal): Promise<void> {
  const { ports, record } = going;
  const before = going.trajectory();
  const { model, counter } = ports;
  const { tools, toolFormat } = before;
  const exact = async () => model.promptTokens?.({ messages: messagesFor(before), tools, toolFormat }, signal);
  const fitted = await fit(before, { counter, exact, wanted: wantedTokens(before) });
  signal.throwIfAborted();
  if (fitted.kind === 'narrow') return record(fitted.fact);
  if (fitted.kind === 'full') return record(whenFull(before, fitted.promptTokens));
  const startedAt = ports.clock.now();
  const seed = before.settings?.seed;
  const field = thoughtFieldOf(before);
  const request: ModelRequest = {
    messages: messagesFor(going.trajectory()),
    tools,
    toolFormat,
    mayCall: before.asked === undefined,
    maxTokens: fitted.maxTokens,
    ...(field !== undefined && { thoughtField: field }),
    // Another seed each time that the same prompt is sampled again.
    ...(seed !== undefined && { seed: seed + before.rollbacksOfAttempt + before.answerTries }),
    onPreview: ports.onPreview,
  };
  const given = await asked(request, going, signal);
  if (!given) return;
  const reply = given.usage ? given : { ...given, ...(await estimatedUsage(given, before, counter)) };
  signal.throwIfAborted();
  await record(...(await factsOf(reply, ports.clock.now() - startedAt, going)));
}

/** The reply; undefined when a fact took its place: the window turned out to be smaller, or the answer is given without it. */
async function asked(request: ModelRequest, going: Going, signal: AbortSignal): Promise<ModelReply | undefined> {
  const { ports, record } = going;
  const trajectory = going.trajectory();
  const fallback = trajectory.asked === 'answer' ? fallbackAnswer(trajectory) : undefined;
  const patience = fallback ? { maxAttempts: fewAttempts, serverWaitMs: 0 } : { maxAttempts };
  const onWaiting = (reason: string, nextTryAt: number) => record({ type: 'run.waiting', reason, nextTryAt });
  const known = trajectory.items.some((item) => item.kind === 'turn' || item.kind === 'rolledBack');
  try {
    return await think(request, { ...ports, ...patience, known, onWaiting }, signal);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const learned = error.code === 'overflow' ? learnedWindow(error, trajectory) : undefined;
    if (learned) await record(learned);
    else if (error.code === 'noToolCalls' && trajectory.toolFormat === 'native')
      await record(asText(trajectory, error.message));
    else if (fallback) await record({ type: 'answer.given', ...fallback });
    else if (trajectory.asked === 'report') await record(attemptEnd(trajectory, ''));
    else if (error.code === 'overflow' && trajectory.asked === undefined && trajectory.turnsOfAttempt > 0)
      await record(contextFull(trajectory));
    else throw error;
    return undefined;
  }
}

/** What a reply cost whose server did not say; counted where a budget of tokens rests on it. */
async function estimatedUsage(
  reply: ModelReply,
  before: Trajectory,
  counter: TokenCounter,
): Promise<Pick<ModelReply, 'usage'>> {
  const { promptTokens, completionTokens, tokens } = before.settings?.budget ?? {};
  if (promptTokens === undefined && completionTokens === undefined && tokens === undefined) return {};
  const prompt = await promptSize(before, counter, 0);
  const [said = 0] = await counter.count([`${reply.reasoning ?? ''}${reply.content}${nativeText(reply)}`]);
  return { usage: { promptTokens: prompt, completionTokens: said, estimated: true } };
}

function wantedTokens(trajectory: Trajectory): number {
  const { settings, items, rollbacksInARow } = trajectory;
  if (!settings) return 0;
  const inARow = items.slice(items.length - rollbacksInARow);
  const cutOff = inARow.filter((item) => item.kind === 'rolledBack' && item.rollback === 'cutOff').length;
  return Math.min(Math.ceil(replyTokens(settings) * growth ** cutOff), budgetTokens(trajectory));
}

/** What happens when no view of the prompt leaves room for a reply. Throws UserError when there is nothing to answer from. */
function whenFull(trajectory: Trajectory, promptTokens: number): Fact {
  const { asked, settings, turnsOfAttempt, items } = trajectory;
  const fallback = fallbackAnswer(trajectory);
  if (asked === 'report') return attemptEnd(trajectory, '');
  if (asked === 'answer' && fallback) return { type: 'answer.given', ...fallback };
  if (asked === undefined && turnsOfAttempt > 0) return contextFull(trajectory);
  const size = `about ${promptTokens.toLocaleString('en')} tokens, the window ${settings?.contextWindow.toLocaleString('en') ?? 'unknown'}`;
  const learned = items.findLast((item) => item.kind === 'window');
  throw new UserError(
    `The prompt does not fit the model's window: it has ${size}.${learned ? ` ${learned.reason}` : ''} Shorten the question, or serve the model with a larger window.`,
  );
}

/** The server takes no native calls: they travel as text from here on. */
function asText({ start, tools }: Trajectory, reason: string): Fact {
  const date = new Date(start?.at ?? 0).toISOString().slice(0, 10);
  const rootNames = (start?.roots ?? []).map((path) => path.split('/').at(-1) ?? path);
  const system = systemPrompt({ date, tools, toolFormat: 'mcp-xml', rootNames });
  return { type: 'format.changed', toolFormat: 'mcp-xml', system, reason };
}

function contextFull(trajectory: Trajectory): Fact {
  const step = stopResearch(trajectory, 'context');
  return step.kind === 'askReport' ? reportRequest('context') : answerRequest(trajectory, 'context');
}

/** A window that the server named; undefined when it named none, or what it names leads nowhere. */
function learnedWindow(error: ModelError, { settings, items }: Trajectory): FactOf<'window.learned'> | undefined {
  const sinceTurn = items.slice(items.findLastIndex((item) => item.kind === 'turn') + 1);
  if (!settings || sinceTurn.filter((item) => item.kind === 'window').length >= maxLearned) return undefined;
  const { contextWindow, promptTokens } = error;
  if (contextWindow === undefined || (contextWindow >= settings.contextWindow && promptTokens === undefined)) {
    return undefined;
  }
  const counted = promptTokens === undefined ? {} : { promptTokens };
  return { type: 'window.learned', contextWindow, reason: error.message, ...counted };
}

async function factsOf(reply: ModelReply, durationMs: number, going: Going): Promise<readonly Fact[]> {
  const { ports, acting } = going;
  const trajectory = going.trajectory();
  const { content, reasoning, finishReason, usage, stopped } = reply;
  const thought = reasoning === undefined ? {} : { reasoning };
  const spent = usage ? { usage } : {};
  const learned = learnedFacts(reply, trajectory);
  const cut = usage && !usage.estimated && (await truncatedTo(trajectory, usage, ports.counter));
  if (cut && trajectory.rollbacksInARow < maxRollbacks) {
    const { contextWindow, sentTokens } = cut;
    const reason = `The server read ${usage.promptTokens.toLocaleString('en')} of about ${sentTokens.toLocaleString('en')} tokens and dropped the rest without a word. Its window is smaller than it says; with Ollama, raise OLLAMA_CONTEXT_LENGTH (num_ctx).`;
    const undone = { type: 'turn.rolledBack', kind: 'promptCut', reason, reply: content || nativeText(reply) } as const;
    return [
      { type: 'window.learned', contextWindow, reason },
      { ...undone, ...thought, ...spent },
    ];
  }
  const read: ReadReply = trajectory.asked === undefined ? readReply(reply, ports.tools) : { calls: [], mended: [] };
  const slip = slipOf(reply, read, trajectory, going);
  if (slip && trajectory.rollbacksInARow < maxRollbacks) {
    const undone = { type: 'turn.rolledBack', ...slip, reply: content || nativeText(reply) } as const;
    return [...learned, { ...undone, ...thought, ...spent }];
  }
  const number = trajectory.turns + 1;
  const corrected = slip && slip.kind !== 'duplicate' && slip.kind !== 'refusal' && trajectory.asked === undefined;
  const toolCalls = corrected ? [] : read.calls.map((call, index) => ({ callId: `${number}-${index + 1}`, ...call }));
  const replied = {
    type: 'model.replied',
    turn: number,
    content,
    ...thought,
    toolCalls,
    finishReason,
    ...spent,
    durationMs,
    mended: read.mended,
    ...(stopped === 'afterCall' && { stopped }),
    ...(reply.thoughtField !== undefined && { thoughtField: reply.thoughtField }),
  } as const;
  if (corrected) {
    const words = correction(slip.reason, trajectory.toolFormat);
    return [...learned, replied, { type: 'turn.corrected', turn: number, content: words }];
  }
  const [first] = toolCalls;
  const started = first && !ports.steering.paused() ? begin(trajectory, first, acting) : undefined;
  return [...learned, replied, ...(started ? [started] : [])];
}

function learnedFacts({ contextWindow }: ModelReply, { settings }: Trajectory): readonly Fact[] {
  if (contextWindow === undefined || !settings || contextWindow >= settings.contextWindow) return [];
  const reason = `The server's window is ${contextWindow.toLocaleString('en')} tokens, as its own error said.`;
  return [{ type: 'window.learned', contextWindow, reason }];
}

/** Why a reply is to be sampled again, with words that the model could be told. */
function slipOf(
  reply: ModelReply,
  read: ReadReply,
  trajectory: Trajectory,
  { ports }: Going,
): { readonly kind: RollbackKind; readonly reason: string } | undefined {
  const { content, reasoning = '', finishReason, stopped } = reply;
  if (stopped === 'repetition' || isDegenerate(content) || isDegenerate(reasoning)) {
    return { kind: 'repetition', reason: 'the same text over and over' };
  }
  if (finishReason === 'length' && read.calls.length === 0) {
    return { kind: 'cutOff', reason: 'the message was cut off by its limit of tokens before it ended; be brief' };
  }
  if (read.slip !== undefined) return { kind: read.slipKind ?? 'malformed', reason: read.slip };
  const again = duplicateOf(read.calls, trajectory, ports.tools);
  return again === undefined ? undefined : { kind: 'duplicate', reason: again };
}

function nativeText(reply: ModelReply): string {
  return reply.nativeCalls.map((call) => `${call.name}(${call.arguments})`).join('\n');
}
