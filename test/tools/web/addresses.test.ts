/** Addresses in normal form, and the raw forms of pages around texts. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addressesIn, linksInMarkdown, namedHosts, normalAddress } from '../../../src/tools/web/addresses.ts';
import { rawForm } from '../../../src/tools/web/rawForms.ts';

describe('normalAddress', () => {
  it('makes spellings of one address the same', () => {
    const same = ['https://Example.org/a%20b/', 'http://example.org:80/a b', 'https://example.org./a%20b#part'];
    assert.deepEqual(new Set(same.map(normalAddress)), new Set(['example.org/a b']));
    assert.equal(
      normalAddress('https://de.wikipedia.org/wiki/%C3%9Cber'),
      normalAddress('https://de.wikipedia.org/wiki/Über'),
    );
  });

  it('keeps apart what a server can tell apart', () => {
    const apart = ['/a', '/A', '/a?x=1', '/a?x=2', '/a%2Fb', '/a/b', '/a%3Fx=1', ':8080/a', '/a%23b'];
    const keys = apart.map((path) => normalAddress(`https://example.org${path}`));
    assert.equal(new Set(keys).size, apart.length);
    assert.ok(!keys.includes(undefined));
  });

  it('knows nothing of what is no plain web address', () => {
    for (const odd of ['file:///etc/passwd', 'ftp://x.org', 'javascript:alert(1)', 'x.org', '', 'https://me:pw@x.org/'])
      assert.equal(normalAddress(odd), undefined, odd);
  });

  it('is the same for its own result', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        // Another scheme has another port of its own, and an encoded percent sign is one code less each time.
        fc.pre(!/%|:(?:443|80)\b/.test(url));
        const key = normalAddress(url);
        assert.equal(normalAddress(`https://${key ?? ''}`), key);
      }),
    );
  });
});

describe('addressesIn', () => {
  it('finds every address that stands in a text, whatever stands around it', () => {
    const around = fc.constantFrom(
      ['', ''],
      ['(', ').'],
      ['<', '>'],
      ['"', '",'],
      ['see ', ', and'],
      ['**', '**'],
      ['', '?'],
    );
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), around, (url, [before = '', behind = '']) => {
        const found = addressesIn(`a ${before}${url}${behind} b`).map(normalAddress);
        assert.ok(found.includes(normalAddress(url)), `${url} in ${found.join(' ')}`);
      }),
    );
  });

  it('finds links of Markdown, and of them alone', () => {
    const text = 'A [link](https://a.org/x_(y)) and <https://b.org/> and https://c.org/told, [d]: https://d.org/e';
    const links = linksInMarkdown(text).map(normalAddress);
    for (const link of ['a.org/x_(y)', 'b.org', 'd.org/e']) assert.ok(links.includes(link), link);
    assert.ok(!links.some((link) => link?.startsWith('c.org')));
  });

  it('finds hosts that are named without a scheme', () => {
    const found = namedHosts('Look at example.org/a, or at (bücher.example). Not at me@mail.example.').map(
      normalAddress,
    );
    assert.ok(found.includes('example.org/a'));
    assert.ok(found.includes('xn--bcher-kva.example'));
    assert.ok(!found.includes('mail.example'));
  });
});

describe('namedHosts', () => {
  it('finds servers that are named by their number, or as this machine, without a scheme', () => {
    const found = namedHosts('Ask 127.0.0.1:8080/wiki, localhost:3000 and [::1]:80/x. Not xlocalhost:1 or 1.2.3.4.5.');
    for (const at of ['127.0.0.1:8080/wiki', 'localhost:3000', '[::1]:80/x'])
      assert.ok(found.includes(`http://${at}`), at);
    assert.ok(!found.some((each) => /xlocal|:1$/.test(each)), found.join(' '));
  });
});

describe('rawForm', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['https://github.com/o/r/blob/main/src/a.ts#L3', 'https://raw.githubusercontent.com/o/r/main/src/a.ts'],
    ['https://github.com/o/r/raw/v1/a%20b.md', 'https://raw.githubusercontent.com/o/r/v1/a%20b.md'],
    ['https://gist.github.com/o/0123456789abcdef0123456789abcdef', 'https://gist.githubusercontent.com/o/0123456789abcdef0123456789abcdef/raw'],
    ['https://gitlab.com/g/p/-/blob/main/a.py', 'https://gitlab.com/g/p/-/raw/main/a.py'],
    ['https://arxiv.org/abs/1706.03762', 'https://arxiv.org/pdf/1706.03762'],
    ['http://www.arxiv.org/pdf/1706.03762v7.pdf', 'https://arxiv.org/pdf/1706.03762v7'],
    ['https://arxiv.org/html/2501.00001v2', 'https://arxiv.org/pdf/2501.00001v2'],
    ['https://export.arxiv.org/abs/math.GT/0309136', 'https://arxiv.org/pdf/math.GT/0309136'],
    ['https://huggingface.co/o/m/blob/main/README.md', 'https://huggingface.co/o/m/resolve/main/README.md'],
    ['https://huggingface.co/datasets/o/d/blob/main/a.csv', 'https://huggingface.co/datasets/o/d/resolve/main/a.csv'],
    ['https://de.m.wikipedia.org/wiki/Turm?x=1', 'https://de.wikipedia.org/wiki/Turm?x=1'],
    ['https://docs.google.com/document/d/1a_b/edit?usp=sharing', 'https://docs.google.com/document/d/1a_b/export?format=html'],
    ['https://docs.google.com/spreadsheets/d/1a_b/edit#gid=0', 'https://docs.google.com/spreadsheets/d/1a_b/export?format=xlsx'],
    ['https://drive.google.com/file/d/1a_b/view', 'https://drive.google.com/uc?export=download&id=1a_b'],
    ['https://www.dropbox.com/s/abc/a.pdf?dl=0', 'https://www.dropbox.com/s/abc/a.pdf?raw=1'],
  ]; // prettier-ignore
  for (const [page, raw] of forms) {
    it(`takes ${page} to its text`, () => assert.equal(rawForm(page), raw));
  }

  it('leaves every other address as it is', () => {
    const others = ['https://github.com/o/r', 'https://github.com/o/r/issues/1', 'https://evil.org/github.com/o/r/blob/a', 'https://arxiv.org/list/cs.AI/recent', 'https://m.wikipedia.org/', 'https://github.com:8443/o/r/blob/a/b', 'no address']; // prettier-ignore
    for (const other of others) assert.equal(rawForm(other), other);
  });

  it('is the same for its own result', () => {
    for (const [page] of forms) assert.equal(rawForm(rawForm(page)), rawForm(page));
  });
});
