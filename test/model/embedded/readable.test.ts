import assert from 'node:assert/strict';
import { longestQuote, passagesOf } from '../../../src/model/embedded/passages.ts';
import { readableBlocks } from '../../../src/model/embedded/readable.ts';

const blocks = (path: string, text: string) =>
  readableBlocks(
    path,
    text.split('\n').map((line, index) => ({ line: index + 1, text: line })),
  ).map(({ line, text, kind }) => [line, text, kind]);

describe('readableBlocks', () => {
  it('takes tags and entities off a page and keeps the lines', () => {
    const html =
      '<h2>Locks<a class="headerlink" href="#l">¶</a></h2>\n<p>Waits <em>5&nbsp;s</em>\n&amp; ends.</p>\n<script>no\n</script>\n<p>Then.</p>';
    assert.deepEqual(blocks('a.html', html), [
      [1, 'Locks', 'heading'],
      [2, 'Waits 5\u00a0s\n& ends.'.replace('\u00a0', ' '), 'text'],
      [6, 'Then.', 'text'],
    ]);
  });

  it('takes the markup off reStructuredText, with its comments', () => {
    const rst =
      'Title\n=====\n\n.. comment\n   more of it\n\n.. index::\n   single: lock\n\n.. function:: wait(timeout=5)\n\n   Waits for :class:`~a.Lock`, *not* ``x``; :pep:`498`.';
    assert.deepEqual(blocks('a.rst.txt', rst), [
      [1, 'Title', 'heading'],
      [10, 'wait(timeout=5)', 'signature'],
      [12, 'Waits for Lock, not x; PEP 498.', 'text'],
    ]);
  });

  it('takes the markup off Markdown', () => {
    assert.deepEqual(blocks('a.md', '# The *title*\nSee [this](b.md) and **that**.\n- one\n- two'), [
      [1, 'The title', 'heading'],
      [2, 'See this and that.', 'text'],
      [3, '- one', 'text'],
      [4, '- two', 'text'],
    ]);
  });
});

describe('readableBlocks of other kinds', () => {
  it('shows references and version notes of reStructuredText as Sphinx does', () => {
    const rst = '.. versionadded:: 3.4\n   See :func:`~os.walk` and :meth:`.stop`.';
    assert.deepEqual(blocks('a.rst', rst), [[1, 'New in version 3.4:\n See walk() and stop().', 'text']]);
  });

  it('names the columns of a table in each row', () => {
    assert.deepEqual(blocks('a.csv', 'planet,"first, by"\nMars,"Mariner ""4"""'), [
      [1, 'planet,"first, by"', 'text'],
      [2, 'planet: Mars; first, by: Mariner "4"', 'text'],
    ]);
  });
});

describe('passagesOf', () => {
  it('cuts no quote longer than allowed, and knows the line and the heading of each', () => {
    const text = Array.from({ length: 30 }, (_, index) => `Sentence number ${index} is one of many words.`);
    const passages = passagesOf('a.md', [
      { line: 1, text: 'Many', kind: 'heading', indent: 0 },
      { line: 3, text: text.join('\n'), kind: 'text', indent: 0 },
    ]);
    assert.ok(passages.length > 20);
    assert.ok(passages.every((passage) => passage.text.length <= longestQuote && passage.heading === 'Many'));
    const tenth = passages.find((passage) => passage.text.startsWith('Sentence number 9 '));
    assert.equal(tenth?.line, 12);
  });
});
