import { didJwkMethod, keyFromDidJwk } from './did-jwk.ts';
import { didKeyMethod, keyFromDidKey } from './did-key.ts';
import type { P256Coordinates } from './jwk.ts';

/** The key of a holder, and what the `kid` of a token says that is signed with it. */
export interface HolderKey {
  readonly key: P256Coordinates;
  readonly method: string;
}

/**
 * The P-256 key that a holder's DID is made of: did:jwk or did:key. Nothing is fetched to learn it.
 * @throws FormatError UNSUPPORTED_FORMAT for another DID method or kind of key; MALFORMED for everything broken
 */
export function holderKey(did: string): HolderKey {
  return did.startsWith('did:key:')
    ? { key: keyFromDidKey(did), method: didKeyMethod(did) }
    : { key: keyFromDidJwk(did), method: didJwkMethod(did) };
}
