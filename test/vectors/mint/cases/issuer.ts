import { card, ISS } from '../cards.ts';
import { NOW, WINDOW_FROM, WINDOW_UNTIL } from '../moments.ts';
import { issOf, KEYS, PORTED_ISS, SECOND_ISS } from '../trust.ts';
import { folder } from '../vector.ts';

const VALID = 'accepted: VALID';
const UNKNOWN = 'rejected: ISSUER_UNKNOWN';
const UNACCREDITED = 'rejected: ISSUER_NOT_ACCREDITED_AT_ISSUANCE';

const ofRetired = (nbf: number): string => card(KEYS.ofRetired, { iss: issOf('retired'), nbf });
const ofAccredited = (nbf: number): string => card(KEYS.ofAccredited, { iss: issOf('accredited'), nbf });
const named = (iss: string): string => card(KEYS.plain, { iss });

/** The signature holds; nobody accredited this issuer with this key. */
const FOUND_LATE = { signature: 'passed', issuer: 'failed', key: 'not-run', validity: 'not-run' } as const;
/** Nobody trusts the key at all: it is not even used. */
const FOUND_EARLY = { signature: 'not-run', issuer: 'failed' } as const;

export const ISSUER_TRUST = folder('issuer/trust', 'Verification order, (iss, kid)', {
  'self-made': {
    why: 'An issuer of its own making with a key of its own, as Québec’s verifier took in 2021.',
    input: card(KEYS.stranger, { iss: 'https://self-made.example' }),
    expect: UNKNOWN,
    checks: FOUND_EARLY,
  },
  'right-iss-foreign-key': {
    why: 'A trusted issuer’s name, a key that nobody trusts.',
    input: card(KEYS.stranger),
    expect: UNKNOWN,
    checks: FOUND_EARLY,
  },
  'right-iss-key-of-another-issuer': {
    why: 'Another accredited issuer signs in this one’s name.',
    input: card(KEYS.second),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'right-key-foreign-iss': {
    why: 'A trusted key signs for an issuer that nobody accredited.',
    input: named('https://evil.example'),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'right-key-iss-of-another-issuer': {
    why: 'A trusted key signs in another accredited issuer’s name.',
    input: named(SECOND_ISS),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'one-key-under-two-issuers': {
    why: 'One kid may stand under several issuers, as 46 real ones do.',
    input: card(KEYS.twoIssuers),
    expect: VALID,
  },
  'compromised-under-the-other-issuer': {
    why: 'The same key under the other issuer, which reported it stolen: its state is by (iss, kid).',
    input: card(KEYS.twoIssuers, { iss: SECOND_ISS }),
    expect: 'rejected: KEY_COMPROMISED',
  },
  'one-key-a-third-issuer': {
    why: 'A key that two issuers have is not every issuer’s.',
    input: card(KEYS.twoIssuers, { iss: PORTED_ISS }),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'iss-with-port-and-path': {
    why: 'An issuer at a port, with + and ~ in its path.',
    input: card(KEYS.ported, { iss: PORTED_ISS }),
    expect: VALID,
  },
  'iss-trailing-slash': {
    why: 'Issuers compare exactly; a trailing slash is another text.',
    input: named(`${ISS}/`),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'iss-upper-case-host': {
    why: 'A host in capitals is the same host and another issuer: nothing is normalised.',
    input: named(ISS.replace('issuer.example', 'ISSUER.example')),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'iss-dot-segment': {
    why: 'A path that a URL parser would resolve to the trusted one.',
    input: named('https://issuer.example/x/../pratique'),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'iss-default-port': {
    why: 'The port that https has anyway.',
    input: named(ISS.replace('issuer.example', 'issuer.example:443')),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'iss-with-user': {
    why: 'A trusted host before the @ is a user’s name at another.',
    input: named('https://issuer.example@evil.example/pratique'),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'iss-homoglyph': {
    why: 'A Cyrillic е in the host looks the same.',
    input: named(ISS.replace('issuer', 'issuеr')),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
  'iss-trailing-space': {
    why: 'White space is not trimmed before comparing.',
    input: named(`${ISS} `),
    expect: UNKNOWN,
    checks: FOUND_LATE,
  },
});

export const ISSUER_STATE = folder('issuer/state', 'Decision codes, ISSUER_…', {
  pending: {
    why: 'Registered by itself, accredited by nobody yet.',
    input: card(KEYS.ofPending, { iss: issOf('pending') }),
    expect: 'rejected: ISSUER_PENDING',
    checks: { signature: 'passed', issuer: 'failed', key: 'passed', validity: 'passed' },
  },
  suspended: {
    why: 'Suspended now: no card of it counts, whenever it was issued.',
    input: card(KEYS.ofSuspended, { iss: issOf('suspended') }),
    expect: 'rejected: ISSUER_SUSPENDED',
  },
  'jurisdiction-suspended': {
    why: 'A suspended jurisdiction suspends its issuers.',
    input: card(KEYS.ofElsewhere, { iss: issOf('elsewhere') }),
    expect: 'rejected: ISSUER_SUSPENDED',
  },
  held: {
    why: 'A guardian suspended it beside its status, which still says active.',
    input: card(KEYS.ofHeld, { iss: issOf('held') }),
    expect: 'rejected: ISSUER_SUSPENDED',
    checks: { signature: 'passed', issuer: 'failed', key: 'passed' },
  },
  'retired-and-held': {
    why: 'Retired in good standing and then held: its older cards do not count either.',
    input: card(KEYS.ofRetiredAndHeld, { iss: issOf('retired-and-held'), nbf: WINDOW_UNTIL - 1 }),
    expect: 'rejected: ISSUER_SUSPENDED',
  },
  withdrawn: {
    why: 'Withdrawn for cause: every card dies.',
    input: card(KEYS.ofWithdrawn, { iss: issOf('withdrawn') }),
    expect: 'rejected: ISSUER_WITHDRAWN',
  },
  'retired-before': {
    why: 'The last second before it retired: the card stays good.',
    input: ofRetired(WINDOW_UNTIL - 1),
    expect: VALID,
  },
  'retired-just-before': {
    why: 'Half a second before it retired.',
    input: ofRetired(WINDOW_UNTIL - 0.5),
    expect: VALID,
  },
  'retired-at': {
    why: 'Issued at the very moment of retirement: no more.',
    input: ofRetired(WINDOW_UNTIL),
    expect: UNACCREDITED,
  },
  'retired-after': {
    why: 'Issued after it had retired.',
    input: ofRetired(NOW - 1),
    expect: UNACCREDITED,
  },
  'accredited-from': {
    why: 'The first moment of its accreditation.',
    input: ofAccredited(WINDOW_FROM),
    expect: VALID,
  },
  'accredited-from-less-a-second': {
    why: 'A second before its accreditation.',
    input: ofAccredited(WINDOW_FROM - 1),
    expect: UNACCREDITED,
    checks: { issuer: 'failed', key: 'passed' },
  },
  'accredited-from-less-a-fraction': {
    why: 'A fraction of a second before its accreditation.',
    input: ofAccredited(WINDOW_FROM - 0.25),
    expect: UNACCREDITED,
  },
  'accredited-until-less-a-second': {
    why: 'The last second of its accreditation.',
    input: ofAccredited(WINDOW_UNTIL - 1),
    expect: VALID,
  },
  'accredited-until': {
    why: 'The end of its accreditation is no longer part of it.',
    input: ofAccredited(WINDOW_UNTIL),
    expect: UNACCREDITED,
  },
});

const windowed = (nbf: number): string => card(KEYS.windowed, { nbf });

export const KEY = folder('key', 'Decision codes, KEY_…', {
  'window-from': {
    why: 'The first moment of the key’s window.',
    input: windowed(WINDOW_FROM),
    expect: VALID,
  },
  'window-from-less-a-second': {
    why: 'A second before the key’s window.',
    input: windowed(WINDOW_FROM - 1),
    expect: 'rejected: KEY_NOT_VALID_AT_ISSUANCE',
    checks: { signature: 'passed', issuer: 'passed', key: 'failed', validity: 'passed' },
  },
  'window-from-less-a-fraction': {
    why: 'A fraction of a second before the key’s window.',
    input: windowed(WINDOW_FROM - 0.25),
    expect: 'rejected: KEY_NOT_VALID_AT_ISSUANCE',
  },
  'window-until-less-a-second': {
    why: 'The last second of the key’s window; the card is good long after.',
    input: windowed(WINDOW_UNTIL - 1),
    expect: VALID,
  },
  'window-until': {
    why: 'The end of the window is no longer part of it.',
    input: windowed(WINDOW_UNTIL),
    expect: 'rejected: KEY_NOT_VALID_AT_ISSUANCE',
  },
  'window-over': {
    why: 'A key whose window is over signs no more.',
    input: windowed(NOW - 1),
    expect: 'rejected: KEY_NOT_VALID_AT_ISSUANCE',
  },
  'without-window': {
    why: 'A listed key has no window; 0 means no end.',
    input: card(KEYS.open),
    expect: VALID,
  },
  'retired-before': {
    why: 'A card of a retired key from before it was retired stays good.',
    input: card(KEYS.retired, { nbf: WINDOW_UNTIL - 1 }),
    expect: VALID,
  },
  'retired-after': {
    why: 'A card of a retired key from after it was retired.',
    input: card(KEYS.retired, { nbf: WINDOW_UNTIL }),
    expect: 'rejected: KEY_NOT_VALID_AT_ISSUANCE',
  },
  compromised: {
    why: 'A key reported stolen: all its cards die, since a thief can back-date.',
    input: card(KEYS.compromised),
    expect: 'rejected: KEY_COMPROMISED',
  },
  'compromised-and-back-dated': {
    why: 'Back-dated to before the window: both are said.',
    input: card(KEYS.compromised, { nbf: 0 }),
    expect: 'rejected: KEY_COMPROMISED, KEY_NOT_VALID_AT_ISSUANCE',
  },
  'short-coordinate': {
    why: 'A key published with its leading zero byte left out; its kid is the thumbprint of that form.',
    input: card(KEYS.short),
    expect: VALID,
  },
});
