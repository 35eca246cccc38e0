import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_CLOCK_LAG_SECONDS, NBF_LEEWAY_SECONDS } from '../../../verifier/pipeline/checks.ts';
import { DEFAULT_POLICY } from '../../../verifier/pipeline/venue-policy.ts';
import type { Terms } from '../../../verifier/pipeline/checks.ts';
import type { Checks, Code, Decision } from '../../../verifier/pipeline/decision.ts';
import type {
  TrustDocument,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedKey,
} from '../../../verifier/pipeline/trust-document.ts';
import type { HealthCard } from '../../../credential/health-card.ts';
import {
  anchoredTrust,
  DAY,
  decide,
  ISSUED,
  JURISDICTION,
  mintCard,
  newKey,
  NOW,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../../support/cards.ts';

const key = newKey();

/** Everything that a decision is made of, each as it is for a good card unless told otherwise. */
interface Case {
  readonly card?: Partial<HealthCard>;
  readonly issuer?: Partial<TrustedIssuer>;
  readonly key?: Partial<TrustedKey>;
  readonly jurisdiction?: Partial<TrustedJurisdiction>;
  readonly document?: Partial<TrustDocument>;
  readonly terms?: Partial<Terms>;
}

async function decideCase(about: Case = {}): Promise<Decision> {
  const document = trustDocument({
    jurisdictions: [{ ...JURISDICTION, ...about.jurisdiction }],
    issuers: [trustedIssuer(about.issuer)],
    keys: [trustedKey(key, about.key)],
    ...about.document,
  });
  return decide(mintCard(key, about.card), anchoredTrust(document), about.terms);
}

/** One test: these codes, in this order, and these checks besides the passed ones. */
function expect(name: string, about: Case, codes: readonly Code[], checks: Partial<Checks> = {}): void {
  test(name, async () => {
    const decision = await decideCase(about);
    assert.deepEqual(decision.codes, codes);
    const passed = { signature: 'passed', issuer: 'passed', key: 'passed', validity: 'passed' };
    assert.deepEqual(decision.checks, { ...passed, status: 'not-offered', rules: 'not-asked', ...checks });
  });
}

test('a good card is accepted, with issuer, subject, profile and the age of the data, and nothing of the credential', async () => {
  const decision = await decideCase();
  assert.equal(decision.outcome, 'accepted');
  assert.deepEqual(decision.codes, ['VALID']);
  assert.deepEqual(decision.issuer, {
    did: 'did:web:issuer.example:pratique',
    iss: 'https://issuer.example/pratique',
    name: 'Health department of Nowhere',
    jurisdiction: 'US-NO',
  });
  assert.deepEqual(decision.subject, { name: 'Nora Nobody', birthDate: '1980-02-29' });
  assert.deepEqual([decision.form, decision.profile], ['health-card', 'pass-plus']);
  assert.deepEqual(
    [decision.trust?.anchored, decision.trust?.ageSeconds, decision.trust?.block],
    [true, 60, 7],
  );
  assert.ok(!JSON.stringify(decision).includes('resource'));
});

// ------------------------------------------------------------------ validity

const EXPIRED = { validity: 'failed' } as const;
expect('exp in this very second is still good', { card: { exp: NOW } }, ['VALID']);
expect('exp a second ago is EXPIRED, without leeway', { card: { exp: NOW - 1 } }, ['EXPIRED'], EXPIRED);
expect('exp half a second ago is EXPIRED', { card: { exp: NOW - 0.5 } }, ['EXPIRED'], EXPIRED);
expect('exp half a second ahead is good', { card: { exp: NOW + 0.5 } }, ['VALID']);
expect(
  'a clock between seconds counts',
  { card: { exp: NOW }, terms: { now: NOW + 0.1 } },
  ['EXPIRED'],
  EXPIRED,
);
expect(
  'exp 0 is long EXPIRED, not "none"',
  { card: { exp: 0, nbf: 0 }, key: { validFrom: 0 } },
  ['EXPIRED'],
  EXPIRED,
);
expect('nbf a minute ahead is within the leeway', { card: { nbf: NOW + 60 } }, ['VALID']);
expect('nbf 60.5 s ahead is NOT_YET_VALID', { card: { nbf: NOW + 60.5 } }, ['NOT_YET_VALID'], EXPIRED);
expect('a fractional nbf in the past is good', { card: { nbf: ISSUED + 0.657 } }, ['VALID']);
expect(
  '--at moves validity forward',
  { card: { exp: NOW + DAY }, terms: { at: NOW + 2 * DAY } },
  ['EXPIRED'],
  EXPIRED,
);
expect('--at moves validity back', { card: { exp: NOW - 9 }, terms: { at: NOW - 10 } }, ['VALID']);
expect(
  'a moment that is not a number passes nothing',
  { card: { exp: NOW + DAY }, terms: { at: Number.NaN } },
  ['EXPIRED', 'NOT_YET_VALID'],
  EXPIRED,
);

// -------------------------------------------------------------------- issuer

const ISSUER = { issuer: 'failed' } as const;
const NOT_ACCREDITED = 'ISSUER_NOT_ACCREDITED_AT_ISSUANCE';
expect('a pending issuer is ISSUER_PENDING', { issuer: { status: 'pending' } }, ['ISSUER_PENDING'], ISSUER);
expect(
  'a suspended issuer is ISSUER_SUSPENDED',
  { issuer: { status: 'suspended' } },
  ['ISSUER_SUSPENDED'],
  ISSUER,
);
expect('a held issuer is ISSUER_SUSPENDED', { issuer: { held: true } }, ['ISSUER_SUSPENDED'], ISSUER);
expect(
  'a held issuer that retired is ISSUER_SUSPENDED, its older cards too',
  { issuer: { status: 'retired', held: true, accreditedUntil: ISSUED + 1 } },
  ['ISSUER_SUSPENDED'],
  ISSUER,
);
expect(
  'suspended, held and under a suspended jurisdiction is said once',
  { issuer: { status: 'suspended', held: true }, jurisdiction: { suspended: true } },
  ['ISSUER_SUSPENDED'],
  ISSUER,
);
expect(
  'a withdrawn issuer that is held is both',
  { issuer: { status: 'withdrawn', held: true } },
  ['ISSUER_SUSPENDED', 'ISSUER_WITHDRAWN'],
  ISSUER,
);
expect(
  'a withdrawn issuer is ISSUER_WITHDRAWN',
  { issuer: { status: 'withdrawn' } },
  ['ISSUER_WITHDRAWN'],
  ISSUER,
);
expect(
  'a suspended jurisdiction suspends its issuers',
  { jurisdiction: { suspended: true } },
  ['ISSUER_SUSPENDED'],
  ISSUER,
);
expect(
  'a retired issuer: a card from before stays good',
  { issuer: { status: 'retired', accreditedUntil: ISSUED + 1 } },
  ['VALID'],
);
expect(
  'a retired issuer: a card from the second of its retirement does not',
  { issuer: { status: 'retired', accreditedUntil: ISSUED } },
  [NOT_ACCREDITED],
  ISSUER,
);
expect('accredited from the second of issuance is good', { issuer: { accreditedFrom: ISSUED } }, ['VALID']);
expect(
  'accredited from a second later is not',
  { issuer: { accreditedFrom: ISSUED + 1 } },
  [NOT_ACCREDITED],
  ISSUER,
);
expect('accredited until a second later is good', { issuer: { accreditedUntil: ISSUED + 1 } }, ['VALID']);
expect(
  'accredited until the second of issuance is not',
  { issuer: { accreditedUntil: ISSUED } },
  [NOT_ACCREDITED],
  ISSUER,
);

// ----------------------------------------------------------------------- key

const KEY = { key: 'failed' } as const;
expect('issued in the first second of the key is good', { key: { validFrom: ISSUED } }, ['VALID']);
expect(
  'issued a second before the key is KEY_NOT_VALID_AT_ISSUANCE',
  { key: { validFrom: ISSUED + 1 } },
  ['KEY_NOT_VALID_AT_ISSUANCE'],
  KEY,
);
expect('issued in the last second of the key is good', { key: { validUntil: ISSUED + 1 } }, ['VALID']);
expect(
  'issued as the key ended is KEY_NOT_VALID_AT_ISSUANCE',
  { key: { validUntil: ISSUED } },
  ['KEY_NOT_VALID_AT_ISSUANCE'],
  KEY,
);
expect('a key without end is good', { key: { validUntil: 0 } }, ['VALID']);
expect(
  'a key retired after issuance leaves its cards good',
  { key: { state: 'retired', validUntil: ISSUED + 1 } },
  ['VALID'],
);
expect('every card of a compromised key dies', { key: { state: 'compromised' } }, ['KEY_COMPROMISED'], KEY);

// ----------------------------------------------------------- freshness, policy

test('the policy: 72 hours of age, 120 s of clock, 60 s of leeway', () => {
  assert.deepEqual(
    [DEFAULT_POLICY.trustAge.refuseSeconds, MAX_CLOCK_LAG_SECONDS, NBF_LEEWAY_SECONDS],
    [259_200, 120, 60],
  );
});

const HOURS_72 = 72 * 3600;
expect('trust data of 72 hours is fresh', { document: { takenAt: NOW - HOURS_72 } }, ['VALID']);
expect('trust data of 72 hours and a second is TRUST_STALE', { document: { takenAt: NOW - HOURS_72 - 1 } }, [
  'TRUST_STALE',
]);
expect(
  '--at does not make stale data fresh',
  { document: { takenAt: NOW - HOURS_72 - 1 }, terms: { at: NOW - 10 } },
  ['TRUST_STALE'],
);
expect('a clock 120 s behind the last sync is believed', { document: { takenAt: NOW + 120 } }, ['VALID']);
expect('a clock 121 s behind the last sync is CLOCK_BEHIND', { document: { takenAt: NOW + 121 } }, [
  'CLOCK_BEHIND',
]);
expect(
  'a clock 121 s behind the newest block is CLOCK_BEHIND, whatever the sync noted',
  { document: { source: { ...chainSource(), block: { ...chainSource().block, time: NOW + 121 } } } },
  ['CLOCK_BEHIND'],
);
expect('a machine without a clock decides nothing', { terms: { now: Number.NaN, at: NOW } }, [
  'TRUST_STALE',
  'CLOCK_BEHIND',
]);
expect(
  'rules that are not held are RULES_UNAVAILABLE',
  { terms: { rules: 'us-no-2026' } },
  ['RULES_UNAVAILABLE'],
  { rules: 'undetermined' },
);

function chainSource(): Extract<TrustDocument['source'], { kind: 'chain' }> {
  const { source } = trustDocument();
  assert.ok(source.kind === 'chain');
  return source;
}

// ------------------------------------------------------------------ together

test('every failure is listed, and a rejection that can change waits for fresh data', async () => {
  const decision = await decideCase({
    card: { nbf: NOW + 100 },
    issuer: { status: 'suspended', accreditedUntil: 5 },
    key: { validUntil: 5 },
    document: { takenAt: NOW - HOURS_72 - 1 },
    terms: { rules: 'us-no-2026' },
  });
  assert.equal(decision.outcome, 'undetermined');
  assert.deepEqual(decision.codes, [
    'ISSUER_SUSPENDED',
    'ISSUER_NOT_ACCREDITED_AT_ISSUANCE',
    'KEY_NOT_VALID_AT_ISSUANCE',
    'NOT_YET_VALID',
    'RULES_UNAVAILABLE',
    'TRUST_STALE',
  ]);
});

test('a withdrawn issuer or a stolen key rejects on stale data too', async () => {
  const document = { takenAt: NOW - 2 * HOURS_72 };
  for (const about of [
    { issuer: { status: 'withdrawn' }, document },
    { key: { state: 'compromised' }, document },
  ] as const satisfies readonly Case[]) {
    const decision = await decideCase(about);
    assert.equal(decision.outcome, 'rejected');
    assert.ok(decision.codes.includes('TRUST_STALE'));
  }
});
