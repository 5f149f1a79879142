/** Pages that show nothing without their scripts, and carry their words as data. */
import assert from 'node:assert/strict';
import { readHtml } from '../../../src/tools/documents/html.ts';

const read = (head: string, body = '<div id="root"></div><script src="x.js"></script>') =>
  readHtml({
    bytes: Buffer.from(`<html><head><title>T</title>${head}</head><body>${body}</body></html>`),
    name: 'page.html',
    url: 'https://example.org/a/',
  });
const script = (type: string, text: string) => `<script type="${type}">${text}</script>`;
const sentence = 'It is 301 m high and was opened in 1932 by the king.';

describe('a page without text', () => {
  it('is read from the article of its JSON-LD', () => {
    const body = `${sentence} `.repeat(10).trim();
    const data = {
      '@graph': [
        { '@type': 'Organization', description: 'A paper of the old town and its people.' },
        { '@type': 'NewsArticle', articleBody: body },
      ],
    };
    const { text, notes, wall } = read(script('application/ld+json', JSON.stringify(data)));
    assert.equal(text, body);
    assert.match(notes.join(), /from data that it carries/);
    assert.equal(wall, 'script');
  });

  for (const [what, head] of [
    [
      'a script of JSON',
      script(
        'application/json',
        `{"props":{"a":[{"title":"Tower","body":"${sentence}","height":301,"id":"${'x'.repeat(30)}"}]}}`,
      ),
    ],
    [
      'a state',
      `<script>var a = 1; window.__STATE__ = {"a":{"title":"Tower","body":"${sentence}","height":301,"q":"} {"}}; run();</script>`,
    ],
    [
      'a state by another name',
      `<script>window["__DATA__"]=[{"title":"Tower","body":"${sentence}","height":301}]</script>`,
    ],
    [
      'a state as text',
      `<script>window.state = JSON.parse("{\\"title\\":\\"Tower\\",\\"body\\":\\"${sentence}\\",\\"height\\":301}")</script>`,
    ],
  ] as const) {
    it(`is read from ${what}`, () => {
      const { text } = read(head);
      assert.ok(text.startsWith(`title: Tower\nbody: ${sentence}\nheight: 301`), text);
      assert.doesNotMatch(text, /xxxx/);
    });
  }

  it('is read from markup in its data', () => {
    const html = `<h2>Height</h2><p>${sentence} <a href=\\"b\\">More</a></p><script>alert(1)<\\/script>`;
    const { text } = read(script('application/json', `{"html":"${html}"}`));
    assert.equal(text, `html: ## Height\n\n${sentence} [More](https://example.org/a/b)`);
  });

  for (const [what, head] of [
    ['labels', script('application/json', '{"buildId":"x1","locale":"en","title":"Home"}')],
    ['what is no JSON', `<script>window.__STATE__ = {a: "${sentence}"}; window.x = {</script>`],
    ['programs', `<script>window.f = ["function (a) { return a that is there and here }"]</script>`],
    ['lists without end', script('application/json', '['.repeat(100_000))],
  ] as const) {
    it(`stays without text where its data is ${what}`, () => {
      const { text, wall, notes } = read(head);
      assert.deepEqual([text, wall, notes], ['', 'script', []]);
    });
  }

  it('is not looked for where a page shows its text', () => {
    const { text } = read(
      script('application/json', `{"body":"${sentence}"}`),
      `<p>${'Words that are shown here. '.repeat(30)}</p>`,
    );
    assert.doesNotMatch(text, /301 m/);
  });
});
