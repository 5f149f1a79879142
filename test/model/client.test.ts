import assert from 'node:assert/strict';
import type { ChatMessage } from '../../src/agent/messages.ts';
import type { ModelRequest, Preview } from '../../src/agent/ports.ts';
import { openAiModel, type OpenAiModelOptions } from '../../src/model/client.ts';
import {
  nativeCall,
  scriptedServer,
  type ScriptedServer,
  type ScriptedServerOptions,
} from '../fakes/scriptedServer.ts';
import { plain } from './plainRequest.ts';

describe('openAiModel', () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const serve = async (options: ScriptedServerOptions) => {
    const server = await scriptedServer(options);
    servers.push(server);
    return server;
  };
  const ask = async (
    server: ScriptedServer,
    request: Partial<ModelRequest> = {},
    options: Partial<OpenAiModelOptions> = {},
    signal = new AbortController().signal,
  ) => openAiModel({ baseUrl: server.baseUrl, model: 'scripted', ...options }).complete(plain(request), signal);

  it('gives the whole reply, its thought and its usage', async () => {
    const usage = { promptTokens: 100, completionTokens: 7, cachedTokens: 90 };
    const server = await serve({ script: [{ reasoning: 'Let me think.', content: 'It is 42.', usage }] });
    const reply = await ask(server);
    assert.deepEqual(reply, {
      content: 'It is 42.',
      reasoning: 'Let me think.',
      thoughtField: 'reasoning_content',
      nativeCalls: [],
      finishReason: 'stop',
      usage,
    });
  });

  it('sends thoughts back under the name that the run saw before, in another process too', async () => {
    const server = await serve({ script: [{ content: 'x' }] });
    const messages = [
      { role: 'assistant', content: 'a', reasoning: 't0' },
      { role: 'user', content: 'b' },
    ] as const;
    await ask(server, { messages, thoughtField: 'reasoning' });
    assert.match(server.requests[0]?.text ?? '', /"reasoning":"t0"/);
  });

  it('gives up a server whose refusals contradict themselves', async () => {
    const message =
      "This model's maximum context length is 32768 tokens. However, you requested 33000 tokens (100 in the messages, 32900 in the completion).";
    const server = await serve({ script: [{ status: 400, body: { error: { message } } }], repeatLast: true });
    await assert.rejects(ask(server), { code: 'overflow' });
    assert.ok(server.requests.length <= 12, `${server.requests.length} requests`);
  });

  it('asks with the sampling that the models were trained for, and without a key sends none', async () => {
    const server = await serve({ script: [{ content: 'x' }] });
    await ask(server, { maxTokens: 123 });
    const { messages: _messages, ...body } = bodyOf(server);
    assert.deepEqual(body, {
      model: 'scripted',
      max_tokens: 123,
      stream: true,
      temperature: 1,
      top_p: 0.95,
      repetition_penalty: 1.05,
      stream_options: { include_usage: true },
    });
    assert.equal(server.requests[0]?.headers['authorization'], undefined);
  });

  it('sends the key, and nothing of the environment', async () => {
    process.env['OPENAI_ORG_ID'] = 'org-of-somebody';
    process.env['OPENAI_API_KEY'] = 'sk-of-somebody';
    try {
      const server = await serve({ script: [{ content: 'x' }, { content: 'y' }] });
      await ask(server, {}, { apiKey: 'secret' });
      await ask(server);
      assert.equal(server.requests[0]?.headers['authorization'], 'Bearer secret');
      assert.doesNotMatch(JSON.stringify(server.requests.map(({ headers }) => headers)), /of-somebody/);
    } finally {
      delete process.env['OPENAI_ORG_ID'];
      delete process.env['OPENAI_API_KEY'];
    }
  });

  it('shows the reply while it arrives', async () => {
    const server = await serve({ script: [{ reasoning: 'abcd', content: 'efgh', chunkChars: 2 }] });
    const previews: Preview[] = [];
    await ask(server, { onPreview: (preview) => previews.push(preview) });
    assert.deepEqual(previews, [
      { kind: 'reading' },
      { kind: 'delta', content: '', reasoning: 'ab' },
      { kind: 'delta', content: '', reasoning: 'cd' },
      { kind: 'delta', content: 'ef', reasoning: '' },
      { kind: 'delta', content: 'gh', reasoning: '' },
    ]);
  });

  it('offers tools natively and reads native calls, their results and thoughts in the history', async () => {
    const tools = [
      { server: 'tool-python', name: 'run_command', description: 'Runs.', inputSchema: { type: 'object' } },
    ];
    const args = { command: 'ls "a b"' };
    const server = await serve({
      script: [
        { toolCalls: [nativeCall('tool-python', 'run_command', args)], reasoningField: 'reasoning', reasoning: 'r' },
      ],
    });
    const messages: ChatMessage[] = [
      { role: 'user', content: 'q' },
      {
        role: 'assistant',
        content: '',
        reasoning: 'hm',
        toolCalls: [{ callId: '1-1', server: 'tool-python', tool: 'run_command', arguments: args }],
      },
      { role: 'tool', callId: '1-1', content: 'a b' },
    ];
    const reply = await ask(server, { tools, toolFormat: 'native', messages });
    assert.deepEqual(reply.nativeCalls, [{ name: 'tool-python-run_command', arguments: JSON.stringify(args) }]);
    assert.deepEqual([reply.reasoning, reply.finishReason], ['r', 'tool_calls']);
    const body = bodyOf(server);
    assert.deepEqual(body['tools'], [
      {
        type: 'function',
        function: { name: 'tool-python-run_command', description: 'Runs.', parameters: { type: 'object' } },
      },
    ]);
    assert.deepEqual(body['messages'], [
      { role: 'user', content: 'q' },
      {
        role: 'assistant',
        content: '',
        reasoning_content: 'hm',
        tool_calls: [
          {
            id: '1-1',
            type: 'function',
            function: { name: 'tool-python-run_command', arguments: JSON.stringify(args) },
          },
        ],
      },
      { role: 'tool', tool_call_id: '1-1', content: 'a b' },
    ]);
  });

  for (const [kind, unknown] of [
    ['openai', 'reasoning_content'],
    ['vllm', 'reasoning'],
    ['ollama', 'reasoning'],
  ] as const) {
    it(`gives thoughts back to ${kind} under ${unknown}, and from its first reply on under the name that it uses`, async () => {
      const server = await serve({ script: [{ content: 'x' }, { reasoning: 'r', reasoningField: 'thinking' }, {}] });
      const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted', kind });
      const messages: ChatMessage[] = [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'a', reasoning: 'hm' },
      ];
      for (let turn = 0; turn < 3; turn++) await model.complete(plain({ messages }), new AbortController().signal);
      const sent = server.requests.map(({ text }) => /"(\w+)":"hm"/.exec(text)?.[1]);
      assert.deepEqual(sent, [unknown, unknown, 'thinking']);
    });
  }

  it('keeps the bytes of an unchanged prefix', async () => {
    const server = await serve({ script: [{ content: 'x' }], repeatLast: true });
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted' });
    const messages: ChatMessage[] = [{ role: 'system', content: 's' }];
    let before = '';
    for (let turn = 0; turn < 5; turn++) {
      messages.push({ role: turn % 2 === 0 ? 'user' : 'assistant', content: `message ${turn}` });
      await model.complete(plain({ messages }), new AbortController().signal);
      const { text = '' } = server.requests[turn] ?? {};
      const upToHere = text.slice(0, text.indexOf(']'));
      assert.ok(upToHere.startsWith(before), `turn ${turn}`);
      assert.ok(upToHere.includes(`message ${turn}`));
      before = upToHere;
    }
  });

  it("goes on with the assistant's own last message", async () => {
    const server = await serve({ script: [{ content: 'x' }] });
    await ask(server, { messages: [{ role: 'assistant', content: 'I begin' }] });
    const body = bodyOf(server);
    assert.deepEqual([body['continue_final_message'], body['add_generation_prompt']], [true, false]);
  });

  it('leaves out what a server refuses, asks once more and remembers it', async () => {
    const refusal = { error: { message: 'Unrecognized request argument supplied: repetition_penalty', code: 400 } };
    const server = await serve({ script: [{ status: 400, body: refusal }, { content: 'a' }, { content: 'b' }] });
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted' });
    const { signal } = new AbortController();
    assert.equal((await model.complete(plain(), signal)).content, 'a');
    assert.equal((await model.complete(plain(), signal)).content, 'b');
    assert.deepEqual(
      server.requests.map(({ body }) => 'repetition_penalty' in body),
      [true, false, false],
    );
  });

  it('asks no second time when a refusal stays', async () => {
    const refusal = { detail: [{ msg: 'Extra inputs are not permitted' }] };
    const server = await serve({ script: [{ status: 422, body: refusal }], repeatLast: true });
    await assert.rejects(ask(server), /refused the request \(422\)/);
    assert.equal(server.requests.length, 2);
  });

  it('leaves out no more than what is refused by name, and only what it sent', async () => {
    const message = "Unknown parameter: 'stream_options.continuous_usage_stats'.";
    const seedless = { error: { message: '`seed` is not supported by this model', code: 400 } };
    const refusals = [{ error: { message, type: 'invalid_request_error' } }, seedless];
    const replies = [{ content: 'a' }, { content: 'b' }];
    const server = await serve({ script: [...refusals.map((body) => ({ status: 400, body })), ...replies] });
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted', kind: 'vllm' });
    const { signal } = new AbortController();
    assert.equal((await model.complete(plain({ seed: 7 }), signal)).content, 'a');
    assert.equal((await model.complete(plain({ seed: 7 }), signal)).content, 'b');
    assert.deepEqual(
      server.requests.map(({ body }) => [body['stream_options'], body['seed'], body['repetition_penalty']]),
      [
        [{ include_usage: true, continuous_usage_stats: true }, 7, 1.05],
        [{ include_usage: true }, 7, 1.05],
        [{ include_usage: true }, undefined, 1.05],
        [{ include_usage: true }, undefined, 1.05],
      ],
    );
    const unsent = await serve({ script: [{ status: 400, body: seedless }], repeatLast: true });
    await assert.rejects(ask(unsent), /seed/);
    assert.deepEqual(
      unsent.requests.map(({ body }) => body['repetition_penalty']),
      [1.05, undefined],
    );
  });

  it('takes a whole completion from a server that does not stream', async () => {
    const message = { role: 'assistant', content: 'whole', reasoning_content: 'r' };
    const usage = { prompt_tokens: 3, completion_tokens: 1 };
    const server = await serve({
      script: [{ body: { choices: [{ index: 0, message, finish_reason: 'stop' }], usage } }],
    });
    const reply = await ask(server);
    assert.deepEqual([reply.content, reply.reasoning, reply.usage?.promptTokens], ['whole', 'r', 3]);
  });

  for (const hang of ['prefill', 'headers', 'stream'] as const) {
    it(`stops at once during the ${hang}, and the server sees the connection close`, async () => {
      const server = await serve({ script: [{ content: 'some words', hang }] });
      const controller = new AbortController();
      const asking = ask(server, {}, {}, controller.signal);
      const request = await server.request(0);
      await request.hanging;
      const stoppedAt = performance.now();
      controller.abort(new Error('stopped by a person'));
      await assert.rejects(asking, /stopped by a person/);
      assert.equal(await request.closed, 'aborted');
      assert.ok(performance.now() - stoppedAt < 1000);
    });
  }
});

function bodyOf(server: ScriptedServer): Readonly<Record<string, unknown>> {
  return server.requests[0]?.body ?? {};
}
