/** One tool call, from approval to its last fact. */
import type { CallRequest, FactOf } from '../shared/events.ts';
import type { Call, Trajectory } from '../shared/trajectory.ts';
import { approvalReason } from './approvalPolicy.ts';
import { ToolError, messageOf } from './errors.ts';
import type { Approval, EventLog } from './ports.ts';
import type { OutputLimit, Tool, ToolOutput } from './tool.ts';
import { observationLimit } from './tool.ts';
import type { Clock } from './think.ts';

/** What acting needs. */
export interface Acting {
  readonly tools: readonly Tool[];
  readonly approval: Approval;
  readonly log: Pick<EventLog, 'putBlob'>;
  readonly clock: Clock;
  /** Appends facts and folds them. */
  readonly record: (
    ...facts: readonly (
      FactOf<'approval.requested'> | FactOf<'approval.decided'> | FactOf<'tool.started'> | FactOf<'tool.finished'>
    )[]
  ) => Promise<void>;
  /** Tools that a person allowed for the rest of this run, as `server.tool`; lives as long as the process. */
  readonly allowedForRun: Set<string>;
  /** A bug in a tool: it is reported, and the model is told that the tool failed. */
  readonly report: (error: unknown) => void;
}

/** Runs one call and records how it ended. When the signal aborts, the caller records the cancellation. */
export async function act(trajectory: Trajectory, call: Call, acting: Acting, signal: AbortSignal): Promise<void> {
  const { callId, server, tool: name, arguments: args } = call;
  const tool = acting.tools.find((candidate) => candidate.server === server && candidate.name === name);
  const permission = tool ? await permitted(trajectory, call, tool, acting, signal) : { allowed: true };
  if (!permission.allowed) {
    const content = `The person did not allow this call.${permission.note ? ` They say: ${permission.note}` : ''}`;
    await acting.record({ type: 'tool.finished', callId, outcome: 'denied', content, truncated: false, durationMs: 0 });
    return;
  }
  await acting.record({ type: 'tool.started', callId, server, tool: name, arguments: args });
  const startedAt = acting.clock.now();
  const result = tool ? await runTool(trajectory, call, tool, acting, signal) : unknownTool(call, acting.tools);
  signal.throwIfAborted();
  const durationMs = acting.clock.now() - startedAt;
  const cut = await truncated(result, tool?.limit ?? observationLimit, acting.log);
  await acting.record({ type: 'tool.finished', callId, durationMs, ...cut });
}

async function permitted(
  trajectory: Trajectory,
  call: Call,
  tool: Tool,
  { approval, record, allowedForRun }: Acting,
  signal: AbortSignal,
): Promise<{ allowed: boolean; note?: string | undefined }> {
  const reason = approvalReason(tool, trajectory.settings?.approval ?? 'ask');
  const unconfined = tool.unconfined?.() !== undefined;
  const key = `${tool.server}.${tool.name}`;
  if (reason === undefined || (allowedForRun.has(key) && !unconfined)) return { allowed: true };
  const { callId } = call;
  await record({ type: 'approval.requested', callId, reason });
  const { server, tool: name, arguments: args } = call;
  const decision = await approval.decide(
    { callId, server, tool: name, arguments: args },
    { reason, unconfined },
    signal,
  );
  signal.throwIfAborted();
  await record({ type: 'approval.decided', callId, ...decision });
  if (decision.decision === 'run') allowedForRun.add(key);
  return { allowed: decision.decision !== 'deny', note: decision.note };
}

async function runTool(
  trajectory: Trajectory,
  call: Call,
  tool: Tool,
  acting: Acting,
  signal: AbortSignal,
): Promise<ToolOutput> {
  try {
    const unconfined = tool.unconfined?.() !== undefined;
    const context = { signal, callId: call.callId, runId: trajectory.start?.runId ?? '', unconfined };
    return await tool.run(call.arguments, context);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) return { content: error.message, outcome: 'failed' };
    acting.report(error);
    return { content: `Error executing tool ${tool.name}: ${messageOf(error).slice(0, 4000)}`, outcome: 'failed' };
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
  const { content, outcome = 'ok', exitCode } = output;
  const known = { outcome, ...(exitCode !== undefined && { exitCode }) };
  if (content.length <= limit.maxChars) return { ...known, content, truncated: output.truncated ?? false };
  const end = /[\uD800-\uDBFF]$/.test(content.slice(0, limit.maxChars)) ? limit.maxChars - 1 : limit.maxChars;
  const blob = await log.putBlob(new TextEncoder().encode(content.slice(end)));
  return { ...known, content: content.slice(0, end) + limit.mark, truncated: true, blob };
}
