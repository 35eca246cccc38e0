import { type KeyPossession, lowSignature } from './key-possession.ts';
import {
  encodeAddress,
  encodeCoordinate,
  encodeJurisdiction,
  encodeListName,
  ISSUER_STATUS,
  REVOCATION,
  type RevocationName,
} from './registry-encoding.ts';

/*
 * What is stated of issuers, keys and lists, in our words, and as the structs of IIssuerRegistry.sol. Times are Unix
 * seconds. All of these throw RegistryError ARGUMENT_INVALID.
 */

/** `accreditedUntil` 0 is no end, `controller` null an issuer that is only listed. */
export interface NewIssuer {
  readonly iss: string;
  readonly name: string;
  readonly statusBase: string;
  readonly jurisdiction: string;
  readonly controller: string | null;
  readonly accreditedFrom: number;
  readonly accreditedUntil: number;
  readonly attestations: number;
  readonly status: 'pending' | 'active';
}

/** Coordinates as in the JWK; the signature is the key's ES256 over `keyPossessionMessage`, 64 bytes, s high or low. */
export interface NewKey extends Pick<KeyPossession, 'issuerId' | 'validFrom' | 'validUntil'> {
  readonly x: string;
  readonly y: string;
  readonly revocation: RevocationName;
  readonly signature: Uint8Array;
}

/** `validUntil` 0 is no end. */
export interface ListedKey {
  readonly issuerId: number;
  readonly x: string;
  readonly y: string;
  readonly validUntil: number;
  readonly revocation: RevocationName;
}

/** `list` is a kid, 0x-hex of 32 bytes, or `name:…`; `root` 32 bytes. */
export interface NewAnchor {
  readonly issuerId: number;
  readonly list: string;
  readonly root: Uint8Array;
  readonly counter: number;
  readonly length: number;
  readonly revoked: number;
  readonly final: boolean;
}

export function issuerTerms(issuer: NewIssuer): Record<string, unknown> {
  return {
    ...issuer,
    jurisdiction: encodeJurisdiction(issuer.jurisdiction),
    controller: encodeAddress(issuer.controller),
    status: ISSUER_STATUS.indexOf(issuer.status),
  };
}

export function keyTerms(key: NewKey): Record<string, unknown> {
  const { r, s } = lowSignature(key.signature);
  return {
    ...key,
    x: encodeCoordinate(key.x, 32),
    y: encodeCoordinate(key.y, 32),
    revocation: REVOCATION.indexOf(key.revocation),
    r,
    s,
  };
}

export function listedKeyTerms(key: ListedKey): Record<string, unknown> {
  return {
    ...key,
    x: encodeCoordinate(key.x),
    y: encodeCoordinate(key.y),
    revocation: REVOCATION.indexOf(key.revocation),
  };
}

export function anchorTerms({ list, final, ...terms }: NewAnchor): Record<string, unknown> {
  return { ...terms, list: encodeListName(list), isFinal: final };
}
