import assert from 'node:assert/strict';
import { citedNumbers, numberSources, parseNumbers } from '../../src/shared/citations.ts';
import { splitSources } from '../../src/shared/sourceList.ts';

const entry = (line: string) => splitSources(`It is so [1].\n\nSources:\n${line}`).listed[0];

describe('splitSources', () => {
  it('reads entries in the ways that models write them', () => {
    const path = { number: 1, uri: 'docs/a b.md', line: 12, quote: 'exact words' };
    assert.deepEqual(entry('[1] docs/a b.md:12 "exact words"'), path);
    assert.deepEqual(entry('- [1] `docs/a b.md:12` — “exact words”'), path);
    assert.deepEqual(entry('1. docs/a b.md (line 12): "exact words"'), path);
    assert.deepEqual(entry('【1】docs/a b.md 第 12 行 「exact words」'), path);
    assert.deepEqual(entry('[1] docs/a b.md:12\n    "exact words"'), path);
    const page = { number: 1, uri: 'https://e.example/x_(y)', quote: 'two words' };
    assert.deepEqual(entry('[1] https://e.example/x_(y). "two words"'), page);
    assert.deepEqual(entry('[1]: [The title](https://e.example/x_(y)) «two words»'), { ...page, title: 'The title' });
    assert.deepEqual(entry('[1] "The title", https://e.example/x_(y), "two words"'), { ...page, title: 'The title' });
    assert.deepEqual(entry('[1] https://e.example/x'), { number: 1, uri: 'https://e.example/x' });
  });

  it('knows headings, footnotes, and lists without either', () => {
    for (const heading of ['Sources:', '## References', '**Sources**', '参考文献：', '### 参考'])
      assert.equal(splitSources(`So [1].\n\n${heading}\n[1] a/b.md "q"`).body, 'So [1].', heading);
    assert.equal(splitSources('So[^1].\n\n[^1]: https://e.example/ "q"').listed.length, 1);
    assert.equal(splitSources('So [1].\n\n[1] docs/a.md:3 "q"').listed.length, 1);
    assert.deepEqual(splitSources('Sources: none of them is open.').listed, []);
  });

  it('ends on lists of hundreds of thousands of marks that are never closed', () => {
    for (const piece of ['“', '"\\', '«', '„', '" "a', '\n', '\n[2] a.md "', '\nSources:', '\n\n"']) {
      const text = `Sources:\n[1] a.md:1 ${piece.repeat(300_000 / piece.length)}`;
      const { listed } = splitSources(text);
      assert.equal(listed[0]?.uri ?? 'a.md', 'a.md', piece);
      assert.ok(listed.length <= 1_000);
      for (const { quote = '' } of listed) assert.ok(quote.length <= 6_000, piece);
    }
  });

  it('gives a number that was given twice to the first', () => {
    const numbers = splitSources('So.\n\nSources:\n[1] a.md "x"\n[1] b.md "y"').listed.map(({ number }) => number);
    assert.deepEqual(numbers, [1, 2]);
  });
});

describe('parseNumbers', () => {
  it('reads lists, ranges, footnotes and what some models put behind', () => {
    assert.deepEqual(parseNumbers('1, 3-5'), [1, 3, 4, 5]);
    assert.deepEqual(parseNumbers('^2'), [2]);
    assert.deepEqual(parseNumbers('4†L3-L9'), [4]);
    assert.equal(parseNumbers('a.md:3'), undefined);
    assert.deepEqual(citedNumbers('So [1][2]. 是【3】。 Not `list[4]`.'), [1, 2, 3]);
  });
});

describe('pages in a list of sources', () => {
  it('stand behind the place in many ways, or in the address', () => {
    for (const [line, page, endPage] of [
      ['ok.pdf, page 1 "Hello there."', 1],
      ['`a b.pdf` (p. 3): "Hello there."', 3],
      ['ok.pdf, pp. 3–5 — "Hello there."', 3, 5],
      ['Bericht.pdf, S. 12: „Hello there.“', 12],
      ['Report, https://e.example/ok.pdf, p. 7 "Hello there."', 7],
      ['[Report](https://e.example/ok.pdf), page 7: "Hello there."', 7],
      ['https://e.example/ok.pdf#page=7 "Hello there."', 7],
      ['ok.pdf 第3页 "Hello there."', 3],
      ['ok.pdf "Hello there."', undefined],
      ['pages/ok.pdf:4 "Hello there."', undefined],
    ] as const) {
      const listed = entry(`[1] ${line}`);
      assert.deepEqual([listed?.page, listed?.endPage, listed?.quote], [page, endPage, 'Hello there.'], line);
    }
    assert.equal(entry('[1] ok.md 第3行 "x y"')?.line, 3);
  });
});

describe('numberSources', () => {
  it('keeps the numbers of the list and puts other citations behind them', () => {
    const text = 'So [2], and [c.md:4].\n\nSources:\n[1] a.md:1 "x"\n[2] a.md:1 "y"';
    assert.deepEqual(
      numberSources(text, []).map(({ number, uri, quote }) => ({ number, uri, quote })),
      [
        { number: 1, uri: 'a.md', quote: 'x' },
        { number: 2, uri: 'a.md', quote: 'y' },
        { number: 3, uri: 'c.md', quote: undefined },
      ],
    );
  });
});
