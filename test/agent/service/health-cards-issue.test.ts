import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SHCReader } from 'kill-the-clipboard';
import { fhirSource } from '../../../agent/records/fhir-source.ts';
import { loadRecords } from '../../../agent/records/load-records.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import { CARD_PARAMETERS } from '../../../agent/service/fhir-parameters.ts';
import type { FhirBundle, FhirEntry, FhirResource } from '../../../credential/fhir-bundle.ts';
import { isJsonObject } from '../../../credential/json.ts';
import type { IssuerStore } from '../../../agent/issuer-store.ts';
import { createLog } from '../../../verifier/http/request-log.ts';
import { NOW, temporaryFolder, type IssuerFixture } from '../issuer-fixture.ts';
import { dose, record, result } from '../records.ts';
import { registryServer, send, type Intercept } from '../records/registry-server.ts';
import { cardService, problemOf, type CardService } from './card-service.ts';

const TYPE = 'https://smarthealth.cards#health-card';
const TERMINOLOGY = 'https://terminology.smarthealth.cards/ValueSet';

/** Somebody with two doses and a PCR test of yesterday, as a registry has them. */
function patient(id: string, more: readonly FhirEntry[] = [], born = '1980-02-29'): FhirBundle {
  const { entry, ...rest } = record(
    dose('2026-09-01', '208', { id: 'dose-1', meta: { lastUpdated: '2026-09-01T12:00:00Z' } }),
    dose('2026-09-22', '208', { id: 'dose-2', meta: { lastUpdated: '2026-10-10T12:00:00Z' } }),
    ...more,
  );
  const [person, ...facts] = entry;
  assert.ok(person);
  const resource: FhirResource = {
    ...person.resource,
    id,
    birthDate: born,
    telecom: [{ system: 'phone', value: '5550100' }],
  };
  return { ...rest, entry: [{ ...person, resource }, ...facts] };
}

const TEST = ((): FhirEntry => {
  const entry = result('pcr', '2026-11-22T10:00:00Z');
  return { resource: { ...entry.resource, id: 'test-1' } };
})();

interface Issuing extends CardService {
  readonly key: Record<string, string>;
  readonly ask: (id: string, parameter: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** The cards of an answer, and its links. */
  readonly cards: (id: string, parameter: unknown, headers?: Record<string, string>) => Promise<Cards>;
}

interface Cards {
  readonly jws: readonly string[];
  readonly links: readonly Readonly<Record<string, unknown>>[];
  readonly body: unknown;
}

const type = (valueUri: string): object => ({ name: 'credentialType', valueUri });
const since = (valueDateTime: string): object => ({ name: '_since', valueDateTime });
const valueSet = (name: string): object => ({
  name: 'credentialValueSet',
  valueUri: `${TERMINOLOGY}/${name}`,
});

async function issuing(
  t: TestContext,
  sources: (made: IssuerFixture) => Promise<readonly RecordSource[]>,
): Promise<Issuing> {
  const service = await cardService(t, { prepare: async (made) => ({ sources: await sources(made) }) });
  const key = await service.as('issue');
  const ask: Issuing['ask'] = async (id, parameter, headers = {}) =>
    service.post(
      `/fhir/Patient/${id}/$health-cards-issue`,
      { resourceType: 'Parameters', parameter },
      { ...key, 'Content-Type': 'application/fhir+json', ...headers },
    );
  return {
    ...service,
    key,
    ask,
    cards: async (...asked) => {
      const response = await ask(...asked);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/fhir+json');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      const body = CARD_PARAMETERS.parse(await response.json());
      const { parameter = [] } = body;
      return {
        body,
        jws: parameter.flatMap((one) => (one.name === 'verifiableCredential' ? one.valueString : [])),
        links: parameter
          .filter((one) => one.name === 'resourceLink')
          .map(({ part }) =>
            Object.fromEntries(
              part.map((one) => [one.name, 'valueUri' in one ? one.valueUri : one.valueInteger]),
            ),
          ),
      };
    },
  };
}

/** A registry on a FHIR server. */
async function registry(
  t: TestContext,
  records: readonly FhirBundle[],
  { intercept, publicBase }: { readonly intercept?: Intercept; readonly publicBase?: string } = {},
): Promise<RecordSource> {
  const { base } = await registryServer(t, records, intercept === undefined ? {} : { intercept });
  return fhirSource({ name: 'State', base, ...(publicBase === undefined ? {} : { publicBase }) });
}

/** The entries of a card, as an independent reader finds them, which has held the signature against our key. */
async function entriesOf({ issuer }: CardService, jws: string): Promise<readonly FhirResource[]> {
  const key = issuer.keys()[0];
  assert.ok(key);
  const { kid, x, y } = key;
  const jwk = { kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid, x, y };
  // Our clock stands still, and its does not.
  const reader = new SHCReader({ publicKey: jwk, verifyExpiration: false });
  const { entry } = (await reader.fromJWS(jws)).getOriginalBundle() as unknown as FhirBundle;
  return entry.map(({ resource }) => resource);
}

const kinds = (resources: readonly FhirResource[]): readonly string[] =>
  resources.map(({ resourceType }) => resourceType);

test('a patient of a registry gets the cards that the record qualifies for, each readable elsewhere', async (t) => {
  const service = await issuing(t, async () => [await registry(t, [patient('p-1', [TEST])])]);
  const { jws } = await service.cards('p-1', [type(TYPE)]);
  const read = await Promise.all(jws.map(async (one) => entriesOf(service, one)));
  assert.deepEqual(read.map(kinds), [
    ['Patient', 'Immunization', 'Immunization'],
    ['Patient', 'Observation'],
  ]);
  const [person] = read[0] ?? [];
  assert.deepEqual(Object.keys(person ?? {}).toSorted(), ['birthDate', 'name', 'resourceType']);
  assert.equal(service.issuer.issuedCount(service.kid), 2);
  const entries = (await service.issuer.audit.records()).flatMap((one) => one.entries);
  const [client] = service.clients.all();
  assert.deepEqual(
    entries.flatMap((entry) => (entry.kind === 'asked-by' ? entry.client : [])),
    [client?.id, client?.id],
  );
});

test('types are asked for together: by resource, by the older names, and for what no card is nothing comes', async (t) => {
  const { cards, issuer, kid } = await issuing(t, async () => [await registry(t, [patient('p-1', [TEST])])]);
  const SHC_TYPE = 'https://smarthealth.cards';
  const FHIR_TYPE = 'http://hl7.org/fhir/StructureDefinition';
  const cases: readonly (readonly [readonly string[], number])[] = [
    [['Immunization'], 1],
    [['Observation'], 1],
    [['Patient'], 2],
    [[`${FHIR_TYPE}/Immunization`], 1],
    [['#immunization'], 1],
    [[`${SHC_TYPE}#immunization`], 1],
    [[`${SHC_TYPE}#laboratory`], 1],
    [[`${SHC_TYPE}#covid19`], 2],
    [[`${SHC_TYPE}#health-card`, `${SHC_TYPE}#covid19`, 'Immunization'], 1],
    [['Immunization', 'Observation'], 0],
    [['Immunization', 'Condition'], 0],
    [['https://smarthealth.cards#monkeypox'], 0],
    [['immunization'], 0],
    [['__proto__'], 0],
  ];
  let issued = 0;
  for (const [types, count] of cases) {
    const { jws, body } = await cards('p-1', types.map(type));
    assert.equal(jws.length, count, types.join(' and '));
    // FHIR knows no empty lists.
    if (count === 0) assert.deepEqual(body, { resourceType: 'Parameters' });
    issued += count;
  }
  assert.equal(issuer.issuedCount(kid), issued);
});

test('value sets are held against the codes of the record, and one that is not known here matches nothing', async (t) => {
  const { cards } = await issuing(t, async () => [await registry(t, [patient('p-1', [TEST])])]);
  const cases: readonly (readonly [readonly string[], number])[] = [
    [['immunization-covid-all'], 1],
    [['immunization-all-cvx'], 1],
    [['immunization-all-snomed'], 0],
    [['lab-qualitative-test-covid'], 1],
    [['immunization-covid-all', 'lab-qualitative-test-covid'], 0],
    [['immunization-orthopoxvirus-all'], 0],
    [['immunization-covid-all', 'of-my-own'], 0],
  ];
  for (const [names, count] of cases)
    assert.equal((await cards('p-1', [type(TYPE), ...names.map(valueSet)])).jws.length, count, names.join());
});

test('_since asks for what was changed or happened since, and a card is whole then', async (t) => {
  const service = await issuing(t, async () => [await registry(t, [patient('p-1', [TEST])])]);
  const cases: readonly (readonly [string, number])[] = [
    ['2021', 2],
    ['2026-09', 2],
    ['2026-10-10T12:00:00Z', 2],
    ['2026-10-10T12:00:01Z', 1],
    ['2026-11-22', 1],
    ['2026-11-22T10:00:00.000Z', 1],
    ['2026-11-22T10:00:01+00:00', 0],
    ['2027', 0],
  ];
  for (const [moment, count] of cases)
    assert.equal((await service.cards('p-1', [type(TYPE), since(moment)])).jws.length, count, moment);
  const { jws } = await service.cards('p-1', [type('Immunization'), since('2026-10')]);
  assert.deepEqual(kinds(await entriesOf(service, jws[0] ?? '')), [
    'Patient',
    'Immunization',
    'Immunization',
  ]);
});

test('a card is linked with the resources that it was made of, if the registry is known by an address', async (t) => {
  const publicBase = 'https://fhir.state.example/r4/';
  const service = await issuing(t, async () => [await registry(t, [patient('p-1', [TEST])], { publicBase })]);
  const { links, jws } = await service.cards('p-1', [type(TYPE)]);
  const link = (vcIndex: number, at: number, place: string): object => ({
    vcIndex,
    bundledResource: `resource:${at}`,
    hostedResource: `https://fhir.state.example/r4/${place}`,
  });
  assert.equal(jws.length, 2);
  assert.deepEqual(links, [
    link(0, 0, 'Patient/p-1'),
    link(0, 1, 'Immunization/dose-1'),
    link(0, 2, 'Immunization/dose-2'),
    link(1, 0, 'Patient/p-1'),
    link(1, 1, 'Observation/test-1'),
  ]);
  const unknown = await issuing(t, async () => [await registry(t, [patient('p-1')])]);
  assert.deepEqual((await unknown.cards('p-1', [type(TYPE)])).links, []);
});

test('a patient of a loaded file is known by the identifier that the file has', async (t) => {
  const csv = [
    'identifier,family,given,middle,otherFamily,otherGiven,birthDate,postalCode,phone,email,event,code,date,lot,performer,result',
    'N-1,Nobody,Nora,,,,1980-02-29,10001,,,immunization,208,2026-09-01,A1,Harbor,',
    'N-1,Nobody,Nora,,,,1980-02-29,10001,,,immunization,208,2026-09-22,A2,Harbor,',
    '',
  ].join('\n');
  const service = await issuing(t, async ({ issuer }) => {
    const path = join(await temporaryFolder(t), 'records.csv');
    await writeFile(path, csv);
    const file = await open(path);
    try {
      const store = issuer.service as IssuerStore;
      const { taken } = await loadRecords(store, { file, format: 'csv', source: 'Clinic', now: NOW });
      assert.equal(taken, 1);
      return [new RecordTable(store).source('Clinic'), new RecordTable(store).source('Other clinic')];
    } finally {
      await file.close();
    }
  });
  const { jws } = await service.cards('N-1', [type('Immunization')]);
  assert.deepEqual(kinds(await entriesOf(service, jws[0] ?? '')), [
    'Patient',
    'Immunization',
    'Immunization',
  ]);
  assert.deepEqual(await problemOf(await service.ask('N-2', [type(TYPE)])), ['PATIENT_UNKNOWN']);
});

test('whoever is not here is unknown, the same for each, and whoever has nothing to show gets nothing', async (t) => {
  const one: FhirBundle = { ...record(dose('2026-09-01')), type: 'collection' };
  const [person, first] = one.entry;
  assert.ok(person && first);
  const begun = { ...one, entry: [{ ...person, resource: { ...person.resource, id: 'begun' } }, first] };
  const { ask, cards, issuer, kid } = await issuing(t, async () => [await registry(t, [begun])]);
  const bodies = new Set<string>();
  for (const id of [
    'nobody',
    'BEGUN',
    'begun.',
    'a'.repeat(65),
    'begun%2F..',
    '..%2fbegun',
    'begun%00',
    '%27',
    'beg%75n%20',
  ]) {
    const response = await ask(id, [type(TYPE)]);
    assert.equal(response.status, 404, id);
    bodies.add(await response.text());
  }
  assert.equal(bodies.size, 1);
  assert.deepEqual((await cards('begun', [type(TYPE)])).body, { resourceType: 'Parameters' });
  assert.equal(issuer.issuedCount(kid), 0);
});

test('an id that two registries know is nobody’s, and one that does not answer leaves everybody waiting', async (t) => {
  const mine = await registry(t, [patient('p-1')]);
  const two = await issuing(t, async () => [mine, await registry(t, [patient('p-1', [], '1990-01-01')])]);
  assert.deepEqual(await problemOf(await two.ask('p-1', [type(TYPE)])), ['PATIENT_AMBIGUOUS']);
  const down: RecordSource = {
    name: 'Down',
    find: async () => Promise.resolve([]),
    byId: async () => Promise.reject(new Error('down')),
  };
  const half = await issuing(t, async () => [mine, down]);
  assert.deepEqual(await problemOf(await half.ask('p-1', [type(TYPE)])), ['SOURCE_UNAVAILABLE']);
  const confused = await issuing(t, async () => [
    await registry(t, [patient('p-1')], {
      intercept: ({ parameters }, response) => {
        if (parameters.get('_id') === null) return false;
        const entry = [{ resource: patient('p-2').entry[0]?.resource }];
        send(response, 200, { resourceType: 'Bundle', type: 'searchset', entry });
        return true;
      },
    }),
  ]);
  assert.deepEqual(await problemOf(await confused.ask('p-1', [type(TYPE)])), ['SOURCE_UNAVAILABLE']);
  for (const { issuer, kid } of [two, half, confused]) assert.equal(issuer.issuedCount(kid), 0);
});

test('under one Idempotency-Key the cards are issued once, also if the answer to all of them was lost', async (t) => {
  const { cards, ask, issuer, kid, clients } = await issuing(t, async () => [
    await registry(t, [patient('p-1', [TEST])]),
  ]);
  const key = { 'Idempotency-Key': 'order-1' };
  const first = await cards('p-1', [type(TYPE)], key);
  assert.equal(first.jws.length, 2);
  assert.deepEqual(await cards('p-1', [type(TYPE)], key), first);
  // As if the machine had stopped after the cards, and before the answer to all of them.
  const digest = createHash('sha256').update('order-1').digest('base64url');
  const answers = issuer.service.table('idempotency');
  const name = `${clients.all()[0]?.id ?? ''}.${digest}`;
  assert.ok(await answers.get(name));
  await issuer.service.commit([answers.del(name)]);
  assert.deepEqual(await cards('p-1', [type(TYPE)], key), first);
  assert.equal(issuer.issuedCount(kid), 2);
  assert.deepEqual(await problemOf(await ask('p-1', [type('Immunization')], key)), [
    'IDEMPOTENCY_KEY_REUSED',
  ]);
  await cards('p-1', [type(TYPE)]);
  assert.equal(issuer.issuedCount(kid), 4);
});

test('the API says what it can do, and says nothing of it without a registry', async (t) => {
  const { url } = await issuing(t, async () => [await registry(t, [])]);
  const metadata = (await (await fetch(`${url}/fhir/metadata`)).json()) as Record<string, unknown>;
  assert.deepEqual([metadata['resourceType'], metadata['fhirVersion']], ['CapabilityStatement', '4.0.1']);
  assert.ok(JSON.stringify(metadata).includes('health-cards-issue'));
  for (const path of ['/.well-known/smart-configuration', '/fhir/.well-known/smart-configuration']) {
    const said: unknown = await (await fetch(url + path)).json();
    assert.ok(isJsonObject(said) && JSON.stringify(said['capabilities']).includes('health-cards'), path);
  }
  const api = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, unknown>>;
  };
  for (const path of ['/fhir/metadata', '/fhir/Patient/{id}/$health-cards-issue', '/credentials/verify'])
    assert.ok(path in api.paths, path);
  const none = await cardService(t);
  for (const path of ['/fhir/metadata', '/fhir/.well-known/smart-configuration'])
    assert.deepEqual(await problemOf(await fetch(none.url + path)), ['NOT_FOUND']);
  const plain = await (await fetch(`${none.url}/.well-known/smart-configuration`)).text();
  assert.ok(!plain.includes('health-cards'));
});

test('what is no request is refused, by whoever may not before anything is read, and nothing is issued', async (t) => {
  const { ask, post, as, key, url, issuer, kid } = await issuing(t, async () => [
    await registry(t, [patient('p-1')]),
  ]);
  const path = '/fhir/Patient/p-1/$health-cards-issue';
  const ok = type(TYPE);
  const wrong: readonly (readonly [string, unknown])[] = [
    ['nothing', []],
    ['no type', [since('2021')]],
    ['no list', ok],
    ['an unknown parameter', [ok, { name: 'holder', valueString: 'x' }]],
    ['a type as a string', [{ name: 'credentialType', valueString: TYPE }]],
    ['a type as an object', [{ name: 'credentialType', valueUri: {} }]],
    ['no value', [{ name: 'credentialType' }]],
    ['two values', [{ name: 'credentialType', valueUri: TYPE, valueString: TYPE }]],
    ['an extension', [{ ...ok, extension: [] }]],
    ['parts', [{ name: 'credentialType', part: [ok] }]],
    ['a space', [type('a b')]],
    ['a long type', [type('x'.repeat(501))]],
    ['too many', Array.from({ length: 21 }, () => ok)],
    ['_since twice', [ok, since('2021'), since('2022')]],
    ['a claim of others', [ok, { name: 'includeIdentityClaim', valueString: 'Practitioner.name' }]],
    ...['', '21', '2021-13', '2021-02-30', '2021-1-1', '0001', '2021-01-01T10:00', 'x'.repeat(41)].map(
      (moment) => [`since ${moment}`, [ok, since(moment)]] as const,
    ),
  ];
  for (const [what, parameter] of wrong)
    assert.deepEqual(await problemOf(await ask('p-1', parameter)), ['BODY_INVALID'], what);
  for (const body of [
    {},
    { resourceType: 'Bundle', parameter: [ok] },
    { resourceType: 'Parameters', parameter: [ok], more: 1 },
  ])
    assert.deepEqual(await problemOf(await post(path, body, key)), ['BODY_INVALID']);
  for (const body of ['{', '{"resourceType":"Parameters","resourceType":"Parameters"}', '['.repeat(40)])
    assert.deepEqual(await problemOf(await post(path, body, key)), ['JSON_INVALID']);
  assert.deepEqual(await problemOf(await post(path, `"${'x'.repeat(10_000_000)}"`, key)), ['BODY_TOO_LARGE']);
  assert.deepEqual(await problemOf(await ask('p-1', [ok], { 'Content-Type': 'application/fhir+xml' })), [
    'CONTENT_TYPE_UNSUPPORTED',
  ]);
  assert.deepEqual(await problemOf(await ask('p-1', [ok], await as('records', 'revoke', 'audit', 'admin'))), [
    'SCOPE_MISSING',
  ]);
  assert.deepEqual(await problemOf(await post(path, '{')), ['UNAUTHORIZED']);
  assert.deepEqual(await problemOf(await fetch(url + path, { headers: key })), ['METHOD_NOT_ALLOWED']);
  assert.equal(issuer.issuedCount(kid), 0);
});

test('of whom a card was asked nothing is logged', async (t) => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  const source = await registry(t, [patient('canary-4711')]);
  const { as, post } = await cardService(t, { log, sources: [source] });
  const key = await as('issue');
  const body = { resourceType: 'Parameters', parameter: [type(TYPE)] };
  for (const id of ['canary-4711', 'canary-4712', 'canary%zz', 'canary%2f4711'])
    await (await post(`/fhir/Patient/${id}/$health-cards-issue`, body, key)).text();
  await post('/credentials/verify', { verifiableCredential: 'canary-jws' }, key);
  // A request is logged when its connection is done with it.
  while (lines.length < 5) await sleep(5);
  assert.doesNotMatch(lines.join(''), /canary|4711|Nobody|Nora|1980/);
});

test('a claim that is asked for by itself changes nothing: a card has name and birth date, and no more', async (t) => {
  const service = await issuing(t, async () => [await registry(t, [patient('p-1')])]);
  const { jws } = await service.cards('p-1', [
    type(TYPE),
    { name: 'includeIdentityClaim', valueString: 'Patient.name' },
    { name: 'includeIdentityClaim', valueString: 'Patient.telecom' },
  ]);
  const [person] = await entriesOf(service, jws[0] ?? '');
  assert.deepEqual(Object.keys(person ?? {}).toSorted(), ['birthDate', 'name', 'resourceType']);
});
