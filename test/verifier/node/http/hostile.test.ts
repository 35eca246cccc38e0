import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Decision } from '../../../../verifier/pipeline/decision.ts';
import { mintCard } from '../../../support/cards.ts';
import { openRaw, readRaw } from './raw-request.ts';
import { key, post, served, venueWith } from './venues.ts';

const credential = mintCard(key);
const RUNS = 1_000;
/** Far longer than any answer takes on a busy machine; a request that hangs runs into it. */
const PATIENCE_MS = 15_000;

/** JSON as a stranger might write it: deep, wrong in type, twice the same member, beyond a double. */
const hostileJson = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => `{"credential":${'['.repeat(depth)}`),
  fc.integer({ min: 1, max: 5_000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.string().map((text) => `{"credential":${JSON.stringify(text)},"credential":"b"}`),
  fc.integer({ min: 1, max: 400 }).map((digits) => `{"credential":"a","at":${'9'.repeat(digits)}}`),
  fc
    .constantFrom('1e999', '-0', '1e-999', '"1"', 'null', '[]', 'true')
    .map((at) => `{"credential":"a","at":${at}}`),
  fc
    .record({ credential: fc.anything().map(String), event: fc.double(), rules: fc.string() })
    .map((body) => JSON.stringify(body)),
  fc
    .constantFrom('__proto__', 'constructor', 'toString')
    .map((name) => `{"${name}":{"credential":"a"},"credential":"a"}`),
);

/** A credential that looks like one: parts of a good one cut, joined and changed. */
const hostileCredential = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(fc.nat(credential.length), fc.string({ maxLength: 3 }))
    .map(([at, text]) => credential.slice(0, at) + text + credential.slice(at + text.length)),
  fc
    .array(fc.constantFrom('shc:/', 'pratique:/', '00', '99', '1/2/', '\n', credential), { maxLength: 12 })
    .map((parts) => parts.join('')),
  fc.integer({ min: 1, max: 100_000 }).map((length) => 'shc:/' + '5'.repeat(length)),
  fc.json().map((text) => `{"verifiableCredential":${text}}`),
);

const bytes = (text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> => text.map((each) => Buffer.from(each));
const hostileBody: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }),
  fc
    .uint8Array({ maxLength: 100 })
    .map((noise) => Buffer.concat([Buffer.from('{"credential":"'), noise, Buffer.from('"}')])),
  bytes(hostileJson),
  bytes(hostileCredential),
  bytes(hostileCredential.map((text) => JSON.stringify({ credential: text }))),
  fc
    .uint8Array({ maxLength: 300 })
    .map((tail) => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), tail])),
);

const hostileRequest = fc.record({
  path: fc.constantFrom('/verify', '/verify', '/verify', '/verify/batch', '/trust', '/', '/%ff', '/metrics'),
  type: fc.constantFrom(
    'application/json',
    'application/json',
    'text/plain',
    'application/x-ndjson',
    'image/png',
    'x/y',
    ';;;',
    '',
  ),
  headers: fc.dictionary(
    fc.constantFrom(
      'Accept-Language',
      'Content-Encoding',
      'Expect',
      'Origin',
      'If-None-Match',
      'Range',
      'X-Forwarded-For',
      'Upgrade',
      'Accept',
    ),
    fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
    { maxKeys: 3 },
  ),
  body: hostileBody,
  framing: fc.constantFrom(
    'length',
    'length',
    'chunked',
    'broken chunks',
    'too long',
    'too short',
    'cut off',
  ),
});

type HostileRequest = typeof hostileRequest extends fc.Arbitrary<infer T> ? T : never;

/** As bytes on the wire, and whether the sender leaves before the answer. */
function written({ path, type, headers, body, framing }: HostileRequest): { wire: Buffer; leaves: boolean } {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${type}\r\n${lines.join('')}`;
  const declared = { 'too long': body.length + 10, 'too short': Math.max(0, body.length - 5) } as Record<
    string,
    number
  >;
  const framed = framing.includes('chunk')
    ? [
        `Transfer-Encoding: chunked\r\n\r\n${framing === 'chunked' ? body.length.toString(16) : 'zz'}\r\n`,
        body,
        '\r\n0\r\n\r\n',
      ]
    : [
        `Content-Length: ${declared[framing] ?? body.length}\r\n\r\n`,
        framing === 'cut off' ? body.subarray(0, body.length / 2) : body,
      ];
  const wire = Buffer.concat([Buffer.from(head, 'latin1'), ...framed.map((part) => Buffer.from(part))]);
  return { wire, leaves: framing === 'too long' || framing === 'cut off' };
}

test(`${RUNS} hostile requests get no 5xx and hang nobody, and between them every good card gets its answer`, async (t) => {
  const url = await served(t, venueWith(), { limits: { bodySeconds: 5 } });
  const statuses = new Map<string, number>();
  let good = 0;
  const before = await settledHeap();
  await fc.assert(
    fc.asyncProperty(hostileRequest, async (hostile) => {
      const { wire, leaves } = written(hostile);
      const socket = await openRaw(url);
      socket.write(wire);
      if (leaves) socket.end();
      const [answer, decision] = await Promise.all([readRaw(socket, PATIENCE_MS), decide(url)]);
      const status = answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
      assert.match(status, leaves ? /^([234]\d\d)?$/ : /^[24]\d\d$/);
      if (status.startsWith('4')) assert.match(answer, /\r\nContent-Type: application\/problem\+json\r\n/i);
      assert.deepEqual(decision.codes, ['VALID']);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      good += 1;
    }),
    { numRuns: RUNS },
  );
  assert.ok(good >= RUNS);
  for (const status of ['200', '400', '415']) assert.ok((statuses.get(status) ?? 0) > 10, status);
  const grown = ((await settledHeap()) - before) / 2 ** 20;
  assert.ok(grown < 10, `${grown} MiB more`);
});

test('good and bad requests side by side: every good one is answered rightly', async (t) => {
  const url = await served(t, venueWith(), { limits: { connectionsOfOne: 500 } });
  const bad = [
    '{',
    '[]',
    JSON.stringify({ credential: 'x'.repeat(200_000) }),
    JSON.stringify({ picture: '_9j_' }),
  ];
  const answers = await Promise.all(
    Array.from({ length: 400 }, async (_, place) => {
      if (place % 2 === 0) return decide(url);
      const response = await post(`${url}/verify`, bad[place % bad.length] ?? '');
      assert.ok(response.status < 500);
      await response.arrayBuffer();
      return undefined;
    }),
  );
  const decisions = answers.filter((answer) => answer !== undefined);
  assert.equal(decisions.length, 200);
  assert.ok(decisions.every(({ codes }) => codes[0] === 'VALID'));
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function decide(url: string): Promise<Decision> {
  return (await (await post(`${url}/verify`, { credential })).json()) as Decision;
}

/** Bytes in use once what is in flight has landed. */
async function settledHeap(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
