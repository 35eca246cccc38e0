import assert from 'node:assert/strict';
import express from 'express';
import type { ErrorRequestHandler } from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SERVICE_LIMITS } from '../../../agent/service/app.ts';
import { rateGuard } from '../../../verifier/http/guards.ts';
import { listen } from '../../../verifier/http/listen.ts';
import { post, served } from '../node/http/venues.ts';
import { openRaw, readRaw, sendRaw } from '../node/http/raw-request.ts';

async function asked(url: string, path: string, headers: string): Promise<string> {
  const answer = await sendRaw(url, `GET ${path} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
  return answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
}

test('a host name that is not ours is refused, whatever address it was resolved to', async (t) => {
  const url = await served(t, undefined, { hosts: ['desk.venue.example'] });
  const { port } = new URL(url);
  for (const host of [
    'localhost',
    `localhost:${port}`,
    `127.0.0.1:${port}`,
    'LOCALHOST',
    '[::1]:80',
    'desk.venue.example:8443',
  ]) {
    assert.equal(await asked(url, '/healthz', `Host: ${host}\r\n`), '200', host);
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    `127.0.0.1.evil.example:${port}`,
    'localhost@evil.example',
    '10.0.0.1',
    '',
  ]) {
    for (const path of ['/healthz', '/', '/verify', '/none']) {
      assert.equal(await asked(url, path, `Host: ${host}\r\n`), '421', host);
    }
  }
  assert.equal(await asked(url, '/healthz', ''), '421');
});

test('a page of another site cannot send anything here; our own and a program can', async (t) => {
  const url = await served(t, undefined, { origins: ['https://desk.venue.example'] });
  for (const origin of [undefined, url, 'https://desk.venue.example']) {
    const headers = origin === undefined ? {} : { Origin: origin };
    assert.equal((await post(`${url}/verify`, { credential: 'x' }, headers)).status, 200);
  }
  for (const origin of [
    'null',
    'https://evil.example',
    url.replace('http:', 'https:'),
    'http://127.0.0.1:1',
    '',
  ]) {
    for (const path of ['/verify', '/verify/batch', '/trust']) {
      const response = await post(`${url}${path}`, { credential: 'x' }, { Origin: origin });
      assert.equal(response.status, 403, origin);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      await response.arrayBuffer();
    }
  }
  const preflight = await fetch(`${url}/verify`, {
    method: 'OPTIONS',
    headers: { Origin: 'https://evil.example' },
  });
  assert.equal(preflight.status, 403);
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
});

test('every answer tells the browser to load nothing from elsewhere and to lend the camera to us only', async (t) => {
  const url = await served(t);
  for (const path of ['/', '/trust', '/none']) {
    const { headers } = await fetch(url + path);
    assert.match(
      headers.get('content-security-policy') ?? '',
      /^default-src 'none';.*frame-ancestors 'none'/,
    );
    assert.match(headers.get('permissions-policy') ?? '', /^camera=\(self\)/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('cache-control'), 'no-store');
  }
});

test('one address that asks without end is told to wait', async (t) => {
  const url = await served(t, undefined, { limits: { rate: { requests: 5, seconds: 60 } } });
  const statuses: number[] = [];
  for (let request = 0; request < 7; request++) {
    const response = await fetch(`${url}/healthz`);
    statuses.push(response.status);
    if (response.status === 429) {
      assert.ok(Number(response.headers.get('retry-after')) > 0);
      assert.equal(((await response.json()) as { code: string }).code, 'RATE_LIMITED');
    } else await response.arrayBuffer();
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429]);
});

test('whoever changes the address within one IPv6 network is told to wait, and a neighbour is not', async (t) => {
  const app = express();
  app.use(({ socket, headers }, _response, next) => {
    Object.defineProperty(socket, 'remoteAddress', { value: headers['x-from'], configurable: true });
    next();
  });
  app.use(rateGuard({ requests: 2, seconds: 60 }), (_request, response) => {
    response.sendStatus(200);
  });
  const stopsOnError: ErrorRequestHandler = (_error, _request, response, _next) => {
    response.sendStatus(429);
  };
  const server = app.use(stopsOnError).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const statuses: number[] = [];
  for (const from of ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:9::', '2001:db8:0:2::1']) {
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'X-From': from } });
    await response.text();
    statuses.push(response.status);
  }
  assert.deepEqual(statuses, [200, 200, 429, 200]);
});

test('headers that never end are cut off, and so is a body that comes byte by byte', async (t) => {
  const url = await served(t, undefined, { limits: { headerSeconds: 1, bodySeconds: 1 } });
  const slow = async (start: string): Promise<string> => {
    const socket = await openRaw(url);
    socket.write(start);
    const drip = setInterval(() => socket.write('x'), 100);
    const answer = await readRaw(socket, 10_000);
    clearInterval(drip);
    return answer;
  };
  const head = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
  const [headers, body, unread] = await Promise.all([
    slow('GET / HTTP/1.1\r\nHost: localhost\r\nX: '),
    slow(`POST /verify HTTP/1.1\r\n${head}`),
    slow(`POST /trust HTTP/1.1\r\n${head}`),
  ]);
  for (const [answer, status] of [
    [headers, 408],
    [body, 408],
    [unread, 405],
  ] as const) {
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(answer, /application\/problem\+json/);
  }
});

test('a hundred connections that say nothing keep nobody else out', async (t) => {
  const url = await served(t, undefined, { limits: { headerSeconds: 2, connectionsOfOne: 150 } });
  const silent = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const socket = await openRaw(url);
      socket.write('POST /verify HTTP/1.1\r\nHost: localhost\r\n');
      return socket;
    }),
  );
  for (let request = 0; request < 20; request++) {
    assert.equal((await post(`${url}/verify`, { credential: 'x' })).status, 200);
  }
  const answers = await Promise.all(silent.map((socket) => readRaw(socket, 15_000)));
  assert.ok(answers.every((answer) => answer.startsWith('HTTP/1.1 408 ')));
});

test('one address holds no more connections than it may', async (t) => {
  const url = await served(t, undefined, { limits: { connectionsOfOne: 3 } });
  const held = await Promise.all(Array.from({ length: 3 }, () => openRaw(url)));
  const one = await openRaw(url);
  one.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  assert.equal(await readRaw(one, 5_000), '');
  for (const socket of held) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await asked(url, '/healthz', 'Host: localhost\r\n'), '200');
});

test('a reverse proxy of ours holds a connection for each of its senders; one that is not ours does not', async (t) => {
  const open = async (proxies: readonly string[]): Promise<string> => {
    const app = express();
    app.get('/healthz', (_request, response) => {
      response.end('ok');
    });
    const nothing = { stop: () => undefined, close: async () => Promise.resolve() };
    const limits = { ...SERVICE_LIMITS, connectionsOfOne: 3 };
    const { url, stop } = await listen({ handler: app, ...nothing }, limits, { proxies });
    const held = await Promise.all(Array.from({ length: 4 }, () => openRaw(url)));
    t.after(async () => {
      for (const socket of held) socket.destroy();
      await stop();
    });
    const one = await openRaw(url);
    one.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    return (await readRaw(one, 5_000)).slice(0, 12);
  };
  assert.equal(await open(['10.0.0.0/8', '127.0.0.0/8']), 'HTTP/1.1 200');
  assert.equal(await open(['10.0.0.0/8', '::1/128']), '');
});
