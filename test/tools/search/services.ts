/** A server on loopback that answers as the paid services document it, their failures included. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** A request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

/** What is answered: JSON unless it is text; `hang`: nothing comes; `reset`: the connection breaks. */
export type Reply =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status?: number; readonly html: string; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'reset';

/** Replies in their order, the last again and again. */
export async function startService(replies: readonly Reply[]) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void take(request).then((one) => {
      const reply = replies[Math.min(asked.length, replies.length - 1)] ?? 'reset';
      asked.push(one);
      answer(reply, request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function take(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const body = await text(request);
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: z.record(z.string(), z.unknown()).parse(JSON.parse(body === '' ? '{}' : body)),
  };
}

function answer(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    request.socket.destroy();
    return;
  }
  const type = 'json' in reply ? 'application/json' : 'text/html; charset=utf-8';
  response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers });
  response.end('json' in reply ? JSON.stringify(reply.json) : reply.html);
}

/** serper.dev: POST /search. */
export const serperAnswer = {
  searchParameters: { q: 'cheese', gl: 'us', hl: 'en', type: 'search', engine: 'google' },
  organic: [
    {
      title: 'Cheese - Wikipedia',
      link: 'https://en.wikipedia.org/wiki/Cheese',
      snippet: 'Cheese is &amp; was …',
      position: 1,
    },
    {
      title: 'Käse',
      link: 'https://de.wikipedia.org/wiki/K%C3%A4se',
      snippet: 'Käse',
      date: '2 days ago',
      position: 2,
    },
    { title: 'No snippet', link: 'https://example.org/a', position: 3 },
  ],
  credits: 1,
};

/** api.search.brave.com: GET /res/v1/web/search. */
export const braveAnswer = {
  type: 'search',
  query: { original: 'cheese', more_results_available: true },
  web: {
    type: 'search',
    results: [
      {
        title: 'Cheese &#x27;n&#x27; more',
        url: 'https://example.org/cheese',
        description: 'All about cheese',
        age: 'March 1, 2024',
        page_age: '2024-03-01T10:00:00',
      },
      { title: 'Plain', url: 'https://example.org/plain', description: 'Plain' },
    ],
  },
};

/** api.tavily.com: POST /search. */
export const tavilyAnswer = {
  query: 'cheese',
  answer: null,
  images: [],
  results: Array.from({ length: 20 }, (_, index) => ({
    title: `Page ${index + 1}`,
    url: `https://example.org/${index + 1}`,
    content: `Content ${index + 1}`,
    score: 0.9,
    raw_content: null,
    ...(index === 0 && { published_date: '2024-03-01' }),
  })),
  response_time: 1.2,
};
