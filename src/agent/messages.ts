/** The second fold: from a trajectory to what the model may still see. Retention lives here and is a view only. */
import type { Call, Item, Trajectory, Turn } from '../shared/trajectory.ts';
import type { CallRequest, ToolFormat } from '../shared/events.ts';

/** A message as the model's port takes it; its serialised form must not change while the prompt grows. */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      readonly content: string;
      readonly reasoning?: string;
      /** Native format only; the calls of text format stand in `content`. */
      readonly toolCalls?: readonly CallRequest[];
    }
  | { readonly role: 'tool'; readonly callId: string; readonly content: string };

/** What stands in place of an observation that is out of view (agent-protocol: recency-based retention; exact). */
export const omittedResult = 'Tool result is omitted to save tokens.';

/**
 * The messages of the next request, oldest first. Of the observations only the newest `keep` of the settings stay whole
 * (-1: all): one per turn in text format, one per `tool` message in native format. Thoughts and actions all stay.
 */
export function messagesFor(trajectory: Trajectory): readonly ChatMessage[] {
  const { start, settings, toolFormat } = trajectory;
  if (!start || !settings) return [];
  const items = inView(trajectory);
  const masked = maskedObservations(items, toolFormat, settings.keep);
  const messages: ChatMessage[] = [{ role: 'system', content: start.system }];
  for (const item of items) messages.push(...itemMessages(item, toolFormat, masked));
  return messages;
}

/** The first user message of a question: its text, and the files it mentions. */
export function questionText(question: string, mentions: readonly string[]): string {
  if (mentions.length === 0) return question;
  return `${question}\n\nFiles that the question mentions (paths in the workspace):\n${mentions.map((path) => `- ${path}`).join('\n')}`;
}

/**
 * Out of the model's sight: tries for an answer that brought none or count no longer; and, when the window was full, the
 * last action with its observation, so that the answer fits.
 */
function inView({ items, answering }: Trajectory): readonly Item[] {
  return items.filter((item, index) => {
    if (item.kind === 'answerRequest') return !item.withdrawn;
    if (item.kind !== 'turn') return true;
    if (item.withdrawn) return false;
    const next = items.slice(index + 1).find((later) => later.kind !== 'rolledBack');
    if (item.final) return next ? next.kind !== 'turn' : !answering;
    return !(next?.kind === 'answerRequest' && next.reason === 'context' && !next.withdrawn);
  });
}

function itemMessages(item: Item, format: ToolFormat, masked: ReadonlySet<string>): readonly ChatMessage[] {
  switch (item.kind) {
    case 'question':
      return [{ role: 'user', content: questionText(item.question, item.mentions) }];
    case 'answerRequest':
      return [{ role: 'user', content: item.prompt }];
    case 'turn':
      return turnMessages(item, format, masked);
    case 'rolledBack':
    case 'answer':
    case 'end':
      return [];
  }
}

function turnMessages(turn: Turn, format: ToolFormat, masked: ReadonlySet<string>): readonly ChatMessage[] {
  const action = assistantMessage(turn, format);
  if (turn.correction !== undefined) {
    return [action, { role: 'user', content: masked.has(correctionKey(turn)) ? omittedResult : turn.correction }];
  }
  if (turn.calls.length === 0) return [action];
  if (format === 'native') {
    return [
      action,
      ...turn.calls.map((call): ChatMessage => {
        return { role: 'tool', callId: call.callId, content: masked.has(call.callId) ? omittedResult : observed(call) };
      }),
    ];
  }
  const hidden = turn.calls.some((call) => masked.has(call.callId));
  return [action, { role: 'user', content: hidden ? omittedResult : turn.calls.map(observed).join('\n') }];
}

function assistantMessage(turn: Turn, format: ToolFormat): ChatMessage {
  if (format === 'native') {
    return {
      role: 'assistant',
      content: turn.content,
      ...(turn.reasoning !== undefined && { reasoning: turn.reasoning }),
      ...(turn.calls.length > 0 && { toolCalls: turn.calls.map(asRequested) }),
    };
  }
  const thought = turn.reasoning === undefined ? '' : `<think>\n${turn.reasoning}\n</think>\n\n`;
  return { role: 'assistant', content: thought + withCallBlocks(turn) };
}

/** Calls that came natively though text was asked for stand in the history as text: one form throughout. */
function withCallBlocks({ content, calls }: Turn): string {
  if (calls.length === 0 || content.includes('<use_mcp_tool>')) return content;
  return [content, ...calls.map(callBlock)].filter(Boolean).join('\n\n');
}

/** A call as the models of text format write it. */
export function callBlock({ server, tool, arguments: args }: Omit<CallRequest, 'callId'>): string {
  const json = JSON.stringify(args, null, 2);
  return `<use_mcp_tool>\n<server_name>${server}</server_name>\n<tool_name>${tool}</tool_name>\n<arguments>\n${json}\n</arguments>\n</use_mcp_tool>`;
}

function asRequested({ callId, server, tool, arguments: args }: Call): CallRequest {
  return { callId, server, tool, arguments: args };
}

function observed(call: Call): string {
  return call.content ?? '';
}

const correctionKey = (turn: Turn) => `correction-${turn.turn}`;

function maskedObservations(items: readonly Item[], format: ToolFormat, keep: number): ReadonlySet<string> {
  if (keep < 0) return new Set();
  const groups = items.flatMap((item): readonly (readonly string[])[] => {
    if (item.kind !== 'turn') return [];
    if (item.correction !== undefined) return [[correctionKey(item)]];
    const ids = item.calls.map((call) => call.callId);
    if (ids.length === 0) return [];
    return format === 'native' ? ids.map((id) => [id]) : [ids];
  });
  return new Set(groups.slice(0, Math.max(0, groups.length - keep)).flat());
}
