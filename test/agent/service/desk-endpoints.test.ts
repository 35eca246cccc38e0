import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { PROBLEM } from '../../../agent/service/problems.ts';
import { DEFAULT_QUOTA } from '../../../agent/service/quota.ts';
import { IssuerError } from '../../../agent/issuer-error.ts';
import type { RecordSource } from '../../../agent/records/record-source.ts';
import type { FhirBundle } from '../../../credential/fhir-bundle.ts';
import {
  PEOPLE,
  recordOf,
  serveDesk,
  SOURCE,
  type DeskFixture,
  type DeskOptions,
} from '../desk/desk-fixture.ts';
import { dose } from '../records.ts';

type Json = Record<string, unknown>;
type Ask = (path: string, body?: unknown) => Promise<{ readonly status: number; readonly json: Json }>;

const MARISOL = { family: 'ferreira soto', given: 'Marisol', birthDate: '1984-06-19' };

/** A service, and a client of it with these scopes. */
async function asking(
  t: TestContext,
  scopes: Parameters<DeskFixture['keyFor']>[1][],
  options?: DeskOptions,
): Promise<DeskFixture & { readonly ask: Ask }> {
  const desk = await serveDesk(t, options);
  const key = await desk.keyFor('Rosa', ...scopes);
  return {
    ...desk,
    ask: async (path, body) => {
      const headers = { Authorization: `Bearer ${key}` };
      const sent = {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      };
      const response = await fetch(desk.url + path, body === undefined ? { headers } : sent);
      return { status: response.status, json: (await response.json()) as Json };
    },
  };
}

const codeOf = ({ json }: { readonly json: Json }): string => PROBLEM.parse(json).code;

interface Found {
  readonly people: readonly {
    readonly sources: readonly { readonly source: string }[];
    readonly names: readonly string[];
    readonly postalCodes: readonly string[];
    readonly contacts: readonly { readonly hint: string }[];
    readonly bundle: FhirBundle;
    readonly cards: readonly { readonly id: string; readonly state: string }[];
  }[];
  readonly elsewhere: number;
  readonly asked: readonly string[];
  readonly unasked: readonly { readonly source: string; readonly code: string }[];
}

const deeds = async ({ issuer }: DeskFixture): Promise<readonly Json[]> =>
  (await issuer.audit.records()).flatMap(({ entries }) => entries as unknown as readonly Json[]);

test('a person is found by name and birth date with the source, without a way to be written to, and the look is on record', async (t) => {
  const desk = await asking(t, ['records', 'issue']);
  const found = (await desk.ask('/records/search', MARISOL)).json as unknown as Found;
  const [person] = found.people;
  assert.equal(found.people.length, 1);
  assert.deepEqual(found.asked, [SOURCE]);
  assert.deepEqual(person?.names, ['Marisol Inés Ferreira Soto']);
  assert.deepEqual(person.sources, [{ source: SOURCE, doses: 2, tests: 1 }]);
  assert.deepEqual(
    person.contacts.map(({ hint }) => hint),
    ['… 01', 'p…@mail.example.org'],
  );
  assert.deepEqual(person.cards, []);
  assert.doesNotMatch(JSON.stringify(found), /555-01|5550101|person1@/);
  const looks = (await deeds(desk)).filter(({ kind }) => kind === 'records-seen');
  const [client] = desk.clients.all();
  // As asked for, and as on record, which is the tag that the person's cards have.
  assert.deepEqual(
    looks.map((look) => look['client']),
    [client?.id, client?.id],
  );
  const issued = await desk.issuer.issueProduct('vaccination-pass', person.bundle, { now: 1_795_435_200 });
  assert.equal(looks.at(-1)?.['person'], issued.person);
  assert.doesNotMatch(JSON.stringify(looks), /erreira|arisol|1984/i);
  const again = (await desk.ask('/records/search', MARISOL)).json as unknown as Found;
  assert.deepEqual(
    again.people[0]?.cards.map(({ id, state }) => [id, state]),
    [[issued.id, 'valid']],
  );
});

test('somebody who is nowhere was looked for all the same', async (t) => {
  const desk = await asking(t, ['records']);
  const { json } = await desk.ask('/records/search', { ...MARISOL, given: 'Nobody' });
  assert.deepEqual(json, { people: [], elsewhere: 0, asked: [SOURCE], unasked: [] });
  assert.equal((await deeds(desk)).filter(({ kind }) => kind === 'records-seen').length, 1);
});

test('a source that is down is named, and the others answer', async (t) => {
  const down: RecordSource = {
    name: 'Vermont',
    find: async () => Promise.reject(new IssuerError('SOURCE_UNREACHABLE', 'no')),
  };
  const { ask } = await asking(t, ['records'], { sources: [down] });
  const { people, unasked } = (await ask('/records/search', MARISOL)).json as unknown as Found;
  assert.equal(people.length, 1);
  assert.deepEqual(unasked, [{ source: 'Vermont', code: 'SOURCE_UNREACHABLE' }]);
});

test('two people of one name and birth date are two, and a ZIP code tells them apart', async (t) => {
  const { ask } = await asking(t, ['records']);
  const lee = { family: 'Lee', given: 'Ann', birthDate: '1970-01-01' };
  const both = (await ask('/records/search', lee)).json as unknown as Found;
  assert.deepEqual(both.people.flatMap(({ postalCodes }) => postalCodes).toSorted(), ['10003', '10004']);
  const one = (await ask('/records/search', { ...lee, postalCode: '10004-1234' })).json as unknown as Found;
  assert.deepEqual([one.people.length, one.elsewhere], [1, 1]);
});

test('what two sources know of one person, by a shared contact, is one record', async (t) => {
  const elsewhere = recordOf(
    1,
    { family: 'Ferreira Soto', given: ['Marisol'] },
    '1984-06-19',
    dose('2026-10-01'),
  );
  const other: RecordSource = {
    name: 'Vermont',
    find: async () => [
      {
        source: '',
        bundle: elsewhere,
        contacts: [{ kind: 'phone', value: '+12125550101' }],
        postalCodes: [],
      },
    ],
  };
  const { ask } = await asking(t, ['records'], { sources: [other] });
  const { people } = (await ask('/records/search', MARISOL)).json as unknown as Found;
  assert.deepEqual(
    people.map(({ sources }) => sources.map(({ source }) => source)),
    [[SOURCE, 'Vermont']],
  );
  const doses = people[0]?.bundle.entry.filter(({ resource }) => resource.resourceType === 'Immunization');
  assert.equal(doses?.length, 3);
});

test('a check says what each product would say, and neither signs nor takes a place in a list', async (t) => {
  const { ask, issuer, kid } = await asking(t, ['issue']);
  const before = issuer.statusList(kid).root;
  const check = async (bundle: unknown): Promise<{ readonly status: number; readonly json: Json }> =>
    ask('/credentials/check', { credential: { credentialSubject: { fhirBundle: bundle } } });
  const whole = (await check(PEOPLE[0])).json as {
    readonly products: readonly {
      readonly product: string;
      readonly qualified: boolean;
      readonly reason?: string;
    }[];
    readonly facts: {
      readonly doses: readonly { readonly counts: boolean }[];
      readonly tests: readonly unknown[];
    };
  };
  assert.deepEqual(
    Object.fromEntries(
      whole.products.map(({ product, qualified, reason }) => [product, reason ?? qualified]),
    ),
    {
      'vaccination-pass': true,
      'pcr-pass': true,
      'antigen-pass': 'NO_NEGATIVE_RESULT',
      'vaccination-plus': true,
      'pcr-plus': true,
      'antigen-plus': 'NO_NEGATIVE_RESULT',
    },
  );
  assert.deepEqual(
    [whole.facts.doses.map(({ counts }) => counts), whole.facts.tests.length],
    [[true, true], 1],
  );
  const partial = (await check(PEOPLE[1])).json as { readonly products: readonly Json[] };
  const { reason, doses, needed } = partial.products[0] ?? {};
  assert.deepEqual([reason, doses, needed], ['SERIES_INCOMPLETE', 1, 2]);
  assert.equal(codeOf(await check({ resourceType: 'Bundle' })), 'RECORD_INVALID');
  assert.equal(issuer.issuedCount(kid), 0);
  assert.equal(issuer.statusList(kid).root, before);
});

test('a key looks at so many persons in an hour and no more, whether in records or among cards, and an alarm tells of it', async (t) => {
  const desk = await asking(t, ['records']);
  const [client] = desk.clients.all();
  assert.ok(client);
  await desk.clients.sayQuota(client.id, { ...DEFAULT_QUOTA, looks: { hour: 4, day: 9 } });
  const answers = await Promise.all(
    ['A', 'B', 'C', 'D', 'E', 'F'].map(async (given, at) =>
      desk.ask(at % 2 === 0 ? '/records/search' : '/cards/search', { ...MARISOL, given }),
    ),
  );
  const refused = answers.filter(({ status }) => status !== 200);
  assert.deepEqual(refused.map(codeOf), ['QUOTA_REACHED', 'QUOTA_REACHED']);
  const done = await deeds(desk);
  assert.equal(done.filter(({ kind }) => kind === 'records-seen').length, 4);
  assert.ok(done.some(({ kind, of, level }) => kind === 'quota-alarm' && of === 'looks' && level === 100));
});

test('a record that may not be signed is refused for every product, with what is on it all the same', async (t) => {
  const { ask } = await asking(t, ['records']);
  const unborn = recordOf(9, { family: 'X', given: ['Y'] }, '2030-01-01', dose('2026-03-02'));
  const { status, json } = await ask('/credentials/check', {
    credential: { credentialSubject: { fhirBundle: unborn } },
  });
  const { products } = json as { readonly products: readonly { readonly reason: string }[] };
  assert.equal(status, 200);
  assert.deepEqual(new Set(products.map(({ reason }) => reason)), new Set(['DATE_IMPLAUSIBLE']));
});

test('cards are found by their person and shown by their number, with what became of them', async (t) => {
  const desk = await asking(t, ['revoke']);
  const { issuer, ask, kid } = desk;
  const now = 1_795_435_200;
  const issue = async () => issuer.issueProduct('vaccination-pass', PEOPLE[0], { now });
  const [first, second] = [await issue(), await issue()];
  await issuer.revoke(first.id, { now, reason: 'error' });
  const person = { family: 'FERREIRA soto', given: 'marisol Ines', birthDate: '1984-06-19' };
  const { cards } = (await ask('/cards/search', person)).json as { readonly cards: readonly Json[] };
  assert.deepEqual(Object.fromEntries(cards.map(({ id, state, reason }) => [id, [state, reason]])), {
    [first.id]: ['revoked', 'error'],
    [second.id]: ['valid', undefined],
  });
  assert.doesNotMatch(JSON.stringify(cards), /person|payloadHash|lots/);
  const shown = async (id: string): Promise<Json> => (await ask('/cards/show', { id })).json;
  assert.equal((await shown(first.rid))['anchored'], false);
  await issuer.anchored(kid, issuer.statusList(kid));
  assert.equal((await shown(first.id))['anchored'], true);
  assert.equal(codeOf({ json: await shown('AAAAAA') }), 'CARD_UNKNOWN');
  assert.deepEqual((await ask('/cards/search', { ...person, given: 'Marisol' })).json, { cards: [] });
  assert.equal((await deeds(desk)).filter(({ kind }) => kind === 'records-seen').length, 2);
});

test('counters are of nobody: how retrievals end, what became of cards', async (t) => {
  const { ask, issuer } = await asking(t, ['audit']);
  const now = 1_795_435_200;
  const { id } = await issuer.issueProduct('vaccination-pass', PEOPLE[0], { now });
  await issuer.revoke(id, { now, reason: 'fraud' });
  const { json } = await ask('/counters');
  assert.deepEqual(json['cards'], { taken: 1, revoked: { fraud: 1 }, waiting: 1 });
  const { successRate, steps } = json['retrieval'] as { readonly successRate: unknown; readonly steps: Json };
  assert.deepEqual([successRate, steps['begun']], [null, 0]);
});

test('each address asks for its scope before it reads a byte, and takes nothing but what it asks for', async (t) => {
  const desk = await asking(t, ['admin', 'approve']);
  const bundle = { credential: { credentialSubject: { fhirBundle: PEOPLE[0] } } };
  const good: Readonly<Record<string, unknown>> = {
    '/records/search': MARISOL,
    '/cards/search': MARISOL,
    '/cards/show': { id: 'AAAAAA' },
    '/cards/qr': { jws: 'a.b.c', profile: 'pass' },
    '/credentials/check': bundle,
  };
  for (const path of Object.keys(good)) {
    assert.equal(codeOf(await desk.ask(path, '{')), 'SCOPE_MISSING', path);
    const anonymous = await fetch(desk.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    });
    assert.equal(anonymous.status, 401, path);
  }
  assert.equal(codeOf(await desk.ask('/counters')), 'SCOPE_MISSING');
  const key = await desk.keyFor('All', 'issue', 'revoke', 'records', 'audit');
  const send = async (path: string, body: string): Promise<string> => {
    const response = await fetch(desk.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body,
    });
    assert.ok(
      response.status >= 400 && response.status < 500,
      `${path} ${response.status} ${body.slice(0, 80)}`,
    );
    return PROBLEM.parse(await response.json()).code;
  };
  for (const [path, body] of Object.entries(good)) {
    assert.equal(await send(path, JSON.stringify({ ...(body as object), more: 1 })), 'BODY_INVALID', path);
    assert.equal(await send(path, '[]'), 'BODY_INVALID', path);
    assert.equal(await send(path, '{"a":1,"a":2}'), 'JSON_INVALID', path);
    assert.equal(await send(path, `"${'x'.repeat(1_000_001)}"`), 'BODY_TOO_LARGE', path);
  }
  for (const wrong of [
    { ...MARISOL, birthDate: '1984-02-30' },
    { ...MARISOL, birthDate: '1984' },
    { ...MARISOL, family: '', given: '' },
    { ...MARISOL, family: '!!!', given: '…' },
    { ...MARISOL, family: 'x'.repeat(201) },
    { ...MARISOL, postalCode: '1' },
    { ...MARISOL, family: ['a'] },
  ]) {
    assert.equal(await send('/records/search', JSON.stringify(wrong)), 'BODY_INVALID');
  }
  assert.equal(await send('/cards/qr', JSON.stringify({ jws: 'no card', profile: 'pass' })), 'BODY_INVALID');
  const long = { jws: `${'a'.repeat(1100)}.${'b'.repeat(5)}.${'c'.repeat(86)}`, profile: 'pass' };
  assert.equal(await send('/cards/qr', JSON.stringify(long)), 'CARD_TOO_LARGE');
});
