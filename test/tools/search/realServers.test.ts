import assert from 'node:assert/strict';
import type { Asker } from '../../../src/tools/search/ask.ts';
import { makeAsker } from '../../../src/tools/search/ask.ts';
import { googleSearchTool } from '../../../src/tools/search/googleSearch.ts';
import { makeSearch } from '../../../src/tools/search/search.ts';
import { sogouSearchTool } from '../../../src/tools/search/sogouSearch.ts';
import type { SearchChoice } from '../../../src/shared/webSettings.ts';
import type { LocalServer } from '../../harness/localServer.ts';
import { startKiwix } from '../../harness/kiwix.ts';
import { documentationUrl, startSearx } from '../../harness/searx.ts';
import { answerIn, context, provider } from './parts.ts';

describe('google_search on real servers', () => {
  let asker: Asker;

  before(() => {
    asker = makeAsker({ allowLoopback: true });
  });
  after(() => asker.close());

  const tools = (choices: readonly SearchChoice[], blocked: readonly string[] = []) => {
    const search = makeSearch({ providers: choices.map((choice) => provider(choice, asker)), blocked });
    const ask = async (args: Readonly<Record<string, unknown>>) => {
      const output = await googleSearchTool(search).run(args, context());
      return { ...output, ...answerIn(output.content) };
    };
    return { ask, sogou: sogouSearchTool(search) };
  };

  describe('searx, SearXNG’s ancestor', () => {
    let searx: LocalServer;

    before(async () => {
      searx = await startSearx();
    });
    after(() => searx.close());
    const choice = (): SearchChoice => ({ provider: 'searxng', url: searx.url });

    it('brings titles, addresses and snippets, each in its place of the answer', async () => {
      const { ask } = tools([choice()]);
      const { organic, searchParameters, sources, content, notes, rollback } = await ask({ q: 'global variables' });
      assert.deepEqual(
        organic.map(({ position }) => position),
        [1, 2, 3, 4],
      );
      const hit = organic.find(({ link }) => link === `${documentationUrl}programming.html`);
      assert.match(hit?.title ?? '', /^Programming FAQ — Python [\d.]+ documentation$/);
      assert.match(hit?.snippet ?? '', /rules for local and global variables/);
      assert.deepEqual([searchParameters.q, searchParameters['num']], ['global variables', 10]);
      assert.deepEqual([searchParameters['gl'], searchParameters['hl']], ['us', 'en']);
      assert.deepEqual([notes, rollback], [undefined, undefined]);
      for (const [index, { snippet, link }] of organic.entries()) {
        const source = sources?.[index];
        assert.deepEqual([source?.kind, source?.uri], ['hit', link]);
        const [span] = source?.spans ?? [];
        const shown = span ? content.slice(span.from, span.to) : source?.text?.split('\n')[1];
        assert.equal(shown, snippet);
      }
    });

    it('finds a phrase with its quotes, and asks again without them where they find nothing', async () => {
      const { ask } = tools([choice()]);
      const phrase = await ask({ q: '"lambdas defined in a loop"' });
      assert.deepEqual([phrase.organic.length, phrase.notes], [1, undefined]);
      const loose = await ask({ q: '"loop lambdas"' });
      assert.ok(loose.organic.length > 1);
      assert.equal(loose.searchParameters.q, 'loop lambdas');
      assert.match(String(loose.notes), /without/);
    });

    it('writes addresses as people do, keeps what is blocked out and gives no more than were asked for', async () => {
      const { ask } = tools([choice()], ['docs.python.org/3/faq/programming.html', 'elsewhere.test']);
      const { organic } = await ask({ q: 'quarkkuchen' });
      assert.deepEqual(
        organic.map(({ title, link }) => [title, link]),
        [['Käsekuchen & Qt', `${documentationUrl}Käse%20kuchen.html`]],
      );
      const kept = await ask({ q: 'global variables', num: 2 });
      assert.equal(kept.organic.length, 2);
      assert.ok(kept.organic.every(({ link }) => !link.includes('programming')));
      const none = await tools([choice()], ['python.org']).ask({ q: 'global variables' });
      assert.deepEqual([none.organic, none.rollback], [[], undefined]);
      assert.match(none.notes?.join() ?? '', /^All \d+ results lie on blocked domains and were left out/);
    });

    it('rolls back what finds nothing, and turns pages', async () => {
      const { ask } = tools([choice()]);
      assert.match((await ask({ q: 'zzqqxx' })).rollback ?? '', /found nothing for zzqqxx/);
      const [first, second] = [await ask({ q: 'python' }), await ask({ q: 'python', page: 2 })];
      assert.equal(first.organic.length, 10);
      assert.ok(second.organic.every(({ link }) => first.organic.every((hit) => hit.link !== link)));
    });

    it('takes an engine that broke for no answer and asks the next provider', async () => {
      const kiwix = await startKiwix();
      try {
        const { ask } = tools([choice(), { provider: 'kiwix', url: kiwix.url }]);
        const { organic, searchParameters, notes } = await ask({ q: 'What is a quarkkuchen?' });
        assert.deepEqual([organic.length > 0, searchParameters.engine], [true, 'kiwix']);
        assert.match(
          String(notes),
          /^SearXNG at http:\S+ failed: none of its engines answered \(documentation: .+fts5/,
        );
      } finally {
        await kiwix.close();
      }
    });

    it('answers sogou_search in the same shape', async () => {
      const { sogou } = tools([choice()]);
      const { content } = await sogou.run({ q: 'global variables', num: '20' }, context());
      const { organic, searchParameters } = answerIn(content);
      assert.equal(organic.length, 4);
      assert.deepEqual([searchParameters['hl'], searchParameters['num']], ['zh-cn', 20]);
    });
  });

  describe('kiwix-serve', () => {
    let kiwix: LocalServer;

    before(async () => {
      kiwix = await startKiwix(
        [
          { name: 'faq', language: 'eng' },
          { name: 'fragen', language: 'deu' },
        ],
        { root: '/wiki' },
      );
    });
    after(() => kiwix.close());
    const choice = (): SearchChoice => ({ provider: 'kiwix', url: `${kiwix.url}/` });

    it('brings addresses that lead to the page, with their text', async () => {
      const { ask } = tools([choice()]);
      const { organic } = await ask({ q: 'quarkkuchen' });
      const [hit] = organic;
      assert.equal(hit?.title, 'Käsekuchen & Qt');
      assert.equal(hit.link, `${kiwix.url}/faq/Käse%20kuchen.html`);
      assert.match(hit.snippet, /A quarkkuchen is baked for an hour/);
      assert.doesNotMatch(hit.snippet, /<b>/);
      const page = await (await fetch(hit.link)).text();
      assert.match(page, /A quarkkuchen is baked for an hour/);
    });

    it('searches the books of the language, and all where there is none of it', async () => {
      const { ask } = tools([choice()]);
      const books = async (hl: string) => {
        const { organic } = await ask({ q: 'global variables', hl });
        return [...new Set(organic.map(({ link }) => link.split('/')[4]))].toSorted();
      };
      assert.deepEqual(await books('en'), ['faq']);
      assert.deepEqual(await books('de'), ['fragen']);
      assert.deepEqual(await books('fr'), ['faq', 'fragen']);
      assert.deepEqual(await books('tlh'), ['faq', 'fragen']);
    });

    it('says that it knows no times, turns pages and rolls back what finds nothing', async () => {
      const { ask } = tools([choice()]);
      const first = await ask({ q: 'python', num: 3, tbs: 'qdr:w' });
      assert.deepEqual([first.organic.length, first.notes], [3, ['Kiwix has no time filter: results of any date.']]);
      const second = await ask({ q: 'python', num: 3, page: 2 });
      assert.equal(second.organic.length, 3);
      assert.ok(second.organic.every(({ link }) => first.organic.every((hit) => hit.link !== link)));
      assert.match((await ask({ q: 'zzqqxx' })).rollback ?? '', /found nothing/);
    });

    it('names a wrong address and a book without an index', async () => {
      const wrong = { provider: 'kiwix', url: kiwix.url.replace('/wiki', '/nowhere') } as const;
      await assert.rejects(
        tools([wrong]).ask({ q: 'python' }),
        /nowhere failed: there is no search at this address \(HTTP 404/,
      );
      const plain = await startKiwix([{ name: 'plain', language: 'eng' }], { index: false });
      try {
        await assert.rejects(
          tools([{ provider: 'kiwix', url: plain.url }]).ask({ q: 'quarkkuchen' }),
          /its books have no full-text index: get/,
        );
      } finally {
        await plain.close();
      }
    });
  });
});
