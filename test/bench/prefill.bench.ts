/**
 * Tokens that a model server reads anew over 600 calls, counted by a longest-common-prefix cache over the prompts that the
 * loop really sends, as a ratio to the floor (each token read once); and how many of the thoughts stayed in view.
 */
import { run } from '../../src/agent/loop.ts';
import { weighedText } from '../../src/agent/ledger.ts';
import { omittedResult, type ChatMessage } from '../../src/agent/messages.ts';
import type { ModelRequest } from '../../src/agent/ports.ts';
import { tokenCounter } from '../../src/model/tokens/counter.ts';
import type { Retention } from '../../src/shared/runSettings.ts';
import { uncachedTokens, type PromptPart } from '../../src/shared/prefixCache.ts';
import { world } from '../agent/world.ts';
import { figure } from './figure.ts';
import { lookTool, replyOfTurn, type RunShape } from './longRun.ts';

const calls = 600;
const aroundMessage = 5;
const counter = tokenCounter();
/** Counts of messages; they are the same objects as long as they do not change. */
const sizes = new Map<string, number>();

async function parts(messages: readonly ChatMessage[]): Promise<readonly PromptPart[]> {
  const texts = messages.map((message) => `${message.role}\n${weighedText(message)}`);
  const missing = texts.filter((text) => !sizes.has(text));
  const counts = await counter.count(missing);
  missing.forEach((text, i) => sizes.set(text, (counts[i] ?? 0) + aroundMessage));
  return texts.map((text) => ({ text, tokens: sizes.get(text) ?? 0 }));
}

/** One run: its uncached tokens, the floor, and what the last request for a turn still showed. */
async function measure(retention: Retention, shape: RunShape) {
  let cached: readonly PromptPart[] = [];
  let uncached = 0;
  let turn = 0;
  let last: readonly ChatMessage[] = [];
  let largest = 0;
  let fewest = Infinity;
  const model = {
    name: 'scripted',
    deterministic: false,
    complete: async ({ messages, mayCall }: ModelRequest) => {
      turn++;
      const content = turn <= calls && mayCall ? replyOfTurn(turn, shape) : 'It is so. \\boxed{so}';
      const prompt = await parts(messages);
      const reply = await parts([{ role: 'assistant', content }]);
      uncached += uncachedTokens(cached, prompt);
      cached = [...prompt, ...reply];
      const size = (all: readonly PromptPart[]) => all.reduce((sum, { tokens }) => sum + tokens, 0);
      largest = Math.max(largest, size(prompt));
      if (turn <= calls) last = messages;
      if (turn > 5) fewest = Math.min(fewest, wholeResults(messages));
      const usage = { promptTokens: size(prompt), completionTokens: size(reply) };
      return { content, nativeCalls: [], finishReason: 'stop', usage };
    },
  };
  const tool = lookTool(shape);
  const { ports, start, events } = world(model, [tool], { retention, maxCalls: calls, maxTurns: calls });
  const end = await run(await start(), { ...ports, counter }, new AbortController().signal);
  if (tool.made() !== calls || end.state.kind !== 'ended' || end.state.reason !== 'answered') {
    throw new Error(`the run made ${tool.made()} calls and ended ${JSON.stringify(end.state)}`);
  }
  const system = (await parts(last.slice(0, 2))).reduce((sum, { tokens }) => sum + tokens, 0);
  const observations = await parts(
    events.flatMap((event) =>
      event.type === 'tool.finished' ? [{ role: 'user' as const, content: event.content }] : [],
    ),
  );
  const floor = system + observations.reduce((sum, { tokens }) => sum + tokens, 0);
  const actions = last.filter(({ role }) => role === 'assistant');
  const kept = actions.filter(({ content }) => content.startsWith('<think>')).length / actions.length;
  return {
    ratio: uncached / floor,
    kept,
    fewest,
    largest,
    narrowed: events.filter(({ type }) => type === 'view.narrowed').length,
  };
}

/** Observations that are not masked. */
function wholeResults(messages: readonly ChatMessage[]): number {
  return messages.filter(({ role, content }, index) => role === 'user' && index > 1 && content !== omittedResult)
    .length;
}

const shape: RunShape = { thoughtTokens: 300, actionTokens: 100, observationTokens: 4_000 };
const policies: readonly (readonly [string, Retention, { readonly limit?: number }])[] = [
  ['slack0', { policy: 'recency', keep: 5, slack: 0 }, {}],
  ['slack10', { policy: 'recency', keep: 5, slack: 10 }, { limit: 1.6 }],
  ['slack20', { policy: 'recency', keep: 5, slack: 20 }, { limit: 1.45 }],
  ['watermark', { policy: 'watermark', keep: 5, high: 0.9, low: 0.35 }, { limit: 1.4 }],
];
try {
  for (const [name, retention, limit] of policies) {
    const { ratio, kept, narrowed } = await measure(retention, shape);
    figure(`prefill.${name}`, ratio, '× the floor', limit);
    figure(`prefill.${name}.thoughtsKept`, kept, 'share at the last turn', { better: 'higher' });
    figure(`prefill.${name}.narrowings`, narrowed, 'times');
  }
  const reach = await measure({ policy: 'recency', keep: 5, slack: 10 }, { ...shape, thoughtTokens: 400 });
  figure('reach.largestPrompt', reach.largest, 'tokens', { limit: 262_144 });
  figure('reach.fewestResults', reach.fewest, 'whole results in view from turn 6 on, at the fewest', {
    better: 'higher',
    limit: 5,
  });
} finally {
  await counter.dispose();
}
