/** Fetches pages for a run: guarded, polite, kept. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSettings } from '../../shared/webSettings.ts';
import { FetchError } from './fetchError.ts';
import type { WebAnswer } from './fetchExchange.ts';
import { fetchGuard, type Reach } from './fetchGuard.ts';
import { sortHeaders } from './fetchHeaders.ts';
import { followHops, type Followed, type Hopping } from './fetchHops.ts';
import { fetchLimits, type FetchLimits } from './fetchLimits.ts';
import { robots } from './fetchRobots.ts';
import { fetchTurns } from './fetchTurns.ts';
import type { FetchedPage, FetchOptions, PageFetcher } from './page.ts';
import { pageCache, sha256Of, type Kept, type KeptPage, type PageKey } from './pageCache.ts';
import { renderer, type Rendered } from './renderPages.ts';
import { sharedWork } from './sharedWork.ts';

/** What a fetcher is made from; `limits`, `wait` and the ways to names and addresses are for tests. */
export interface PageFetcherOptions extends Reach {
  readonly settings: Pick<WebSettings, 'blocked' | 'allowLoopback' | 'robots' | 'render'>;
  /** Where pages are kept, shared by runs; absent: nowhere. */
  readonly cache: { readonly folder: string; readonly maxBytes: number; readonly maxAgeMs: number } | undefined;
  /** The Chrome or Chromium that renders; absent: the one that is found. */
  readonly browserPath?: string | undefined;
  readonly now: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly limits?: Partial<FetchLimits>;
}

/**
 * One for a run. A page is kept whatever its server says of its age, so that a question asked twice rests on the same words;
 * past `maxAgeMs` its server is asked whether it changed, and where there is no answer the old one serves, with its date.
 * Only `no-store`, and what was asked for with somebody's headers, is never kept.
 */
export function pageFetcher(options: PageFetcherOptions): PageFetcher {
  const { settings, now } = options;
  const limits = { ...fetchLimits, ...options.limits };
  const guard = fetchGuard(settings, options);
  const turns = fetchTurns(limits);
  const sites = robots();
  const wait = options.wait ?? (async (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }));
  const cache = options.cache && { ...pageCache(options.cache), maxAgeMs: options.cache.maxAgeMs };
  const shared = sharedWork<KeptPage & { readonly fromCache: boolean }>();
  const over = new AbortController();

  const browser = renderer(options.browserPath, process.env);

  const load = async ({ url, foreign, rendered, mayLeadTo }: Wanted, signal: AbortSignal, asked: AbortSignal) => {
    const exchanging = { guard, limits, turns, signal, asked };
    const before = async (at: URL) => (settings.robots ? sites.check(at, exchanging) : undefined);
    const hopping: Hopping = { ...exchanging, wait, now, before, mayLeadTo };
    const key: PageKey = { url, rendered };
    const keeping = Object.keys(foreign).length === 0 ? cache : undefined;
    const old = await keeping?.read(key);
    // What is blocked, or this machine's own, in this run may have been neither in the run that kept it.
    for (const hop of old?.kept.hops ?? []) guard.check(hop);
    const age = old && now() - old.kept.retrievedAt;
    if (old && keeping && age !== undefined && age >= 0 && age <= keeping.maxAgeMs) return { ...old, fromCache: true };
    const followed = await followHops(url, { foreign, ...(old && conditional(old.kept)) }, hopping).catch(
      (error: unknown) => {
        if (old && error instanceof FetchError && mayServeOld(error)) return old;
        throw error;
      },
    );
    if (!('answer' in followed)) return { ...followed, fromCache: true };
    const unchanged = old !== undefined && followed.answer.status === 304;
    const shows = rendered && !unchanged && /html|^$/i.test(followed.answer.headers['content-type'] ?? '');
    const seen = shows ? await browser.render(followed.answer, hopping) : undefined;
    const page = unchanged ? { ...old, kept: { ...old.kept, retrievedAt: now() } } : keptOf(followed, now(), seen);
    const { headers, cut } = followed.answer;
    if (cut !== 'time' && !/\bno-store\b/i.test(headers['cache-control'] ?? '')) await keeping?.write(key, page);
    return { ...page, fromCache: unchanged };
  };

  return {
    fetch: async (asked, { signal, headers = {}, ahead = false, render: rendered = false, mayLeadTo }) => {
      over.signal.throwIfAborted();
      if (rendered && !settings.render) throw new FetchError('browser', renderingIsOff);
      const url = guard.check(asked);
      const { sent, leftOut } = sortHeaders(headers);
      const key = JSON.stringify([url.href, rendered, sent]);
      const { kept, bytes, fromCache } = await shared.join(key, { signal, ahead }, (stop, askedFor) =>
        load({ url, foreign: sent, rendered, mayLeadTo }, stop, askedFor),
      );
      return { ...pageOf(kept, asked, bytes), fromCache, ...(leftOut.length > 0 && { leftOut }) };
    },
    dispose: async () => {
      const reason = new DOMException('The run is over.', 'AbortError');
      over.abort(reason);
      shared.stop(reason);
      await browser.dispose();
    },
  };
}

/** What is asked for. */
interface Wanted {
  readonly url: URL;
  readonly foreign: Readonly<Record<string, string>>;
  readonly rendered: boolean;
  readonly mayLeadTo: FetchOptions['mayLeadTo'];
}

const renderingIsOff =
  'Pages are not rendered in this run: the person has not switched it on (setting mirothinker.web.render).';

function conditional({ hops, etag, lastModified }: Kept) {
  const headers = {
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
  };
  return { conditional: { at: hops.at(-1) ?? '', headers } };
}

/** No answer, or one that says nothing of the page. */
function mayServeOld({ fault, status }: FetchError): boolean {
  return fault === 'network' || (status !== undefined && (status >= 500 || keptOut.has(status)));
}

/** Answers to whoever asks, whatever is asked for: forbidden, too late, too often. */
const keptOut: ReadonlySet<number> = new Set([403, 408, 429]);

function keptOf({ answer, hops }: Followed, retrievedAt: number, seen?: Rendered): KeptPage {
  const { etag, 'last-modified': lastModified } = answer.headers;
  const bytes = seen?.bytes ?? answer.bytes;
  const kept: Kept = {
    format: 1,
    hops: seen && seen.url.href !== answer.url.href ? [...hops, seen.url.href] : hops,
    ...(seen ? { type: 'text/html', charset: 'utf-8', rendered: true } : mediaType(answer)),
    truncated: answer.cut !== undefined || seen?.cut === true,
    retrievedAt,
    sha256: sha256Of(bytes),
    // What scripts made of a page may change without it.
    ...(!seen && etag !== undefined && { etag }),
    ...(!seen && lastModified !== undefined && { lastModified }),
  };
  return { kept, bytes };
}

function pageOf(
  { hops, type, charset, truncated, retrievedAt, sha256, rendered }: Kept,
  asked: string,
  bytes: Buffer,
): Omit<FetchedPage, 'fromCache'> {
  return {
    url: hops.at(-1) ?? asked,
    asked,
    type,
    ...(charset !== undefined && { charset }),
    bytes,
    truncated,
    retrievedAt,
    sha256,
    ...(rendered && { rendered }),
  };
}

function mediaType({ headers }: WebAnswer): { readonly type: string; readonly charset?: string } {
  const said = headers['content-type'] ?? '';
  const [type = ''] = said.split(/[;,]/);
  const charset = /;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(said)?.[1]?.toLowerCase();
  return { type: type.trim().toLowerCase(), ...(charset !== undefined && { charset }) };
}
