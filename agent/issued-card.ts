import { isDeepStrictEqual } from 'node:util';

import { readLegacyVc, readVc } from '../credential/credential.ts';
import { inflateRawNode } from '../credential/deflate-node.ts';
import { MAX_CARD_BYTES } from '../credential/deflate.ts';
import type { Es256Verify } from '../credential/es256.ts';
import { parseCardPayload } from '../credential/health-card.ts';
import { decodeUtf8, parseJson } from '../credential/json.ts';
import { assertCardHeader, assertVcHeader, parseCompactJws, verifyJws } from '../credential/jws.ts';
import type { LegacyVcPayload, VcPayload } from '../credential/verifiable-credential.ts';
import { IssuerError } from './issuer-error.ts';

/**
 * Reads a signed card back by the verifier's own path and holds it against the payload that was to be signed.
 *
 * A card that does not verify is never handed out: IssuerError NOT_VERIFIED.
 */
export async function assertCardVerifies(
  jws: string,
  meant: Uint8Array,
  kid: string,
  verify: Es256Verify,
): Promise<void> {
  await orNotVerified(async () => {
    const parsed = parseCompactJws(jws);
    assertCardHeader(parsed.header);
    const verified = await verifyJws(parsed, verify);
    if (verified === undefined || verified.header.kid !== kid) return false;
    const payload = inflateRawNode(verified.payload, MAX_CARD_BYTES);
    parseCardPayload(parseJson(decodeUtf8(payload)));
    return Buffer.from(payload.buffer, payload.byteOffset, payload.length).equals(meant);
  });
}

/** The same for a VC: the form it was asked for, by the verification method meant, and the very payload. */
export async function assertVcVerifies(
  jwt: string,
  meant: VcPayload | LegacyVcPayload,
  expected: { readonly form: 'vc+jwt' | 'vc-jwt'; readonly did: string; readonly kid: string },
  verify: Es256Verify,
): Promise<void> {
  await orNotVerified(async () => {
    const parsed = parseCompactJws(jwt);
    const { form, did, thumbprint } = assertVcHeader(parsed.header);
    if (form !== expected.form || did !== expected.did || thumbprint !== expected.kid) return false;
    const verified = await verifyJws(parsed, verify);
    if (verified === undefined) return false;
    const json = parseJson(decodeUtf8(verified.payload));
    const { issuer } = form === 'vc+jwt' ? readVc(json) : readLegacyVc(json);
    return 'did' in issuer && issuer.did === did && isDeepStrictEqual(plain(json), plain(meant));
  });
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
