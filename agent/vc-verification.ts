import type { IVerifyResult, VerifierAgentContext } from '@veramo/core-types';
import type { JsonWebKey } from 'did-resolver';

import { FormatError, type FormatCode } from '../credential/errors.ts';
import { importEs256Key } from '../credential/es256-node.ts';
import { verifyJws, type UnverifiedJws, type VcHeader } from '../credential/jws.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../credential/json.ts';

/** Why the agent does not take a credential; a closed list. The venue's decision is the verifier pipeline's, not this. */
export type VcCode =
  | FormatCode
  | 'ISSUER_UNKNOWN'
  | 'KEY_UNKNOWN'
  | 'SIGNATURE_INVALID'
  | 'CONTENT_INVALID'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'REVOKED'
  | 'STATUS_UNKNOWN'
  | 'PRESENTATION_UNSUPPORTED';

/** A credential that does not verify; becomes `verified: false` with its code, never a thrown error. */
export class VcRefusal extends Error {
  override readonly name = 'VcRefusal';
  readonly code: VcCode;

  constructor(code: VcCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The P-256 key behind a kid, provided that its DID lists it under `assertionMethod`. */
export async function assertionKey(
  { did, thumbprint }: VcHeader,
  context: VerifierAgentContext,
): Promise<{ readonly x: string; readonly y: string }> {
  const id = `${did}#${thumbprint}`;
  const { didDocument } = await context.agent.resolveDid({ didUrl: did });
  if (didDocument?.id !== did) throw new VcRefusal('ISSUER_UNKNOWN', 'The registry knows no such issuer.');
  const asserted = (didDocument.assertionMethod ?? []).some((method) =>
    typeof method === 'string' ? method === id : method.id === id,
  );
  const embedded = (didDocument.assertionMethod ?? []).filter((method) => typeof method !== 'string');
  const method = [...(didDocument.verificationMethod ?? []), ...embedded].find(
    (candidate) => candidate.id === id,
  );
  const jwk: JsonWebKey | undefined = method?.publicKeyJwk;
  if (!asserted || jwk?.kty !== 'EC' || jwk.crv !== 'P-256' || jwk.x === undefined || jwk.y === undefined) {
    throw new VcRefusal('KEY_UNKNOWN', 'The issuer does not assert credentials with this key.');
  }
  return { x: jwk.x, y: jwk.y };
}

/** Verifies the signature and only then reads the payload, strictly. */
export async function verifiedPayload(
  jws: UnverifiedJws,
  key: { readonly x: string; readonly y: string },
): Promise<JsonObject> {
  const verified = await verifyJws(jws, importEs256Key(key));
  if (verified === undefined) throw new VcRefusal('SIGNATURE_INVALID', 'The signature is not of this key.');
  const payload = parseJson(decodeUtf8(verified.payload));
  if (!isJsonObject(payload)) throw new VcRefusal('MALFORMED', 'The payload is not an object.');
  return payload;
}

/** XML Schema dateTime with a zone (VCDM 2.0 §4.9 dateTimeStamp) as Unix seconds. */
export function unixTimeOf(value: unknown): number {
  const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
  const time = typeof value === 'string' && stamp.test(value) ? Date.parse(value) / 1000 : Number.NaN;
  if (!Number.isFinite(time)) throw new VcRefusal('CONTENT_INVALID', 'A date of the credential is none.');
  return time;
}

/** Without leeway: from the first second of validity up to, not including, the end. All in Unix seconds. */
export function assertWithin(now: number, from: number | undefined, until: number | undefined): void {
  if (from !== undefined && now < from)
    throw new VcRefusal('NOT_YET_VALID', 'The credential is not valid yet.');
  if (until !== undefined && now >= until) throw new VcRefusal('EXPIRED', 'The credential has expired.');
}

/** Runs a verification and answers as Veramo expects it, with our code in `error.errorCode`. */
export async function verdict(verify: () => Promise<IVerifyResult>): Promise<IVerifyResult> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof VcRefusal) return refused(error.code, error.message);
    if (error instanceof FormatError) return refused(error.code, error.message);
    throw error;
  }
}

/** The answer for a credential that is not taken; the sentence says which rule, never what the credential says. */
export function refused(code: VcCode, sentence = 'The credential is not taken.'): IVerifyResult {
  return { verified: false, error: { errorCode: code, message: sentence } };
}
