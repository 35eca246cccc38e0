import type { Challenge } from '../../../verifier/pipeline/checks.ts';
import { RECORD } from './cards.ts';
import { base64url } from './jws.ts';
import { ISSUED, NOW } from './moments.ts';
import type { VectorKey } from './p256.ts';
import { KEYS } from './trust.ts';
import { CONTEXT, legacyVc, LEGACY_CONTEXT, tokenOf, vc } from './vc.ts';

/** What the verifier of the vectors asks a holder. */
export const CHALLENGE: Challenge = { nonce: 'YXNrZWQgb25jZSBvbmx5Lg', audience: 'https://venue.example' };

/** The DID of a JWK text (did:jwk method, "Create"). */
export function didJwkOfText(jwk: string): string {
  return `did:jwk:${base64url(jwk)}`;
}

/** The one spelling of a key's did:jwk that is read. */
export function didJwkOf({ x, y }: VectorKey): string {
  return didJwkOfText(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`);
}

/** The did:key of a P-256 key: its compressed point behind the multicodec prefix 0x1200, in base58btc. */
export function didKeyOf({ x, y }: VectorKey): string {
  const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1;
  const bytes = Buffer.concat([Buffer.of(0x80, 0x24, 2 + odd), Buffer.from(x, 'base64url')]);
  let text = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); rest > 0n; rest /= 58n) {
    text = `${BASE58.charAt(Number(rest % 58n))}${text}`;
  }
  return `did:key:z${text}`;
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export const HOLDER = didJwkOf(KEYS.holder);
export const OTHER_HOLDER = didJwkOf(KEYS.otherHolder);

/** A `vc+jwt` that is bound to a holder. */
export function heldVc(
  members: object = {},
  { key = KEYS.plain, holder = HOLDER }: { key?: VectorKey; holder?: string } = {},
): string {
  return vc(key, { credentialSubject: { id: holder, ...RECORD }, ...members });
}

/** A VCDM 1.1 JWT that is bound to a holder. */
export function heldLegacyVc(
  members: object = {},
  { key = KEYS.plain, inner = {} }: { key?: VectorKey; inner?: object } = {},
): string {
  return legacyVc(key, { sub: HOLDER, nbf: ISSUED, ...members }, inner);
}

/** A credential as it stands in a presentation of VCDM 2.0 (§4.13.1). */
export function envelope(text: string, mediaType = 'application/vc+jwt'): object {
  return {
    '@context': CONTEXT,
    type: 'EnvelopedVerifiableCredential',
    id: `data:${mediaType},${text}`,
  };
}

/** The answer to the challenge; `undefined` takes a member away. */
export function vpPayload(credentials: readonly string[], members: object = {}): object {
  return {
    '@context': [CONTEXT],
    type: ['VerifiablePresentation'],
    holder: HOLDER,
    nonce: CHALLENGE.nonce,
    aud: CHALLENGE.audience,
    iat: NOW,
    verifiableCredential: credentials.map((text) => envelope(text)),
    ...members,
  };
}

/** The header of a `vp+jwt`. */
export function vpHeader(members: object = {}): object {
  return { alg: 'ES256', kid: `${HOLDER}#0`, typ: 'vp+jwt', ...members };
}

/** A signed `vp+jwt`. */
export function vp(
  credentials: readonly string[],
  members: object = {},
  header: object = {},
  key: VectorKey = KEYS.holder,
): string {
  return tokenOf(key, vpPayload(credentials, members), vpHeader(header));
}

/** The same by another DID of the holder's, the credential bound to it too. */
export function vpOf(holder: string, method = `${holder}#0`, key: VectorKey = KEYS.holder): string {
  return vp([heldVc({}, { holder })], { holder }, { kid: method }, key);
}

/** A signed VCDM 1.1 presentation; members of the claims. */
export function legacyVp(
  credentials: readonly string[],
  members: object = {},
  key: VectorKey = KEYS.holder,
): string {
  const claims = {
    iss: HOLDER,
    nonce: CHALLENGE.nonce,
    aud: CHALLENGE.audience,
    iat: NOW,
    vp: {
      '@context': [LEGACY_CONTEXT],
      type: ['VerifiablePresentation'],
      verifiableCredential: credentials,
    },
    ...members,
  };
  return tokenOf(key, claims, vpHeader({ typ: 'JWT' }));
}
