import type { IKey, ManagedKeyInfo, TKeyType } from '@veramo/core-types';
import { AbstractKeyManagementSystem } from '@veramo/key-manager';

import { IssuerError } from './issuer-error.ts';
import type { PublicKey, Signer, TokenPlace } from './signer.ts';

/** The names under which the agent knows where keys lie: the sealed keystore, and tokens. Each key record carries its own. */
export const KEYSTORE_KMS = 'node';
export const TOKEN_KMS = 'pkcs11';
export type KmsName = typeof KEYSTORE_KMS | typeof TOKEN_KMS;

/**
 * A signer as Veramo's key management system.
 *
 * Only Secp256r1 and ES256; everything else is refused instead of being silently replaced, as other providers do.
 */
export class SignerKms extends AbstractKeyManagementSystem {
  readonly #name: KmsName;
  readonly #signer: Signer;

  constructor(name: KmsName, signer: Signer) {
    super();
    this.#name = name;
    this.#signer = signer;
  }

  /**
   * Makes a key whose kid is its RFC 7638 thumbprint; its coordinates stand in `meta`, as does the token it is made on.
   *
   * IssuerError KEY_UNSUPPORTED for any type but Secp256r1, or a kid of the caller's choosing; as `Signer.create`.
   */
  async createKey({
    type,
    kid,
    meta,
  }: {
    type: TKeyType;
    kid?: string;
    meta?: unknown;
  }): Promise<ManagedKeyInfo> {
    if (type !== 'Secp256r1' || kid !== undefined) {
      throw new IssuerError('KEY_UNSUPPORTED', 'Issuer keys are of P-256 and named by their thumbprint.');
    }
    return this.#infoOf(await this.#signer.create(meta as TokenPlace | undefined));
  }

  /** IssuerError OPERATION_UNSUPPORTED: a key that was somewhere else is not ours alone. */
  async importKey(): Promise<ManagedKeyInfo> {
    throw new IssuerError('OPERATION_UNSUPPORTED', 'Issuer keys are made here, never imported.');
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    return (await this.#signer.keys()).map((key) => this.#infoOf(key));
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    await this.#signer.destroy(kid);
    return true;
  }

  /** `Signer.sign` in base64url. IssuerError KEY_UNSUPPORTED for another algorithm. */
  async sign(args: { keyRef: Pick<IKey, 'kid'>; algorithm?: string; data: Uint8Array }): Promise<string> {
    if (args.algorithm !== undefined && args.algorithm !== 'ES256') {
      throw new IssuerError('KEY_UNSUPPORTED', 'Issuer keys sign ES256 only.');
    }
    return Buffer.from(await this.#signer.sign(args.keyRef.kid, args.data)).toString('base64url');
  }

  /** IssuerError OPERATION_UNSUPPORTED: a signing key agrees on no secrets. */
  async sharedSecret(): Promise<string> {
    throw new IssuerError('OPERATION_UNSUPPORTED', 'Issuer keys sign and do nothing else.');
  }

  #infoOf({ kid, x, y }: PublicKey): ManagedKeyInfo {
    // SEC 1 §2.3.3, compressed: the form in which Veramo keeps P-256 keys.
    const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1;
    const publicKeyHex = Buffer.concat([Buffer.of(2 + odd), Buffer.from(x, 'base64url')]).toString('hex');
    return { kid, kms: this.#name, type: 'Secp256r1', publicKeyHex, meta: { algorithms: ['ES256'], x, y } };
  }
}
