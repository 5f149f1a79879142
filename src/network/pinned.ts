/** Connections that lead to an address that was checked, whatever its name leads to by then. */
import { isIPv6 } from 'node:net';
import { Agent } from 'undici';
import { destination, type NetworkRules } from './rules.ts';

/** How long a server may take, in ms: to accept, until its headers are there, and between two pieces of its body. */
export interface Patience {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly idleMs: number;
}

/** Looks up and checks where a web address leads; what is connected to is what was checked. Throws Refusal. */
export async function pinnedAgent(url: URL, rules: NetworkRules, patience: Patience): Promise<Agent> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const { address, addresses } = await destination(url.hostname, port, rules);
  const all = addresses.map((each) => ({ address: each, family: isIPv6(each) ? 6 : 4 }));
  const family = isIPv6(address) ? 6 : 4;
  return new Agent({
    connect: {
      lookup: (_host, wanted, give) => (wanted.all ? give(null, all) : give(null, address, family)),
      timeout: patience.connectMs,
    },
    headersTimeout: patience.headersMs,
    bodyTimeout: patience.idleMs,
  });
}
