import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { IssuerStore } from '../../../agent/issuer-store.ts';
import { patientOf } from '../../../agent/records/candidate.ts';
import { fhirSource } from '../../../agent/records/fhir-source.ts';
import { findPatient, patientSources } from '../../../agent/records/find-patient.ts';
import { loadRecords } from '../../../agent/records/load-records.ts';
import type { PatientRecord, RecordSource } from '../../../agent/records/record-source.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import { assertIssuable } from '../../../credential/fhir-bundle.ts';
import { KDF_COST, NOW, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';
import { registryRecord } from './people.ts';
import { registryServer, send } from './registry-server.ts';

const records = [registryRecord(1), registryRecord(2), registryRecord(3, { active: false })];
const idOf = (at: number): string => `p-000${at + 1}`;
const byId = async (source: RecordSource, id: string): Promise<PatientRecord | undefined> =>
  source.byId?.(id, AbortSignal.timeout(20_000));

/** Records loaded under a name into a store of its own. */
async function loaded(t: TestContext, patients: readonly Record<string, unknown>[]): Promise<RecordTable> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  const path = join(await temporaryFolder(t), 'records');
  await writeFile(path, patients.map((each, at) => JSON.stringify(registryRecord(at + 1, each))).join('\n'));
  const file = await open(path);
  try {
    await loadRecords(store, { file, format: 'ndjson', source: 'NY', now: NOW + 7 * 86_400 });
  } finally {
    await file.close();
  }
  return new RecordTable(store);
}

test('a FHIR server gives the one patient of an id, whole, and the id stands in no address', async (t) => {
  const { base, asked } = await registryServer(t, records, { pageSize: 2 });
  const found = await byId(fhirSource({ name: 'NY', base }), idOf(0));
  assert.ok(found !== undefined);
  assertIssuable(found.bundle);
  assert.deepEqual(Object.keys(patientOf(found.bundle)), ['resourceType', 'name', 'birthDate']);
  assert.equal(found.bundle.entry.length, records[0]?.entry.length);
  assert.equal(found.origins.length, found.bundle.entry.length);
  for (const { path } of asked) assert.ok(!path.includes(idOf(0)));
});

test('nobody, somebody merged into another, and what is no id are nobody, and of the last no server is asked', async (t) => {
  const { base, asked } = await registryServer(t, records);
  const source = fhirSource({ name: 'NY', base });
  for (const id of ['nobody', idOf(2)]) assert.equal(await byId(source, id), undefined, id);
  const before = asked.length;
  for (const id of ['', 'a b', '*', `${idOf(0)},${idOf(1)}`, '../Patient', 'a'.repeat(65)])
    assert.equal(await byId(source, id), undefined, id);
  assert.equal(asked.length, before);
});

test('a server that gives somebody else, or everybody, has not answered', async (t) => {
  for (const entry of [records.slice(1, 2), records]) {
    const { base } = await registryServer(t, records, {
      intercept: ({ parameters }, response) => {
        if (!parameters.has('_id')) return false;
        const found = entry.map((record) => ({ resource: record.entry[0]?.resource }));
        send(response, 200, { resourceType: 'Bundle', type: 'searchset', entry: found });
        return true;
      },
    });
    await assert.rejects(byId(fhirSource({ name: 'NY', base }), idOf(0)), { code: 'SOURCE_ANSWER_INVALID' });
  }
});

test('resources are linked under the address that others know, and under no other', async (t) => {
  const { base } = await registryServer(t, records);
  const hidden = await byId(fhirSource({ name: 'NY', base }), idOf(0));
  assert.ok(hidden?.origins.every(({ hosted }) => hosted === undefined));
  const known = await byId(
    fhirSource({ name: 'NY', base, publicBase: 'https://fhir.ny.example/r4' }),
    idOf(0),
  );
  assert.equal(known?.origins[0]?.hosted, `https://fhir.ny.example/r4/Patient/${idOf(0)}`);
  for (const publicBase of ['http://fhir.ny.example/', 'javascript:alert(1)', 'fhir'])
    assert.throws(() => fhirSource({ name: 'NY', base, publicBase }), { code: 'SOURCE_INVALID' });
});

test('a loaded record is known by an identifier without a system, by one of the system that is said, or by its id', async (t) => {
  const table = await loaded(t, [
    { id: 'x', identifier: [{ value: 'N-1' }] },
    { id: 'y', identifier: [{ system: 'https://ny.example/mrn', value: 'N-2' }] },
    { id: 'N-3', identifier: undefined },
  ]);
  const plain = table.source('NY');
  const ofSystem = table.source('NY', { identifierSystem: 'https://ny.example/mrn' });
  const found = async (source: RecordSource): Promise<readonly boolean[]> =>
    Promise.all(['N-1', 'N-2', 'N-3', 'x', 'y'].map(async (id) => (await byId(source, id)) !== undefined));
  assert.deepEqual(await found(plain), [true, false, true, false, false]);
  assert.deepEqual(await found(ofSystem), [false, true, false, false, false]);
  assert.deepEqual(await found(table.source('Vermont')), [false, false, false, false, false]);
});

test('one id of two loaded persons is nobody’s, and a record that was withdrawn is gone', async (t) => {
  const twice = await loaded(t, [
    { id: 'x', identifier: [{ value: 'N-1' }] },
    { id: 'N-1', identifier: undefined },
  ]);
  await assert.rejects(byId(twice.source('NY'), 'N-1'), { code: 'PATIENT_AMBIGUOUS' });
  const differing = await loaded(t, [
    { identifier: [{ value: 'N-1' }] },
    { identifier: [{ value: 'N-1' }], birthDate: '1970-01-01' },
  ]);
  assert.equal(await byId(differing.source('NY'), 'N-1'), undefined);
});

test('all registries that know ids have to answer, and to agree on who is meant', async (t) => {
  const { base } = await registryServer(t, records);
  const own = fhirSource({ name: 'NY', base });
  const nameless: RecordSource = { name: 'No ids', find: async () => Promise.resolve([]) };
  const silent: RecordSource = { ...nameless, byId: () => new Promise(() => {}) };
  const broken: RecordSource = { ...nameless, byId: async () => Promise.reject(new Error('x')) };
  const ask = async (...sources: readonly RecordSource[]): Promise<PatientRecord | undefined> =>
    findPatient(patientSources(sources), idOf(0), 20_000);
  assert.ok((await ask(own, nameless)) !== undefined);
  assert.equal(await ask(nameless), undefined);
  await assert.rejects(ask(own, own), { code: 'PATIENT_AMBIGUOUS' });
  await assert.rejects(findPatient(patientSources([own, silent]), idOf(0), 50), { code: 'SOURCE_TIMEOUT' });
  await assert.rejects(ask(own, broken), { code: 'SOURCE_FAILED' });
});
