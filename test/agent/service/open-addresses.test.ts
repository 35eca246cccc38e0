import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentService, ZOE } from './resident-service.ts';

/** Some page that the issuer never heard of. */
const ORIGIN = 'https://wallet.elsewhere.example';

/** What a wallet's page asks of an issuer that its user chose. */
const RESIDENTS = [
  '/corrections',
  '/corrections/status',
  '/retrieve',
  '/retrieve/complete',
  '/retrieve/progress',
];
/** What anybody reads to check cards: it was public before, and no request of it changes anything. */
const PUBLISHED = [
  '/.well-known/crl/{name}',
  '/.well-known/did.json',
  '/.well-known/jwks.json',
  '/.well-known/smart-configuration',
  '/blocks/{kid}/{name}',
  '/fhir/metadata',
  '/status/{name}',
];

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

test('of all addresses, pages of other sites may send to those of residents and read them, and to no other', async (t) => {
  const { url } = await residentService(t);
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as Described;
  assert.ok(Object.keys(paths).length > RESIDENTS.length + 20);
  const [sendable, readable, announced]: string[][] = [[], [], []];
  for (const [path, operations] of Object.entries(paths)) {
    const address = url + path.replaceAll(/\{\w+\}/g, 'x');
    const asked = await fetch(address, {
      method: 'OPTIONS',
      headers: { Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' },
    });
    await asked.body?.cancel();
    if (asked.ok) announced?.push(path);
    for (const method of Object.keys(operations)) {
      const answer = await fetch(address, {
        method,
        headers: { Origin: ORIGIN, 'Content-Type': 'application/json' },
        ...(method === 'post' ? { body: '{}' } : {}),
      });
      const { code } = (await answer.json().catch(() => ({}))) as { readonly code?: string };
      const isOpen = answer.headers.get('access-control-allow-origin') !== null;
      if (method === 'post' && code !== 'ORIGIN_NOT_ALLOWED') sendable?.push(path);
      if (method === 'post' && isOpen) readable?.push(path);
      // Files that were not published yet are not there to be read.
      if (method === 'get' && isOpen) assert.ok(PUBLISHED.includes(path), path);
      assert.equal(answer.headers.get('access-control-allow-credentials'), null, path);
    }
  }
  for (const found of [sendable, readable, announced]) assert.deepEqual(found?.toSorted(), RESIDENTS);
});

test('a page may send JSON to a resident’s address, and nothing that says who it is', async (t) => {
  const { url } = await residentService(t);
  const { status, headers } = await fetch(`${url}/retrieve`, {
    method: 'OPTIONS',
    headers: {
      Origin: ORIGIN,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type',
    },
  });
  assert.equal(status, 204);
  assert.equal(headers.get('access-control-allow-origin'), '*');
  assert.equal(headers.get('access-control-allow-methods'), 'POST');
  assert.equal(headers.get('access-control-allow-headers'), 'Content-Type');
  assert.equal(headers.get('access-control-allow-credentials'), null);
});

test('another page is held to the same limits, and is told so', async (t) => {
  const { post } = await residentService(t, { limits: { address: { count: 2, seconds: 3600 } } });
  const headers = { Origin: ORIGIN };
  const answers: Response[] = [];
  for (let turn = 0; turn < 3; turn++) {
    answers.push(await post('/retrieve', { ...ZOE, zip: `1000${turn}` }, headers));
  }
  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202, 429],
  );
  const told = answers.at(-1)?.headers;
  assert.equal(told?.get('access-control-allow-origin'), '*');
  assert.match(told.get('access-control-expose-headers') ?? '', /Retry-After/);
});
