/** Scripts for the scripted model server: data, so that a JSON file can hold one. */
import { z } from 'zod';
import { callBlock } from '../../src/agent/messages.ts';
import { nativeName } from '../../src/agent/toolCalls.ts';

const jsonObject = z.record(z.string(), z.unknown());

const nativeCallSchema = z
  .object({
    /** The function's name as the server sends it; see `nativeCall`. */
    name: z.string(),
    /** A string goes out as it is (broken JSON, say). */
    arguments: z.union([z.string(), jsonObject]),
    id: z.string().optional(),
  })
  .readonly();

/** What one request is answered with. Without any member: an empty reply. */
export const replySchema = z
  .object({
    content: z.string().optional(),
    /** Sent before the content, as deltas of `reasoningField`. */
    reasoning: z.string().optional(),
    reasoningField: z.enum(['reasoning_content', 'reasoning', 'thinking']).optional(),
    toolCalls: z.array(nativeCallSchema).readonly().optional(),
    /** Default: a quarter of the characters. `null`: the server tells none. */
    usage: z
      .object({ promptTokens: z.number(), completionTokens: z.number(), cachedTokens: z.number().optional() })
      .nullable()
      .optional(),
    /** Characters of one delta; default 24. */
    chunkChars: z.number().int().positive().optional(),
    /** Wait before the first delta, after the headers: the prompt is read. */
    prefillMs: z.number().optional(),
    /** The prompt is read, after the headers, until this settles; only in scripts that are code. */
    prefill: z.instanceof(Promise).optional(),
    /** Wait before each delta. */
    delayMs: z.number().optional(),
    /** Default: `tool_calls` when there are some, else `stop`. */
    finishReason: z.string().nullable().optional(),
    /** Other than 200: `body` is all that is answered. */
    status: z.number().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Answered in place of a stream; a string as it is, anything else as JSON. */
    body: z.unknown().optional(),
    /** `prefill`: not even headers come. `headers`: they come and nothing else. `stream`: the deltas come, no end. */
    hang: z.enum(['prefill', 'headers', 'stream']).optional(),
    /** The connection breaks after the deltas. */
    closeEarly: z.boolean().optional(),
    /** false: the stream ends without `[DONE]`. */
    done: z.boolean().optional(),
    /** An error object inside the stream, after the deltas. */
    errorInStream: z.unknown().optional(),
    /** Default `\n`. */
    lineEnding: z.enum(['\n', '\r\n']).optional(),
    /** Comments between the events. */
    pings: z.boolean().optional(),
    /** Bytes of one write to the socket, whatever they split; default: one event a write. */
    writeBytes: z.number().int().positive().optional(),
    /** The stream's text as it goes out, in place of everything above. */
    raw: z.string().optional(),
  })
  .readonly();
export type Reply = z.infer<typeof replySchema>;

/** A request as the server got it. */
export interface RecordedRequest {
  /** From 0, over chat completions only. */
  readonly index: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The model that is asked. */
  readonly model: string;
  /** The body as it came over the wire. */
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Settles once the reply hangs as its script says. */
  readonly hanging: Promise<unknown>;
  /** Settles with the connection: whether the client went away before the reply's end. */
  readonly closed: Promise<'finished' | 'aborted'>;
}

/** One step of a script; a function answers according to the request, and nothing is sent before it has. */
export type Step = Reply | ((request: RecordedRequest) => Reply | Promise<Reply>);

/** A text-format tool call, as it stands at the end of a message. */
export function call(server: string, tool: string, args: Readonly<Record<string, unknown>>): string {
  return callBlock({ server, tool, arguments: args });
}

/** A member of `toolCalls` for a tool of ours. */
export function nativeCall(
  server: string,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): NonNullable<Reply['toolCalls']>[number] {
  return { name: nativeName(server, tool), arguments: { ...args } };
}
