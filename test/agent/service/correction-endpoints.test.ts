import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOBODY, problemOf, residentService, until, ZOE, type ResidentService } from './resident-service.ts';

const bearer = (key: string): Record<string, string> => ({ Authorization: `Bearer ${key}` });
const FREE = { count: 1e9, seconds: 3600 };

async function file({ post }: ResidentService, more: object = {}): Promise<string> {
  const response = await post('/corrections', { ...ZOE, words: 'Canary words: my second dose', ...more });
  assert.equal(response.status, 201, await response.clone().text());
  return ((await response.json()) as { number: string }).number;
}

test('a request is filed, taken and resolved, and its sentence is in the language asked for', async (t) => {
  const service = await residentService(t);
  const { post, keyFor, clients, issuer } = service;
  const number = await file(service, { reach: 'canary@reach.example.org' });
  assert.match(number, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]$/);
  const status = async (language?: string): Promise<unknown> =>
    (await post('/corrections/status', { number, language }, { 'Accept-Language': 'es-MX' })).json();
  assert.match(JSON.stringify(await status('zh-Hant')), /"state":"open","sentence":"我們已收到/);
  assert.match(JSON.stringify(await status()), /nadie ha empezado/);

  const staff = bearer(await keyFor('records'));
  const desk = async (path: string, json: object, as = staff): Promise<Response> =>
    post(`/corrections/${path}`, json, as);
  const { corrections } = (await (await desk('list', { state: 'open' })).json()) as {
    corrections: readonly Record<string, unknown>[];
  };
  assert.deepEqual(
    corrections.map(({ number: one, words, reach, tags }) => [one, words, reach, tags]),
    [[number, 'Canary words: my second dose', 'canary@reach.example.org', undefined]],
  );
  assert.deepEqual(await problemOf(await desk('resolve', { number, outcome: 'record-corrected' })), [
    'CORRECTION_STATE',
  ]);
  const taken = (await (await desk('take', { number })).json()) as Record<string, unknown>;
  const clerk = clients.all().at(-1)?.id;
  assert.deepEqual([taken['state'], taken['clerk']], ['in-work', clerk]);
  const other = bearer(await keyFor('records'));
  assert.deepEqual(await problemOf(await desk('take', { number }, other)), ['CORRECTION_STATE']);
  assert.equal((await desk('take', { number, over: true }, other)).status, 200);
  assert.equal((await desk('resolve', { number, outcome: 'record-corrected' }, other)).status, 200);
  assert.match(JSON.stringify(await status('en')), /"state":"done","sentence":"Your request is done/);
  assert.deepEqual(await (await desk('list', { state: 'open' })).json(), { corrections: [], total: 0 });

  const entries = (await issuer.audit.records()).flatMap((one) => one.entries);
  const deeds = entries.filter(({ kind }) => kind.startsWith('correction-'));
  assert.deepEqual(
    deeds.map(({ kind }) => kind),
    ['correction-taken', 'correction-taken', 'correction-resolved'],
  );
  assert.deepEqual(
    entries.filter(({ kind }) => kind === 'corrections-seen'),
    [{ kind: 'corrections-seen', client: clerk, requests: 1 }],
  );
  assert.doesNotMatch(JSON.stringify(entries), /canary|Zoë|1980/i);
  assert.ok(!JSON.stringify(entries).includes(number));
});

test('staff alone see requests, and who may not unlock does not', async (t) => {
  const service = await residentService(t);
  const { post, keyFor } = service;
  const number = await file(service);
  const nobodies = await keyFor('issue', 'revoke', 'audit', 'admin');
  const calls: readonly (readonly [string, object])[] = [
    ['list', {}],
    ['take', { number }],
    ['resolve', { number, outcome: 'unlocked' }],
  ];
  for (const [path, json] of calls) {
    assert.deepEqual(await problemOf(await post(`/corrections/${path}`, json)), ['UNAUTHORIZED']);
    assert.deepEqual(await problemOf(await post(`/corrections/${path}`, '{', bearer(nobodies))), [
      'SCOPE_MISSING',
    ]);
  }
  const clerk = bearer(await keyFor('records'));
  await post('/corrections/take', { number }, clerk);
  for (const more of [
    { outcome: 'unlocked' },
    { outcome: 'unlocked', unlock: false },
    { outcome: 'contact-corrected', unlock: true },
  ]) {
    const response = await post('/corrections/resolve', { number, ...more }, clerk);
    assert.deepEqual(await problemOf(response), ['SCOPE_MISSING']);
  }
  const quiet = { number, outcome: 'contact-corrected' };
  assert.equal((await post('/corrections/resolve', quiet, clerk)).status, 200);
});

test('a hundred wrong codes lock a person, somebody or nobody alike, and a clerk lets them on', async (t) => {
  const limits = { personHour: FREE, personDay: FREE, address: FREE, addressFailures: FREE };
  const service = await residentService(t, { limits });
  const { post, keyFor, code: codeOf, phone, pass, issuer, state } = service;
  /** Tries wrong codes until it is refused with a lock; the answer is how many were wrong. */
  const guess = async (person: object): Promise<number> => {
    const ids = await Promise.all(
      Array.from({ length: 21 }, async () => {
        const begun = await post('/retrieve', person);
        return ((await begun.json()) as { id: string }).id;
      }),
    );
    pass(3);
    // Before the search is made no code could be right, and none counts for the person that it finds.
    const isMade = async (id: string): Promise<boolean> => (await state.retrievals.get(id))?.step !== null;
    for (const id of ids) await until(async () => isMade(id));
    for (let wrong = 0; ; wrong++) {
      const id = ids[Math.floor(wrong / 5)] ?? assert.fail();
      const response = await post('/retrieve/complete', { id, code: '00000000', product: 'pcr-pass' });
      const [code] = await problemOf(response);
      if (code === 'RETRIEVAL_LOCKED') return wrong;
      assert.equal(code, 'CODE_WRONG');
    }
  };
  const early = await codeOf();
  assert.deepEqual([await guess(ZOE), await guess(NOBODY)], [100, 100]);
  const tried = await post('/retrieve/complete', { ...early, product: 'vaccination-pass' });
  assert.deepEqual(await problemOf(tried), ['RETRIEVAL_LOCKED']);
  pass(90 * 86_400);
  assert.deepEqual(await problemOf(await post('/retrieve', ZOE)), ['RETRIEVAL_LOCKED']);
  // With another spelling nothing is to be seen, and nothing is sent.
  const other = await post('/retrieve', { ...ZOE, name: { family: 'Canary-Núñez', given: ['Zoë', 'Ann'] } });
  assert.equal(other.status, 202);
  const { id: held } = (await other.json()) as { id: string };
  pass(3);
  await until(async () => (await state.retrievals.get(held))?.step === 'held-back');
  const before = phone.sent.length;

  const number = await file(service);
  const admin = bearer(await keyFor('records', 'admin'));
  await post('/corrections/take', { number }, admin);
  const found = [{ name: [{ family: 'Canary-Núñez', given: ['Zoë', 'Ann'] }], birthDate: ZOE.birthDate }];
  const resolved = await post('/corrections/resolve', { number, outcome: 'unlocked', found }, admin);
  assert.equal(resolved.status, 200, await resolved.clone().text());
  assert.equal(phone.sent.length, before);
  const { code, id } = await codeOf();
  assert.equal((await post('/retrieve/complete', { id, code, product: 'pcr-pass' })).status, 422);
  assert.deepEqual(await problemOf(await post('/retrieve', NOBODY)), ['RETRIEVAL_LOCKED']);
  const kinds = (await issuer.audit.records()).flatMap((one) => one.entries.map(({ kind }) => kind));
  assert.equal(kinds.filter((kind) => kind === 'person-unlocked').length, 1);
});

test('what is no request, no number or too long is refused in words, and looks are limited', async (t) => {
  const { post } = await residentService(t, { limits: { looks: { count: 3, seconds: 60 } } });
  const good = { ...ZOE, words: 'x' };
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['/corrections', { ...good, words: 'x'.repeat(1001) }, 'CORRECTION_INVALID'],
    ['/corrections', { ...good, reach: 'x'.repeat(201) }, 'CORRECTION_INVALID'],
    ['/corrections', { ...good, birthDate: 'canary' }, 'RETRIEVAL_INVALID'],
    ['/corrections', { ...good, more: 1 }, 'BODY_INVALID'],
    ['/corrections', { ...good, words: 'x'.repeat(20_000) }, 'BODY_TOO_LARGE'],
    ['/corrections/status', { number: 'canary' }, 'CORRECTION_INVALID'],
    ['/corrections/status', { number: 7 }, 'BODY_INVALID'],
    ['/corrections/status', { number: '0000-0000-0000-0000-0000-0' }, 'CORRECTION_UNKNOWN'],
  ];
  for (const [path, json, code] of cases) {
    const response = await post(path, json);
    assert.doesNotMatch(await response.clone().text(), /canary/i);
    assert.deepEqual(await problemOf(response), [code]);
  }
  const number = '0000-0000-0000-0000-0000-0';
  await post('/corrections/status', { number });
  await post('/corrections/status', { number });
  const limited = await post('/corrections/status', { number });
  assert.ok(Number(limited.headers.get('retry-after')) > 0);
  assert.deepEqual(await problemOf(limited), ['RETRIEVAL_LIMITED']);
});
