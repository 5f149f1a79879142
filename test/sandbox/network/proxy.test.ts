import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isPublicAddress } from '../../../src/agent/publicAddress.ts';
import { forwarder, forwarderPort } from '../../../src/sandbox/network/forwarder.ts';
import { startProxy, type Proxy } from '../../../src/sandbox/network/proxy.ts';

/** Names and where they lead; the address of the site alone may be reached although it is not public. */
const names: Readonly<Record<string, readonly string[]>> = {
  'site.test': ['127.0.0.1'],
  'inner.test': ['10.0.0.7'],
  'meta.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'wire.test': ['168.63.129.16'],
  'closed.test': ['127.0.0.1'],
  'mixed.test': ['93.184.216.34', '127.0.0.1'],
  'empty.test': [],
};

describe('the proxy of a sandbox', () => {
  let folder: string, socketPath: string, site: Server, port: number, proxy: Proxy;
  const asked: IncomingMessage[] = [];
  let lookups = 0;
  /** Where nothing listens. */
  const closedPort = 1;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxy-test-'));
    socketPath = join(folder, 'proxy.sock');
    site = createServer((incoming, response) => {
      asked.push(incoming);
      if (incoming.url === '/large') response.end('x'.repeat(5_000_000));
      else
        text(incoming).then(
          (body) => response.end(`${incoming.method} ${incoming.url} ${body}`),
          () => response.destroy(),
        );
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port: own } = addressOf(site);
    port = own;
    proxy = await startProxy(socketPath, {
      allowed: (host) => host in names || host === '127.0.0.1',
      resolve: async (host) => {
        lookups++;
        return names[host] ?? [];
      },
      reachable: (address, to) =>
        isPublicAddress(address) || (address === '127.0.0.1' && [own, closedPort].includes(to)),
    });
  });
  after(async () => {
    await proxy.close();
    site.closeAllConnections();
    site.close();
    await rm(folder, { recursive: true });
  });

  const get = async (url: string, headers: Record<string, string> = {}, body = '', method = 'GET') => {
    const sent = request({ socketPath, path: url, method, headers });
    sent.end(body);
    const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    return { status: response.statusCode, body: await text(response) };
  };
  const tunnel = async (authority: string): Promise<{ status: string; socket: Socket }> => {
    const socket = connect(socketPath);
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    const head = await new Promise<unknown>((resolve) => socket.once('data', resolve));
    return { status: String(head), socket };
  };

  it('passes plain requests on, with the Host that was checked and without its own headers', async () => {
    const headers = { host: 'evil.test', 'proxy-authorization': 'secret', 'x-own': 'kept' };
    const { status, body } = await get(`http://site.test:${port}/a?b`, headers, 'sent', 'POST');
    assert.deepEqual([status, body], [200, 'POST /a?b sent']);
    const arrived = asked.at(-1)?.headers ?? assert.fail();
    assert.equal(arrived.host, `site.test:${port}`);
    assert.equal(arrived['x-own'], 'kept');
    assert.equal(arrived['proxy-authorization'], undefined);
  });

  it('opens tunnels, and looks a name up once for each', async () => {
    const before = lookups;
    const { status, socket } = await tunnel(`site.test:${port}`);
    assert.match(status, /^HTTP\/1\.1 200 /);
    socket.write('GET /through HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(await text(socket), /GET \/through/);
    assert.equal(lookups, before + 1);
  });

  const refusedUrls = [
    ['http://other.test/', 403],
    ['http://inner.test/', 403],
    ['http://meta.test/latest/meta-data/', 403],
    ['http://mapped.test/', 403],
    ['http://mixed.test/', 403],
    ['http://empty.test/', 502],
    ['http://wire.test/machine', 403],
    ['http://127.0.0.1:2/', 403],
    ['http://2130706433:2/', 403],
    ['http://0x7f.1:2/', 403],
    ['http://[::1]/', 403],
    ['http://[::ffff:127.0.0.1]/', 403],
    ['http://site.test@other.test/', 403],
    ['https://site.test/', 403],
    ['ftp://site.test/', 403],
    ['file:///etc/passwd', 403],
    ['/plain', 403],
  ] as const;
  for (const [url, status] of refusedUrls) {
    it(`refuses ${url}`, async () => {
      const before = asked.length;
      const answer = await get(url);
      assert.equal(answer.status, status, answer.body);
      assert.equal(asked.length, before);
    });
  }
  for (const authority of [
    'other.test:443',
    'inner.test:443',
    '[::1]:80',
    'site.test',
    'site.test:0',
    'a@site.test:443',
    'mixed.test:443',
  ]) {
    it(`opens no tunnel to ${authority}`, async () => {
      const { status, socket } = await tunnel(authority);
      socket.destroy();
      assert.match(status, /^HTTP\/1\.1 403 /);
    });
  }

  for (const method of ['GET', 'DELETE', 'HEAD', 'OPTIONS', 'POST']) {
    it(`passes a body of unknown length on as one, with ${method}`, async () => {
      const before = asked.length;
      const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
      const { status } = await get(
        `http://site.test:${port}/outer`,
        { 'transfer-encoding': 'chunked' },
        smuggled,
        method,
      );
      assert.equal(status, 200);
      assert.deepEqual(
        asked.slice(before).map(({ url, headers }) => [url, headers['transfer-encoding']]),
        [['/outer', 'chunked']],
      );
    });
  }

  it('names what could not be reached', async () => {
    proxy.takeRefusals();
    assert.equal((await get(`http://closed.test:${closedPort}/`)).status, 502);
    const { status, socket } = await tunnel(`site.test:${closedPort}`);
    socket.destroy();
    assert.match(status, /^HTTP\/1\.1 502 [^]*site\.test:1 could not be reached\.\n$/);
    assert.deepEqual(proxy.takeRefusals(), [
      'closed.test:1 could not be reached.',
      'site.test:1 could not be reached.',
    ]);
  });

  it('says what was refused, once', async () => {
    proxy.takeRefusals();
    await get('http://other.test/');
    await get('http://other.test/again');
    assert.deepEqual(proxy.takeRefusals(), ['other.test:80 is not among the domains that this run may reach.']);
    assert.deepEqual(proxy.takeRefusals(), []);
  });

  it('is reached through the forwarder, which becomes the command', async () => {
    const script = `import sys, urllib.request
print(len(urllib.request.urlopen("http://site.test:${port}/large").read()), len(sys.argv), flush=True)
try: urllib.request.urlopen("http://other.test/")
except urllib.error.HTTPError as refused: print(refused.code)
sys.exit(7)`;
    const env = { PATH: '/usr/bin:/bin', http_proxy: `http://127.0.0.1:${forwarderPort}` };
    const words = ['-I', '-S', '-c', forwarder, socketPath, String(forwarderPort), 'python3', '-c', script, 'a b'];
    const confining = [
      '--ro-bind',
      '/',
      '/',
      '--dev',
      '/dev',
      '--unshare-net',
      '--unshare-pid',
      '--die-with-parent',
      'python3',
    ];
    const child = spawn('bwrap', [...confining, ...words], { env });
    const [output, errors] = [text(child.stdout), text(child.stderr)];
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    assert.equal(await errors, '');
    assert.equal(await output, '5000000 2\n403\n');
    assert.equal(code, 7);
  });
});

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address : assert.fail();
}
