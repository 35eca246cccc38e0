import { DID, HEALTH_CARD, PASS, PASS_SUBJECT, RECORD, STATUS_BASE } from './cards.ts';
import { compactJws } from './jws.ts';
import { DAY, ISSUED, NOW } from './moments.ts';
import type { VectorKey } from './p256.ts';

export const CONTEXT = 'https://www.w3.org/ns/credentials/v2';
export const LEGACY_CONTEXT = 'https://www.w3.org/2018/credentials/v1';

/** Seconds since 1970 as a VC writes them. */
export function dateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** A place in the status list of a key of the first issuer. */
export function statusEntry(key: VectorKey, index: number, members: object = {}): object {
  return {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(index),
    statusListCredential: `${STATUS_BASE}/status/${key.kid}`,
    ...members,
  };
}

/** The header of a VC: `kid` is the verification method. */
export function vcHeader(key: VectorKey, members: object = {}): object {
  return { alg: 'ES256', kid: `${DID}#${key.kid}`, typ: 'vc+jwt', ...members };
}

/** A VCDM 2.0 credential with the record; `undefined` takes a member away. */
export function vcPayload(members: object = {}): object {
  return {
    '@context': [CONTEXT],
    type: ['VerifiableCredential', HEALTH_CARD],
    issuer: DID,
    validFrom: dateTime(ISSUED),
    credentialSubject: RECORD,
    ...members,
  };
}

/** The members that make it a Pass of a key with a status list. */
export function vcPassMembers(key: VectorKey): object {
  return {
    type: ['VerifiableCredential', PASS],
    validUntil: dateTime(NOW + DAY),
    credentialStatus: statusEntry(key, 0),
    credentialSubject: PASS_SUBJECT,
  };
}

/** A signed `vc+jwt`. */
export function vc(key: VectorKey, members: object = {}, header: object = {}): string {
  return tokenOf(key, vcPayload(members), vcHeader(key, header));
}

/** A VCDM 1.1 credential as JWT claims; members of the claims, then of `vc`. */
export function legacyPayload(members: object = {}, inner: object = {}): object {
  return {
    iss: DID,
    nbf: ISSUED,
    vc: {
      '@context': [LEGACY_CONTEXT],
      type: ['VerifiableCredential', HEALTH_CARD],
      credentialSubject: RECORD,
      ...inner,
    },
    ...members,
  };
}

/** A signed VCDM 1.1 JWT. */
export function legacyVc(
  key: VectorKey,
  members: object = {},
  inner: object = {},
  header: object = {},
): string {
  return tokenOf(key, legacyPayload(members, inner), vcHeader(key, { typ: 'JWT', ...header }));
}

/** Any JSON or text under any header, signed and not compressed. */
export function tokenOf(key: VectorKey, payload: object | string, header: object): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return compactJws({ key, header, payload: Buffer.from(text) });
}
