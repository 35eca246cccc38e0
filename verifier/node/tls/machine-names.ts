import ipaddr from 'ipaddr.js';

/** How devices may reach this machine. */
export interface Machine {
  readonly hostname: string;
  /** Its addresses in the venue's network. */
  readonly addresses: readonly string[];
}

/** Names for a certificate, each once, in the standards' spelling. */
export interface CertificateNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** RFC 1123 section 2.1; anything else, such as an underscore, is not a name that browsers take from a certificate. */
const HOST_NAME = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/;

/** Every name and address that devices may type for this machine: itself, its name with and without .local, its addresses. */
export function namesOf({ hostname, addresses }: Machine): CertificateNames {
  const own = hostname.toLowerCase();
  const short = own.split('.', 1)[0] ?? '';
  const dns = ['localhost', own, `${short}.local`].filter((name) => HOST_NAME.test(name));
  const ip = ['127.0.0.1', '::1', ...addresses].flatMap((address) => canonicalAddress(address) ?? []);
  return { dns: [...new Set(dns)].toSorted(), ip: [...new Set(ip)].toSorted() };
}

/** An address in the one spelling to compare it by; undefined if it is none that a certificate can hold. */
export function canonicalAddress(address: string): string | undefined {
  // A zone (fe80::1%eth0) means something on this machine alone.
  if (address.includes('%') || !ipaddr.isValid(address)) return undefined;
  return ipaddr.process(address).toString();
}

/** The octets of an address as certificates hold them. */
export function addressOctets(address: string): Uint8Array {
  return Uint8Array.from(ipaddr.parse(address).toByteArray());
}
