import assert from 'node:assert/strict';
import type { ModelReply } from '../../src/agent/ports.ts';
import { growingReply } from '../../src/model/stream.ts';

describe('growingReply', () => {
  const grow = (...chunks: readonly unknown[]): ModelReply => {
    const growing = growingReply();
    for (const chunk of chunks) growing.add(chunk);
    return growing.reply();
  };
  const delta = (fields: object, finish: string | null = null) => ({
    choices: [{ index: 0, delta: fields, finish_reason: finish }],
  });
  const called = (fields: object) => delta({ tool_calls: [fields] });

  it('joins content and thought, and passes over empty and role-only deltas', () => {
    const reply = grow(
      delta({ role: 'assistant' }),
      delta({}),
      delta({ content: null, reasoning_content: 'a' }),
      delta({ reasoning_content: 'b' }),
      delta({ content: 'c' }),
      { choices: [{ index: 0 }] },
      { choices: [] },
      delta({ content: 'd' }, 'stop'),
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } },
    );
    const usage = { promptTokens: 5, completionTokens: 2 };
    assert.deepEqual(reply, {
      content: 'cd',
      reasoning: 'ab',
      thoughtField: 'reasoning_content',
      nativeCalls: [],
      finishReason: 'stop',
      usage,
    });
  });

  it('reads the thought under each of its names, once where a server sends it under two', () => {
    for (const field of ['reasoning_content', 'reasoning', 'thinking']) {
      assert.equal(grow(delta({ [field]: 'a' }), delta({ [field]: 'b', content: 'c' })).reasoning, 'ab', field);
    }
    const both = (text: string) => delta({ reasoning: text, reasoning_content: text, thinking: null });
    assert.equal(grow(both('a'), both('b')).reasoning, 'ab');
    const inTurns = [delta({ reasoning: 'a' }), delta({ reasoning_content: 'a' })];
    assert.equal(grow(...inTurns, delta({ reasoning: 'b' }), delta({ reasoning_content: 'b' })).reasoning, 'ab');
    const details = { reasoning_content: { effort: 'high' }, reasoning: 'a', reasoning_details: [{ text: 'a' }] };
    assert.deepEqual(grow(delta(details), delta({ thinking: ['b'], content: 'c' })), {
      content: 'c',
      reasoning: 'a',
      thoughtField: 'reasoning',
      nativeCalls: [],
      finishReason: null,
    });
  });

  it('gives what each chunk brought, and the calls so far', () => {
    const growing = growingReply();
    const add = (fields: object) => growing.add(delta(fields));
    const none = { content: '', reasoning: '', nativeCalls: [] };
    assert.equal(add({ role: 'assistant', content: '' }), undefined);
    assert.deepEqual(add({ thinking: 'a' }), { ...none, reasoning: 'a' });
    assert.deepEqual(add({ content: 'b' }), { ...none, content: 'b' });
    const first = add({ tool_calls: [{ index: 0, id: 'x', function: { name: 'one', arguments: '{"x"' } }] });
    assert.deepEqual(first, { ...none, nativeCalls: [{ name: 'one', arguments: '{"x"' }] });
    const rest = add({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] });
    assert.deepEqual(rest?.nativeCalls, [{ name: 'one', arguments: '{"x":1}' }]);
    assert.deepEqual(first.nativeCalls, [{ name: 'one', arguments: '{"x"' }]);
  });

  it('keeps the newest usage, in whichever chunk it came', () => {
    const so = (completion: number) => ({ usage: { prompt_tokens: 9, completion_tokens: completion } });
    assert.deepEqual(grow({ ...delta({ content: 'a' }), ...so(1) }, { ...delta({ content: 'b' }), ...so(2) }).usage, {
      promptTokens: 9,
      completionTokens: 2,
    });
  });

  it('takes the first of several choices and what comes with usage in the last chunk', () => {
    const choices = [
      { index: 1, delta: { content: 'no' } },
      { index: 0, delta: { content: 'yes' }, finish_reason: 'length' },
    ];
    const reply = grow({ choices, usage: { prompt_tokens: 1 } }, { choices: [{ index: 1, delta: { content: 'no' } }] });
    const usage = { promptTokens: 1, completionTokens: 0 };
    assert.deepEqual(reply, { content: 'yes', nativeCalls: [], finishReason: 'length', usage });
  });

  it('joins calls by index, interleaved', () => {
    const reply = grow(
      called({ index: 0, id: 'a', function: { name: 'one', arguments: '' } }),
      called({ index: 1, id: 'b', function: { name: 'two', arguments: '{"y"' } }),
      called({ index: 0, function: { arguments: '{"x":' } }),
      called({ index: 1, function: { arguments: ':2}' } }),
      called({ index: 0, function: { arguments: '1}' } }),
    );
    assert.deepEqual(reply.nativeCalls, [
      { name: 'one', arguments: '{"x":1}' },
      { name: 'two', arguments: '{"y":2}' },
    ]);
  });

  it('tells calls apart that share an index or have none, and takes arguments that are an object', () => {
    assert.deepEqual(
      grow(
        called({ index: 0, id: 'a', function: { name: 'one', arguments: '{}' } }),
        called({ index: 0, id: 'b', function: { name: 'one', arguments: '{"n":2}' } }),
        called({ function: { name: 'three', arguments: { n: 3 } } }),
        called({ function: { name: 'four', arguments: '{"n"' } }),
        called({ function: { arguments: ':4}' } }),
      ).nativeCalls,
      [
        { name: 'one', arguments: '{}' },
        { name: 'one', arguments: '{"n":2}' },
        { name: 'three', arguments: '{"n":3}' },
        { name: 'four', arguments: '{"n":4}' },
      ],
    );
  });

  it('passes over what is no chunk', () => {
    const growing = growingReply();
    for (const chunk of [null, 'text', 7, [], { choices: 'none' }, { choices: [{ delta: { content: 7 } }] }]) {
      assert.equal(growing.add(chunk), undefined);
    }
    assert.equal(growing.begun(), false);
  });
});
