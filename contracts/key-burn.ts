import * as AbiParameters from 'ox/AbiParameters';
import { encodeCoordinate } from './registry-encoding.ts';
import { RegistryError } from './registry-error.ts';

/** What a burn is bound to: neither issuer nor kid, since it ends the point under all of them. */
export interface KeyBurn {
  readonly chainId: number;
  readonly registry: string;
  /** Coordinates as published, base64url of 1 to 32 bytes. */
  readonly x: string;
  readonly y: string;
}

const CONTEXT = 'pratique/key-burn/1';

const PARAMETERS = AbiParameters.from(
  'string context, uint256 chainId, address registry, bytes32 x, bytes32 y',
);

/**
 * The bytes that a key signs with ES256, hashed once, to end itself under every kid and every issuer.
 *
 * Throws RegistryError ARGUMENT_INVALID.
 */
export function keyBurnMessage({ chainId, registry, x, y }: KeyBurn): Uint8Array {
  const encoded = AbiParameters.encode(PARAMETERS, [
    CONTEXT,
    BigInt(chainId),
    registry as `0x${string}`,
    paddedCoordinate(x),
    paddedCoordinate(y),
  ]);
  return Uint8Array.from(Buffer.from(encoded.slice(2), 'hex'));
}

/** A coordinate as a number of 32 bytes, 0x-hex: the point is the same under whichever kid it was published. */
export function paddedCoordinate(coordinate: string): `0x${string}` {
  const hex = encodeCoordinate(coordinate).slice(2);
  if (hex.length === 0 || hex.length > 64) {
    throw new RegistryError('ARGUMENT_INVALID', 'A coordinate has 1 to 32 bytes.');
  }
  return `0x${hex.padStart(64, '0')}`;
}
