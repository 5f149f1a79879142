/** What stands in a query is searched as text, and is nobody's command; what was left out is told. */
import assert from 'node:assert/strict';
import type { Asker } from '../../../src/tools/search/ask.ts';
import { googleSearchTool } from '../../../src/tools/search/googleSearch.ts';
import { makeSearch } from '../../../src/tools/search/search.ts';
import { answerIn, context, provider, quickAsker } from './parts.ts';
import { startService, type Reply } from './services.ts';

describe('searxng', () => {
  let asker: Asker;
  let service: Awaited<ReturnType<typeof startService>>;

  beforeEach(() => {
    asker = quickAsker();
  });
  afterEach(async () => {
    await asker.close();
    await service.close();
  });

  const found = (...links: readonly string[]): Reply => ({
    json: { results: links.map((url) => ({ title: 'A', url, content: 'a' })), unresponsive_engines: [] },
  });
  const tool = async (replies: readonly Reply[], blocked: readonly string[] = []) => {
    service = await startService(replies);
    return googleSearchTool(
      makeSearch({ providers: [provider({ provider: 'searxng', url: service.url }, asker)], blocked }),
    );
  };

  for (const [q, sent] of [
    ['!!g cheese', 'g cheese'],
    ['cheese !!g', 'cheese g'],
    ['!wp cheese', 'wp cheese'],
    ['?wp cheese', 'wp cheese'],
    ['!! cheese', 'cheese'],
    ['!!!ddg  cheese', 'ddg cheese'],
    ['a != b', 'a != b'],
    ['Yahoo! 2024', 'Yahoo! 2024'],
    ['!!', '"!!"'],
  ] as const) {
    it(`is asked for ${sent} where the query is ${q}`, async () => {
      await (await tool([found('https://example.org/')])).run({ q }, context());
      assert.equal(service.asked[0]?.query['q'], sent);
    });
  }

  it('is asked first again after a query that it took for a command', async () => {
    const redirect: Reply = { status: 302, html: '', headers: { location: 'https://elsewhere.example/?q=x' } };
    const other = await startService([{ json: { organic: [] } }]);
    service = await startService([redirect, found('https://example.org/')]);
    const providers = [
      provider({ provider: 'searxng', url: service.url }, asker),
      provider({ provider: 'serper', url: other.url }, asker),
    ];
    try {
      const search = googleSearchTool(makeSearch({ providers, blocked: [] }));
      const first = answerIn((await search.run({ q: 'cheese !=' }, context())).content);
      assert.match(first.notes?.join() ?? '', /a part of the query for a command/);
      assert.doesNotMatch(first.notes?.join() ?? '', /name that address/);
      const second = answerIn((await search.run({ q: 'cheese' }, context())).content);
      assert.equal(second.searchParameters.engine, 'searxng');
    } finally {
      await other.close();
    }
  });

  it('is still told from an address that moved', async () => {
    const search = await tool([{ status: 302, html: '', headers: { location: 'https://moved.example/search' } }]);
    await assert.rejects(search.run({ q: 'cheese' }, context()), /redirects to https:\/\/moved.example\/search/);
  });

  it('that found nothing but blocked results is no empty search: it is told how many they were', async () => {
    const search = await tool([found('https://a.blocked.example/1', 'https://blocked.example/2')], ['blocked.example']);
    const { content, rollback } = await search.run({ q: 'cheese' }, context());
    const { organic, notes } = answerIn(content);
    assert.deepEqual([organic, rollback], [[], undefined]);
    assert.deepEqual(notes, [
      'All 2 results lie on blocked domains and were left out: the person keeps these sites out of this run. Search for something else.',
    ]);
  });
});
