import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { jwtVerify } from 'jose';

import { askSources } from '../../../agent/records/ask-sources.ts';
import { patientOf } from '../../../agent/records/candidate.ts';
import { fhirSource } from '../../../agent/records/fhir-source.ts';
import { bearerToken, smartBackend } from '../../../agent/records/server-authorization.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import type { FhirResource } from '../../../credential/fhir-bundle.ts';
import { assertIssuable } from '../../../credential/fhir-bundle.ts';
import { registryRecord } from './people.ts';
import { registryServer, send, type Intercept } from './registry-server.ts';

const BORN = '1980-02-29';
const zoe = { name: [{ family: 'O’Brien', given: ['Zoë', 'Ann'] }], birthDate: BORN };
const records = [
  registryRecord(1, zoe),
  ...Array.from({ length: 30 }, (_, at) =>
    registryRecord(at + 2, { name: [{ family: 'Smith', given: ['Zoe'] }], birthDate: BORN }),
  ),
];
const query = { family: 'O Brien', given: 'zoe', birthDate: BORN };
const signal = (): AbortSignal => AbortSignal.timeout(20_000);

const intercepted = async (
  t: Parameters<typeof registryServer>[0],
  intercept: Intercept,
): Promise<RecordSource> => {
  const { base } = await registryServer(t, records, { intercept });
  return fhirSource({ name: 'NY', base });
};

test('a person is found by name and birth date, on whichever page, with all that was given', async (t) => {
  const { base, asked } = await registryServer(t, records.toReversed(), { pageSize: 3 });
  const [found, ...more] = await fhirSource({ name: 'NY', base }).find(query, signal());
  assert.equal(more.length, 0);
  assert.ok(found !== undefined);
  assert.equal(found.source, 'NY');
  assert.deepEqual(found.contacts, [
    { kind: 'phone', value: '+12125550001' },
    { kind: 'email', value: 'person0001@mail.example.org' },
  ]);
  assert.deepEqual(found.postalCodes, ['10001']);
  assert.deepEqual(Object.keys(patientOf(found.bundle)), ['resourceType', 'name', 'birthDate']);
  assert.equal(found.bundle.entry.length, records[0]?.entry.length);
  assertIssuable(found.bundle);
  assert.ok(asked.length > 10, 'page by page');
});

test('no name and no birth date stands in an address', async (t) => {
  const { base, asked } = await registryServer(t, records, { pageSize: 3 });
  await fhirSource({ name: 'NY', base }).find(query, signal());
  assert.equal(asked[0]?.method, 'POST');
  for (const { path } of asked) assert.doesNotMatch(path, /brien|zoe|1980/i);
});

test('nobody is no candidate, and no record is fetched of whom the name only begins alike', async (t) => {
  const { base, asked } = await registryServer(t, records);
  const source = fhirSource({ name: 'NY', base });
  assert.deepEqual(await source.find({ ...query, birthDate: '1980-02-28' }, signal()), []);
  assert.deepEqual(await source.find({ ...query, family: 'O’Brie' }, signal()), []);
  assert.deepEqual(await source.find({ ...query, family: ',', given: '|' }, signal()), []);
  assert.ok(asked.every(({ path }) => path.endsWith('/Patient/_search')));
});

const page = (more: object): object => ({ resourceType: 'Bundle', type: 'searchset', entry: [], ...more });
const next = (url: unknown): object => page({ link: [{ relation: 'next', url }] });
const outcome = (severity: string): object => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity, code: 'exception' }],
});

const ANSWERS: readonly (readonly [string, string, number, unknown])[] = [
  ['an OperationOutcome', 'SOURCE_FAILED', 200, outcome('error')],
  ['an OperationOutcome with a status of its own', 'SOURCE_FAILED', 500, outcome('fatal')],
  ['an error among the entries', 'SOURCE_FAILED', 200, page({ entry: [{ resource: outcome('error') }] })],
  ['a refusal', 'SOURCE_REFUSED', 403, outcome('error')],
  ['too many requests', 'SOURCE_FAILED', 429, {}],
  ['no searchset', 'SOURCE_ANSWER_INVALID', 200, page({ type: 'collection' })],
  ['an entry of nothing', 'SOURCE_ANSWER_INVALID', 200, page({ entry: [{ search: { mode: 'match' } }] })],
  [
    'another resource',
    'SOURCE_ANSWER_INVALID',
    200,
    page({ entry: [{ resource: { resourceType: 'Person' } }] }),
  ],
  ['less than it counts', 'SOURCE_ANSWER_INVALID', 200, page({ total: 1 })],
  ['a link that is none', 'SOURCE_ANSWER_INVALID', 200, next(7)],
  ['a link to another host', 'SOURCE_LINK_REFUSED', 200, next('http://169.254.169.254/latest')],
  ['a link to another scheme', 'SOURCE_LINK_REFUSED', 200, next('file:///etc/passwd')],
  ['a link beside its API', 'SOURCE_LINK_REFUSED', 200, next('/admin')],
  ['a link beneath and out again', 'SOURCE_LINK_REFUSED', 200, next('/fhir/../admin')],
];

for (const [what, code, status, json] of ANSWERS) {
  test(`${what} is a fault and no answer`, async (t) => {
    const source = await intercepted(t, (_, response) => (send(response, status, json), true));
    await assert.rejects(source.find(query, signal()), { code });
  });
}

test('a link to another port of this machine is not followed', async (t) => {
  const other = await registryServer(t, records);
  const source = await intercepted(
    t,
    (_, response) => (send(response, 200, next(`${other.base}?x=1`)), true),
  );
  await assert.rejects(source.find(query, signal()), { code: 'SOURCE_LINK_REFUSED' });
  assert.equal(other.asked.length, 0);
});

test('a redirect is not followed', async (t) => {
  const other = await registryServer(t, records);
  const source = await intercepted(t, (_, response) => {
    response.writeHead(307, { location: `${other.base}/Patient/_search` }).end();
    return true;
  });
  await assert.rejects(source.find(query, signal()), { code: 'SOURCE_LINK_REFUSED' });
  assert.equal(other.asked.length, 0);
});

test('pages without end, the same page again and a page too large come to an end', async (t) => {
  let pages = 0;
  const endless = await intercepted(
    t,
    (_, response, own) => (send(response, 200, next(`${own}/fhir?p=${pages++}`)), true),
  );
  await assert.rejects(endless.find(query, signal()), { code: 'SOURCE_ANSWER_TOO_LARGE' });
  assert.equal(pages, 20);
  const again = await intercepted(
    t,
    (_, response, own) => (send(response, 200, next(`${own}/fhir?p=1`)), true),
  );
  await assert.rejects(again.find(query, signal()), { code: 'SOURCE_ANSWER_INVALID' });
  let sent = 0;
  const large = await intercepted(t, (_, response) => {
    const write = (): void => {
      if (response.destroyed || sent > 100_000_000) return;
      sent += 65_536;
      response.write('x'.repeat(65_536), write);
    };
    write();
    return true;
  });
  await assert.rejects(large.find(query, signal()), { code: 'SOURCE_ANSWER_TOO_LARGE' });
  assert.ok(sent < 20_000_000, String(sent));
});

test('of many small pages no more is read than of a few large ones', async (t) => {
  const { base } = await registryServer(t, records, { pageSize: 2 });
  const source = (searchBytes: number): RecordSource =>
    fhirSource({ name: 'NY', base, limits: { searchBytes } });
  assert.equal((await source(100_000).find(query, signal())).length, 1);
  await assert.rejects(source(5000).find(query, signal()), { code: 'SOURCE_ANSWER_TOO_LARGE' });
});

test('a Patient that was merged into another is nobody', async (t) => {
  const { base } = await registryServer(t, [
    registryRecord(1, { ...zoe, active: false }),
    registryRecord(2, { ...zoe, active: true }),
  ]);
  const found = await fhirSource({ name: 'NY', base }).find(query, signal());
  assert.deepEqual(
    found.map(({ contacts }) => contacts[0]?.value),
    ['+12125550002'],
  );
});

test('an answer cut off and one that is no JSON are faults, a silent server ends by its deadline', async (t) => {
  const cut = await intercepted(t, (_, response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('{"resourceType":', () => response.destroy());
    return true;
  });
  await assert.rejects(cut.find(query, signal()), { code: 'SOURCE_UNREACHABLE' });
  const html = await intercepted(t, (_, response) => (response.end('<html>'), true));
  await assert.rejects(html.find(query, signal()), { code: 'SOURCE_ANSWER_INVALID' });
  const silent = await intercepted(t, () => true);
  await assert.rejects(silent.find(query, AbortSignal.timeout(50)), { code: 'SOURCE_TIMEOUT' });
});

test('the record of another person is never taken for that of the one asked for', async (t) => {
  const source = await intercepted(t, ({ path }, response) => {
    if (!path.includes('Immunization')) return false;
    const theirs: FhirResource = { resourceType: 'Immunization', patient: { reference: 'Patient/p-0002' } };
    send(response, 200, page({ entry: [{ resource: theirs }] }));
    return true;
  });
  await assert.rejects(source.find(query, signal()), { code: 'SOURCE_ANSWER_INVALID' });
});

test('a fault on a later page or of the doses takes the whole answer with it', async (t) => {
  let answers = 0;
  const { base } = await registryServer(t, records, {
    pageSize: 3,
    intercept: (_, response) => ++answers === 3 && (send(response, 503, {}), true),
  });
  await assert.rejects(fhirSource({ name: 'NY', base }).find(query, signal()), { code: 'SOURCE_FAILED' });
});

test('only https, or this machine, is a server', () => {
  for (const base of [
    'http://registry.example.org/fhir',
    'ftp://127.0.0.1/',
    'x',
    'https://u:p@registry.example.org/',
    'https://registry.example.org/fhir?x=1',
  ]) {
    assert.throws(() => fhirSource({ name: 'x', base }), { code: 'SOURCE_INVALID' });
  }
  assert.throws(() => bearerToken('a\r\nb: c'), { code: 'SOURCE_INVALID' });
});

test('a bearer token goes with every request, and its refusal is told', async (t) => {
  const intercept: Intercept = ({ authorization }, response) =>
    authorization !== 'Bearer right' && (send(response, 401, {}), true);
  const { base, asked } = await registryServer(t, records, { pageSize: 5, intercept });
  const source = (token: string): RecordSource =>
    fhirSource({ name: 'NY', base, authorization: bearerToken(token) });
  assert.equal((await source('right').find(query, signal())).length, 1);
  assert.ok(asked.every(({ authorization }) => authorization === 'Bearer right'));
  await assert.rejects(source('wrong').find(query, signal()), { code: 'SOURCE_REFUSED' });
});

test('a SMART backend fetches a token with a signed assertion, keeps it, and fetches another if it is withdrawn', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const [assertions, valid] = [[] as string[], new Set<string>()];
  const { base, origin } = await registryServer(t, records, {
    intercept: ({ path, parameters, authorization }, response) => {
      if (path === '/token') {
        assertions.push(parameters.get('client_assertion') ?? '');
        assert.equal(parameters.get('grant_type'), 'client_credentials');
        const token = `t${assertions.length}`;
        valid.add(`Bearer ${token}`);
        send(response, 200, { access_token: token, token_type: 'bearer', expires_in: 300, scope: 'x' });
        return true;
      }
      return !valid.has(authorization ?? '') && (send(response, 401, {}), true);
    },
  });
  let now = 1_795_435_200;
  const authorization = smartBackend({
    tokenUrl: `${origin}/token`,
    clientId: 'harbor-clinic',
    privateKey,
    kid: 'k1',
    alg: 'ES384',
    scope: 'system/Patient.rs',
    clock: () => now,
  });
  const source = fhirSource({ name: 'NY', base, authorization });
  await source.find(query, signal());
  await source.find(query, signal());
  assert.equal(assertions.length, 1);
  const { payload } = await jwtVerify(assertions[0] ?? '', publicKey, {
    algorithms: ['ES384'],
    audience: `${origin}/token`,
    issuer: 'harbor-clinic',
    subject: 'harbor-clinic',
    currentDate: new Date(now * 1000),
  });
  assert.ok((payload.exp ?? Infinity) - now <= 300 && (payload.jti?.length ?? 0) > 30);
  now += 280;
  await source.find(query, signal());
  assert.equal(assertions.length, 2, 'before its end');
  valid.clear();
  await source.find(query, signal());
  assert.ok(assertions.length >= 3, 'withdrawn');
  assert.equal(new Set(assertions).size, assertions.length);
});

test('a source that is down does not hide another, and is named as not asked', async (t) => {
  const up = await registryServer(t, records);
  const dead: RecordSource = { name: 'VT', find: () => new Promise(() => {}) };
  const broken: RecordSource = { name: 'CT', find: async () => Promise.reject(new Error('x')) };
  const nobody = fhirSource({ name: 'NJ', base: 'http://127.0.0.1:9/fhir' });
  const sources = [dead, nobody, broken, fhirSource({ name: 'NY', base: up.base })];
  const begun = performance.now();
  const answer = await askSources(sources, query, { deadlineMs: 1500 });
  assert.ok(performance.now() - begun < 10_000);
  assert.deepEqual(
    answer.candidates.map(({ source }) => source),
    ['NY'],
  );
  assert.deepEqual(answer.asked, ['NY']);
  assert.deepEqual(answer.unasked, [
    { source: 'VT', code: 'SOURCE_TIMEOUT' },
    { source: 'NJ', code: 'SOURCE_UNREACHABLE' },
    { source: 'CT', code: 'SOURCE_FAILED' },
  ]);
});
