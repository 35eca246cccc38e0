import { card } from '../cards.ts';
import { NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { CONTEXT, legacyPayload, statusEntry, tokenOf } from '../vc.ts';
import { folder } from '../vector.ts';
import { CHALLENGE, heldLegacyVc, heldVc, HOLDER, legacyVp, OTHER_HOLDER, vp, vpHeader } from '../vp.ts';

const MALFORMED = 'unreadable: MALFORMED';
const UNSUPPORTED = 'unreadable: UNSUPPORTED_FORMAT';
const VALID = 'accepted: VALID';
const NOT_PROVEN = 'rejected: HOLDER_NOT_PROVEN';
const EXPIRED = 'rejected: EXPIRED';

const challenge = CHALLENGE;
const { bits, otherHolder, plain } = KEYS;
const held = heldLegacyVc();
const expired = heldLegacyVc({ exp: NOW - 1 });

export const LEGACY_VP = folder('vp-1.1', 'VCDM 1.1 §6.3.1', {
  met: {
    why: 'The holder signed what the verifier asked.',
    input: legacyVp([held]),
    challenge,
    expect: VALID,
  },
  none: { why: 'Nothing was asked.', section: 'Decision 0014', input: legacyVp([held]), expect: NOT_PROVEN },
  'nonce-other': {
    why: 'The answer to another question: a replay.',
    section: 'Decision 0014',
    input: legacyVp([held], { nonce: 'YXNrZWQgeWVzdGVyZGF5Lg' }),
    challenge,
    expect: NOT_PROVEN,
  },
  'audience-other': {
    why: 'An answer given to another venue, which passes it on.',
    section: 'Decision 0014',
    input: legacyVp([held], { aud: 'https://evil.example' }),
    challenge,
    expect: NOT_PROVEN,
  },
  'iat-61-seconds-ago': {
    why: 'A second older than the oldest answer that is taken.',
    section: 'Decision 0014',
    input: legacyVp([held], { iat: NOW - 61 }),
    challenge,
    expect: NOT_PROVEN,
  },
  'by-another-key': {
    why: 'Whoever found the credential signs in the holder’s name.',
    section: 'Decision 0014',
    input: legacyVp([held], {}, otherHolder),
    challenge,
    expect: NOT_PROVEN,
  },
  'subject-another': {
    why: 'A credential of somebody else, which did-jwt-vc takes.',
    section: 'Decision 0014',
    input: legacyVp([heldLegacyVc({ sub: OTHER_HOLDER })]),
    challenge,
    expect: NOT_PROVEN,
  },
  'health-card': {
    why: 'A health card is bound to nobody, inside a presentation too.',
    section: 'Decision 0014',
    input: legacyVp([card(plain)]),
    challenge,
    expect: NOT_PROVEN,
  },
  'vc-of-2.0': {
    why: 'A credential is a JWT, of either version.',
    section: 'Decision 0014',
    input: legacyVp([heldVc()]),
    challenge,
    expect: VALID,
  },
  revoked: {
    why: 'A revoked credential inside, which Veramo 7 does not look at.',
    section: 'Decision 0014',
    input: legacyVp([heldLegacyVc({}, { key: bits, inner: { credentialStatus: statusEntry(bits, 9) } })]),
    challenge,
    expect: 'rejected: REVOKED',
  },
  'two-one-expired': {
    why: 'One answer each.',
    section: 'Decision 0014',
    input: legacyVp([held, expired]),
    challenge,
    expect: [VALID, EXPIRED],
  },
  'no-credentials': { why: 'A list of nothing.', input: legacyVp([]), expect: MALFORMED },
  '11-credentials': {
    why: 'One more than are read.',
    input: legacyVp(Array.from({ length: 11 }, () => held)),
    expect: MALFORMED,
  },
  presentation: {
    why: 'A presentation inside another is not opened.',
    section: 'Decision 0014',
    input: legacyVp([legacyVp([held])]),
    challenge,
    expect: UNSUPPORTED,
  },
  'presentation-of-2.0': {
    why: 'Nor is one of the other version.',
    section: 'Decision 0014',
    input: legacyVp([vp([heldVc()])]),
    challenge,
    expect: UNSUPPORTED,
  },
  'context-of-2.0': {
    why: 'The other version’s context in this version’s form.',
    input: legacyVp([held], {
      vp: { '@context': [CONTEXT], type: ['VerifiablePresentation'], verifiableCredential: [held] },
    }),
    expect: MALFORMED,
  },
  'credential-signed-by-its-holder': {
    why: 'A credential that somebody issued to himself, under a DID that vouches for itself.',
    section: 'Decision 0014',
    input: tokenOf(KEYS.holder, legacyPayload({ iss: HOLDER, sub: HOLDER }), vpHeader({ typ: 'JWT' })),
    expect: UNSUPPORTED,
  },
});
