import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import { bulkFixture, outcomesIn } from './bulk-fixture.ts';
import { makeIssuer, NOW } from './issuer-fixture.ts';
import { dose, NEW_YORK, record, result } from './records.ts';

/** A whole series with whatever the second dose says besides. */
function series(more: Record<string, unknown> = {}): FhirBundle {
  return record(dose('2026-03-01'), dose('2026-04-01', '208', more));
}

/** A record whose Patient says more. */
function of(patient: Record<string, unknown>, bundle = series()): FhirBundle {
  const [first, ...rest] = bundle.entry;
  assert.ok(first);
  return { ...bundle, entry: [{ ...first, resource: { ...first.resource, ...patient } }, ...rest] };
}

const display = (name: string): object => ({ performer: [{ actor: { display: name } }] });
const coding = (system: string, code: string): object => ({ vaccineCode: { coding: [{ system, code }] } });

/** What may not be signed as a Plus, or as a copy of the record. */
const REFUSED: readonly (readonly [string, string, FhirBundle])[] = [
  ['a lot that is not known', 'PLACEHOLDER', series({ lotNumber: 'UNKNOWN' })],
  ['the lot of a test', 'PLACEHOLDER', series({ lotNumber: 'Test' })],
  ['a lot of zeros', 'PLACEHOLDER', series({ lotNumber: '0000' })],
  ['a performer that is a dummy', 'PLACEHOLDER', series({ ...display('dummy') })],
  ['a vaccine that is unknown', 'PLACEHOLDER', record(dose('2026-04-01', '999'), ...series().entry.slice(1))],
  ['a name that is a placeholder', 'PLACEHOLDER', of({ name: [{ family: 'Unknown', given: ['N.'] }] })],
  ['a numbered dose', 'PROFILE_BROKEN', series({ protocolApplied: [{ doseNumberPositiveInt: 2 }] })],
  ['an empty value', 'PROFILE_BROKEN', series({ lotNumber: '' })],
];

for (const [what, code, bundle] of REFUSED) {
  test(`nothing is signed with ${what}, as a copy or as a product`, async (t) => {
    const { issuer, kid } = await makeIssuer(t);
    await issuer.policy.say(NEW_YORK);
    await assert.rejects(issuer.issuePlus(bundle, { now: NOW }), { code });
    await assert.rejects(issuer.issueProduct('vaccination-plus', bundle, { now: NOW }), { code });
    assert.equal(issuer.issuedCount(kid), 0);
  });
}

for (const [what, code, bundle] of [
  ['a code system of nobody', 'PLACEHOLDER', series({ ...coding('http://example.org/vaccines', '1') })],
  ['a code of no system of vaccines', 'PROFILE_BROKEN', series({ ...coding('urn:oid:1.2', '1') })],
  ['the number of the person', 'NOT_MINIMAL', of({ identifier: [{ value: '078-05-1120' }] })],
  ['the address of the person', 'NOT_MINIMAL', of({ address: [{ city: 'Albany' }] })],
  ['a dose that was struck out', 'PROFILE_BROKEN', series({ status: 'entered-in-error' })],
  ['a dose without a full date', 'PROFILE_BROKEN', series({ occurrenceDateTime: '2026' })],
  [
    'a subpotent dose in the future',
    'DATE_IMPLAUSIBLE',
    series({ occurrenceDateTime: '2027-01-01', isSubpotent: true }),
  ],
] as const) {
  test(`no copy of a record is signed with ${what}`, async (t) => {
    const { issuer, kid } = await makeIssuer(t);
    await assert.rejects(issuer.issuePlus(bundle, { now: NOW }), { code });
    assert.equal(issuer.issuedCount(kid), 0);
  });
}

test('a Plus says of the person name and date of birth, whatever the record says', async (t) => {
  const { issuer } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const whole = of({
    identifier: [{ value: '078-05-1120' }],
    gender: 'female',
    address: [{ city: 'Albany' }],
    telecom: [{ value: '555-0100' }],
    photo: [{ url: 'https://example.org/p' }],
  });
  const { jws } = await issuer.issueProduct('vaccination-plus', whole, { now: NOW });
  const text = inflateRawSync(Buffer.from(jws.split('.')[1] ?? '', 'base64url')).toString('utf8');
  for (const word of ['078-05', 'female', 'Albany', '555-0100', 'photo'])
    assert.ok(!text.includes(word), word);
});

test('people who bear a rare name, real lots and records with a dose struck out get their products', async (t) => {
  const { issuer } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  for (const [family, given] of [
    ['Null', 'Christopher'],
    ['Na', 'Jun'],
    ['Test', 'Mario'],
    ['Example', 'Nora'],
  ] as const) {
    const named = of({ name: [{ family, given: [given] }] }, series({ lotNumber: '0000001' }));
    for (const product of ['vaccination-pass', 'vaccination-plus'] as const) {
      await issuer.issueProduct(product, named, { now: NOW });
    }
  }
  const struck = dose('2026-03-04', '208', { status: 'entered-in-error', lotNumber: 'UNKNOWN' });
  const bundle = record(...series().entry.slice(1), struck);
  await issuer.issueProduct('vaccination-plus', bundle, { now: NOW });
});

test('the claims of a Pass are held to what can be true of somebody', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const claims = {
    holder: undefined,
    name: { family: 'Nobody', given: ['Nora'] },
    birthDate: '1980-02-29',
    passType: 'pcr',
    exp: NOW + 60,
  } as const;
  for (const [code, more] of [
    ['DATE_IMPLAUSIBLE', { birthDate: '2027-01-01' }],
    ['DATE_IMPLAUSIBLE', { birthDate: '1899-12-31' }],
    ['PATIENT_UNNAMED', { name: { family: '', given: [] } }],
    ['PATIENT_UNNAMED', { name: { family: '\u200b', given: [' '] } }],
    ['PLACEHOLDER', { name: { family: 'unknown', given: [] } }],
    ['CREDENTIAL_INVALID', { exp: NOW }],
    ['CREDENTIAL_INVALID', { exp: Number.NaN }],
  ] as const) {
    await assert.rejects(
      issuer.issuePass({ ...claims, ...more }, { now: NOW }),
      { code },
      JSON.stringify(more),
    );
  }
  assert.equal(issuer.issuedCount(kid), 0);
  await issuer.issuePass(claims, { now: NOW });
});

test('a bulk refuses by the same lint, line by line', async (t) => {
  const lines = [
    series(),
    series({ lotNumber: 'n/a' }),
    of({ name: [{ family: 'Unknown' }] }),
    of({ birthDate: '1899-01-01' }),
    record(result('pcr', '2026-11-22')),
  ];
  const { bulk, out } = await bulkFixture(t, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await bulk({ product: 'vaccination-plus' });
  const { cards, refused } = await outcomesIn(out);
  assert.deepEqual(
    [cards.map(({ line }) => line), refused.map(({ line, reason }) => [line, reason])],
    [
      [1],
      [
        [2, 'PLACEHOLDER'],
        [3, 'PLACEHOLDER'],
        [4, 'DATE_IMPLAUSIBLE'],
        [5, 'NO_ACCEPTED_DOSE'],
      ],
    ],
  );
});
