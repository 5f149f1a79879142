import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedPart } from '../../../src/host/changedPart.ts';

describe('changedPart', () => {
  it('is the smallest part that differs', () => {
    assert.deepEqual(changedPart('one two three', 'one 2 three'), { start: 4, end: 7, text: '2' });
    assert.deepEqual(changedPart('aa', 'aaa'), { start: 2, end: 2, text: 'a' });
    assert.deepEqual(changedPart('same', 'same'), { start: 4, end: 4, text: '' });
  });

  it('takes no line end and no character apart', () => {
    assert.deepEqual(changedPart('a\r\nb', 'a\rb'), { start: 1, end: 3, text: '\r' });
    assert.deepEqual(changedPart('\u{1f600}', '\u{1f601}'), { start: 0, end: 2, text: '\u{1f601}' });
  });

  it('makes the one of the other', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '\u{1f600}', '\u{1f601}') });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { start, end, text: part } = changedPart(before, after);
        assert.equal(before.slice(0, start) + part + before.slice(end), after);
      }),
    );
  });
});
