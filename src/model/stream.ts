/** The deltas of one reply → the reply, whatever a server leaves out or puts in. */
import { z } from 'zod';
import type { ModelReply, ReplyDelta } from '../agent/ports.ts';
import type { Usage } from '../shared/events.ts';

const toolCallSchema = z.object({
  index: z.number().nullish(),
  id: z.string().nullish(),
  function: z
    .object({
      name: z.string().nullish(),
      arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    })
    .nullish(),
});

const usageSchema = z.object({
  prompt_tokens: z.number().int().min(0),
  completion_tokens: z.number().int().min(0).default(0),
  prompt_tokens_details: z.object({ cached_tokens: z.number().int().min(0).nullish() }).nullish(),
});

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        index: z.number().nullish(),
        delta: z
          .object({
            content: z.string().nullish(),
            // Some gateways send objects or lists under these names beside the text: they are passed over.
            reasoning_content: z.string().nullish().catch(undefined),
            reasoning: z.string().nullish().catch(undefined),
            thinking: z.string().nullish().catch(undefined),
            tool_calls: z.array(toolCallSchema).nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: usageSchema.nullish().catch(undefined),
});

type ToolCallDelta = z.infer<typeof toolCallSchema>;

/** Where servers put the thought that they split off. */
export const thoughtFields = ['reasoning_content', 'reasoning', 'thinking'] as const;
export type ThoughtField = (typeof thoughtFields)[number];

/** A reply that grows. */
export interface GrowingReply {
  /** Takes one chunk, parsed JSON of any shape; undefined when it brought nothing of the reply's text or calls. */
  readonly add: (chunk: unknown) => ReplyDelta | undefined;
  /** Whether any choice has come: an answer without one is none of a model's. */
  readonly begun: () => boolean;
  /** Whether the server said why it stopped. */
  readonly finished: () => boolean;
  /** The field in which the thought came; undefined while none did. */
  readonly thoughtField: () => ThoughtField | undefined;
  readonly reply: () => ModelReply;
}

/** Starts a reply. Of several choices only the first counts. */
export function growingReply(): GrowingReply {
  const content: string[] = [];
  const reasoning: string[] = [];
  const calls: GrowingCall[] = [];
  let finishReason: string | null = null;
  let usage: Usage | undefined;
  let begun = false;
  let thoughtField: ThoughtField | undefined;
  const nativeCalls = () =>
    calls.filter(({ name }) => name !== '').map(({ name, text }) => ({ name, arguments: text }));
  return {
    begun: () => begun,
    finished: () => finishReason !== null,
    thoughtField: () => thoughtField,
    add: (value) => {
      const chunk = chunkSchema.safeParse(value);
      if (!chunk.success) return undefined;
      if (chunk.data.usage) usage = usageOf(chunk.data.usage);
      const choice = chunk.data.choices?.find(({ index }) => (index ?? 0) === 0);
      if (!choice) return undefined;
      begun = true;
      if (choice.finish_reason) finishReason = choice.finish_reason;
      const sent = choice.delta ?? {};
      // The field that speaks first is the one: a server that fills another says the same there again.
      thoughtField ??= thoughtFields.find((field) => sent[field]);
      const text = sent.content ?? '';
      const thought = (thoughtField && sent[thoughtField]) ?? '';
      content.push(text);
      reasoning.push(thought);
      for (const part of sent.tool_calls ?? []) addCall(calls, part);
      if (!text && !thought && !sent.tool_calls?.length) return undefined;
      return { content: text, reasoning: thought, nativeCalls: nativeCalls() };
    },
    reply: () => {
      const thought = reasoning.join('');
      return {
        content: content.join(''),
        ...(thought && { reasoning: thought, ...(thoughtField && { thoughtField }) }),
        nativeCalls: nativeCalls(),
        finishReason,
        ...(usage && { usage }),
      };
    },
  };
}

interface GrowingCall {
  readonly index: number | undefined;
  readonly id: string | undefined;
  name: string;
  /** The arguments so far. */
  text: string;
}

/** By index; a new id or name at an index that has one already is a new call (Ollama gives them all the index 0). */
function addCall(calls: GrowingCall[], { index, id, function: called }: ToolCallDelta): void {
  const known = calls.findLast((call) => (index === null || index === undefined ? true : call.index === index));
  const isNew =
    !known || (id && known.id !== undefined && id !== known.id) || (!index && !id && startsAnew(known, called));
  const call = isNew ? { index: index ?? undefined, id: id ?? undefined, name: '', text: '' } : known;
  if (isNew) calls.push(call);
  if (called?.name && !call.name) call.name = called.name;
  const text = called?.arguments;
  if (text) call.text += typeof text === 'string' ? text : JSON.stringify(text);
}

function startsAnew(known: GrowingCall, called: ToolCallDelta['function']): boolean {
  return Boolean(called?.name) && known.name !== '' && known.text !== '';
}

function usageOf(usage: z.infer<typeof usageSchema>): Usage {
  const cachedTokens = usage.prompt_tokens_details?.cached_tokens;
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    ...(typeof cachedTokens === 'number' && { cachedTokens }),
  };
}
