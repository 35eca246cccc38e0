import type {
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
import { createVerifiableCredentialJwt, verifyCredential, type CredentialPayload } from 'did-jwt-vc';
import type { DIDResolutionResult } from 'did-resolver';

import { FormatError } from '../credential/errors.ts';
import { isJsonObject } from '../credential/json.ts';
import { assertVcHeader, parseCompactJws, type VcHeader } from '../credential/jws.ts';
import type { LegacyVcPayload } from '../credential/verifiable-credential.ts';
import { credentialToken, tokenForm } from './credential-token.ts';
import { IssuerError } from './issuer-error.ts';
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

/** The proof format under which Veramo knows VCDM 1.1 tokens. */
export const VC_JWT_LEGACY = 'jwt';

/** A number beyond is milliseconds, not seconds. */
const MAX_SECONDS = 1e11;
/** did-jwt-vc merges these members of the token into the credential; nobody sane puts them there. */
const MERGED_MEMBERS = ['issuer', 'credentialSubject', '@context', 'context', 'type', 'claim', 'vp'];

/**
 * VCDM 1.1 credentials as JWT with a `vc` claim, made and read by did-jwt-vc, for those who cannot read VCDM 2.0 yet.
 *
 * did-jwt-vc is never the last word: it ignores kid, typ, unknown members of the header and dates of zero, and merges
 * claims, so all of that is checked here.
 */
export class VcJwtLegacyProvider implements ICredentialProvider {
  readonly #now: () => number;

  /** `now` gives Unix seconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  getProofFormatsSupportedForKey(key: IKey): string[] {
    return key.type === 'Secp256r1' ? [VC_JWT_LEGACY] : [];
  }

  canIssueProofFormat({ proofFormat }: ProofFormatQuery): boolean {
    return proofFormat === VC_JWT_LEGACY;
  }

  canVerifyDocumentType({ document }: TentativeVerificationQuery): boolean {
    return tokenForm(credentialToken(document)) === 'vc-jwt';
  }

  /**
   * Signs a VCDM 1.1 credential; `proof.jwt` of the result is the token.
   *
   * IssuerError CREDENTIAL_INVALID if it is no VCDM 1.1 credential, KEY_UNKNOWN.
   */
  async createVerifiableCredential(
    args: ICreateVerifiableCredentialArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    const { credential } = args;
    const { did, kid } = await managedKey(credential.issuer, args.keyRef, context);
    const sign = (data: string | Uint8Array): Promise<string> =>
      context.agent.keyManagerSign({
        keyRef: kid,
        algorithm: 'ES256',
        data: typeof data === 'string' ? data : Buffer.from(data).toString('utf8'),
      });
    let jwt: string;
    try {
      jwt = await createVerifiableCredentialJwt(
        // did-jwt-vc writes into what it copies, and trips over what is frozen.
        structuredClone(credential) as CredentialPayload,
        { did, signer: sign, alg: 'ES256' },
        { header: { kid: `${did}#${kid}` } },
      );
    } catch (error) {
      if (error instanceof IssuerError) throw error;
      throw new IssuerError('CREDENTIAL_INVALID', 'This is not a VCDM 1.1 credential to be signed.', {
        cause: error,
      });
    }
    return { ...credential, proof: { type: 'JwtProof2020', jwt } } as VerifiableCredential;
  }

  /** Verifies a token; whatever object it came in, only what the verified bytes say is looked at and returned. */
  async verifyCredential(args: IVerifyCredentialArgs, context: VerifierAgentContext): Promise<IVerifyResult> {
    return verdict(async () => {
      const jwt = credentialToken(args.credential) ?? '';
      const jws = parseCompactJws(jwt);
      const header = assertVcHeader(jws.header);
      if (header.form !== 'vc-jwt')
        throw new FormatError('UNSUPPORTED_FORMAT', 'The token is not a VC as JWT.');
      const key = await assertionKey(header, context);
      const payload = await verifiedPayload(jws, key);
      const now = args.policies?.now ?? this.#now();
      const vc = checkContent(payload, header.did, now);
      await checkWithDidJwtVc(jwt, header, key, now);
      const verifiableCredential = {
        ...vc,
        ...(payload['jti'] === undefined ? {} : { id: payload['jti'] }),
        issuer: header.did,
        issuanceDate: isoDate(payload['nbf']),
        ...(payload['exp'] === undefined ? {} : { expirationDate: isoDate(payload['exp']) }),
        proof: { type: 'JwtProof2020', jwt },
      };
      return { verified: true, issuer: header.did, verifiableCredential };
    });
  }

  /** IssuerError OPERATION_UNSUPPORTED: presentations are the wallet's. */
  async createVerifiablePresentation(): Promise<VerifiablePresentation> {
    throw new IssuerError('OPERATION_UNSUPPORTED', 'An issuer makes no presentations.');
  }

  /** Never verified here: did-jwt-vc does not look at the credentials inside. */
  async verifyPresentation(): Promise<IVerifyResult> {
    return refused('PRESENTATION_UNSUPPORTED');
  }
}

/** The JWT payload as the credential it stands for (VCDM 1.1 §6.3.1), which is what Veramo wants to be given. */
export function legacyCredential({ iss, sub, nbf, exp, vc }: LegacyVcPayload): CredentialPayload {
  const { credentialSubject, ...rest } = structuredClone(vc);
  return {
    ...rest,
    issuer: iss,
    issuanceDate: isoDate(nbf),
    ...(exp === undefined ? {} : { expirationDate: isoDate(exp) }),
    credentialSubject: { ...credentialSubject, ...(sub === undefined ? {} : { id: sub }) },
  } as unknown as CredentialPayload;
}

function checkContent(payload: JsonObject, did: string, now: number): JsonObject {
  const { vc, iss } = payload;
  const vcIssuer = isJsonObject(vc)
    ? isJsonObject(vc['issuer'])
      ? vc['issuer']['id']
      : vc['issuer']
    : undefined;
  const sound =
    isJsonObject(vc) &&
    iss === did &&
    (vcIssuer === undefined || vcIssuer === did) &&
    isJsonObject(vc['credentialSubject']) &&
    !MERGED_MEMBERS.some((member) => member in payload);
  if (!sound)
    throw new VcRefusal('CONTENT_INVALID', 'The token is not a VCDM 1.1 credential of this issuer.');
  const until = payload['exp'] === undefined ? undefined : numericDate(payload['exp']);
  assertWithin(now, numericDate(payload['nbf']), until);
  // Some issuers put the dates inside `vc` as well, where did-jwt-vc does not look.
  for (const member of ['issuanceDate', 'validFrom']) {
    if (vc[member] !== undefined) assertWithin(now, unixTimeOf(vc[member]), undefined);
  }
  for (const member of ['expirationDate', 'validUntil']) {
    if (vc[member] !== undefined) assertWithin(now, undefined, unixTimeOf(vc[member]));
  }
  return vc;
}

/**
 * did-jwt-vc's own reading, held to exactly one key, without skew and under the assertion purpose.
 *
 * The options are new each time: did-jwt writes the issuer it resolved into them, and a second token checked with the
 * same object would be checked against the first issuer's keys.
 */
async function checkWithDidJwtVc(
  jwt: string,
  { did, thumbprint }: VcHeader,
  { x, y }: { readonly x: string; readonly y: string },
  now: number,
): Promise<void> {
  const id = `${did}#${thumbprint}`;
  const publicKeyJwk = { kty: 'EC', crv: 'P-256', x, y };
  const resolution: DIDResolutionResult = {
    didDocument: {
      id: did,
      verificationMethod: [{ id, type: 'JsonWebKey2020', controller: did, publicKeyJwk }],
      assertionMethod: [id],
    },
    didDocumentMetadata: {},
    didResolutionMetadata: {},
  };
  try {
    await verifyCredential(
      jwt,
      { resolve: async () => resolution },
      { policies: { now }, skewTime: 0, proofPurpose: 'assertionMethod' },
    );
  } catch {
    throw new VcRefusal('CONTENT_INVALID', 'did-jwt-vc does not take the token.');
  }
}

function numericDate(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0 && value <= MAX_SECONDS)) {
    throw new VcRefusal('CONTENT_INVALID', 'A date of the token is not in Unix seconds.');
  }
  return value;
}

function isoDate(value: unknown): string {
  return new Date(Number(value) * 1000).toISOString();
}
