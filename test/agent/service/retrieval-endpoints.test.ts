import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { decodeJwt, exportJWK } from 'jose';
import { fhirSource } from '../../../agent/records/fhir-source.ts';
import { emailSender } from '../../../agent/retrieval/email-sender.ts';
import { smsSender } from '../../../agent/retrieval/sms-sender.ts';
import { PLAUSIBILITY_LIMITS } from '../../../agent/plausibility-limits.ts';
import { PROBLEM } from '../../../agent/service/problems.ts';
import type { FhirEntry } from '../../../credential/fhir-bundle.ts';
import { ISS, stateTrust } from '../issuer-fixture.ts';
import { didKeyOf } from '../../support/did-key.ts';
import { dose, NEW_YORK, result } from '../records.ts';
import { registryServer } from '../records/registry-server.ts';
import { mailServer } from '../retrieval/mail-server.ts';
import { otherThan } from '../retrieval/retrieval-fixture.ts';
import { smsGateway } from '../retrieval/sms-gateway.ts';
import {
  makeWallet,
  NOBODY,
  problemOf,
  residentRecord,
  residentService,
  type ResidentService,
  until,
  ZOE,
} from './resident-service.ts';

interface Retrieved {
  readonly verifiableCredential: { readonly id: string };
  readonly card: { readonly id: string; readonly jws: string };
  readonly retrieval: { readonly token: string; readonly until: number };
  readonly records: readonly unknown[];
}

const product = 'vaccination-pass';
const plus = 'vaccination-plus';
const jersey = (...entries: readonly FhirEntry[]) => residentRecord(entries, { id: 'nj-1' });
/** The VC in an answer, its claims read and not verified. */
const claimsOf = (answer: Retrieved): Record<string, unknown> =>
  decodeJwt(answer.verifiableCredential.id.replace(/^[^,]*,/, ''));

test('a resident gets the own pass for the code that came to the phone on record', async (t) => {
  const { post, code: codeOf, issuer, kid } = await residentService(t);
  const { id, code } = await codeOf();
  const response = await post('/retrieve/complete', { id, code, product });
  assert.equal(response.status, 201);
  const { card, verifiableCredential, records, retrieval } = (await response.json()) as Retrieved;
  assert.match(card.jws, /^[\w-]+\.[\w-]+\.[\w-]{86}$/);
  assert.match(verifiableCredential.id, /^data:application\/vc\+jwt,/);
  assert.deepEqual(records, [{ source: 'New York', doses: 2, tests: 0 }]);
  assert.match(retrieval.token, /^[\w-]{22}$/);
  assert.equal(issuer.issuedCount(kid), 1);
  const kinds = (await issuer.audit.records()).flatMap((one) => one.entries.map(({ kind }) => kind));
  assert.equal(kinds.filter((kind) => kind === 'card-retrieved').length, 1);
});

test('by a real FHIR server, a real mail server and a real gateway of text messages, in the language asked for', async (t) => {
  const mail = await mailServer(t);
  const gateway = await smsGateway(t, (_attempt, response) => response.writeHead(202).end());
  const registry = await registryServer(t, [
    jersey(dose('2026-09-01'), dose('2026-09-22')),
    residentRecord([dose('2026-09-01'), dose('2026-09-22')], {
      id: 'nj-2',
      name: [{ family: 'Canary-Bryon', given: ['Ada'] }],
      telecom: [{ system: 'email', value: 'ada.canary@mail.example.org' }],
    }),
  ]);
  const { post, pass } = await residentService(t, {
    records: [],
    sources: () => [fhirSource({ name: 'New Jersey', base: registry.base })],
    senders: [
      emailSender({ host: 'localhost', port: mail.port, from: 'codes@health.example.org', ca: mail.ca }),
      smsSender({ url: gateway.url, secret: Buffer.alloc(32, 3) }),
    ],
  });
  const begin = async (person: object): Promise<string> => {
    const response = await post('/retrieve', person, { 'Accept-Language': 'zh-TW,en;q=0.5' });
    pass(3);
    return ((await response.json()) as { id: string }).id;
  };
  const zoe = await begin(ZOE);
  const ada = await begin({ ...NOBODY, language: 'es' });
  await until(() => mail.received.length === 1 && gateway.asked.length === 1);
  const bySms = /驗證碼是 (\d{8})/.exec(gateway.asked[0]?.body ?? '')?.[1] ?? '';
  const byMail = /es (\d{8})/.exec(mail.received[0]?.source ?? '')?.[1] ?? '';
  for (const [id, code] of [
    [zoe, bySms],
    [ada, byMail],
  ] as const) {
    const response = await post('/retrieve/complete', { id, code, product });
    assert.equal(response.status, 201, code);
    const { records } = (await response.json()) as Retrieved;
    assert.deepEqual(records, [{ source: 'New Jersey', doses: 2, tests: 0 }]);
  }
});

test('a series begun in one state and completed in another qualifies, and a positive result anywhere counts', async (t) => {
  const { post, code: codeOf } = await residentService(t, {
    records: [residentRecord([dose('2026-09-01'), result('pcr', '2026-11-22T12:00:00Z')])],
    sources: (own) => [
      own,
      {
        name: 'New Jersey',
        find: async (query, signal) => {
          const bundle = jersey(
            dose('2026-09-01'),
            dose('2026-09-22'),
            result('pcr', '2026-11-22T18:00:00Z', 'positive'),
          );
          return (await own.find(query, signal)).map((candidate) => ({ ...candidate, bundle }));
        },
      },
    ],
  });
  const { id, code } = await codeOf();
  const response = await post('/retrieve/complete', { id, code, product: plus });
  assert.equal(response.status, 201, await response.clone().text());
  const answer = (await response.json()) as Retrieved;
  assert.deepEqual(answer.records, [
    { source: 'New York', doses: 1, tests: 1 },
    { source: 'New Jersey', doses: 2, tests: 1 },
  ]);
  const said = JSON.stringify(claimsOf(answer));
  // The dose that both know stands there once.
  assert.deepEqual([said.split('2026-09-01').length, said.split('2026-09-22').length], [2, 2]);
  const refused = await post('/retrieve/complete', {
    id,
    token: answer.retrieval.token,
    product: 'pcr-pass',
  });
  assert.deepEqual(await problemOf(refused), ['NOT_QUALIFIED', 'POSITIVE_RESULT']);
});

test('whoever does not qualify is told which product and why, in the own language, and asks for another', async (t) => {
  const { post, code: codeOf } = await residentService(t, {
    records: [residentRecord([dose('2026-11-01'), result('pcr', '2026-11-22T12:00:00Z')])],
  });
  const { id, code } = await codeOf();
  const response = await post('/retrieve/complete', { id, code, product, language: 'es' });
  assert.equal(response.status, 422);
  const problem = PROBLEM.parse(await response.json()) as unknown as {
    code: string;
    reason: string;
    product: string;
    sentence: string;
    details: Record<string, unknown>;
    retrieval: { token: string };
  };
  assert.deepEqual(
    [problem.code, problem.reason, problem.product],
    ['NOT_QUALIFIED', 'SERIES_INCOMPLETE', product],
  );
  assert.match(problem.sentence, /todas las dosis/);
  assert.deepEqual([problem.details['doses'], problem.details['needed']], [1, 2]);
  const other = await post('/retrieve/complete', { id, token: problem.retrieval.token, product: 'pcr-pass' });
  assert.equal(other.status, 201);
});

test('whoever has a record that cannot be true is told so in words, and the answer is one that the API describes', async (t) => {
  const {
    post,
    code: codeOf,
    url,
  } = await residentService(t, {
    records: [residentRecord([dose('1990-09-01'), dose('1990-09-22')])],
  });
  const { id, code } = await codeOf();
  const response = await post('/retrieve/complete', { id, code, product, language: 'es' });
  const { sentence } = (await response.clone().json()) as { sentence: string };
  assert.match(sentence, /no puede ser correcto/);
  assert.deepEqual(await problemOf(response), ['NOT_PLAUSIBLE', 'DOSE_BEFORE_VACCINE']);
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, { post?: { responses: Record<string, { description: string }> } }>;
  };
  const said = paths['/retrieve/complete']?.post?.responses;
  assert.match(said?.['422']?.description ?? '', /NOT_PLAUSIBLE/);
  const given = Object.entries(paths).flatMap(([path, { post: operation }]) =>
    Object.keys(operation?.responses ?? {}).flatMap((status) =>
      /^20[1-9]$/.test(status) ? `${path} ${status}` : [],
    ),
  );
  assert.deepEqual(given.toSorted(), [
    '/clients 201',
    '/corrections 201',
    '/credentials/issue 201',
    '/retrieve 202',
    '/retrieve/complete 201',
  ]);
});

test('a person on record of whom nothing is attested is told so', async (t) => {
  const { post, code: codeOf } = await residentService(t, {
    sources: (own) => [
      {
        name: 'New Jersey',
        find: async (query, signal) =>
          (await own.find(query, signal)).map((candidate) => ({ ...candidate, bundle: residentRecord([]) })),
      },
    ],
  });
  const { id, code } = await codeOf();
  const response = await post('/retrieve/complete', { id, code, product, language: 'en' });
  assert.match(await response.clone().text(), /no vaccination and no test yet/);
  assert.deepEqual(await problemOf(response), ['RECORD_INVALID', 'NOTHING_ATTESTED']);
});

test('a lost answer is had again by the same request, and a code is good for nothing else', async (t) => {
  const { post, code: codeOf, issuer, kid, pass } = await residentService(t);
  const { id, code } = await codeOf();
  const ask = async (more: object = {}): Promise<Response> =>
    post('/retrieve/complete', { id, code, product, ...more });
  const first = (await (await ask()).json()) as Retrieved;
  pass(300);
  assert.deepEqual(await (await ask()).json(), first);
  assert.deepEqual(await problemOf(await ask({ product: plus })), ['RETRIEVAL_ENDED']);
  assert.deepEqual(await problemOf(await ask({ code: otherThan(code) })), ['CODE_WRONG']);
  assert.equal(issuer.issuedCount(kid), 1);
  const { token } = first.retrieval;
  const byToken = async (more: object = {}): Promise<Response> =>
    post('/retrieve/complete', { id, token, product: plus, ...more });
  const second = (await (await byToken()).json()) as Retrieved;
  assert.deepEqual(await (await byToken()).json(), second);
  assert.deepEqual(((await (await byToken({ product })).json()) as Retrieved).card, first.card);
  assert.equal(issuer.issuedCount(kid), 2);
  for (const wrong of [
    { token: 'A'.repeat(22) },
    { token: '' },
    { id: 'A'.repeat(22) },
    { id: '__proto__' },
  ]) {
    assert.deepEqual(await problemOf(await byToken(wrong)), ['RETRIEVAL_ENDED'], JSON.stringify(wrong));
  }
  pass(301);
  assert.deepEqual(await problemOf(await byToken()), ['RETRIEVAL_ENDED']);
  assert.deepEqual(await problemOf(await ask()), ['RETRIEVAL_ENDED']);
});

test('of an opened retrieval the code cannot be guessed either', async (t) => {
  const { post, code: codeOf } = await residentService(t);
  const { id, code } = await codeOf();
  const opened = (await (await post('/retrieve/complete', { id, code, product })).json()) as Retrieved;
  for (let time = 0; time < 5; time++) {
    const wrong = await post('/retrieve/complete', { id, code: otherThan(code), product });
    assert.deepEqual(await problemOf(wrong), ['CODE_WRONG']);
  }
  assert.deepEqual(await problemOf(await post('/retrieve/complete', { id, code, product })), [
    'RETRIEVAL_ENDED',
  ]);
  const { token } = opened.retrieval;
  assert.equal((await post('/retrieve/complete', { id, token, product })).status, 201);
});

test('the same code at once, many times, is one completion and one card', async (t) => {
  const { post, code: codeOf, issuer, kid, state } = await residentService(t);
  const { id, code } = await codeOf();
  const answers = await Promise.all(
    Array.from({ length: 6 }, async (_, at) =>
      post('/retrieve/complete', { id, code, product: at % 2 === 0 ? product : plus }),
    ),
  );
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  assert.deepEqual(statuses, [201, 201, 201, 410, 410, 410]);
  assert.equal(issuer.issuedCount(kid), 1);
  assert.equal(state.counters.summary(state.clock()).steps.completed, 1);
});

test('while nothing can be issued no code is used up, right or wrong, nor anything told', async (t) => {
  const says = [
    {
      policy: true,
      stop: async ({ issuer }: ResidentService) =>
        issuer.learnRegistry({ jurisdictions: [], issuers: [], keys: [] }),
      go: async ({ issuer }: ResidentService) => stateTrust(issuer),
    },
    {
      policy: false,
      stop: async () => undefined,
      go: async ({ issuer }: ResidentService) => issuer.policy.say(NEW_YORK),
    },
  ];
  for (const { policy, stop, go } of says) {
    const service = await residentService(t, { policy });
    const { post, code: codeOf, state } = service;
    const { id, code } = await codeOf();
    const ask = async (more: object = {}): Promise<Response> =>
      post('/retrieve/complete', { id, code, product, language: 'en', ...more });
    await stop(service);
    for (const more of [{}, { code: otherThan(code) }, { id: 'A'.repeat(22) }]) {
      const response = await ask(more);
      assert.match(await response.clone().text(), /Your code is not lost/);
      assert.deepEqual(await problemOf(response), ['NOT_READY']);
    }
    const { tries, opened } = (await state.retrievals.get(id)) ?? assert.fail();
    assert.deepEqual([tries, opened], [0, null]);
    await go(service);
    assert.equal((await ask()).status, 201);
  }
});

test('what ended between the code and the card, such as by a power cut, goes on by the same request', async (t) => {
  const { post, code: codeOf, retrieval, issuer, kid } = await residentService(t);
  const { id, code } = await codeOf();
  const wanted = createHash('sha256')
    .update(JSON.stringify([product, null]))
    .digest('base64url');
  const { token } = await retrieval.complete(id, code, { addressGroup: '127.0.0.1', wanted });
  assert.equal(issuer.issuedCount(kid), 0);
  assert.deepEqual(await problemOf(await post('/retrieve/complete', { id, code, product: plus })), [
    'RETRIEVAL_ENDED',
  ]);
  assert.equal((await post('/retrieve/complete', { id, code, product })).status, 201);
  assert.equal((await post('/retrieve/complete', { id, token, product: plus })).status, 201);
});

test('a pass is bound to a wallet that proves its key for this retrieval, now and here', async (t) => {
  const { post, code: codeOf, now, state } = await residentService(t);
  const wallet = await makeWallet();
  const thief = await makeWallet();
  const { id, code } = await codeOf();
  const good = { aud: ISS, nonce: id, iat: Math.floor(now()) };
  const ask = async (proof: string, did = wallet.did, more: object = {}): Promise<Response> =>
    post('/retrieve/complete', { id, code, product, holder: { id: did, proof }, ...more });
  const { nonce: _, ...without } = good;
  const wrong: Record<string, string> = {
    'another audience': await wallet.prove({ ...good, aud: 'https://other.example.org' }),
    'two audiences': await wallet.prove({ ...good, aud: [ISS, 'https://other.example.org'] }),
    'another nonce': await wallet.prove({ ...good, nonce: 'A'.repeat(22) }),
    'no nonce': await wallet.prove(without),
    'long ago': await wallet.prove({ ...good, iat: good.iat - 302 }),
    'still to come': await wallet.prove({ ...good, iat: good.iat + 70 }),
    'no time': await wallet.prove({ aud: ISS, nonce: id }),
    over: await wallet.prove({ ...good, exp: good.iat - 1 }),
    'of somebody else': await wallet.prove({ ...good, iss: thief.did }),
    'another type': await wallet.prove(good, { typ: 'vp+jwt' }),
    'no type': await wallet.prove(good, { typ: undefined }),
    'a key of another': await thief.prove(good, { kid: `${wallet.did}#0` }),
    'another kid': await wallet.prove(good, { kid: `${thief.did}#0` }),
    'no proof': 'x',
    'the none algorithm': `${Buffer.from('{"alg":"none","typ":"openid4vci-proof+jwt"}').toString('base64url')}.e30.`,
  };
  for (const [what, proof] of Object.entries(wrong)) {
    assert.deepEqual(await problemOf(await ask(proof)), ['PROOF_INVALID'], what);
    assert.deepEqual(
      await problemOf(await ask(proof, wallet.did, { id: 'B'.repeat(22) })),
      ['PROOF_INVALID'],
      what,
    );
  }
  const proof = await wallet.prove(good);
  assert.deepEqual(await problemOf(await ask(proof, thief.did)), ['PROOF_INVALID']);
  for (const did of [
    'did:web:other.example.org',
    'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    'x',
  ]) {
    assert.deepEqual(await problemOf(await ask(proof, did)), ['PROOF_INVALID'], did);
  }
  assert.deepEqual(await problemOf(await ask(proof, wallet.did, { product: plus })), ['HOLDER_NOT_BOUND']);
  assert.equal((await state.retrievals.get(id))?.tries, 0);
  const response = await ask(proof);
  assert.equal(response.status, 201);
  const answer = (await response.json()) as Retrieved;
  const { credentialSubject } = claimsOf(answer) as { credentialSubject: { id: string } };
  assert.equal(credentialSubject.id, wallet.did);
  // A wallet that is a did:key proves it by its own method.
  const second = await codeOf();
  const key = didKeyOf(await exportJWK(wallet.publicKey).then(({ x = '', y = '' }) => ({ x, y })));
  const kid = `${key}#${key.slice('did:key:'.length)}`;
  const ofKey = await wallet.prove({ ...good, nonce: second.id }, { kid });
  const bound = await post('/retrieve/complete', { ...second, product, holder: { id: key, proof: ofKey } });
  assert.equal(bound.status, 201);
  // The proof is of this retrieval alone, and a thief's of the same one is for another pass than the code was.
  const other = await codeOf();
  const replayed = { ...other, product, holder: { id: wallet.did, proof } };
  assert.deepEqual(await problemOf(await post('/retrieve/complete', replayed)), ['PROOF_INVALID']);
  const theirs = await thief.prove(good);
  assert.deepEqual(await problemOf(await ask(theirs, thief.did)), ['RETRIEVAL_ENDED']);
});

test('an opened retrieval makes a dozen cards at most', async (t) => {
  const { post, code: codeOf, now, issuer, kid } = await residentService(t);
  // What one person may have by the policy is fewer.
  await issuer.policy.say({
    ...NEW_YORK,
    limits: { ...PLAUSIBILITY_LIMITS, cardsPerDay: 20, cardsPerMonth: 20 },
  });
  const { id, code } = await codeOf();
  const opened = (await (await post('/retrieve/complete', { id, code, product })).json()) as Retrieved;
  const { token } = opened.retrieval;
  let refused: Response | undefined;
  for (let time = 0; time < 12; time++) {
    const wallet = await makeWallet();
    const proof = await wallet.prove({ aud: ISS, nonce: id, iat: Math.floor(now()) });
    const response = await post('/retrieve/complete', {
      id,
      token,
      product,
      holder: { id: wallet.did, proof },
    });
    assert.equal(response.status, time < 11 ? 201 : 429);
    refused = response;
  }
  assert.ok(refused !== undefined && Number(refused.headers.get('retry-after')) > 0);
  assert.deepEqual(await problemOf(refused), ['RETRIEVAL_LIMITED']);
  assert.equal(issuer.issuedCount(kid), 12);
});
