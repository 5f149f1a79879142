/** A web server on loopback with every fault that servers have, by path; and well-behaved pages to compare with. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { faultyBodies } from './faultyBodies.ts';
import { faultyPages } from './faultyPages.ts';

/** Answers one request; `rest` is what follows the path's first part. */
export type Answer = (visit: Visit) => void;

/** A request, and what the server remembers. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly rest: string;
  /** How often this path was asked before. */
  readonly before: number;
}

/** A running one. */
export interface FaultyServer {
  readonly port: number;
  readonly origin: string;
  readonly at: (path: string) => string;
  /** Paths with their queries, in the order in which they were asked; robots.txt included. */
  readonly asked: string[];
  /** What /robots.txt answers; 404 at first. */
  readonly robots: { status: number; text: string };
  /** Paths that answer with that status from now on. */
  readonly fails: Map<string, number>;
  /** Most requests that were under way at a time. */
  readonly busiest: () => number;
  readonly close: () => Promise<void>;
}

/** Paths are listed in faultyBodies.ts (how bytes come) and faultyPages.ts (what they are). */
export async function faultyServer(host = '127.0.0.1'): Promise<FaultyServer> {
  const answers: Readonly<Record<string, Answer>> = { ...faultyBodies, ...faultyPages };
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const robots = { status: 404, text: '' };
  const fails = new Map<string, number>();
  let [open, most] = [0, 0];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    open++;
    most = Math.max(most, open);
    response.once('close', () => open--);
    response.on('error', () => undefined);
    request.socket.on('error', () => undefined);
    const before = counts.get(path) ?? 0;
    counts.set(path, before + 1);
    if (path === '/robots.txt') {
      response.writeHead(robots.status, { 'content-type': 'text/plain' }).end(robots.text);
      return;
    }
    const failure = fails.get(path);
    if (failure !== undefined) {
      response.writeHead(failure).end();
      return;
    }
    const [, first = '', rest = ''] = /^\/([^/?]*)[/?]?(.*)$/s.exec(path) ?? [];
    const answer = answers[first];
    if (answer) answer({ request, response, rest, before });
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    port,
    origin,
    at: (path) => `${origin}${path}`,
    asked,
    robots,
    fails,
    busiest: () => most,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
