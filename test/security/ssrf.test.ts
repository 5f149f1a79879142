import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { startBrowser } from '../../src/tools/web/browser.ts';
import { pageFetcher, type PageFetcherOptions } from '../../src/tools/web/fetchPages.ts';
import { launchBrowser } from '../harness/browser.ts';
import { faultyServer, type FaultyServer } from '../harness/faultyServer.ts';
import { inside, loopback, schemes, type FetchAttempt } from './attempts/ssrf.ts';

const never = new AbortController().signal;
const strict = { blocked: [], allowLoopback: false, robots: false, render: true };
const lenient = { ...strict, allowLoopback: true };

/** Counts connections, whoever makes them and whatever they say. */
async function counting(host: string): Promise<{ port: number; hits: () => number; server: Server }> {
  let hits = 0;
  const server = createServer((_, response) => response.setHeader('access-control-allow-origin', '*').end('inner'));
  server.on('connection', () => hits++);
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, hits: () => hits, server };
}

describe('fetching, against those who lead it inside', () => {
  let inner: Awaited<ReturnType<typeof counting>>, inner6: typeof inner, outer: FaultyServer;
  const fetchers = new Set<ReturnType<typeof pageFetcher>>();
  before(async () => {
    [inner, inner6, outer] = await Promise.all([counting('0.0.0.0'), counting('::1'), faultyServer('127.0.0.2')]);
  });
  after(async () => {
    await Promise.all([...fetchers].map((fetcher) => fetcher.dispose()));
    for (const { server } of [inner, inner6]) {
      server.closeAllConnections();
      server.close();
    }
    await outer.close();
  });
  const filled = (url: string) => url.replace('PORT6', String(inner6.port)).replace('PORT', String(inner.port));
  const hits = () => inner.hits() + inner6.hits();
  const make = (more: Partial<PageFetcherOptions> = {}) => {
    const fetcher = pageFetcher({
      settings: strict,
      cache: undefined,
      now: Date.now,
      limits: { intervalMs: 0, renderMs: 8_000 },
      ...more,
    });
    fetchers.add(fetcher);
    return fetcher;
  };
  /** A web of two machines: site.test is 127.0.0.2 and public; all else of this machine is not. */
  const world = (more: Partial<PageFetcherOptions> = {}) =>
    make({ resolve: async () => ['127.0.0.2'], reachable: (address) => address === '127.0.0.2', ...more });
  const site = (path: string) => `http://site.test:${outer.port}${path}`;
  const refuse = async (fetching: Promise<unknown>) => {
    const before = hits();
    await assert.rejects(fetching, { name: 'ToolError', fault: 'refused' });
    assert.equal(hits(), before, 'it was reached');
  };

  for (const attempt of [...loopback, ...inside, ...schemes]) {
    it(`refuses ${attempt.title}: ${JSON.stringify(attempt.url)}`, async () => {
      const url = filled(attempt.url);
      await refuse(make().fetch(url, { signal: never }));
      if (attempt.always) await refuse(make({ settings: lenient }).fetch(url, { signal: never }));
      // Led there by a page of the web: always refused.
      if (URL.canParse(url) && !url.includes('\n')) {
        const to = site(`/to/${encodeURIComponent(url)}`);
        const led = world({ settings: lenient }).fetch(to, { signal: never });
        // As a redirect it is a path of the same site.
        if (url.startsWith('http:127')) await assert.rejects(led, /more than 10 times/);
        else await refuse(led);
      }
      if (attempt.reaches) await arrives(attempt);
    });
  }

  /** The same address, without a guard. */
  async function arrives({ url }: FetchAttempt): Promise<void> {
    const before = hits();
    const plain = new URL(filled(url));
    plain.username = plain.password = '';
    await (await request(plain, { reset: true })).body.dump();
    assert.equal(hits(), before + 1, 'it leads nowhere');
  }

  it('reads this machine’s own servers where a person allows it', async () => {
    const before = hits();
    const page = await make({ settings: lenient }).fetch(filled('http://127.0.0.1:PORT/'), { signal: never });
    assert.deepEqual([Buffer.from(page.bytes).toString(), hits()], ['inner', before + 1]);
  });

  for (const addresses of [
    ['127.0.0.1'],
    ['127.0.0.2', '127.0.0.1'],
    ['::1'],
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['::ffff:127.0.0.1'],
    [],
  ]) {
    it(`refuses a name that leads to ${addresses.join(' and ') || 'nothing'}`, async () => {
      const before = hits();
      const resolve = async () => addresses;
      for (const settings of [strict, lenient]) {
        const fetching = world({ resolve, settings }).fetch(`http://trick.test:${inner.port}/`, { signal: never });
        await assert.rejects(fetching, { name: 'ToolError' });
      }
      assert.equal(hits(), before);
    });
  }

  it('refuses a name of the web that leads to this machine, although its own servers may be read', async () => {
    const fetcher = make({ settings: lenient, resolve: async () => ['127.0.0.1'] });
    await refuse(fetcher.fetch(`http://trick.test:${inner.port}/`, { signal: never }));
  });

  it('connects to what was checked, though the name has another answer by then', async () => {
    const answers = ['127.0.0.2', '127.0.0.1', '127.0.0.1'];
    let asked = 0;
    const resolve = async () => [answers[asked++] ?? '127.0.0.1'];
    const fetcher = world({ resolve });
    const page = await fetcher.fetch(`http://rebinds.test:${outer.port}/page/x`, { signal: never });
    assert.match(Buffer.from(page.bytes).toString(), /something of x/);
    assert.equal(asked, 1);
    await refuse(fetcher.fetch(`http://rebinds.test:${inner.port}/`, { signal: never }));
    asked = 0;
    const again = `http://rebinds.test:${outer.port}/to/${encodeURIComponent(`http://rebinds.test:${inner.port}/`)}`;
    await refuse(world({ resolve }).fetch(again, { signal: never }));
  });

  it('refuses what a page leads on to by itself', async () => {
    for (const url of [
      'http://127.0.0.1:PORT/',
      'http://[::ffff:7f00:1]:PORT/',
      'file:///etc/passwd',
      '//127.0.0.1:PORT/',
    ]) {
      await refuse(
        world({ settings: lenient }).fetch(site(`/refresh/${encodeURIComponent(filled(url))}`), { signal: never }),
      );
    }
  });

  it('refuses where robots.txt leads inside', async () => {
    const leading = createServer((_, response) =>
      response.writeHead(302, { location: filled('http://127.0.0.1:PORT/robots.txt') }).end(),
    );
    leading.listen(0, '127.0.0.2');
    await once(leading, 'listening');
    const address = leading.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const settings of [strict, lenient]) {
      const fetcher = world({ settings: { ...settings, robots: true } });
      await refuse(fetcher.fetch(`http://site.test:${port}/`, { signal: never }));
    }
    leading.close();
  });

  it('gives nothing of this machine out of the cache', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ssrf-'));
    const cache = { folder, maxBytes: 1_000_000, maxAgeMs: 1_000_000 };
    const url = filled('http://127.0.0.1:PORT/');
    await make({ settings: lenient, cache }).fetch(url, { signal: never });
    assert.equal((await make({ settings: lenient, cache }).fetch(url, { signal: never })).fromCache, true);
    await refuse(make({ cache }).fetch(url, { signal: never }));
    await rm(folder, { recursive: true });
  });

  const target = (scheme: string) => filled(`${scheme}://127.0.0.1:PORT/`);
  const ways = (udp: number): Readonly<Record<string, string>> => ({
    fetch: `fetch('${target('http')}', { mode: 'no-cors' })`,
    'a request': `const x = new XMLHttpRequest(); x.open('GET', '${target('http')}'); x.send()`,
    'a picture': `new Image().src = '${target('http')}'`,
    'a beacon': `navigator.sendBeacon('${target('http')}', 'x')`,
    'a frame': `document.body.append(Object.assign(document.createElement('iframe'), { src: '${target('http')}' }))`,
    'a script': `document.body.append(Object.assign(document.createElement('script'), { src: '${target('http')}' }))`,
    'a style sheet': `document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '${target('http')}' }))`,
    'a film': `document.body.append(Object.assign(document.createElement('video'), { src: '${target('http')}', preload: 'auto' }))`,
    'a WebSocket': `new WebSocket('${target('ws')}')`,
    'an event source': `new EventSource('${target('http')}')`,
    'a worker': `new Worker(URL.createObjectURL(new Blob(["fetch('${target('http')}', { mode: 'no-cors' })"])))`,
    'a form': `const f = document.createElement('form'); f.action = '${target('http')}'; f.method = 'post'; document.body.append(f); f.submit()`,
    'another page': `location.href = '${target('http')}'`,
    'a window': `open('${target('http')}')`,
    'a redirect': `fetch('/to/${encodeURIComponent(target('http'))}', { mode: 'no-cors' })`,
    WebRTC: `const p = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${udp}' }] }); p.createDataChannel('x'); p.createOffer().then((o) => p.setLocalDescription(o))`,
  });

  it('is no hole where a browser renders: nothing of a page reaches this machine', async () => {
    let packets = 0;
    const udp = createSocket('udp4', () => packets++);
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const all = ways(udp.address().port);
    const before = hits();
    for (const settings of [strict, lenient]) {
      const fetcher = world({ settings });
      // Those that leave the page come alone, all others at once.
      const leaving = ['a form', 'another page', 'a redirect'];
      const staying = Object.entries(all)
        .filter(([name]) => !leaving.includes(name))
        .map(([, script]) => `try { ${script} } catch {}`);
      const tried = `${staying.join(';\n')};\nout.textContent = 'tried'`;
      const page = await fetcher.fetch(site(`/run/${encodeURIComponent(tried)}`), { signal: never, render: true });
      assert.match(Buffer.from(page.bytes).toString(), /<p id="out">tried/);
      for (const script of leaving.map((name) => all[name] ?? '')) {
        const url = site(`/run/${encodeURIComponent(script)}`);
        await fetcher.fetch(url, { signal: never, render: true }).catch((error: unknown) => {
          assert.match(String(error), /ToolError/);
        });
      }
      await fetcher.dispose();
    }
    assert.deepEqual([hits() - before, packets], [0, 0]);
    udp.close();
  });

  it('has a browser that reaches nothing, were its requests let through', async () => {
    let packets = 0;
    const udp = createSocket('udp4', () => packets++);
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const { browser, end } = await startBrowser(undefined, process.env);
    const before = hits();
    try {
      const page = await browser.newPage();
      await page.route('**/start', (route) => route.fulfill({ contentType: 'text/html', body: '<p>start</p>' }));
      // A script before may have begun to go elsewhere, which ends the first try.
      const begin = () => page.goto('http://site.test/start', { waitUntil: 'commit' });
      for (const script of Object.values(ways(udp.address().port))) {
        await begin().catch(begin);
        await page.evaluate(`try { ${script} } catch {}; undefined`).catch(() => undefined);
      }
      for (const url of [target('http'), filled('http://[::1]:PORT6/'), filled('http://localhost:PORT/')]) {
        await assert.rejects(page.goto(url), /ERR_|interrupted/);
      }
    } finally {
      await end();
      udp.close();
    }
    assert.deepEqual([hits() - before, packets], [0, 0]);
  });

  it('would be one with any other browser', async () => {
    let packets = 0;
    const udp = createSocket('udp4', () => packets++);
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const browser = await launchBrowser();
    try {
      for (const [name, script] of Object.entries(ways(udp.address().port))) {
        const before = hits() + packets;
        const page = await browser.newPage();
        await page.goto(`${outer.origin}/run/${encodeURIComponent(script)}`, { waitUntil: 'commit' });
        const until = Date.now() + 5_000;
        while (hits() + packets === before && Date.now() < until) await page.waitForTimeout(20).catch(() => undefined);
        assert.notEqual(hits() + packets, before, `${name} leads nowhere`);
        await page.close();
      }
    } finally {
      await browser.close();
      udp.close();
    }
  });
});
