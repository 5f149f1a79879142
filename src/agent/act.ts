/** One tool call, from approval to its last fact. */
import { editedWords } from '../shared/editedCall.ts';
import type { Evidence } from '../shared/evidence.ts';
import type { CallRequest, FactOf } from '../shared/events.ts';
import type { ImageRef } from '../shared/refs.ts';
import type { Call, Trajectory } from '../shared/trajectory.ts';
import { maxRollbacks } from './budget.ts';
import { ToolError, messageOf } from './errors.ts';
import { judgeCall, wordsOfScope, type Judgement, type Scope } from './permission.ts';
import type { Approval, Checkpoints, Decision, EventLog, Model } from './ports.ts';
import type { FoundSource, OutputLimit, Picture, Tool, ToolOutput } from './tool.ts';
import { observationLimit } from './tool.ts';
import type { Clock } from './think.ts';
import { tickFact } from './ticks.ts';

/** What acting needs. */
export interface Acting {
  readonly tools: readonly Tool[];
  readonly approval: Approval;
  readonly log: Pick<EventLog, 'putBlob' | 'openOutput'>;
  readonly checkpoints: Checkpoints;
  /** A model that says the same when it is asked again learns from an empty result alone. */
  readonly model: Pick<Model, 'deterministic'>;
  readonly clock: Clock;
  /** Appends facts and folds them. */
  readonly record: (
    ...facts: readonly (
      | FactOf<'approval.requested'>
      | FactOf<'approval.decided'>
      | FactOf<'tool.started'>
      | FactOf<'tool.finished'>
      | FactOf<'turn.rolledBack'>
      | FactOf<'plan.ticked'>
    )[]
  ) => Promise<void>;
  /** What a person allowed for the rest of this run; lives as long as the process. */
  readonly allowedForRun: Set<Scope>;
  /** Calls whose start was recorded together with the reply that asks for them; lives as long as the process. */
  readonly begun: Set<string>;
  /** A bug in a tool: it is reported, and the model is told that the tool failed. */
  readonly report: (error: unknown) => void;
}

/**
 * The start of a call that needs nobody's word, to be recorded together with the reply that asks for it; undefined when
 * somebody has to be asked first, a rule denies it, or the limit of calls is reached.
 */
export function begin(
  { settings, callsOfQuestion }: Trajectory,
  { callId, server, tool: name, arguments: args }: CallRequest,
  acting: Acting,
): FactOf<'tool.started'> | undefined {
  const tool = acting.tools.find((candidate) => candidate.server === server && candidate.name === name);
  if (settings && callsOfQuestion >= settings.maxCalls) return undefined;
  if (tool && judgeCall(tool, args, settings, acting.allowedForRun).kind !== 'run') return undefined;
  acting.begun.add(callId);
  return { type: 'tool.started', callId, server, tool: name, arguments: args };
}

/** Runs one call and records how it ended. When the signal aborts, the caller records the cancellation. */
export async function act(trajectory: Trajectory, call: Call, acting: Acting, signal: AbortSignal): Promise<void> {
  const { callId, server, tool: name } = call;
  const begun = acting.begun.delete(callId);
  if (call.startedAt !== undefined && !begun) {
    const content = 'The outcome of this call is unknown: the run was interrupted while it ran. It was not run again.';
    await acting.record({ type: 'tool.finished', callId, outcome: 'lost', content, truncated: false, durationMs: 0 });
    return;
  }
  const tool = acting.tools.find((candidate) => candidate.server === server && candidate.name === name);
  const permission: Permission =
    tool && !begun ? await permitted(trajectory, call, tool, acting, signal) : { allowed: true };
  if (!permission.allowed) {
    const { denial, note } = permission;
    const content = denial ?? `The person did not allow this call.${note ? ` They say: ${note}` : ''}`;
    await acting.record({ type: 'tool.finished', callId, outcome: 'denied', content, truncated: false, durationMs: 0 });
    return;
  }
  const args = permission.edited ?? call.arguments;
  if (!begun) await acting.record({ type: 'tool.started', callId, server, tool: name, arguments: args });
  const writes = tool !== undefined && tool.effect !== 'read';
  if (writes) await acting.checkpoints.before(signal, { callId, turn: trajectory.turns });
  const startedAt = acting.clock.now();
  const result = tool
    ? await runTool(trajectory, { ...call, arguments: args }, tool, acting, signal).catch((error: unknown) => {
        if (writes) acting.checkpoints.after({ callId, turn: trajectory.turns });
        throw error;
      })
    : unknownTool(call, acting.tools);
  const { touched } = result;
  if (writes) acting.checkpoints.after({ callId, turn: trajectory.turns, ...(touched && { touched }) });
  signal.throwIfAborted();
  const durationMs = acting.clock.now() - startedAt;
  const { edited, note } = permission;
  const told = edited ? { ...result, content: `${editedWords(edited, note)}${result.content}` } : result;
  const cut = await truncated(told, tool?.limit ?? observationLimit, acting.log);
  const finished = { type: 'tool.finished', callId, durationMs, ...cut } as const;
  const rollback = acting.model.deterministic ? undefined : rollbackOf(trajectory, result);
  const ticked = result.ticked ? [tickFact(trajectory, result.ticked)] : [];
  await acting.record(finished, ...ticked, ...(rollback ? [rollback] : []));
}

/** A turn whose only call brought no result to go on from is undone, until too many in a row were. */
function rollbackOf(
  { items }: Trajectory,
  { rollback, broken }: ToolOutput & { readonly broken?: boolean },
): FactOf<'turn.rolledBack'> | undefined {
  const turn = items.findLast((item) => item.kind === 'turn');
  const reason = rollback ?? (broken === true ? 'The tool itself failed.' : undefined);
  if (!turn || reason === undefined || turn.calls.length !== 1 || turn.rollbacksBefore >= maxRollbacks)
    return undefined;
  const { turn: number, content } = turn;
  const kind = broken === true ? 'failedTool' : 'emptyResult';
  return { type: 'turn.rolledBack', kind, reason, reply: content, turn: number };
}

interface Permission {
  readonly allowed: boolean;
  readonly note?: string | undefined;
  readonly edited?: CallRequest['arguments'] | undefined;
  /** What the model is told where a rule denies the call. */
  readonly denial?: string;
}

async function permitted(
  trajectory: Trajectory,
  call: Call,
  tool: Tool,
  acting: Acting,
  signal: AbortSignal,
): Promise<Permission> {
  const { approval, record, allowedForRun } = acting;
  const judge = (args: CallRequest['arguments']) => judgeCall(tool, args, trajectory.settings, allowedForRun);
  const judged = judge(call.arguments);
  if (judged.kind === 'run') return { allowed: true };
  if (judged.kind === 'deny') return { allowed: false, denial: judged.message };
  const unconfined = tool.unconfined?.() !== undefined;
  const { callId, server, tool: name, arguments: args } = call;
  const scope = wordsOfScope(judged.scope);
  const ask = async (reason: string): Promise<Decision> => {
    await record({ type: 'approval.requested', callId, reason, scope });
    const request = { callId, server, tool: name, arguments: args };
    const answer = await approval.decide(request, { reason, scope, unconfined }, signal);
    signal.throwIfAborted();
    // What a person edited has to fit as well, and no rule may deny it: they are asked again, and the call is not spent.
    const edited = answer.decision === 'deny' ? undefined : answer.arguments;
    const problem = edited && editProblem(tool, edited, judge(edited));
    return problem === undefined ? answer : ask(problem);
  };
  const decision = await ask(judged.reason);
  await record({ type: 'approval.decided', callId, ...decision });
  if (decision.decision === 'run') grant(judged, decision.arguments && judge(decision.arguments), allowedForRun);
  return { allowed: decision.decision !== 'deny', note: decision.note, edited: decision.arguments };
}

function editProblem(tool: Tool, edited: CallRequest['arguments'], judged: Judgement): string | undefined {
  const misfit = tool.check?.(edited);
  if (misfit !== undefined) return `The edited arguments do not fit. ${misfit}`;
  return judged.kind === 'deny' ? `It cannot run as it was edited: ${judged.why}` : undefined;
}

/** A person's word for this run holds for what they were shown; an edit that would allow something else is allowed once. */
function grant(
  { scope }: Extract<Judgement, { kind: 'ask' }>,
  edited: Judgement | undefined,
  granted: Set<Scope>,
): void {
  const same = !edited || (edited.kind === 'ask' && wordsOfScope(edited.scope) === wordsOfScope(scope));
  if (scope && same) granted.add(scope);
}

async function runTool(
  trajectory: Trajectory,
  call: Call,
  tool: Tool,
  acting: Acting,
  signal: AbortSignal,
): Promise<ToolOutput & { readonly broken?: boolean }> {
  try {
    const unconfined = tool.unconfined?.() !== undefined;
    const { openOutput } = acting.log;
    const context = { signal, callId: call.callId, runId: trajectory.runId, unconfined, openOutput };
    return await tool.run(call.arguments, context);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) return { content: error.message, outcome: 'failed' };
    acting.report(error);
    return {
      content: `Error executing tool ${tool.name}: ${messageOf(error).slice(0, 4000)}`,
      outcome: 'failed',
      broken: true,
    };
  }
}

function unknownTool({ server, tool }: CallRequest, tools: readonly Tool[]): ToolOutput {
  const known = tools.map((candidate) => `${candidate.server}: ${candidate.name}`).join(', ');
  return { content: `Unknown tool: ${tool} on server ${server}. There are ${known}.`, outcome: 'failed' };
}

/** Cuts an observation for the model and stores what was cut (agent-protocol: result truncation). */
async function truncated(
  output: ToolOutput,
  limit: OutputLimit,
  log: Pick<EventLog, 'putBlob'>,
): Promise<Omit<FactOf<'tool.finished'>, 'type' | 'callId' | 'durationMs'>> {
  const { content, outcome = 'ok', exitCode, runId, usage, output: whole } = output;
  const images = await stored(output.images ?? [], log);
  const sources = await storedSources(output.sources ?? [], log);
  const known = {
    outcome,
    ...(exitCode !== undefined && { exitCode }),
    ...(runId !== undefined && { runId }),
    ...(usage && { usage }),
    ...(whole && { output: whole.blob, omittedBytes: whole.omittedBytes }),
    ...(images.length > 0 && { images }),
    ...(sources.length > 0 && { sources }),
  };
  if (content.length <= limit.maxChars) return { ...known, content, truncated: output.truncated ?? false };
  const end = /[\uD800-\uDBFF]$/.test(content.slice(0, limit.maxChars)) ? limit.maxChars - 1 : limit.maxChars;
  const shown = { ...known, content: content.slice(0, end) + limit.mark, truncated: true };
  return whole ? shown : { ...shown, blob: await log.putBlob(new TextEncoder().encode(content.slice(end))) };
}

async function stored(images: readonly Picture[], log: Pick<EventLog, 'putBlob'>): Promise<readonly ImageRef[]> {
  const refs: ImageRef[] = [];
  for (const { bytes, mimeType, path } of images) refs.push({ ...(await log.putBlob(bytes)), mimeType, path });
  return refs;
}

async function storedSources(
  found: readonly FoundSource[],
  log: Pick<EventLog, 'putBlob'>,
): Promise<readonly Evidence[]> {
  const records: Evidence[] = [];
  for (const { text, ...record } of found) {
    const kept = text === undefined ? {} : { text: await log.putBlob(new TextEncoder().encode(text)) };
    records.push({ ...record, ...kept });
  }
  return records;
}
