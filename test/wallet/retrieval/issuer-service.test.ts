import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { issuerService } from '../../../wallet/retrieval/issuer-service.ts';
import type { Send } from '../../../wallet/retrieval/issuer-service.ts';
import { readIssuerAddress } from '../../../wallet/retrieval/issuer-address.ts';
import { readOfferedIssuers } from '../../../wallet/retrieval/offered-issuers.ts';

const URL_OF_ISSUER = 'https://issuer.example/shc';
const PERSON = { family: ' Lee ', given: ' Wei ', birthDate: '1980-02-29', zip: ' 10001 ' };

function serviceThat(send: Send): ReturnType<typeof issuerService> {
  return issuerService(URL_OF_ISSUER, { send, language: 'zh-Hant' });
}

const answering =
  (
    body: string,
    { status, headers = {} }: { readonly status: number; readonly headers?: Record<string, string> },
    type = 'application/json',
  ): Send =>
  () =>
    Promise.resolve(new Response(body, { status, headers: { 'Content-Type': type, ...headers } }));

test('nothing but what was typed goes to the address that was chosen, without cookies and without following', async () => {
  const asked: [string, RequestInit][] = [];
  const service = serviceThat((address, init) => {
    asked.push([address, init]);
    return Promise.resolve(
      Response.json({ id: 'a'.repeat(22), until: 1, codeDigits: 8, more: 'passed over' }),
    );
  });
  assert.deepEqual(await service.begin(PERSON), { id: 'a'.repeat(22), until: 1, codeDigits: 8 });
  const [[address, init] = ['', {}]] = asked;
  assert.equal(address, `${URL_OF_ISSUER}/retrieve`);
  const { credentials, redirect, referrerPolicy, cache, body } = init;
  assert.deepEqual(
    [credentials, redirect, referrerPolicy, cache],
    ['omit', 'error', 'no-referrer', 'no-store'],
  );
  assert.deepEqual(JSON.parse(typeof body === 'string' ? body : ''), {
    name: { family: 'Lee', given: ['Wei'] },
    birthDate: '1980-02-29',
    zip: '10001',
    language: 'zh-Hant',
  });
});

describe('whatever goes wrong is one of a closed list', () => {
  const problem = (code: string, more: object = {}): string => JSON.stringify({ code, ...more });
  const PROBLEM_TYPE = 'application/problem+json';
  const cases: readonly (readonly [string, Send, string])[] = [
    ['no network', () => Promise.reject(new TypeError('Failed to fetch')), 'SERVICE_UNREACHABLE'],
    ['no answer in time', () => Promise.reject(new DOMException('', 'TimeoutError')), 'SERVICE_TIMEOUT'],
    ['a page', answering('<html>', { status: 200 }, 'text/html'), 'SERVICE_MISSING'],
    ['no JSON', answering('{', { status: 200 }), 'ANSWER_MALFORMED'],
    ['other members', answering('{"id":7}', { status: 200 }), 'ANSWER_MALFORMED'],
    ['a list', answering('[]', { status: 200 }), 'ANSWER_MALFORMED'],
    ['twice the same member', answering('{"id":"a","id":"b"}', { status: 200 }), 'ANSWER_MALFORMED'],
    ['more than any card', answering(`"${'x'.repeat(2_000_001)}"`, { status: 200 }), 'ANSWER_MALFORMED'],
    ['a refusal without a code', answering('{}', { status: 400 }, PROBLEM_TYPE), 'ANSWER_MALFORMED'],
    [
      'an address that is not there',
      answering(problem('NOT_FOUND'), { status: 404 }, PROBLEM_TYPE),
      'SERVICE_MISSING',
    ],
    [
      'a refusal of its own',
      answering(problem('INTERNAL'), { status: 500 }, PROBLEM_TYPE),
      'SERVICE_REFUSED',
    ],
    [
      'one of ours',
      answering(problem('RETRIEVAL_LOCKED'), { status: 403 }, PROBLEM_TYPE),
      'RETRIEVAL_LOCKED',
    ],
  ];
  for (const [name, send, code] of cases) {
    test(`${name} is ${code}`, async () => {
      await assert.rejects(serviceThat(send).begin(PERSON), { name: 'RetrievalFault', code });
    });
  }

  test('of a limit the time to wait is read, and a time that is none is left out', async () => {
    for (const [after, waitSeconds] of [
      ['90', 90],
      ['soon', null],
      ['-1', null],
    ] as const) {
      const send = answering(
        problem('RETRIEVAL_LIMITED'),
        { status: 429, headers: { 'Retry-After': after } },
        PROBLEM_TYPE,
      );
      await assert.rejects(serviceThat(send).begin(PERSON), { code: 'RETRIEVAL_LIMITED', waitSeconds });
    }
  });

  test('a body that breaks off is an issuer that cannot be reached', async () => {
    const broken = new ReadableStream({
      start: (controller) => {
        controller.error(new TypeError('network error'));
      },
    });
    const send: Send = () =>
      Promise.resolve(new Response(broken, { headers: { 'Content-Type': 'application/json' } }));
    await assert.rejects(serviceThat(send).begin(PERSON), { code: 'SERVICE_UNREACHABLE' });
  });
});

test('an address is https, spelt as people do, and nothing that looks like another one', () => {
  for (const [typed, read] of [
    [' health.ny.example ', 'https://health.ny.example'],
    ['https://health.ny.example/shc//', 'https://health.ny.example/shc'],
    ['HTTPS://Health.NY.example:8443', 'https://health.ny.example:8443'],
    ['http://health.ny.example', undefined],
    ['http://127.0.0.1:8081', undefined],
    ['https://health.ny.example@evil.example', undefined],
    ['https://health.ny.example?next=1', undefined],
    ['https://health.ny.example#there', undefined],
    ['javascript:alert(1)', undefined],
    ['two words', undefined],
    ['', undefined],
    [`https://${'x'.repeat(300)}.example`, undefined],
  ] as const) {
    assert.equal(readIssuerAddress(typed, false), read, typed);
  }
  assert.equal(readIssuerAddress('http://127.0.0.1:8081/', true), 'http://127.0.0.1:8081');
  assert.equal(readIssuerAddress('http://192.168.1.2:8081/', true), undefined);
});

test('of the issuers that the wallet’s server names those are offered that may be asked', () => {
  const issuers = [
    { url: 'https://health.ny.example/', name: 'New York' },
    { url: 'http://elsewhere.example', name: 'Without TLS' },
  ];
  assert.deepEqual(readOfferedIssuers({ issuers }, false), [
    { url: 'https://health.ny.example', name: 'New York' },
  ]);
  for (const json of [undefined, [], { issuers: 1 }, { issuers: [{ url: 'https://x.example' }] }]) {
    assert.deepEqual(readOfferedIssuers(json, false), []);
  }
});
