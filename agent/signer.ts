import type { KeyObject } from 'node:crypto';

import type { P256Coordinates } from '../credential/jwk.ts';

/** A P-256 key by its RFC 7638 thumbprint and its public part. */
export interface PublicKey extends P256Coordinates {
  readonly kid: string;
}

/** A token (PKCS #11): the library that reaches it, and the label that it was initialised with. */
export interface TokenPlace {
  /** Absolute path of the library. */
  readonly module: string;
  readonly token: string;
}

/** What holds an issuer's private keys: they are made in it, sign in it and end in it (decision 0037). */
export interface Signer {
  /** Makes a key, which is durable when it returns; on which token, for those that have several. IssuerError. */
  create(place?: TokenPlace): Promise<PublicKey>;
  /** ES256 over bytes, hashed once: the 64 bytes r ‖ s (RFC 7518 §3.4). IssuerError KEY_UNKNOWN, STORE_DAMAGED, or of a token. */
  sign(kid: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Makes sure that a key can sign, as far as can be seen beforehand. IssuerError as `sign`. */
  ready(kid: string): Promise<void>;
  /** Destroys a private key; no error if it is gone already. IssuerError. */
  destroy(kid: string): Promise<void>;
  keys(): Promise<readonly PublicKey[]>;
  /** The private key as an object for threads of this process; undefined where it never leaves its place. */
  handOut(kid: string): Promise<KeyObject | undefined>;
}
