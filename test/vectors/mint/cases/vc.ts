import { DID, FORMER_STATUS_BASE, HEALTH_CARD, PASS_SUBJECT, RECORD, recordOf } from '../cards.ts';
import { base64url, cardHeader, compactJws, deflate, partsOf } from '../jws.ts';
import { DAY, ISSUED, NOW, WINDOW_UNTIL } from '../moments.ts';
import { derOf, twinOf } from '../p256.ts';
import { issOf, KEYS, LIST_BITS, PORTED_ISS } from '../trust.ts';
import {
  CONTEXT,
  dateTime,
  legacyPayload,
  LEGACY_CONTEXT,
  statusEntry,
  tokenOf,
  vc,
  vcHeader,
  vcPassMembers,
  vcPayload,
} from '../vc.ts';
import type { VectorKey } from '../p256.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const { bits } = KEYS;
const MALFORMED = 'unreadable: MALFORMED';
const UNSUPPORTED = 'unreadable: UNSUPPORTED_FORMAT';
const VALID = 'accepted: VALID';
const UNKNOWN = 'rejected: ISSUER_UNKNOWN';
const PORTED_DID = 'did:web:ported.example%3A8443:a%2Bb:%7Ec';
const DID_KEY = 'did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu';

const good = vc(key);
const [header, payload, signature] = partsOf(good);
const signatureBytes = Buffer.from(signature, 'base64url');
const json = JSON.stringify(vcPayload());
const withText = (text: string): string => tokenOf(key, text, vcHeader(key));
const withoutKid = { kid: key.kid };

/** The VC of an issuer that is in that state. */
function ofIssuer(state: string, signer: VectorKey, members: object = {}): string {
  const did = `did:web:${issOf(state).slice('https://'.length)}`;
  return vc(signer, { issuer: did, ...members }, { kid: `${did}#${signer.kid}` });
}

export const VC_HEADER = folder('vc/header', 'VC-JOSE-COSE §3.1', {
  'typ-vc-jwt': { why: 'A record as a vc+jwt.', input: good, expect: VALID },
  'typ-media-type': {
    why: 'The whole media type, in other case, is the same typ.',
    section: 'RFC 7515 §4.1.9',
    input: vc(key, {}, { typ: 'application/VC+JWT' }),
    expect: VALID,
  },
  'typ-other': {
    why: 'A token of another kind, signed with an issuer’s key.',
    section: 'RFC 8725 §3.11',
    input: vc(key, {}, { typ: 'at+jwt' }),
    expect: UNSUPPORTED,
  },
  'typ-jwt': {
    why: 'typ JWT announces VCDM 1.1, and there is none.',
    input: vc(key, {}, { typ: 'JWT' }),
    expect: MALFORMED,
  },
  'cty-vc': {
    why: 'The content type that the standard gives.',
    input: vc(key, {}, { cty: 'vc' }),
    expect: VALID,
  },
  'cty-other': {
    why: 'A token inside the token.',
    section: 'RFC 8725 §3.11',
    input: vc(key, {}, { cty: 'JWT' }),
    expect: UNSUPPORTED,
  },
  'alg-none': {
    why: 'A VC that says it is unsigned.',
    section: 'RFC 8725 §3.1',
    input: vc(key, {}, { alg: 'none' }),
    expect: UNSUPPORTED,
  },
  crit: {
    why: 'Extensions that must be understood are not.',
    section: 'RFC 7515 §4.1.11',
    input: vc(key, {}, { crit: ['exp'], exp: 1 }),
    expect: UNSUPPORTED,
  },
  jwk: {
    why: 'The VC brings the key that it is to be verified with.',
    section: 'RFC 7515 §4.1.3',
    input: vc(key, {}, { jwk: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y } }),
    expect: UNSUPPORTED,
  },
  'iss-in-header': {
    why: 'A claim repeated in the header is no business of the header’s.',
    input: vc(key, {}, { iss: 'https://evil.example' }),
    expect: VALID,
  },
  zip: {
    why: 'A VC is never compressed: zip is RFC 7516’s.',
    input: compactJws({ key, header: vcHeader(key, { zip: 'DEF' }), payload: deflate(json) }),
    expect: MALFORMED,
  },
  'kid-without-did': {
    why: 'A bare thumbprint is a card’s kid, and a card is compressed.',
    input: vc(key, {}, withoutKid),
    expect: MALFORMED,
  },
  'kid-without-fragment': {
    why: 'A DID that names no key.',
    input: vc(key, {}, { kid: `${DID}#` }),
    expect: MALFORMED,
  },
  'kid-relative': {
    why: 'A fragment of no DID.',
    input: vc(key, {}, { kid: `#${key.kid}` }),
    expect: MALFORMED,
  },
  'kid-two-fragments': {
    why: 'Which of the two names the key?',
    input: vc(key, {}, { kid: `${DID}#${KEYS.second.kid}#${key.kid}` }),
    expect: MALFORMED,
  },
  'kid-of-did-key': {
    why: 'An issuer is a did:web; a did:key vouches for itself.',
    input: vc(key, { issuer: DID_KEY }, { kid: `${DID_KEY}#${key.kid}` }),
    expect: UNSUPPORTED,
  },
  'kid-with-query': {
    why: 'A DID URL with a query is another spelling.',
    input: vc(key, {}, { kid: `${DID}?versionId=1#${key.kid}` }),
    expect: MALFORMED,
  },
  'under-a-card-scheme': {
    why: 'A QR code of a health card that holds a VC.',
    input: { text: good, scheme: 'shc' },
    expect: MALFORMED,
  },
});

export const VC_TRUST = folder('vc/trust', 'Verification order, (did, kid)', {
  'of-a-stranger': {
    why: 'A VC that somebody made at home, in a trusted issuer’s name.',
    input: vc(KEYS.stranger),
    expect: UNKNOWN,
    checks: { signature: 'not-run' },
  },
  'kid-of-another-did': {
    why: 'The verification method is in another DID than the issuer.',
    input: vc(key, {}, { kid: `did:web:evil.example#${key.kid}` }),
    expect: UNKNOWN,
    checks: { signature: 'passed', issuer: 'failed' },
  },
  'issuer-of-another-did': {
    why: 'The issuer is another than the DID of the verification method.',
    input: vc(key, { issuer: 'did:web:second.example' }),
    expect: UNKNOWN,
    checks: { signature: 'passed', issuer: 'failed' },
  },
  'both-of-another-did': {
    why: 'Another accredited issuer’s DID, twice, and this one’s key.',
    input: vc(key, { issuer: 'did:web:second.example' }, { kid: `did:web:second.example#${key.kid}` }),
    expect: UNKNOWN,
    checks: { signature: 'passed', issuer: 'failed' },
  },
  'did-of-a-self-made-host': {
    why: 'A trusted DID that goes on: issuer.example:pratique:evil.',
    input: vc(key, { issuer: `${DID}:evil` }, { kid: `${DID}:evil#${key.kid}` }),
    expect: UNKNOWN,
  },
  'did-with-port-and-path': {
    why: 'The DID of an issuer at a port, with + and ~ in its path.',
    input: vc(KEYS.ported, { issuer: PORTED_DID }, { kid: `${PORTED_DID}#${KEYS.ported.kid}` }),
    expect: VALID,
  },
  'did-in-another-spelling': {
    why: 'One issuer has one DID: %3a for %3A is another text.',
    input: vc(
      KEYS.ported,
      { issuer: PORTED_DID.replace('%3A', '%3a') },
      { kid: `${PORTED_DID.replace('%3A', '%3a')}#${KEYS.ported.kid}` },
    ),
    expect: MALFORMED,
  },
  'did-with-dot-segment': {
    why: 'A path that a URL parser would resolve to the trusted one.',
    input: vc(
      key,
      { issuer: 'did:web:issuer.example:x:..:pratique' },
      { kid: `did:web:issuer.example:x:..:pratique#${key.kid}` },
    ),
    expect: MALFORMED,
  },
  'url-for-did': {
    why: 'An issuer named by its URL is no DID.',
    input: vc(KEYS.ported, { issuer: PORTED_ISS }, { kid: `${PORTED_DID}#${KEYS.ported.kid}` }),
    expect: MALFORMED,
  },
  'compromised-under-the-other-issuer': {
    why: 'The same key under the issuer that reported it stolen.',
    input: vc(
      KEYS.twoIssuers,
      { issuer: 'did:web:second.example' },
      { kid: `did:web:second.example#${KEYS.twoIssuers.kid}` },
    ),
    expect: 'rejected: KEY_COMPROMISED',
  },
  suspended: {
    why: 'A suspended issuer’s VC.',
    input: ofIssuer('suspended', KEYS.ofSuspended),
    expect: 'rejected: ISSUER_SUSPENDED',
  },
  withdrawn: {
    why: 'A withdrawn issuer’s VC.',
    input: ofIssuer('withdrawn', KEYS.ofWithdrawn),
    expect: 'rejected: ISSUER_WITHDRAWN',
  },
  'retired-at': {
    why: 'A VC from the moment of its issuer’s retirement.',
    input: ofIssuer('retired', KEYS.ofRetired, { validFrom: dateTime(WINDOW_UNTIL) }),
    expect: 'rejected: ISSUER_NOT_ACCREDITED_AT_ISSUANCE',
  },
  'key-window-over': {
    why: 'A VC from after the key’s window.',
    input: vc(KEYS.windowed),
    expect: 'rejected: KEY_NOT_VALID_AT_ISSUANCE',
  },
});

export const VC_SIGNATURE = folder('vc/signature', 'RFC 7518 §3.4', {
  twin: {
    why: 'The other of the two signatures that are equally good.',
    input: `${header}.${payload}.${base64url(twinOf(signatureBytes))}`,
    expect: VALID,
  },
  der: {
    why: 'The ASN.1 form.',
    input: `${header}.${payload}.${base64url(derOf(signatureBytes))}`,
    expect: MALFORMED,
  },
  'by-another-key': {
    why: 'A stranger signs under the kid of a trusted key.',
    input: vc({ ...KEYS.stranger, kid: key.kid }),
    expect: 'rejected: SIGNATURE_INVALID',
  },
  'payload-replaced': {
    why: 'A good signature, of another credential.',
    input: `${header}.${base64url(JSON.stringify(vcPayload({ id: 'urn:x' })))}.${signature}`,
    expect: 'rejected: SIGNATURE_INVALID',
  },
  'payload-respelled': {
    why: 'The same credential in other bytes.',
    input: `${header}.${base64url(JSON.stringify(vcPayload(), null, 1))}.${signature}`,
    expect: 'rejected: SIGNATURE_INVALID',
  },
  padding: { why: 'A padded signature is a second text of the VC.', input: `${good}==`, expect: MALFORMED },
});

export const VC_PAYLOAD = folder('vc/payload', 'VCDM 2.0 §4', {
  pass: { why: 'A Pass as a vc+jwt.', input: vc(bits, vcPassMembers(bits)), expect: VALID },
  'pass-without-status': {
    why: 'A Pass that could not be revoked.',
    input: vc(bits, { ...vcPassMembers(bits), credentialStatus: undefined }),
    expect: MALFORMED,
  },
  'pass-without-end': {
    why: 'A Pass without an end.',
    input: vc(bits, { ...vcPassMembers(bits), validUntil: undefined }),
    expect: MALFORMED,
  },
  'pass-with-clinical-data': {
    why: 'A Pass says nothing clinical.',
    input: vc(bits, { ...vcPassMembers(bits), credentialSubject: { ...PASS_SUBJECT, ...RECORD } }),
    expect: MALFORMED,
  },
  'context-missing': {
    why: 'Without the base context it is of no data model.',
    section: 'VCDM 2.0 §4.3',
    input: vc(key, { '@context': undefined }),
    expect: MALFORMED,
  },
  'context-of-1.1': {
    why: 'The other version’s context in this version’s form.',
    section: 'VCDM 2.0 §4.3',
    input: vc(key, { '@context': [LEGACY_CONTEXT] }),
    expect: MALFORMED,
  },
  'context-second': {
    why: 'The base context must stand first: what stands before could redefine it.',
    section: 'VCDM 2.0 §4.3',
    input: vc(key, { '@context': ['https://evil.example/context', CONTEXT] }),
    expect: MALFORMED,
  },
  'context-text': {
    why: 'A list, even of one.',
    section: 'VCDM 2.0 §4.3',
    input: vc(key, { '@context': CONTEXT }),
    expect: MALFORMED,
  },
  'type-not-a-credential': {
    why: 'It does not say that it is a credential.',
    section: 'VCDM 2.0 §4.5',
    input: vc(key, { type: [HEALTH_CARD] }),
    expect: MALFORMED,
  },
  'type-of-nothing-known': {
    why: 'A credential of another kind, signed with a card issuer’s key.',
    section: 'VCDM 2.0 §4.5',
    input: vc(key, { type: ['VerifiableCredential', 'UniversityDegree'] }),
    expect: MALFORMED,
  },
  'issuer-object': {
    why: 'An issuer may be an object with an id.',
    section: 'VCDM 2.0 §4.7',
    input: vc(key, { issuer: { id: DID, name: 'Whatever it likes to call itself' } }),
    expect: VALID,
  },
  'issuer-missing': {
    why: 'No issuer.',
    section: 'VCDM 2.0 §4.7',
    input: vc(key, { issuer: undefined }),
    expect: MALFORMED,
  },
  'subject-list': {
    why: 'A credential about several subjects: which is to be compared?',
    section: 'VCDM 2.0 §4.8',
    input: vc(key, { credentialSubject: [RECORD] }),
    expect: MALFORMED,
  },
  'subject-unnamed': {
    why: 'A record of nobody.',
    input: vc(key, { credentialSubject: recordOf({ resourceType: 'Observation' }) }),
    expect: 'undetermined: SUBJECT_UNNAMED',
  },
  'vc-claim': {
    why: 'A credential of the older form inside: two readers read two credentials.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { vc: { type: ['VerifiableCredential'] } }),
    expect: MALFORMED,
  },
  'vp-claim': {
    why: 'A presentation of the older form inside.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { vp: { type: ['VerifiablePresentation'] } }),
    expect: MALFORMED,
  },
  'sub-contradicts': {
    why: 'Two subjects.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { sub: 'did:example:1', credentialSubject: { ...RECORD, id: 'did:example:2' } }),
    expect: MALFORMED,
  },
  'jti-contradicts': {
    why: 'Two names of the credential: it could be revoked under the one and shown under the other.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { id: 'urn:uuid:1', jti: 'urn:uuid:2' }),
    expect: MALFORMED,
  },
  'iss-agrees': {
    why: 'A registered claim that says the same.',
    input: vc(key, { iss: DID }),
    expect: VALID,
  },
  'iss-contradicts': {
    why: 'A registered claim that says another issuer.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { iss: 'did:web:second.example' }),
    expect: MALFORMED,
  },
  'exp-contradicts': {
    why: 'A JWT library reads one end, a VC library another.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { validUntil: dateTime(NOW - 1), exp: NOW + DAY }),
    expect: MALFORMED,
  },
  'exp-without-valid-until': {
    why: 'An end that only a JWT library reads.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { exp: NOW - 1 }),
    expect: MALFORMED,
  },
  'nbf-contradicts': {
    why: 'Two moments of issuance.',
    section: 'VC-JOSE-COSE §3.1.1',
    input: vc(key, { nbf: ISSUED - 1 }),
    expect: MALFORMED,
  },
  'duplicate-member': {
    why: 'Two readers take two issuers from it.',
    section: 'RFC 8259 §4',
    input: withText(json.replace('{', '{"issuer":"did:web:second.example",')),
    expect: MALFORMED,
  },
  'depth-33': {
    why: 'One level too deep.',
    section: 'Limits: 32 levels',
    input: withText(json.replace('{', `{"x":${'['.repeat(32)}${']'.repeat(32)},`)),
    expect: MALFORMED,
  },
  '262144-bytes': {
    why: 'The most that a VC may be.',
    section: 'Limits: 256 KiB a card',
    input: withText(json.padEnd(262_144, ' ')),
    expect: VALID,
  },
  '262145-bytes': {
    why: 'One byte more.',
    section: 'Limits: 256 KiB a card',
    input: withText(json.padEnd(262_145, ' ')),
    expect: 'unreadable: TOO_LARGE',
  },
  'card-payload': {
    why: 'A health card’s payload under a VC’s header.',
    input: tokenOf(
      key,
      { iss: DID, nbf: ISSUED, vc: { type: [HEALTH_CARD], credentialSubject: RECORD } },
      vcHeader(key),
    ),
    expect: MALFORMED,
  },
  'under-a-card-header': {
    why: 'A VC’s payload under a health card’s header.',
    input: compactJws({ key, header: cardHeader(key), payload: deflate(json) }),
    expect: MALFORMED,
  },
  'of-1.1': {
    why: 'A credential of the older form under the newer’s typ.',
    input: tokenOf(key, legacyPayload(), vcHeader(key)),
    expect: MALFORMED,
  },
});

export const VC_VALIDITY = folder('vc/validity', 'VCDM 2.0 §4.9', {
  'until-now': {
    why: 'In its last second it is good.',
    input: vc(key, { validUntil: dateTime(NOW) }),
    expect: VALID,
  },
  'until-a-second-ago': {
    why: 'No leeway for the end.',
    input: vc(key, { validUntil: dateTime(NOW - 1) }),
    expect: 'rejected: EXPIRED',
  },
  'until-a-fraction-ago': {
    why: 'Fractions of a second count.',
    input: vc(key, { validUntil: dateTime(NOW - 1).replace('Z', '.999Z') }),
    expect: 'rejected: EXPIRED',
  },
  'from-60-seconds-ahead': {
    why: 'The issuer’s clock may be ahead of ours by a minute.',
    input: vc(key, { validFrom: dateTime(NOW + 60) }),
    expect: VALID,
  },
  'from-61-seconds-ahead': {
    why: 'A second more.',
    input: vc(key, { validFrom: dateTime(NOW + 61) }),
    expect: 'rejected: NOT_YET_VALID',
  },
  'until-now-with-offset': {
    why: 'The same moment in another zone.',
    input: vc(key, { validUntil: atOffset(NOW, -480, '-08:00') }),
    expect: VALID,
  },
  'until-a-second-ago-with-offset': {
    why: 'A second ago, in a zone where the day is further on.',
    input: vc(key, { validUntil: atOffset(NOW - 1, 330, '+05:30') }),
    expect: 'rejected: EXPIRED',
  },
  'from-without-zone': {
    why: 'A time without a zone is fourteen hours wide.',
    input: vc(key, { validFrom: dateTime(ISSUED).replace('Z', '') }),
    expect: MALFORMED,
  },
  'from-a-date': {
    why: 'A day is not a moment.',
    input: vc(key, { validFrom: '2026-05-27' }),
    expect: MALFORMED,
  },
  'from-a-day-that-is-none': {
    why: 'No 31st of April.',
    input: vc(key, { validFrom: '2026-04-31T00:00:00Z' }),
    expect: MALFORMED,
  },
  'from-missing': {
    why: 'No moment of issuance: key windows rest on it.',
    input: vc(key, { validFrom: undefined }),
    expect: MALFORMED,
  },
  'from-number': {
    why: 'A moment is a text here.',
    input: vc(key, { validFrom: ISSUED }),
    expect: MALFORMED,
  },
  'until-null': {
    why: 'null must not become "no end".',
    input: vc(key, { validUntil: null }),
    expect: MALFORMED,
  },
});

function atOffset(seconds: number, minutes: number, zone: string): string {
  return dateTime(seconds + minutes * 60).replace('Z', zone);
}

const withStatus = (credentialStatus: unknown, signer: VectorKey = bits): string =>
  vc(signer, { credentialStatus });
const entry = (index: number, members: object = {}): object => statusEntry(bits, index, members);

export const VC_STATUS = folder('vc/status', 'W3C Bitstring Status List §2.1', {
  good: {
    why: 'A bit that is off.',
    input: withStatus(entry(0)),
    expect: VALID,
    checks: { status: 'passed' },
  },
  revoked: { why: 'A bit that is on.', input: withStatus(entry(9)), expect: 'rejected: REVOKED' },
  beyond: {
    why: 'Beyond the anchored length: ours is the older list.',
    input: withStatus(entry(LIST_BITS)),
    expect: 'undetermined: STATUS_STALE',
  },
  missing: {
    why: 'Under a key with a status list a VC must name its place.',
    input: vc(bits),
    expect: MALFORMED,
  },
  'list-of-another-key': {
    why: 'A place in the list of another key, where the bit is off.',
    input: withStatus(statusEntry(KEYS.bitsOfOtherRoot, 9)),
    expect: MALFORMED,
  },
  'list-at-a-former-place': {
    why: 'The issuer publishes its lists elsewhere by now; the VC names where this one was.',
    input: withStatus(entry(0, { statusListCredential: `${FORMER_STATUS_BASE}/status/${bits.kid}` })),
    expect: VALID,
  },
  'list-at-a-former-place-revoked': {
    why: 'The list has moved, the bit is on.',
    input: withStatus(entry(9, { statusListCredential: `${FORMER_STATUS_BASE}/status/${bits.kid}` })),
    expect: 'rejected: REVOKED',
  },
  'list-elsewhere': {
    why: 'A list that the holder chose.',
    input: withStatus(entry(9, { statusListCredential: `https://evil.example/status/${bits.kid}` })),
    expect: MALFORMED,
  },
  'under-a-key-without-list': {
    why: 'A VC that names a list must be found in it; none is held for this key.',
    input: withStatus(statusEntry(key, 0), key),
    expect: 'undetermined: STATUS_MISSING',
  },
  'under-a-key-with-rids': {
    why: 'A place in a list of bits, where the key revokes by rids.',
    input: withStatus(statusEntry(KEYS.rids, 0), KEYS.rids),
    expect: 'undetermined: STATUS_MISSING',
  },
  several: {
    why: 'Several statuses: one that is not checked must not pass as unrevoked.',
    input: withStatus([entry(0), entry(9)]),
    expect: MALFORMED,
  },
  'of-another-type': {
    why: 'A status of a kind that is not read here.',
    input: withStatus(entry(0, { type: 'StatusList2021Entry' })),
    expect: MALFORMED,
  },
  'of-another-purpose': {
    why: 'A suspension is not looked up.',
    input: withStatus(entry(0, { statusPurpose: 'suspension' })),
    expect: MALFORMED,
  },
  'size-2': {
    why: 'Two bits a status would shift every index.',
    input: withStatus(entry(0, { statusSize: 2 })),
    expect: MALFORMED,
  },
  'size-1': {
    why: 'One bit a status is what it is without saying so.',
    input: withStatus(entry(0, { statusSize: 1 })),
    expect: VALID,
  },
  'index-number': {
    why: 'The index is a text.',
    input: withStatus(entry(0, { statusListIndex: 0 })),
    expect: MALFORMED,
  },
  'index-leading-zero': {
    why: 'One index, one text.',
    input: withStatus(entry(0, { statusListIndex: '09' })),
    expect: MALFORMED,
  },
  'index-negative': {
    why: 'No bit before the first.',
    input: withStatus(entry(0, { statusListIndex: '-1' })),
    expect: MALFORMED,
  },
  'index-2-to-the-32': {
    why: 'An index has four bytes.',
    input: withStatus(entry(2 ** 32)),
    expect: MALFORMED,
  },
  null: { why: 'null must not become "no status".', input: withStatus(null), expect: MALFORMED },
});
