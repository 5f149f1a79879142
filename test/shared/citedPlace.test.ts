import assert from 'node:assert/strict';
import type { Evidence } from '../../src/shared/evidence.ts';
import { judgeCitation } from '../../src/shared/judgeCitation.ts';
import { wordsOf } from '../../src/shared/quoteWords.ts';
import { splitSources } from '../../src/shared/sourceList.ts';

type Place = Partial<Pick<Evidence, 'startLine' | 'pages' | 'spans'>> & { readonly stored?: boolean };

/** Judges one entry of a list against what was read of its source, the oldest first. */
async function judged(entry: string, readings: readonly (Place & { readonly content: string })[]) {
  const [source] = splitSources(`So [1].\n\nSources:\n[1] ${entry}`).listed;
  assert.ok(source);
  const records = readings.map(({ content, stored = false, ...place }, index) => {
    const text = stored ? { text: { sha256: 'a'.repeat(64), sizeBytes: 1 } } : {};
    const evidence: Evidence = { uri: source.uri, kind: 'file', retrievedAt: 0, spans: [], ...place, ...text };
    return { ref: { callId: 'call', index }, evidence, turn: 1, content, source: 1 };
  });
  const {
    number: _,
    uri: __,
    quote: ___,
    ...check
  } = await judgeCitation(source, {
    records,
    textOf: async ({ content, evidence }) => ({
      text: content,
      words: () => wordsOf(content, { numbered: evidence.startLine !== undefined && !evidence.text }),
    }),
    observed: () => undefined,
  });
  return check;
}

const numbered = (first: number, lines: readonly string[]) => {
  const content = lines.map((line, index) => `${first + index}\t${line}`).join('\n');
  return { content, startLine: first, spans: [{ from: 0, to: content.length }] };
};

describe('the place of a citation', () => {
  const lines = ['The tower is high.', 'It is red.', 'Nobody paints it.', 'It is red.'];

  it('is the line where the quote stands, where the answer names another', async () => {
    const wrong = await judged('a.md:3 "The tower is high."', [numbered(150, lines)]);
    assert.deepEqual([wrong.state, wrong.line], ['verified', 150]);
    assert.equal(wrong.why, 'The answer names line 3; it stands on line 150.');
    for (const right of ['a.md:150', 'a.md:149-151', 'a.md']) {
      const { state, line, why } = await judged(`${right} "The tower is high."`, [numbered(150, lines)]);
      assert.deepEqual([state, line, why], ['verified', undefined, undefined], right);
    }
    const long = await judged('a.md:151 "It is red. Nobody paints it."', [numbered(150, lines)]);
    assert.equal(long.line, undefined);
  });

  it('is the line that the answer names, where the quote stands there too', async () => {
    const again = await judged('a.md:153 "It is red."', [numbered(150, lines)]);
    assert.deepEqual([again.line, again.why], [undefined, undefined]);
    assert.equal(numbered(150, lines).content.slice(again.span?.from, again.span?.to), 'It is red');
    assert.ok((again.span?.from ?? 0) > 50);
    const other = await judged('a.md:11 "It is red."', [numbered(10, lines), numbered(150, lines)]);
    assert.deepEqual([other.found?.index, other.why], [0, undefined]);
  });

  it('is counted in a stored text, and read from what a search wrote', async () => {
    const text = { content: lines.join('\n'), startLine: 20, stored: true };
    assert.equal((await judged('a.md:20 "Nobody paints it."', [text])).line, 22);
    const content = 'a.md-7- It is red.\na.md:8: Nobody paints it.';
    const spans = ['It is red.', 'Nobody paints it.'].map((line) => {
      return { from: content.indexOf(line), to: content.indexOf(line) + line.length };
    });
    const found = { content, startLine: 7, spans };
    assert.equal((await judged('a.md:9 "Nobody paints it."', [found])).line, 8);
    assert.equal((await judged('a.md:8 "Nobody paints it."', [found])).line, undefined);
    assert.equal((await judged('a.md:9 "Nobody paints it."', [{ content }])).line, undefined);
  });

  it('is the page where the quote stands', async () => {
    const content = 'Annual report\n\nThe first page.\n\nAnnual report\n\nThe second page.';
    const report = { content, stored: true, pages: [0, content.indexOf('Annual', 5)] };
    const check = await judged('a.pdf, page 1 "The second page."', [report]);
    assert.deepEqual([check.state, check.page], ['verified', 2]);
    assert.equal(check.why, 'The answer names page 1; it stands on page 2.');
    const right = await judged('a.pdf (pp. 2–3): "The second page."', [report]);
    assert.deepEqual([right.page, right.why], [2, undefined]);
    assert.equal((await judged('a.pdf "The second page."', [report])).page, 2);
    const twice = await judged('a.pdf, S. 2: "Annual report"', [report]);
    assert.deepEqual([twice.page, twice.span?.from, twice.why], [2, report.pages[1], undefined]);
  });
});
