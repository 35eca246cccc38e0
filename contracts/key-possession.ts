import * as AbiParameters from 'ox/AbiParameters';
import { encodeKid } from './registry-encoding.ts';
import { RegistryError } from './registry-error.ts';

/** What a proof of possession is bound to, so that it cannot be used a second time elsewhere. */
export interface KeyPossession {
  readonly chainId: number;
  readonly registry: string;
  readonly issuerId: number;
  /** base64url */
  readonly kid: string;
  /** Unix seconds. */
  readonly validFrom: number;
  readonly validUntil: number;
}

const CONTEXT = 'pratique/key-possession/1';

const PARAMETERS = AbiParameters.from(
  'string context, uint256 chainId, address registry, uint256 issuerId, bytes32 kid, uint64 validFrom, uint64 validUntil',
);

/** The order of the P-256 group, FIPS 186-5 / SEC 2 section 2.4.2. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The bytes that a key signs with ES256, hashed once, to prove on chain that its issuer holds it. */
export function keyPossessionMessage(possession: KeyPossession): Uint8Array {
  const encoded = AbiParameters.encode(PARAMETERS, [
    CONTEXT,
    BigInt(possession.chainId),
    possession.registry as `0x${string}`,
    BigInt(possession.issuerId),
    encodeKid(possession.kid) as `0x${string}`,
    BigInt(possession.validFrom),
    BigInt(possession.validUntil),
  ]);
  return Uint8Array.from(Buffer.from(encoded.slice(2), 'hex'));
}

/**
 * A 64-byte ES256 signature (r, s, big-endian) as the contract takes it: (r, s) and (r, n − s) sign the same, and only
 * the lower s is let through.
 *
 * Throws RegistryError ARGUMENT_INVALID.
 */
export function lowSignature(signature: Uint8Array): { r: string; s: string } {
  if (signature.length !== 64) {
    throw new RegistryError('ARGUMENT_INVALID', 'A proof of possession is a signature of 64 bytes.');
  }
  const hex = Buffer.from(signature).toString('hex');
  const s = BigInt(`0x${hex.slice(64)}`);
  const low = s > P256_ORDER / 2n && s < P256_ORDER ? P256_ORDER - s : s;
  return { r: `0x${hex.slice(0, 64)}`, s: `0x${low.toString(16).padStart(64, '0')}` };
}
