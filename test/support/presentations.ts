import { inflateRawNode } from '../../credential/deflate-node.ts';
import { didJwkFromKey, didJwkMethod } from '../../credential/did-jwk.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import type { ImportEs256Key } from '../../credential/es256.ts';
import type { HealthCard, Pass } from '../../credential/health-card.ts';
import type { JwsHeader } from '../../credential/jws.ts';
import { presentationPayload } from '../../credential/presentation.ts';
import { legacyVcFromCard, LEGACY_VC_CONTEXT, vcFromCard } from '../../credential/verifiable-credential.ts';
import type { Challenge, Terms } from '../../verifier/pipeline/checks.ts';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import { verifyEvidence } from '../../verifier/pipeline/presentation.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';
import { DID, mintJws, NOW, STATUS_BASE, utf8 } from './cards.ts';
import type { TestKey } from './cards.ts';

/** What the verifier of these tests asks every holder. */
export const CHALLENGE: Challenge = { nonce: 'Zm9yIG9uY2Ugb25seQ', audience: 'https://venue.example' };

/** A card in its `vc+jwt` form. */
export function mintVc(issuer: TestKey, card: HealthCard | Pass): string {
  const vc = vcFromCard(card, { did: DID, statusBase: STATUS_BASE, kid: issuer.kid });
  return mintJws(issuer, utf8(JSON.stringify(vc)), { typ: 'vc+jwt', kid: `${DID}#${issuer.kid}` });
}

/** A card as a VCDM 1.1 JWT. */
export function mintLegacyVc(issuer: TestKey, card: HealthCard | Pass): string {
  const vc = legacyVcFromCard(card, { did: DID, statusBase: STATUS_BASE, kid: issuer.kid });
  return mintJws(issuer, utf8(JSON.stringify(vc)), { typ: 'JWT', kid: `${DID}#${issuer.kid}` });
}

/** Sign any payload as its holder does. */
export function mintToken(holder: TestKey, payload: object, header: Partial<JwsHeader> = {}): string {
  const kid = didJwkMethod(didJwkFromKey(holder));
  return mintJws(holder, utf8(JSON.stringify(payload)), { typ: 'vp+jwt', kid, ...header });
}

/** The answer to `CHALLENGE` at `NOW`; claims may be added or, as undefined, left out. */
export function vpPayload(
  holder: TestKey,
  credentials: readonly string[],
  claims: object = {},
): Record<string, unknown> {
  const content = { holder: didJwkFromKey(holder), ...CHALLENGE, iat: NOW, credentials };
  return { ...presentationPayload(content), ...claims };
}

/** The same answer by VCDM 1.1. */
export function legacyVpPayload(
  holder: TestKey,
  credentials: readonly unknown[],
  claims: object = {},
): Record<string, unknown> {
  const vp = {
    '@context': [LEGACY_VC_CONTEXT],
    type: ['VerifiablePresentation'],
    verifiableCredential: credentials,
  };
  const { nonce, audience } = CHALLENGE;
  return { iss: didJwkFromKey(holder), nonce, aud: audience, iat: NOW, vp, ...claims };
}

/** Decide at `NOW`, having asked `CHALLENGE`. */
export async function decideAll(
  text: string,
  trust: Trust | NoTrust,
  options: Partial<Terms> & { readonly importKey?: ImportEs256Key } = {},
): Promise<readonly Decision[]> {
  const { importKey = importEs256Key, ...terms } = options;
  return verifyEvidence(
    { text },
    trust,
    { now: NOW, allowUnanchored: false, rules: 'none', challenge: CHALLENGE, ...terms },
    { inflate: inflateRawNode, importKey },
  );
}
