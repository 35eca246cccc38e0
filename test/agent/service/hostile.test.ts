import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { RecordTable } from '../../../agent/records/record-table.ts';
import { createService, SERVICE_LIMITS } from '../../../agent/service/app.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { openResidents } from '../../../agent/service/open-residents.ts';
import { PROBLEM, PROBLEMS } from '../../../agent/service/problems.ts';
import { SCOPES } from '../../../agent/service/scope.ts';
import type { EdgeLimits } from '../../../verifier/http/limits.ts';
import { listen } from '../../../verifier/http/listen.ts';
import { createLog } from '../../../verifier/http/request-log.ts';
import { makeIssuer, NOW, temporaryFolder } from '../issuer-fixture.ts';
import { openRaw, readRaw } from '../../verifier/node/http/raw-request.ts';
import { NEW_YORK } from '../records.ts';
import { keepingSender } from '../retrieval/retrieval-fixture.ts';
import { bodyOf, variantsOf, type Schema } from './body-of-schema.ts';

/** What must never come back in a refusal, nor be written down. */
const CANARY = 'Quetzalcoatlus';
const TYPES = ['application/json', 'application/x-www-form-urlencoded'];

const HOSTILE = [
  null,
  true,
  -1,
  1e308,
  0.1,
  '',
  [],
  {},
  [[]],
  `${CANARY}\u0000`,
  `\u202e${CANARY}\ufeff`,
  `${CANARY}'); drop table records; --`,
  `../../${CANARY}`,
  `<script>${CANARY}</script>`,
  `${CANARY}{{7*7}}\${jndi:ldap://${CANARY}}`,
  CANARY.repeat(5000),
  '\ud800',
  '9999-99-99',
  { __proto__: null, toString: CANARY, constructor: CANARY },
] as const;

const PATHS = [
  '..',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fissuer%2fenvelope.json',
  '%00',
  '%ff',
  CANARY,
  CANARY.repeat(400),
  `${CANARY}%0d%0aSet-Cookie:a=b`,
  '__proto__',
  '%25',
  'a%2Fb',
];

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly types: readonly string[];
  readonly schema: Schema | undefined;
}

interface Service {
  readonly operations: readonly Operation[];
  readonly send: (sent: Sent) => Promise<Answer>;
  readonly key: string;
  readonly logged: () => string;
  readonly url: string;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A service whose client may do everything, and all that it writes down. */
async function serve(t: TestContext, edge: Partial<EdgeLimits> = {}): Promise<Service> {
  const { issuer, kid } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const published = join(await temporaryFolder(t), 'public');
  await issuer.publishStatus(kid, published);
  const clients = await Clients.open(issuer.service);
  let logged = '';
  const log = createLog(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged += chunk.toString('utf8');
        done();
      },
    }),
  );
  log.level = 'trace';
  const limits = { rate: { requests: 1e6, seconds: 1 }, ...edge };
  const clock = (): number => NOW;
  const sources = [new RecordTable(issuer.service).source('New York')];
  const { residents } = await openResidents(issuer, { sources, senders: [keepingSender('phone')], clock });
  const app = createService({ issuer, clients, residents, sources, published, clock, log, limits });
  const { url, stop } = await listen(app, { ...SERVICE_LIMITS, ...limits });
  t.after(stop);
  const { apiKey = '' } = await clients.add({ name: 'Hostile', scopes: SCOPES }, NOW);
  const send = async (sent: Sent): Promise<Answer> => sendTo(url, sent);
  const { text } = await send({ method: 'GET', path: '/openapi.json' });
  return { operations: operationsOf(text), send, key: apiKey, logged: () => logged, url };
}

function operationsOf(openapi: string): readonly Operation[] {
  const { paths } = JSON.parse(openapi) as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema?: Schema }> } }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => {
      const content = Object.entries(requestBody?.content ?? {});
      const schema = content.find(([, each]) => each.schema?.type === 'object')?.[1].schema;
      return { method: method.toUpperCase(), path, types: content.map(([type]) => type), schema };
    }),
  );
}

/** By node:http, which sends a path as it is. */
async function sendTo(url: string, { method, path, headers = {}, body }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers, agent: false, timeout: 30_000 });
    request.on('timeout', () => request.destroy(new Error(`${method} ${path} hangs`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: received } = response;
        const type = (received['content-type'] ?? '').split(';')[0] ?? '';
        resolve({ status, type, text: Buffer.concat(parts).toString('utf8') });
      });
    });
    request.end(body);
  });
}

/** Refused with a code of the table and nothing of what was sent; whatever is no refusal is said by `fine`. */
function assertRefused(
  { status, type, text }: Answer,
  what: string,
  fine: (status: number) => boolean,
): void {
  assert.ok(status < 500, `${what}: ${status} ${text}`);
  if (status < 400) {
    assert.ok(fine(status), `${what}: ${status} ${text.slice(0, 200)}`);
    return;
  }
  assert.equal(type, 'application/problem+json', what);
  const { code } = PROBLEM.parse(JSON.parse(text));
  assert.ok(Object.hasOwn(PROBLEMS, code), what);
  assert.ok(!text.includes(CANARY), `${what} is echoed`);
}

function addressOf({ path }: Operation, value = CANARY): string {
  return path.replaceAll(/\{\w+\}/g, value);
}

const asJson = (key: string): Record<string, string> => ({
  Authorization: `Bearer ${key}`,
  'Content-Type': 'application/json',
});

test('whatever stands in a body, at any place, is answered with a refusal or an answer, and is not written down', async (t) => {
  const { operations, send, key, logged } = await serve(t);
  let cases = 0;
  for (const operation of operations) {
    if (operation.schema === undefined) continue;
    const { method } = operation;
    const isForm = operation.types.includes('application/x-www-form-urlencoded');
    const base = bodyOf(operation.schema, CANARY);
    for (const variant of variantsOf(base, HOSTILE)) {
      const body = isForm ? formOf(variant) : JSON.stringify(variant);
      const headers = { ...asJson(key), 'Content-Type': isForm ? TYPES[1]! : TYPES[0]! };
      const answer = await send({ method, path: addressOf(operation), headers, body });
      assertRefused(answer, `${method} ${operation.path} ${body.slice(0, 200)}`, () => true);
      cases++;
    }
  }
  assert.ok(cases > 300, `${cases} cases`);
  assert.ok(logged().length > 0 && !logged().includes(CANARY), 'of nothing sent stands anything in the log');
});

function formOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const pairs = Object.entries(value).map(([name, each]): [string, string] => [name, fieldOf(each)]);
  return new URLSearchParams(pairs).toString();
}

function fieldOf(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
}

test('what is no JSON, names a member twice, is too deep, too large or of another media type is refused everywhere', async (t) => {
  const { operations, send, key } = await serve(t);
  const taking = operations.filter(({ types }) => types.length > 0);
  assert.ok(taking.length >= 3);
  const bodies: readonly (readonly [what: string, body: string | Uint8Array])[] = [
    ['nothing', ''],
    ['half a text', `{"${CANARY}`],
    ['a member twice', `{"credential":1,"credential":1}`],
    ['deep arrays', '['.repeat(100_000)],
    ['deep objects', '{"a":'.repeat(20_000)],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['a byte order mark', '\ufeff{}'],
    ['bytes behind the text', `{} ${CANARY}`],
    ['a number beyond a double', '{"a":1e999}'],
  ];
  for (const { method, path, types } of taking) {
    const address = path.replaceAll(/\{\w+\}/g, CANARY);
    for (const [what, body] of bodies) {
      for (const type of types) {
        const headers = { ...asJson(key), 'Content-Type': type };
        const answer = await send({ method, path: address, headers, body });
        assertRefused(answer, `${method} ${path}: ${what} as ${type}`, () => false);
      }
    }
    for (const change of [
      { 'Content-Type': 'text/html' },
      { 'Content-Type': `${types[0] ?? ''}; charset=utf-16` },
      { 'Content-Type': '' },
      { 'Content-Encoding': 'gzip' },
      { 'Content-Encoding': 'br' },
    ]) {
      const headers = { ...asJson(key), 'Content-Type': types[0] ?? '', ...change };
      const answer = await send({ method, path: address, headers, body: '{}' });
      assertRefused(answer, `${method} ${path} ${JSON.stringify(change)}`, () => false);
    }
  }
});

test('ten megabytes are refused everywhere without being read as a request', async (t) => {
  const { operations, send, key } = await serve(t);
  const large = Buffer.alloc(10_000_000, 0x20);
  for (const { method, path, types } of operations) {
    const [type] = types;
    // Those that take lines are told apart by them; each says its own limit.
    if (type === undefined || !TYPES.includes(type)) continue;
    const headers = { ...asJson(key), 'Content-Type': type };
    const address = path.replaceAll(/\{\w+\}/g, CANARY);
    const answer = await send({ method, path: address, headers, body: large });
    assertRefused(answer, `${method} ${path}`, () => false);
  }
});

test('no path leads anywhere else, and no parameter of one to another’s', async (t) => {
  const { operations, send, key, logged } = await serve(t);
  const headers = { Authorization: `Bearer ${key}` };
  for (const operation of operations) {
    for (const value of PATHS) {
      const method = operation.method;
      const path = operation.path.includes('{')
        ? addressOf(operation, value)
        : `${operation.path.replace(/\/$/, '')}/${value}`;
      const body = method === 'POST' ? '{}' : undefined;
      const sent = { method, path, headers: { ...headers, 'Content-Type': 'application/json' } };
      const answer = await send(body === undefined ? sent : { ...sent, body });
      assertRefused(answer, `${method} ${path.slice(0, 100)}`, () => false);
    }
  }
  for (const path of ['/../../etc/passwd', '//', '/%2e%2e/', '/./', `/${CANARY}?${CANARY}`, '/.env', '*']) {
    assertRefused(await send({ method: 'GET', path, headers }), path, () => false);
  }
  assert.ok(!logged().includes(CANARY));
});

test('who says no key, a wrong one, or one that is none gets a refusal before anything is read', async (t) => {
  const { operations, send } = await serve(t);
  const refused: string[] = [];
  for (const { method, path, types } of operations) {
    const address = path.replaceAll(/\{\w+\}/g, 'AAAA');
    for (const authorization of [
      undefined,
      `Bearer pratique_${'A'.repeat(12)}_${'A'.repeat(43)}`,
      `Bearer ${CANARY}`,
      'Bearer',
      `Basic ${CANARY}`,
      `Bearer ${CANARY.repeat(300)}`,
    ]) {
      const headers = {
        ...(authorization === undefined ? {} : { Authorization: authorization }),
        'Content-Type': types[0] ?? 'application/json',
      };
      const sent = { method, path: address, headers };
      const answer = await send(method === 'POST' ? { ...sent, body: '{' } : sent);
      assertRefused(answer, `${method} ${path} ${authorization}`, () => true);
      if (answer.status === 401) refused.push(path);
    }
  }
  for (const path of ['/credentials/issue', '/credentials/status']) assert.ok(refused.includes(path), path);
});

test('who sends a body byte by byte, or none of it, is told so and let go', async (t) => {
  const { url, key, operations } = await serve(t, { bodySeconds: 1 });
  const taking = operations.filter(({ types, path }) => types.length > 0 && path !== '/token');
  assert.ok(taking.length > 1);
  const trickle = async ({ method, path, types }: Operation): Promise<void> => {
    const socket = await openRaw(url);
    const address = path.replaceAll(/\{\w+\}/g, 'AAAA');
    const head = [
      `${method} ${address} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${key}`,
      `Content-Type: ${types[0] ?? ''}`,
      'Content-Length: 1000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{`);
    const answer = await readRaw(socket, 20_000);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, path);
  };
  await Promise.all(taking.map(trickle));
});
