import assert from 'node:assert/strict';
import fc from 'fast-check';
import { run } from '../../src/agent/loop.ts';
import { messagesFor, omittedResult, type ChatMessage } from '../../src/agent/messages.ts';
import { maskedResults } from '../../src/agent/view.ts';
import type { Retention } from '../../src/shared/runSettings.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const recency = (keep: number, slack: number): Retention => ({ policy: 'recency', keep, slack });

/** The prompts of a run of so many calls, one a turn. */
async function prompts(calls: number, retention: Retention, toolFormat: 'mcp-xml' | 'native' = 'mcp-xml') {
  const replies = Array.from({ length: calls }, (_, i) =>
    toolFormat === 'mcp-xml'
      ? echoCall(`${i}`)
      : { content: 'I look.', nativeCalls: [{ name: 'notes-echo', arguments: `{"text":"${i}"}` }] },
  );
  const model = scriptedModel([...replies, 'Done.', '\\boxed{so}']);
  const { ports, start, events } = world(model, [echoTool()], { retention }, toolFormat);
  await run(await start(), ports, never);
  return { sent: model.requests.slice(0, calls + 1).map(({ messages }) => messages), events };
}

const isResult = (message: ChatMessage, index: number) =>
  message.role === 'tool' || (message.role === 'user' && index > 1);

describe('maskedResults', () => {
  it('never leaves fewer than keep, nor more than keep and slack, and masks in one go', () => {
    fc.assert(
      fc.property(fc.nat(700), fc.nat(20), fc.nat(30), (total, keep, slack) => {
        const masked = maskedResults(total, recency(keep, slack), 0);
        const live = total - masked;
        assert.ok(live >= Math.min(keep, total) && live <= keep + slack);
        const next = maskedResults(total + 1, recency(keep, slack), 0);
        assert.ok(next === masked || total + 1 - next === keep);
      }),
    );
  });

  it('masks with slack 0 every result but the newest keep, as the paper does', () => {
    for (let total = 0; total < 50; total++) {
      assert.equal(maskedResults(total, recency(5, 0), 0), Math.max(0, total - 5));
    }
  });

  it('masks nothing where all are kept', () => {
    assert.equal(maskedResults(100, recency(-1, 0), 0), 0);
  });
});

describe('messagesFor', () => {
  for (const format of ['mcp-xml', 'native'] as const) {
    it(`shows, in ${format}, the newest keep to keep + slack results and the literal in place of the others`, async () => {
      const { sent } = await prompts(30, recency(3, 4), format);
      for (const [calls, messages] of sent.entries()) {
        const results = messages.filter(isResult);
        const whole = results.filter(({ content }) => content !== omittedResult);
        assert.equal(results.length, calls);
        assert.ok(whole.length >= Math.min(3, calls) && whole.length <= 7, `${whole.length} of ${calls}`);
        assert.deepEqual(results.slice(results.length - whole.length), whole);
      }
    });
  }

  it('keeps the bytes of all that stood before, from turn to turn, but for results that are masked in one go', async () => {
    const { sent } = await prompts(40, recency(5, 10));
    let maskings = 0;
    for (const [index, messages] of sent.entries()) {
      const before = sent[index - 1];
      if (!before) continue;
      const bytes = before.map((message) => JSON.stringify(message));
      const now = messages.map((message) => JSON.stringify(message));
      const changed = bytes.flatMap((text, at) => (text === now[at] ? [] : [at]));
      const masked = now.filter((text) => text === JSON.stringify({ role: 'user', content: omittedResult })).length;
      if (changed.length === 0) continue;
      maskings++;
      assert.equal(changed.length, 11);
      assert.equal(masked % 11, 0);
    }
    assert.equal(maskings, 3);
  });

  it('counts in native format every tool message, and in text format one result a turn', async () => {
    const two = {
      content: 'Both.',
      nativeCalls: ['a', 'b'].map((t) => ({ name: 'notes-echo', arguments: `{"text":"${t}"}` })),
    };
    const model = scriptedModel([two, two, 'Done.', '\\boxed{so}']);
    const native = world(model, [echoTool()], { retention: recency(3, 0) }, 'native');
    await run(await native.start(), native.ports, never);
    const results = model.requests[2]?.messages.filter(({ role }) => role === 'tool') ?? [];
    assert.deepEqual(
      results.map(({ content }) => content === omittedResult),
      [true, false, false, false],
    );
    const text = scriptedModel([`${echoCall('a')}\n${echoCall('b', '')}`, echoCall('c'), 'Done.', '\\boxed{so}']);
    const asText = world(text, [echoTool()], { retention: recency(1, 0) });
    await run(await asText.start(), asText.ports, never);
    const joined = text.requests[1]?.messages.at(-1);
    assert.equal(joined?.content, 'echo: a\necho: b');
    assert.equal(text.requests[2]?.messages[3]?.content, omittedResult);
  });

  it('is the same from the log as it was when it was sent', async () => {
    const { sent, events } = await prompts(25, recency(2, 3));
    const replies = events.flatMap((event, index) => (event.type === 'model.replied' ? [index] : []));
    for (const [turn, messages] of sent.entries()) {
      const before = foldAll(events.slice(0, replies[turn]));
      assert.deepEqual(JSON.stringify(messagesFor(before)), JSON.stringify(messages));
    }
  });

  it('shows the action of a native call whose thought speaks of tags, in either format', async () => {
    const content = '<think>I could write <use_mcp_tool> here.</think>\nReading.';
    const reply = { content, nativeCalls: [{ name: 'notes-echo', arguments: '{"text":"a"}' }] };
    for (const format of ['mcp-xml', 'native'] as const) {
      const model = scriptedModel([reply, 'Done.', '\\boxed{so}']);
      const { ports, start } = world(model, [echoTool()], {}, format);
      await run(await start(), ports, never);
      const action = model.requests[1]?.messages[2];
      assert.ok(action?.role === 'assistant' && action.content.startsWith(content));
      if (format === 'native') assert.equal(action.toolCalls?.length, 1);
      else assert.match(action.content, /Reading\.\n\n<use_mcp_tool>[\s\S]*"text": "a"/);
    }
  });
});
