import { IssuerError } from './issuer-error.ts';
import type { IssuerStore } from './issuer-store.ts';
import { KeystoreSigner } from './keystore-signer.ts';
import { KEYSTORE_KMS, TOKEN_KMS, type KmsName } from './signer-kms.ts';
import type { Signer, TokenPlace } from './signer.ts';
import { TokenSigner } from './token/token-signer.ts';
import type { AskPin } from './token/token.ts';

/** All that holds private keys of one issuer: its folder, and its tokens. */
export class Signers {
  readonly byName: Readonly<Record<KmsName, Signer>>;
  readonly #keystore: Signer;
  readonly #tokens: TokenSigner;

  constructor(store: IssuerStore, askPin: AskPin = noPin) {
    this.#keystore = new KeystoreSigner(store);
    this.#tokens = new TokenSigner(store, askPin);
    this.byName = { [KEYSTORE_KMS]: this.#keystore, [TOKEN_KMS]: this.#tokens };
  }

  /** What holds the private part of a key. IssuerError STORE_DAMAGED. */
  async of(kid: string): Promise<Signer> {
    return (await this.placeOf(kid)) === undefined ? this.#keystore : this.#tokens;
  }

  /** As `TokenSigner.placeOf`. */
  async placeOf(kid: string): Promise<TokenPlace | undefined> {
    return this.#tokens.placeOf(kid);
  }

  /** Logs out of every token. */
  async close(): Promise<void> {
    await this.#tokens.close();
  }
}

async function noPin(): Promise<never> {
  throw new IssuerError('PIN_MISSING', 'The key lies on a token, and nobody is there to say its PIN.');
}
