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
import { IssuerError } from './issuer-error.ts';
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

  /**
   * Signs a copy of the credential with the provider of the proof format, and nothing that the caller did not give: the
   * plugin of Veramo writes issuanceDate, a type and the VCDM 1.1 context into the caller's object.
   *
   * IssuerError OPERATION_UNSUPPORTED for a proof format nobody here makes.
   */
  override async createVerifiableCredential(
    args: ICreateVerifiableCredentialArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    const { proofFormat } = args;
    const provider = this.#providers.find((each) => each.canIssueProofFormat({ proofFormat }));
    if (provider === undefined) {
      throw new IssuerError('OPERATION_UNSUPPORTED', 'Credentials are signed as vc+jwt or jwt.');
    }
    return provider.createVerifiableCredential(
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
