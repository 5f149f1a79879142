/** Pages that a search brought, read before anybody asks for them, so that the next reading answers from memory. */
import ipaddr from 'ipaddr.js';
import { ToolError } from '../../agent/errors.ts';
import type { SearchChoice, WebSettings } from '../../shared/webSettings.ts';
import { normalAddress } from './addresses.ts';
import type { PageReader, ReadOptions, ReadPage } from './readPage.ts';
import { rawForm } from './rawForms.ts';

/** What reading ahead may take. */
export interface AheadBudget {
  /** The first so many results of a search; each of them that is read brings one more. */
  readonly pagesOfSearch: number;
  /** For the pages of one search, together. */
  readonly searchMs: number;
  /** For a whole run: pages, bytes as they were fetched, and time as it was spent on each. */
  readonly pages: number;
  readonly bytes: number;
  readonly totalMs: number;
  /** Pages that are kept, and their bytes; the oldest goes first. */
  readonly keptPages: number;
  readonly keptBytes: number;
}

/** Small beside what a run reads anyway. */
export const aheadBudget: AheadBudget = {
  pagesOfSearch: 4,
  searchMs: 20_000,
  pages: 300,
  bytes: 200e6,
  totalMs: 20 * 60_000,
  keptPages: 30,
  keptBytes: 50e6,
};

/** Lives as long as its run. */
export interface ReadAhead {
  /** As the reader behind it; from memory what is there. */
  readonly read: PageReader;
  /** A search brought these addresses, the best first. Comes back at once; never throws. */
  readonly onHits: (addresses: readonly string[]) => void;
  /** What was spent so far. */
  readonly spent: () => { readonly pages: number; readonly bytes: number; readonly ms: number };
  /** Gives up what is under way, and resolves when nothing is. */
  readonly dispose: () => Promise<void>;
}

/** A page that was or is being read ahead; resolves to nothing where it cannot be read: whoever asks is told why then. */
interface Ahead {
  readonly done: Promise<ReadPage | undefined>;
  bytes: number;
  fetched: boolean;
}

/** Whether pages are read ahead: `auto` where searching is cheap, since a server of one's own is the first that is asked. */
export function readsAhead({ speculative, search }: Pick<WebSettings, 'speculative' | 'search'>): boolean {
  return speculative === 'on' || (speculative === 'auto' && search.slice(0, 1).some(isOwn));
}

/** On this machine or in its own network, as far as the address itself says so. */
function isOwn({ url }: SearchChoice): boolean {
  const host = URL.parse(url ?? '')?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (ipaddr.isValid(host)) return ownRanges.has(ipaddr.process(host).range());
  return /^[^.]+$|\.(?:local|lan|home\.arpa)$/.test(host);
}

const ownRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** `report` gets bugs. */
export function readAhead(
  read: PageReader,
  budget: AheadBudget,
  now: () => number,
  report: (error: unknown) => void,
): ReadAhead {
  const ahead = new Map<string, Ahead>();
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const spent = { pages: 0, bytes: 0, ms: 0 };
  const seen = new Set<string>();
  /** Hits of the last search that were not read yet, the best first: their addresses by key. */
  let unread = new Map<string, string>();

  function beginAll(hits: readonly (readonly [key: string, address: string])[]): void {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(budget.searchMs)]);
    for (const [key, address] of hits) {
      const { pages, bytes, ms } = spent;
      if (stopping.signal.aborted || pages >= budget.pages || bytes >= budget.bytes || ms >= budget.totalMs) return;
      if (seen.has(key)) continue;
      seen.add(key);
      begin(key, address, signal);
    }
  }

  function begin(key: string, address: string, signal: AbortSignal): void {
    spent.pages++;
    const from = now();
    const entry: Ahead = {
      bytes: 0,
      fetched: false,
      done: read(address, { signal, ahead: true, onFetched: () => (entry.fetched = true) })
        .catch((error: unknown) => {
          if (!signal.aborted && !(error instanceof ToolError)) report(error);
          return undefined;
        })
        .then((found) => {
          spent.ms += now() - from;
          spent.bytes += found?.page.bytes.length ?? 0;
          entry.bytes = found?.page.bytes.length ?? 0;
          if (!found || found.page.truncated) ahead.delete(key);
          trim();
          return found;
        }),
    };
    ahead.set(key, entry);
    underWay.add(entry.done);
    void entry.done.finally(() => underWay.delete(entry.done));
    trim();
  }

  async function answer(key: string, address: string, options: ReadOptions): Promise<ReadPage> {
    const entry = ahead.get(key);
    if (!entry || options.headers || options.render) return read(address, options);
    // What is still being fetched is hurried: the fetcher lets two askers share one fetch.
    if (!entry.fetched) return read(address, options);
    return (await unlessAborted(entry.done, options.signal)) ?? read(address, options);
  }

  /** Maps keep the order of their making. */
  function trim(): void {
    for (const key of ahead.keys()) {
      const bytes = [...ahead.values()].reduce((sum, entry) => sum + entry.bytes, 0);
      if (ahead.size <= budget.keptPages && bytes <= budget.keptBytes) return;
      ahead.delete(key);
    }
  }

  return {
    read: async (address, options) => {
      const key = keyOf(address);
      seen.add(key);
      const found = answer(key, address, options);
      // Who reads one hit is likely to read the next; behind this one, which has the first turn at its host.
      if (unread.delete(key)) beginAll([...unread].filter(([next]) => !seen.has(next)).slice(0, 1));
      return found;
    },
    onHits: (addresses) => {
      unread = new Map(addresses.map((address) => [keyOf(address), address]));
      beginAll([...unread].slice(0, budget.pagesOfSearch));
    },
    spent: () => ({ ...spent }),
    dispose: async () => {
      stopping.abort();
      await Promise.all(underWay);
      ahead.clear();
    },
  };
}

function keyOf(address: string): string {
  return normalAddress(rawForm(address)) ?? address;
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', onAbort));
}
