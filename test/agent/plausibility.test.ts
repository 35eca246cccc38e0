import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimiseBundle, parseBundle, type FhirBundle } from '../../credential/fhir-bundle.ts';
import { countingPolicy } from '../../agent/issuance-policy.ts';
import { assertPlausible } from '../../agent/plausibility.ts';
import { PLAUSIBILITY_LIMITS, readPlausibilityLimits } from '../../agent/plausibility-limits.ts';
import { bulkFixture, outcomesIn } from './bulk-fixture.ts';
import { makeIssuer, NOW } from './issuer-fixture.ts';
import { dose, NEW_YORK, newYork, record, result } from './records.ts';

const DAY = 86_400;
const series = record(dose('2026-09-01'), dose('2026-09-22'));

/** A record whose Patient says more. */
function of(patient: Record<string, unknown>, bundle: FhirBundle = series): FhirBundle {
  const [first, ...rest] = bundle.entry;
  assert.ok(first);
  return { ...bundle, entry: [{ ...first, resource: { ...first.resource, ...patient } }, ...rest] };
}

const named = (family: string, ...given: readonly string[]): FhirBundle => of({ name: [{ family, given }] });
const held = (bundle: FhirBundle): void =>
  assertPlausible(minimiseBundle(parseBundle(bundle)), newYork(), NOW);

const IMPLAUSIBLE: readonly (readonly [string, string, FhirBundle])[] = [
  ['somebody older than anybody', 'BORN_TOO_LONG_AGO', of({ birthDate: '1901-11-22' })],
  ['a name of digits', 'NAME_WITHOUT_LETTERS', named('12345')],
  ['a name of symbols', 'NAME_WITHOUT_LETTERS', named('Nobody', '***')],
  ['a name of pictures', 'NAME_WITHOUT_LETTERS', named('🐭🐭', 'Mickey')],
  ['Comirnaty before it was', 'DOSE_BEFORE_VACCINE', record(dose('2020-12-01'), dose('2021-03-01'))],
  ['the bivalent one before it was', 'DOSE_BEFORE_VACCINE', record(dose('2022-08-30', '300'))],
  ['any vaccine before there was one', 'DOSE_BEFORE_VACCINE', record(dose('2020-06-24', '510'))],
  [
    'a dose in each of twenty-one weeks',
    'TOO_MANY_DOSES',
    record(
      ...Array.from({ length: 21 }, (_, week) =>
        dose(new Date((NOW - 7 * DAY * (week + 1)) * 1000).toISOString().slice(0, 10)),
      ),
    ),
  ],
];

for (const [what, reason, bundle] of IMPLAUSIBLE) {
  test(`a record with ${what} is true of nobody`, () => {
    assert.throws(() => held(bundle), { code: 'NOT_PLAUSIBLE', reason });
  });
}

test('what can be true is let through: the oldest, short names in every script, a flu shot of long ago', () => {
  held(of({ birthDate: '1901-11-23' }));
  held(named('O', 'Å.'));
  held(named('王', '小明'));
  held(named('कमल'));
  held(record(dose('2020-12-02'), dose('2021-03-01')));
  held(record(dose('1985-05-05', '03'), ...series.entry.slice(1)));
});

test('a code without a day of its own is as old as its product', () => {
  const valueSet = JSON.parse(NEW_YORK.valueSet) as { readonly vaccines: { readonly codes: string[] }[] };
  valueSet.vaccines[0]?.codes.push('snomed|28581000087106');
  const policy = countingPolicy({ ...NEW_YORK, valueSet: JSON.stringify(valueSet) });
  const code = { vaccineCode: { coding: [{ system: 'http://snomed.info/sct', code: '28581000087106' }] } };
  const given = (date: string): void =>
    assertPlausible(minimiseBundle(parseBundle(record(dose(date, '', code)))), policy, NOW);
  given('2020-12-02');
  assert.throws(() => given('2020-12-01'), { reason: 'DOSE_BEFORE_VACCINE' });
});

test('a jurisdiction says its own limits, and all of them', async (t) => {
  const { issuer } = await makeIssuer(t);
  const trial = { ...PLAUSIBILITY_LIMITS, vaccinesFrom: { 'cvx|208': '2020-07-27' } };
  await issuer.policy.say({ ...NEW_YORK, limits: readPlausibilityLimits(trial) });
  const { limits } = await issuer.policy.counting();
  assert.deepEqual(limits, trial);
  const early = minimiseBundle(parseBundle(record(dose('2020-08-01'), dose('2020-08-22'))));
  assertPlausible(early, countingPolicy({ ...NEW_YORK, limits }), NOW);
  const { maxDoses: _, ...less } = PLAUSIBILITY_LIMITS;
  for (const wrong of [
    {},
    less,
    { ...trial, more: 1 },
    { ...trial, maxDoses: 0 },
    { ...trial, earliestDose: '2020' },
  ]) {
    assert.throws(() => readPlausibilityLimits(wrong), { name: 'ShapeError' });
  }
});

test('one person gets no more than five live cards of a product in a day, however many ask at once', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const issue = async (terms: object = {}): Promise<string> =>
    (await issuer.issueProduct('vaccination-pass', series, { now: NOW, ...terms })).id;
  const tries = await Promise.allSettled(Array.from({ length: 8 }, async () => issue()));
  const ids = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  assert.equal(ids.length, 5);
  for (const one of tries) {
    if (one.status === 'rejected')
      assert.equal((one.reason as { readonly reason: string }).reason, 'TOO_MANY_CARDS');
  }
  assert.equal(issuer.issuedCount(kid), 5);
  const [first = '', second = ''] = ids;
  // Another product, another person, and what takes the place of one are no more of them.
  await issuer.issueProduct('vaccination-plus', series, { now: NOW });
  await issuer.issueProduct('vaccination-pass', named('Somebody'), { now: NOW });
  await issue({ replaces: first });
  await assert.rejects(issue(), { code: 'NOT_PLAUSIBLE' });
  await issuer.revoke(second);
  await issue();
  await assert.rejects(issue(), { code: 'NOT_PLAUSIBLE' });
});

test('over a month it is ten, and tests that are over do not count', async (t) => {
  const { issuer } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  for (let day = 0; day < 10; day++) {
    await issuer.issueProduct('vaccination-pass', series, { now: NOW + day * DAY });
  }
  const after = { now: NOW + 10 * DAY };
  await assert.rejects(issuer.issueProduct('vaccination-pass', series, after), { code: 'NOT_PLAUSIBLE' });
  await issuer.issueProduct('vaccination-pass', series, { now: NOW + 31 * DAY });
  for (let day = 0; day < 12; day++) {
    const now = NOW + day * DAY;
    const today = new Date((now - 3600) * 1000).toISOString();
    await issuer.issueProduct('antigen-pass', record(result('antigen', today)), { now });
  }
});

test('a bulk refuses the lines that are true of nobody, each with its reason', async (t) => {
  const lines = [series, named('12345'), record(dose('2020-12-01'), dose('2021-03-01'))];
  const { bulk, out } = await bulkFixture(t, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await bulk();
  const { cards, refused } = await outcomesIn(out);
  assert.deepEqual(
    [cards.map(({ line }) => line), refused.map(({ line, reason }) => [line, reason])],
    [
      [1],
      [
        [2, 'NAME_WITHOUT_LETTERS'],
        [3, 'DOSE_BEFORE_VACCINE'],
      ],
    ],
  );
});
