import { card } from '../cards.ts';
import { DAY, ISSUED, NOW } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const VALID = 'accepted: VALID';
const EXPIRED = 'rejected: EXPIRED';
const EARLY = 'rejected: NOT_YET_VALID';

export const VALIDITY = folder('validity', 'RFC 7519 §4.1.4, §4.1.5', {
  'without-exp': {
    why: 'A record does not expire.',
    input: card(key),
    expect: VALID,
    checks: { validity: 'passed' },
  },
  'exp-now': { why: 'In its last second a card is good.', input: card(key, { exp: NOW }), expect: VALID },
  'exp-a-second-ago': {
    why: 'No leeway for the end.',
    input: card(key, { exp: NOW - 1 }),
    expect: EXPIRED,
    checks: { signature: 'passed', issuer: 'passed', key: 'passed', validity: 'failed' },
  },
  'exp-a-millisecond-ago': {
    why: 'Fractions of a second count.',
    input: card(key, { exp: NOW - 0.001 }),
    expect: EXPIRED,
  },
  'exp-in-half-a-second': {
    why: 'Fractions of a second count.',
    input: card(key, { exp: NOW + 0.5 }),
    expect: VALID,
  },
  'exp-zero': {
    why: '0 is a time, long past, and not "no end".',
    input: card(key, { exp: 0 }),
    expect: EXPIRED,
  },
  'exp-before-nbf': {
    why: 'A card that was never good.',
    input: card(key, { exp: ISSUED - 1 }),
    expect: EXPIRED,
  },
  'nbf-now': { why: 'A card is good from its first second.', input: card(key, { nbf: NOW }), expect: VALID },
  'nbf-60-seconds-ahead': {
    why: 'The issuer’s clock may be ahead of ours by a minute.',
    input: card(key, { nbf: NOW + 60 }),
    expect: VALID,
  },
  'nbf-just-over-60-seconds-ahead': {
    why: 'A millisecond more than the minute.',
    input: card(key, { nbf: NOW + 60.001 }),
    expect: EARLY,
  },
  'nbf-61-seconds-ahead': {
    why: 'A second more than the minute.',
    input: card(key, { nbf: NOW + 61 }),
    expect: EARLY,
    checks: { validity: 'failed', key: 'passed', issuer: 'passed' },
  },
  'nbf-fractional': {
    why: 'Issuers write fractions of a second.',
    input: card(key, { nbf: ISSUED + 0.123_456 }),
    expect: VALID,
  },
  'nbf-zero': {
    why: 'Under a listed key without a window even 1970 is a time of issuance.',
    input: card(KEYS.open, { nbf: 0 }),
    expect: VALID,
  },
  both: {
    why: 'Ended before it begins, and that is in the future: both are said.',
    input: card(key, { nbf: NOW + 3600, exp: NOW - 3600 }),
    expect: 'rejected: EXPIRED, NOT_YET_VALID',
  },
  'at-before-exp': {
    why: 'An expired card, asked about a moment when it was not.',
    section: 'Interfaces, --at',
    input: card(key, { nbf: NOW - 30 * DAY, exp: NOW - 3600 }),
    at: NOW - 7 * DAY,
    expect: VALID,
  },
  'at-after-exp': {
    why: 'A card that is good now, asked about the day after its end.',
    section: 'Interfaces, --at',
    input: card(key, { exp: NOW + 3600 }),
    at: NOW + DAY + 0.5,
    expect: EXPIRED,
  },
  'at-exp-and-a-half': {
    why: 'The moment asked about may have a fraction too.',
    section: 'Interfaces, --at',
    input: card(key, { exp: NOW + DAY }),
    at: NOW + DAY + 0.5,
    expect: EXPIRED,
  },
  'at-before-nbf': {
    why: 'A card that is good now, asked about the week before it was issued.',
    section: 'Interfaces, --at',
    input: card(key),
    at: NOW - 7 * DAY,
    expect: EARLY,
  },
  'at-after-the-window-of-the-key': {
    why: 'Windows of keys are about the moment of issuance, not of the question.',
    section: 'Interfaces, --at',
    input: card(key),
    at: NOW + 200 * DAY,
    expect: VALID,
  },
});

export const FRESHNESS = folder('freshness', 'Decision codes, TRUST_STALE and CLOCK_BEHIND', {
  'trust-72-hours-old': {
    why: 'The oldest trust data that decides.',
    input: card(key),
    now: NOW - 60 + 72 * 3600,
    needsClock: true,
    expect: VALID,
  },
  'trust-72-hours-and-a-second-old': {
    why: 'A second older: could not check.',
    input: card(key),
    now: NOW - 60 + 72 * 3600 + 1,
    needsClock: true,
    expect: 'undetermined: TRUST_STALE',
  },
  'trust-just-over-72-hours-old': {
    why: 'A fraction of a second older.',
    input: card(key),
    now: NOW - 60 + 72 * 3600 + 0.5,
    needsClock: true,
    expect: 'undetermined: TRUST_STALE',
  },
  'stale-whatever-the-moment-asked-about': {
    why: '--at moves validity, never the age of the data.',
    section: 'Interfaces, --at',
    input: card(key),
    now: NOW + 30 * DAY,
    at: NOW,
    needsClock: true,
    expect: 'undetermined: TRUST_STALE',
  },
  'fresh-whatever-the-moment-asked-about': {
    why: 'Asked about next winter, today’s data are today’s.',
    section: 'Interfaces, --at',
    input: card(key),
    at: NOW + 200 * DAY,
    expect: VALID,
  },
  'clock-120-seconds-behind': {
    why: 'A block two minutes ahead of the machine’s clock: two clocks may differ by that.',
    input: card(key),
    trust: 'block-ahead',
    needsClock: true,
    expect: VALID,
  },
  'clock-121-seconds-behind': {
    why: 'A second more: the machine’s clock cannot be believed.',
    input: card(key),
    now: NOW - 1,
    trust: 'block-ahead',
    needsClock: true,
    expect: 'undetermined: CLOCK_BEHIND',
  },
  'sync-121-seconds-ahead': {
    why: 'The data were taken two minutes from now.',
    input: card(key),
    now: NOW - 60 - 121,
    needsClock: true,
    expect: 'undetermined: CLOCK_BEHIND',
  },
  'clock-set-back-to-revive': {
    why: 'A clock set back so that an expired card is good again is found by the newest block.',
    input: card(key, { exp: NOW - 3600 }),
    now: NOW - 7200,
    needsClock: true,
    expect: 'undetermined: CLOCK_BEHIND',
  },
  'stale-and-unknown': {
    why: 'Newer data may know the issuer: not a rejection.',
    input: card(KEYS.stranger),
    now: NOW + 30 * DAY,
    needsClock: true,
    expect: 'undetermined: ISSUER_UNKNOWN, TRUST_STALE',
  },
  'stale-and-expired': {
    why: 'No newer data make an expired card good.',
    input: card(key, { exp: NOW }),
    now: NOW + 30 * DAY,
    needsClock: true,
    expect: 'rejected: EXPIRED, TRUST_STALE',
  },
  'stale-and-forged': {
    why: 'No newer data make a bad signature good.',
    input: card({ ...KEYS.stranger, kid: key.kid }),
    now: NOW + 30 * DAY,
    needsClock: true,
    expect: 'rejected: SIGNATURE_INVALID, TRUST_STALE',
  },
  'stale-and-revoked': {
    why: 'What was revoked stays revoked.',
    input: card(KEYS.bits, {}, { rid: 'AAAACQ' }),
    now: NOW + 30 * DAY,
    needsClock: true,
    expect: 'rejected: REVOKED, TRUST_STALE',
  },
  'stale-and-compromised': {
    why: 'A stolen key stays stolen.',
    input: card(KEYS.compromised),
    now: NOW + 30 * DAY,
    needsClock: true,
    expect: 'rejected: KEY_COMPROMISED, TRUST_STALE',
  },
  'stale-and-suspended': {
    why: 'The suspension may have been lifted since.',
    input: card(KEYS.ofSuspended, { iss: 'https://suspended.example' }),
    now: NOW + 30 * DAY,
    needsClock: true,
    expect: 'undetermined: ISSUER_SUSPENDED, TRUST_STALE',
  },
});
