import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { ModelError } from '../../src/agent/errors.ts';
import { openAiModel } from '../../src/model/client.ts';
import { scriptedServer, type Reply } from '../fakes/scriptedServer.ts';

const request = {
  messages: [],
  tools: [],
  toolFormat: 'mcp-xml',
  mayCall: true,
  maxTokens: 16_384,
  onPreview: () => undefined,
} as const;

async function failure(reply: Reply, options: { readonly apiKey?: string; readonly model?: string } = {}) {
  const server = await scriptedServer({ script: [reply], repeatLast: true, models: [{ id: 'a' }, { id: 'b' }] });
  try {
    return await failureAt(server.baseUrl, options);
  } finally {
    await server.close();
  }
}

async function failureAt(baseUrl: string, options: { readonly apiKey?: string; readonly model?: string } = {}) {
  const asked = openAiModel({ baseUrl, model: 'scripted', ...options }).complete(request, new AbortController().signal);
  const error: unknown = await asked.then(
    () => assert.fail('a reply came'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ModelError, String(error));
  return error;
}

describe('modelError', () => {
  it('tells a dead endpoint, at once', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const address = listener.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await new Promise((resolve) => listener.close(resolve));
    const startedAt = performance.now();
    const error = await failureAt(`http://127.0.0.1:${port}/v1`);
    assert.deepEqual([error.code, error.retryable], ['network', true]);
    assert.match(
      error.message,
      new RegExp(`^No server answers at http://127\\.0\\.0\\.1:${port}/v1: the connection was refused`),
    );
    assert.match(error.message, /Connect a Model Server/);
    assert.ok(performance.now() - startedAt < 2000);
  });

  it('tells an unknown host', async () => {
    const error = await failureAt('http://no-such-host.invalid/v1');
    assert.equal(error.code, 'network');
    assert.match(error.message, /The host of http:\/\/no-such-host\.invalid\/v1 (is unknown|cannot be looked up)/);
  });

  it('tells a wrong key and a missing one, and shows neither', async () => {
    const server = await scriptedServer({ script: [], apiKey: 'right' });
    const missing = await failureAt(server.baseUrl);
    const wrong = await failureAt(server.baseUrl, { apiKey: 'wrong-key' });
    await server.close();
    assert.deepEqual([missing.code, wrong.code, wrong.retryable], ['unauthorized', 'unauthorized', false]);
    assert.match(missing.message, /wants an API key \(401\)\. Set it with “MiroThinker: Set the API Key”/);
    assert.match(wrong.message, /does not accept the API key/);
    const echoed = await failure(
      { status: 500, body: { error: { message: 'bad key sk-hidden' } } },
      { apiKey: 'sk-hidden' },
    );
    assert.match(echoed.message, /bad key \*\*\*/);
  });

  it('names the models of a server that lacks the one asked for', async () => {
    const body = { error: { message: 'The model `gone` does not exist.', type: 'NotFoundError', code: 404 } };
    const error = await failure({ status: 404, body }, { model: 'gone' });
    assert.deepEqual([error.code, error.retryable], ['notFound', false]);
    assert.match(error.message, /has no model “gone”\. It has a, b\. Set mirothinker\.model/);
  });

  it('tells a path that is not there', async () => {
    const server = await scriptedServer({ script: [] });
    const error = await failureAt(`${server.url}/wrong`, { model: 'scripted' });
    await server.close();
    assert.equal(error.code, 'notFound');
    assert.match(error.message, /no chat completions at .*\/wrong\/chat\/completions \(404\)/);
  });

  it('tells what is no model server', async () => {
    const html = { body: '<!doctype html><html><body>Welcome</body></html>', headers: { 'content-type': 'text/html' } };
    for (const reply of [html, { body: { hello: 'world' } }, { body: 'hello' }, { raw: 'hello\n\n' }, { body: '' }]) {
      const error = await failure(reply);
      assert.deepEqual([error.code, error.retryable], ['malformed', false], JSON.stringify(reply));
      assert.match(error.message, /is not a model server/);
    }
  });

  it('tells what does not even speak HTTP', async () => {
    const listener = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('SSH-2.0-OpenSSH_9.2\r\n'),
    );
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const error = await failureAt(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`);
    await new Promise((resolve) => listener.close(resolve));
    assert.equal(error.code, 'network');
    assert.match(error.message, /does not speak HTTP/);
  });

  it('waits as long as the server asks, by seconds or by date', async () => {
    const limited = await failure({
      status: 429,
      headers: { 'retry-after': '7' },
      body: { error: { message: 'slow down' } },
    });
    assert.deepEqual([limited.code, limited.retryable, limited.retryAfterMs], ['rateLimited', true, 7000]);
    assert.match(limited.message, /slow down/);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const loading = await failure({
      status: 503,
      headers: { 'retry-after': date },
      body: { error: { message: 'Loading model' } },
    });
    assert.deepEqual([limited.away, loading.away], [false, true]);
    assert.ok((loading.retryAfterMs ?? 0) > 50_000 && (loading.retryAfterMs ?? 0) <= 60_000);
    assert.equal((await failure({ status: 503 })).retryAfterMs, undefined);
  });

  it('knows a server that is away, or loads its model, from one that fails or refuses', async () => {
    const loading = { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } };
    const rows: readonly (readonly [reply: Reply, away: boolean, retryable: boolean])[] = [
      [{ status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' }, true, true],
      [{ status: 503, body: loading }, true, true],
      [{ status: 504 }, true, true],
      [{ content: 'a', closeEarly: true }, true, true],
      [{ content: 'a', errorInStream: loading.error }, true, true],
      [{ status: 429 }, false, true],
      [{ status: 500, body: { error: { message: 'CUDA error' } } }, false, true],
      ...[400, 401, 403, 404, 422].map((status) => [{ status, body: { error: 'no' } }, false, false] as const),
    ];
    for (const [reply, away, retryable] of rows) {
      const error = await failure(reply);
      assert.deepEqual([error.away, error.retryable], [away, retryable], JSON.stringify(reply));
    }
  });

  it("asks again when the server stumbled over its own model's words, and not when it refuses ours", async () => {
    const stumbles = [
      'Failed to parse input at pos 668: <tool_call>',
      'XML syntax error on line 115: unexpected EOF',
      'element <parameter> closed by </function>',
    ];
    for (const message of stumbles) {
      for (const status of [400, 500]) {
        assert.equal((await failure({ status, body: { error: { message } } })).retryable, true, message);
        const inStream = await failure({ content: 'good', errorInStream: { code: status, message } });
        assert.deepEqual([inStream.code, inStream.retryable, inStream.away], ['http', true, false], message);
      }
    }
    const refusal = await failure({ content: '', errorInStream: { code: 400, message: 'Invalid tool message' } });
    assert.deepEqual([refusal.code, refusal.retryable], ['http', false]);
    assert.match(refusal.message, /refused the request \(400\): Invalid tool message$/);
  });

  it('passes on what a server says in its several shapes', async () => {
    const shapes = [
      { error: { message: 'the words' } },
      { error: 'the words' },
      { object: 'error', message: 'the words' },
      { detail: 'the words' },
      'the words',
    ];
    for (const body of shapes) {
      const error = await failure({ status: 500, body });
      assert.deepEqual([error.code, error.retryable], ['http', true]);
      assert.match(error.message, /failed \(500\): the words$/);
    }
    const refused = await failure({ status: 400, body: { error: { message: 'x'.repeat(9000) } } });
    assert.deepEqual([refused.code, refused.retryable], ['http', false]);
    assert.ok(refused.message.length < 700);
  });
});
