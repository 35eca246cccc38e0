import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { RETRIEVAL_LIMITS } from '../../../agent/retrieval/retrieval-limits.ts';
import { otherThan } from '../retrieval/retrieval-fixture.ts';
import { NOBODY, problemOf, residentService, ZOE } from './resident-service.ts';

const PATHS = [
  '/retrieve',
  '/retrieve/progress',
  '/retrieve/complete',
  '/corrections',
  '/corrections/status',
] as const;

test('hostile bodies are refused with 4xx and nothing of them in the answer, at every address', async (t) => {
  const { post, url } = await residentService(t, {
    limits: { corrections: { count: 1e6, seconds: 60 }, looks: { count: 1e6, seconds: 60 } },
  });
  const complete = { id: 'A'.repeat(22), product: 'pcr-pass' };
  const bodies: readonly unknown[] = [
    '',
    '{',
    '{"canary":1,"canary":2}',
    '[]',
    'null',
    '"canary"',
    '7',
    `${'['.repeat(5000)}${']'.repeat(5000)}`,
    `{"id":"${'x'.repeat(20_000)}"}`,
    '{"__proto__":{"canary":1}}',
    '\uFEFF{}',
    { ...ZOE, canary: 1 },
    { ...ZOE, name: 'canary' },
    { ...ZOE, name: { family: { $ne: null }, given: [] } },
    { ...ZOE, name: { family: 'canary', given: Array<string>(11).fill('x') } },
    { ...ZOE, name: { family: '\u0000', given: ['\uD800'] } },
    { ...ZOE, birthDate: '1980-02-30' },
    { ...ZOE, birthDate: ['1980-02-29'] },
    { ...ZOE, zip: "10001' OR 1=1" },
    { ...ZOE, language: 'xx-canary' },
    { ...complete },
    { ...complete, code: 12_345_678 },
    { ...complete, code: '12345678', token: 'x' },
    { ...complete, code: '１２３４５６７８' },
    { ...complete, code: '12345678', product: '__proto__' },
    { ...complete, code: '12345678', product: 'toString' },
    { ...complete, code: '12345678', holder: 'did:jwk:canary' },
    { ...complete, code: '12345678', holder: { id: 'did:jwk:canary', proof: 'a.b.c' } },
    { ...complete, code: '12345678', id: '../canary' },
    { id: 7 },
    { number: null },
    { number: '../canary' },
  ];
  for (const path of PATHS) {
    for (const body of bodies) {
      const response = await post(path, body);
      const answer = await response.clone().text();
      const what = `${path} ${JSON.stringify(body).slice(0, 80)} ${answer}`;
      // Of an id that is none all that is said is that it is over.
      if (path === '/retrieve/progress' && response.status === 200) {
        assert.deepEqual(JSON.parse(answer), { state: 'ended', triesLeft: 0, down: [] }, what);
        continue;
      }
      assert.ok(response.status >= 400 && response.status < 500, what);
      assert.doesNotMatch(answer, /canary/i, what);
      await problemOf(response);
    }
    const form = await fetch(url + path, { method: 'POST', body: new URLSearchParams({ id: 'canary' }) });
    assert.deepEqual(await problemOf(form), ['CONTENT_TYPE_UNSUPPORTED']);
    const foreign = await post(path, {}, { Origin: 'https://evil.example' });
    // A wallet is a page of another origin, and is told what everyone is; cookies there are none.
    assert.equal(foreign.headers.get('access-control-allow-credentials'), null);
    assert.deepEqual(await problemOf(foreign), ['BODY_INVALID']);
    assert.deepEqual(await problemOf(await fetch(url + path)), ['METHOD_NOT_ALLOWED']);
  }
});

test('nothing of a person, a code, a contact or a number stands in the log, in an error, or in an answer to another', async (t) => {
  const service = await residentService(t);
  const { post, log, code: codeOf, keyFor, phone } = service;
  const { id, code } = await codeOf();
  const errors: string[] = [];
  const ask = async (path: string, json: unknown, headers = {}): Promise<Response> => {
    const response = await post(path, json, headers);
    if (!response.ok) errors.push(await response.clone().text());
    return response;
  };
  await ask('/retrieve', NOBODY);
  await ask('/retrieve', { ...ZOE, birthDate: 'canary' });
  await ask('/retrieve/complete', { id, code: otherThan(code), product: 'pcr-pass' });
  await ask('/retrieve/complete', { id, code, product: 'pcr-pass' });
  await ask('/retrieve/complete', { id, code, product: 'vaccination-pass' });
  const filed = await ask('/corrections', {
    ...ZOE,
    words: 'canary words',
    reach: 'canary@reach.example.org',
  });
  const { number } = (await filed.json()) as { number: string };
  await ask('/corrections/status', { number: `${number}0` });
  await ask('/corrections/take', { number });
  await ask(
    '/corrections/resolve',
    { number, outcome: 'unlocked' },
    { Authorization: `Bearer ${await keyFor('records')}` },
  );
  await ask('/retrieve/canary?canary=1', ZOE);
  assert.ok(log.length >= 10 && errors.length >= 6);
  const all = [...log, ...errors].join('\n');
  for (const canary of [code, number, id, '2125550001', '555-0001', '1980-02-29', '10001', 'reach.example']) {
    assert.ok(!all.includes(canary), canary);
  }
  assert.doesNotMatch(all, /canary|Zoë|Núñez|Bryon|mail\.example/i);
  assert.equal(phone.sent.length, 1);
});

test('a person, an address and all together may ask so often, and are told when to ask again', async (t) => {
  const all = { count: 8, seconds: 60 };
  const { post } = await residentService(t, { limits: { all } });
  const statuses: number[] = [];
  for (let time = 0; time < 6; time++) statuses.push((await post('/retrieve', ZOE)).status);
  assert.deepEqual(statuses, [202, 202, 202, 202, 202, 429]);
  for (let time = 0; time < 3; time++) statuses.push((await post('/retrieve', NOBODY)).status);
  assert.deepEqual(statuses.slice(6), [202, 202, 202]);
  const limited = await post('/retrieve', NOBODY, { 'Accept-Language': 'es' });
  const wait = Number(limited.headers.get('retry-after'));
  assert.ok(wait > 0 && wait <= 61, String(wait));
  assert.match(await limited.clone().text(), /demasiados intentos/);
  assert.deepEqual(await problemOf(limited), ['RETRIEVAL_LIMITED']);
});

test('a proxy is believed about whom it speaks for only if it is one of ours', async (t) => {
  const address = { ...RETRIEVAL_LIMITS.address, count: 2 };
  const ask = async (
    post: (path: string, json: unknown, headers: Record<string, string>) => Promise<Response>,
    forwarded: string,
  ): Promise<number> => (await post('/retrieve', NOBODY, { 'X-Forwarded-For': forwarded })).status;
  const trusting = await residentService(t, { limits: { address }, proxies: ['127.0.0.0/8', '10.0.0.0/8'] });
  assert.deepEqual(
    [await ask(trusting.post, '192.0.2.1'), await ask(trusting.post, '192.0.2.1')],
    [202, 202],
  );
  assert.equal(await ask(trusting.post, '192.0.2.1'), 429);
  // What the sender itself wrote before the proxy's word, and a second proxy of ours, change nothing.
  assert.equal(await ask(trusting.post, '203.0.113.7, 192.0.2.1'), 429);
  assert.equal(await ask(trusting.post, '203.0.113.7, 192.0.2.1, 10.1.2.3'), 429);
  assert.equal(await ask(trusting.post, '192.0.2.2'), 202);

  // A site of IPv6 is one sender: it has a network for each of 65,536.
  const sites = await residentService(t, { limits: { address }, proxies: ['127.0.0.0/8'] });
  const site = async (network: string): Promise<number> => ask(sites.post, `2001:db8:${network}::1`);
  assert.deepEqual([await site('7:1'), await site('7:2'), await site('7:ffff')], [202, 202, 429]);
  assert.equal(await site('8:1'), 202);

  const wary = await residentService(t, { limits: { address } });
  assert.deepEqual([await ask(wary.post, '192.0.2.1'), await ask(wary.post, '192.0.2.2')], [202, 202]);
  assert.equal(await ask(wary.post, '192.0.2.3'), 429);

  // What is no address is one sender, whoever writes it.
  const garbage = await residentService(t, { limits: { address }, proxies: ['127.0.0.1/32'] });
  assert.deepEqual([await ask(garbage.post, 'a'), await ask(garbage.post, 'b')], [202, 202]);
  assert.equal(await ask(garbage.post, '<c>'), 429);
});

test('without records to look in there is nothing at these addresses, nor in the description', async (t) => {
  const { url, post } = await residentService(t, { serves: false });
  for (const path of PATHS) assert.deepEqual(await problemOf(await post(path, ZOE)), ['NOT_FOUND']);
  const description = await (await fetch(`${url}/openapi.json`)).text();
  assert.ok(description.includes('/credentials/issue'));
  assert.doesNotMatch(description, /\/retrieve|\/corrections/);
  const open = await residentService(t);
  const { paths } = (await (await fetch(`${open.url}/openapi.json`)).json()) as { paths: object };
  for (const path of PATHS) assert.ok(path in paths, path);
});

test('whoever sends a body slowly is cut off, and whoever goes away in the middle stops nothing', async (t) => {
  const { url, post } = await residentService(t);
  const { port } = new URL(url);
  const head = `POST /retrieve HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n`;
  const gone = createConnection(Number(port), '127.0.0.1');
  await once(gone, 'connect');
  gone.write(`${head}\r\n{"name":`);
  gone.destroy();
  const tooLong = createConnection(Number(port), '127.0.0.1');
  tooLong.end(`${head.replace('500', '999999999')}Connection: close\r\n\r\n{}`);
  assert.match(await text(tooLong), /^HTTP\/1\.1 413 /);
  assert.equal((await post('/retrieve', ZOE)).status, 202);
});
