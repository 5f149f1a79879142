/** A request as it goes over the wire. The bytes of an unchanged prefix never change: the server's cache rests on it. */
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ChatMessage } from '../agent/messages.ts';
import type { ModelRequest } from '../agent/ports.ts';
import { nativeName } from '../agent/toolCalls.ts';

/** MiroThinker's sampling (agent-protocol: sampling). */
const sampling = { temperature: 1.0, top_p: 0.95, repetition_penalty: 1.05 };

/** Parameters that a server may not know; what it refuses is left out from then on. */
export const optionalParameters = [
  'repetition_penalty',
  'stream_options',
  'reasoning_content',
  'top_p',
  'temperature',
] as const;
export type OptionalParameter = (typeof optionalParameters)[number];

/** The body of a chat completion, without the parameters in `refused`. */
export function chatBody(
  model: string,
  request: Pick<ModelRequest, 'messages' | 'tools' | 'toolFormat' | 'mayCall' | 'maxTokens'>,
  refused: ReadonlySet<OptionalParameter>,
): ChatCompletionCreateParamsStreaming {
  const { messages, tools, toolFormat, mayCall, maxTokens } = request;
  const native = toolFormat === 'native' && tools.length > 0;
  const body = {
    model,
    messages: messages.map((message) => wireMessage(message, !refused.has('reasoning_content'))),
    ...(native && { tools: tools.map(wireTool) }),
    ...(native && !mayCall && { tool_choice: 'none' as const }),
    max_tokens: maxTokens,
    stream: true,
    ...Object.fromEntries(
      Object.entries({ ...sampling, stream_options: { include_usage: true } }).filter(
        ([name]) => !optionalParameters.some((parameter) => parameter === name && refused.has(parameter)),
      ),
    ),
    // vLLM and SGLang: go on with a message of the assistant's that is there already.
    ...(messages.at(-1)?.role === 'assistant' && { continue_final_message: true, add_generation_prompt: false }),
  } as const;
  return body;
}

type WireMessage = ChatCompletionCreateParamsStreaming['messages'][number];

function wireMessage(message: ChatMessage, withReasoning: boolean): WireMessage {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.content };
    case 'assistant': {
      const { content, reasoning, toolCalls } = message;
      const called = toolCalls?.map(({ callId, server, tool, arguments: args }) => ({
        id: callId,
        type: 'function' as const,
        function: { name: nativeName(server, tool), arguments: JSON.stringify(args) },
      }));
      return {
        role: 'assistant',
        content,
        ...(reasoning !== undefined && withReasoning && { reasoning_content: reasoning }),
        ...(called && called.length > 0 && { tool_calls: called }),
      };
    }
  }
}

function wireTool({ server, name, description, inputSchema }: ModelRequest['tools'][number]) {
  return {
    type: 'function' as const,
    function: { name: nativeName(server, name), description, parameters: inputSchema },
  };
}
