import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { otherThan } from '../retrieval/retrieval-fixture.ts';
import { assertOverlap } from '../retrieval/overlap.ts';
import {
  makeWallet,
  NOBODY,
  problemOf,
  residentRecord,
  residentService,
  until,
  ZOE,
} from './resident-service.ts';

const FREE = { count: 1e9, seconds: 3600 };
const limits = {
  personHour: FREE,
  personDay: FREE,
  address: FREE,
  all: FREE,
  failures: FREE,
  addressFailures: FREE,
  allFailures: FREE,
};
/** What differs from answer to answer whoever asks. */
const CHANGING = new Set(['date', 'ratelimit', 'content-length']);

/** All of an answer that somebody could see, but for what is random in each. */
async function seen(response: Response): Promise<unknown> {
  const headers = [...response.headers].filter(([name]) => !CHANGING.has(name));
  const body = (await response.text())
    .replace(/"id":"[\w-]{22}"/, '"id":"…"')
    .replace(/"until":\d+/, '"until":0');
  return [response.status, headers, body];
}

test('somebody and nobody are answered alike, byte for byte but for what is random, at every step', async (t) => {
  const { post, pass, state, now } = await residentService(t, { limits });
  const wallet = await makeWallet();
  const told: unknown[][] = [];
  for (const person of [ZOE, NOBODY, { ...ZOE, zip: '10002' }, { ...ZOE, birthDate: '1980-03-01' }]) {
    const answers: unknown[] = [];
    const begun = await post('/retrieve', person);
    const { id } = (await begun.clone().json()) as { id: string };
    answers.push(await seen(begun), begun.headers.get('content-length'));
    answers.push(await seen(await post('/retrieve/progress', { id })));
    pass(3);
    await until(async () => (await state.retrievals.get(id))?.step !== null);
    pass(30);
    answers.push(await seen(await post('/retrieve/progress', { id })));
    const proof = await wallet.prove({ aud: 'x', nonce: id, iat: Math.floor(now()) });
    const asks: readonly object[] = [
      { code: 'x' },
      { code: '12345678', holder: { id: wallet.did, proof } },
      { token: 'A'.repeat(22) },
      ...Array.from({ length: 6 }, () => ({ code: '12345678' })),
    ];
    for (const ask of asks) {
      answers.push(await seen(await post('/retrieve/complete', { id, product: 'pcr-pass', ...ask })));
      answers.push(await seen(await post('/retrieve/progress', { id })));
    }
    told.push(answers);
  }
  for (const answers of told) assert.deepEqual(answers, told[0]);
  assert.match(JSON.stringify(told[0]), /PROOF_INVALID.*CODE_WRONG.*RETRIEVAL_ENDED/);
});

test('the answer over HTTP to somebody takes as long as that to nobody, and so does a wrong code', async (t) => {
  // Of one birth date, so that a look into them in the course of the answer would take its time.
  const records = Array.from({ length: 200 }, (_, at) =>
    residentRecord(undefined, {
      id: `p-${at}`,
      identifier: [{ system: 'https://registry.example.org/id', value: String(at) }],
      name: [{ family: 'Canary', given: [`Zoe${letter(at % 25)}${letter(Math.floor(at / 25))}`] }],
      telecom: [{ system: 'phone', use: 'mobile', value: `(212) 555-${1000 + at}` }],
    }),
  );
  const { post, pass, phone, state } = await residentService(t, { limits, records });
  const begin = { hit: [] as number[], miss: [] as number[] };
  const complete = { hit: [] as number[], miss: [] as number[] };
  const ids: { readonly kind: 'hit' | 'miss'; readonly id: string }[] = [];
  const timed = async (path: string, json: object): Promise<readonly [number, Response]> => {
    const started = performance.now();
    const response = await post(path, json);
    const answered = performance.now() - started;
    return [answered, response];
  };
  for (let at = 0; at < SAMPLES + WARM; at++) {
    // Each pair in an order of its own, so that what one leaves behind meets both alike.
    for (const kind of at % 4 < 2 ? (['hit', 'miss'] as const) : (['miss', 'hit'] as const)) {
      const given = [`${kind === 'hit' ? 'Zoe' : 'Ada'}${letter(at % 25)}a`];
      // Of the other birth date there is no record at all: to look would be to be faster.
      const birthDate = kind === 'hit' ? ZOE.birthDate : '1980-02-28';
      const person = { ...ZOE, birthDate, name: { family: 'Canary', given } };
      const [ms, response] = await timed('/retrieve', person);
      if (at >= WARM) begin[kind].push(ms);
      ids.push({ kind, id: ((await response.json()) as { id: string }).id });
    }
  }
  assertOverlap('POST /retrieve', begin);
  pass(3);
  const done = async (): Promise<boolean> => {
    const { steps } = state.counters.summary(state.clock());
    return steps.found + steps['no-record'] === ids.length && steps.sent === ids.length / 2;
  };
  while (!(await done())) await sleep(50);
  const sent = new Set(phone.sent.map(({ text }) => /\d{8}/.exec(text)?.[0]));
  const wrong = ['11111111', '22222222', '33333333'].find((code) => !sent.has(code)) ?? otherThan('');
  for (const [at, { kind, id }] of ids.entries()) {
    const [ms, response] = await timed('/retrieve/complete', { id, code: wrong, product: 'pcr-pass' });
    assert.deepEqual(await problemOf(response), ['CODE_WRONG']);
    if (at >= 2 * WARM) complete[kind].push(ms);
  }
  assertOverlap('POST /retrieve/complete', complete);
});

const SAMPLES = 200;
const WARM = 20;
const letter = (at: number): string => String.fromCharCode(97 + at);
