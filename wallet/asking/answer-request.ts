import type { AuthorizationRequest } from '../../credential/authorization-request.ts';
import { answerSigningInput, encodeAnswer } from '../../credential/compact-answer.ts';
import { encodeCompactJws } from '../../credential/jws.ts';
import type { HolderKey } from '../vault/holder-key.ts';
import type { Offer } from './offer.ts';

/** One answer in its two forms. */
export interface RequestAnswer {
  /** The text of a QR code. */
  readonly code: string;
  /** The body of a direct_post (OpenID4VP 1.0 section 8.2), application/x-www-form-urlencoded. */
  readonly form: URLSearchParams;
}

/**
 * Answer a request with one pass, in the name of the wallet's holder: for this verifier, this question and this minute.
 *
 * @param now Unix seconds
 */
export async function answerRequest(
  { nonce, clientId }: AuthorizationRequest,
  { pass, queryId }: Offer,
  { did, sign }: HolderKey,
  now: number,
): Promise<RequestAnswer> {
  const answer = { nonce, audience: clientId, holder: did, iat: Math.floor(now), credential: pass.text };
  const input = answerSigningInput(answer);
  const signature = await sign(new TextEncoder().encode(input));
  const presentation = encodeCompactJws(input, signature);
  return {
    code: encodeAnswer(answer, signature),
    form: new URLSearchParams({ vp_token: JSON.stringify({ [queryId]: [presentation] }) }),
  };
}
