/** One scripted reply over one connection, as servers stream it. */
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { RecordedRequest, Reply } from './script.ts';

/** Sends a reply; `onHang` is called where it stops on purpose. Settles when all is sent or the client has gone. */
export async function playReply(
  reply: Reply,
  request: RecordedRequest,
  response: ServerResponse,
  onHang: () => void,
): Promise<void> {
  if (reply.hang === 'prefill') {
    onHang();
    return;
  }
  const status = reply.status ?? 200;
  if (status !== 200 || reply.body !== undefined) {
    const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
    const type = typeof reply.body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...reply.headers });
    response.end(body);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...reply.headers });
  response.flushHeaders();
  if (reply.prefillMs) await setTimeout(reply.prefillMs);
  await reply.prefill;
  const sent = reply.raw === undefined ? events(reply, request) : [reply.raw];
  for (const event of reply.hang === 'headers' ? [] : sent) {
    if (reply.delayMs) await setTimeout(reply.delayMs);
    await write(response, event, reply.writeBytes);
    if (response.destroyed) return;
  }
  if (reply.hang) onHang();
  else if (reply.closeEarly) response.destroy();
  else response.end();
}

function events(reply: Reply, request: RecordedRequest): readonly string[] {
  const end = reply.lineEnding ?? '\n';
  const event = (data: unknown) => `data: ${JSON.stringify(data)}${end}${end}`;
  const base = {
    id: `chatcmpl-${request.index}`,
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: request.model,
  };
  const chunk = (delta: object, finish: string | null = null) =>
    event({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });
  const deltas = [chunk({ role: 'assistant', content: '' }), ...deltasOf(reply).map((delta) => chunk(delta))];
  const pings = reply.pings ? deltas.flatMap((delta) => [`: ping${end}${end}`, delta]) : deltas;
  if (reply.hang === 'stream' || reply.closeEarly) return pings;
  if (reply.errorInStream !== undefined) return [...pings, event({ error: reply.errorInStream })];
  const finish = reply.finishReason === undefined ? defaultFinish(reply) : reply.finishReason;
  const usage = reply.usage === null ? [] : [event({ ...base, choices: [], usage: usageOf(reply, request) })];
  const done = reply.done === false ? [] : [`data: [DONE]${end}${end}`];
  return [...pings, chunk({}, finish), ...usage, ...done];
}

function defaultFinish(reply: Reply): string {
  return reply.toolCalls?.length ? 'tool_calls' : 'stop';
}

function deltasOf(reply: Reply): readonly object[] {
  const size = reply.chunkChars ?? 24;
  const reasoning = pieces(reply.reasoning ?? '', size);
  const calls = (reply.toolCalls ?? []).flatMap(({ name, arguments: args, id }, index) => {
    const text = typeof args === 'string' ? args : JSON.stringify(args);
    return [
      { tool_calls: [{ index, id: id ?? `call_${index}`, type: 'function', function: { name, arguments: '' } }] },
      ...pieces(text, size).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ];
  });
  return [
    ...reasoning.map((piece) => ({ [reply.reasoningField ?? 'reasoning_content']: piece })),
    ...pieces(reply.content ?? '', size).map((content) => ({ content })),
    ...calls,
  ];
}

function pieces(text: string, size: number): readonly string[] {
  const characters = Array.from(text);
  const count = Math.ceil(characters.length / size);
  return Array.from({ length: count }, (_, i) => characters.slice(i * size, (i + 1) * size).join(''));
}

function usageOf(reply: Reply, request: RecordedRequest): object {
  const said = (reply.content?.length ?? 0) + (reply.reasoning?.length ?? 0);
  const given = reply.usage ?? {
    promptTokens: Math.ceil(JSON.stringify(request.body['messages'] ?? '').length / 4),
    completionTokens: Math.ceil(said / 4),
  };
  const details = { prompt_tokens_details: { cached_tokens: given.cachedTokens } };
  return {
    prompt_tokens: given.promptTokens,
    completion_tokens: given.completionTokens,
    total_tokens: given.promptTokens + given.completionTokens,
    ...(given.cachedTokens !== undefined && details),
  };
}

async function write(response: ServerResponse, event: string, writeBytes: number | undefined): Promise<void> {
  const bytes = Buffer.from(event);
  const size = writeBytes ?? bytes.length;
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    await setImmediate();
  }
}
