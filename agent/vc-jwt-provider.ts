import type {
  CredentialPayload,
  ICreateVerifiableCredentialArgs,
  IKey,
  IssuerAgentContext,
  IVerifyCredentialArgs,
  IVerifyResult,
  VerifiableCredential,
  VerifiablePresentation,
  VerifierAgentContext,
} from '@veramo/core-types';
import type {
  ICredentialProvider,
  ProofFormatQuery,
  TentativeVerificationQuery,
} from '@veramo/credential-w3c';

import { decodeBase64url } from '../credential/base64url.ts';
import { FormatError } from '../credential/errors.ts';
import { isJsonObject } from '../credential/json.ts';
import { assertVcHeader, encodeCompactJws, encodeSigningInput, parseCompactJws } from '../credential/jws.ts';
import { IssuerError } from './issuer-error.ts';
import { credentialToken, tokenForm } from './credential-token.ts';
import { managedKey } from './managed-key.ts';
import {
  assertionKey,
  assertWithin,
  refused,
  unixTimeOf,
  VcRefusal,
  verdict,
  verifiedPayload,
  type JsonObject,
} from './vc-verification.ts';

/** The proof format under which the agent knows this provider; also the token's `typ` (VC-JOSE-COSE §3.1.1). */
export const VC_JWT = 'vc+jwt';

const V1_CONTEXT = 'https://www.w3.org/2018/credentials/v1';
const V2_CONTEXT = 'https://www.w3.org/ns/credentials/v2';

/**
 * VCDM 2.0 credentials secured as VC-JOSE-COSE: the payload is the credential itself, the header names typ, cty and the
 * verification method.
 */
export class VcJwtProvider implements ICredentialProvider {
  readonly #now: () => number;

  /** `now` gives Unix seconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  getProofFormatsSupportedForKey(key: IKey): string[] {
    return key.type === 'Secp256r1' ? [VC_JWT] : [];
  }

  canIssueProofFormat({ proofFormat }: ProofFormatQuery): boolean {
    return proofFormat === VC_JWT;
  }

  canVerifyDocumentType({ document }: TentativeVerificationQuery): boolean {
    return tokenForm(credentialToken(document)) === VC_JWT;
  }

  /**
   * Signs a VCDM 2.0 credential; `proof.jwt` of the result is the token.
   *
   * IssuerError CREDENTIAL_INVALID if it is no VCDM 2.0 credential, KEY_UNKNOWN.
   */
  async createVerifiableCredential(
    args: ICreateVerifiableCredentialArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    const credential = vcdm2(args.credential);
    const { did, kid } = await managedKey(credential['issuer'], args.keyRef, context);
    const signingInput = encodeSigningInput(
      { alg: 'ES256', kid: `${did}#${kid}`, typ: VC_JWT, cty: 'vc' },
      new TextEncoder().encode(JSON.stringify(credential)),
    );
    const signature = await context.agent.keyManagerSign({
      keyRef: kid,
      algorithm: 'ES256',
      data: signingInput,
    });
    const jwt = encodeCompactJws(signingInput, decodeBase64url(signature));
    return { ...credential, proof: { type: VC_JWT, jwt } } as unknown as VerifiableCredential;
  }

  /** Verifies a token; whatever object it came in, only what the verified bytes say is looked at and returned. */
  async verifyCredential(args: IVerifyCredentialArgs, context: VerifierAgentContext): Promise<IVerifyResult> {
    return verdict(async () => {
      const jwt = credentialToken(args.credential);
      const jws = parseCompactJws(jwt ?? '');
      const header = assertVcHeader(jws.header);
      if (header.form !== VC_JWT) throw new FormatError('UNSUPPORTED_FORMAT', 'The token is not a vc+jwt.');
      const credential = await verifiedPayload(jws, await assertionKey(header, context));
      checkContent(credential, header.did, args.policies?.now ?? this.#now());
      const verifiableCredential = { ...credential, proof: { type: VC_JWT, jwt } };
      return { verified: true, issuer: header.did, verifiableCredential };
    });
  }

  /** IssuerError OPERATION_UNSUPPORTED: presentations are the wallet's. */
  async createVerifiablePresentation(): Promise<VerifiablePresentation> {
    throw new IssuerError('OPERATION_UNSUPPORTED', 'An issuer makes no presentations.');
  }

  /** Never verified here: a presentation is only as good as the credentials inside, which Veramo does not look at. */
  async verifyPresentation(): Promise<IVerifyResult> {
    return refused('PRESENTATION_UNSUPPORTED');
  }
}

/** The credential to sign, without what Veramo's own plugin would add to it (the VCDM 1.1 context and issuanceDate). */
function vcdm2(given: CredentialPayload): Record<string, unknown> {
  const { issuanceDate: _added, ...credential } = given as Record<string, unknown>;
  const contexts = [credential['@context']].flat().filter((context) => context !== V1_CONTEXT);
  const types = [credential['type']].flat();
  const sound =
    contexts[0] === V2_CONTEXT &&
    types.includes('VerifiableCredential') &&
    !['expirationDate', 'proof', 'vc', 'vp'].some((member) => member in credential) &&
    isJsonObject(credential['credentialSubject']);
  if (!sound) throw new IssuerError('CREDENTIAL_INVALID', 'This is not a VCDM 2.0 credential to be signed.');
  return { ...credential, '@context': contexts };
}

/** VCDM 2.0 §4, as far as the agent answers for it; registered claims that contradict the credential are refused. */
function checkContent(credential: JsonObject, did: string, now: number): void {
  const { issuer, credentialSubject, validFrom, validUntil, iss, nbf, exp } = credential;
  const issuerId = isJsonObject(issuer) ? issuer['id'] : issuer;
  const sound =
    [credential['@context']].flat()[0] === V2_CONTEXT &&
    [credential['type']].flat().includes('VerifiableCredential') &&
    !('vc' in credential) &&
    !('vp' in credential) &&
    issuerId === did &&
    (iss === undefined || iss === did) &&
    [credentialSubject].flat().every((subject) => isJsonObject(subject) && Object.keys(subject).length > 0);
  if (!sound)
    throw new VcRefusal('CONTENT_INVALID', 'The credential is not a VCDM 2.0 credential of this issuer.');
  assertWithin(now, optional(validFrom, unixTimeOf), optional(validUntil, unixTimeOf));
  assertWithin(now, optional(nbf, numericDate), optional(exp, numericDate));
}

function optional(value: unknown, read: (value: unknown) => number): number | undefined {
  return value === undefined ? undefined : read(value);
}

function numericDate(value: unknown): number {
  if (typeof value !== 'number')
    throw new VcRefusal('CONTENT_INVALID', 'A date of the token is not a number.');
  return value;
}
