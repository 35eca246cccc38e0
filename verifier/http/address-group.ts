import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Bits of an IPv6 address that one subscriber is given at least (RFC 6177): the rest is the sender's to choose. */
const NETWORK_PARTS = 4;

/**
 * Who is counted as one sender: an IPv4 address, however the socket writes it, or the /64 of an IPv6 address. Whoever
 * has one address of IPv6 has 2^64 of them.
 */
export function addressGroup(address: string | undefined): string {
  // Node writes an IPv4 address in one way only; this is asked for every request.
  if (address !== undefined && isIPv4(address)) return address;
  if (address === undefined || !ipaddr.isValid(address)) return '';
  const read = ipaddr.process(address);
  return read instanceof ipaddr.IPv6
    ? `${read.parts
        .slice(0, NETWORK_PARTS)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : read.toString();
}
