import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { ModelError } from '../../src/agent/errors.ts';
import { openAiModel } from '../../src/model/client.ts';
import { overflowOf } from '../../src/model/overflow.ts';
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

describe('overflow', () => {
  const rows: readonly (readonly [name: string, body: unknown, window: number | undefined])[] = [
    [
      'vLLM',
      {
        object: 'error',
        message:
          "This model's maximum context length is 32768 tokens. However, you requested 33000 tokens (32760 in the messages, 240 in the completion). Please reduce the length of the messages or completion.",
        type: 'BadRequestError',
        code: 400,
      },
      32768,
    ],
    [
      'vLLM, newer',
      {
        error: {
          message:
            "This model's maximum context length is 32768 tokens. However, your request has 33000 input tokens. Please reduce the length of the input messages.",
          type: 'BadRequestError',
          code: 400,
        },
      },
      32768,
    ],
    [
      'vLLM, the engine',
      {
        error: {
          message:
            'The decoder prompt (length 40000) is longer than the maximum model length of 32768. Make sure that `max_model_len` is no smaller than the number of text tokens.',
        },
      },
      32768,
    ],
    [
      'SGLang',
      {
        object: 'error',
        message:
          "Requested token count exceeds the model's maximum context length of 40960 tokens. You requested a total of 57344 tokens: 40960 tokens from the input messages and 16384 tokens for the completion. Please reduce the number of tokens in the input messages or the completion to fit within the limit.",
      },
      40960,
    ],
    [
      'SGLang, the input',
      { message: "The input (41000 tokens) is longer than the model's context length (40960 tokens)." },
      40960,
    ],
    ['SGLang, without numbers', { message: "The prompt is longer than the model's context length." }, undefined],
    [
      'llama.cpp',
      {
        error: {
          code: 400,
          message: 'request (33056 tokens) exceeds the available context size (32768 tokens), try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 33056,
          n_ctx: 32768,
        },
      },
      32768,
    ],
    [
      'llama.cpp, fields only',
      { error: { type: 'exceed_context_size_error', message: 'too large', n_prompt_tokens: 33056, n_ctx: 32768 } },
      32768,
    ],
    ['OpenAI', { error: { message: 'too long', code: 'context_length_exceeded' } }, undefined],
  ];
  for (const [name, body, window] of rows) {
    it(`is known by the words of ${name}`, async () => {
      const error = await failure({ status: 400, body });
      assert.deepEqual([error.code, error.contextWindow, error.retryable], ['overflow', window, false]);
    });
  }

  it('is known inside a stream', async () => {
    const message = 'request (33056 tokens) exceeds the available context size (32768 tokens), try increasing it';
    const error = await failure({ content: '', errorInStream: { code: 400, message } });
    assert.deepEqual([error.code, error.contextWindow], ['overflow', 32768]);
  });

  it('reads the literal texts, and takes other complaints for what they are', () => {
    const literal: readonly (readonly [text: string, expected: object])[] = [
      [
        "This model's maximum context length is 32768 tokens. However, you requested 33000 tokens (16616 in the messages, 16384 in the completion).",
        { window: 32768, prompt: 16616 },
      ],
      [
        "This model's maximum context length is 32768 tokens. However, you requested 33000 tokens (…)",
        { window: 32768 },
      ],
      [
        'The decoder prompt (length 40000) is longer than the maximum model length of 32768. …',
        { window: 32768, prompt: 40000 },
      ],
      [
        "Requested token count exceeds the model's maximum context length of 40960 tokens. You requested a total of 46392 tokens: 30008 tokens from the input messages and 16384 tokens for the completion.",
        { window: 40960, prompt: 30008 },
      ],
      ["… longer than the model's context length …", {}],
      [
        'request (33056 tokens) exceeds the available context size (32768 tokens), try increasing it',
        { window: 32768, prompt: 33056 },
      ],
      [
        "'max_tokens' or 'max_completion_tokens' is too large: 16384. This model's maximum context length is 32768 tokens and your request has 30000 input tokens (16384 > 32768 - 30000).",
        { window: 32768, prompt: 30000 },
      ],
    ];
    for (const [text, expected] of literal) assert.deepEqual(overflowOf(text), expected, text);
    assert.equal(overflowOf('temperature must be at most 2'), undefined);
    assert.equal(overflowOf('max_tokens must be at least 1, got -5'), undefined);
  });
});

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
    assert.match(error.message, /Connect Model Server/);
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
    assert.equal(loading.code, 'rateLimited');
    assert.ok((loading.retryAfterMs ?? 0) > 50_000 && (loading.retryAfterMs ?? 0) <= 60_000);
    assert.equal((await failure({ status: 503 })).retryAfterMs, undefined);
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
