/** This machine's own servers: which of them may be read unasked. */
import type { WebSettings } from '../../shared/webSettings.ts';
import { sentAddress } from './addressBook.ts';
import { ownHost } from './fetchGuard.ts';

/** What is no server of this machine, or never read, is none of its concern. */
export interface OwnServers {
  /** The person named these addresses: their servers may be read. */
  readonly named: (addresses: readonly string[]) => void;
  /** A search found these: they alone may be read, and only where the search is this machine's too. */
  readonly found: (addresses: readonly string[]) => void;
  /** It was allowed once. */
  readonly opened: (address: string) => void;
  readonly mayRead: (address: string) => boolean;
  /** Whether what stands there may be private: it is not what the settings search. */
  readonly isPrivate: (address: string) => boolean;
  readonly origins: () => readonly string[];
}

/** `named`: origins that the person is known to have named. */
export function ownServers(
  { search, allowLoopback }: Pick<WebSettings, 'search' | 'allowLoopback'>,
  named: Iterable<string> = [],
): OwnServers {
  const searched = new Set(search.flatMap(({ url }) => ownUrl(url ?? '')?.origin ?? []));
  const origins = new Set([...searched, ...named]);
  const single = new Set<string>();
  const add = (address: string) => {
    const sent = ownUrl(address) && sentAddress(address);
    if (sent !== undefined) single.add(sent);
  };
  const own = (address: string) => (allowLoopback ? ownUrl(address) : undefined);
  return {
    named: (addresses) => {
      for (const address of addresses) {
        const url = ownUrl(address);
        if (url) origins.add(url.origin);
      }
    },
    found: (addresses) => {
      if (searched.size > 0) addresses.forEach(add);
    },
    opened: add,
    mayRead: (address) => {
      const url = own(address);
      return !url || origins.has(url.origin) || single.has(sentAddress(address) ?? '');
    },
    isPrivate: (address) => {
      const url = own(address);
      return url !== undefined && !searched.has(url.origin);
    },
    origins: () => [...origins],
  };
}

function ownUrl(address: string): URL | undefined {
  const url = URL.parse(address.trim());
  return url && ownHost(url) ? url : undefined;
}
