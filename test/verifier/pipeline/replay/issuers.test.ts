import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrustedIssuer } from '../../../../verifier/pipeline/trust-document.ts';
import { DID, ISS, STATUS_BASE } from '../../../support/cards.ts';
import {
  codeOf,
  controllerChanged,
  held,
  JURISDICTION,
  opened,
  operatorChanged,
  registered,
  statusBaseChanged,
  statusChanged,
  suspended,
  transferred,
  updated,
} from '../../registry-events.ts';
import { refusesLast, replayed } from './replayed.ts';
import type { Events } from './replayed.ts';

const OTHER = codeOf('US-NJ');
const STATUS = { none: 0, pending: 1, active: 2, suspended: 3, retired: 4, withdrawn: 5 } as const;

/** The issuer of the log after these events. */
function issuer(...events: Events): TrustedIssuer {
  const [found] = replayed(opened(), opened(OTHER), registered(), ...events).issuers;
  assert.ok(found);
  return found;
}

function refuses(...events: Events): void {
  refusesLast(opened(), opened(OTHER), registered(), ...events);
}

test('an issuer is projected as it was stated', () => {
  assert.deepEqual(issuer(), {
    id: 1,
    did: DID,
    iss: ISS,
    name: 'Health department of Nowhere',
    jurisdiction: 'US-NO',
    status: 'active',
    held: false,
    accreditedFrom: 0,
    accreditedUntil: 0,
    attestations: 15,
    statusBase: STATUS_BASE,
    formerStatusBases: [],
  });
});

test('an issuer goes from where it is to where the contract lets it, and nowhere else', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    pending: ['active', 'withdrawn'],
    active: ['suspended', 'retired', 'withdrawn'],
    suspended: ['active', 'retired', 'withdrawn'],
    retired: ['withdrawn'],
    withdrawn: [],
  };
  const ways: Readonly<Record<string, Events>> = {
    pending: [registered({ status: STATUS.pending })],
    active: [registered()],
    suspended: [registered(), statusChanged(STATUS.suspended)],
    retired: [registered(), statusChanged(STATUS.retired)],
    withdrawn: [registered(), statusChanged(STATUS.withdrawn)],
  };
  for (const [from, way] of Object.entries(ways)) {
    assert.equal(replayed(opened(), ...way).issuers[0]?.status, from);
    for (const [to, number] of Object.entries(STATUS)) {
      const events = [opened(), ...way, statusChanged(number)];
      if (allowed[from]?.includes(to) === true) assert.equal(replayed(...events).issuers[0]?.status, to);
      else refusesLast(...events);
    }
  }
  for (const number of [6, 255]) refuses(statusChanged(number));
});

test('a new issuer is pending or active', () => {
  for (const status of [STATUS.none, STATUS.suspended, STATUS.retired, STATUS.withdrawn, 6]) {
    refusesLast(opened(), registered({ status }));
  }
});

test('who retires is accredited until then; an accreditation that ended before keeps its end', () => {
  const until = (end: number): number | undefined =>
    replayed(opened(), registered({ until: end }), statusChanged(STATUS.retired, 2222)).issuers[0]
      ?.accreditedUntil;
  assert.deepEqual([until(0), until(5000), until(2222), until(2000)], [2222, 2222, 2222, 2000]);
  assert.equal(issuer(statusChanged(STATUS.suspended, 2222)).accreditedUntil, 0);
  assert.equal(
    issuer(statusChanged(STATUS.retired, 2222), statusChanged(STATUS.withdrawn, 3333)).accreditedUntil,
    2222,
  );
  // Zero would be no end.
  refuses(statusChanged(STATUS.retired, 0));
});

test('an issuer is held beside its status, and let go', () => {
  assert.deepEqual([issuer(held(true)).held, issuer(held(true)).status], [true, 'active']);
  assert.equal(issuer(held(true), held(false)).held, false);
  assert.equal(issuer(held(true), statusChanged(STATUS.retired), statusChanged(STATUS.withdrawn)).held, true);
});

test('name, accreditation and attestations are stated anew, and nothing else changes', () => {
  const terms = { from: 100, until: 900, attestations: 2 ** 32 - 1, name: 'Department of Somewhere' };
  assert.deepEqual(issuer(held(true), statusChanged(STATUS.suspended), updated(terms)), {
    ...issuer(held(true), statusChanged(STATUS.suspended)),
    name: terms.name,
    accreditedFrom: 100,
    accreditedUntil: 900,
    attestations: 2 ** 32 - 1,
  });
});

test('what was ended is not stated anew: a later end of accreditation would bring it back', () => {
  refuses(statusChanged(STATUS.retired), updated());
  refuses(statusChanged(STATUS.withdrawn), updated());
});

test('a status base that was changed is the last one, and the former ones stay known, each once', () => {
  const bases = (...urls: readonly string[]): readonly unknown[] => {
    const { statusBase, formerStatusBases } = issuer(...urls.map((url) => statusBaseChanged(url)));
    return [statusBase, formerStatusBases];
  };
  const [a, b] = ['https://a.example', 'https://b.example/status'] as const;
  assert.deepEqual(bases(a), [a, [STATUS_BASE]]);
  assert.deepEqual(bases(a, b, a, b), [b, [STATUS_BASE, a]]);
  assert.deepEqual(bases(''), ['', [STATUS_BASE]]);
  assert.deepEqual(bases('', a), [a, [STATUS_BASE]]);
  assert.deepEqual(bases(a, STATUS_BASE), [STATUS_BASE, [a]]);
});

test('another controller or operator changes nothing that is decided by', () => {
  assert.deepEqual(issuer(controllerChanged(), operatorChanged()), issuer());
});

test('an issuer that moves belongs to the other jurisdiction, with its hold, and to that alone', () => {
  assert.deepEqual(issuer(held(true), transferred(OTHER)), { ...issuer(held(true)), jurisdiction: 'US-NJ' });
  const { jurisdictions, issuers } = replayed(
    opened(),
    opened(OTHER),
    registered(),
    suspended(true),
    transferred(OTHER),
    transferred(JURISDICTION),
  );
  assert.equal(issuers[0]?.jurisdiction, 'US-NO');
  assert.deepEqual(
    jurisdictions.map(({ code, suspended: is }) => [code, is]),
    [
      ['US-NO', true],
      ['US-NJ', false],
    ],
  );
});

test('what happens to one issuer leaves the other', () => {
  const other = { id: 2, iss: `${ISS}/2`, did: `${DID}:2` };
  const events = [held(true, 2), statusChanged(STATUS.suspended, 5, 2), updated({ id: 2 })];
  const moved = [statusBaseChanged('', 2), transferred(OTHER, 2)];
  assert.deepEqual(issuer(registered(other), ...events, ...moved), issuer());
});

test('a time beyond what a number holds means far away', () => {
  const [far] = replayed(opened(), registered({ until: 2n ** 64n - 1n })).issuers;
  assert.equal(far?.accreditedUntil, Number.MAX_SAFE_INTEGER);
});

test('an id beyond what a number holds exactly is refused: it would be taken for another', () => {
  refusesLast(opened(), registered({ id: 2n ** 53n }));
});

test('an issuer of no jurisdiction, registered twice, or unknown is refused', () => {
  refusesLast(opened(), registered({ jurisdiction: OTHER }));
  // It would come back from any end.
  refuses(statusChanged(STATUS.withdrawn), registered());
  for (const about of [
    statusChanged(STATUS.suspended, 5, 9),
    held(false, 9),
    updated({ id: 9 }),
    statusBaseChanged('', 9),
    controllerChanged(9),
    operatorChanged(9),
    transferred(OTHER, 9),
    transferred(codeOf('US-XX')),
  ]) {
    refuses(about);
  }
});
