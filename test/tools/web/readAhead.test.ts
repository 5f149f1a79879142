/** Reading ahead: within its budget, from memory, and nothing twice. */
import assert from 'node:assert/strict';
import { documentReader } from '../../../src/tools/documents/reader.ts';
import { pageFetcher } from '../../../src/tools/web/fetchPages.ts';
import { aheadBudget, readAhead, readsAhead, type AheadBudget } from '../../../src/tools/web/readAhead.ts';
import { pageReader } from '../../../src/tools/web/readPage.ts';
import { pageServer, type PageServer } from '../../harness/pageServer.ts';

const never = new AbortController().signal;

describe('readAhead', () => {
  let pages: PageServer;
  const documents = documentReader();
  const fetcher = pageFetcher({
    settings: { blocked: ['127.0.0.1/blocked'], allowLoopback: true, robots: false, render: false },
    cache: undefined,
    now: Date.now,
    limits: { intervalMs: 0 },
  });
  before(() => documents.read({ bytes: Buffer.from('<p>warm</p>'), name: 'a.html' }, never));
  beforeEach(async () => {
    pages = await pageServer();
  });
  afterEach(() => pages.close());
  after(async () => {
    await Promise.all([documents.dispose(), fetcher.dispose()]);
  });

  const make = (budget: Partial<AheadBudget> = {}) => {
    const bugs: unknown[] = [];
    const reader = pageReader(fetcher, documents, false);
    const ahead = readAhead(reader, { ...aheadBudget, ...budget }, Date.now, (error) => bugs.push(error));
    return { ...ahead, bugs };
  };
  const address = (name: string) =>
    pages.at(`/${name}`, `<title>${name}</title><article><p>The page ${name}.</p></article>`);
  const names = (count: number) => Array.from({ length: count }, (_, index) => address(`p${index}`));
  const asked = () => pages.asked.toSorted();

  it('reads the first hits of a search, each once, and answers from memory', async () => {
    const { read, onHits, spent, dispose, bugs } = make({ pagesOfSearch: 3 });
    const hits = names(3);
    onHits(hits);
    onHits(hits);
    for (const hit of hits.slice(0, 3)) {
      const { document } = await read(hit, { signal: never });
      assert.match(document.text, /The page p\d/);
    }
    assert.deepEqual(asked(), ['/p0', '/p1', '/p2']);
    assert.equal(spent().pages, 3);
    onHits(hits);
    await dispose();
    assert.deepEqual([asked(), bugs], [['/p0', '/p1', '/p2'], []]);
  });

  it('goes on to the next hit of the last search with each one that is read, and with nothing else', async () => {
    const { read, onHits, spent, dispose } = make({ pagesOfSearch: 2 });
    const hits = names(5);
    const pagesAfter = async (page: string) => {
      await read(page, { signal: never });
      return spent().pages;
    };
    onHits(hits);
    onHits(hits);
    assert.equal(spent().pages, 2);
    assert.equal(await pagesAfter(address('elsewhere')), 2);
    assert.equal(await pagesAfter(hits[0] ?? ''), 3);
    assert.equal(await pagesAfter(hits[0] ?? ''), 3);
    assert.equal(await pagesAfter(hits[1] ?? ''), 4);
    onHits([address('q0')]);
    assert.equal(spent().pages, 5);
    assert.equal(await pagesAfter(hits[2] ?? ''), 5);
    await dispose();
    assert.equal(pages.asked.filter((path) => path === '/p0').length, 1);
    assert.ok(!pages.asked.includes('/p4'));
  });

  it('never spends more than its budget of pages and bytes', async () => {
    const few = make({ pages: 4, pagesOfSearch: 3 });
    for (let search = 0; search < 5; search++) few.onHits([0, 1, 2].map((hit) => address(`s${search}-${hit}`)));
    await few.dispose();
    assert.equal(few.spent().pages, 4);
    assert.ok(pages.asked.length <= 4);
    const small = make({ bytes: 10 });
    const first = address('first');
    small.onHits([first]);
    await small.read(first, { signal: never });
    await small.read(first, { signal: never });
    small.onHits([address('second')]);
    await small.dispose();
    assert.ok(!pages.asked.includes('/second'));
  });

  it('leaves what cannot be read to whoever asks for it, with the reason', async () => {
    const { read, onHits, dispose, bugs } = make();
    const [gone, blocked] = [`${pages.origin}/gone`, `${pages.origin}/blocked/a`];
    onHits([gone, blocked, 'file:///etc/passwd', 'no address']);
    await assert.rejects(read(gone, { signal: never }), /404/);
    await assert.rejects(read(blocked, { signal: never }), /block/i);
    await dispose();
    assert.ok(!pages.asked.includes('/blocked/a'));
    assert.deepEqual(bugs, []);
  });

  it('asks anew for what is asked for with headers of its own', async () => {
    const { read, onHits, dispose } = make();
    const page = address('page');
    onHits([page]);
    await read(page, { signal: never });
    await read(page, { signal: never, headers: { 'x-kind': 'other' } });
    assert.ok(pages.asked.length >= 2);
    await dispose();
  });

  it('is over at once when its run is, and begins nothing afterwards', async () => {
    const slow = await pageServer({ delayMs: 60_000 });
    const { onHits, dispose } = make();
    onHits([slow.at('/never', 'x')]);
    await dispose();
    onHits([slow.at('/later', 'x')]);
    assert.ok(!slow.asked.includes('/later'));
    await slow.close();
  });
});

describe('readsAhead', () => {
  it('reads ahead by itself where searching costs nothing', () => {
    const auto = (search: Parameters<typeof readsAhead>[0]['search']) => readsAhead({ speculative: 'auto', search });
    assert.equal(auto([]), false);
    assert.equal(auto([{ provider: 'serper' }]), false);
    assert.equal(auto([{ provider: 'searxng', url: 'https://searx.example' }]), false);
    assert.equal(auto([{ provider: 'searxng', url: 'http://127.0.0.1:8888' }]), true);
    assert.equal(auto([{ provider: 'searxng', url: 'http://localhost.evil.example' }]), false);
    assert.equal(auto([{ provider: 'kiwix', url: 'http://127.0.0.1:8080' }]), true);
    assert.equal(auto([{ provider: 'kiwix', url: 'http://wiki.example' }]), false);
    assert.equal(auto([{ provider: 'kiwix' }]), false);
    assert.equal(readsAhead({ speculative: 'off', search: [{ provider: 'kiwix', url: 'http://127.0.0.1' }] }), false);
    assert.equal(readsAhead({ speculative: 'on', search: [{ provider: 'serper' }] }), true);
  });

  it('takes a server of one’s own network for one’s own, and goes by who answers first', () => {
    const own = (url: string) => readsAhead({ speculative: 'auto', search: [{ provider: 'searxng', url }] });
    for (const url of [
      'http://192.168.1.4:8888',
      'http://10.0.0.2',
      'http://[fd00::5]',
      'http://[::1]:1',
      'http://nas',
    ])
      assert.equal(own(url), true, url);
    for (const url of ['http://nas.local', 'http://search.home.arpa']) assert.equal(own(url), true, url);
    for (const url of ['http://8.8.8.8', 'http://local.example', 'http://[2606:4700::1111]', 'no address'])
      assert.equal(own(url), false, url);
    const local = { provider: 'kiwix', url: 'http://127.0.0.1:8080' } as const;
    for (const first of [{ provider: 'serper' }, { provider: 'searxng', url: 'https://searx.example' }] as const) {
      assert.equal(readsAhead({ speculative: 'auto', search: [first, local] }), false);
      assert.equal(readsAhead({ speculative: 'auto', search: [local, first] }), true);
    }
  });
});
