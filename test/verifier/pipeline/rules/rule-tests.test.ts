import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHealthRecord } from '../../../../credential/health-record.ts';
import { ShapeError } from '../../../../credential/strict-reader.ts';
import { readRuleTests } from '../../../../verifier/pipeline/rules/rule-tests.ts';
import type { RuleTest } from '../../../../verifier/pipeline/rules/rule-tests.ts';
import { draftTests } from '../../../support/draft-rules.ts';

const ISSUED = '2021-03-01T00:00:00Z';

/** The draft's first test with other members. */
function read(content: object): RuleTest {
  const draft = draftTests();
  const [first] = readRuleTests({ ...draft, tests: [{ ...draft.tests[0], ...content }] }).tests;
  assert.ok(first);
  return first;
}

const card = (content: object): RuleTest['card'] =>
  read({ card: { profile: 'pass-plus', issued: ISSUED, birthDate: '1980-02-29', ...content } }).card;

/** Where in the first test, or else in the file, something is refused. */
function refusedAt(change: object): string {
  try {
    read(change);
  } catch (error) {
    if (error instanceof ShapeError) return error.path.join('.');
    throw error;
  }
  assert.fail('nothing was refused');
}

test('doses and tests become a record as a card carries it', () => {
  const { bundle, profile, subject, nbf } = card({
    doses: [{ date: '2021-02-01', code: 'cvx|208', performer: 'Pharmacy' }],
    tests: [{ at: '2021-02-02T08:00:00-05:00', code: 'loinc|94500-6', result: 'positive' }],
  });
  assert.deepEqual(
    [profile, subject?.birthDate, nbf],
    ['pass-plus', '1980-02-29', Date.parse(ISSUED) / 1000],
  );
  assert.ok(bundle);
  const { doses, tests, unread } = readHealthRecord(bundle);
  assert.deepEqual(
    doses.map(({ date, codes, performers }) => [date, codes.cvx, performers]),
    [['2021-02-01', ['208'], ['Pharmacy']]],
  );
  assert.deepEqual(
    tests.map(({ at, codes, result }) => [at, codes.loinc, result]),
    [[Date.parse('2021-02-02T08:00:00-05:00') / 1000, ['94500-6'], 'positive']],
  );
  assert.deepEqual(unread, { doses: 0, tests: 0 });
});

test('what a dose or a result says of itself besides is in the record, so that the normaliser sees it', () => {
  const { bundle } = card({
    birthDate: null,
    doses: [
      { date: '2021-02-01', code: 'cvx|208', status: 'entered-in-error' },
      { date: '2021-02-01', code: 'cvx|208', subpotent: true },
      { date: '2021', code: 'cvx|208' },
      { date: '2021-03-01', code: 'urn:nowhere|208' },
    ],
    tests: [
      { at: '2021-02-02', code: 'loinc|94500-6', result: 'negative', status: 'preliminary' },
      { at: '2021-02-03', code: 'loinc|94500-6', result: 'inconclusive' },
    ],
  });
  assert.ok(bundle);
  const { doses, tests, unread } = readHealthRecord(bundle);
  assert.deepEqual(
    doses.map(({ codes }) => codes.other),
    [['urn:nowhere|208']],
  );
  assert.deepEqual(
    tests.map(({ date, result }) => [date, result]),
    [['2021-02-03', 'other']],
  );
  assert.deepEqual(unread, { doses: 1, tests: 0 });
});

test('a Pass and a bundle as it is are cards, too', () => {
  const passed = read({
    card: { profile: 'pass', passType: 'pcr', issued: ISSUED, birthDate: '1980-02-29' },
  });
  assert.deepEqual([passed.card.form, passed.card.passType, passed.card.bundle], ['pass', 'pcr', undefined]);
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: { resourceType: 'Patient' } }],
  };
  assert.deepEqual(read({ card: { profile: 'pass-plus', issued: ISSUED, bundle } }).card.bundle, bundle);
});

test('attestations become the bits that the registry has', () => {
  const attested = ['vaccine-policy', 'print-and-digital-access', 'vaccine-policy'];
  const { issuer } = read({ issuer: { jurisdiction: 'US-NJ', attested } });
  assert.deepEqual(issuer, { jurisdiction: { code: 'US-NJ' }, issuer: { attestations: 0b101 } });
});

test('whatever is misspelt, left out or too much is refused, and where', () => {
  const dose = { date: '2021-02-01', code: 'cvx|208' };
  const plus = { profile: 'pass-plus', issued: ISSUED, birthDate: null };
  for (const [change, path] of [
    [{ at: '2021-03-15T00:00:00' }, 'tests.0.at'],
    [{ event: '2021-03-15' }, 'tests.0.event'],
    [{ evnt: null }, 'tests.0.evnt'],
    [{ expect: 'maybe' }, 'tests.0.expect'],
    [{ expect: 'met', rule: 'VR-US-NO-0001' }, 'tests.0.rule'],
    [{ expect: 'undetermined', remedy: 'Something.' }, 'tests.0.rule'],
    [{ issuer: { jurisdiction: 'US-NO', attested: ['vaccines'] } }, 'tests.0.issuer.attested.0'],
    [{ card: { ...plus, doses: [{ ...dose, dat: '2021' }] } }, 'tests.0.card.doses.0.dat'],
    [{ card: { ...plus, doses: [{ date: '2021' }] } }, 'tests.0.card.doses.0.code'],
    [{ card: { ...plus, doses: [{ ...dose, subpotent: 'true' }] } }, 'tests.0.card.doses.0.subpotent'],
    [{ card: { ...plus, test: [] } }, 'tests.0.card.test'],
    [
      { card: { ...plus, tests: [{ at: '2021', code: 'loinc|1', result: 'none' }] } },
      'tests.0.card.tests.0.result',
    ],
    [{ card: { profile: 'pass', passType: 'pcr', issued: ISSUED, birthDate: '1980-02-30' } }, 'tests.0.card'],
    [{ card: { profile: 'pass-plus', issued: ISSUED, bundle: {} } }, 'tests.0.card.bundle'],
    [{ card: { ...plus, bundle: {} } }, 'tests.0.card.birthDate'],
  ] as const) {
    assert.equal(refusedAt(change), path, JSON.stringify(change));
  }
});

test('two tests have two names, and a file has at least one', () => {
  const draft = draftTests();
  const [first] = draft.tests;
  assert.throws(() => readRuleTests({ ...draft, tests: [first, first] }), ShapeError);
  assert.throws(() => readRuleTests({ ...draft, tests: [] }), ShapeError);
  assert.throws(() => readRuleTests({ ...draft, set: 'ENTRY' }), ShapeError);
});
