import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Bits in each part of an IPv6 address as it is written. */
const PART_BITS = 16;

/**
 * Who is counted as one sender: an IPv4 address, however the socket writes it, or a network of IPv6 addresses. Whoever
 * has one address of IPv6 has 2^64 of them, and may have 2^80 (RFC 6177): a site is given a /48 for the asking.
 */
export function addressGroup(address: string | undefined, bits: 48 | 64 = 64): string {
  // Node writes an IPv4 address in one way only; this is asked for every request.
  if (address !== undefined && isIPv4(address)) return address;
  if (address === undefined || !ipaddr.isValid(address)) return '';
  const read = ipaddr.process(address);
  return read instanceof ipaddr.IPv6
    ? `${read.parts
        .slice(0, bits / PART_BITS)
        .map((part) => part.toString(16))
        .join(':')}::/${bits}`
    : read.toString();
}
