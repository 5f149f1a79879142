import assert from 'node:assert/strict';
import { ModelError } from '../../src/agent/errors.ts';
import { openAiModel } from '../../src/model/client.ts';
import { overflowOf, promptOf } from '../../src/model/overflow.ts';
import { scriptedServer, type Reply } from '../fakes/scriptedServer.ts';

const maxTokens = 16_384;

/** A server's literal words in its own shape, and what is to be learned from them. */
interface Row {
  readonly server: string;
  readonly message: string;
  readonly body: (message: string) => object;
  readonly window?: number;
  readonly prompt?: number;
  /** What is asked for next; absent: the prompt itself does not fit, and nothing is. */
  readonly room?: number;
}

const olderVllm = (message: string) => ({ object: 'error', message, type: 'BadRequestError', param: null, code: 400 });
const newerVllm = (message: string) => ({ error: { message, type: 'BadRequestError', param: null, code: 400 } });
const sglang = olderVllm;
const llama = (prompt: number, window: number) => (message: string) => ({
  error: { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens: prompt, n_ctx: window },
});

const rows: readonly Row[] = [
  {
    server: 'vLLM, its prompt and reply together',
    message: "This model's maximum context length is 32768 tokens. However, you requested 33000 tokens (…)",
    body: olderVllm,
    window: 32_768,
    prompt: 16_616,
    room: 16_151,
  },
  {
    server: 'vLLM, its prompt and reply one by one',
    message:
      "This model's maximum context length is 32768 tokens. However, you requested 36384 tokens (20000 in the messages, 16384 in the completion). Please reduce the length of the messages or completion.",
    body: olderVllm,
    window: 32_768,
    prompt: 20_000,
    room: 12_767,
  },
  {
    server: 'vLLM, a prompt that nearly fits',
    message:
      "This model's maximum context length is 32768 tokens. However, you requested 49144 tokens (32760 in the messages, 16384 in the completion). Please reduce the length of the messages or completion.",
    body: newerVllm,
    window: 32_768,
    prompt: 32_760,
  },
  {
    server: 'vLLM, the prompt alone',
    message:
      "This model's maximum context length is 32768 tokens. However, your request has 33000 input tokens. Please reduce the length of the input messages.",
    body: newerVllm,
    window: 32_768,
    prompt: 33_000,
  },
  {
    server: 'vLLM, max_tokens',
    message:
      "'max_tokens' or 'max_completion_tokens' is too large: 16384. This model's maximum context length is 32768 tokens and your request has 30000 input tokens (16384 > 32768 - 30000).",
    body: newerVllm,
    window: 32_768,
    prompt: 30_000,
    room: 2_767,
  },
  {
    server: 'vLLM, which stops counting',
    message:
      "This model's maximum context length is 32768 tokens. However, you requested 16384 output tokens and your prompt contains at least 16385 input tokens, for a total of at least 32769 tokens. Please reduce the length of the input prompt or the number of requested output tokens. (parameter=input_tokens, value=16385)",
    body: newerVllm,
    window: 32_768,
    room: 8_192,
  },
  {
    server: 'vLLM, the engine',
    message:
      'The decoder prompt (length 40000) is longer than the maximum model length of 32768. Make sure that `max_model_len` is no smaller than the number of text tokens.',
    body: newerVllm,
    window: 32_768,
    prompt: 40_000,
  },
  {
    server: 'SGLang, whose prompt fits',
    message:
      "Requested token count exceeds the model's maximum context length of 40960 tokens. You requested a total of 46392 tokens: 30008 tokens from the input messages and 16384 tokens for the completion.",
    body: sglang,
    window: 40_960,
    prompt: 30_008,
    room: 10_951,
  },
  {
    server: 'SGLang, whose prompt does not',
    message:
      "Requested token count exceeds the model's maximum context length of 40960 tokens. You requested a total of 57344 tokens: 40960 tokens from the input messages and 16384 tokens for the completion. Please reduce the number of tokens in the input messages or the completion to fit within the limit.",
    body: sglang,
    window: 40_960,
    prompt: 40_960,
  },
  {
    server: 'SGLang, the prompt alone',
    message: "The input (61709 tokens) is longer than the model's context length (40960 tokens).",
    body: sglang,
    window: 40_960,
    prompt: 61_709,
  },
  { server: 'SGLang, no numbers', message: "… longer than the model's context length …", body: sglang },
  {
    server: 'SGLang, the cache of the machine',
    message: 'Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).',
    body: sglang,
    window: 59_862,
    prompt: 160_062,
  },
  {
    server: 'llama.cpp',
    message: 'request (33056 tokens) exceeds the available context size (32768 tokens), try increasing it',
    body: llama(33_056, 32_768),
    window: 32_768,
    prompt: 33_056,
  },
  {
    server: 'llama.cpp, numbers in its fields alone',
    message: 'the request exceeds the available context size, try increasing it',
    body: llama(33_056, 32_768),
    window: 32_768,
    prompt: 33_056,
  },
  {
    server: 'llama.cpp, words alone',
    message: 'request (33056 tokens) exceeds the available context size (32768 tokens), try increasing it',
    body: (message) => ({ error: { code: 400, message, type: 'invalid_request_error' } }),
    window: 32_768,
    prompt: 33_056,
  },
  {
    server: 'LM Studio',
    message:
      'Trying to keep the first 41000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.',
    body: (error) => ({ error }),
    window: 4_096,
    room: 4_096,
  },
  {
    server: 'OpenAI',
    message: 'too long',
    body: (message) => ({ error: { message, code: 'context_length_exceeded' } }),
  },
];

describe('overflow', () => {
  const ask = async (script: readonly Reply[], seen: number[]) => {
    const server = await scriptedServer({ script, repeatLast: true });
    const request = { tools: [], toolFormat: 'mcp-xml', mayCall: true, maxTokens, onPreview: () => undefined } as const;
    const messages = [{ role: 'user', content: 'q' }] as const;
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted' });
    try {
      return await model.complete({ ...request, messages }, new AbortController().signal);
    } catch (error) {
      assert.ok(error instanceof ModelError, String(error));
      return error;
    } finally {
      seen.push(...server.requests.map(({ body }) => Number(body['max_tokens'])));
      await server.close();
    }
  };

  for (const { server, message, body, window, prompt, room } of rows) {
    const said = body(message);
    const inStream = 'error' in said ? said : { error: said };
    const ways: Readonly<Record<string, Reply>> = {
      'a 400': { status: 400, body: said },
      'an error inside a stream': { raw: `data: ${JSON.stringify(inStream)}\n\ndata: [DONE]\n\n` },
      ...(server.startsWith('llama.cpp') &&
        'error' in said && {
          'a line that is no event': { raw: `error: ${JSON.stringify(said.error)}\n\n`, writeBytes: 50 },
        }),
      'an error in place of a chunk': { raw: `data: ${JSON.stringify(said)}\n\ndata: [DONE]\n\n` },
    };
    for (const [way, reply] of Object.entries(ways)) {
      if (room === undefined) {
        it(`of ${server} is understood as ${way}`, async () => {
          const seen: number[] = [];
          const error = await ask([reply], seen);
          assert.ok(error instanceof ModelError);
          assert.deepEqual([error.code, error.retryable, error.away], ['overflow', false, false]);
          assert.deepEqual([error.contextWindow, error.promptTokens, seen], [window, prompt, [maxTokens]]);
        });
      } else {
        it(`of ${server} as ${way} leaves room for a shorter reply, which is asked for and tells the window`, async () => {
          const seen: number[] = [];
          const answer = await ask([reply, { content: 'short' }], seen);
          assert.ok(!(answer instanceof ModelError));
          assert.deepEqual([answer.content, answer.contextWindow, seen], ['short', window, [maxTokens, room]]);
          const overflow = overflowOf(message, 'error' in said ? said.error : said);
          assert.equal(overflow && !overflow.atLeast ? promptOf(overflow, maxTokens) : undefined, prompt);
        });
      }
    }
  }

  it('is tried with half as much until the prompt fits, where a server stops counting', async () => {
    const seen: number[] = [];
    const words = (asked: number) =>
      `This model's maximum context length is 32768 tokens. However, you requested ${asked} output tokens and your prompt contains at least ${32769 - asked} input tokens, for a total of at least 32769 tokens.`;
    const replies = [16_384, 8_192, 4_096].map((asked) => ({ status: 400, body: newerVllm(words(asked)) }));
    const reply = await ask([...replies, { content: 'short' }], seen);
    assert.ok(!(reply instanceof ModelError));
    assert.deepEqual([reply.contextWindow, seen], [32_768, [16_384, 8_192, 4_096, 2_048]]);
  });

  it('ends, whatever a server goes on saying', async () => {
    const seen: number[] = [];
    const error = await ask(
      [{ status: 400, body: newerVllm("This model's maximum context length is 32768 tokens.") }],
      seen,
    );
    assert.ok(error instanceof ModelError);
    assert.deepEqual(seen, [16_384, 8_192, 4_096, 2_048, 1_024, 512]);
  });

  it('is nothing that Ollama tells: its usage is passed on as it is, for whoever compares', async () => {
    const usage = { promptTokens: 4_096, completionTokens: 3 };
    const reply = await ask([{ content: 'What did you ask?', usage }], []);
    assert.ok(!(reply instanceof ModelError));
    assert.deepEqual(reply.usage, usage);
  });

  it('is not taken from other complaints', () => {
    for (const text of [
      'temperature must be at most 2',
      'max_tokens must be at least 1, got -5',
      'Failed to parse input at pos 668',
    ]) {
      assert.equal(overflowOf(text), undefined, text);
    }
  });
});
