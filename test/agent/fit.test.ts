import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { ModelError } from '../../src/agent/errors.ts';
import { run } from '../../src/agent/loop.ts';
import { omittedResult } from '../../src/agent/messages.ts';
import type { ModelRequest } from '../../src/agent/ports.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';
import { callBlock } from '../../src/agent/messages.ts';
import { defineTool } from '../../src/agent/tool.ts';
import { world } from './world.ts';

const never = new AbortController().signal;
const tokensOf = (text: string) => Math.ceil(text.length / 4);
const long = (seed: string, tokens: number) => `${seed} `.repeat(tokens).slice(0, tokens * 4);

/** A tool whose observations have 500 tokens, and a call of it with a thought before. */
const lookTool = () =>
  defineTool({
    server: 'notes',
    name: 'look',
    description: 'Looks.',
    input: z.object({ at: z.number() }),
    effect: 'read',
    run: async ({ at }) => ({ content: long(`o${at}`, 500) }),
  });
const lookCall = (at: number, thoughtTokens: number) =>
  `<think>${long(`t${at}`, thoughtTokens)}</think>\n${callBlock({ server: 'notes', tool: 'look', arguments: { at } })}`;

/** What a request weighs as the tests' counter counts. */
function weight({ messages }: ModelRequest): number {
  return messages.reduce((sum, message) => sum + tokensOf(message.content), 0);
}

/** A model that counts like the tests' counter and replies by the number of its turn. */
function countingModel(reply: (turn: number, request: ModelRequest) => string) {
  let turn = 0;
  const play: ScriptedReply = async (request) => {
    const content = request.mayCall ? reply(++turn, request) : 'It is so. \\boxed{so}';
    return { content, usage: { promptTokens: weight(request), completionTokens: tokensOf(content) } };
  };
  return scriptedModel(Array.from({ length: 500 }, () => play));
}

/** A run of calls with observations of 500 tokens in a window of 16,000; at most 40 calls. */
async function smallWindow(settings: Partial<RunSettings>, thoughtTokens = 50, calls = 40) {
  const model = countingModel((turn) => (turn > calls ? 'Done.' : lookCall(turn, thoughtTokens)));
  const { ports, start, events } = world(model, [lookTool()], { contextWindow: 16_000, maxTokens: 1_000, ...settings });
  const end = await run(await start(), ports, never);
  return { model, events, end };
}

describe('fit', () => {
  it('sends nothing larger than the window with its reply, and always the newest keep results whole', async () => {
    const { model, events } = await smallWindow({ retention: { policy: 'recency', keep: 3, slack: 30 } });
    assert.ok(events.some(({ type }) => type === 'view.narrowed'));
    for (const request of model.requests) {
      assert.ok(weight(request) + request.maxTokens <= 16_000, `${weight(request)} + ${request.maxTokens}`);
      const results = request.messages.filter(({ role }, index) => role === 'user' && index > 1 && request.mayCall);
      const whole = results.filter(({ content }) => content !== omittedResult);
      assert.ok(whole.length >= Math.min(3, results.length));
    }
  });

  it('never shows fewer than keep results, whatever the window, the policy and the sizes', async () => {
    const policy = fc.oneof(
      fc.record({ policy: fc.constant('recency' as const), keep: fc.integer({ min: 0, max: 6 }), slack: fc.nat(12) }),
      fc.record({
        policy: fc.constant('watermark' as const),
        keep: fc.integer({ min: 0, max: 6 }),
        high: fc.double({ min: 0.5, max: 0.95, noNaN: true }),
        low: fc.double({ min: 0.1, max: 0.5, noNaN: true }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        policy,
        fc.integer({ min: 5, max: 300 }),
        fc.integer({ min: 6_000, max: 20_000 }),
        async (retention, thoughts, contextWindow) => {
          const { model } = await smallWindow({ retention, contextWindow }, thoughts, 30);
          for (const request of model.requests.filter(({ mayCall }) => mayCall)) {
            const results = request.messages.filter(({ role }, index) => role === 'user' && index > 1);
            const whole = results.filter(({ content }) => content !== omittedResult);
            assert.ok(whole.length >= Math.min(retention.keep, results.length));
            assert.ok(weight(request) + request.maxTokens <= contextWindow);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('masks down to keep first and leaves every thought as long as that is enough', async () => {
    const { events } = await smallWindow({ retention: { policy: 'recency', keep: 3, slack: 30 } }, 20, 34);
    const narrowed = events.filter((event) => event.type === 'view.narrowed');
    assert.ok(narrowed.length > 0);
    assert.deepEqual(new Set(narrowed.map(({ droppedThoughts }) => droppedThoughts)), new Set([0]));
  });

  it('drops the oldest thoughts, not the actions, when masking is not enough, down to 0.6 of the window', async () => {
    const { model, events } = await smallWindow({ retention: { policy: 'recency', keep: 3, slack: 0 } }, 300);
    const dropping = events
      .filter((event) => event.type === 'view.narrowed')
      .find((event) => event.droppedThoughts > 0);
    assert.ok(dropping);
    assert.ok(
      dropping.promptTokens > 13_000 && dropping.afterTokens <= 0.6 * 16_000 && dropping.afterTokens > 0.5 * 16_000,
    );
    const after = model.requests.at(-3);
    const actions = after?.messages.filter(({ role }) => role === 'assistant') ?? [];
    const without = actions.filter(({ content }) => !content.includes('<think>'));
    assert.ok(without.length >= dropping.droppedThoughts);
    assert.ok(actions.every(({ content }) => content.includes('<use_mcp_tool>')));
    assert.ok(actions.slice(-3).every(({ content }) => content.includes('<think>')));
  });

  it('lets a watermark mask only when the prompt reaches it', async () => {
    const { model } = await smallWindow({ retention: { policy: 'watermark', keep: 3, high: 0.7, low: 0.35 } });
    let before = 0;
    for (const request of model.requests.filter(({ mayCall }) => mayCall)) {
      const size = weight(request);
      assert.ok(size <= 0.7 * 16_000);
      if (size < before) assert.ok(before + 700 > 0.7 * 16_000, `masked at ${before}`);
      before = size;
    }
  });

  it('ends the research when no view leaves room, and still answers', async () => {
    const { events, end } = await smallWindow({ retention: { policy: 'recency', keep: 40, slack: 0 } }, 5);
    const asked = events.find((event) => event.type === 'answer.requested');
    assert.equal(asked?.reason, 'context');
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  });

  it('clamps the reply to what is left, and refuses nothing that fits', async () => {
    const model = countingModel(() => 'Done.');
    const { ports, start } = world(model, [], { contextWindow: 4_000, maxTokens: 1_000 });
    const end = await run(await start(long('why', 1_200)), ports, never);
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
    for (const request of model.requests) assert.ok(weight(request) + request.maxTokens <= 4_000);
  });

  it('says so when the question alone does not fit, and sends nothing', async () => {
    const model = countingModel(() => 'Done.');
    const { ports, start } = world(model, [], { contextWindow: 4_000, maxTokens: 1_000 });
    const end = await run(await start(long('why', 4_200)), ports, never);
    assert.match(
      end.state.kind === 'ended' ? (end.state.message ?? '') : '',
      /does not fit the model's window: it has about [\d,]+ tokens, the window 4,000/,
    );
    assert.equal(model.requests.length, 0);
  });

  it('takes the window from the server that refuses, and goes on within it', async () => {
    const overflow = new ModelError('overflow', 'too long', { retryable: false, contextWindow: 8_000 });
    let refused = false;
    const model = countingModel((turn) => (turn > 18 ? 'Done.' : lookCall(turn, 5)));
    const strict = {
      ...model,
      complete: async (request: ModelRequest, signal: AbortSignal) => {
        if (weight(request) + request.maxTokens <= 8_000) return model.complete(request, signal);
        refused = true;
        throw overflow;
      },
    };
    const settings = {
      contextWindow: 16_000,
      maxTokens: 1_000,
      retention: { policy: 'recency', keep: 3, slack: 30 },
    } as const;
    const { ports, start, events } = world(strict, [lookTool()], settings);
    const end = await run(await start(), ports, never);
    assert.ok(refused);
    assert.deepEqual(
      events.filter((event) => event.type === 'window.learned').map(({ contextWindow }) => contextWindow),
      [8_000],
    );
    assert.equal(end.settings?.contextWindow, 8_000);
    assert.equal(end.turnsOfAttempt, 19);
  });

  it('asks the server to count near the limit, where it can, and believes it', async () => {
    let counted = 0;
    const model = countingModel((turn) => (turn > 20 ? 'Done.' : lookCall(turn, 5)));
    const exact = {
      ...model,
      promptTokens: async () => {
        counted++;
        return 100;
      },
    };
    const settings = {
      contextWindow: 8_000,
      maxTokens: 1_000,
      retention: { policy: 'recency', keep: 3, slack: 30 },
    } as const;
    const { ports, start, types } = world(exact, [lookTool()], settings);
    await run(await start(), ports, never);
    assert.ok(counted > 0);
    assert.equal(types().includes('view.narrowed'), false);
  });

  it('notices a server that reads less than it was sent, says so, and narrows to what it reads', async () => {
    const model = countingModel((turn) => (turn > 20 ? 'Done.' : lookCall(turn, 5)));
    const silent = {
      ...model,
      complete: async (request: ModelRequest, signal: AbortSignal) => {
        const reply = await model.complete(request, signal);
        const promptTokens = Math.min(4_000, weight(request));
        return { ...reply, usage: { promptTokens, completionTokens: 10 } };
      },
    };
    const settings = {
      contextWindow: 40_000,
      maxTokens: 500,
      retention: { policy: 'recency', keep: 2, slack: 30 },
    } as const;
    const { ports, start, events } = world(silent, [lookTool()], settings);
    await run(await start(), ports, never);
    const learned = events.find((event) => event.type === 'window.learned');
    assert.equal(learned?.contextWindow, 4_096);
    assert.match(learned.reason, /read 4,000 of about [\d,]+ tokens/);
    const undone = events.find((event) => event.type === 'turn.rolledBack');
    assert.equal(undone?.kind, 'promptCut');
    assert.ok(model.requests.slice(-5).every((request) => weight(request) <= 4_096));
  });
});
