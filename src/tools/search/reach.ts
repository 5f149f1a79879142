/** Where a search provider's server may be: the person named it, not the model. */
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from '../../agent/publicAddress.ts';

/** A home or office network, where a person's own SearXNG or Kiwix often is. */
const localNetwork = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Whether a provider's address may be connected to. Public ones and those of the person's own network always, this machine
 * where it is allowed; link-local ones (a cloud's metadata among them), multicast and the rest never.
 */
export function reachableProvider(address: string, allowLoopback: boolean): boolean {
  if (isPublicAddress(address)) return true;
  if (!ipaddr.isValid(address)) return false;
  const range = ipaddr.process(address).range();
  return localNetwork.has(range) || (allowLoopback && range === 'loopback');
}
