import assert from 'node:assert/strict';
import { pageFetcher, type PageFetcherOptions } from '../../../src/tools/web/fetchPages.ts';
import { userAgent } from '../../../src/tools/web/fetchHeaders.ts';
import { faultyServer, type FaultyServer } from '../../harness/faultyServer.ts';

const never = new AbortController().signal;

describe('the manners of fetching', () => {
  let server: FaultyServer;
  beforeEach(async () => (server = await faultyServer()));
  afterEach(() => server.close());
  const settings = { blocked: [], allowLoopback: true, robots: true, render: false };
  const make = (more: Partial<PageFetcherOptions> = {}) =>
    pageFetcher({ settings, cache: undefined, now: Date.now, limits: { intervalMs: 0 }, ...more });
  const read = async (fetcher: ReturnType<typeof make>, path: string, ahead = false) =>
    Buffer.from((await fetcher.fetch(server.at(path), { signal: never, ahead })).bytes).toString();

  describe('towards robots.txt', () => {
    it('keeps to it, asks for it once, and says how it can be ignored', async () => {
      server.robots.status = 200;
      server.robots.text = 'User-agent: *\nDisallow: /page/\nAllow: /page/open\n';
      const fetcher = make();
      await assert.rejects(read(fetcher, '/page/x'), /asks robots to stay away.*mirothinker\.web\.robots/);
      await assert.rejects(read(fetcher, '/to/%2Fpage%2Fx'), /stay away/);
      assert.match(await read(fetcher, '/page/open'), /something of open/);
      assert.deepEqual(server.asked, ['/robots.txt', '/to/%2Fpage%2Fx', '/page/open']);
      const ignoring = make({ settings: { ...settings, robots: false } });
      assert.match(await read(ignoring, '/page/x'), /something of x/);
    });

    it('takes what is meant for it by name before what is meant for all', async () => {
      server.robots.status = 200;
      server.robots.text = 'User-agent: *\nDisallow:\n\nUser-agent: MiroThinker\nDisallow: /\n';
      await assert.rejects(read(make(), '/'), /stay away/);
    });

    it('reads where there is none, and not where it cannot be had', async () => {
      for (const status of [403, 404, 429]) {
        server.robots.status = status;
        assert.match(await read(make(), '/page/x'), /something/);
      }
      server.robots.status = 503;
      const fetcher = make();
      await assert.rejects(read(fetcher, '/page/x'), /could not be had \(status 503\)/);
      server.robots.status = 404;
      assert.match(await read(fetcher, '/page/x'), /something/);
    });
  });

  it('says who it is, and sends what is asked for but never who a person is', async () => {
    const headers = {
      'X-Page': '2',
      Accept: 'text/plain',
      Cookie: 'a=b',
      Authorization: 'Bearer x',
      'Proxy-Authorization': 'x',
      Host: 'inner.test',
      'X-Forwarded-For': '127.0.0.1',
      'Metadata-Flavor': 'Google',
      'X-aws-ec2-metadata-token': 'x',
      'User-Agent': 'curl',
      'X-Split': 'a\r\nhost: b',
    };
    const page = await make().fetch(server.at('/headers'), { signal: never, headers });
    const sent: unknown = JSON.parse(Buffer.from(page.bytes).toString());
    const left = Object.keys(headers).slice(2);
    assert.deepEqual(page.leftOut, left);
    assert.ok(typeof sent === 'object' && sent !== null);
    assert.deepEqual(
      Object.entries(sent).filter(([name]) => !['connection', 'accept-language', 'accept-encoding'].includes(name)),
      Object.entries({
        host: `127.0.0.1:${server.port}`,
        'user-agent': userAgent,
        accept: 'text/plain',
        'x-page': '2',
      }),
    );
  });

  it('does not carry headers to another server', async () => {
    const other = await faultyServer();
    const to = `/to/${encodeURIComponent(other.at('/headers'))}`;
    const page = await make().fetch(server.at(to), { signal: never, headers: { 'x-page': '2' } });
    assert.doesNotMatch(Buffer.from(page.bytes).toString(), /x-page/);
    await other.close();
  });

  it('waits as a server asks, within reason', async () => {
    const waits: number[] = [];
    const now = Date.parse('2026-09-01T10:00:00Z');
    const fetcher = make({ wait: async (ms) => void waits.push(ms), now: () => now });
    assert.equal(await read(fetcher, '/later/429/3'), 'at last');
    assert.equal(await read(fetcher, `/later/503/${encodeURIComponent('Tue, 01 Sep 2026 10:00:07 GMT')}`), 'at last');
    assert.deepEqual(waits, [3_000, 7_000]);
    await assert.rejects(read(fetcher, '/later/429/3600'), /429 Too Many Requests.*asked again after: 3600/);
    await assert.rejects(read(fetcher, '/later/429/3?ahead', true), /429/);
    assert.equal(waits.length, 2);
  });

  it('asks a host for no more than two things at a time', async () => {
    const fetcher = make({ settings: { ...settings, robots: false } });
    await Promise.all(Array.from({ length: 12 }, (_, at) => read(fetcher, `/page/${at}`)));
    assert.ok(server.busiest() <= 2, `${server.busiest()} at a time`);
  });

  it('puts what was asked for before what is read ahead, which gives up rather than wait', async () => {
    const fetcher = make({
      settings: { ...settings, robots: false },
      limits: { intervalMs: 0, atOnce: 1, aheadWaitMs: 200 },
    });
    const stop = new AbortController();
    const blocking = fetcher.fetch(server.at('/silent'), { signal: stop.signal }).catch(() => 'stopped');
    const tired = read(fetcher, '/page/tired', true).catch((error: unknown) => String(error));
    const [ahead, joined] = [read(fetcher, '/page/ahead', true), read(fetcher, '/page/ahead')];
    const later = read(fetcher, '/page/asked');
    assert.match(await tired, /enough to do/);
    stop.abort();
    await Promise.all([blocking, ahead, joined, later]);
    assert.deepEqual(server.asked, ['/silent', '/page/ahead', '/page/asked']);
  });

  it('fetches once for all who ask at a time, and goes on while one of them still waits', async () => {
    const fetcher = make({ settings: { ...settings, robots: false } });
    const stop = new AbortController();
    const left = fetcher.fetch(server.at('/counted'), { signal: stop.signal });
    const others = [read(fetcher, '/counted#a'), read(fetcher, '/counted#b')];
    stop.abort(new Error('not me'));
    await assert.rejects(left, /not me/);
    assert.deepEqual(await Promise.all(others), ['1', '1']);
  });

  it('follows a page that leads on by itself, but not in a circle', async () => {
    const fetcher = make();
    assert.match(
      await read(fetcher, `/refresh/${encodeURIComponent('/page/there?a=1&amp;b=2')}`),
      /something of there/,
    );
    assert.ok(server.asked.includes('/page/there?a=1&b=2'));
    assert.match(await read(fetcher, '/refresh/'), /has moved/);
  });

  it('reads nothing of what is blocked, however it is spelled', async () => {
    const blocked = ['127.0.0.1/page', 'example.org'];
    const fetcher = make({ settings: { ...settings, blocked } });
    for (const path of ['/page/x', '//page/x', '/a/../page/x', '/%70age/x', '/PAGE/x', '/page', '/to/%2Fpage%2Fx']) {
      await assert.rejects(read(fetcher, path), /is blocked in this run/, path);
    }
    for (const url of ['http://example.org/', 'https://www.example.org./x', 'http://EXAMPLE.org:8080/']) {
      await assert.rejects(fetcher.fetch(url, { signal: never }), /example\.org is blocked/);
    }
    await assert.rejects(read(fetcher, '/web/2020/https://example.org/x'), /example\.org is blocked/);
    assert.match(await read(fetcher, '/'), /An article/);
    assert.deepEqual(
      server.asked.filter((path) => path !== '/robots.txt'),
      ['/to/%2Fpage%2Fx', '/'],
    );
  });

  it('ends everything with the run', async () => {
    const fetcher = make();
    const waiting = read(fetcher, '/silent');
    await fetcher.dispose();
    await assert.rejects(waiting, /run is over/);
    await assert.rejects(read(fetcher, '/'), /run is over/);
  });
});
