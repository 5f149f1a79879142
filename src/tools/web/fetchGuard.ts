/** Which addresses may be fetched: the public web, and this machine's own servers where a person allows it. */
import { isIP } from 'node:net';
import { isPublicAddress } from '../../agent/publicAddress.ts';
import type { NetworkRules } from '../../network/rules.ts';
import type { WebSettings } from '../../shared/webSettings.ts';
import { blockedBy } from './blocked.ts';
import { FetchError } from './fetchError.ts';

/** Looks at every address that is about to be fetched, redirects and what a page asks for included. */
export interface FetchGuard {
  /**
   * The address that a text means, without its fragment. `from`: where it was led from. What can be told without the network
   * is told here; where a name leads is told by `rules`, at the moment of connecting. Throws FetchError.
   */
  readonly check: (text: string, from?: URL) => URL;
  readonly rules: (url: URL) => NetworkRules;
}

/** Ways to ask for names and to tell which addresses are public; the machine's own where absent. */
export interface Reach {
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  readonly reachable?: (address: string, port: number) => boolean;
}

/** A guard for a run. */
export function fetchGuard(settings: Pick<WebSettings, 'blocked' | 'allowLoopback'>, reach: Reach = {}): FetchGuard {
  const isPublic = reach.reachable ?? isPublicAddress;
  return {
    check: (text, from) => {
      const url = webAddress(text, from);
      const entry = blockedBy(url, settings.blocked);
      if (entry !== undefined) throw refused(`${url.href} is not read: ${entry} is blocked in this run.`);
      if (ownHost(url)) {
        if (!settings.allowLoopback)
          throw refused(
            `${url.href} is a server of this machine, which is not read: the setting "allow loopback" is off.`,
          );
        if (from && !ownHost(from))
          throw refused(`${from.href} leads to ${url.href}, a server of this machine: only its own pages may.`);
      } else if (isLocalName(url)) {
        throw refused(`${url.hostname} is a name of a local network: only pages of the public web are read.`);
      } else if (isAddress(url) && !isPublic(bare(url), portOf(url))) {
        throw refused(`${url.hostname} is no public address: such are never read.`);
      }
      return url;
    },
    rules: (url) => ({
      allowed: () => true,
      ...(reach.resolve && { resolve: reach.resolve }),
      reachable: ownHost(url) ? (address) => settings.allowLoopback && isLoopback(address) : isPublic,
    }),
  };
}

/** Whether an address names this machine. Any other name that leads here is somebody's trick. */
export function ownHost(url: URL): boolean {
  const name = bare(url).replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}

function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

function webAddress(text: string, from?: URL): URL {
  const url = URL.parse(text.trim(), from?.href);
  if (!url) throw refused(`${shortened(text)} is no address. Write it whole, with https:// in front.`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(`${shortened(text)} is not on the web: only addresses with http:// or https:// are fetched.`);
  }
  if (url.username || url.password) throw refused('An address with a user or a password in it is not fetched.');
  if (otherPorts.has(portOf(url)))
    throw refused(`${url.href} is not fetched: port ${url.port} belongs to no web server.`);
  url.hash = '';
  return url;
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** Names without a dot, and those that are reserved for networks of one's own (RFC 6761, 6762, 8375, and usage). */
function isLocalName(url: URL): boolean {
  const name = bare(url).replace(/\.$/, '');
  if (isAddress(url)) return false;
  return !name.includes('.') || localEnds.some((end) => name.endsWith(end));
}

const localEnds = [
  '.local',
  '.internal',
  '.home.arpa',
  '.localdomain',
  '.lan',
  '.home',
  '.corp',
  '.intranet',
  '.private',
  '.onion',
] as const;

function isAddress(url: URL): boolean {
  return isIP(bare(url)) !== 0;
}

function bare(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function refused(message: string): FetchError {
  return new FetchError('refused', message);
}

/** The ports that browsers refuse (WHATWG Fetch, "bad port"): other protocols can be talked to in HTTP's words. */
const otherPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211, 27017,
]);
