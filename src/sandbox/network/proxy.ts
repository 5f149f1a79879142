/**
 * The proxy through which confined processes reach listed domains. It listens on a Unix socket that is bound into their
 * sandbox; it looks names up itself and connects to the address that it checked. What a tunnel carries is not read: neither
 * the name in a TLS handshake nor the certificate is compared with the host that was asked for.
 */
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { destination, Refusal, type NetworkRules } from '../../network/rules.ts';

/** A proxy under way. */
export interface Proxy {
  /** What was refused since it was asked last, a sentence each; the same is told once. */
  readonly takeRefusals: () => readonly string[];
  /** Ends it and every connection through it. */
  readonly close: () => Promise<void>;
}

/** Connections at a time; more wait in the socket's queue. */
const maxConnections = 128;
const connectMs = 20_000;
/** A connection on which nothing moves for so long is given up. */
const idleMs = 300_000;
const maxRefusals = 20;

/** Headers that are between a client and its proxy. */
const ownHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Listens at a path that does not exist yet. Throws what the system says when it cannot. */
export async function startProxy(socketPath: string, rules: NetworkRules): Promise<Proxy> {
  const refusals = new Set<string>();
  const open = new Set<Duplex>();
  const server = createServer({ maxHeaderSize: 65_536 });
  server.maxConnections = maxConnections;
  server.on('connection', (socket: Socket) => keep(open, socket));
  const refuse = (error: unknown): Refusal => {
    const refusal = error instanceof Refusal ? error : new Refusal('The server could not be reached.', 502);
    if (refusals.size < maxRefusals) refusals.add(refusal.message);
    return refusal;
  };
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    tunnel(request, client, head, rules, open).catch((error: unknown) => {
      const { status, message } = refuse(error);
      client.end(
        `HTTP/1.1 ${status} ${reasons[status]}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${message}\n`,
      );
    });
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    forward(request, response, rules).catch((error: unknown) => {
      const { status, message } = refuse(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${message}\n`);
    });
  });
  server.on('clientError', (_error, socket: Duplex) => socket.destroy());
  await listening(server, socketPath);
  return {
    takeRefusals: () => {
      const all = [...refusals];
      refusals.clear();
      return all;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

const reasons = { 403: 'Forbidden', 502: 'Bad Gateway' } as const;

/** `CONNECT host:port`: bytes both ways, whatever they are. */
async function tunnel(
  { url = '' }: IncomingMessage,
  client: Duplex,
  head: Buffer,
  rules: NetworkRules,
  open: Set<Duplex>,
): Promise<void> {
  client.on('error', () => client.destroy());
  const { host, port } = authority(url);
  const upstream = await connected(await destination(host, port, rules)).catch(unreachable(host, port));
  keep(open, upstream);
  if (client.destroyed) {
    upstream.destroy();
    return;
  }
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) upstream.write(head);
  upstream.setTimeout(idleMs, () => upstream.destroy());
  upstream.on('close', () => client.destroy());
  client.on('close', () => upstream.destroy());
  upstream.pipe(client);
  client.pipe(upstream);
}

/** A plain request in absolute form. Its Host is the one that was checked, whatever it said. */
async function forward(request: IncomingMessage, response: ServerResponse, rules: NetworkRules): Promise<void> {
  const url = URL.parse(request.url ?? '');
  if (url?.protocol !== 'http:') {
    throw new Refusal('This is a proxy: it takes CONNECT, and requests for http:// addresses.', 403);
  }
  const port = Number(url.port || 80);
  const { address } = await destination(url.hostname, port, rules);
  const headers = Object.entries(request.headers).filter(([name]) => !ownHeaders.has(name) && name !== 'host');
  // Without it a body of unknown length would follow a GET as if it were a request of its own.
  const framing = request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
  const upstream = send({
    host: address,
    port,
    method: request.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...Object.fromEntries(headers), ...framing, host: url.host },
    setHost: false,
    agent: false,
    timeout: idleMs,
  });
  upstream.on('timeout', () => upstream.destroy());
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
  const answer = await answerOf(upstream).catch(unreachable(url.hostname, port));
  const given = Object.entries(answer.headers).filter(([name]) => !ownHeaders.has(name));
  response.writeHead(answer.statusCode ?? 502, Object.fromEntries(given));
  answer.on('error', () => response.destroy());
  answer.pipe(response);
}

function unreachable(host: string, port: number): () => never {
  return () => {
    throw new Refusal(`${host}:${port} could not be reached.`, 502);
  };
}

function answerOf(upstream: ReturnType<typeof send>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.on('response', resolve);
    upstream.on('error', reject);
  });
}

/** `host:port`, `[v6]:port`. Throws Refusal. */
function authority(text: string): { readonly host: string; readonly port: number } {
  const url = /[/?#@]/.test(text) ? null : URL.parse(`tunnel://${text}`);
  const port = Number(url?.port);
  if (!url || !url.hostname || !Number.isInteger(port) || port < 1)
    throw new Refusal(`${text} is no host and port.`, 403);
  return { host: url.hostname, port };
}

function connected({ address, port }: { readonly address: string; readonly port: number }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true });
    socket.setTimeout(connectMs, () => socket.destroy(new Error('timed out')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

function keep(open: Set<Duplex>, socket: Duplex): void {
  open.add(socket);
  socket.once('close', () => open.delete(socket));
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
