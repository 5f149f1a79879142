import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pageFetcher, type PageFetcherOptions } from '../../../src/tools/web/fetchPages.ts';
import { pageCache, sha256Of } from '../../../src/tools/web/pageCache.ts';
import { faultyServer, type FaultyServer } from '../../harness/faultyServer.ts';

const never = new AbortController().signal;
const day = 24 * 3_600_000;

describe('the cache of pages', () => {
  let server: FaultyServer, folder: string;
  let now = Date.parse('2026-09-01T10:00:00Z');
  beforeEach(async () => {
    server = await faultyServer();
    folder = join(await mkdtemp(join(tmpdir(), 'pages-')), 'kept');
  });
  afterEach(async () => {
    await server.close();
    await rm(join(folder, '..'), { recursive: true });
  });
  const settings = { blocked: [], allowLoopback: true, robots: false, render: false };
  const make = (more: Partial<PageFetcherOptions> = {}) =>
    pageFetcher({
      settings,
      cache: { folder, maxBytes: 1_000_000, maxAgeMs: 7 * day },
      now: () => now,
      limits: { intervalMs: 0 },
      ...more,
    });
  const read = async (path: string, fetcher = make(), headers: Record<string, string> = {}) => {
    const page = await fetcher.fetch(server.at(path), { signal: never, headers });
    return { ...page, text: Buffer.from(page.bytes).toString() };
  };

  it('answers later runs with the page as it was, and its date', async () => {
    const first = await read('/counted#one');
    now += 5 * day;
    const again = await read('/counted#two');
    assert.deepEqual([first.text, first.fromCache], ['1', false]);
    assert.deepEqual([again.text, again.fromCache, again.retrievedAt], ['1', true, now - 5 * day]);
    assert.deepEqual([again.type, again.sha256, again.asked], ['text/plain', first.sha256, server.at('/counted#two')]);
    assert.equal((await read('/to/%2Fcounted')).url, server.at('/counted'));
    assert.equal((await read('/to/%2Fcounted')).fromCache, true);
  });

  it('asks whether an old page changed', async () => {
    for (const [path, text] of [
      ['/etag', 'tagged'],
      ['/dated', 'dated'],
      ['/to/%2Fetag', 'tagged'],
    ] as const) {
      await read(path);
      now += 8 * day;
      const again = await read(path);
      assert.deepEqual([again.text, again.fromCache, again.retrievedAt], [text, true, now]);
      server.asked.length = 0;
      assert.equal((await read(path)).fromCache, true);
      assert.deepEqual(server.asked, []);
    }
    await read('/counted');
    now += 8 * day;
    const changed = await read('/counted');
    assert.deepEqual([changed.text, changed.fromCache, changed.retrievedAt], ['2', false, now]);
  });

  it('serves an old page where its server is gone, with its date', async () => {
    const was = now;
    await read('/counted');
    now += 30 * day;
    await server.close();
    const old = await read('/counted');
    assert.deepEqual([old.text, old.fromCache, old.retrievedAt], ['1', true, was]);
    server = await faultyServer();
  });

  for (const status of [403, 429, 503]) {
    it(`serves an old page where its server answers ${status}, and none that is gone`, async () => {
      const was = now;
      await read('/counted');
      now += 30 * day;
      server.fails.set('/counted', status);
      const old = await read('/counted');
      assert.deepEqual([old.text, old.fromCache, old.retrievedAt], ['1', true, was]);
      server.fails.set('/counted', 404);
      await assert.rejects(read('/counted'), /404/);
    });
  }

  it('knows a page by the address that it was found at as well', async () => {
    const first = await read('/to/%2Fcounted');
    const again = await read('/counted');
    assert.deepEqual([again.text, again.fromCache, again.url], ['1', true, server.at('/counted')]);
    assert.equal(again.sha256, first.sha256);
    now += 8 * day;
    const changed = await read('/counted');
    assert.deepEqual([changed.text, changed.fromCache], ['2', false]);
    const blocking = make({ settings: { ...settings, blocked: ['127.0.0.1/to'] } });
    assert.equal((await read('/counted', blocking)).fromCache, true);
  });

  it('does not take for a page what its way leads to by now', async () => {
    const cache = pageCache({ folder, maxBytes: 100_000 });
    const key = (path: string) => ({ url: new URL(path, 'http://site.test/'), rendered: false });
    const keep = async (...paths: readonly string[]) => {
      const hops = paths.map((path) => key(path).url.href);
      const bytes = Buffer.from(paths.join());
      const kept = { format: 1, hops, type: '', truncated: false, retrievedAt: 1, sha256: sha256Of(bytes) } as const;
      await cache.write(key(paths[0] ?? ''), { kept, bytes });
    };
    await keep('a', 'b');
    assert.deepEqual((await cache.read(key('b')))?.kept.hops, ['http://site.test/b']);
    await keep('a', 'c');
    assert.equal(await cache.read(key('b')), undefined);
    assert.equal((await cache.read(key('c')))?.bytes.toString(), 'a,c');
    assert.equal(await cache.read({ ...key('c'), rendered: true }), undefined);
  });

  it('keeps nothing that must not be kept, nothing that failed, nothing with headers of somebody', async () => {
    await read('/no-store');
    assert.equal((await read('/no-store')).text, '2');
    await assert.rejects(read('/status/404'));
    await read('/counted', make(), { 'x-page': '2' });
    assert.equal((await read('/counted', make(), { 'x-page': '2' })).text, '2');
    await read('/drip', make({ limits: { intervalMs: 0, totalMs: 100 } }));
    assert.deepEqual(await readdir(folder).catch(() => []), []);
  });

  it('is for its owner alone', async () => {
    await read('/page/x');
    const [name = ''] = await readdir(folder);
    assert.deepEqual(
      [(await stat(folder)).mode & 0o777, (await stat(join(folder, name))).mode & 0o777],
      [0o700, 0o600],
    );
  });

  it('takes a broken page for none', async () => {
    await read('/counted');
    const [name = ''] = await readdir(folder);
    const file = join(folder, name);
    const whole = await readFile(file);
    const broken = [
      whole.subarray(0, -1),
      whole.subarray(0, 20),
      Buffer.alloc(0),
      Buffer.from('{}\nx'),
      Buffer.from('x'.repeat(99)),
    ];
    for (const [at, bytes] of broken.entries()) {
      await writeFile(file, bytes);
      const { text, fromCache } = await read('/counted');
      assert.deepEqual([text, fromCache], [String(at + 2), false]);
    }
    assert.equal((await read('/counted')).fromCache, true);
  });

  it('lets the oldest go when it is full', async () => {
    const cache = pageCache({ folder, maxBytes: 100_000 });
    const write = async (at: number) => {
      const bytes = Buffer.alloc(20_000, at);
      const url = new URL(`http://site.test/${at}`);
      const kept = {
        format: 1,
        hops: [url.href],
        type: '',
        truncated: false,
        retrievedAt: at * 1000,
        sha256: sha256Of(bytes),
      } as const;
      await cache.write({ url, rendered: false }, { kept, bytes });
    };
    for (let at = 1; at <= 12; at++) await write(at);
    const has = async (at: number) =>
      (await cache.read({ url: new URL(`http://site.test/${at}`), rendered: false })) !== undefined;
    const left = (await Promise.all(Array.from({ length: 12 }, (_, at) => has(at + 1)))).flatMap((is, at) =>
      is ? [at + 1] : [],
    );
    assert.ok(left.length >= 3 && left.length <= 5, String(left));
    assert.deepEqual(
      left,
      Array.from({ length: left.length }, (_, at) => 13 - left.length + at),
    );
    await cache.write(
      { url: new URL('http://site.test/big'), rendered: false },
      {
        kept: { format: 1, hops: ['x'], type: '', truncated: false, retrievedAt: 1, sha256: '' },
        bytes: Buffer.alloc(60_000),
      },
    );
    assert.equal((await readdir(folder)).length, left.length);
  });

  it('does without a folder that cannot be written', async () => {
    await mkdir(join(folder, '..'), { recursive: true });
    await writeFile(folder, 'a file');
    await chmod(folder, 0o600);
    assert.equal((await read('/counted')).text, '1');
    assert.equal((await read('/counted')).text, '2');
  });

  it('does not lead a run to what is blocked or not allowed in it', async () => {
    await read('/to/%2Fpage%2Fx');
    const blocking = make({ settings: { ...settings, blocked: ['127.0.0.1/page'] } });
    await assert.rejects(read('/to/%2Fpage%2Fx', blocking), /is blocked/);
    await assert.rejects(read('/page/x', make({ settings: { ...settings, allowLoopback: false } })), /this machine/);
  });

  it('is shared by processes that write at the same time', async () => {
    const program = `
      import { pageCache, sha256Of } from ${JSON.stringify(join(import.meta.dirname, '../../../src/tools/web/pageCache.ts'))};
      const cache = pageCache({ folder: ${JSON.stringify(folder)}, maxBytes: 200_000 });
      let broken = 0;
      for (let at = 0; at < 60; at++) {
        const url = new URL('http://site.test/' + (at % 7));
        const bytes = Buffer.alloc(20_000, process.pid % 256);
        const kept = { format: 1, hops: [url.href], type: '', truncated: false, retrievedAt: at * 1000, sha256: sha256Of(bytes) };
        await cache.write({ url, rendered: false }, { kept, bytes });
        const found = await cache.read({ url, rendered: false });
        if (found && (found.bytes.length !== 20_000 || found.bytes.some((byte) => byte !== found.bytes[0]))) broken++;
      }
      console.log(broken);`;
    const one = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    const said = await Promise.all([one(), one(), one()]);
    assert.deepEqual(
      said.map(({ stdout }) => stdout.trim()),
      ['0', '0', '0'],
    );
    assert.ok((await readdir(folder)).every((name) => name.endsWith('.page')));
  });
});
