import { decodeBase64url } from '../credential/base64url.ts';
import { deflateRaw } from '../credential/deflate.ts';
import { importEs256Key } from '../credential/es256-node.ts';
import { encodeCardPayload, type HealthCard, type Pass } from '../credential/health-card.ts';
import type { P256Coordinates } from '../credential/jwk.ts';
import { encodeCompactJws, encodeSigningInput } from '../credential/jws.ts';
import { MAX_QR_JWS } from '../credential/qr.ts';
import { legacyVcFromCard, vcFromCard, type VcIssuer } from '../credential/verifiable-credential.ts';
import type { IssuerAgent } from './agent.ts';
import { assertCardVerifies, assertVcVerifies } from './issued-card.ts';
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
 * Signs a card in all its forms with one key of an issuer, and verifies each afterwards by the verifier's own path.
 *
 * IssuerError NOT_VERIFIED, KEY_UNKNOWN, STORE_DAMAGED.
 */
export async function signCard(
  agent: IssuerAgent,
  issuer: VcIssuer,
  key: P256Coordinates,
  card: HealthCard | Pass,
): Promise<SignedForms> {
  const { kid, did } = issuer;
  const payload = encodeCardPayload(card);
  const signingInput = encodeSigningInput({ alg: 'ES256', zip: 'DEF', kid }, deflateRaw(payload));
  const jws = encodeCompactJws(signingInput, await signBytes(agent, kid, Buffer.from(signingInput)));
  const [vcdm2, vcdm1] = [vcFromCard(card, issuer), legacyVcFromCard(card, issuer)];
  const vc = await signVc(agent, VC_JWT, vcdm2, kid);
  const legacyVc = await signVc(agent, VC_JWT_LEGACY, legacyCredential(vcdm1), kid);

  const verify = importEs256Key(key);
  await assertCardVerifies(jws, payload, kid, verify);
  await assertVcVerifies(vc, vcdm2, { form: 'vc+jwt', did, kid }, verify);
  await assertVcVerifies(legacyVc, vcdm1, { form: 'vc-jwt', did, kid }, verify);
  const fitsQr = jws.length <= MAX_QR_JWS[card.profile === 'pass' ? 'pratique' : 'shc'];
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
