import { isAnswer, parseAnswer } from '../../credential/compact-answer.ts';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { FormatError } from '../../credential/errors.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { parseCompactJws } from '../../credential/jws.ts';
import { presentationForm, readPresentation } from '../../credential/presentation.ts';
import { conclude } from '../pipeline/conclude.ts';
import type { Decision } from '../pipeline/decision.ts';
import { verifyEvidence } from '../pipeline/presentation.ts';
import type { HolderRequests } from './holder-requests.ts';
import type { Venue } from './venue.ts';

/** What a holder answered, and whether it answers an open question of ours. */
export interface JudgedAnswer {
  readonly decisions: readonly Decision[];
  /** Whether somebody proved to be the holder of a credential in it; the question is closed then. */
  readonly proven: boolean;
}

const PORTS = { inflate: inflateRawNode, importKey: importEs256Key };

/**
 * Decide about an answer: the text of its QR code, or a `vp+jwt`. A question is closed by the first answer that proves its
 * holder and by no other: who only saw the code cannot use it up. An answer to a question of another venue, to none, or
 * to one that has its answer is HOLDER_NOT_PROVEN.
 */
export async function judgeAnswer(
  text: string,
  { trust, terms }: Pick<Venue, 'trust' | 'terms'>,
  requests: HolderRequests,
): Promise<JudgedAnswer> {
  let presented: { readonly nonce: string | undefined; readonly presentation: string };
  try {
    presented = presentedBy(text, requests.clientId);
  } catch (error) {
    if (error instanceof FormatError)
      return { decisions: [conclude({ codes: [error.code] })], proven: false };
    throw error;
  }
  const { nonce, presentation } = presented;
  const asked = nonce === undefined ? undefined : requests.termsOf(nonce);
  const decide = async (
    challenge: { nonce: string; audience: string } | undefined,
  ): Promise<readonly Decision[]> =>
    verifyEvidence(
      { text: presentation },
      trust(),
      { ...terms({ rules: asked?.rules, event: asked?.event }), challenge },
      PORTS,
    );
  if (nonce === undefined || asked === undefined)
    return { decisions: await decide(undefined), proven: false };
  const decisions = await decide({ nonce, audience: requests.clientId });
  if (!decisions.some(isProven)) return { decisions, proven: false };
  // Two answers at once: both were verified by now, and one is the first.
  if (requests.close(nonce, { presentation, decisions })) return { decisions, proven: true };
  return { decisions: await decide(undefined), proven: false };
}

/** A credential that could not be read proves nobody. */
function isProven({ codes, issuer }: Decision): boolean {
  return issuer !== null && !codes.includes('HOLDER_NOT_PROVEN');
}

function presentedBy(text: string, audience: string): { nonce: string | undefined; presentation: string } {
  if (isAnswer(text)) {
    const { nonce, presentation } = parseAnswer(text);
    return { nonce, presentation: presentation(audience) };
  }
  const { header, payload } = parseCompactJws(text);
  const form = presentationForm(header);
  if (form === undefined) throw new FormatError('UNSUPPORTED_FORMAT', 'The text is no presentation.');
  const { nonce } = readPresentation(parseJson(decodeUtf8(payload)), form);
  return { nonce, presentation: text };
}
