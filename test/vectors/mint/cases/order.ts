import { card, cardPayload, HEALTH_CARD, recordOf, ridOf } from '../cards.ts';
import { base64url, cardHeader, cardOf, cardOfText, compactJws, deflate, partsOf } from '../jws.ts';
import { NOW, WINDOW_UNTIL } from '../moments.ts';
import { issOf, KEYS, offCurveKey } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const VALID = 'accepted: VALID';

const [header, payload, signature] = partsOf(card(key));
const bytesOf = (payloadBytes: string): string => `${header}.${base64url(payloadBytes)}.${signature}`;

/** Everything that can be wrong at once with a card that can be read. */
const WORST = card(KEYS.worst, { iss: issOf('suspended'), exp: NOW - 1 }, { rid: ridOf(9) });

export const ORDER = folder('order', 'Verification order', {
  'shape-before-header': {
    why: 'Two parts, and an algorithm that is refused: the shape is looked at first.',
    input: `${base64url(JSON.stringify(cardHeader(key, { alg: 'none' })))}.${payload}`,
    expect: 'unreadable: MALFORMED',
  },
  'header-before-trust': {
    why: 'A header that is refused is refused without any trust data.',
    input: cardOf(key, cardPayload(), { alg: 'none' }),
    trust: 'missing',
    expect: 'unreadable: UNSUPPORTED_FORMAT',
  },
  'kid-before-signature': {
    why: 'Nothing is asked of a key that nobody trusts: no signature is verified.',
    input: compactJws({ key: KEYS.stranger, payload: deflate('{}'), signature: () => Buffer.alloc(64) }),
    expect: 'rejected: ISSUER_UNKNOWN',
    checks: { signature: 'not-run', issuer: 'failed' },
  },
  'signature-before-inflating': {
    why: 'Bytes that are not DEFLATE are not looked at unless they are signed.',
    input: bytesOf('not compressed at all'),
    expect: 'rejected: SIGNATURE_INVALID',
    checks: { signature: 'failed', issuer: 'not-run' },
  },
  'inflating-before-json': {
    why: 'What is too large is not parsed, whatever it is.',
    input: cardOfText(key, '['.repeat(262_145)),
    expect: 'unreadable: TOO_LARGE',
  },
  'json-before-issuer': {
    why: 'A payload that cannot be read unambiguously names no issuer.',
    input: cardOfText(key, '{"iss":"https://evil.example","iss":"https://self-made.example"}'),
    expect: 'unreadable: MALFORMED',
  },
  'issuer-before-the-other-checks': {
    why: 'Of an issuer that nobody accredited nothing else is said.',
    input: card(key, { iss: 'https://evil.example', nbf: 0, exp: 1 }),
    expect: 'rejected: ISSUER_UNKNOWN',
    checks: { signature: 'passed', issuer: 'failed', key: 'not-run', validity: 'not-run', status: 'not-run' },
  },
  'all-the-other-checks': {
    why: 'The first failure does not hide the others.',
    input: WORST,
    expect: 'rejected: ISSUER_SUSPENDED, KEY_COMPROMISED, KEY_NOT_VALID_AT_ISSUANCE, EXPIRED, REVOKED',
    checks: { signature: 'passed', issuer: 'failed', key: 'failed', validity: 'failed', status: 'failed' },
  },
  'all-passed': {
    why: 'A good card, every check named.',
    input: card(KEYS.bits, { exp: NOW }, { rid: ridOf(0) }),
    expect: VALID,
    checks: {
      signature: 'passed',
      issuer: 'passed',
      key: 'passed',
      validity: 'passed',
      status: 'passed',
      rules: 'not-asked',
    },
  },
});

const unnamed = { credentialSubject: recordOf({ resourceType: 'Observation' }), type: [HEALTH_CARD] };
const withoutList = (members: object = {}): string => card(KEYS.bitsWithoutList, members, { rid: ridOf(0) });

export const PRECEDENCE = folder('precedence', 'Decision codes, precedence', {
  'expired-over-status-missing': {
    why: 'Newer data cannot undo that a card has expired.',
    input: withoutList({ exp: NOW - 1 }),
    expect: 'rejected: EXPIRED, STATUS_MISSING',
  },
  'status-missing-over-early': {
    why: 'Could not check outranks a rejection that time undoes.',
    input: withoutList({ nbf: NOW + 61 }),
    expect: 'undetermined: NOT_YET_VALID, STATUS_MISSING',
  },
  'status-invalid-over-key-window': {
    why: 'Could not check outranks a rejection that newer data might undo.',
    input: card(KEYS.bitsOfOtherRoot, { nbf: 0 }, { rid: ridOf(0) }),
    expect: 'undetermined: KEY_NOT_VALID_AT_ISSUANCE, STATUS_INVALID',
  },
  'malformed-over-expired': {
    why: 'A card without the rid that its key’s list needs is no card, expired or not.',
    input: card(KEYS.bits, { exp: NOW - 1 }),
    expect: 'unreadable: EXPIRED, MALFORMED',
  },
  'unnamed-and-suspended': {
    why: 'Could not check outranks a suspension.',
    input: card(KEYS.ofSuspended, { iss: issOf('suspended') }, unnamed),
    expect: 'undetermined: ISSUER_SUSPENDED, SUBJECT_UNNAMED',
  },
  'unnamed-and-expired': {
    why: 'An expired card is rejected, whoever it is about.',
    input: card(key, { exp: NOW - 1 }, unnamed),
    expect: 'rejected: EXPIRED, SUBJECT_UNNAMED',
  },
  'unnamed-and-revoked': {
    why: 'A revoked card is rejected, whoever it is about.',
    input: card(KEYS.bits, {}, { ...unnamed, rid: ridOf(9) }),
    expect: 'rejected: REVOKED, SUBJECT_UNNAMED',
  },
  'unnamed-and-compromised': {
    why: 'A stolen key’s card is rejected, whoever it is about.',
    input: card(KEYS.compromised, {}, unnamed),
    expect: 'rejected: KEY_COMPROMISED, SUBJECT_UNNAMED',
  },
  'unnamed-and-withdrawn': {
    why: 'A withdrawn issuer’s card is rejected, whoever it is about.',
    input: card(KEYS.ofWithdrawn, { iss: issOf('withdrawn') }, unnamed),
    expect: 'rejected: ISSUER_WITHDRAWN, SUBJECT_UNNAMED',
  },
  'unnamed-and-of-a-retired-issuer': {
    why: 'Could not check outranks the end of an accreditation.',
    input: card(KEYS.ofRetired, { iss: issOf('retired'), nbf: WINDOW_UNTIL }, unnamed),
    expect: 'undetermined: ISSUER_NOT_ACCREDITED_AT_ISSUANCE, SUBJECT_UNNAMED',
  },
});

export const RULES = folder('rules', 'Decision codes, RULES_UNAVAILABLE', {
  'not-here': {
    why: 'Rules that were asked for and are not here: could not check.',
    input: card(key),
    rules: 'no-such-rules',
    expect: 'undetermined: RULES_UNAVAILABLE',
    checks: { rules: 'undetermined', validity: 'passed' },
  },
  'not-here-and-expired': {
    why: 'No rules make an expired card good.',
    input: card(key, { exp: NOW - 1 }),
    rules: 'no-such-rules',
    expect: 'rejected: EXPIRED, RULES_UNAVAILABLE',
  },
  'not-here-and-early': {
    why: 'Could not check outranks a rejection that time undoes.',
    input: card(key, { nbf: NOW + 61 }),
    rules: 'no-such-rules',
    expect: 'undetermined: NOT_YET_VALID, RULES_UNAVAILABLE',
  },
});

const unanchored = { trust: 'unanchored' } as const;
const allowed = { trust: 'unanchored', allowUnanchored: true } as const;
const forged = card({ ...KEYS.stranger, kid: key.kid });
const revoked = card(KEYS.bits, {}, { rid: ridOf(9) });
const withdrawn = card(KEYS.ofWithdrawn, { iss: issOf('withdrawn') });

export const UNANCHORED = folder('unanchored', 'Decision codes, TRUST_UNANCHORED', {
  good: {
    why: 'Trust data that nobody tied to a chain decide nothing.',
    input: card(key),
    ...unanchored,
    expect: 'undetermined: TRUST_UNANCHORED',
    checks: { signature: 'passed', issuer: 'passed', validity: 'passed' },
  },
  expired: {
    why: 'That a card has expired needs no trust data.',
    input: card(key, { exp: NOW - 1 }),
    ...unanchored,
    expect: 'rejected: EXPIRED, TRUST_UNANCHORED',
  },
  forged: {
    why: 'A bad signature is bad under any data.',
    input: forged,
    ...unanchored,
    expect: 'rejected: SIGNATURE_INVALID, TRUST_UNANCHORED',
  },
  unknown: {
    why: 'Other data may know the issuer.',
    input: card(KEYS.stranger),
    ...unanchored,
    expect: 'undetermined: ISSUER_UNKNOWN, TRUST_UNANCHORED',
  },
  revoked: {
    why: 'Whoever made the data may have invented the revocation.',
    input: revoked,
    ...unanchored,
    expect: 'undetermined: REVOKED, TRUST_UNANCHORED',
  },
  compromised: {
    why: 'Whoever made the data may have invented the theft.',
    input: card(KEYS.compromised),
    ...unanchored,
    expect: 'undetermined: KEY_COMPROMISED, TRUST_UNANCHORED',
  },
  withdrawn: {
    why: 'Whoever made the data may have invented the withdrawal.',
    input: withdrawn,
    ...unanchored,
    expect: 'undetermined: ISSUER_WITHDRAWN, TRUST_UNANCHORED',
  },
  malformed: {
    why: 'What cannot be read cannot be read under any data.',
    input: cardOfText(key, '{}'),
    ...unanchored,
    expect: 'unreadable: MALFORMED',
  },
  allowed: { why: 'The operator allows it, for development.', input: card(key), ...allowed, expect: VALID },
  'allowed-and-revoked': {
    why: 'Allowed data revoke.',
    input: revoked,
    ...allowed,
    expect: 'rejected: REVOKED',
  },
  'allowed-and-revoked-unnamed': {
    why: 'Allowed data revoke beside what could not be checked.',
    input: card(KEYS.bits, {}, { ...unnamed, rid: ridOf(9) }),
    ...allowed,
    expect: 'rejected: REVOKED, SUBJECT_UNNAMED',
  },
  'allowed-without-anchor': {
    why: 'Data without a chain have no anchors: their lists stand as stated.',
    input: card(KEYS.bitsWithoutAnchor, {}, { rid: ridOf(0) }),
    ...allowed,
    expect: VALID,
    checks: { status: 'passed' },
  },
});

export const NO_TRUST = folder('no-trust', 'Decision codes, TRUST_MISSING and TRUST_INVALID', {
  missing: {
    why: 'Without trust data nothing is checked: could not check.',
    input: card(key),
    trust: 'missing',
    expect: 'undetermined: TRUST_MISSING',
    checks: { signature: 'not-run', issuer: 'not-run', validity: 'not-run', status: 'not-run' },
  },
  'missing-and-expired': {
    why: 'No step that reads trust runs, so nobody knows what the card says.',
    input: card(key, { exp: 1 }),
    trust: 'missing',
    expect: 'undetermined: TRUST_MISSING',
  },
  'missing-and-malformed': {
    why: 'What is no card is none without trust data too.',
    input: 'Dear Sir or Madam',
    trust: 'missing',
    expect: 'unreadable: MALFORMED',
  },
  invalid: {
    why: 'Trust data that do not hold are none.',
    input: card(key),
    trust: 'invalid',
    expect: 'undetermined: TRUST_INVALID',
    checks: { signature: 'not-run', validity: 'not-run' },
  },
  'invalid-and-malformed': {
    why: 'What is no card is none under bad trust data too.',
    input: 'Dear Sir or Madam',
    trust: 'invalid',
    expect: 'unreadable: MALFORMED',
  },
  'key-off-the-curve': {
    why: 'A key of the trust data is no point of P-256.',
    input: compactJws({
      key: { ...key, kid: offCurveKey().kid },
      payload: deflate(JSON.stringify(cardPayload())),
    }),
    trust: 'key-off-the-curve',
    expect: 'undetermined: TRUST_INVALID',
  },
  'kid-of-another-key': {
    why: 'A key of the trust data stands under a kid that is not its thumbprint: it would stand in for another.',
    input: compactJws({
      key: { ...key, kid: KEYS.second.kid },
      payload: deflate(JSON.stringify(cardPayload())),
    }),
    trust: 'kid-of-another-key',
    expect: 'undetermined: TRUST_INVALID',
  },
  'another-version': {
    why: 'Trust data of an earlier version do not say who is held: to take them as if nobody were might fail open.',
    input: card(key),
    trust: 'another-version',
    expect: 'undetermined: TRUST_INVALID',
  },
  'retired-without-end': {
    why: 'An issuer that retired and whose accreditation has no end would go on issuing.',
    input: card(key),
    trust: 'retired-without-end',
    expect: 'undetermined: TRUST_INVALID',
  },
  'unknown-member': {
    why: 'The trust data say something that this version does not know: to pass over it might fail open.',
    input: card(key),
    trust: 'unknown-member',
    expect: 'undetermined: TRUST_INVALID',
  },
});
