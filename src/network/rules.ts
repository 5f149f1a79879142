/** What a sandbox's proxy lets through, and where it connects to. */
import { lookup as resolve } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from '../agent/publicAddress.ts';

/** A place that was found to be allowed: its address was looked up once and is what is connected to. */
export interface Destination {
  readonly address: string;
  /** All that the name has, each of them checked; `address` is the first. */
  readonly addresses: readonly string[];
  readonly port: number;
}

/** The rules of one sandbox's network. */
export interface NetworkRules {
  /** Whether a name (lower case, as it was asked for) may be reached on a port. */
  readonly allowed: (host: string, port: number) => boolean;
  /** Addresses of a name; the system's resolver where absent. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Which addresses may be connected to; public ones where absent. */
  readonly reachable?: (address: string, port: number) => boolean;
}

/** Why nothing was connected to; `status` is the proxy's answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 403 | 502;

  constructor(message: string, status: 403 | 502) {
    super(message);
    this.status = status;
  }
}

/**
 * Where a host and port lead. Every address that the name has must be public, since a name may have several and change them
 * between two questions: it is asked once. Throws Refusal.
 */
export async function destination(host: string, port: number, rules: NetworkRules): Promise<Destination> {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (!rules.allowed(name, port)) {
    throw new Refusal(`${host}:${port} is not among the domains that this run may reach.`, 403);
  }
  const addresses = isIP(name) ? [name] : await addressesOf(name, rules);
  const reachable = rules.reachable ?? isPublicAddress;
  const refused = addresses.find((address) => !reachable(address, port));
  if (refused !== undefined) {
    throw new Refusal(`${host} leads to ${refused}, which is no public address: such are never reached.`, 403);
  }
  const [address] = addresses;
  if (address === undefined) throw new Refusal(`${host} has no address.`, 502);
  return { address, addresses, port };
}

async function addressesOf(name: string, { resolve: custom }: NetworkRules): Promise<readonly string[]> {
  try {
    if (custom) return await custom(name);
    return (await resolve(name, { all: true, order: 'verbatim' })).map(({ address }) => address);
  } catch {
    throw new Refusal(`${name} was not found.`, 502);
  }
}
