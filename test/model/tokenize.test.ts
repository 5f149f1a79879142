import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { ModelRequest } from '../../src/agent/ports.ts';
import { openAiModel } from '../../src/model/client.ts';
import { promptCounter } from '../../src/model/tokenize.ts';
import { fakePromptTokens } from '../fakes/flavours.ts';
import { scriptedServer, type ScriptedServer, type ScriptedServerOptions } from '../fakes/scriptedServer.ts';
import { plain } from './plainRequest.ts';

const { signal } = new AbortController();
const tools = [{ server: 's', name: 't', description: 'finds a thing', inputSchema: { type: 'object' } }];
const messages: ModelRequest['messages'] = [
  { role: 'system', content: 'be brief' },
  { role: 'user', content: 'what is it?' },
  { role: 'assistant', content: 'let me see', reasoning: 'a thought', toolCalls: [call('a b')] },
  { role: 'tool', callId: 'c1', content: 'an observation of five words' },
];
const request = plain({ messages, tools, toolFormat: 'native' });
const body = { model: 'm', messages: [{ role: 'user', content: 'what is it?' }] };

function call(query: string) {
  return { callId: 'c1', server: 's', tool: 't', arguments: { query } };
}

describe('openAiModel.promptTokens', () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const serve = async (kind: NonNullable<ScriptedServerOptions['kind']>, apiKey = 'k') => {
    const server = await scriptedServer({ script: [{ content: 'x' }], repeatLast: true, kind, apiKey });
    servers.push(server);
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted', apiKey: 'k', kind });
    const { promptTokens } = model;
    assert.ok(promptTokens);
    return { server, model, promptTokens };
  };

  for (const kind of ['vllm', 'sglang', 'llama.cpp'] as const) {
    it(`counts with ${kind} what the chat request sends`, async () => {
      const { server, model, promptTokens } = await serve(kind);
      const asked = [
        request,
        plain({ messages, tools }),
        plain({ messages: [...messages, { role: 'assistant', content: 'so it is' }] }),
      ];
      for (const [index, each] of asked.entries()) {
        const count = await promptTokens(each, signal);
        await model.complete(each, signal);
        const chat = server.requests[index]?.body ?? {};
        assert.equal(count, fakePromptTokens(chat));
        const sent = server.asked.findLast((one) => 'messages' in one.body)?.body;
        assert.deepEqual([sent?.['messages'], sent?.['tools']], [chat['messages'], chat['tools']]);
      }
    });
  }

  it('asks llama.cpp for its template from the second count on', async () => {
    const { server, promptTokens } = await serve('llama.cpp');
    await promptTokens(request, signal);
    await promptTokens(request, signal);
    const byTemplate = ['POST /apply-template', 'POST /tokenize'];
    assert.deepEqual(
      server.asked.map((one) => one.request),
      ['POST /tokenize', ...byTemplate, ...byTemplate],
    );
  });

  for (const kind of ['ollama', 'lmstudio', 'openai'] as const) {
    it(`asks a server of kind ${kind}, which cannot tell, only once`, async () => {
      const { server, promptTokens } = await serve(kind);
      assert.equal(await promptTokens(request, signal), undefined);
      assert.equal(await promptTokens(request, signal), undefined);
      assert.equal(server.asked.length, 1);
    });
  }

  it('tells nothing where the key is refused', async () => {
    const { promptTokens } = await serve('vllm', 'another');
    assert.equal(await promptTokens(request, signal), undefined);
  });
});

describe('promptCounter', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(
      servers.splice(0).map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  });
  const serve = async (listener: RequestListener) => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return { baseUrl: `http://127.0.0.1:${port}/v1`, model: 'm' };
  };
  /** A server that answers with these statuses in turn, 200 with a count of 7. `asked` counts its requests. */
  const answering = async (...statuses: readonly number[]) => {
    let asked = 0;
    const endpoint = await serve((_incoming, response) => {
      response.writeHead(statuses[asked++] ?? 500, { 'content-type': 'application/json' });
      response.end('{"count": 7, "max_model_len": 9, "tokens": []}');
    });
    return { count: promptCounter(endpoint), asked: () => asked };
  };

  for (const status of [404, 405, 501, 400, 422]) {
    it(`does not ask again after a ${status}`, async () => {
      const { count, asked } = await answering(status, 200);
      assert.equal(await count(body, signal), undefined);
      assert.equal(await count(body, signal), undefined);
      assert.equal(asked(), 1);
    });
  }

  it('asks again when the server was busy, or counted before and refused one prompt', async () => {
    const { count } = await answering(503, 429, 200, 400, 500, 200, 404, 200);
    const counts: unknown[] = [];
    for (let i = 0; i < 8; i++) counts.push(await count(body, signal));
    assert.deepEqual(counts, [undefined, undefined, 7, undefined, undefined, 7, undefined, undefined]);
  });

  it('takes no answer that is none for a count', async () => {
    for (const text of ['{"error": "Unexpected endpoint"}', '{"count": "7"}', '<!doctype html>', '']) {
      const endpoint = await serve((_incoming, response) => response.end(text));
      assert.equal(await promptCounter(endpoint)(body, signal), undefined, text);
    }
  });

  it('gives up a server that does not answer or is not there', async () => {
    let asked = 0;
    const silent = promptCounter(await serve(() => (asked += 1)), 50);
    assert.equal(await silent(body, signal), undefined);
    assert.equal(await silent(body, signal), undefined);
    assert.equal(asked, 1);
    const nowhere = promptCounter({ baseUrl: 'http://127.0.0.1:9/v1', model: 'm' });
    assert.equal(await nowhere(body, signal), undefined);
  });

  it("rejects with the signal's reason when aborted, and counts the next time", async () => {
    const stop = new AbortController();
    let asked = 0;
    const endpoint = await serve((_incoming, response) => {
      asked += 1;
      if (asked === 1) stop.abort(new Error('stopped'));
      else response.end('{"count": 7}');
    });
    const count = promptCounter(endpoint);
    await assert.rejects(count(body, stop.signal), { message: 'stopped' });
    await assert.rejects(count(body, stop.signal), { message: 'stopped' });
    assert.equal(await count(body, signal), 7);
  });
});
