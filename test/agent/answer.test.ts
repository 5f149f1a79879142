import assert from 'node:assert/strict';
import { answerText, boxedAnswer, citedSources, lastBoxed } from '../../src/agent/answer.ts';

describe('lastBoxed', () => {
  const cases: readonly [string, string | undefined][] = [
    ['\\boxed{one} then \\boxed{two}', 'two'],
    ['\\boxed{a {nested} b}', 'a {nested} b'],
    ['\\boxed{a \\{ b}', 'a \\{ b'],
    ['\\boxed {spaced}', 'spaced'],
    ['\\boxed{never closed', 'never closed'],
    ['no box', undefined],
  ];
  for (const [text, boxed] of cases) it(`reads ${JSON.stringify(text)}`, () => assert.equal(lastBoxed(text), boxed));
});

describe('boxedAnswer', () => {
  for (const nothing of ['', '?', '??', '???', '？', '……', '…', '...', 'unknown', ' Unknown ']) {
    it(`takes ${JSON.stringify(nothing)} for no answer`, () =>
      assert.equal(boxedAnswer(`\\boxed{${nothing}}`), undefined));
  }
});

describe('answerText', () => {
  it('leaves out the thought and the box', () => {
    assert.equal(answerText('<think>hm</think>It is so. [a.md:1]\n\n$\\boxed{so}$'), 'It is so. [a.md:1]');
  });

  it('keeps the words of a box in the middle of a sentence, and leaves no mark alone', () => {
    assert.equal(answerText('It is \\boxed{first}. More.'), 'It is first. More.');
    assert.equal(answerText('So.\n\n$\\boxed{5}$.'), 'So.');
    assert.equal(answerText('**\\boxed{5}**'), '');
  });
});

describe('citedSources', () => {
  it('reads files with lines and pages, each once', () => {
    const text = 'A "the very words" [docs/a b.md:12] and [Title](https://example.org/x) and [docs/a b.md:12].';
    assert.deepEqual(citedSources(text), [
      { uri: 'docs/a b.md', startLine: 12, quote: 'the very words' },
      { uri: 'https://example.org/x', title: 'Title' },
    ]);
  });
});
