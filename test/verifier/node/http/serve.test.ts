import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { serve } from '../../../../verifier/node/http/serve.ts';
import { mintCard } from '../../../support/cards.ts';
import { localhostCertificate } from '../../../support/localhost-certificate.ts';
import { openRaw, readRaw } from './raw-request.ts';
import { key, post, served, venueWith } from './venues.ts';

const credential = mintCard(key);

test('outside of loopback nothing is served without TLS, and no port is opened', async () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.2', '::ffff:10.0.0.1', 'venue.example', '']) {
    await assert.rejects(serve(venueWith(), { host }), { name: 'ListenError', code: 'TLS_REQUIRED' });
  }
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) {
    const { url, stop } = await serve(venueWith(), { host });
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    await stop();
  }
});

test('a port that is taken, an address that is not ours, and a certificate that is none are said plainly', async (t) => {
  const { port } = new URL(await served(t));
  const codes = [
    [{ port: Number(port) }, 'PORT_IN_USE'],
    [{ host: '192.0.2.1', tls: localhostCertificate() }, 'ADDRESS_UNAVAILABLE'],
    [{ tls: { key: 'x', cert: 'y' } }, 'TLS_INVALID'],
  ] as const;
  for (const [options, code] of codes) {
    await assert.rejects(serve(venueWith(), options), { name: 'ListenError', code });
  }
});

test('with a certificate it serves TLS, under the address that the connection arrives at', async (t) => {
  const tls = localhostCertificate();
  const url = await served(t, venueWith(), { tls, host: '0.0.0.0' });
  const { port } = new URL(url);
  const sent = request(`https://127.0.0.1:${port}/verify`, {
    method: 'POST',
    ca: tls.cert,
    servername: 'localhost',
    headers: { 'Content-Type': 'application/json', Origin: `https://127.0.0.1:${port}` },
    agent: false,
  });
  sent.end(JSON.stringify({ credential }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers['strict-transport-security'], undefined);
  response.resume();
  const plain = await openRaw(`http://127.0.0.1:${port}`);
  plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.ok(!(await readRaw(plain, 5000)).includes('200 OK'));
});

test('stopping under load loses no answer that was begun, and refuses what comes after', async () => {
  const { url, stop } = await serve(venueWith(), { threads: 1 });
  let [answered, refused, gone] = [0, 0, 0];
  let stopping = false;
  const clients = Array.from({ length: 20 }, async () => {
    for (let round = 0; round < 500 && gone === 0; round++) {
      const before = stopping;
      try {
        const response = await post(`${url}/verify`, { credential });
        const answer = (await response.json()) as { codes?: string[]; code?: string };
        if (response.status === 200) {
          assert.deepEqual(answer.codes, ['VALID']);
          answered += 1;
        } else {
          assert.equal(answer.code, 'STOPPING');
          assert.equal(response.headers.get('connection'), 'close');
          refused += 1;
        }
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        // A connection that cannot be made any more, never one that broke before.
        assert.ok(before || stopping, String(error));
        gone += 1;
      }
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  stopping = true;
  const begun = Date.now();
  await stop();
  assert.ok(Date.now() - begun < 5000);
  await Promise.all(clients);
  assert.ok(answered > 20 && gone > 0, `${answered} answered, ${refused} refused, ${gone} gone`);
});

test('a request whose body is still coming when the server stops is answered', async () => {
  const { url, stop } = await serve(venueWith());
  const body = JSON.stringify({ credential });
  const socket = await openRaw(url);
  socket.write(
    `POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopped = stop();
  assert.equal(stop(), stopped);
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.write(body.slice(9));
  const answer = await readRaw(socket, 5000);
  assert.match(answer, /^HTTP\/1.1 200 /);
  assert.match(answer, /"VALID"/);
  await stopped;
});

test('a request that begins when the server stops is told so, and its connection closed', async () => {
  const { url, stop } = await serve(venueWith());
  const socket = await openRaw(url);
  socket.write('GET /trust HTTP/1.1\r\nHost: localhost\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopped = stop();
  socket.write('\r\n');
  const answer = await readRaw(socket, 5000);
  assert.match(answer, /^HTTP\/1.1 503 /);
  assert.match(answer, /\r\nConnection: close\r\n/);
  assert.match(answer, /"code":"STOPPING"/);
  await stopped;
});

test('whoever keeps a connection busy does not keep the server from stopping', async () => {
  const { url, stop } = await serve(venueWith(), { limits: { stopSeconds: 1 } });
  const socket = await openRaw(url);
  socket.write(
    'POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  const begun = Date.now();
  await stop();
  assert.ok(Date.now() - begun < 4000);
  socket.destroy();
});
