import assert from 'node:assert/strict';
import { exportReport, reportForms } from '../../src/export/index.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import type { Fact } from '../../src/shared/events.ts';
import { done, logOf, replied, started } from '../webview/logs.ts';
import { checked, given } from '../webview/checkedAnswer.ts';

const formOf = (name: string) => {
  const form = reportForms.find((each) => each.name === name);
  assert.ok(form);
  return form;
};
const exported = (name: string, facts: readonly Fact[]) => exportReport(foldAll(logOf(facts)), formOf(name));

const nasty = '</title><script>alert(1)</script>\u202E {x} % & \\ "q" [a](javascript:alert(1))';
/** Foreign text that tries to leave its place in every form. */
const hostile: readonly Fact[] = [
  started({ question: nasty }),
  ...done(1, replied(1, 'Look.', { tool: 'read_file', args: { path: 'a.md' } }), 'x', {
    sources: ['https://e.example/?a=1&b="><script>', 'https://e.example/b', 'https://e.example/c'].map((uri) => ({
      ...{
        uri,
        kind: 'page',
        retrievedAt: 1_700_000_000_000,
        spans: [],
        title: nasty,
        author: 'Ines}, evil = {Okafor',
      },
      published: '2021-03-02T10:00:00Z',
    })),
  }),
  {
    type: 'answer.given',
    boxed: nasty,
    text: `It is <img src=x onerror=alert(1)> so [1], [click](javascript:alert(1)) ![p](https://e.example/p.png) and \`[2]\` <b>x</b> [2].

Sources:
[1] https://e.example/b "<script>alert(2)</script>"
[2] https://e.example/c "a } b"
[3] javascript:alert(3) "c"`,
    sources: [],
  },
];

describe('exportReport', () => {
  it('writes Markdown with a footnote a source, its state and its date', () => {
    const text = exported('markdown', [...given, checked]);
    assert.match(text, /stopped writing the old format \[\^1\], as the .* says \[\^2\]\[\^3\]\./);
    assert.match(text, /^\[\^1\]: `CHANGELOG\.md:41` — “The v1 cache format is gone” — verified — read 1970-01-01$/m);
    assert.match(
      text,
      /^\[\^2\]: \[blog\]\(<https:\/\/cache-tool\.example\/blog\/4\.0>\) — .* — not found: The source says/m,
    );
    assert.match(
      text,
      /Citations: 1 verified, 2 partly verified, 2 not found; 4 sentences cite nothing, 1 sentence goes beyond its source\./,
    );
    assert.doesNotMatch(text, /^Sources:$/m);
  });

  it('writes HTML whose numbers lead to its sources', () => {
    const text = exported('html', [...given, checked]);
    assert.match(text, /<sup><a href="#source-1" aria-label="Source 1">\[1\]<\/a><\/sup>/);
    assert.match(text, /<li id="source-1" value="1"><code>CHANGELOG\.md:41<\/code>/);
    assert.match(text, /✗ not found/);
    assert.doesNotMatch(text, /<script|<link|<img|@import|src=/);
  });

  it('marks the sentences that cite nothing, with and without sources', () => {
    const bare: readonly Fact[] = [
      started(),
      { type: 'answer.given', boxed: 'x', text: 'Nobody on the team objected to it.', sources: [] },
      { type: 'citations.checked', citations: [], unsupported: [{ from: 0, to: 34 }] },
    ];
    for (const facts of [[...given, checked], bare]) {
      const html = exported('html', facts);
      assert.match(html, /Nobody on the team objected [^<]*<sup class="uncited"[^>]*>uncited<\/sup>/);
      assert.match(html, /cites? nothing/);
      assert.match(exported('markdown', facts), /Nobody on the team objected .* \*\(uncited\)\*/);
    }
    assert.match(exported('html', [...given, checked]), /worked on it\.<sup class="uncited"/);
  });

  it('says what of a marked sentence is missing, and marks rows inside of their last cell', () => {
    const html = exported('html', [...given, checked]);
    assert.match(html, /rewritten for it\.<sup class="uncited" title="[^"]*">not in source 1: “61 %”<\/sup> They/);
    assert.match(html, /<td[^>]*>May 2019<sup class="uncited"[^>]*>uncited<\/sup><\/td>/);
    const markdown = exported('markdown', [...given, checked]);
    assert.match(markdown, /rewritten for it\. \*\(not in source 1: “61 %”\)\* They/);
    assert.match(markdown, /^\| 4\.0 \| 1,250 \| May 2019 \*\(uncited\)\* \|$/m);
  });

  it('lets no mark that a text pretends to have stand for one, and nothing missing leave its place', () => {
    const text = 'So \uE0F00\uE0F0 it is. It has 5 % more.';
    const facts: readonly Fact[] = [
      started(),
      { type: 'answer.given', boxed: 'x', text, sources: [] },
      {
        type: 'citations.checked',
        citations: [],
        unsupported: [{ from: 14, to: text.length, missing: ['"><img src=x> [2] *a* |'], sought: [2] }],
      },
    ];
    const html = exported('html', facts);
    assert.equal(html.match(/<sup class="uncited"/g)?.length, 1);
    assert.doesNotMatch(html, /<img/);
    assert.doesNotMatch(exported('markdown', facts), /(?<!\\)<img|(?<!\\)\[2\]/);
  });

  it('keeps an address whole in BibTeX', () => {
    const facts: readonly Fact[] = [
      started(),
      { type: 'answer.given', boxed: 'x', text: 'So.', sources: [{ uri: 'https://b.example/<b>)"' }] },
    ];
    assert.match(exported('bibtex', facts), /url = \{https:\/\/b\.example\/%3Cb%3E\)%22\}/);
  });

  it('writes BibTeX with unique keys, once a source', () => {
    const text = exported('bibtex', [...given, checked]);
    assert.match(text, /^@misc\{filechangelog,$/m);
    assert.match(
      text,
      /^@online\{[^,]+,\n {2}title = \{\{blog\}\},\n {2}url = \{https:\/\/cache-tool\.example\/blog\/4\.0\},/m,
    );
    const keys = [...exported('bibtex', hostile).matchAll(/^@\w+\{([^,]+),/gm)].map(([, key]) => key);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(keys.length >= 2);
  });

  it('lets no foreign text leave its place', () => {
    const html = exported('html', hostile);
    assert.doesNotMatch(html, /<(?:script|img|b)\b|href="javascript|\u202E/i);
    assert.equal(html.match(/<title>/g)?.length, 1);
    const markdown = exported('markdown', hostile);
    assert.doesNotMatch(markdown, /(?<!\\)<(?:script|img|b)\b|(?<!\\)\]\(<?javascript|(?<!\\)!\[|\u202E/i);
    assert.match(markdown, /`\[2\]`/);
    const bibtex = exported('bibtex', hostile);
    assert.match(bibtex, /author = \{\{Ines, evil = Okafor\}\}/);
    for (const entry of bibtex.split(/\n\n/)) {
      const depth = (entry.match(/\{/g)?.length ?? 0) - (entry.match(/\}/g)?.length ?? 0);
      assert.equal(depth, 0, entry);
    }
  });

  it('shows pictures as links, links to elsewhere as text, and numbers in wide brackets', () => {
    const text =
      'A ![pic](https://e.example/p.png) [![b](data:x)](https://e.example/) in [this `x`](Ü.md), [b.md](b.md)【1】.';
    const answer: Fact = { type: 'answer.given', boxed: 'x', text: `${text}\n\nSources:\n[1] a.md "b"`, sources: [] };
    const html = exported('html', [started(), answer]);
    const rel = 'rel="noreferrer noopener nofollow"';
    assert.ok(
      html.includes(`A <a href="https://e.example/p.png" ${rel}>pic</a> <a href="https://e.example/" ${rel}>b</a>`),
    );
    assert.ok(html.includes('in this <code>x</code> (<code>Ü.md</code>), b.md<sup><a href="#source-1"'));
    assert.match(exported('markdown', [started(), answer]), /in this `x` \(`Ü\.md`\), b\.md\[\^1\]\./);
  });

  it('shows formulas as they are written, bare addresses as links, and the page of a source on the web', () => {
    const text = [
      'H<sub>2</sub>O<br>is <SUP>a"b</SUP> <sub onclick=x>2</sub> <sup><b></sup>.',
      'A $x_1 < y_1$, \\(\\frac{a}{b}\\, c\\), \\[ a_1 [1] \\] and $$\n\\int_0^1 x\n$$ for $5 and $6, at https://e.example/a.',
      'Sources:\n[1] https://e.example/a.pdf, pp. 3–4: "b"',
    ].join('\n\n');
    const answer: Fact = { type: 'answer.given', boxed: 'x', text, sources: [] };
    const html = exported('html', [started(), answer]);
    const formulas = [...html.matchAll(/<code class="maths">([^<]*)<\/code>/g)].map(([, formula]) => formula);
    assert.deepEqual(formulas, ['x_1 &lt; y_1', '\\frac{a}{b}\\, c', 'a_1 [1]', '\\int_0^1 x']);
    assert.match(html, /for \$5 and \$6, at <a href="https:\/\/e\.example\/a" [^>]*>https:\/\/e\.example\/a<\/a>\./);
    assert.ok(
      html.includes(
        '<p>H<sub>2</sub>O<br>is <sup>a&quot;b</sup> &lt;sub onclick=x&gt;2&lt;/sub&gt; &lt;sup&gt;&lt;b&gt;',
      ),
    );
    assert.match(html, /a\.pdf<\/a>, pages 3–4/);
    assert.match(
      exported('markdown', [started(), answer]),
      /^\[\^1\]: <https:\/\/e\.example\/a\.pdf>, pages 3–4 — “b”$/m,
    );
    assert.match(exported('bibtex', [started(), answer]), /pages = \{3--4\}/);
  });

  it('says that there is no answer', () => {
    assert.throws(() => exported('html', [started()]), /no answer to export/);
  });
});
