import * as ContractAddress from 'ox/ContractAddress';

/** The registry's constructor makes P256Keys first, then its lens (EIP-161: a contract's nonce begins at 1). */
const LENS_NONCE = 2n;

/**
 * The address of a registry's views, derived and not asked for: a node that names another contract could have it answer
 * what it likes.
 *
 * @param registry 0x and 40 hexadecimal digits
 */
export function lensOf(registry: string): string {
  const from = registry.toLowerCase() as `0x${string}`;
  return ContractAddress.fromCreate({ from, nonce: LENS_NONCE }).toLowerCase();
}
