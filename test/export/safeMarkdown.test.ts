import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt, { type Env, type Token } from 'markdown-it';
import { safeMarkdown } from '../../src/export/safeMarkdown.ts';

/** What a viewer that allows everything would load, follow or take for HTML. */
function live(markdown: string): readonly string[] {
  const viewer = new MarkdownIt({ html: true });
  viewer.validateLink = () => true;
  const env: Env = {};
  const flat = (tokens: readonly Token[]): readonly Token[] =>
    tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
  const found = flat(viewer.parse(markdown, env)).flatMap((token) => {
    if (token.type === 'html_inline' && /^<(?:br ?\/?|\/?su[bp])>$/i.test(token.content)) return [];
    if (token.type === 'html_block' || token.type === 'html_inline') return [token.content];
    if (token.type === 'image') return [`picture ${String(token.attrGet('src'))}`];
    const isNote = JSON.stringify(token.meta).startsWith('{"label":"^');
    return token.type === 'link_open' && !isNote ? [String(token.attrGet('href'))] : [];
  });
  const defined = Object.entries(env.references ?? {})
    .filter(([label, { href }]) => !label.startsWith('^') || /\W/.test(href))
    .map(([, { href }]) => href);
  return [...found, ...defined].filter((each) => !/^(?:https?:\/\/|#)/.test(each));
}

const hostile: readonly string[] = [
  '\\`<img src=x onerror=alert(1)>\\`',
  '```a`b\n<img src=x onerror=alert(1)>\n```',
  '> [ref]: javascript:alert(2)\n>\n> [ref]',
  '- [ref]:\n  javascript:alert(2)\n  "a title\n  of two lines"\n\n[words][ref]',
  '[a\\]b]: javascript:x\n[a\\]b]',
  '````\n```\n<b>\n````\n<b>',
  '~~~ `\n<b>\n~~~\n<b>',
  '- one\n  ```\n  <b>\n\n<b>',
  '> ```\n> <b>\n<b>',
  '<!-- a --> <?php ?> <!DOCTYPE x> <![CDATA[x]]>',
  '<div>\n```\n<img src=x>\n```\n</div>',
  '[a](java&#115;cript:alert(1)) [b](<javascript:alert(1)> "t") [c](\n javascript:a\n "t" ) [d](JaVaScRiPt:a(b(c)))',
  '<javascript:alert(1)> <mailto:a@b.example> <a@b.example>',
  '\\\\<b> \\<b> \\\\\\<b> \\![a](data:x) \\\\![a](data:x)',
  '``<b>` <b> ``<i>`` `<u>',
  '![a](http://e.example/p.png) ![a][p] ![p] ![](http://e.example/q.png)\n\n[p]: http://e.example/r.png',
  '[![a](data:x)](http://e.example/) ![a [b](c) ![d](e)](f)',
  '| a | b |\n|---|---|\n| `x\\|<b>` | <b> |\n| ` | <i>` |\n| [l](javascript:x) | `<b>` | <s> |',
  'Title <b>\n=====\n\n# <b> # <i> #\n\n## `<b>` <b> ##',
  '[[a]: javascript:b](c)',
  '\t<b>\n\n- \t<b>\n\n>\t<b>\n>\n> \t<b>',
  'a\r\n<b>\rc',
  'a ``\n<!--`` b',
  '> a `\n>  <div>` b',
  '[a](http://e.example "\n<div>\n")',
  '<br>\n<img src=x>',
  '- <br>\n  <img src=x>',
  '> a\n> <br/>\n> <img src=x>',
  '<sub>\n<img src=x></sub>',
  '<sub>![a](http://e.example/p.png)</sub> <sup>[a](javascript:x)</sup>',
  '[a]: http://e.example "\n<div>\n"\n\n[a]',
];

describe('safeMarkdown', () => {
  it('leaves nothing that a viewer follows or loads', () => {
    for (const text of hostile) {
      assert.notEqual(live(text).length, 0, `harmless: ${text}`);
      assert.deepEqual(live(safeMarkdown(text)), [], text);
    }
    const pieces = fc.constantFrom(
      ...['<b>', '<!--', '-->', '`', '``', '```', '~~~', '\n', '\n\n', '\\', '![', '[', ']', '](', ')', '(', ' "t"'],
      ...['javascript:x', 'http://e.example', ']: ', '> ', '- ', '1. ', '    ', '\t', '|', '|--|--|', '# ', '===', 'a'],
      ...[
        '&#60;',
        '<',
        '>',
        '*',
        '_',
        '[1]',
        '[^2]',
        '<http://e.example>',
        '<x:y>',
        '!',
        '<br>',
        '<sub>',
        '</sub>',
        ' ',
      ],
    );
    const text = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (each) => live(safeMarkdown(each, [{ number: 1, uri: 'a.md' }])).length === 0),
      { numRuns: 4_000 },
    );
  });

  it('changes nothing else', () => {
    const fine = [
      '# A title\n\nSome *words* with `<b>` code, a < b, 3<4 and an [address](https://e.example/a_(b) "title").',
      '```html\n<img src="x">\n[1]\n```\n\n    <b>indented</b>\n\n- a\n  1. b\n\n     ~~~\n     <b>\n     ~~~',
      '| a | b |\n|:--|--:|\n| `a\\|<b>` | $x_1 \\cdot y$ |\n\n> a quote\n> of two lines\n\n<https://e.example/>, [r].',
      '| H<sub>2</sub>O<br>x<SUP>2</SUP> | b |\n|--|--|\n| a<br/>b | c<br />d |',
      '[r]: https://e.example/r "t"\n\n[r] and note[^n], [down](#title) \\(x\\).\n\n[^n]: Word',
    ];
    for (const text of fine) assert.equal(safeMarkdown(text, [{ number: 1, uri: 'a.md' }]), text);
  });

  it('writes what a link led to behind its words, and a picture as a link', () => {
    assert.equal(safeMarkdown('[click me](javascript:alert(1))!'), 'click me (`javascript:alert(1)`)!');
    assert.equal(
      safeMarkdown('[a.md](a.md) and [`b.md`](b.md), [this](<Ü b.md> "t")'),
      'a.md and `b.md`, this (`Ü b.md`)',
    );
    assert.equal(
      safeMarkdown(
        '![pic](http://e.example/p.png) ![](http://e.example/q.png) [![b](http://e.example/s.svg)](http://e.example)',
      ),
      '[pic](http://e.example/p.png) <http://e.example/q.png> [b](http://e.example)',
    );
  });

  it('writes citations as footnotes, in tables and links too, and not in code', () => {
    const sources = [
      { number: 1, uri: 'a.md' },
      { number: 2, uri: 'b.md', line: 3 },
    ];
    assert.equal(
      safeMarkdown('So [1, 2] [b.md:3] `[1]` \\`[1]\\` [3].\n\n| a[1] | b |\n|--|--|\n| `[1]` | 【2】 |', sources),
      'So [^1][^2] [^2] `[1]` \\`[^1]\\` [3].\n\n| a[^1] | b |\n|--|--|\n| `[1]` | [^2] |',
    );
    assert.equal(safeMarkdown('[see [1]](x.md) Wow![1]', sources), 'see [^1] (`x.md`) Wow\\![^1]');
  });

  it('closes a fence that the text leaves open', () => {
    assert.equal(safeMarkdown('~~~~js\nlet a;\n~~~'), '~~~~js\nlet a;\n~~~\n~~~~');
    assert.equal(safeMarkdown('```\na\n```'), '```\na\n```');
    assert.equal(safeMarkdown('```'), '```\n```');
  });

  it('gives up on links in links in links, and is safe then too', () => {
    const text = `${'['.repeat(60)}<b>${'](javascript:x)'.repeat(60)}`;
    assert.deepEqual(live(safeMarkdown(text)), []);
  });
});
