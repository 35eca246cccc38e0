import ipaddr from 'ipaddr.js';
import { decodeDer, encodeDer } from './der.ts';
import type { DerElement } from './der.ts';
import { addressOctets } from './machine-names.ts';
import type { CertificateNames } from './machine-names.ts';

/** Object identifier of the extension (RFC 5280 section 4.2.1.10). */
export const NAME_CONSTRAINTS = '2.5.29.30';

/**
 * Addresses that mean this machine or its network and nobody else's: RFC 1918, loopback, link-local, unique local. No
 * public site is reached by them.
 */
const PRIVATE_RANGES = [
  '10.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
] as const;

const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const SEQUENCE = 0x30;
const PERMITTED = 0xa0;
/** The object identifier as it stands in a certificate. */
const IDENTIFIER = Buffer.of(0x06, 0x03, 0x55, 0x1d, 0x1e);

/**
 * What a CA for these names may ever certify: the names, the private ranges, and such of the addresses as are public.
 * The value of the extension, in DER.
 */
export function encodeNameConstraints(names: CertificateNames): Uint8Array {
  const dns = names.dns.map((name) => encodeDer(DNS_NAME, Buffer.from(name, 'ascii')));
  const single = names.ip
    .filter((address) => !PRIVATE_RANGES.some((range) => inRange(address, range)))
    .map((address) => `${address}/${addressOctets(address).length * 8}`);
  const ip = [...PRIVATE_RANGES, ...single].map((range) => encodeDer(IP_ADDRESS, rangeOctets(range)));
  const subtrees = [...dns, ...ip].map((base) => encodeDer(SEQUENCE, base));
  return encodeDer(SEQUENCE, encodeDer(PERMITTED, ...subtrees));
}

/** Of these names, those that a CA certificate (DER) permits; none if it constrains nothing in our way. */
export function permittedBy(certificate: Uint8Array, names: CertificateNames): CertificateNames {
  const bases = permittedBases(certificate);
  const dns = new Set(
    bases.filter(({ tag }) => tag === DNS_NAME).map(({ content }) => Buffer.from(content).toString('ascii')),
  );
  const ranges = bases.filter(({ tag }) => tag === IP_ADDRESS).map(({ content }) => content);
  return {
    dns: names.dns.filter((name) => dns.has(name)),
    ip: names.ip.filter((address) => ranges.some((range) => within(addressOctets(address), range))),
  };
}

function permittedBases(certificate: Uint8Array): readonly DerElement[] {
  const at = Buffer.from(certificate).indexOf(IDENTIFIER);
  if (at < 0) return [];
  // What follows the identifier: whether it is critical, then the value in an octet string.
  const value = firstOf(decodeDer(certificate.subarray(at + IDENTIFIER.length)), 0x04);
  const constraints = firstOf(decodeDer(value), SEQUENCE);
  const permitted = firstOf(decodeDer(constraints), PERMITTED);
  return [...decodeDer(permitted)].flatMap(({ content }) => [...decodeDer(content)]);
}

function firstOf(elements: Iterable<DerElement>, tag: number): Uint8Array {
  for (const element of elements) if (element.tag === tag) return element.content;
  return new Uint8Array();
}

/** An address and its mask, each of 4 or 16 octets. */
function rangeOctets(range: string): Uint8Array {
  const [address, bits] = ipaddr.parseCIDR(range);
  const octets = address.toByteArray();
  const mask = octets.map((_, at) => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits - 8 * at))));
  return Uint8Array.from([...octets, ...mask]);
}

function within(address: Uint8Array, range: Uint8Array): boolean {
  const half = range.length / 2;
  if (address.length !== half) return false;
  return address.every((octet, at) => ((octet ^ (range[at] ?? 0)) & (range[half + at] ?? 0)) === 0);
}

function inRange(address: string, range: string): boolean {
  return within(addressOctets(address), rangeOctets(range));
}
