import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROBLEM } from '../../../../verifier/node/http/answers.ts';
import { post, served, venueWith } from './venues.ts';
import { sendRaw } from './raw-request.ts';

async function codeOf(response: Response, status: number): Promise<string> {
  assert.equal(response.status, status);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.equal(response.headers.get('x-powered-by'), null);
  const problem = PROBLEM.parse(await response.json());
  assert.equal(problem.status, status);
  return problem.code;
}

test('an address that is not there, and a method that it does not take, are problems', async (t) => {
  const url = await served(t);
  for (const path of ['/nothing', '/%', '/verify/', '/VERIFY', '/trust/../x', '/.git/config']) {
    const { status } = await fetch(url + path).then(
      (response) => response.body?.cancel().then(() => response) ?? response,
    );
    assert.ok(status === 404 || status === 400, path);
  }
  assert.equal(await codeOf(await fetch(`${url}/nothing`), 404), 'NOT_FOUND');
  const wrong = await fetch(`${url}/verify`);
  assert.equal(wrong.headers.get('allow'), 'POST');
  assert.equal(await codeOf(wrong, 405), 'METHOD_NOT_ALLOWED');
  const written = await fetch(`${url}/trust`, { method: 'DELETE' });
  assert.equal(written.headers.get('allow'), 'GET, HEAD');
  assert.equal(await codeOf(written, 405), 'METHOD_NOT_ALLOWED');
  assert.equal(await codeOf(await fetch(`${url}/`, { method: 'PUT' }), 405), 'METHOD_NOT_ALLOWED');
});

test('a body that is not strict JSON is refused: members twice, nested deep, not UTF-8, numbers beyond a double', async (t) => {
  const url = await served(t);
  const refused = [
    '',
    '{',
    '{"credential":"a","credential":"b"}',
    `{"credential":${'['.repeat(40)}${']'.repeat(40)}}`,
    '{"credential":"a","at":1e999}',
    '\ufeff{"credential":"a"}',
    '{"credential":"\\ud800"}',
    new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  ];
  for (const body of refused) {
    assert.equal(await codeOf(await post(`${url}/verify`, body), 400), 'JSON_INVALID');
  }
});

test('a body of other members than asked for is refused, and nothing of it is said back', async (t) => {
  const url = await served(t);
  const refused: readonly unknown[] = [
    [],
    null,
    'text',
    {},
    { credential: 1 },
    { credential: null },
    { credential: 'canary', more: 1 },
    { credential: 'canary', picture: 'AAAA' },
    { picture: 'not base64url!' },
    { credential: 'canary', at: '1' },
    { credential: 'canary', at: -1 },
    { credential: 'canary', at: 1.7e12 },
    { credential: 'canary', rules: ['none'] },
    { credential: 'canary', __proto__: null, constructor: 'canary' },
  ];
  for (const body of refused) {
    const response = await post(`${url}/verify`, JSON.stringify(body));
    const text = await response.clone().text();
    assert.ok(!text.includes('canary'));
    assert.equal(await codeOf(response, 400), 'BODY_INVALID');
  }
});

test('a body of another type, character set or encoding is refused unread', async (t) => {
  const url = await served(t);
  for (const headers of [
    { 'Content-Type': 'application/xml' },
    { 'Content-Type': '' },
    { 'Content-Type': 'application/json; charset=utf-16' },
    { 'Content-Encoding': 'gzip' },
    { 'Content-Type': 'application/x-ndjson' },
  ]) {
    const code = await codeOf(await post(`${url}/verify`, '{}', headers), 415);
    assert.equal(code, 'CONTENT_TYPE_UNSUPPORTED');
  }
  for (const headers of [{}, { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'gzip' }]) {
    const code = await codeOf(await post(`${url}/verify/batch`, '{}', headers), 415);
    assert.equal(code, 'CONTENT_TYPE_UNSUPPORTED');
  }
});

test('a body beyond six megabytes is refused, announced or not', async (t) => {
  const url = await served(t);
  const large = new Uint8Array(6_000_001).fill(0x20);
  assert.equal(await codeOf(await post(`${url}/verify`, large), 413), 'BODY_TOO_LARGE');
  const chunked = await fetch(`${url}/verify`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit);
  assert.equal(await codeOf(chunked, 413), 'BODY_TOO_LARGE');
});

test('a fault inside is told without its message', async (t) => {
  const url = await served(
    t,
    venueWith('missing', {
      terms: () => {
        throw new Error('canary');
      },
    }),
  );
  const response = await post(`${url}/verify`, { credential: 'x' });
  assert.ok(!(await response.clone().text()).includes('canary'));
  assert.equal(await codeOf(response, 500), 'INTERNAL');
});

test('what is not HTTP, or has headers without end, is told so as a problem too', async (t) => {
  const url = await served(t);
  const host = 'Host: localhost\r\n';
  for (const [bytes, status, code] of [
    ['nonsense\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    [`GET / HTTP/1.1\r\n${host}Content-Length: x\r\n\r\n`, 400, 'REQUEST_MALFORMED'],
    [
      `POST /verify HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
      'REQUEST_MALFORMED',
    ],
    [`GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [`CONNECT other:80 HTTP/1.1\r\n${host}\r\n`, 405, 'METHOD_NOT_ALLOWED'],
  ] as const) {
    const answer = await sendRaw(url, bytes);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(answer, /\r\nContent-Type: application\/problem\+json\r\n/);
    assert.equal(PROBLEM.parse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).code, code);
  }
});
