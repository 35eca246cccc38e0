import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planImport, pointOf } from '../../../../cli/registry/vci/import-plan.ts';
import type { ImportPlan, RegistryState } from '../../../../cli/registry/vci/import-plan.ts';
import type { DirectoryIssuer, DirectoryKey } from '../../../../verifier/node/vci-directory.ts';
import type { ReplayedTrust } from '../../../../verifier/pipeline/replay.ts';
import type { TrustedIssuer, TrustedKey } from '../../../../verifier/pipeline/trust-document.ts';
import { newKey } from '../../../support/cards.ts';

const DAY = 86_400;
const TIME = 1_770_000_000;
const TERMS = { jurisdiction: 'VCI', statusBase: '', time: TIME, isNewest: true, grace: 30 * DAY };
const [one, two] = [newKey(), newKey()];

function listed(iss: string, keys: readonly DirectoryKey[], name = iss): DirectoryIssuer {
  return { iss, name, lastRetrieved: TIME, keys };
}

function directoryKey({ kid, x, y }: { kid: string; x: string; y: string }, revocable = false): DirectoryKey {
  return { kid, x, y, revocable, crls: [] };
}

/** The registry after a plan was carried out. */
function carriedOut(plan: ImportPlan, change: Partial<TrustedIssuer> = {}): RegistryState {
  const issuers = plan.newIssuers.map((issuer, index): TrustedIssuer => {
    const { iss, name, jurisdiction, statusBase, accreditedFrom, accreditedUntil, attestations } = issuer;
    const terms = { accreditedFrom, accreditedUntil, attestations };
    const states = { status: 'active', held: false, formerStatusBases: [] } as const;
    return { id: index + 1, did: '', iss, name, jurisdiction, statusBase, ...terms, ...states, ...change };
  });
  const keys = plan.newKeys.map(({ iss, kid, x, y, revocation }): TrustedKey => {
    const issuer = issuers.find((found) => found.iss === iss)?.id ?? 0;
    const window = { validFrom: 0, validUntil: 0, state: 'active', proven: false } as const;
    return { issuer, kid, x, y, revocation, ...window };
  });
  return stateOf(issuers, keys);
}

function stateOf(
  issuers: readonly TrustedIssuer[],
  keys: readonly TrustedKey[],
  selfManaged: readonly number[] = [],
): RegistryState {
  const trust: ReplayedTrust = { successor: null, jurisdictions: [], issuers, keys, venues: [], rules: [] };
  return { trust, selfManaged: new Set(selfManaged), burned: new Set(), listedAt: new Map() };
}

const nothing = stateOf([], []);
const directory = [
  listed('https://one.example', [directoryKey(one), directoryKey(two, true)]),
  listed('https://two.example', [directoryKey(one)]),
  listed('https://none.example', []),
];
const first = planImport(directory, nothing, TERMS, new Map());

test('a directory that is new is listed whole: a key that several issuers share under each of them', () => {
  assert.deepEqual(
    first.newIssuers.map(({ iss, controller, accreditedFrom, status }) => [
      iss,
      controller,
      accreditedFrom,
      status,
    ]),
    directory.map(({ iss }) => [iss, null, 0, 'active']),
  );
  assert.deepEqual(
    first.newKeys.map(({ iss, kid, revocation }) => [iss, kid, revocation]),
    [
      ['https://one.example', one.kid, 'none'],
      ['https://one.example', two.kid, 'rids'],
      ['https://two.example', one.kid, 'none'],
    ],
  );
});

test('carried out, the same directory asks for nothing more', () => {
  const again = planImport(directory, carriedOut(first), TERMS, new Map());
  assert.deepEqual(again, {
    newIssuers: [],
    updates: [],
    newKeys: [],
    revocable: [],
    retirements: [],
    heldBack: [],
    missing: new Map(),
  });
});

test('a newer directory asks for what is new in it: a name, a key, a list of revoked cards', () => {
  const three = newKey();
  const newer = [
    listed(
      'https://one.example',
      [directoryKey(one, true), directoryKey(two, true), directoryKey(three)],
      'One',
    ),
    ...directory.slice(1),
  ];
  const plan = planImport(newer, carriedOut(first), TERMS, new Map());
  assert.deepEqual(
    plan.updates.map(({ issuer, name }) => [issuer.iss, name]),
    [['https://one.example', 'One']],
  );
  assert.deepEqual(
    plan.newKeys.map(({ kid }) => kid),
    [three.kid],
  );
  assert.deepEqual(
    plan.revocable.map(({ issuer, kid }) => [issuer, kid]),
    [[1, one.kid]],
  );
  assert.deepEqual([plan.newIssuers, plan.retirements], [[], []]);
});

test('a key that is missing is retired once that has lasted, and not if it comes back before', () => {
  const without = [listed('https://one.example', [directoryKey(two, true)]), ...directory.slice(1)];
  const name = `https://one.example ${one.kid}`;
  const registry = carriedOut(first);
  const noticed = planImport(without, registry, TERMS, new Map());
  assert.deepEqual(noticed.retirements, []);
  assert.deepEqual(noticed.missing, new Map([[name, TIME]]));
  assert.deepEqual(noticed.heldBack, [{ code: 'KEY_MISSING', iss: 'https://one.example', kid: one.kid }]);

  const later = { ...TERMS, time: TIME + 30 * DAY - 1 };
  assert.deepEqual(planImport(without, registry, later, noticed.missing).missing, noticed.missing);
  const due = planImport(without, registry, { ...later, time: later.time + 1 }, noticed.missing);
  assert.deepEqual(
    due.retirements.map(({ issuer, kid }) => [issuer, kid]),
    [[1, one.kid]],
  );
  // Until the log has the retirement: what is refused today keeps its time.
  assert.deepEqual(due.missing, noticed.missing);

  assert.deepEqual(planImport(directory, registry, later, noticed.missing).missing, new Map());
});

test('an issuer that is missing whole loses its keys the same way, and is not ended itself', () => {
  const without = directory.slice(1);
  const noted = new Map([one, two].map(({ kid }) => [`https://one.example ${kid}`, TIME - 30 * DAY]));
  const plan = planImport(without, carriedOut(first), TERMS, noted);
  assert.deepEqual(
    plan.retirements.map(({ issuer, kid }) => [issuer, kid]),
    [
      [1, one.kid],
      [1, two.kid],
    ],
  );
  assert.deepEqual(plan.updates, []);
});

test('an older snapshot takes nothing for missing, and leaves the notes as they are', () => {
  const without = [listed('https://one.example', [directoryKey(two, true)]), ...directory.slice(1)];
  const noted = new Map([[`https://one.example ${one.kid}`, TIME - 40 * DAY]]);
  const older = { ...TERMS, time: TIME - 4 * 365 * DAY, isNewest: false };
  const plan = planImport(without, carriedOut(first), older, noted);
  assert.deepEqual([plan.retirements, plan.missing], [[], noted]);
  assert.deepEqual(planImport([], carriedOut(first), older, new Map()).missing, new Map());
});

test('since when a key is missing moves neither back nor before it was listed: the grace is not cut short', () => {
  const without = [listed('https://one.example', [directoryKey(two, true)]), ...directory.slice(1)];
  const name = `https://one.example ${one.kid}`;
  const noted = new Map([[name, TIME]]);
  const back = planImport(without, carriedOut(first), { ...TERMS, time: TIME - DAY }, noted);
  assert.deepEqual([back.missing, back.retirements], [noted, []]);

  // A snapshot of years ago, taken for the newest because the notes were lost; then one of today.
  const registry = { ...carriedOut(first), listedAt: new Map([[`1/${one.kid}`, TIME]]) };
  const old = planImport(without, registry, { ...TERMS, time: TIME - 4 * 365 * DAY }, new Map());
  assert.deepEqual(old.missing, noted);
  const today = planImport(without, registry, { ...TERMS, time: TIME + DAY }, old.missing);
  assert.deepEqual([today.missing, today.retirements], [noted, []]);
});

test('a key that was burned is left under every issuer, old and new, whatever form its coordinates have', () => {
  const fresh = directoryKey(newKey());
  const registry = { ...carriedOut(first), burned: new Set([fresh, directoryKey(two)].map(pointOf)) };
  const later = [...directory, listed('https://new.example', [fresh, directoryKey(one)])];
  const plan = planImport(later, registry, TERMS, new Map());
  assert.deepEqual(
    plan.newKeys.map(({ iss, kid }) => [iss, kid]),
    [['https://new.example', one.kid]],
  );
  assert.deepEqual(plan.heldBack, [
    { code: 'KEY_BURNED', iss: 'https://one.example', kid: two.kid },
    { code: 'KEY_BURNED', iss: 'https://new.example', kid: fresh.kid },
  ]);
  const long = Buffer.alloc(32);
  long.set([7], 31);
  const [x, y] = [long.toString('base64url'), 'AQ'];
  assert.equal(pointOf({ x, y }), pointOf({ x: 'Bw', y: 'AAE' }));
});

test('what the directory has no say in is left as it is, by name', () => {
  const cases: [Partial<TrustedIssuer>, readonly number[], string][] = [
    [{ jurisdiction: 'US-NY' }, [], 'ISSUER_ELSEWHERE'],
    [{}, [1, 2, 3], 'ISSUER_SELF_MANAGED'],
    [{ held: true }, [], 'ISSUER_HELD'],
    [{ status: 'suspended' }, [], 'ISSUER_NOT_ACTIVE'],
    [{ status: 'retired' }, [], 'ISSUER_NOT_ACTIVE'],
    [{ status: 'withdrawn' }, [], 'ISSUER_NOT_ACTIVE'],
  ];
  for (const [change, selfManaged, code] of cases) {
    const { trust } = carriedOut(first, change);
    const registry = stateOf(trust.issuers, trust.keys, selfManaged);
    const three = directoryKey(newKey());
    const changed = directory.map(({ iss, keys }) => listed(iss, [...keys.slice(1), three], 'Another name'));
    const plan = planImport(changed, registry, TERMS, new Map());
    assert.deepEqual([plan.newKeys, plan.updates, plan.retirements, plan.missing.size], [[], [], [], 0]);
    assert.deepEqual(
      plan.heldBack,
      directory.map(({ iss }) => ({ code, iss, kid: null })),
    );
  }
});

test('a key that ended here is not listed again, whatever the directory says', () => {
  for (const state of ['retired', 'compromised'] as const) {
    const { trust } = carriedOut(first);
    const keys = trust.keys.map((key) => (key.issuer === 1 ? { ...key, state } : key));
    const plan = planImport(directory, stateOf(trust.issuers, keys), TERMS, new Map());
    assert.deepEqual(plan.newKeys, []);
    assert.deepEqual(
      plan.heldBack.map(({ code, kid }) => [code, kid]),
      [
        ['KEY_ENDED', one.kid],
        ['KEY_ENDED', two.kid],
      ],
    );
  }
});
