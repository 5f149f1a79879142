/** What of a long document is shown: what matters, in its order, within its limit. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chunksOf } from '../../../src/tools/documents/chunks.ts';
import { bestPassages, shownFor } from '../../../src/tools/documents/passages.ts';

interface Text {
  readonly text: string;
  readonly sections: readonly { readonly title: string; readonly level: number; readonly from: number }[];
}

/** Sections of some text each; `told` puts a sentence into some of them. */
function book(count: number, told: Readonly<Record<number, string>> = {}): Text {
  const filler = 'The quick brown fox jumps over the lazy dog, and nothing else of note happens here. '.repeat(12);
  const sections: Text['sections'][number][] = [];
  let text = '';
  for (let index = 1; index <= count; index++) {
    sections.push({ title: `Section ${index}`, level: index % 10 === 1 ? 1 : 2, from: text.length });
    text += `# Section ${index}\n\n${filler}\n\n${told[index] ?? 'So it ends.'}\n\n`;
  }
  return { text, sections };
}

const texts = fc.record({ text: fc.string({ unit: 'binary', maxLength: 20_000, size: 'max' }), cuts: fc.array(fc.nat(20_000), { maxLength: 9 }) }).map(
  ({ text, cuts }) => ({ text, sections: cuts.map((from, index) => ({ title: `s ${index}`, level: 1 + (index % 3), from })) }),
); // prettier-ignore

describe('chunksOf', () => {
  it('cuts a document without gaps, across no heading, through no character', () => {
    fc.assert(
      fc.property(texts, (document) => {
        const { text, sections } = document;
        const chunks = chunksOf(document);
        assert.equal(chunks.map(({ from, to }) => text.slice(from, to)).join(''), text);
        for (const { from, to } of chunks) {
          assert.ok(to > from && to - from <= 1_800);
          assert.ok(!sections.some((section) => section.from > from && section.from < to));
          const split = /^[\uDC00-\uDFFF]/.test(text.slice(from)) && /[\uD800-\uDBFF]$/.test(text.slice(0, from));
          assert.ok(!split || sections.some((section) => section.from === from));
        }
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });
});

describe('shownFor', () => {
  it('shows a text whole that fits', () => {
    const document = book(3);
    assert.deepEqual(shownFor(document, 'fox', document.text.length), { text: document.text, spans: [] });
  });

  it('keeps to the limit, in order, and shows exactly its spans', () => {
    fc.assert(
      fc.property(texts, fc.string(), fc.integer({ min: 200, max: 10_000 }), (document, wanted, limit) => {
        const { text, spans } = shownFor(document, wanted, limit);
        assert.ok(text.length <= limit, `${text.length} > ${limit}`);
        for (const [index, { from, to }] of spans.entries()) {
          assert.ok(from < to && to <= document.text.length && from >= (spans[index - 1]?.to ?? 0));
        }
        for (const { from, to } of chunksOf(document)) {
          if (!spans.some((span) => span.from <= from && to <= span.to)) continue;
          assert.ok(text.includes(document.text.slice(from, to).trim()));
        }
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  it('finds the passages of the question wherever they stand, with their place', () => {
    const document = book(2_000, {
      777: 'The bridge of Nordby was opened in 1931.',
      1_999: 'Nordby lost its bridge in 1962.',
    });
    const { text, spans } = bestPassages(document, 'What became of the bridge of Nordby?', 12_000);
    assert.match(text, /\[Section 771 › Section 777\]\n/);
    assert.match(text, /opened in 1931[\s\S]*\[…\][\s\S]*lost its bridge in 1962/);
    assert.ok(text.length < 12_000 && spans.length >= 3);
  });

  it('finds words in other forms, and words of scripts without spaces', () => {
    const document = book(500, {
      321: 'Two companies were manufacturing engines there.',
      450: '东京塔的高度是三百三十三米。',
    });
    assert.match(bestPassages(document, 'company that manufactured an engine', 8_000).text, /Two companies/);
    assert.match(bestPassages(document, '东京塔有多高', 8_000).text, /三百三十三米/);
  });

  it('shows how a document is built, and how its sections begin, where nothing fits', () => {
    const { text, spans } = bestPassages(book(60), 'xyzzy', 30_000);
    assert.match(text, /^\[Outline of the whole document\]\n- Section 1\n/);
    assert.ok(spans.length >= 1);
    assert.match(text, /\[Section 1\]\n# Section 1\n/);
  });

  it('says on which page a passage stands', () => {
    const document = book(100, { 60: 'The bridge of Nordby was opened in 1931.' });
    const pages = Array.from({ length: 50 }, (_, index) => Math.floor((document.text.length / 50) * index));
    const { text } = bestPassages({ ...document, pages }, 'bridge of Nordby', 6_000);
    assert.match(text, /\[Section 51 › Section 60, page 30\]/);
  });
});
