import { DID, PASS, PASS_SUBJECT, RECORD } from '../cards.ts';
import { DAY, ISSUED, NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { CONTEXT, dateTime, legacyPayload, legacyVc, statusEntry, tokenOf, vcHeader } from '../vc.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const { bits } = KEYS;
const MALFORMED = 'unreadable: MALFORMED';
const VALID = 'accepted: VALID';

const passInner = {
  type: ['VerifiableCredential', PASS],
  credentialSubject: PASS_SUBJECT,
  credentialStatus: statusEntry(bits, 0),
};

export const LEGACY_VC = folder('vc-1.1', 'VCDM 1.1 §6.3.1', {
  'typ-jwt': { why: 'A record as a VCDM 1.1 JWT.', input: legacyVc(key), expect: VALID },
  'typ-missing': {
    why: 'typ may be left out.',
    input: legacyVc(key, {}, {}, { typ: undefined }),
    expect: VALID,
  },
  'cty-jwt': {
    why: 'A token inside the token.',
    section: 'RFC 8725 §3.11',
    input: legacyVc(key, {}, {}, { cty: 'JWT' }),
    expect: 'unreadable: UNSUPPORTED_FORMAT',
  },
  pass: {
    why: 'A Pass as a VCDM 1.1 JWT.',
    input: legacyVc(bits, { exp: NOW + DAY }, passInner),
    expect: VALID,
  },
  'pass-without-end': {
    why: 'A Pass without an end.',
    input: legacyVc(bits, {}, passInner),
    expect: MALFORMED,
  },
  'vc-missing': {
    why: 'A JWT of another kind, signed with an issuer’s key.',
    input: legacyVc(key, { vc: undefined }),
    expect: MALFORMED,
  },
  'vp-beside-vc': {
    why: 'A credential that is a presentation as well.',
    input: legacyVc(key, { vp: { type: ['VerifiablePresentation'] } }),
    expect: MALFORMED,
  },
  'context-of-2.0': {
    why: 'The other version’s context in this version’s form.',
    input: legacyVc(key, {}, { '@context': [CONTEXT] }),
    expect: MALFORMED,
  },
  'exp-now': { why: 'In its last second it is good.', input: legacyVc(key, { exp: NOW }), expect: VALID },
  'exp-a-second-ago': {
    why: 'No leeway for the end, where did-jwt has 300 seconds.',
    input: legacyVc(key, { exp: NOW - 1 }),
    expect: 'rejected: EXPIRED',
  },
  'nbf-60-seconds-ahead': {
    why: 'The issuer’s clock may be ahead of ours by a minute.',
    input: legacyVc(key, { nbf: NOW + 60 }),
    expect: VALID,
  },
  'nbf-61-seconds-ahead': {
    why: 'A second more, where did-jwt has 300.',
    input: legacyVc(key, { nbf: NOW + 61 }),
    expect: 'rejected: NOT_YET_VALID',
  },
  'nbf-missing': {
    why: 'No moment of issuance.',
    input: legacyVc(key, { nbf: undefined }),
    expect: MALFORMED,
  },
  'nbf-milliseconds': {
    why: 'Milliseconds by mistake.',
    input: legacyVc(key, { nbf: ISSUED * 1000 }),
    expect: MALFORMED,
  },
  'issuance-date-contradicts': {
    why: 'Two moments of issuance.',
    input: legacyVc(key, {}, { issuanceDate: dateTime(ISSUED - 1) }),
    expect: MALFORMED,
  },
  'issuance-date-agrees': {
    why: 'The same moment twice.',
    input: legacyVc(key, {}, { issuanceDate: dateTime(ISSUED) }),
    expect: VALID,
  },
  'expiration-date-alone': {
    why: 'An end that only a VC library reads.',
    input: legacyVc(key, {}, { expirationDate: dateTime(NOW - 1) }),
    expect: MALFORMED,
  },
  'issuer-contradicts': {
    why: 'Two issuers.',
    input: legacyVc(key, {}, { issuer: 'did:web:second.example' }),
    expect: MALFORMED,
  },
  'issuer-agrees': {
    why: 'The same issuer twice.',
    input: legacyVc(key, {}, { issuer: DID }),
    expect: VALID,
  },
  'sub-contradicts': {
    why: 'Two subjects.',
    input: legacyVc(key, { sub: 'did:example:1' }, { credentialSubject: { ...RECORD, id: 'did:example:2' } }),
    expect: MALFORMED,
  },
  'jti-contradicts': {
    why: 'Two names of the credential.',
    input: legacyVc(key, { jti: 'urn:uuid:1' }, { id: 'urn:uuid:2' }),
    expect: MALFORMED,
  },
  'iss-of-another-did': {
    why: 'The issuer is another than the DID of the verification method.',
    input: legacyVc(key, { iss: 'did:web:second.example' }),
    expect: 'rejected: ISSUER_UNKNOWN',
  },
  'iss-url': {
    why: 'An issuer named by its URL is no DID.',
    input: legacyVc(key, { iss: 'https://issuer.example/pratique' }),
    expect: MALFORMED,
  },
  revoked: {
    why: 'A revoked VC given as a JWT, which Veramo 7 takes for good.',
    input: legacyVc(bits, {}, { credentialStatus: statusEntry(bits, 9) }),
    expect: 'rejected: REVOKED',
  },
  'by-another-key': {
    why: 'A stranger signs under the kid of a trusted key.',
    input: legacyVc({ ...KEYS.stranger, kid: key.kid }),
    expect: 'rejected: SIGNATURE_INVALID',
  },
  compromised: {
    why: 'A key reported stolen.',
    input: legacyVc(KEYS.compromised),
    expect: 'rejected: KEY_COMPROMISED',
  },
  'duplicate-member': {
    why: 'Two readers take two ends from it.',
    section: 'RFC 8259 §4',
    input: tokenOf(
      key,
      JSON.stringify(legacyPayload()).replace('{', '{"exp":1790000000,"exp":1,'),
      vcHeader(key, { typ: 'JWT' }),
    ),
    expect: MALFORMED,
  },
});
