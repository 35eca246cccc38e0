import type {
  ICreateVerifiableCredentialArgs,
  IssuerAgentContext,
  IVerifyCredentialArgs,
  IVerifyResult,
  VerifiableCredential,
  VerifierAgentContext,
} from '@veramo/core-types';
import { CredentialPlugin, type ICredentialProvider } from '@veramo/credential-w3c';

import { isJsonObject } from '../credential/json.ts';
import { credentialToken } from './credential-token.ts';
import { refused, type JsonObject } from './vc-verification.ts';

/** What is known of the status a credential points to. */
export type StatusAnswer = 'good' | 'revoked' | 'unknown';

/** Looks up the `credentialStatus` entry of a verified credential. */
export type CheckStatus = (entry: JsonObject) => Promise<StatusAnswer>;

/**
 * Veramo's credential plugin without two of its holes: it changes the caller's object while issuing, and it skips the
 * status of a credential given as a token.
 */
export class IssuerCredentialPlugin extends CredentialPlugin {
  readonly #providers: readonly ICredentialProvider[];
  readonly #checkStatus: CheckStatus;

  constructor(providers: ICredentialProvider[], checkStatus: CheckStatus) {
    super(providers);
    this.#providers = providers;
    this.#checkStatus = checkStatus;
  }

  /** Veramo writes issuanceDate and a context into what it is given, so it is given a copy. */
  override async createVerifiableCredential(
    args: ICreateVerifiableCredentialArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    return super.createVerifiableCredential(
      { ...args, credential: structuredClone(args.credential) },
      context,
    );
  }

  /**
   * Verifies the token alone and asks for the status of what its verified bytes say; a status nobody can tell is not a
   * good one.
   */
  override async verifyCredential(
    args: IVerifyCredentialArgs,
    context: VerifierAgentContext,
  ): Promise<IVerifyResult> {
    const credential = credentialToken(args.credential);
    if (credential === undefined) return refused('MALFORMED');
    const provider = this.#providers.find((each) => each.canVerifyDocumentType({ document: credential }));
    if (provider === undefined) return refused('UNSUPPORTED_FORMAT');
    const result = await provider.verifyCredential({ ...args, credential }, context);
    if (!result.verified || args.policies?.credentialStatus === false) return result;

    const entries = [statusOf(result['verifiableCredential'])].flat();
    for (const entry of entries) {
      const answer = isJsonObject(entry) ? await this.#checkStatus(entry) : 'unknown';
      if (answer === 'revoked') return refused('REVOKED', 'The issuer has revoked the credential.');
      if (answer === 'unknown')
        return refused('STATUS_UNKNOWN', 'Nobody here can tell the status of the credential.');
    }
    return result;
  }
}

function statusOf(verified: unknown): unknown {
  return isJsonObject(verified) ? (verified['credentialStatus'] ?? []) : [];
}
