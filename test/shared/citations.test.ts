import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberSources, parseCitations, parsePlaces } from '../../src/shared/citations.ts';

describe('parsePlaces', () => {
  it('reads a path and a line, or a range', () => {
    assert.deepEqual(parsePlaces('a/b.md:12'), [{ uri: 'a/b.md', line: 12 }]);
    assert.deepEqual(parsePlaces('my notes/ü.md:3–9'), [{ uri: 'my notes/ü.md', line: 3, endLine: 9 }]);
    assert.deepEqual(parsePlaces('C:/x.md:4'), [{ uri: 'C:/x.md', line: 4 }]);
  });

  it('reads several in one bracket', () => {
    assert.deepEqual(
      parsePlaces('a.md:1; b.md:2, c.md:3')?.map(({ uri }) => uri),
      ['a.md', 'b.md', 'c.md'],
    );
    assert.deepEqual(parsePlaces('one, two.md:3'), [{ uri: 'one, two.md', line: 3 }]);
  });

  it('takes nothing else for a citation', () => {
    for (const text of ['1', 'see above', 'a.md', 'a.md:0', ':3', 'http://a.org:80', 'note: 3', '12:30']) {
      assert.equal(parsePlaces(text)?.[0]?.uri, undefined, text);
    }
  });
});

describe('parseCitations', () => {
  it('takes no picture for a source', () => {
    const text =
      '![pic](http://e.example/p.png) [![b](http://e.example/s.svg)](http://e.example/) Done![a.md:3] \\![t](http://e.example/t)';
    assert.deepEqual(
      parseCitations(text).map(({ uri }) => uri),
      ['a.md', 'http://e.example/t'],
    );
  });

  it('finds places and links in order', () => {
    const text = 'A [x.md:1]. B [the page](https://a.org/b_(c)). C [no](javascript:x) [src/__init__.py:7].';
    assert.deepEqual(parseCitations(text), [
      { uri: 'x.md', line: 1 },
      { uri: 'https://a.org/b_(c)', title: 'the page' },
      { uri: 'src/__init__.py', line: 7 },
    ]);
  });

  it('reads any text without failing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseCitations(text))));
  });
});

describe('numberSources', () => {
  it('numbers by first mention, keeps what is known, and lists uncited ones last', () => {
    const numbered = numberSources('Yes [b.md:2], and [a.md:1], again [b.md:2].', [
      { uri: 'a.md', startLine: 1, quote: 'so it is' },
      { uri: 'c.md', title: 'C' },
      { uri: 'b.md', startLine: 2 },
    ]);
    assert.deepEqual(numbered, [
      { number: 1, uri: 'b.md', line: 2 },
      { number: 2, uri: 'a.md', line: 1, quote: 'so it is' },
      { number: 3, uri: 'c.md', title: 'C' },
    ]);
  });
});
