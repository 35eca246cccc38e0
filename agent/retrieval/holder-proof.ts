import { FormatError } from '../../credential/errors.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { holderKey } from '../../credential/holder-did.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { mediaType, parseCompactJws, verifyJws } from '../../credential/jws.ts';
import { IssuerError } from '../issuer-error.ts';

/** A DID, and a token by its key. */
export interface HolderClaim {
  readonly did: string;
  readonly proof: string;
}

/** What a proof must have been made for. */
export interface ProofTerms {
  /** This service, under which the wallet reaches it. */
  readonly audience: string;
  /** The retrieval's id: nobody else has it, and it is good for nothing else. */
  readonly nonce: string;
  /** Unix seconds. */
  readonly now: number;
}

/** OpenID4VCI 1.0, Appendix F.1. */
const TYPE = 'openid4vci-proof+jwt';
const MAX_PROOF_CHARS = 4096;
/** The nonce holds it to one retrieval; this holds it to the same sitting. */
const MAX_AGE_SECONDS = 300;
/** A wallet's clock may run ahead. */
const LEEWAY_SECONDS = 60;

/**
 * Holds a wallet to having the key of the DID that a pass is to be bound to: a JWT proof of OpenID4VCI, signed by it.
 *
 * Nothing of a retrieval is looked at, so that the answer says nothing of any. IssuerError PROOF_INVALID.
 */
export async function assertHolder({ did, proof }: HolderClaim, terms: ProofTerms): Promise<void> {
  try {
    const { key, method } = holderKey(did);
    const jws = parseCompactJws(proof, MAX_PROOF_CHARS);
    const { typ = '', kid, zip, cty } = jws.header;
    const isProof = mediaType(typ) === TYPE && kid === method && zip === undefined && cty === undefined;
    if (!isProof || (await verifyJws(jws, importEs256Key(key))) === undefined) throw invalid();
    if (!isFor(parseJson(decodeUtf8(jws.payload)), did, terms)) throw invalid();
  } catch (error) {
    throw error instanceof FormatError ? invalid() : error;
  }
}

function isFor(claims: unknown, did: string, { audience, nonce, now }: ProofTerms): boolean {
  if (!isJsonObject(claims)) return false;
  const { iss = did, sub = did, aud, nonce: said, iat, nbf = 0, exp = Infinity } = claims;
  const times = [iat, nbf, exp].every((time) => typeof time === 'number' && !Number.isNaN(time));
  return (
    times &&
    iss === did &&
    sub === did &&
    aud === audience &&
    said === nonce &&
    now - Number(iat) <= MAX_AGE_SECONDS &&
    Math.max(Number(iat), Number(nbf)) - now <= LEEWAY_SECONDS &&
    now < Number(exp)
  );
}

function invalid(): IssuerError {
  return new IssuerError(
    'PROOF_INVALID',
    'This is no proof, made now and for this retrieval, by the key of the DID.',
  );
}
