/** A request as it goes over the wire. The bytes of an unchanged prefix never change: the server's cache rests on it. */
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ChatMessage } from '../agent/messages.ts';
import type { ModelRequest } from '../agent/ports.ts';
import { nativeName } from '../agent/toolCalls.ts';
import { thoughtFields, type ThoughtField } from './stream.ts';

/** MiroThinker's sampling (agent-protocol: sampling). */
const sampling = { temperature: 1.0, top_p: 0.95, repetition_penalty: 1.05 };

/** Parameters that a server may not know; what it refuses is left out from then on. */
export const optionalParameters = [
  'repetition_penalty',
  'continuous_usage_stats',
  'seed',
  'stream_options',
  ...thoughtFields,
  'top_p',
  'temperature',
] as const;
export type OptionalParameter = (typeof optionalParameters)[number];

/** What a server takes. */
export interface Dialect {
  readonly refused: ReadonlySet<OptionalParameter>;
  /** Whether it tells the usage so far in every chunk when asked: a stream that is stopped has no last one. */
  readonly continuousUsage: boolean;
  /** Where it reads the thoughts of earlier turns; what stands elsewhere it drops without a word (vllm#38488). */
  readonly thoughtField: ThoughtField;
}

/** Memory for one body at a time, used again by the next: prompts of megabytes would pile up between two collections. */
export interface ByteStore {
  /** The parts in one piece; what was held before is overwritten. */
  readonly hold: (parts: readonly Buffer[]) => Buffer;
}

/** An empty store. */
export function byteStore(): ByteStore {
  let store = Buffer.alloc(0);
  return {
    hold: (parts) => {
      const size = parts.reduce((sum, part) => sum + part.length, 0);
      if (store.length < size) store = Buffer.allocUnsafeSlow(Math.ceil(size * 1.5));
      let at = 0;
      for (const part of parts) at += part.copy(store, at);
      return store.subarray(0, size);
    },
  };
}

type Asked = Pick<ModelRequest, 'messages' | 'tools' | 'toolFormat' | 'mayCall' | 'maxTokens' | 'seed'>;

/** The body of a chat completion, without the parameters that the server refused. */
export function chatBody(model: string, request: Asked, dialect: Dialect): ChatCompletionCreateParamsStreaming {
  const field = fieldOf(dialect);
  return bodyWith(
    request.messages.map((message) => wireMessage(message, field)),
    model,
    request,
    dialect,
  );
}

/**
 * The same as bytes: what `JSON.stringify` makes of it, but messages that were sent before are not serialised again. They
 * are the same objects as long as they do not change, and a long run sends each of them hundreds of times.
 */
export function chatBytes(model: string, request: Asked, dialect: Dialect, into?: ByteStore): Buffer {
  const frame = JSON.stringify(bodyWith([], model, request, dialect));
  // In a JSON string the quotes would be escaped: only the member itself reads so.
  const at = frame.indexOf('"messages":[') + '"messages":['.length;
  const field = fieldOf(dialect);
  const parts = request.messages.flatMap((message, index) => [
    ...(index === 0 ? [] : [comma]),
    messageBytes(message, field),
  ]);
  const all = [Buffer.from(frame.slice(0, at)), ...parts, Buffer.from(frame.slice(at))];
  return into ? into.hold(all) : Buffer.concat(all);
}

function fieldOf({ refused, thoughtField }: Dialect): ThoughtField | undefined {
  return refused.has(thoughtField) ? undefined : thoughtField;
}

function bodyWith(
  wired: WireMessage[],
  model: string,
  { messages, tools, toolFormat, mayCall, maxTokens, seed }: Asked,
  { refused, continuousUsage }: Dialect,
): ChatCompletionCreateParamsStreaming {
  const native = toolFormat === 'native' && tools.length > 0;
  const continuous = continuousUsage && !refused.has('continuous_usage_stats');
  const optional = {
    ...sampling,
    ...(seed !== undefined && { seed }),
    stream_options: { include_usage: true, ...(continuous && { continuous_usage_stats: true }) },
  };
  const body = {
    model,
    messages: wired,
    ...(native && { tools: tools.map(wireTool) }),
    ...(native && !mayCall && { tool_choice: 'none' as const }),
    max_tokens: maxTokens,
    stream: true,
    ...Object.fromEntries(
      Object.entries(optional).filter(
        ([name]) => !optionalParameters.some((parameter) => parameter === name && refused.has(parameter)),
      ),
    ),
    // vLLM and SGLang: go on with a message of the assistant's that is there already.
    ...(messages.at(-1)?.role === 'assistant' && { continue_final_message: true, add_generation_prompt: false }),
  } as const;
  return body;
}

const comma = Buffer.from(',');

/** The bytes of messages as they were last sent. */
const sent = new WeakMap<ChatMessage, { readonly field: ThoughtField | undefined; readonly bytes: Buffer }>();

function messageBytes(message: ChatMessage, field: ThoughtField | undefined): Buffer {
  const before = sent.get(message);
  if (before && before.field === field) return before.bytes;
  const bytes = Buffer.from(JSON.stringify(wireMessage(message, field)));
  sent.set(message, { field, bytes });
  return bytes;
}

type WireMessage = ChatCompletionCreateParamsStreaming['messages'][number];

/** Messages as they go over the wire, to a server that reads thoughts in that member. */
export function wireMessages(messages: readonly ChatMessage[], thoughtField?: string): readonly WireMessage[] {
  const field = thoughtFields.find((known) => known === thoughtField) ?? 'reasoning_content';
  return messages.map((message) => wireMessage(message, field));
}

function wireMessage(message: ChatMessage, thoughtField: ThoughtField | undefined): WireMessage {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.content.toWellFormed() };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.content.toWellFormed() };
    case 'assistant': {
      const { content, reasoning, toolCalls } = message;
      const called = toolCalls?.map(({ callId, server, tool, arguments: args }) => ({
        id: callId,
        type: 'function' as const,
        function: { name: nativeName(server, tool), arguments: JSON.stringify(args, wellFormed) },
      }));
      return {
        role: 'assistant',
        content: content.toWellFormed(),
        ...(reasoning !== undefined && thoughtField && { [thoughtField]: reasoning.toWellFormed() }),
        ...(called && called.length > 0 && { tool_calls: called }),
      };
    }
  }
}

/** Half a character (what is left where a text was cut) is refused by servers for as long as it is in the history. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function wireTool({ server, name, description, inputSchema }: ModelRequest['tools'][number]) {
  return {
    type: 'function' as const,
    function: { name: nativeName(server, name), description, parameters: inputSchema },
  };
}
