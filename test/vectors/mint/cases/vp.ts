import { compactJws, deflate } from '../jws.ts';
import { DAY, NOW } from '../moments.ts';
import { KEYS, offCurveKey } from '../trust.ts';
import { dateTime, LEGACY_CONTEXT, statusEntry, vc } from '../vc.ts';
import { folder } from '../vector.ts';
import {
  CHALLENGE,
  didJwkOf,
  didKeyOf,
  didJwkOfText,
  envelope,
  HOLDER,
  heldVc,
  OTHER_HOLDER,
  vp,
  vpHeader,
  vpOf,
  vpPayload,
} from '../vp.ts';

const MALFORMED = 'unreadable: MALFORMED';
const UNSUPPORTED = 'unreadable: UNSUPPORTED_FORMAT';
const VALID = 'accepted: VALID';
const NOT_PROVEN = 'rejected: HOLDER_NOT_PROVEN';
const EXPIRED = 'rejected: EXPIRED';

const challenge = CHALLENGE;
const { holder, otherHolder, stranger, bits, bitsWithoutList, plain } = KEYS;
const held = heldVc();
const expired = heldVc({ validUntil: dateTime(NOW - 1) });
const ofAnother = heldVc({}, { holder: OTHER_HOLDER });

/** A presentation of that many bytes, by white space behind it. */
function ofBytes(length: number): string {
  const payload = Buffer.from(JSON.stringify(vpPayload([held])).padEnd(length, ' '));
  return compactJws({ key: holder, header: vpHeader(), payload });
}

/** Everything about the credential itself is in order. */
const PASSED = {
  signature: 'passed',
  issuer: 'passed',
  key: 'passed',
  validity: 'passed',
  status: 'not-offered',
} as const;

// What is no presentation is none whether or not anything was asked: without a challenge the command line runs these.
export const VP_SHAPE = folder('vp/shape', 'VC-JOSE-COSE §3.1.2', {
  'typ-media-type': {
    why: 'The whole media type, in other case, is the same typ.',
    section: 'RFC 7515 §4.1.9',
    input: vp([held], {}, { typ: 'application/VP+JWT' }),
    challenge,
    expect: VALID,
  },
  'credential-without-list': {
    why: 'One credential may stand without a list.',
    section: 'VCDM 2.0 §4.13',
    input: vp([], { verifiableCredential: envelope(held) }),
    challenge,
    expect: VALID,
  },
  'no-credentials': { why: 'A list of nothing.', input: vp([]), expect: MALFORMED },
  'credentials-missing': {
    why: 'A presentation of nothing.',
    input: vp([], { verifiableCredential: undefined }),
    expect: MALFORMED,
  },
  '10-credentials': {
    why: 'As many as are read from one presentation: one answer each.',
    input: vp(Array.from({ length: 10 }, () => held)),
    challenge,
    expect: Array.from({ length: 10 }, () => VALID),
  },
  '11-credentials': {
    why: 'One more: each costs the verifier a signature.',
    input: vp(Array.from({ length: 11 }, () => held)),
    expect: MALFORMED,
  },
  '262144-bytes': {
    why: 'The most that a presentation may be.',
    section: 'Limits: 256 KiB a card',
    input: ofBytes(262_144),
    challenge,
    expect: VALID,
  },
  '262145-bytes': {
    why: 'One byte more.',
    section: 'Limits: 256 KiB a card',
    input: ofBytes(262_145),
    expect: 'unreadable: TOO_LARGE',
  },
  'credential-as-plain-text': {
    why: 'VCDM 1.1’s way to hold a credential, in VCDM 2.0.',
    section: 'VCDM 2.0 §4.13.1',
    input: vp([], { verifiableCredential: [held] }),
    expect: MALFORMED,
  },
  'context-of-1.1': {
    why: 'The other version’s context in this version’s form.',
    section: 'VCDM 2.0 §4.3',
    input: vp([held], { '@context': [LEGACY_CONTEXT] }),
    expect: MALFORMED,
  },
  'type-not-a-presentation': {
    why: 'It does not say that it is a presentation.',
    section: 'VCDM 2.0 §4.13',
    input: vp([held], { type: ['VerifiableCredential'] }),
    expect: MALFORMED,
  },
  'vp-claim-beside': {
    why: 'Two readers take two presentations from it.',
    input: vp([held], { vp: { verifiableCredential: [expired] } }),
    expect: MALFORMED,
  },
  'iss-of-another': {
    why: 'Two holders.',
    input: vp([held], { iss: OTHER_HOLDER }),
    expect: MALFORMED,
  },
  'alg-none': {
    why: 'A presentation that says it is unsigned.',
    section: 'RFC 8725 §3.1',
    input: vp([held], {}, { alg: 'none' }),
    expect: UNSUPPORTED,
  },
  zip: {
    why: 'A presentation is never compressed: zip is RFC 7516’s.',
    input: compactJws({
      key: holder,
      header: vpHeader({ zip: 'DEF' }),
      payload: deflate(JSON.stringify(vpPayload([held]))),
    }),
    expect: MALFORMED,
  },
  'zip-not-compressed': {
    why: 'It says that it is compressed, and is not: who passes over zip reads it.',
    input: vp([held], {}, { zip: 'DEF' }),
    expect: MALFORMED,
  },
  'under-a-card-scheme': {
    why: 'A QR code of a health card that holds a presentation.',
    input: { text: vp([held]), scheme: 'shc' },
    expect: MALFORMED,
  },
});

export const VP_CHALLENGE = folder('vp/challenge', 'Decision 0014', {
  met: {
    why: 'The holder signed what the verifier asked.',
    input: vp([held]),
    challenge,
    expect: VALID,
    checks: PASSED,
  },
  none: {
    why: 'Nothing was asked, so the presentation may have been overheard anywhere.',
    input: vp([held]),
    expect: NOT_PROVEN,
    checks: PASSED,
  },
  'none-and-trust-missing': {
    why: 'No trust data prove who holds it.',
    section: 'Decision codes, precedence',
    input: vp([held]),
    trust: 'missing',
    expect: 'rejected: HOLDER_NOT_PROVEN, TRUST_MISSING',
  },
  'none-and-status-missing': {
    why: 'A holder who is not proved outranks a status that could not be checked.',
    section: 'Decision codes, precedence',
    input: vp([heldVc({ credentialStatus: statusEntry(bitsWithoutList, 0) }, { key: bitsWithoutList })]),
    expect: 'rejected: HOLDER_NOT_PROVEN, STATUS_MISSING',
  },
  'met-and-trust-missing': {
    why: 'A proved holder of nobody knows what.',
    input: vp([held]),
    trust: 'missing',
    challenge,
    expect: 'undetermined: TRUST_MISSING',
  },
  'nonce-other': {
    why: 'The answer to another question: a replay.',
    input: vp([held], { nonce: 'YXNrZWQgeWVzdGVyZGF5Lg' }),
    challenge,
    expect: NOT_PROVEN,
    checks: PASSED,
  },
  'nonce-missing': {
    why: 'An answer to no question.',
    input: vp([held], { nonce: undefined }),
    challenge,
    expect: NOT_PROVEN,
  },
  'audience-other': {
    why: 'An answer given to another venue, which passes it on.',
    input: vp([held], { aud: 'https://evil.example' }),
    challenge,
    expect: NOT_PROVEN,
    checks: PASSED,
  },
  'audience-with-slash': {
    why: 'A name is compared as it stands, never as an address.',
    input: vp([held], { aud: `${challenge.audience}/` }),
    challenge,
    expect: NOT_PROVEN,
  },
  'audience-missing': {
    why: 'An answer for whomever.',
    input: vp([held], { aud: undefined }),
    challenge,
    expect: NOT_PROVEN,
  },
  'audience-list-of-one': {
    why: 'A list of one says the same.',
    section: 'RFC 7519 §4.1.3',
    input: vp([held], { aud: [challenge.audience] }),
    challenge,
    expect: VALID,
  },
  'audience-of-two': {
    why: 'The other of the two could show it here.',
    input: vp([held], { aud: [challenge.audience, 'https://evil.example'] }),
    challenge,
    expect: NOT_PROVEN,
  },
});

export const VP_TIME = folder('vp/time', 'Decision 0014', {
  'iat-60-seconds-ago': {
    why: 'The oldest answer that is taken.',
    input: vp([held], { iat: NOW - 60 }),
    challenge,
    expect: VALID,
  },
  'iat-61-seconds-ago': {
    why: 'A second older.',
    input: vp([held], { iat: NOW - 61 }),
    challenge,
    expect: NOT_PROVEN,
    checks: PASSED,
  },
  'iat-60-seconds-ahead': {
    why: 'The holder’s clock may be ahead of ours by a minute.',
    input: vp([held], { iat: NOW + 60 }),
    challenge,
    expect: VALID,
  },
  'iat-61-seconds-ahead': {
    why: 'A second more: made in store.',
    input: vp([held], { iat: NOW + 61 }),
    challenge,
    expect: NOT_PROVEN,
  },
  'iat-missing': {
    why: 'An answer of no known age.',
    input: vp([held], { iat: undefined }),
    challenge,
    expect: NOT_PROVEN,
  },
  'exp-now': {
    why: 'An answer is not taken on or after its own end.',
    section: 'RFC 7519 §4.1.4',
    input: vp([held], { exp: NOW }),
    challenge,
    expect: NOT_PROVEN,
  },
  'nbf-61-seconds-ahead': {
    why: 'An answer that is not good yet.',
    section: 'RFC 7519 §4.1.5',
    input: vp([held], { nbf: NOW + 61 }),
    challenge,
    expect: NOT_PROVEN,
  },
  'of-now-whatever-the-moment-asked-about': {
    why: '--at moves validity, never the age of the answer.',
    section: 'Interfaces, --at',
    input: vp([held]),
    at: NOW + DAY,
    challenge,
    expect: VALID,
  },
});

const respelled = didJwkOfText(`{"kty":"EC","crv":"P-256","x":"${holder.x}","y":"${holder.y}"}`);
const didKey = didKeyOf(holder);
const offCurve = didJwkOf(offCurveKey());

export const VP_HOLDER = folder('vp/holder', 'Decision 0014', {
  'by-another-key': {
    why: 'Whoever found the credential signs in the holder’s name.',
    input: vp([held], {}, {}, otherHolder),
    challenge,
    expect: NOT_PROVEN,
    checks: PASSED,
  },
  'subject-another': {
    why: 'A credential of somebody else, shown by its finder under the finder’s own name.',
    input: vp([ofAnother]),
    challenge,
    expect: NOT_PROVEN,
    checks: PASSED,
  },
  'subject-nobody': {
    why: 'A credential that is bound to nobody proves no holder.',
    input: vp([vc(plain)]),
    challenge,
    expect: NOT_PROVEN,
  },
  'kid-of-another': {
    why: 'The holder signs, and the kid names somebody else’s key.',
    input: vp([held], {}, { kid: `${OTHER_HOLDER}#0` }),
    challenge,
    expect: NOT_PROVEN,
  },
  'kid-of-another-who-signed': {
    why: 'The kid names the key that signed, which is not the holder’s.',
    input: vp([held], {}, { kid: `${OTHER_HOLDER}#0` }, otherHolder),
    challenge,
    expect: NOT_PROVEN,
  },
  'kid-of-another-fragment': {
    why: 'A did:jwk has one key, and it is #0.',
    section: 'did:jwk, "Create"',
    input: vp([held], {}, { kid: `${HOLDER}#1` }),
    challenge,
    expect: NOT_PROVEN,
  },
  'kid-without-fragment': {
    why: 'A DID that names no key.',
    input: vp([held], {}, { kid: HOLDER }),
    challenge,
    expect: NOT_PROVEN,
  },
  'holder-missing': {
    why: 'A presentation by nobody.',
    input: vp([held], { holder: undefined }),
    challenge,
    expect: NOT_PROVEN,
  },
  'holder-as-object': {
    why: 'The holder may be an object with an id.',
    section: 'VCDM 2.0 §4.13',
    input: vp([held], { holder: { id: HOLDER } }),
    challenge,
    expect: VALID,
  },
  'did-respelled': {
    why: 'The right key in a did:jwk with its members in another order: one key has one DID.',
    input: vpOf(respelled),
    challenge,
    expect: NOT_PROVEN,
  },
  'did-key': {
    why: 'The right key as a did:key, which a holder may be as well.',
    input: vpOf(didKey, `${didKey}#${didKey.slice('did:key:'.length)}`),
    challenge,
    expect: VALID,
  },
  'did-of-another-method': {
    why: 'A did:web whose key nobody may fetch: that would tell its host who is being looked at.',
    input: vpOf('did:web:holder.example', 'did:web:holder.example#key'),
    challenge,
    expect: NOT_PROVEN,
  },
  'did-off-the-curve': {
    why: 'A did:jwk whose coordinates are no point of P-256.',
    section: 'RFC 8725 §3.4',
    input: vpOf(offCurve),
    challenge,
    expect: NOT_PROVEN,
  },
});

export const VP_INSIDE = folder('vp/inside', 'Decision 0014', {
  expired: {
    why: 'A proved holder of an expired credential.',
    input: vp([expired]),
    challenge,
    expect: EXPIRED,
  },
  revoked: {
    why: 'A revoked credential inside, which libraries do not look at.',
    input: vp([heldVc({ credentialStatus: statusEntry(bits, 9) }, { key: bits })]),
    challenge,
    expect: 'rejected: REVOKED',
  },
  'of-a-stranger': {
    why: 'A credential that the holder made at home.',
    input: vp([heldVc({}, { key: stranger })]),
    challenge,
    expect: 'rejected: ISSUER_UNKNOWN',
    checks: { signature: 'not-run' },
  },
  forged: {
    why: 'A stranger signs the credential under the kid of a trusted key.',
    input: vp([heldVc({}, { key: { ...stranger, kid: plain.kid } })]),
    challenge,
    expect: 'rejected: SIGNATURE_INVALID',
  },
  'two-one-expired': {
    why: 'One answer each: the bad one does not take the good one with it, nor the good one the bad.',
    input: vp([expired, held]),
    challenge,
    expect: [EXPIRED, VALID],
  },
  'two-one-of-another': {
    why: 'Somebody else’s credential beside the holder’s own.',
    input: vp([held, ofAnother]),
    challenge,
    expect: [VALID, NOT_PROVEN],
  },
  'two-one-broken': {
    why: 'A credential that cannot be read does not take the other with it.',
    input: vp(['no credential', held]),
    challenge,
    expect: [MALFORMED, VALID],
  },
  presentation: {
    why: 'A presentation inside another is not opened.',
    input: vp([vp([held])]),
    challenge,
    expect: UNSUPPORTED,
  },
  'media-type-other': {
    why: 'A credential secured in a way that is not read here.',
    section: 'VCDM 2.0 §4.13.1',
    input: vp([], { verifiableCredential: [envelope(held, 'application/vc+sd-jwt')] }),
    challenge,
    expect: UNSUPPORTED,
  },
});
