import assert from 'node:assert/strict';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { UserError } from '../../src/agent/errors.ts';
import { normalBaseUrl } from '../../src/model/baseUrl.ts';
import { parseJson } from '../../src/shared/json.ts';
import { probe, probeServers } from '../../src/model/probe.ts';
import { scriptedServer, type ScriptedServer, type ScriptedServerOptions } from '../fakes/scriptedServer.ts';

const { signal } = new AbortController();

describe('probe', () => {
  const servers: ScriptedServer[] = [];
  const others: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    await Promise.all(others.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });
  const serve = async (options: Omit<ScriptedServerOptions, 'script'>) => {
    const server = await scriptedServer({ script: [], ...options });
    servers.push(server);
    return server;
  };
  const listen = async (server: Server) => {
    others.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${isAddress(address) ? address.port : 0}/v1`;
  };
  const http = (listener: RequestListener) => listen(createHttpServer({ keepAlive: false }, listener));

  for (const kind of ['vllm', 'sglang', 'llama.cpp', 'ollama', 'lmstudio'] as const) {
    it(`knows ${kind}, its models and its window`, async () => {
      const models = [{ id: 'mirothinker', contextWindow: 32_768 }];
      const server = await serve({ kind, models });
      assert.deepEqual(await probe(server.baseUrl, undefined, signal), { kind, baseUrl: server.baseUrl, models });
    });
  }

  it('knows any other server that lists models', async () => {
    const server = await serve({ kind: 'openai', models: [{ id: 'a' }, { id: 'b' }] });
    assert.deepEqual(await probe(server.url, undefined, signal), {
      kind: 'openai',
      baseUrl: server.baseUrl,
      models: [{ id: 'a' }, { id: 'b' }],
    });
  });

  it("tells Ollama's small served window for a model that is not loaded", async () => {
    const server = await serve({ kind: 'ollama', models: [{ id: 'qwen3' }] });
    assert.deepEqual((await probe(server.baseUrl, undefined, signal)).models, [{ id: 'qwen3', contextWindow: 4_096 }]);
  });

  it('takes the window that Ollama serves, loaded or set, over what the model could', async () => {
    const ids = ['loaded:8b', 'set:8b', 'both:8b', 'plain:8b'];
    const shown = (numCtx?: number) => ({
      model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 262_144 },
      parameters: `stop                           "<|im_end|>"\ntemperature                    0.6${numCtx ? `\nnum_ctx                        ${numCtx}` : ''}`,
    });
    const answers: Readonly<Record<string, (model: unknown) => unknown>> = {
      '/v1/models': () => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model', owned_by: 'library' })) }),
      '/api/tags': () => ({ models: ids.map((name) => ({ name, model: name })) }),
      '/api/ps': () => ({
        models: [
          { name: 'loaded:8b', context_length: 16_384 },
          { name: 'both:8b', context_length: 8_192 },
        ],
      }),
      '/api/show': (model) => shown(model === 'set:8b' || model === 'both:8b' ? 32_768 : undefined),
    };
    const baseUrl = await http((request, response) => {
      void text(request).then((sent) => {
        const answer = answers[request.url ?? '']?.(parseJson(sent)?.['model']);
        response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
      });
    });
    assert.deepEqual(await probe(baseUrl, undefined, signal), {
      kind: 'ollama',
      baseUrl,
      models: [
        { id: 'loaded:8b', contextWindow: 16_384 },
        { id: 'set:8b', contextWindow: 32_768 },
        { id: 'both:8b', contextWindow: 8_192 },
        { id: 'plain:8b', contextWindow: 4_096 },
      ],
    });
  });

  it('tells a server that wants a key, and asks with one', async () => {
    const server = await serve({ kind: 'vllm', apiKey: 'k', models: [{ id: 'm', contextWindow: 5 }] });
    const locked = await probe(server.baseUrl, undefined, signal);
    assert.deepEqual(locked, { kind: 'openai', baseUrl: server.baseUrl, models: [], needsKey: true });
    assert.equal((await probe(server.baseUrl, 'k', signal)).models[0]?.id, 'm');
    await assert.rejects(probe(server.baseUrl, 'wrong', signal), { code: 'unauthorized' });
  });

  it('says what is wrong with an address where no model server answers', async () => {
    const page = await http((_request, response) => response.end('<!doctype html><title>Jenkins</title>'));
    await assert.rejects(probe(page, undefined, signal), {
      code: 'malformed',
      message: /is not a model server: it sent a web page/,
    });
    const json = await http((_request, response) => response.end('{"data": [1, 2]}'));
    await assert.rejects(probe(json, undefined, signal), { code: 'malformed', message: /no list of models/ });
    await assert.rejects(probe('http://127.0.0.1:9/v1', undefined, signal), { code: 'network' });
    const silent = await http(() => undefined);
    await assert.rejects(probe(silent, undefined, signal, 200), {
      code: 'network',
      message: /^Nothing comes from .* in time/,
    });
    const server = await serve({});
    await assert.rejects(probe(`${server.url}/wrong`, undefined, signal), {
      code: 'notFound',
      message: /lists no models/,
    });
    await assert.rejects(probe('not an address', undefined, signal), UserError);
  });

  it('finds every server, in order, past those that are something else, refuse, redirect, or never answer', async () => {
    const vllm = await serve({ kind: 'vllm', models: [{ id: 'v', contextWindow: 262_144 }] });
    const ollama = await serve({ kind: 'ollama', models: [{ id: 'o', contextWindow: 8_192 }] });
    const addresses = [
      'http://127.0.0.1:9/v1',
      await http((_request, response) => response.writeHead(302, { location: '/login' }).end()),
      await http((_request, response) => response.writeHead(200).end('<html>')),
      await http(() => undefined),
      await http((_request, response) => response.writeHead(200).write('{"data":')),
      await listen(
        createServer((socket) =>
          socket
            .on('error', () => undefined)
            .resume()
            .end('SSH-2.0-OpenSSH\r\n'),
        ),
      ),
      vllm.baseUrl,
      ollama.baseUrl,
    ];
    const startedAt = performance.now();
    const found = await probeServers(signal, addresses);
    assert.ok(performance.now() - startedAt < 2_500);
    assert.deepEqual(found, [
      { kind: 'vllm', baseUrl: vllm.baseUrl, models: [{ id: 'v', contextWindow: 262_144 }] },
      { kind: 'ollama', baseUrl: ollama.baseUrl, models: [{ id: 'o', contextWindow: 8_192 }] },
    ]);
  });

  it('stops when the signal aborts', async () => {
    const silent = await http(() => undefined);
    const controller = new AbortController();
    const probing = probeServers(controller.signal, [silent]);
    controller.abort(new Error('enough'));
    await assert.rejects(probing, /enough/);
  });
});

describe('normalBaseUrl', () => {
  for (const [given, expected] of [
    ['http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1'],
    [' http://127.0.0.1:8000/ ', 'http://127.0.0.1:8000/v1'],
    ['localhost:8080', 'http://localhost:8080/v1'],
    ['https://host/v1/chat/completions', 'https://host/v1'],
    ['https://host/openai/v1/', 'https://host/openai/v1'],
    ['http://[::1]:8000', 'http://[::1]:8000/v1'],
  ] as const) {
    it(`reads ${given}`, () => assert.equal(normalBaseUrl(given), expected));
  }

  for (const given of ['', 'ftp://host/v1', 'http://', 'http://user:secret@host/v1', 'http://a b/']) {
    it(`refuses “${given}”`, () => {
      assert.throws(
        () => normalBaseUrl(given),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        },
      );
    });
  }
});

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
