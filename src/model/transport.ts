/** HTTP to a model server: no time-out while a prompt is read, and every answer that is no stream told apart. */
import { Agent, interceptors, request, type Dispatcher } from 'undici';
import { isRecord, parseJson } from '../shared/json.ts';

/** The server answered with something else than a stream of deltas. */
export class ServerAnswer extends Error {
  override readonly name = 'ServerAnswer';
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;

  constructor(status: number, headers: Headers, body: string) {
    super('The server answered without a stream.');
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** What one request learned about its stream. */
export interface StreamWatch {
  /** Set once `[DONE]` has passed. */
  done: boolean;
  /** Bytes, as Latin-1, from where a line `error: {…}` began: older llama.cpp ends a stream so, which SSE passes over. */
  complaint?: string;
}

/** Bytes of an answer without a stream that are read. */
const maxAnswerBytes = 5_000_000;
const maxComplaintBytes = 64_000;
const connectTimeoutMs = 5_000;

/**
 * Connections to one server. A prefill of 100,000 tokens sends nothing for minutes, so that headers and body may take as
 * long as they like (servers.md); TCP keep-alive finds a peer that is gone. One request a connection: servers close idle
 * ones within seconds, and losing that race would look like a failure.
 */
export function modelAgent(): Dispatcher {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, pipelining: 0, connect: { timeout: connectTimeoutMs } });
  return agent.compose(interceptors.redirect({ maxRedirections: 5 }));
}

/**
 * A fetch for the openai client that sends `body` in place of the client's own. Throws ServerAnswer for everything but a
 * stream; a whole completion becomes one.
 */
export function streamingFetch(agent: Dispatcher, watch: StreamWatch, body: Buffer): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await request(input instanceof Request ? input.url : input, {
      method: 'POST',
      headers: Object.fromEntries(new Headers(init?.headers)),
      body,
      signal: init?.signal ?? null,
      dispatcher: agent,
    });
    const answered = headersOf(response.headers);
    const ok = response.statusCode >= 200 && response.statusCode < 300;
    if (ok && !/json|html/.test(answered.get('content-type') ?? '')) {
      return new Response(watched(response.body, watch), { status: 200, headers: answered });
    }
    const text = await readLimited(response.body, maxAnswerBytes);
    const completion = ok ? asStream(text) : undefined;
    if (completion === undefined) throw new ServerAnswer(response.statusCode, answered, text);
    watch.done = true;
    return new Response(completion, { status: 200, headers: { 'content-type': 'text/event-stream' } });
  };
}

function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const answered = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) answered.append(name, one);
  }
  return answered;
}

/** The text of a body, at most so many bytes of it. */
export async function readLimited(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString();
}

/** The error object at a stream's end that was no event; undefined when there was none. */
export function complaintOf({ complaint = '' }: StreamWatch): unknown {
  const [line = ''] = Buffer.from(complaint, 'latin1').toString().split('\n');
  return parseJson(line);
}

/** Passes bytes on and notices the end mark and a complaint, wherever they are split. */
function watched(body: AsyncIterable<Uint8Array>, watch: StreamWatch): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  let tail = '\n';
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await iterator.next();
      if (next.done === true) {
        controller.close();
        return;
      }
      const text = Buffer.from(next.value).toString('latin1');
      const seen = tail + text;
      tail = seen.slice(-64);
      if (/data: ?\[DONE\]/.test(seen)) watch.done = true;
      if (watch.complaint !== undefined) watch.complaint = (watch.complaint + text).slice(0, maxComplaintBytes);
      const begun = watch.complaint === undefined ? /\nerror: ?(\{[^]*)/.exec(seen)?.[1] : undefined;
      if (begun !== undefined) watch.complaint = begun;
      controller.enqueue(next.value);
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
}

/** A server that does not stream answers with the whole completion: its message is one delta. */
function asStream(text: string): string | undefined {
  const whole = parseJson(text);
  const choice: unknown = Array.isArray(whole?.['choices']) ? whole['choices'][0] : undefined;
  if (!whole || !isRecord(choice) || !isRecord(choice['message'])) return undefined;
  const { message, finish_reason: finishReason = 'stop' } = choice;
  const chunk = { ...whole, choices: [{ index: 0, delta: message, finish_reason: finishReason }] };
  return `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
}
