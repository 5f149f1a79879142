/** The embedded reader: plays the agent's protocol over the workspace's own text, with no weights and no network. */
import type { Model, ModelReply, ModelRequest } from '../../agent/ports.ts';
import { nativeName } from '../../agent/toolCalls.ts';
import type { ToolFormat } from '../../shared/runSettings.ts';
import { offeredBy } from './beyond.ts';
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

function replyTo({ messages, tools, toolFormat }: ModelRequest): ModelReply {
  const conversation = conversationOf(messages);
  const plan = planFor(conversation, offeredBy(tools));
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
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

const server = 'workspace';
const webServers = { search: 'search_and_scrape_webpage', scrape: 'jina_scrape_llm_summary' } as const;

function callFor(move: Move): ReaderCall | undefined {
  switch (move.kind) {
    case 'search':
      return {
        server,
        tool: 'search_files',
        arguments: { pattern: move.pattern, ...(move.glob !== undefined && { glob: move.glob }) },
      };
    case 'open':
      return {
        server,
        tool: 'read_file',
        arguments: { path: move.spot.path, start_line: move.startLine, end_line: move.endLine },
      };
    case 'searchDocuments':
      return { server, tool: 'search_workspace', arguments: { query: move.query, path: move.path } };
    case 'readDocument':
      return { server, tool: 'read_document', arguments: { path: move.spot.path, find: move.find } };
    case 'searchWeb':
      return { server: webServers.search, tool: 'google_search', arguments: { q: move.query } };
    case 'readPage':
      return {
        server: webServers.scrape,
        tool: 'scrape_and_extract_info',
        arguments: { url: move.page.uri, info_to_extract: move.info },
      };
    case 'finish':
      return undefined;
  }
}

function withCall(thought: string, call: ReaderCall, format: ToolFormat): ModelReply {
  const args = JSON.stringify(call.arguments);
  if (format === 'native') {
    const nativeCalls = [{ name: nativeName(call.server, call.tool), arguments: args }];
    return { content: thought, nativeCalls, finishReason: 'tool_calls' };
  }
  const block = `<use_mcp_tool>\n<server_name>${call.server}</server_name>\n<tool_name>${call.tool}</tool_name>\n<arguments>\n${args}\n</arguments>\n</use_mcp_tool>`;
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
    case 'searchDocuments':
      return 'I search the documents that are no plain text.';
    case 'readDocument':
      return 'I read the passages of the next document that fit.';
    case 'searchWeb':
      return 'I search the web.';
    case 'readPage':
      return 'I read the next page that the search found.';
    case 'finish':
      return memory.notes.length === 0 ? 'There is nothing to read on this.' : 'I quote the passages that fit best.';
  }
}

/** Text of a file must not open or close a thought or a call. */
function withoutTags(text: string): string {
  return text.replace(/<(?=\/?(?:think|use_mcp_tool|tool_call))/g, '‹');
}
