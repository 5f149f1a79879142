import assert from 'node:assert/strict';
import type { ModelRequest, ReplyDelta } from '../../src/agent/ports.ts';
import { openAiModel, type OpenAiModelOptions } from '../../src/model/client.ts';
import { nativeCall, scriptedServer, type Reply, type ScriptedServer } from '../fakes/scriptedServer.ts';
import { plain } from './plainRequest.ts';

describe('watch of openAiModel', () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const serve = async (reply: Reply) => {
    const server = await scriptedServer({ script: [reply] });
    servers.push(server);
    return server;
  };
  const ask = async (
    server: ScriptedServer,
    request: Partial<ModelRequest>,
    options: Partial<OpenAiModelOptions> = {},
  ) => {
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted', ...options });
    return model.complete(plain(request), new AbortController().signal);
  };
  const words = { reasoning: 'abcd', thoughtField: 'reasoning_content', content: 'efgh', chunkChars: 4 };
  const seen = (deltas: readonly ReplyDelta[]) => deltas.map(({ reasoning, content }) => [reasoning, content]);

  it('is asked of every delta, after it was shown: thought, text and native calls', async () => {
    const server = await serve({ ...words, toolCalls: [nativeCall('s', 't', { a: 1 })] });
    const order: string[] = [];
    const deltas: ReplyDelta[] = [];
    const reply = await ask(server, {
      onPreview: ({ kind }) => order.push(kind),
      watch: (delta) => {
        order.push('watch');
        deltas.push(delta);
        return undefined;
      },
    });
    assert.equal(reply.stopped, undefined);
    assert.deepEqual(seen(deltas).slice(0, 2), [
      ['abcd', ''],
      ['', 'efgh'],
    ]);
    assert.deepEqual(deltas.at(-1)?.nativeCalls, [{ name: 's-t', arguments: '{"a":1}' }]);
    assert.deepEqual(order, ['reading', ...deltas.flatMap(() => ['delta', 'watch'])]);
  });

  for (const reason of ['repetition', 'afterCall'] as const) {
    it(`stops the stream (${reason}): the server sees the connection close, and the reply so far is given back`, async () => {
      const server = await serve({ ...words, hang: 'stream' });
      const reply = await ask(server, { watch: ({ content }) => (content === 'efgh' ? reason : undefined) });
      assert.deepEqual(reply, {
        reasoning: 'abcd',
        thoughtField: 'reasoning_content',
        content: 'efgh',
        nativeCalls: [],
        finishReason: null,
        stopped: reason,
      });
      assert.equal(await server.requests[0]?.closed, 'aborted');
    });
  }

  it('stops a server that would go on for ever, within a native call', async () => {
    const server = await serve({ toolCalls: [{ name: 'a', arguments: '[1,'.repeat(200_000) }] });
    const reply = await ask(server, {
      watch: ({ nativeCalls }) => ((nativeCalls[0]?.arguments.length ?? 0) > 90 ? 'repetition' : undefined),
    });
    assert.equal(reply.nativeCalls[0]?.arguments, '[1,'.repeat(32));
    assert.equal(await server.requests[0]?.closed, 'aborted');
  });

  it('knows the usage of a stopped reply from a server that tells it in every chunk', async () => {
    const chunk = (content: string, completion: number) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }], usage: { prompt_tokens: 50, completion_tokens: completion } })}\n\n`;
    const server = await serve({ raw: chunk('a', 1) + chunk('b', 2) + chunk('c', 3), hang: 'stream' });
    const reply = await ask(
      server,
      { watch: ({ content }) => (content === 'b' ? 'repetition' : undefined) },
      { kind: 'sglang' },
    );
    assert.deepEqual(server.requests[0]?.body['stream_options'], { include_usage: true, continuous_usage_stats: true });
    assert.deepEqual([reply.content, reply.usage], ['ab', { promptTokens: 50, completionTokens: 2 }]);
  });
});
