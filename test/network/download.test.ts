import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { download } from '../../src/network/download.ts';

const never = new AbortController().signal;

describe('a download', () => {
  let site: Server, inner: Server, port: number, innerPort: number;
  let reached = 0;
  before(async () => {
    site = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://x');
      const to = decodeURIComponent(pathname.slice(4));
      if (pathname.startsWith('/to/')) response.writeHead(302, { location: to }).end();
      else if (pathname === '/loop') response.writeHead(301, { location: '/loop' }).end();
      else if (pathname === '/named')
        response.setHeader('content-disposition', 'attachment; filename="../../etc/x y.csv"').end('a,b');
      else if (pathname === '/huge') response.writeHead(200, { 'content-length': '600000000' }).write('x');
      else if (pathname === '/broken')
        response.writeHead(200, { 'content-length': '10' }).write('x', () => response.destroy());
      else if (pathname === '/none') response.writeHead(404).end();
      else response.setHeader('content-type', 'text/plain').end(`bytes of ${pathname}`);
    });
    inner = createServer((_, response) => {
      reached++;
      response.end('inner');
    });
    for (const server of [site, inner]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    [port, innerPort] = [portOf(site), portOf(inner)];
  });
  after(() => {
    for (const server of [site, inner]) {
      server.closeAllConnections();
      server.close();
    }
  });
  const rules = {
    allowed: (host: string) => host === 'site.test',
    resolve: async () => ['127.0.0.1'],
    reachable: (_address: string, to: number) => to === port,
  };
  const at = (path: string) => download(`http://site.test:${port}${path}`, rules, never);
  const read = async (path: string) => {
    const file = await at(path);
    const bytes = await buffer(file.body);
    await file.close();
    return { ...file, text: bytes.toString() };
  };

  it('brings the bytes, their type and a name', async () => {
    const { text, name, type, url } = await read('/data/list.txt?x');
    assert.deepEqual([text, name, type], ['bytes of /data/list.txt', 'list.txt', 'text/plain']);
    assert.match(url, /\/data\/list\.txt\?x$/);
    assert.equal((await read('/named')).name, '_.._etc_x y.csv');
    assert.equal((await read('/')).name, 'download');
  });

  it('follows redirects, each of which is checked', async () => {
    assert.equal((await read(`/to/${encodeURIComponent('/other')}`)).text, 'bytes of /other');
    for (const to of [
      `http://evil.test:${port}/`,
      `http://site.test:${innerPort}/`,
      `http://127.0.0.1:${innerPort}/`,
    ]) {
      await assert.rejects(at(`/to/${encodeURIComponent(to)}`), /not among the domains|no public address/);
    }
    await assert.rejects(at(`/to/${encodeURIComponent('file:///etc/passwd')}`), /no web address/);
    await assert.rejects(at('/loop'), /more than 5 times/);
    assert.equal(reached, 0);
  });

  it('says why there is none', async () => {
    await assert.rejects(at('/none'), /HTTP status 404/);
    await assert.rejects(at('/huge'), /up to 500/);
    await assert.rejects(read('/broken'), /broke off after 1 B/);
    for (const url of ['ftp://site.test/x', 'file:///etc/passwd', 'x', 'gopher://site.test/']) {
      await assert.rejects(download(url, rules, never), /no web address/);
    }
    await assert.rejects(download(`http://a:b@site.test:${port}/`, rules, never), /password/);
    await assert.rejects(download(`http://other.test:${port}/`, rules, never), /not among the domains/);
  });

  it('stops when the call does', async () => {
    const stop = new AbortController();
    const file = await download(`http://site.test:${port}/huge`.replace('/huge', '/x'), rules, stop.signal);
    stop.abort(new Error('stopped'));
    await assert.rejects(buffer(file.body), /stopped|abort/i);
    await file.close();
  });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
