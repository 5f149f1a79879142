import assert from 'node:assert/strict';
import { longestQuote, passagesOf } from '../../../src/model/embedded/passages.ts';
import { readableBlocks } from '../../../src/model/embedded/readable.ts';

const blocks = (path: string, text: string) =>
  readableBlocks(
    path,
    text.split('\n').map((line, index) => ({ line: index + 1, text: line })),
  ).map(({ line, text, isHeading }) => [line, text, isHeading]);

describe('readableBlocks', () => {
  it('takes tags and entities off a page and keeps the lines', () => {
    const html =
      '<h2>Locks<a class="headerlink" href="#l">¶</a></h2>\n<p>Waits <em>5&nbsp;s</em>\n&amp; ends.</p>\n<script>no\n</script>\n<p>Then.</p>';
    assert.deepEqual(blocks('a.html', html), [
      [1, 'Locks', true],
      [2, 'Waits 5\u00a0s\n& ends.'.replace('\u00a0', ' '), false],
      [6, 'Then.', false],
    ]);
  });

  it('takes the markup off reStructuredText, with its comments', () => {
    const rst =
      'Title\n=====\n\n.. comment\n   more of it\n\n.. index::\n   single: lock\n\n.. function:: wait(timeout=5)\n\n   Waits for :class:`~a.Lock`, *not* ``x``; :pep:`498`.';
    assert.deepEqual(blocks('a.rst.txt', rst), [
      [1, 'Title', true],
      [10, 'wait(timeout=5)', false],
      [12, 'Waits for a.Lock, not x; PEP 498.', false],
    ]);
  });

  it('takes the markup off Markdown', () => {
    assert.deepEqual(blocks('a.md', '# The *title*\nSee [this](b.md) and **that**.\n- one\n- two'), [
      [1, 'The title', true],
      [2, 'See this and that.', false],
      [3, '- one', false],
      [4, '- two', false],
    ]);
  });
});

describe('passagesOf', () => {
  it('cuts no quote longer than allowed, and knows the line and the heading of each', () => {
    const text = Array.from({ length: 30 }, (_, index) => `Sentence number ${index} is one of many words.`);
    const passages = passagesOf('a.md', [
      { line: 1, text: 'Many', isHeading: true },
      { line: 3, text: text.join('\n'), isHeading: false },
    ]);
    assert.ok(passages.length > 20);
    assert.ok(passages.every((passage) => passage.text.length <= longestQuote && passage.heading === 'Many'));
    const tenth = passages.find((passage) => passage.text.startsWith('Sentence number 9 '));
    assert.equal(tenth?.line, 12);
  });
});
