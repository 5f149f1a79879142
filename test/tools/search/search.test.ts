import assert from 'node:assert/strict';
import { cleanHits } from '../../../src/tools/search/hits.ts';
import { readableAddress, sameAddress } from '../../../src/tools/search/address.ts';
import { reachableProvider } from '../../../src/tools/search/reach.ts';
import { languageTag, countryName, threeLetters } from '../../../src/tools/search/locale.ts';
import { googleSearchTool } from '../../../src/tools/search/googleSearch.ts';
import { makeProvider } from '../../../src/tools/search/providers.ts';
import type { SearchHit } from '../../../src/tools/search/provider.ts';
import { makeSearch } from '../../../src/tools/search/search.ts';
import { answerIn, context, provider, quickAsker } from './parts.ts';
import { braveAnswer, serperAnswer, startService } from './services.ts';

const query = { q: 'cheese', gl: 'us', hl: 'en', num: 10, page: 1 };
const signal = new AbortController().signal;

describe('makeSearch', () => {
  it('asks who failed for good behind the others, for a while', async () => {
    const [bad, good] = await Promise.all([
      startService([{ status: 403, json: { message: 'Unauthorized.' } }]),
      startService([{ json: braveAnswer }]),
    ]);
    const asker = quickAsker();
    const clock = { ms: 0 };
    const seen: SearchHit[] = [];
    const providers = [
      provider({ provider: 'serper', url: bad.url }, asker),
      provider({ provider: 'brave', url: good.url }, asker),
    ];
    const search = makeSearch({ providers, blocked: [], now: () => clock.ms, onHits: (hits) => seen.push(...hits) });
    try {
      const first = await search(query, signal);
      assert.equal(first.provider.name, 'brave');
      assert.match(
        first.notes.join(),
        /^Serper at http:\S+ failed: the key was refused \(HTTP 403: Unauthorized.\)\.$/,
      );
      const second = await search(query, signal);
      assert.deepEqual([second.notes, bad.asked.length], [[], 1]);
      clock.ms = 6 * 60_000;
      await search(query, signal);
      assert.deepEqual([bad.asked.length, good.asked.length], [2, 3]);
      assert.deepEqual(
        seen.slice(0, 2).map(({ link }) => link),
        ['https://example.org/cheese', 'https://example.org/plain'],
      );
    } finally {
      await Promise.all([asker.close(), bad.close(), good.close()]);
    }
  });

  it('names everybody when nobody answers', async () => {
    const services = await Promise.all([
      startService([{ status: 401, json: {} }]),
      startService([{ status: 404, json: {} }]),
    ]);
    const asker = quickAsker();
    const names = ['tavily', 'brave'] as const;
    const providers = names.map((name, index) => provider({ provider: name, url: services[index]?.url ?? '' }, asker));
    try {
      await assert.rejects(makeSearch({ providers, blocked: [] })(query, signal), (error: Error) => {
        assert.equal(error.name, 'ToolError');
        assert.match(
          error.message,
          /- Tavily at \S+ failed: the key was refused \(HTTP 401\)\.\n- Brave Search at \S+ failed: there is no search at this address \(HTTP 404\)\./,
        );
        return true;
      });
    } finally {
      await Promise.all([asker.close(), ...services.map((service) => service.close())]);
    }
  });
});

describe('google_search', () => {
  it('keeps a snippet that JSON has to escape as a text of its own', async () => {
    const organic = [{ title: 'A', link: 'https://example.org/', snippet: 'He said "no".' }];
    const service = await startService([{ json: { ...serperAnswer, organic } }]);
    const asker = quickAsker();
    try {
      const search = makeSearch({
        providers: [provider({ provider: 'serper', url: service.url }, asker)],
        blocked: [],
      });
      const { sources, content } = await googleSearchTool(search).run({ q: 'x' }, context());
      assert.equal(answerIn(content).organic[0]?.snippet, 'He said "no".');
      assert.deepEqual([sources?.[0]?.text, sources?.[0]?.spans], ['A\nHe said "no".', []]);
    } finally {
      await Promise.all([asker.close(), service.close()]);
    }
  });

  it('says what could not be done before its results, so that no cut takes it away', async () => {
    const item = (n: number) =>
      `<item><title>${n}</title><link>/content/a/${n}</link><description>word ${n}</description></item>`;
    const service = await startService([
      {
        html: `<rss>${Array.from({ length: 50 }, (_, n) => item(n)).join('')}</rss>`,
        headers: { 'content-type': 'application/rss+xml' },
      },
    ]);
    const asker = quickAsker();
    try {
      const search = makeSearch({ providers: [provider({ provider: 'kiwix', url: service.url }, asker)], blocked: [] });
      const tool = googleSearchTool(search);
      const { sources = [], content } = await tool.run({ q: 'word', tbs: 'qdr:d', num: 50 }, context());
      const seen = content.slice(0, 200);
      assert.match(seen, /"notes":\["Kiwix has no time filter: results of any date\."\]/);
      assert.deepEqual([answerIn(content).organic.length, sources.length], [50, 50]);
      for (const { spans } of sources) assert.match(content.slice(spans[0]?.from, spans[0]?.to), /^word \d+$/);
    } finally {
      await Promise.all([asker.close(), service.close()]);
    }
  });

  it('takes another page, time or place for another query, and more results or another case for the same', () => {
    const tool = googleSearchTool(makeSearch({ providers: [], blocked: [] }));
    const key = (args: Readonly<Record<string, unknown>>) => tool.query?.({ q: 'cheese', ...args });
    assert.equal(key({}), 'cheese');
    assert.equal(key({ num: 30, gl: 'us', page: '1' }), 'cheese');
    const others = [{ page: 2 }, { tbs: 'qdr:d' }, { hl: 'de' }, { gl: 'fr' }, { location: 'Paris' }].map(key);
    assert.equal(new Set(['cheese', ...others]).size, 6);
    assert.equal(tool.query?.({}), undefined);
  });

  it('says which argument does not fit', () => {
    const tool = googleSearchTool(makeSearch({ providers: [], blocked: [] }));
    assert.equal(tool.check?.({ q: 'cheese', num: '10', page: '', tbs: null }), undefined);
    assert.match(tool.check?.({ q: '  ' }) ?? '', /argument "q"/);
    assert.match(tool.check?.({ query: 'cheese' }) ?? '', /"q" is missing/);
    assert.match(tool.check?.({ q: 'cheese', num: 'many' }) ?? '', /argument "num"/);
  });
});

describe('makeProvider', () => {
  it('makes nobody who lacks a key or an address', () => {
    const asker = quickAsker();
    for (const name of ['serper', 'brave', 'tavily'] as const) {
      assert.equal(makeProvider({ provider: name }, undefined, asker), undefined, name);
      assert.equal(makeProvider({ provider: name }, 'key', asker)?.name, name);
    }
    for (const name of ['searxng', 'kiwix'] as const) {
      assert.equal(makeProvider({ provider: name }, 'key', asker), undefined, name);
      assert.equal(makeProvider({ provider: name, url: 'file:///etc' }, undefined, asker), undefined, name);
      assert.equal(makeProvider({ provider: name, url: 'http://192.168.1.2/' }, undefined, asker)?.name, name);
    }
  });
});

describe('reachableProvider', () => {
  const cases: readonly (readonly [address: string, plainly: boolean, withLoopback: boolean])[] = [
    ['93.184.216.34', true, true],
    ['192.168.1.20', true, true],
    ['10.1.2.3', true, true],
    ['100.64.0.5', true, true],
    ['fd00::5', true, true],
    ['127.0.0.1', false, true],
    ['::1', false, true],
    ['::ffff:127.0.0.1', false, true],
    ['169.254.169.254', false, false],
    ['168.63.129.16', false, false],
    ['fe80::1', false, false],
    ['0.0.0.0', false, false],
    ['::', false, false],
    ['224.0.0.1', false, false],
    ['255.255.255.255', false, false],
    ['64:ff9b::7f00:1', false, false],
    ['nonsense', false, false],
  ];
  for (const [address, plainly, withLoopback] of cases) {
    it(`${address}: ${plainly ? 'always' : withLoopback ? 'where this machine may be asked' : 'never'}`, () => {
      assert.deepEqual([reachableProvider(address, false), reachableProvider(address, true)], [plainly, withLoopback]);
    });
  }
});

describe('cleanHits', () => {
  const hit = (link: string, snippet = '', more = {}) => ({ title: 'T', link, snippet, ...more });

  it('merges what is one page, and keeps the longer snippet and the date', () => {
    const raw = [
      hit('http://example.org/a/', 'short'),
      hit('https://example.org/a?utm_source=x&gclid=1#part', 'a longer one', { date: '2024' }),
      hit('https://example.org/a?b=1&c=2'),
      hit('https://EXAMPLE.org:443/a?c=2&b=1'),
      hit('https://example.org/A'),
    ];
    assert.deepEqual(
      cleanHits(raw, [], 10).map(({ link, snippet, date, position }) => [link, snippet, date, position]),
      [
        ['http://example.org/a/', 'a longer one', '2024', 1],
        ['https://example.org/a?b=1&c=2', '', undefined, 2],
        ['https://example.org/A', '', undefined, 3],
      ],
    );
  });

  it('leaves out what is blocked however it is written, and what is no web address', () => {
    const raw = [
      hit('https://huggingface.co/datasets/x'),
      hit('https://HuggingFace.co//Datasets/x'),
      hit('https://huggingface.co/%64atasets/x'),
      hit('https://www.huggingface.co/spaces/y'),
      hit('https://huggingface.co/models'),
      hit('javascript:alert(1)'),
      hit('file:///etc/passwd'),
      hit('https://user:secret@example.org/'),
      hit('not an address'),
    ];
    const blocked = ['huggingface.co/datasets', 'huggingface.co/spaces'];
    assert.deepEqual(
      cleanHits(raw, blocked, 10).map(({ link }) => link),
      ['https://huggingface.co/models'],
    );
  });

  it('takes markup, entities, control characters and marks that nobody sees out of titles and snippets', () => {
    const [cleaned] = cleanHits(
      [
        {
          title: ' <b>Big</b>\u0000 &amp; small\u200b\u202e ',
          link: 'https://example.org/',
          snippet: 'a &lt; b\n\n 1 < 2 &#x27;x&#39;',
        },
      ],
      [],
      1,
    );
    assert.deepEqual([cleaned?.title, cleaned?.snippet], ['Big & small', "a < b 1 < 2 'x'"]);
    assert.equal(
      cleanHits([{ title: '', link: 'https://example.org/', snippet: 'x'.repeat(3000) }], [], 1)[0]?.snippet.length,
      2000,
    );
  });
});

describe('addresses', () => {
  it('are decoded only where that changes nothing', () => {
    const cases = [
      ['https://de.wikipedia.org/wiki/K%C3%A4se', 'https://de.wikipedia.org/wiki/Käse'],
      [
        'https://ja.wikipedia.org/wiki/%E3%83%81%E3%83%BC%E3%82%BA?x=%e3%83%81',
        'https://ja.wikipedia.org/wiki/チーズ?x=チ',
      ],
      ['https://example.org/a%2Fb%3Fc%23d%26e%25f%20g', 'https://example.org/a%2Fb%3Fc%23d%26e%25f%20g'],
      ['https://example.org/%E2%80%AEgpj', 'https://example.org/%E2%80%AEgpj'],
      ['https://example.org/%C3%28%FF', 'https://example.org/%C3%28%FF'],
    ];
    for (const [given = '', wanted = ''] of cases) {
      assert.equal(readableAddress(given), wanted);
      assert.equal(new URL(wanted).href.toLowerCase(), new URL(given).href.toLowerCase());
      assert.equal(sameAddress(given), sameAddress(wanted));
    }
  });

  it('of single pages behind #! are different', () => {
    assert.notEqual(sameAddress('https://example.org/#!/a'), sameAddress('https://example.org/#!/b'));
    assert.equal(sameAddress('https://example.org/#a'), sameAddress('http://example.org'));
  });
});

describe('languages and countries', () => {
  it('are written as each provider takes them', () => {
    assert.deepEqual(
      [languageTag('en', 'us'), languageTag('de', 'us'), languageTag('de', 'at'), languageTag('zh-cn', 'us')],
      ['en-US', 'de', 'de-AT', 'zh-CN'],
    );
    assert.deepEqual(['de', 'uk', 'us', 'tr', 'xx', 'nonsense'].map(countryName), [
      'germany',
      'united kingdom',
      'united states',
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(['en', 'zh-tw', 'no', 'tlh'].map(threeLetters), ['eng', 'zho', 'nor', undefined]);
  });
});
