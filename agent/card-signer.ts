import { decodeBase64url } from '../credential/base64url.ts';
import { deflateRaw } from '../credential/deflate.ts';
import { encodeCardPayload, type HealthCard, type Pass } from '../credential/health-card.ts';
import { encodeCompactJws, encodeSigningInput } from '../credential/jws.ts';
import { MAX_QR_JWS } from '../credential/qr.ts';
import { legacyVcFromCard, vcFromCard, type VcIssuer } from '../credential/verifiable-credential.ts';
import type { Trust } from '../verifier/pipeline/trust.ts';
import type { IssuerAgent } from './agent.ts';
import { assertCardAccepted, assertVcAccepted } from './issued-card.ts';
import { legacyCredential, VC_JWT_LEGACY } from './vc-jwt-legacy-provider.ts';
import { VC_JWT } from './vc-jwt-provider.ts';

/** One card in all its forms. */
export interface SignedForms {
  /** The QR form: a SMART Health Card for Plus, our own card for a Pass. */
  readonly jws: string;
  /** Whether the QR form fits one QR code; if not, hand it out as a file. */
  readonly fitsQr: boolean;
  /** VCDM 2.0 as vc+jwt. */
  readonly vc: string;
  /** VCDM 1.1 as JWT. */
  readonly legacyVc: string;
}

/**
 * Signs a card in all its forms with one key of an issuer, and has each decided afterwards by the verifier's pipeline,
 * at the moment of issuance, against what a venue can know of the issuer.
 *
 * IssuerError NOT_VERIFIED, KEY_UNKNOWN, STORE_DAMAGED.
 */
export async function signCard(
  agent: IssuerAgent,
  issuer: VcIssuer,
  trust: Trust,
  card: HealthCard | Pass,
): Promise<SignedForms> {
  const { kid } = issuer;
  const payload = encodeCardPayload(card);
  const signingInput = encodeSigningInput({ alg: 'ES256', zip: 'DEF', kid }, deflateRaw(payload));
  const jws = encodeCompactJws(signingInput, await signBytes(agent, kid, Buffer.from(signingInput)));
  const [vcdm2, vcdm1] = [vcFromCard(card, issuer), legacyVcFromCard(card, issuer)];
  const vc = await signVc(agent, VC_JWT, vcdm2, kid);
  const legacyVc = await signVc(agent, VC_JWT_LEGACY, legacyCredential(vcdm1), kid);

  const venue = { trust, at: card.nbf };
  const scheme = card.profile === 'pass' ? 'pratique' : 'shc';
  await assertCardAccepted(jws, { scheme, payload }, venue);
  await assertVcAccepted(vc, { form: 'vc+jwt', payload: vcdm2 }, venue);
  await assertVcAccepted(legacyVc, { form: 'vc-jwt', payload: vcdm1 }, venue);
  const fitsQr = jws.length <= MAX_QR_JWS[scheme];
  return { jws, fitsQr, vc, legacyVc };
}

/** ES256 by one key over bytes, hashed once: the 64 bytes r ‖ s. */
export async function signBytes(agent: IssuerAgent, kid: string, data: Uint8Array): Promise<Uint8Array> {
  const signature = await agent.keyManagerSign({
    keyRef: kid,
    algorithm: 'ES256',
    data: Buffer.from(data).toString('hex'),
    encoding: 'hex',
  });
  return decodeBase64url(signature);
}

/** The token of a VC, signed by one key of its issuer. */
export async function signVc(
  agent: IssuerAgent,
  proofFormat: string,
  credential: object,
  kid: string,
): Promise<string> {
  const signed = await agent.createVerifiableCredential({
    credential: credential as { issuer: string },
    proofFormat,
    keyRef: kid,
  });
  return String(signed.proof['jwt']);
}
