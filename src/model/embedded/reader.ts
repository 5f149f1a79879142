/** The embedded reader: plays the agent's protocol over the workspace's own text, with no weights and no network. */
import type { Model, ModelReply, ModelRequest } from '../../agent/ports.ts';
import { nativeName } from '../../agent/toolCalls.ts';
import type { ToolFormat } from '../../shared/runSettings.ts';
import { conversationOf } from './conversation.ts';
import { finalAnswer } from './finalAnswer.ts';
import { written } from './memory.ts';
import { planFor, type Move, type Plan } from './plan.ts';

/** The embedded reader. The same messages always get the same reply. */
export const embeddedReader: Model = {
  name: 'embedded',
  deterministic: true,
  complete: async (request, signal) => {
    signal.throwIfAborted();
    const reply = replyTo(request);
    request.onPreview({ kind: 'delta', content: reply.content, reasoning: '' });
    return reply;
  },
};

function replyTo({ messages, toolFormat }: ModelRequest): ModelReply {
  const conversation = conversationOf(messages);
  const plan = planFor(conversation);
  if (conversation.answerForm) {
    return {
      content: finalAnswer(plan.memory, plan.query, conversation.answerForm),
      nativeCalls: [],
      finishReason: 'stop',
    };
  }
  const thought = `<think>\n${withoutTags(`${reason(plan)}\n${written(plan.learned)}`.trim())}\n</think>`;
  const call = callFor(plan.move);
  if (!call) return { content: `${thought}\n\nI have read enough to answer.`, nativeCalls: [], finishReason: 'stop' };
  return withCall(thought, call, toolFormat);
}

interface ReaderCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

const server = 'workspace';

function callFor(move: Move): ReaderCall | undefined {
  switch (move.kind) {
    case 'search':
      return {
        tool: 'search_files',
        arguments: { pattern: move.pattern, ...(move.glob !== undefined && { glob: move.glob }) },
      };
    case 'open':
      return {
        tool: 'read_file',
        arguments: { path: move.spot.path, start_line: move.startLine, end_line: move.endLine },
      };
    case 'finish':
      return undefined;
  }
}

function withCall(thought: string, call: ReaderCall, format: ToolFormat): ModelReply {
  const args = JSON.stringify(call.arguments);
  if (format === 'native') {
    const nativeCalls = [{ name: nativeName(server, call.tool), arguments: args }];
    return { content: thought, nativeCalls, finishReason: 'tool_calls' };
  }
  const block = `<use_mcp_tool>\n<server_name>${server}</server_name>\n<tool_name>${call.tool}</tool_name>\n<arguments>\n${args}\n</arguments>\n</use_mcp_tool>`;
  return { content: `${thought}\n\n${block}`, nativeCalls: [], finishReason: 'stop' };
}

function reason({ move, query, memory }: Plan): string {
  switch (move.kind) {
    case 'search':
      return memory.notes.length === 0
        ? `I look for the question's terms: ${query.terms.map(({ name }) => name).join(', ')}.`
        : 'I search once more, with words from the best passages.';
    case 'open':
      return 'I open the next of the best places.';
    case 'finish':
      return memory.notes.length === 0 ? 'There is nothing to read on this.' : 'I quote the passages that fit best.';
  }
}

/** Text of a file must not open or close a thought or a call. */
function withoutTags(text: string): string {
  return text.replace(/<(?=\/?(?:think|use_mcp_tool|tool_call))/g, '‹');
}
