/** What a provider's empty, odd or late answers mean for a search. */
import assert from 'node:assert/strict';
import type { SearchProviderName } from '../../../src/shared/webSettings.ts';
import type { Asker } from '../../../src/tools/search/ask.ts';
import { searchOutput } from '../../../src/tools/search/answer.ts';
import { makeSearch } from '../../../src/tools/search/search.ts';
import { provider, quickAsker } from './parts.ts';
import { braveAnswer, serperAnswer, startService, type Reply } from './services.ts';

const query = { q: 'cheese', gl: 'us', hl: 'en', num: 10, page: 1 };
const nothing: Reply = { json: { ...serperAnswer, organic: [] } };
const brave: Reply = { json: braveAnswer };
const rss = (...links: readonly string[]): Reply => ({
  html: `<rss>${links.map((link) => `<item><title>T</title><link>${link}</link><description>x</description></item>`).join('')}</rss>`,
  headers: { 'content-type': 'application/rss+xml' },
});

describe('a search of several providers', () => {
  let asker: Asker;
  const services: Awaited<ReturnType<typeof startService>>[] = [];
  beforeEach(() => (asker = quickAsker()));
  afterEach(async () => {
    await Promise.all([asker.close(), ...services.splice(0).map((service) => service.close())]);
  });
  const ask = async (
    all: readonly (readonly [name: SearchProviderName, reply: Reply])[],
    blocked: readonly string[] = [],
  ) => {
    const providers = [];
    for (const [name, reply] of all) {
      const service = await startService([reply]);
      services.push(service);
      providers.push(provider({ provider: name, url: service.url }, asker));
    }
    return makeSearch({ providers, blocked })(query, new AbortController().signal);
  };

  it('asks the next one where the first finds nothing, and says whose the results are', async () => {
    const {
      hits,
      provider: answered,
      notes,
    } = await ask([
      ['serper', nothing],
      ['brave', brave],
    ]);
    assert.deepEqual([hits.length, answered.name], [2, 'brave']);
    assert.match(notes.join(' '), /^Serper at \S+ found nothing: these results are from Brave Search at \S+\.$/);
  });

  it('asks the next one where all that the first finds is blocked', async () => {
    const { hits, blocked, notes } = await ask(
      [
        ['brave', brave],
        ['serper', { json: serperAnswer }],
      ],
      ['example.org/cheese', 'example.org/plain'],
    );
    assert.deepEqual([hits.length, blocked], [3, 0]);
    assert.match(notes.join(' '), /Brave Search at \S+ found nothing that may be shown: these results are from Serper/);
  });

  it('gives what the first said where nobody finds anything, or the next one fails', async () => {
    const none = await ask([
      ['serper', nothing],
      ['brave', { json: { ...braveAnswer, web: { type: 'search', results: [] } } }],
    ]);
    assert.deepEqual([none.hits, none.provider.name], [[], 'serper']);
    assert.match(none.notes.join(' '), /Brave Search at \S+ found nothing either\./);
    assert.match(searchOutput(query, none, 0).rollback ?? '', /found nothing/);
    const failed = await ask([
      ['serper', nothing],
      ['brave', { status: 401, json: {} }],
    ]);
    assert.deepEqual([failed.hits, failed.provider.name], [[], 'serper']);
    assert.match(failed.notes.join(' '), /Brave Search at \S+ failed: the key was refused/);
  });

  it('leaves out a link that is no address, and takes an answer of such links alone for a failure', async () => {
    const { hits } = await ask([['kiwix', rss('http://[', '/content/a/b')]]);
    assert.equal(hits.length, 1);
    const { provider: answered, notes } = await ask([
      ['kiwix', rss('http://[')],
      ['brave', brave],
    ]);
    assert.equal(answered.name, 'brave');
    assert.match(notes.join(' '), /Kiwix at \S+ failed: its results have no addresses/);
  });

  it('reads the time of a reset as seconds from now, or since 1970', async () => {
    const soon = Math.ceil(Date.now() / 1000) + 3_600;
    for (const [reset, words] of [
      ['3600', /try again in 3600 s/],
      [String(soon), /try again in 3[56]\d\d s/],
      [`${soon}000`, /try again in 3[56]\d\d s/],
    ] as const) {
      const late: Reply = { status: 429, json: {}, headers: { 'x-ratelimit-reset': reset } };
      await assert.rejects(ask([['brave', late]]), words);
    }
  });
});
