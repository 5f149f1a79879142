/** The addresses that a run knows, each in the spellings in which it came upon them. */
import { normalAddress } from './addresses.ts';
import { rawForm } from './rawForms.ts';

/** Only grows. */
export interface AddressBook {
  /** `given`: by a search or a person. Others stood on pages, or were asked for. */
  readonly learn: (addresses: Iterable<string>, given?: boolean) => void;
  /** Whether it is known in just these bytes. */
  readonly has: (address: string) => boolean;
  readonly isGiven: (address: string) => boolean;
  /** A known spelling of an address, its own if that is known: what differs between spellings is never sent. */
  readonly spelling: (address: string) => string | undefined;
  readonly all: () => { readonly given: readonly string[]; readonly linked: readonly string[] };
}

/** Knows nothing yet. */
export function addressBook(): AddressBook {
  const known = new Map<string, { given: boolean }>();
  const spellings = new Map<string, string>();
  const has = (address: string) => known.has(sentAddress(address) ?? '');
  const isGiven = (address: string) => known.get(sentAddress(address) ?? '')?.given === true;
  const list = (given: boolean) => [...known].flatMap(([href, entry]) => (entry.given === given ? href : []));
  return {
    learn: (addresses, given = false) => {
      for (const address of addresses) {
        const href = sentAddress(address);
        if (href === undefined) continue;
        known.set(href, { given: given || isGiven(href) });
        const key = keyOf(href);
        if (!spellings.has(key)) spellings.set(key, href);
      }
    },
    has,
    isGiven,
    spelling: (address) => {
      const href = sentAddress(address);
      if (href === undefined) return undefined;
      return known.has(href) ? href : spellings.get(keyOf(href));
    },
    all: () => ({ given: list(true), linked: list(false) }),
  };
}

/** All that a request tells of an address, and no more; undefined for what is no plain address of the web. */
export function sentAddress(address: string): string | undefined {
  if (normalAddress(address) === undefined) return undefined;
  const url = URL.parse(address.trim());
  if (url) url.hash = '';
  return url?.href;
}

/** Addresses that lead to the same text have the same. */
function keyOf(href: string): string {
  return normalAddress(rawForm(href)) ?? href;
}
