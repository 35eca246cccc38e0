import { isDeepStrictEqual } from 'node:util';

import { inflateRawNode } from '../credential/deflate-node.ts';
import { decodeUtf8, parseJson } from '../credential/json.ts';
import { parseCompactJws } from '../credential/jws.ts';
import type { CardScheme } from '../credential/shc-uri.ts';
import type { LegacyVcPayload, VcPayload } from '../credential/verifiable-credential.ts';
import type { Evidence } from '../verifier/pipeline/evidence.ts';
import type { Trust } from '../verifier/pipeline/trust.ts';
import { verifyCredential } from '../verifier/pipeline/verify.ts';
import { IssuerError } from './issuer-error.ts';

/** The trust data of a venue that knows the issuer (`own-trust.ts`), and the moment of issuance, Unix seconds. */
export interface AsVenue {
  readonly trust: Trust;
  readonly at: number;
}

/**
 * Shows a signed card to the verifier's whole pipeline, and holds what that has read against the payload that was to be
 * signed.
 *
 * A card that a venue would not accept at the moment of issuance is never handed out: IssuerError NOT_VERIFIED.
 */
export async function assertCardAccepted(
  jws: string,
  { scheme, payload: meant }: { readonly scheme: CardScheme; readonly payload: Uint8Array },
  venue: AsVenue,
): Promise<void> {
  let read: Uint8Array | undefined;
  const inflate = (bytes: Uint8Array, limit: number): Uint8Array => (read = inflateRawNode(bytes, limit));
  await orNotVerified(async () => {
    if ((await formAccepted({ text: jws, scheme }, venue, inflate)) === null) return false;
    // The very bytes that the pipeline read, not those that it should have.
    return read !== undefined && Buffer.from(read.buffer, read.byteOffset, read.length).equals(meant);
  });
}

/** The same for a VC: in the form that it was asked for, and the very payload. */
export async function assertVcAccepted(
  jwt: string,
  {
    form,
    payload: meant,
  }: { readonly form: 'vc+jwt' | 'vc-jwt'; readonly payload: VcPayload | LegacyVcPayload },
  venue: AsVenue,
): Promise<void> {
  await orNotVerified(async () => {
    if ((await formAccepted({ text: jwt }, venue, inflateRawNode)) !== form) return false;
    return isDeepStrictEqual(plain(parseJson(decodeUtf8(parseCompactJws(jwt).payload))), plain(meant));
  });
}

/** The form of a credential that a venue without rules accepts, with no word against it; null of any other. */
async function formAccepted(
  evidence: Evidence,
  { trust, at }: AsVenue,
  inflate: typeof inflateRawNode,
): Promise<string | null> {
  // As if it had been synchronised at that very moment.
  const fresh = { ...trust, document: { ...trust.document, takenAt: at } };
  const terms = { now: at, allowUnanchored: false, rules: 'none' };
  const { outcome, codes, form } = await verifyCredential(evidence, fresh, terms, { inflate });
  return outcome === 'accepted' && codes.length === 1 && codes[0] === 'VALID' ? form : null;
}

function plain(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json));
}

async function orNotVerified(check: () => Promise<boolean>): Promise<void> {
  let cause: unknown;
  try {
    if (await check()) return;
  } catch (error) {
    cause = error;
  }
  throw new IssuerError('NOT_VERIFIED', 'What was signed does not verify and is not handed out.', { cause });
}
