/** A web server on loopback that serves what it is given. */
import { once } from 'node:events';
import { createServer } from 'node:http';

/** A running one. */
export interface PageServer {
  readonly origin: string;
  /** Serves a body at a path, with any query, from now on, and gives its address. */
  readonly at: (path: string, body: string | Uint8Array, type?: string) => string;
  /** Paths with their queries, in the order in which they were asked. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts one; the caller closes it. `delayMs`: before each answer. */
export async function pageServer({ delayMs = 0 } = {}): Promise<PageServer> {
  const pages = new Map<string, { readonly body: string | Uint8Array; readonly type: string }>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const page = pages.get(path) ?? pages.get(path.replace(/\?.*/, ''));
    setTimeout(() => {
      if (page) response.writeHead(200, { 'content-type': page.type }).end(page.body);
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
    }, delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    origin,
    at: (path, body, type = 'text/html; charset=utf-8') => {
      pages.set(path, { body, type });
      return `${origin}${path}`;
    },
    asked,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
