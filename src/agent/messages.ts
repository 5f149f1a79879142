/** The second fold: from a trajectory to the messages of its next request. What stays in view is decided in view.ts. */
import type { CallRequest } from '../shared/events.ts';
import type { ToolFormat } from '../shared/runSettings.ts';
import type { Attachment } from '../shared/refs.ts';
import { callOpenings } from '../shared/callTags.ts';
import { scanReply } from '../shared/replyScanner.ts';
import { splitThought } from '../shared/thought.ts';
import type { Call, Item, Trajectory, Turn } from '../shared/trajectory.ts';
import { clarifiedText, plannedText } from './settledText.ts';
import { attachedText } from './attached.ts';
import { viewOf, type Seen } from './view.ts';

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

/** The messages of the next request, oldest first. What did not change since the last one is the same object. */
export function messagesFor(trajectory: Trajectory): readonly ChatMessage[] {
  const { start, settings, system, toolFormat, items } = trajectory;
  if (!start || !settings) return [];
  const before = whole.get(items);
  if (before && isSameView(before.of, trajectory)) return before.messages;
  const messages: ChatMessage[] = [systemMessage(start, system)];
  for (const seen of viewOf(trajectory)) {
    for (const message of messagesOf(seen, toolFormat)) messages.push(message);
  }
  whole.set(items, { of: trajectory, messages });
  return messages;
}

/** The messages of whole trajectories as they were last made, by their items. */
const whole = new WeakMap<readonly Item[], { readonly of: Trajectory; readonly messages: readonly ChatMessage[] }>();

function isSameView(a: Trajectory, b: Trajectory): boolean {
  return (
    a.system === b.system &&
    a.toolFormat === b.toolFormat &&
    a.settings === b.settings &&
    a.narrowed === b.narrowed &&
    a.asked === b.asked
  );
}

/** The first user message of a question: its text, the files it mentions, and those that were put to it. */
export function questionText(
  question: string,
  mentions: readonly string[],
  attachments?: readonly Attachment[],
): string {
  const attached = attachedText(attachments);
  if (mentions.length === 0) return question + attached;
  return `${question}\n\nFiles that the question mentions (paths in the workspace):\n${mentions.map((path) => `- ${path}`).join('\n')}${attached}`;
}

/** A call as the models of text format write it. */
export function callBlock({ server, tool, arguments: args }: Omit<CallRequest, 'callId'>): string {
  const json = JSON.stringify(args, null, 2);
  return `<use_mcp_tool>\n<server_name>${server}</server_name>\n<tool_name>${tool}</tool_name>\n<arguments>\n${json}\n</arguments>\n</use_mcp_tool>`;
}

/** The messages of items and starts as they were last made; an item that changed is another object. */
const made = new WeakMap<object, { readonly key: string | number; readonly messages: readonly ChatMessage[] }>();

function remembered(of: object, key: string | number, make: () => readonly ChatMessage[]): readonly ChatMessage[] {
  const before = made.get(of);
  if (before?.key === key) return before.messages;
  const messages = make();
  made.set(of, { key, messages });
  return messages;
}

function systemMessage(start: object, system: string): ChatMessage {
  const [message] = remembered(start, system, () => [{ role: 'system', content: system }]);
  return message ?? { role: 'system', content: system };
}

/** The messages of one item in view. */
export function messagesOf({ item, masked, withoutThought }: Seen, format: ToolFormat): readonly ChatMessage[] {
  const key = masked * 4 + (format === 'native' ? 2 : 0) + (withoutThought ? 1 : 0);
  return remembered(item, key, () => itemMessages(item, format, masked, withoutThought));
}

function itemMessages(item: Item, format: ToolFormat, masked: number, withoutThought: boolean): readonly ChatMessage[] {
  switch (item.kind) {
    case 'question':
      return [
        {
          role: 'user',
          content:
            questionText(item.question, item.mentions, item.attachments) + clarifiedText(item) + plannedText(item),
        },
      ];
    case 'attempt':
      return [{ role: 'user', content: item.task }];
    case 'note':
      return [{ role: 'user', content: `A note from the person who asked: ${item.text}` }];
    case 'answerRequest':
    case 'reportRequest':
      return [{ role: 'user', content: item.prompt }];
    case 'turn':
      return turnMessages(item, format, masked, withoutThought);
    case 'rolledBack':
    case 'answer':
    case 'end':
    case 'attemptEnd':
    case 'narrowed':
    case 'window':
    case 'format':
    case 'changed':
    case 'fork':
    case 'restore':
    case 'checkpointFailed':
      return [];
  }
}

function turnMessages(turn: Turn, format: ToolFormat, masked: number, withoutThought: boolean): readonly ChatMessage[] {
  const action = withoutThought ? actionOnly(turn, format) : assistantMessage(turn, format);
  if (turn.correction !== undefined) {
    return [action, { role: 'user', content: masked > 0 ? omittedResult : turn.correction }];
  }
  if (turn.calls.length === 0) return [action];
  if (format === 'native') {
    return [
      action,
      ...turn.calls.map((call, index): ChatMessage => {
        return { role: 'tool', callId: call.callId, content: index < masked ? omittedResult : observed(call) };
      }),
    ];
  }
  return [action, { role: 'user', content: masked > 0 ? omittedResult : turn.calls.map(observed).join('\n') }];
}

function assistantMessage(turn: Turn, format: ToolFormat): ChatMessage {
  if (format === 'native') {
    return {
      role: 'assistant',
      content: turn.calls.length > 0 ? turn.content.slice(0, firstCallAt(turn.content)) : turn.content,
      ...(turn.reasoning !== undefined && { reasoning: turn.reasoning }),
      ...(turn.calls.length > 0 && { toolCalls: turn.calls.map(asRequested) }),
    };
  }
  const thought = turn.reasoning === undefined ? '' : `<think>\n${turn.reasoning}\n</think>\n\n`;
  return { role: 'assistant', content: thought + withCallBlocks(turn) };
}

/** The second tier of retention: the thought is out of view, what was done or said stays. */
function actionOnly(turn: Turn, format: ToolFormat): ChatMessage {
  const calls = turn.calls.map(asRequested);
  if (calls.length === 0) return { role: 'assistant', content: splitThought(turn.content, turn.reasoning).text };
  if (format === 'native') return { role: 'assistant', content: '', toolCalls: calls };
  return { role: 'assistant', content: calls.map(callBlock).join('\n\n') };
}

/** Calls that came natively though text was asked for stand in the history as text: one form throughout. */
function withCallBlocks({ content, calls }: Turn): string {
  if (calls.length === 0 || firstCallAt(content) < content.length) return content;
  return [content, ...calls.map((call) => callBlock(asRequested(call)))].filter(Boolean).join('\n\n');
}

/** Where the first call begins that came as text and is no part of a thought; the text's end where there is none. */
function firstCallAt(content: string): number {
  if (!callOpenings.some((opening) => content.includes(opening))) return content.length;
  return scanReply(content).calls[0]?.start ?? content.length;
}

/** As the model asked for it: what a person edited stands in the observation. */
function asRequested({ callId, server, tool, arguments: args, requested }: Call): CallRequest {
  return { callId, server, tool, arguments: requested ?? args };
}

function observed(call: Call): string {
  return call.content ?? '';
}
