import { didJwkMethod } from '../../credential/did-jwk.ts';
import { encodeCompactJws, encodeSigningInput } from '../../credential/jws.ts';
import type { HolderKey } from '../vault/holder-key.ts';

/** What a proof is for. */
export interface ProofTerms {
  /** The service as it is reached. */
  readonly audience: string;
  /** The id of the retrieval. */
  readonly nonce: string;
  /** Unix seconds. */
  readonly now: number;
}

/** The wallet shows an issuer that it has the key that a pass is to be bound to (OpenID4VCI 1.0, Appendix F.1). */
export async function holderProof(
  { did, sign }: HolderKey,
  { audience, nonce, now }: ProofTerms,
): Promise<{ readonly id: string; readonly proof: string }> {
  const utf8 = new TextEncoder();
  const claims = { aud: audience, iat: Math.floor(now), nonce };
  const header = { alg: 'ES256', typ: 'openid4vci-proof+jwt', kid: didJwkMethod(did) } as const;
  const input = encodeSigningInput(header, utf8.encode(JSON.stringify(claims)));
  return { id: did, proof: encodeCompactJws(input, await sign(utf8.encode(input))) };
}
