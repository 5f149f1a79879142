import assert from 'node:assert/strict';
import type { SearchProviderName } from '../../../src/shared/webSettings.ts';
import type { Asker } from '../../../src/tools/search/ask.ts';
import { googleSearchTool } from '../../../src/tools/search/googleSearch.ts';
import { makeSearch } from '../../../src/tools/search/search.ts';
import { answerIn, context, provider, quickAsker } from './parts.ts';
import { braveAnswer, serperAnswer, startService, tavilyAnswer, type Reply } from './services.ts';

type Service = Awaited<ReturnType<typeof startService>>;
const good: Readonly<Partial<Record<SearchProviderName, unknown>>> = {
  serper: serperAnswer,
  brave: braveAnswer,
  tavily: tavilyAnswer,
  searxng: { query: 'cheese', results: [], unresponsive_engines: [] },
};

describe('google_search on services as they are documented', () => {
  let asker: Asker;
  let service: Service;

  beforeEach(() => {
    asker = quickAsker();
  });
  afterEach(async () => {
    await asker.close();
    await service.close();
  });

  const ask = async (
    name: SearchProviderName,
    replies: readonly Reply[],
    args: Readonly<Record<string, unknown>> = {},
    key?: string,
  ) => {
    service = await startService(replies);
    const search = makeSearch({ providers: [provider({ provider: name, url: service.url }, asker, key)], blocked: [] });
    const output = await googleSearchTool(search).run({ q: 'cheese', ...args }, context());
    return { ...output, ...answerIn(output.content) };
  };
  const ok = (name: SearchProviderName): readonly Reply[] => [{ json: good[name] }];

  it('serper gets every argument and its key, and gives readable hits', async () => {
    const args = { gl: 'de', hl: 'de', location: 'Berlin', num: '5', tbs: 'qdr:m3', page: 2, autocorrect: false };
    const { organic } = await ask('serper', ok('serper'), args);
    const [request] = service.asked;
    assert.deepEqual([request?.method, request?.path, request?.headers['x-api-key']], ['POST', '/search', 'the key']);
    assert.deepEqual(request?.body, {
      ...{ q: 'cheese', gl: 'de', hl: 'de', location: 'Berlin', num: 5, tbs: 'qdr:m3', page: 2, autocorrect: false },
    });
    assert.deepEqual(organic, [
      {
        title: 'Cheese - Wikipedia',
        link: 'https://en.wikipedia.org/wiki/Cheese',
        snippet: 'Cheese is & was …',
        position: 1,
      },
      { title: 'Käse', link: 'https://de.wikipedia.org/wiki/Käse', snippet: 'Käse', date: '2 days ago', position: 2 },
      { title: 'No snippet', link: 'https://example.org/a', snippet: '', position: 3 },
    ]);
  });

  it('serper gets the defaults of the tool where nothing was said', async () => {
    await ask('serper', ok('serper'), { num: '', location: '', tbs: null });
    assert.deepEqual(service.asked[0]?.body, { q: 'cheese', gl: 'us', hl: 'en', num: 10, page: 1 });
  });

  it('brave gets country, language, time and page in its own words', async () => {
    const args = { gl: 'cn', hl: 'zh-tw', num: 30, tbs: 'qdr:w', page: 3, autocorrect: false };
    const { organic, notes } = await ask('brave', ok('brave'), args);
    const [request] = service.asked;
    assert.deepEqual([request?.method, request?.path], ['GET', '/res/v1/web/search']);
    assert.equal(request?.headers['x-subscription-token'], 'the key');
    assert.deepEqual(request.query, {
      ...{ q: 'cheese', count: '20', offset: '2', country: 'CN', search_lang: 'zh-hant', freshness: 'pw' },
      ...{ spellcheck: 'false', text_decorations: 'false', result_filter: 'web' },
    });
    assert.deepEqual(organic[0], {
      ...{ title: "Cheese 'n' more", link: 'https://example.org/cheese', snippet: 'All about cheese' },
      ...{ date: '2024-03-01', position: 1 },
    });
    assert.deepEqual(notes, ['Brave Search gives 20 results a page: ask for page 2 for more.']);
  });

  it('brave is not asked for what it refuses', async () => {
    await ask('brave', ok('brave'), { gl: 'zz', hl: 'tlh', tbs: 'qdr:h' });
    const query = service.asked[0]?.query;
    assert.deepEqual([query?.['country'], query?.['search_lang'], query?.['freshness']], ['ALL', undefined, 'pd']);
  });

  it('tavily gets a country by its name and the time; its second page is cut out of twenty', async () => {
    const { organic, notes } = await ask('tavily', ok('tavily'), { gl: 'de', hl: 'de', tbs: 'qdr:y', num: 8, page: 2 });
    const [request] = service.asked;
    assert.deepEqual([request?.method, request?.path], ['POST', '/search']);
    assert.equal(request?.headers.authorization, 'Bearer the key');
    const { query, max_results: count, time_range: time, country } = request.body;
    assert.deepEqual([query, count, time, country], ['cheese', 16, 'year', 'germany']);
    assert.deepEqual([organic[0]?.title, organic[0]?.position, organic.length], ['Page 9', 1, 8]);
    assert.deepEqual(notes, ['Tavily has no filter by language.']);
  });

  it('searxng gets language, time and page, and says that it has no hours', async () => {
    const { notes } = await ask('searxng', ok('searxng'), { hl: 'de', tbs: 'qdr:h', page: 2 });
    const { query, path } = service.asked[0] ?? {};
    assert.equal(path, '/search');
    assert.deepEqual(query, { q: 'cheese', format: 'json', language: 'de', pageno: '2', time_range: 'day' });
    assert.deepEqual(notes, ['SearXNG has no filter by the hour: results of a day.']);
  });

  const failures: readonly (readonly [
    name: SearchProviderName,
    what: string,
    reply: Reply,
    says: RegExp,
    requests: number,
  ])[] = [
    [
      'serper',
      'a bad key',
      { status: 403, json: { message: 'Unauthorized.', statusCode: 403 } },
      /Serper at \S+ failed: the key was refused \(HTTP 403: Unauthorized\.\)/,
      1,
    ],
    [
      'serper',
      'no credits',
      { status: 400, json: { message: 'Not enough credits', statusCode: 400 } },
      /no credits left \(HTTP 400: Not enough credits\)/,
      1,
    ],
    [
      'brave',
      'a bad token',
      {
        status: 422,
        json: {
          type: 'ErrorResponse',
          error: {
            id: 'x',
            status: 422,
            code: 'SUBSCRIPTION_TOKEN_INVALID',
            detail: 'The provided subscription token is invalid.',
          },
        },
      },
      /the key was refused \(HTTP 422: The provided subscription token is invalid/,
      1,
    ],
    [
      'brave',
      'a used up month',
      {
        status: 429,
        json: {
          type: 'ErrorResponse',
          error: { status: 429, code: 'RATE_LIMITED', detail: 'Request rate limit exceeded for plan.' },
        },
        headers: { 'x-ratelimit-reset': '1419704, 1419704' },
      },
      /too many requests \(HTTP 429: Request rate limit exceeded for plan\., try again in 1419704 s\)/,
      1,
    ],
    [
      'tavily',
      'a missing key',
      { status: 401, json: { detail: { error: 'Unauthorized: missing or invalid API key.' } } },
      /the key was refused \(HTTP 401: Unauthorized: missing/,
      1,
    ],
    [
      'tavily',
      'a used up plan',
      { status: 432, json: { detail: { error: "This request exceeds your plan's set usage limit." } } },
      /quota is used up \(HTTP 432: This request exceeds/,
      1,
    ],
    [
      'tavily',
      'a used up budget',
      { status: 433, json: { detail: { error: 'PayGo limit exceeded' } } },
      /quota is used up \(HTTP 433: PayGo/,
      1,
    ],
    [
      'tavily',
      'too many requests',
      { status: 429, json: { detail: { error: 'excessive requests' } }, headers: { 'retry-after': '0' } },
      /too many requests/,
      3,
    ],
    [
      'searxng',
      'JSON that is not switched on',
      { status: 403, html: '<!doctype html><title>403 Forbidden</title>' },
      /add `json` to `formats:` under `search:` in its settings\.yml/,
      1,
    ],
    [
      'searxng',
      'a page in place of JSON',
      { html: '<!doctype html><title>searx</title>' },
      /add `json` to `formats:`/,
      1,
    ],
    ['searxng', 'its limiter', { status: 429, html: 'Too Many Requests' }, /limiter/, 1],
    [
      'serper',
      'a page in place of JSON',
      { html: '<html>Sign in</html>' },
      /a web page in place of JSON: is the address right/,
      1,
    ],
    ['serper', 'JSON of another form', { json: { organic: 'none' } }, /no JSON of the expected form/, 1],
    [
      'brave',
      'a redirect',
      { status: 301, json: {}, headers: { location: 'https://elsewhere.test/' } },
      /redirects to https:\/\/elsewhere\.test\/: name that address/,
      1,
    ],
    [
      'serper',
      'a server that fails',
      { status: 503, json: { message: 'Service unavailable' } },
      /its server failed \(HTTP 503: Service unavailable\)/,
      3,
    ],
    ['serper', 'a connection that breaks', 'reset', /could not be asked/, 3],
    [
      'serper',
      'an endless answer',
      { html: `{"organic": [${'"x",'.repeat(1_300_000)}` },
      /longer than any list of results/,
      1,
    ],
  ];
  for (const [name, what, reply, says, requests] of failures) {
    it(`${name}: ${what} is named, after ${requests} ${requests === 1 ? 'request' : 'requests'}`, async () => {
      await assert.rejects(ask(name, [reply]), { name: 'ToolError', message: says });
      assert.equal(service.asked.length, requests);
    });
  }

  it('names a service that stays silent, and asks it once', async () => {
    service = await startService(['hang']);
    const impatient = quickAsker(100);
    const search = makeSearch({
      providers: [provider({ provider: 'serper', url: service.url }, impatient)],
      blocked: [],
    });
    await assert.rejects(googleSearchTool(search).run({ q: 'cheese' }, context()), /no answer within 0\.1 seconds/);
    assert.ok(service.asked.length <= 1);
    await impatient.close();
  });

  it('goes on where a failure passes', async () => {
    const busy: Reply = { status: 429, json: {}, headers: { 'retry-after': '0.01' } };
    const { organic } = await ask('serper', [busy, 'reset', { json: serperAnswer }]);
    assert.deepEqual([organic.length, service.asked.length], [3, 3]);
  });

  it('names a key that no header can hold', async () => {
    await assert.rejects(ask('serper', ok('serper'), {}, 'line\nbreak'), /the key holds a character that no key has/);
    assert.equal(service.asked.length, 0);
  });

  it('ends at once when the run is stopped', async () => {
    service = await startService(['hang']);
    const search = makeSearch({ providers: [provider({ provider: 'serper', url: service.url }, asker)], blocked: [] });
    const stop = new AbortController();
    const asked = googleSearchTool(search).run({ q: 'cheese' }, context(stop.signal));
    stop.abort(new Error('stopped by a person'));
    await assert.rejects(asked, /stopped by a person/);
  });
});
