import assert from 'node:assert/strict';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { IssuerStore } from '../../../agent/issuer-store.ts';
import { patientOf } from '../../../agent/records/candidate.ts';
import { loadRecords, type LoadReport } from '../../../agent/records/load-records.ts';
import { RECORD_COLUMNS } from '../../../agent/records/record-row.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import { assertIssuable } from '../../../credential/fhir-bundle.ts';
import { KDF_COST, NOW, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';
import { registryRecord } from './people.ts';
import { storeTerms } from '../store/places.ts';

async function makeStore(t: TestContext): Promise<{ store: IssuerStore; dir: string }> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  return { store, dir };
}

async function load(
  t: TestContext,
  store: IssuerStore,
  content: string | Uint8Array,
  format: 'ndjson' | 'csv' = 'ndjson',
): Promise<LoadReport> {
  const path = join(await temporaryFolder(t), 'records');
  await writeFile(path, content);
  const file = await open(path);
  try {
    return await loadRecords(store, { file, format, source: 'New York', now: NOW + 7 * 86_400 });
  } finally {
    await file.close();
  }
}

const find = (store: IssuerStore, family: string, given: string, birthDate: string) =>
  new RecordTable(store).source('New York').find({ family, given, birthDate }, AbortSignal.timeout(20_000));

const good = { name: [{ family: 'Canary-Núñez', given: ['Zoë'] }], birthDate: '1980-02-29' };
const lines = (...records: readonly unknown[]): string =>
  records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join('\n');
const csv = (...rows: readonly Partial<Record<(typeof RECORD_COLUMNS)[number], string>>[]): string =>
  [RECORD_COLUMNS, ...rows.map((row) => RECORD_COLUMNS.map((column) => row[column] ?? ''))]
    .map((cells) =>
      cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','),
    )
    .join('\r\n');

test('a file of bundles is loaded, each refused line with its reason and number, and read again changes nothing', async (t) => {
  const { store } = await makeStore(t);
  const text = lines(
    registryRecord(1, good),
    '{"resourceType":',
    '',
    registryRecord(2, { birthDate: '1880-01-01' }),
    registryRecord(3, { ...good, id: undefined, identifier: undefined }),
    { resourceType: 'Bundle', type: 'collection', entry: [] },
    registryRecord(1, good),
    registryRecord(4, { birthDate: '1990-01-01', name: [{}] }),
  );
  const report = await load(t, store, text);
  assert.deepEqual(report, {
    source: 'New York',
    taken: 1,
    changed: 0,
    unchanged: 0,
    duplicates: 1,
    withdrawn: 0,
    refused: {
      LINE_NOT_JSON: { persons: 1, lines: [2] },
      DATE_IMPLAUSIBLE: { persons: 1, lines: [4] },
      IDENTIFIER_MISSING: { persons: 1, lines: [5] },
      BUNDLE_MALFORMED: { persons: 1, lines: [6] },
      PATIENT_UNNAMED: { persons: 1, lines: [8] },
    },
  });
  const again = await load(t, store, text);
  assert.deepEqual({ ...again, taken: 1, unchanged: 0 }, report);
  assert.equal(again.unchanged, 1);
});

test('a loaded person is found by name and birth date, and by nothing else', async (t) => {
  const { store } = await makeStore(t);
  await load(t, store, lines(registryRecord(1, good), registryRecord(2, { birthDate: '1980-02-29' })));
  const [found, ...more] = await find(store, 'canary nunez', 'ZOE', '1980-02-29');
  assert.ok(found !== undefined && more.length === 0);
  assertIssuable(found.bundle);
  assert.equal(found.source, 'New York');
  assert.deepEqual(Object.keys(patientOf(found.bundle)), ['resourceType', 'name', 'birthDate']);
  assert.equal(found.contacts[0]?.value, '+12125550001');
  assert.deepEqual(await find(store, 'canary nunez', 'ZOE', '1980-02-28'), []);
  assert.deepEqual(await find(store, 'canary nune', 'ZOE', '1980-02-29'), []);
  const other = new RecordTable(store).source('New');
  assert.deepEqual(
    await other.find(
      { family: 'canary nunez', given: 'zoe', birthDate: '1980-02-29' },
      AbortSignal.timeout(9000),
    ),
    [],
  );
});

test('a changed record replaces the old one, under another birth date too', async (t) => {
  const { store } = await makeStore(t);
  await load(t, store, lines(registryRecord(1, good)));
  const report = await load(t, store, lines(registryRecord(1, { ...good, birthDate: '1980-03-01' })));
  assert.equal(report.changed, 1);
  assert.deepEqual(await find(store, 'Canary Núñez', 'Zoë', '1980-02-29'), []);
  assert.equal((await find(store, 'Canary Núñez', 'Zoë', '1980-03-01')).length, 1);
});

test('of two records of one identifier neither is believed', async (t) => {
  const { store } = await makeStore(t);
  const other = registryRecord(1, { ...good, name: [{ family: 'Byron', given: ['Ada'] }] });
  for (let time = 0; time < 2; time++) {
    const report = await load(t, store, lines(registryRecord(1, good), other, other));
    assert.deepEqual([report.taken, report.changed, report.withdrawn], [1, 0, 1]);
    assert.deepEqual(report.refused.IDENTIFIER_REPEATED, { persons: 2, lines: [2, 3] });
    assert.deepEqual(await find(store, 'Canary Núñez', 'Zoë', '1980-02-29'), []);
    assert.deepEqual(await find(store, 'Byron', 'Ada', '1980-02-29'), []);
  }
});

test('nothing of a person stands in the store in clear', async (t) => {
  const { store, dir } = await makeStore(t);
  await load(t, store, lines(...Array.from({ length: 40 }, (_, at) => registryRecord(at, good))));
  const files = await readdir(join(dir, 'store'));
  const bytes = Buffer.concat(await Promise.all(files.map((file) => readFile(join(dir, 'store', file)))));
  assert.ok(bytes.length > 20_000);
  for (const canary of [
    'Canary',
    'Zoë',
    '1980-02-29',
    '2125550001',
    'mail.example',
    'Immunization',
    '10001',
  ]) {
    assert.ok(!bytes.includes(canary), canary);
  }
  assert.equal(await new RecordTable(store).drop('New York'), 40);
  assert.deepEqual(await find(store, 'Canary Núñez', 'Zoë', '1980-02-29'), []);
});

const person = {
  identifier: '7',
  family: 'O’Brien, "Bri"',
  given: 'Zoë',
  middle: 'Ann',
  otherFamily: '陳',
  otherGiven: '小明',
  birthDate: '1980-02-29',
  postalCode: '10001-1234',
  phone: '(212) 555-0101',
  email: 'zoe@mail.example.org',
};
const dose = { ...person, event: 'immunization', code: '208', date: '2021-03-01', lot: 'EL1' };

test('a CSV file gives a record for each person, with all rows and both scripts', async (t) => {
  const { store } = await makeStore(t);
  const pcr = {
    ...person,
    event: 'test',
    code: '94500-6',
    date: '2026-11-20T09:15:00-05:00',
    result: 'negative',
  };
  const report = await load(
    t,
    store,
    `\uFEFF${csv(dose, { ...dose, date: '2021-03-22' }, pcr, { ...dose, identifier: '8', family: 'Kim', otherFamily: '', otherGiven: '' })}`,
    'csv',
  );
  assert.equal(report.taken, 2);
  assert.deepEqual(report.refused, {});
  const [found] = await find(store, '陳', '小明', '1980-02-29');
  assert.equal(found?.bundle.entry.length, 4);
  assert.deepEqual(found.postalCodes, ['10001']);
  assert.deepEqual(
    found.contacts.map(({ value }) => value),
    ['+12125550101', 'zoe@mail.example.org'],
  );
  assert.equal((await find(store, 'obrien bri', 'zoe ann', '1980-02-29')).length, 1);
});

test('a row that is wrong takes its person with it, and one that cannot be read its neighbours', async (t) => {
  const { store } = await makeStore(t);
  const of = (identifier: string, more: object = {}): typeof dose => ({ ...dose, identifier, ...more });
  const broken = csv(
    of('1'),
    of('1'),
    of('2'),
    of('2', { event: 'visit' }),
    of('3'),
    of('3', { birthDate: '1980-03-01' }),
    of(''),
    of('4'),
    of('9'),
  )
    .split('\r\n')
    .toSpliced(9, 0, 'too,few');
  const report = await load(t, store, broken.join('\r\n'), 'csv');
  assert.equal(report.taken, 1);
  assert.deepEqual(report.refused, {
    EVENT_UNKNOWN: { persons: 1, lines: [5] },
    ROWS_DIFFER: { persons: 1, lines: [7] },
    IDENTIFIER_MISSING: { persons: 1, lines: [8] },
    ROW_MALFORMED: { persons: 2, lines: [10, 10] },
  });
});

test('rows of a person apart from each other leave no half a record', async (t) => {
  const { store } = await makeStore(t);
  const report = await load(
    t,
    store,
    csv(dose, { ...dose, identifier: '8' }, { ...dose, date: '2021-03-22' }),
    'csv',
  );
  assert.equal(report.withdrawn, 1);
  assert.deepEqual(report.refused.IDENTIFIER_REPEATED?.lines, [4]);
});

test('another header, an unended quotation and bytes that are no UTF-8 are not guessed at', async (t) => {
  const { store } = await makeStore(t);
  for (const header of ['', 'a,b,c', csv(dose).replace('middle,', ''), csv(dose).replace('lot', 'batch')]) {
    await assert.rejects(load(t, store, header, 'csv'), { code: 'RECORDS_INVALID' });
  }
  const latin = Buffer.from(csv({ ...dose, family: 'Núñez' }), 'latin1');
  assert.deepEqual((await load(t, store, latin, 'csv')).refused.ROW_NOT_UTF8?.lines, [2]);
  const unended = `${csv(dose)}\r\n8,"Kim${',x'.repeat(100_000)}\n`;
  const report = await load(t, store, unended, 'csv');
  assert.equal(report.taken, 0);
  assert.ok((report.refused.ROW_MALFORMED?.persons ?? 0) >= 1);
});

test('a line too long for any person is passed over', async (t) => {
  const { store } = await makeStore(t);
  const report = await load(t, store, lines('x'.repeat(6_000_000), registryRecord(1, good)));
  assert.deepEqual(report.refused, { LINE_TOO_LONG: { persons: 1, lines: [1] } });
  assert.equal(report.taken, 1);
});
