/** Which addresses of the internet may be reached on a model's behalf: public ones only. */
import ipaddr from 'ipaddr.js';

/** Public by its range, but a cloud's own service (Azure) to the machines in it, credentials included. */
const ofTheCloud = new Set(['168.63.129.16']);

/**
 * Whether a literal address (IPv4 or IPv6, as a resolver gives it) is public. Private, loopback, link-local, metadata,
 * multicast and reserved ones are not, nor such as carry an IPv4 address in IPv6 that is not public.
 */
export function isPublicAddress(address: string): boolean {
  const [literal = ''] = address.split('%');
  if (!ipaddr.IPv4.isValidFourPartDecimal(literal) && !ipaddr.IPv6.isValid(literal)) return false;
  // `process` takes an IPv4-mapped address for the IPv4 address that it is. 6to4, Teredo and NAT64 are ranges of their own.
  const real = ipaddr.process(literal);
  return real.range() === 'unicast' && isGlobal(real) && !ofTheCloud.has(real.toString());
}

/** Of IPv6 only 2000::/3 is given out (RFC 4291, 2.4); `::7f00:1`, among others, is an IPv4 address in the form of old. */
function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return !(address instanceof ipaddr.IPv6) || address.match(globalUnicast, 3);
}

const globalUnicast = ipaddr.IPv6.parse('2000::');
