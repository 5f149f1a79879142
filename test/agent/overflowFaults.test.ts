import assert from 'node:assert/strict';
import { z } from 'zod';
import { run } from '../../src/agent/loop.ts';
import { defineTool } from '../../src/agent/tool.ts';
import { openAiModel } from '../../src/model/client.ts';
import { call, scriptedServer, type RecordedRequest, type Reply } from '../fakes/scriptedServer.ts';
import { world } from './world.ts';

/** A request as a server weighs it, in tokens. */
interface Weighed {
  readonly prompt: number;
  readonly asked: number;
  readonly window: number;
}

/** How each server refuses what does not fit (servers.md: overflow), with the numbers of the request; undefined: it fits. */
const refusals: Readonly<Record<string, (weighed: Weighed) => object | undefined>> = {
  'vLLM, prompt and reply together': ({ prompt, asked, window }) =>
    prompt + asked > window
      ? vllm(
          `This model's maximum context length is ${window} tokens. However, you requested ${prompt + asked} tokens (${prompt} in the messages, ${asked} in the completion). Please reduce the length of the messages or completion.`,
        )
      : undefined,
  'vLLM, no numbers beside the sum': ({ prompt, asked, window }) =>
    prompt + asked > window
      ? vllm(
          `This model's maximum context length is ${window} tokens. However, you requested ${prompt + asked} tokens (…)`,
        )
      : undefined,
  'vLLM, which stops counting': ({ prompt, asked, window }) =>
    prompt + asked > window
      ? vllm(
          `This model's maximum context length is ${window} tokens. However, you requested ${asked} output tokens and your prompt contains at least ${window - asked + 1} input tokens, for a total of at least ${window + 1} tokens. Please reduce the length of the input prompt or the number of requested output tokens.`,
        )
      : undefined,
  'vLLM, the engine': ({ prompt, window }) =>
    prompt > window
      ? vllm(
          `The decoder prompt (length ${prompt}) is longer than the maximum model length of ${window}. Make sure that \`max_model_len\` is no smaller than the number of text tokens.`,
        )
      : undefined,
  SGLang: ({ prompt, asked, window }) => {
    if (prompt >= window) {
      return sglang(`The input (${prompt} tokens) is longer than the model's context length (${window} tokens).`);
    }
    return prompt + asked >= window
      ? sglang(
          `Requested token count exceeds the model's maximum context length of ${window} tokens. You requested a total of ${prompt + asked} tokens: ${prompt} tokens from the input messages and ${asked} tokens for the completion.`,
        )
      : undefined;
  },
  'llama.cpp': ({ prompt, window }) =>
    prompt > window
      ? {
          error: {
            code: 400,
            message: `request (${prompt} tokens) exceeds the available context size (${window} tokens), try increasing it`,
            type: 'exceed_context_size_error',
            n_prompt_tokens: prompt,
            n_ctx: window,
          },
        }
      : undefined,
};

const vllm = (message: string) => ({ error: { message, type: 'BadRequestError', param: null, code: 400 } });
const sglang = (message: string) => ({ object: 'error', message, type: 'BadRequestError', param: null, code: 400 });

describe('a run whose window is smaller than it was told', () => {
  const window = 16_384;
  const pages = 12;

  /** Reads the pages one by one, and answers. */
  const reader = ({ body }: RecordedRequest): Reply => {
    const { messages } = bodySchema.parse(body);
    if (messages.at(-1)?.content.includes('boxed')) return { content: 'It is 42.\n\n\\boxed{42}' };
    const turns = messages.filter(({ role }) => role === 'assistant').length;
    if (turns >= pages) return { content: 'I know it now.' };
    return { content: `<think>I go on.</think>\n\n${call('notes', 'page', { number: turns + 1 })}` };
  };
  const weigh = ({ body }: RecordedRequest): Weighed => ({
    prompt: Math.ceil(bodySchema.parse(body).messages.reduce((sum, { content }) => sum + content.length, 0) / 4),
    asked: Number(body['max_tokens']),
    window,
  });

  const research = async (answer: (request: RecordedRequest) => Reply, { pageChars = 8_000 } = {}) => {
    const page = defineTool({
      server: 'notes',
      name: 'page',
      description: 'Gives a page.',
      input: z.object({ number: z.number() }),
      effect: 'read',
      run: async ({ number }) => ({ content: `page ${number} `.repeat(pageChars / 7) }),
    });
    const server = await scriptedServer({ script: [answer], repeatLast: true });
    const model = openAiModel({ baseUrl: server.baseUrl, model: 'scripted' });
    const bugs: unknown[] = [];
    const made = world(model, [page], {
      maxTokens: 2_048,
      retention: { policy: 'watermark', keep: 2, high: 0.95, low: 0.5 },
    });
    const report = (error: unknown) => bugs.push(error);
    try {
      const end = await run(await made.start(), { ...made.ports, report }, new AbortController().signal);
      assert.deepEqual(bugs, []);
      assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered', JSON.stringify(end.state));
      assert.equal(made.events.find((event) => event.type === 'answer.given')?.boxed, '42');
      const learned = made.events.flatMap((event) => (event.type === 'window.learned' ? [event] : []));
      return { end, learned, server };
    } finally {
      await server.close();
    }
  };

  const refusing = (refuse: (weighed: Weighed) => object | undefined) => {
    let refused = 0;
    const answer = (request: RecordedRequest): Reply => {
      const weighed = weigh(request);
      const body = refuse(weighed);
      if (body) refused++;
      const usage = { promptTokens: weighed.prompt, completionTokens: 30 };
      return body ? { status: 400, body } : { ...reader(request), usage };
    };
    return { answer, refused: () => refused };
  };

  for (const [name, refuse] of Object.entries(refusals)) {
    it(`learns it from ${name}, reads every page and answers`, async () => {
      const { answer, refused } = refusing(refuse);
      const { learned, end } = await research(answer);
      assert.ok(refused() > 0 && refused() <= 8, `${refused()} requests were refused`);
      assert.equal(learned.at(-1)?.contextWindow, window);
      assert.equal(end.turns, pages + 2);
    });
  }

  it('answers from what it has when SGLang names no numbers', async () => {
    const { answer, refused } = refusing(({ prompt, window: limit }) =>
      prompt >= limit ? sglang("… longer than the model's context length …") : undefined,
    );
    const { end } = await research(answer);
    assert.ok(refused() > 0 && refused() <= 8, `${refused()} requests were refused`);
    assert.ok(end.turns > 1);
  });

  it('learns it from Ollama, which drops the oldest tokens without a word, by what it says that it read', async () => {
    const served = 4_096;
    let whole = 0;
    const { learned } = await research(
      (request) => {
        const { prompt } = weigh(request);
        const usage = { promptTokens: Math.min(prompt, served), completionTokens: 30 };
        if (prompt <= served) return { ...reader(request), usage };
        whole++;
        return { content: 'What was the question?', usage };
      },
      { pageChars: 48_000 },
    );
    assert.ok(whole > 0 && whole <= 3, `${whole} replies were to half a prompt`);
    assert.match(learned[0]?.reason ?? '', /num_ctx/);
    assert.ok(learned.every(({ contextWindow }) => contextWindow <= served));
  });
});

const bodySchema = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) });
