import ipaddr from 'ipaddr.js';

/** Whether a server at this IP address may be asked. */
export type AddressPolicy = (address: string) => boolean;

/** RFC 4291 section 2.4: what is routed as global unicast; the rest of the space is for something else, or for nothing. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * A policy that lets the addresses of the public internet through, and those of the networks that the operator named.
 *
 * Where status data is, the registry says: an issuer could name a router, a metadata service or another machine of the
 * venue's own network there, and have each venue ask it.
 *
 * @param networks in CIDR notation, such as `10.0.0.0/8`; TypeError for what is none
 */
export function publicAddresses(networks: readonly string[] = []): AddressPolicy {
  const own = networks.map(networkOf);
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    // ::ffff:10.0.0.1 reaches 10.0.0.1.
    const address = ipaddr.process(text);
    if (own.some((network) => isWithin(address, network))) return true;
    if (address.range() !== 'unicast') return false;
    return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6);
  };
}

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

function networkOf(text: string): Network {
  if (!ipaddr.isValidCIDR(text)) throw new TypeError(`Not a network: ${text.slice(0, 80)}`);
  return ipaddr.parseCIDR(text);
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
