import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { pageFetcher, type PageFetcherOptions } from '../../../src/tools/web/fetchPages.ts';
import { faultyServer, type FaultyServer } from '../../harness/faultyServer.ts';

const never = new AbortController().signal;

/** Processes that this one started and that are browsers. */
function browsers(): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return Number(parent) === process.pid && /chrom/.test(readFileSync(`/proc/${name}/cmdline`, 'utf8'));
    } catch {
      return false;
    }
  }).length;
}

describe('rendering a page', () => {
  let server: FaultyServer, fetcher: ReturnType<typeof make>;
  const make = (more: Partial<PageFetcherOptions> = {}) =>
    pageFetcher({
      settings: { blocked: [], allowLoopback: true, robots: true, render: true },
      cache: undefined,
      now: Date.now,
      ...more,
    });
  before(async () => {
    server = await faultyServer();
    fetcher = make();
  });
  after(async () => {
    await fetcher.dispose();
    await server.close();
  });
  const read = async (path: string, from = fetcher) => {
    const page = await from.fetch(server.at(path), { signal: never, render: true });
    return { ...page, text: Buffer.from(page.bytes).toString() };
  };
  const run = (script: string) => read(`/run/${encodeURIComponent(script)}`);

  it('gives what its scripts made', async () => {
    const { text, type, charset, rendered, url } = await read('/scripted');
    assert.match(text, /Words that came later/);
    assert.deepEqual([type, charset, rendered, url], ['text/html', 'utf-8', true, server.at('/scripted')]);
    assert.equal(browsers(), 1);
    const plain = await fetcher.fetch(server.at('/scripted'), { signal: never });
    assert.doesNotMatch(Buffer.from(plain.bytes).toString(), /Words that came later/);
    assert.equal(plain.rendered, undefined);
  });

  it('shows what is no page as it is', async () => {
    const { rendered, type } = await read('/data');
    assert.deepEqual([rendered, type], [undefined, 'application/json']);
  });

  it('goes where a script leads, past redirects and no robots.txt', async () => {
    const { text, url } = await run("location.href = '/to/%2Fpage%2Fz'");
    assert.match(text, /something of z/);
    assert.match(url, /page/);
    server.robots.status = 200;
    server.robots.text = 'User-agent: *\nDisallow: /page/secret\n';
    const careful = make();
    const { text: stayed } = await read(`/run/${encodeURIComponent("location.href = '/page/secret'")}`, careful);
    await careful.dispose();
    server.robots.status = 404;
    assert.doesNotMatch(stayed, /something of secret/);
  });

  it('posts what a page posts, with its headers and no cookies', async () => {
    const { text } = await run(
      "document.cookie = 'a=b'; fetch('/headers', { method: 'POST', body: 'x', headers: { 'x-app': '7' } }).then((r) => r.text()).then((t) => { out.textContent = t; })",
    );
    assert.match(text, /"x-app":"7"/);
    assert.match(text, /compatible; MiroThinker/);
    assert.doesNotMatch(text, /"cookie"/);
  });

  it('has an end for pages that have none', async () => {
    const short = make({ limits: { renderMs: 3_000, renderRequests: 10 } });
    const busy = `/run/${encodeURIComponent('setTimeout(() => { for (;;); }, 50)')}`;
    await assert.rejects(read(busy, short), /could not be rendered: it took more than 3 s/);
    server.asked.length = 0;
    const many = "for (let at = 0; at < 100; at++) fetch('/counted?' + at).catch(() => {})";
    await read(`/run/${encodeURIComponent(many)}`, short);
    assert.equal(server.asked.filter((path) => path.startsWith('/counted')).length, 10);
    const { text } = await read(
      `/run/${encodeURIComponent("setInterval(() => fetch('/data'), 100); alert(1); open('/page/popup')")}`,
      short,
    );
    assert.match(text, /before/);
    assert.ok(!server.asked.includes('/page/popup'));
    await short.dispose();
  });

  it('stops with its call', async () => {
    const stop = new AbortController();
    const rendering = fetcher.fetch(
      server.at(`/run/${encodeURIComponent("fetch('/silent').then(); setInterval(() => fetch('/data'), 50)")}`),
      {
        signal: stop.signal,
        render: true,
      },
    );
    const asked = server.asked.length;
    while (server.asked.slice(asked).filter((path) => path === '/data').length < 2) await new Promise(setImmediate);
    stop.abort(new Error('enough'));
    await assert.rejects(rendering, /enough/);
    assert.match((await read('/scripted')).text, /Words that came later/);
  });

  it('says what is missing', async () => {
    const off = make({ settings: { blocked: [], allowLoopback: true, robots: true, render: false } });
    await assert.rejects(read('/scripted', off), /mirothinker\.web\.render/);
    const none = make({ browserPath: '/nowhere/chrome' });
    await assert.rejects(read('/scripted', none), /\/nowhere\/chrome .*mirothinker\.web\.browserPath/);
    const odd = make({ browserPath: '/bin/true' });
    await assert.rejects(read('/scripted', odd), /\/bin\/true does not start/);
  });

  it('leaves no process behind', async () => {
    await fetcher.dispose();
    assert.equal(browsers(), 0);
    await assert.rejects(read('/scripted'), /run is over/);
  });
});
