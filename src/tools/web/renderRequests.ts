/** What a page asks for while a browser shows it, brought by our own fetching. */
import PQueue from 'p-queue';
import type { Page, Request, Route } from 'playwright-core';
import { exchange, type WebAnswer, type WebRequest } from './fetchExchange.ts';
import { userAgent } from './fetchHeaders.ts';
import type { Hopping } from './fetchHops.ts';

const atOnce = 6;
const redirects = 5;
const navigations = 5;
const postedBytes = 1_000_000;
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
/** Pictures, fonts and films change no words. */
const kinds: ReadonlySet<string> = new Set([
  'document',
  'stylesheet',
  'script',
  'xhr',
  'fetch',
  'eventsource',
  'other',
]);
const ownToUs = /^(host|cookie2?|connection|content-length|accept-encoding|user-agent|proxy-.*|sec-.*|upgrade.*)$/;
const ownToTheWay =
  /^(content-encoding|content-length|transfer-encoding|set-cookie2?|connection|keep-alive|alt-svc|refresh|link)$/;

/** Answers a page's requests, the first with what is there already; refuses what is beyond the limits. */
export function renderRequests(page: Page, first: WebAnswer, hopping: Hopping): (route: Route) => Promise<void> {
  const { guard, limits, signal, before } = hopping;
  const queue = new PQueue({ concurrency: atOnce });
  const spent = { requests: 0, bytes: first.bytes.length, documents: 0 };
  const bring = async (request: Request): Promise<WebAnswer | undefined> => {
    const from = URL.parse(page.url());
    const isDocument = request.resourceType() === 'document';
    if (!kinds.has(request.resourceType()) || (isDocument && request.frame() !== page.mainFrame())) return undefined;
    const asked = guard.check(
      request.url(),
      from?.protocol === 'http:' || from?.protocol === 'https:' ? from : first.url,
    );
    if (hopping.mayLeadTo?.(asked.href) === false) return undefined;
    if (isDocument && spent.documents++ === 0 && asked.href === first.url.href) return first;
    if (isDocument && spent.documents > navigations) return undefined;
    if (++spent.requests > limits.renderRequests || spent.bytes > limits.renderBytes) return undefined;
    const sent = await toSend(request, asked);
    if (!sent) return undefined;
    if (isDocument) await before(asked);
    const left = {
      ...limits,
      textBytes: limits.renderBytes - spent.bytes,
      documentBytes: limits.renderBytes - spent.bytes,
    };
    const answer = await queue.add(() => followed(sent, { ...hopping, limits: left }), { signal });
    spent.bytes += answer.bytes.length;
    return answer.cut ? undefined : answer;
  };
  return async (route) => {
    const answer = await bring(route.request()).catch(() => undefined);
    // The page may be gone by now.
    await (answer ? route.fulfill(toPage(answer)) : route.abort('blockedbyclient')).catch(() => undefined);
  };
}

async function toSend(request: Request, url: URL): Promise<WebRequest | undefined> {
  const method = request.method();
  const body = request.postDataBuffer();
  if (!methods.has(method) || (body?.length ?? 0) > postedBytes) return undefined;
  const headers = Object.entries(await request.allHeaders()).filter(
    ([name]) => !ownToUs.test(name) && !name.startsWith(':'),
  );
  return {
    url,
    headers: { ...Object.fromEntries(headers), 'user-agent': userAgent, 'accept-encoding': 'gzip, deflate, br, zstd' },
    ...(method === 'POST' || method === 'HEAD' || method === 'OPTIONS' ? { method } : {}),
    ...(body && body.length > 0 && { body }),
  };
}

/** Redirects are followed here: a browser would follow them past us. What is posted goes to one address alone. */
async function followed(request: WebRequest, hopping: Hopping): Promise<WebAnswer> {
  let url = request.url;
  for (let hop = 0; ; hop++) {
    const answer = await exchange({ ...request, url }, hopping);
    const location = answer.headers['location'];
    const leads = answer.status >= 300 && answer.status < 400 && location !== undefined;
    if (!leads || hop >= redirects || request.body) return answer;
    url = hopping.guard.check(location, url);
    if (hopping.mayLeadTo?.(url.href) === false) return answer;
  }
}

function toPage({ status, headers, bytes }: WebAnswer) {
  const kept = Object.entries(headers).filter(([name]) => !ownToTheWay.test(name));
  // A redirect that nobody followed: the browser is not to try.
  const plain = status >= 300 && status < 400 ? 502 : status;
  return { status: plain, headers: Object.fromEntries(kept), body: bytes };
}
