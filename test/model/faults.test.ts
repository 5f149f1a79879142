import assert from 'node:assert/strict';
import type { ModelRequest, Preview } from '../../src/agent/ports.ts';
import { openAiModel } from '../../src/model/client.ts';
import { deferred } from '../fakes/deferred.ts';
import {
  scriptedServer,
  type Reply,
  type ScriptedServer,
  type ScriptedServerOptions,
} from '../fakes/scriptedServer.ts';
import { plain } from './plainRequest.ts';

/** What model servers are known to do (servers.md: failures that happen), one by one, as the client gives it on. */
describe('a reply, when the server', () => {
  const text = 'Grüße, 世界 — 🦩 and \\boxed{42}';
  const { signal } = new AbortController();
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const serve = async (script: ScriptedServerOptions['script'], options: Partial<ScriptedServerOptions> = {}) => {
    const server = await scriptedServer({ script, ...options });
    servers.push(server);
    return server;
  };
  const modelAt = ({ baseUrl }: ScriptedServer, silenceMs = 600_000) =>
    openAiModel({ baseUrl, model: 'scripted', silenceMs });
  const ask = async (reply: Reply, request: Partial<ModelRequest> = {}) =>
    modelAt(await serve([reply])).complete(plain(request), signal);

  const chunk = (fields: object, finish: string | null = null) =>
    JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] });
  const sse = (...lines: readonly string[]) => lines.map((line) => `data: ${line}\n\n`).join('');
  const done = '[DONE]';

  describe('ends or breaks its stream:', () => {
    it('no [DONE] after a finish reason is an end', async () => {
      assert.equal((await ask({ content: text, done: false })).content, text);
    });

    it('no [DONE] and no finish reason is a break, asked again', async () => {
      const broken = { code: 'malformed', retryable: true, away: false, message: /broke off/ };
      await assert.rejects(ask({ content: 'a', done: false, finishReason: null }), broken);
    });

    it('a connection that breaks is a server that is away', async () => {
      await assert.rejects(ask({ content: 'a', closeEarly: true }), {
        code: 'network',
        retryable: true,
        away: true,
        message: /closed the connection before its reply was whole/,
      });
    });

    it('half a line of JSON is a break', async () => {
      await assert.rejects(ask({ raw: 'data: {"choices": [\n\n' }), { code: 'malformed', retryable: true });
    });

    it('an error object after good deltas, as llama.cpp sends it (llama.cpp#22878)', async () => {
      const errorInStream = { code: 500, message: 'Failed to parse input at pos 668', type: 'server_error' };
      const message = /failed in the middle of its reply: Failed to parse input at pos 668$/;
      const known = { code: 'http', retryable: true, away: false, message };
      await assert.rejects(ask({ content: 'good deltas', errorInStream }), known);
      const line = `error: ${JSON.stringify(errorInStream)}\n\n`;
      for (const writeBytes of [1, 10_000]) {
        await assert.rejects(ask({ raw: sse(chunk({ content: 'good' })) + line, writeBytes }), known);
      }
    });

    it("an error of Ollama's own parser of calls (ollama#14834), whatever it is wrapped in", async () => {
      const words = 'XML syntax error on line 115: unexpected EOF';
      const good = sse(chunk({ content: 'good' }));
      const message = /XML syntax error on line 115: unexpected EOF$/;
      await assert.rejects(ask({ content: 'a', errorInStream: words }), { code: 'http', retryable: true, message });
      await assert.rejects(ask({ content: 'a', errorInStream: { message: words, type: 'api_error' } }), { message });
      const bare = `${good}${JSON.stringify({ error: words })}\n`;
      await assert.rejects(ask({ raw: bare }), { code: 'malformed', retryable: true });
      await assert.rejects(ask({ status: 500, body: { error: words } }), { code: 'http', retryable: true, message });
    });
  });

  describe('answers with a status:', () => {
    const asked = { 'retry-after': '3' };
    it('429 with Retry-After is to be waited for as long as it says', async () => {
      const limited = { code: 'rateLimited', retryable: true, away: false, retryAfterMs: 3_000 };
      await assert.rejects(ask({ status: 429, headers: asked }), limited);
    });

    it('503 with Retry-After is a server that is away', async () => {
      const loading = { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } };
      const away = {
        retryable: true,
        away: true,
        retryAfterMs: 3_000,
        message: /is not ready \(503\): Loading model$/,
      };
      await assert.rejects(ask({ status: 503, headers: asked, body: loading }), away);
    });

    it('500 may be asked again', async () => {
      await assert.rejects(ask({ status: 500, body: 'Internal Server Error' }), { code: 'http', retryable: true });
    });
  });

  it('restarts, the connection is refused, and then it is there again', async () => {
    const first = await scriptedServer({ script: [{ content: 'one' }] });
    const model = modelAt(first);
    assert.equal((await model.complete(plain(), signal)).content, 'one');
    await first.close();
    await assert.rejects(model.complete(plain(), signal), { code: 'network', retryable: true, away: true });
    const again = await serve([{ content: 'two' }], { port: first.port });
    assert.equal((await model.complete(plain(), signal)).content, 'two');
    assert.equal(again.requests.length, 1);
  });

  for (const how of ['its headers come', 'nothing comes'] as const) {
    it(`reads a long prompt (${how}), it is waited for while others fall silent`, async () => {
      const gate = deferred<undefined>();
      const read = { content: 'read' };
      const server = await serve([
        how === 'nothing comes' ? () => gate.promise.then(() => read) : { ...read, prefill: gate.promise },
        { content: 'falls silent', hang: 'stream' },
        { content: 'falls silent', hang: 'stream' },
      ]);
      const previews: Preview[] = [];
      const model = modelAt(server, 50);
      const long = model.complete(plain({ onPreview: (preview) => previews.push(preview) }), signal);
      await server.request(0);
      // Two silences one after the other: the long one has lasted more than the limit when they are over.
      for (let silence = 0; silence < 2; silence++) {
        await assert.rejects(model.complete(plain(), signal), { code: 'timeout', retryable: true, away: false });
      }
      assert.deepEqual(previews, [{ kind: 'reading' }]);
      gate.resolve(undefined);
      assert.equal((await long).content, 'read');
    });
  }

  it('falls silent after its first delta, the connection is closed and the reply may be asked again', async () => {
    const server = await serve([{ content: 'some', hang: 'stream' }]);
    const silent = { code: 'timeout', retryable: true, message: /stopped in the middle of its reply/ };
    await assert.rejects(modelAt(server, 50).complete(plain(), signal), silent);
    assert.equal(await server.requests[0]?.closed, 'aborted');
  });

  describe('cuts and dresses its stream:', () => {
    for (const writeBytes of [1, 2, 3, 7, 100]) {
      it(`writes of ${writeBytes} bytes, in the middle of characters and of data: lines`, async () => {
        const reply = await ask({ content: text, reasoning: text, chunkChars: 3, writeBytes });
        assert.deepEqual([reply.content, reply.reasoning], [text, text]);
      });
    }

    it('CRLF', async () => {
      assert.equal((await ask({ content: text, lineEnding: '\r\n', writeBytes: 5 })).content, text);
    });

    it('comments (: ping), other fields, and no space after data:', async () => {
      assert.equal((await ask({ content: text, pings: true, chunkChars: 1 })).content, text);
      const raw = `: hello\n\ndata:${chunk({ content: 'a' })}\n\nid: 7\nevent: x\ndata: ${chunk({ content: 'b' }, 'stop')}\n\n`;
      assert.equal((await ask({ raw })).content, 'ab');
    });

    it('several choices', async () => {
      const both = JSON.stringify({ choices: [1, 0].map((index) => ({ index, delta: { content: `${index}` } })) });
      assert.equal((await ask({ raw: sse(both, both, chunk({}, 'stop'), done) })).content, '00');
    });

    it('empty deltas, role-only deltas and null fields, of which nothing is shown', async () => {
      const role = chunk({ role: 'assistant' });
      const nulls = chunk({ content: null, reasoning_content: null, tool_calls: null });
      const previews: Preview[] = [];
      const raw = sse(role, chunk({}), nulls, chunk({ content: '' }), chunk({ content: 'a' }), chunk({}, 'stop'), done);
      const reply = await ask({ raw }, { onPreview: (preview) => previews.push(preview) });
      assert.deepEqual([reply.content, reply.nativeCalls, reply.reasoning], ['a', [], undefined]);
      assert.deepEqual(previews, [{ kind: 'reading' }, { kind: 'delta', content: 'a', reasoning: '' }]);
    });

    it('usage in a chunk without choices', async () => {
      const details = { prompt_tokens_details: { cached_tokens: 90 } };
      const usage = { prompt_tokens: 100, completion_tokens: 7, total_tokens: 107, ...details };
      const raw = sse(chunk({ content: 'a' }, 'stop'), JSON.stringify({ choices: [], usage }), done);
      assert.deepEqual((await ask({ raw })).usage, { promptTokens: 100, completionTokens: 7, cachedTokens: 90 });
    });
  });

  describe('says why it stopped:', () => {
    for (const finishReason of ['length', 'stop', 'tool_calls', null]) {
      it(`finish_reason ${finishReason}`, async () => {
        assert.equal((await ask({ content: 'a', finishReason })).finishReason, finishReason);
      });
    }

    it('finish_reason abort, which is no reply', async () => {
      await assert.rejects(ask({ content: 'a', finishReason: 'abort' }), { code: 'malformed', retryable: true });
    });
  });

  describe('puts things elsewhere:', () => {
    for (const reasoningField of ['reasoning_content', 'reasoning', 'thinking'] as const) {
      it(`reasoning in ${reasoningField}`, async () => {
        const reply = await ask({ reasoning: 'I think.', reasoningField, content: 'So.' });
        assert.deepEqual([reply.reasoning, reply.content], ['I think.', 'So.']);
      });
    }

    for (const content of ['<think>I think.</think>So.', 'I think.\n</think>\nSo.']) {
      it(`reasoning inline, ${JSON.stringify(content)}, passes as it is`, async () => {
        const reply = await ask({ content, chunkChars: 2 });
        assert.deepEqual([reply.reasoning, reply.content], [undefined, content]);
      });
    }

    for (const args of ['{"path": "a.t', '{path: a.txt,}', '', '{"a":1}{"b":2}']) {
      it(`arguments that are truncated or no JSON, ${JSON.stringify(args)}, pass as they are`, async () => {
        const reply = await ask({ toolCalls: [{ name: 's-t', arguments: args }] }, { toolFormat: 'native' });
        assert.deepEqual(reply.nativeCalls, [{ name: 's-t', arguments: args }]);
      });
    }

    it('native calls though text was asked for', async () => {
      const reply = await ask({ content: 'I look.', toolCalls: [{ name: 't', arguments: '{}' }] });
      assert.deepEqual([reply.content, reply.nativeCalls], ['I look.', [{ name: 't', arguments: '{}' }]]);
    });
  });
});
