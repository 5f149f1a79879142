import assert from 'node:assert/strict';
import { openAiModel } from '../../src/model/client.ts';
import { plain } from '../model/plainRequest.ts';
import { deferred } from '../fakes/deferred.ts';
import { call, nativeCall, scriptedServer, type Reply, type ScriptedServer } from '../fakes/scriptedServer.ts';
import { answersDespite, faultyRun, goodReply } from './faultyRun.ts';

/** What model servers are known to do (servers.md: failures that happen), one by one, over a whole run. */
describe('a run reaches its right answer when the server', () => {
  const chunk = (fields: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
  const callB = call('notes', 'echo', { text: 'b' });

  /** It asked again, after a wait that was told. */
  const askedAgain = ({ types, server }: Awaited<ReturnType<typeof faultyRun>>, times = 1) => {
    assert.equal(types.filter((type) => type === 'run.waiting').length, times);
    assert.equal(server.requests.length, 4 + times);
  };

  describe('breaks its stream:', () => {
    it('no [DONE] after a finish reason', async () => {
      const { server } = await answersDespite([(request) => ({ ...goodReply(request), done: false })]);
      assert.equal(server.requests.length, 4);
    });

    const broken: Readonly<Record<string, Reply>> = {
      'no [DONE] and no finish reason': { content: 'I', done: false, finishReason: null },
      'the connection closes': { content: 'I look.', closeEarly: true },
      'an error object after good deltas (llama.cpp#22878)': {
        content: callB,
        errorInStream: { code: 500, message: 'Failed to parse input at pos 668', type: 'server_error' },
      },
      "an error of the server's own parser (ollama#14834)": {
        content: callB,
        errorInStream: 'XML syntax error on line 115: unexpected EOF',
      },
      'an error that is no event': { raw: `${chunk({ content: callB })}{"error":"XML syntax error on line 7"}\n` },
      'finish_reason abort': { content: callB, finishReason: 'abort' },
    };
    for (const [name, reply] of Object.entries(broken)) {
      it(name, async () => askedAgain(await answersDespite([reply])));
      it(`${name}, three times`, async () => askedAgain(await answersDespite([reply, reply, reply]), 3));
    }
  });

  describe('sends broken calls:', () => {
    const native = (args: string): Reply => ({ toolCalls: [{ name: 'notes-echo', arguments: args }] });
    for (const args of ['{"text": "b', '{"text": "b"', "{'text': 'b',}", '{text: b}', '{"text": "b"}}']) {
      it(`arguments that are truncated or bad JSON, ${args}, and never sends them back`, async () => {
        await answersDespite([native(args)], { format: 'native' });
      });
    }

    it('arguments that nobody can read', async () => {
      const { types } = await answersDespite([native('b')], { format: 'native' });
      assert.ok(types.includes('turn.rolledBack'));
    });

    it('arguments that nobody can read, again and again', async () => {
      const { types } = await answersDespite(
        Array.from({ length: 7 }, () => native('[1, 2')),
        { format: 'native' },
      );
      assert.ok(types.includes('turn.corrected'));
    });
  });

  describe('sends calls elsewhere:', () => {
    const json = '{"name": "notes-echo", "arguments": {"text": "b"}}';
    const asText: Readonly<Record<string, string>> = {
      '<tool_call>{…}</tool_call>': `I look.\n<tool_call>\n${json}\n</tool_call>`,
      'bare JSON': json,
      '<function=…>': '<function=notes-echo>\n<parameter=text>\nb\n</parameter>\n</function>',
      'fenced JSON': `\`\`\`json\n${json}\n\`\`\``,
      'fenced JSON at the end of its words': `I look.\n\n\`\`\`json\n${json}\n\`\`\``,
      'the block of the text format': callB,
    };
    for (const [name, content] of Object.entries(asText)) {
      it(`${name}, though native calls were asked for`, async () => {
        const { server } = await answersDespite([{ content }], { format: 'native' });
        assert.equal(server.requests.length, 4);
      });
    }

    it('fenced JSON that is no call of its tools, which is no call', async () => {
      for (const words of [json.replace('echo', 'shout'), '{"name": "Ada", "born": 1815}', `${json}\n\nis the form`]) {
        const { ran, boxed } = await faultyRun([{ content: `See:\n\n\`\`\`json\n${words}\n\`\`\`` }], {
          format: 'native',
        });
        assert.deepEqual([ran, boxed], [['a'], '42'], words);
      }
    });

    it('native calls though text was asked for', async () => {
      const { server } = await answersDespite([{ toolCalls: [nativeCall('notes', 'echo', { text: 'b' })] }]);
      assert.equal(server.requests.length, 4);
    });
  });

  describe('sends its thought elsewhere:', () => {
    for (const reasoningField of ['reasoning_content', 'reasoning', 'thinking'] as const) {
      it(`in ${reasoningField}`, async () => {
        const { events } = await answersDespite([{ reasoning: 'I think of b.', reasoningField, content: callB }]);
        const thoughts = events.flatMap((event) => (event.type === 'model.replied' ? [event.reasoning] : []));
        assert.equal(thoughts[1], 'I think of b.');
      });
    }

    const decoy = call('notes', 'echo', { text: 'only thought of' });
    it('inline, with a call in it that is none', async () => {
      await answersDespite([{ content: `<think>Perhaps ${decoy}</think>\n${callB}` }]);
    });

    it('with the closing tag only', async () => {
      await answersDespite([{ content: `Perhaps ${decoy}\n</think>\n\n${callB}` }]);
    });
  });

  describe('answers with a status:', () => {
    it('429 with Retry-After, which is waited for', async () => {
      const result = await answersDespite([{ status: 429, headers: { 'retry-after': '7' }, body: 'slow down' }]);
      askedAgain(result);
      assert.deepEqual(result.sleeps, [7_000]);
    });

    it('503 with Retry-After while it loads its model', async () => {
      const body = { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } };
      const result = await answersDespite([{ status: 503, headers: { 'retry-after': '20' }, body }]);
      askedAgain(result);
      assert.deepEqual(result.sleeps, [20_000]);
    });

    it('503 while it loads its model for minutes, more often than a failure is tried again', async () => {
      const loading = { status: 503, body: { error: { code: 503, message: 'Loading model' } } };
      const faults = Array.from({ length: 15 }, () => loading);
      const result = await answersDespite(faults, { serverWaitMs: 900_000 });
      askedAgain(result, 15);
      const { ended } = await faultyRun(faults, { serverWaitMs: 60_000 });
      assert.match(ended?.message ?? '', /is not ready \(503\): Loading model$/);
    });

    for (const status of [500, 502, 503, 504]) {
      it(`${status}`, async () => askedAgain(await answersDespite([{ status, body: 'not now' }])));
    }

    const words: Readonly<Record<string, Reply>> = {
      'the message of a 400': { status: 400, body: { error: { message: 'messages: roles must alternate' } } },
      'the missing key': { status: 401, body: {} },
    };
    for (const [name, reply] of Object.entries(words)) {
      it(`${name} is told and not asked again`, async () => {
        const { ended, server } = await faultyRun([reply]);
        assert.equal(ended?.reason, 'failed');
        assert.match(ended.message ?? '', /roles must alternate|wants an API key/);
        assert.equal(server.requests.length, 2);
      });
    }

    it('500 for ever ends the run with its words', async () => {
      const { ended, server } = await faultyRun(
        Array.from({ length: 20 }, () => ({ status: 500, body: 'CUDA error: out of memory' })),
      );
      assert.match(ended?.message ?? '', /failed \(500\): CUDA error: out of memory/);
      assert.ok(server.requests.length <= 11);
    });
  });

  it('restarts: connections are refused after the first reply, and then it is there again', async () => {
    let again: ScriptedServer | undefined;
    let waits = 0;
    try {
      const { types, boxed, ran } = await faultyRun([], {
        onTool: async (text, server) => (text.includes('a') ? server.close() : undefined),
        onSleep: async ({ port }) => {
          if (++waits === 2) again = await scriptedServer({ script: [goodReply], repeatLast: true, port });
        },
      });
      assert.deepEqual([boxed, ran, waits], ['42', ['a', 'b'], 2]);
      assert.equal(types.filter((type) => type === 'run.waiting').length, 2);
      assert.equal(again?.requests.length, 3);
    } finally {
      await again?.close();
    }
  });

  it('is not there before its first reply, which the person is told at once', async () => {
    const closed: Reply = { closeEarly: true };
    const { ended, sleeps } = await faultyRun([closed], { fromTheStart: true });
    assert.match(ended?.message ?? '', /closed the connection before its reply was whole/);
    assert.deepEqual(sleeps, []);
  });

  it('reads a long prompt in silence, longer than a silence that would end a reply', async () => {
    const silenceMs = 50;
    const gate = deferred<undefined>();
    const other = await scriptedServer({ script: [{ content: 'falls silent', hang: 'stream' }] });
    const long = answersDespite([(request) => ({ ...goodReply(request), prefill: gate.promise })], {
      silenceMs,
      onTool: async () => {
        const asked = openAiModel({ baseUrl: other.baseUrl, model: 'm', silenceMs });
        void asked
          .complete(plain(), new AbortController().signal)
          .catch(() => asked.complete(plain(), new AbortController().signal))
          .catch(() => gate.resolve(undefined));
      },
    });
    const { server, types } = await long.finally(() => other.close());
    assert.equal(server.requests.length, 4);
    assert.ok(!types.includes('run.waiting'));
  });

  it('falls silent after its first delta', async () => {
    const result = await answersDespite([{ content: 'I look', hang: 'stream' }], { silenceMs: 50 });
    askedAgain(result);
    assert.equal(await result.server.requests[1]?.closed, 'aborted');
  });

  describe('cuts and dresses its stream:', () => {
    const dressed: Readonly<Record<string, Partial<Reply>>> = {
      'UTF-8 and data: lines split across writes': { writeBytes: 3, chunkChars: 5 },
      'every byte by itself': { writeBytes: 1 },
      CRLF: { lineEnding: '\r\n', writeBytes: 7 },
      'comments (: ping)': { pings: true },
      'no finish reason': { finishReason: null },
      'finish_reason tool_calls for a call in the text': { finishReason: 'tool_calls' },
      'no usage': { usage: null },
    };
    for (const [name, dress] of Object.entries(dressed)) {
      it(name, async () => {
        const content = `<think>Grüße, 世界 — 🦩</think>\n\n${callB}`;
        const { events, server } = await answersDespite([{ content, ...dress }]);
        const replies = events.flatMap((event) => (event.type === 'model.replied' ? [event.content] : []));
        assert.equal(replies[1], content);
        assert.equal(server.requests.length, 4);
      });
    }

    const half = Math.floor(callB.length / 2);
    const other = JSON.stringify({ choices: [{ index: 1, delta: { content: 'no' } }] });
    const usage = JSON.stringify({ choices: [], usage: { prompt_tokens: 900, completion_tokens: 30 } });
    const end = `${chunk({}, 'stop')}data: ${usage}\n\ndata: [DONE]\n\n`;
    const raws: Readonly<Record<string, string>> = {
      'several choices': `data: ${other}\n\n${chunk({ content: callB })}data: ${other}\n\n${end}`,
      'empty and role-only deltas': `${chunk({ role: 'assistant' })}${chunk({})}${chunk({ content: callB.slice(0, half) })}${chunk({ content: '' })}${chunk({ role: 'assistant', content: null })}${chunk({ content: callB.slice(half) })}${end}`,
      'usage without choices': `${chunk({ content: callB })}${end}`,
    };
    for (const [name, raw] of Object.entries(raws)) {
      it(name, async () => {
        const { events, server } = await answersDespite([{ raw }]);
        const spent = events.flatMap((event) => (event.type === 'model.replied' ? [event.usage] : []));
        assert.deepEqual(spent[1], { promptTokens: 900, completionTokens: 30 });
        assert.equal(server.requests.length, 4);
      });
    }
  });

  it('stops at its limit of tokens (finish_reason length), and is given more', async () => {
    const { server } = await answersDespite([{ content: '<think>I look at', finishReason: 'length' }]);
    assert.equal(server.requests.length, 5);
    const [first, second] = server.requests.slice(1).map(({ body }) => Number(body['max_tokens']));
    assert.ok(first !== undefined && second !== undefined && second > first, `${first} → ${second}`);
  });

  for (const where of ['content', 'reasoning'] as const) {
    it(`runs in circles in its ${where}: it is cut off while it streams, and asked again`, async () => {
      const circles = 'I have to look at the notes again, and then I will know it. '.repeat(8_000);
      const { server, events } = await answersDespite([{ [where]: circles }]);
      assert.equal(await server.requests[1]?.closed, 'aborted');
      assert.equal(server.requests.length, 5);
      const undone = events.find((event) => event.type === 'turn.rolledBack');
      const kept = undone ? `${undone.reply}${undone.reasoning ?? ''}`.length : 0;
      assert.ok(kept > 0 && kept < circles.length / 4, `${kept} characters`);
    });
  }
});
