/** Fetches pages for a run: guarded, polite, kept. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSettings } from '../../shared/webSettings.ts';
import { fetchGuard, type Reach } from './fetchGuard.ts';
import { sortHeaders } from './fetchHeaders.ts';
import { followHops, type Hopping } from './fetchHops.ts';
import { fetchLimits, type FetchLimits } from './fetchLimits.ts';
import { fetchTurns } from './fetchTurns.ts';
import type { FetchedPage, PageFetcher } from './page.ts';
import { sharedWork } from './sharedWork.ts';

/** What a fetcher is made from; `limits` and the ways to names and addresses are for tests. */
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

/** One for a run. */
export function pageFetcher(options: PageFetcherOptions): PageFetcher {
  const { settings, now } = options;
  const limits = { ...fetchLimits, ...options.limits };
  const guard = fetchGuard(settings, options);
  const turns = fetchTurns(limits);
  const wait = options.wait ?? (async (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }));
  const shared = sharedWork<FetchedPage>();
  return {
    fetch: async (asked, { signal, headers = {}, ahead = false }) => {
      const url = guard.check(asked);
      const { sent, leftOut } = sortHeaders(headers);
      const page = await shared.join(JSON.stringify([url.href, sent]), { signal, ahead }, async (stop, askedFor) => {
        const hopping: Hopping = {
          guard,
          limits,
          turns,
          wait,
          now,
          signal: stop,
          asked: askedFor,
          before: async () => undefined,
        };
        const { answer } = await followHops(url, { foreign: sent }, hopping);
        const { type, charset } = mediaType(answer.headers['content-type'] ?? '');
        return {
          url: answer.url.href,
          asked,
          type,
          ...(charset !== undefined && { charset }),
          bytes: answer.bytes,
          truncated: answer.cut !== undefined,
          retrievedAt: now(),
          fromCache: false,
          sha256: createHash('sha256').update(answer.bytes).digest('hex'),
        };
      });
      return { ...page, asked, ...(leftOut.length > 0 && { leftOut }) };
    },
    dispose: async () => {
      shared.stop(new Error('The run is over.'));
    },
  };
}

function mediaType(header: string): { readonly type: string; readonly charset?: string } {
  const [type = ''] = header.split(/[;,]/);
  const charset = /;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(header)?.[1]?.toLowerCase();
  return { type: type.trim().toLowerCase(), ...(charset !== undefined && { charset }) };
}
