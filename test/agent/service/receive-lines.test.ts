import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../issuer-fixture.ts';
import { serveFixture, vaccinated, type Asker } from './service-fixture.ts';

const LIMITS = { bytes: 1_000_000, lines: 10, lineBytes: 300_000, pauseSeconds: 0.5, seconds: 20 };

/** Begins a request by hand; what the server answers. */
function begin(
  url: string,
  { key }: Pick<Asker, 'key'>,
  length: number,
): { readonly send: (bytes: string) => void; readonly answer: Promise<string>; readonly end: () => void } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (bytes) => (text += String(bytes)));
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  socket.write(
    `POST /bulk-orders?product=vaccination-pass HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/x-ndjson\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`,
  );
  return {
    send: (bytes) => void socket.write(bytes),
    answer: once(socket, 'close').then(() => text),
    end: () => socket.end(),
  };
}

test('a body that pauses, or goes away, is given up; nothing of it is left', async (t) => {
  const folder = join(await temporaryFolder(t), 'orders');
  const { url, asker } = await serveFixture(t, { orders: folder, lineLimits: LIMITS });
  const slow = begin(url, await asker(['issue']), 1000);
  slow.send(JSON.stringify({}).concat('\n'));
  assert.match(await slow.answer, /^HTTP\/1\.1 408 [\s\S]*"code":"REQUEST_TIMEOUT"/);
  const clerk = await asker(['issue']);
  const gone = begin(url, clerk, 1000);
  gone.send('{}\n');
  gone.end();
  await gone.answer;
  for (;;) {
    const again = await clerk.post(
      '/bulk-orders?product=vaccination-pass',
      `${JSON.stringify(vaccinated())}\n`,
      {
        'Content-Type': 'application/x-ndjson',
      },
    );
    if (again.status === 201) break;
    // The one that went away is still being given up.
    assert.equal(again.status, 503);
  }
  assert.equal((await readdir(folder)).length, 1);
});

test('whoever may not hand anything in cannot keep sending it', async (t) => {
  const folder = join(await temporaryFolder(t), 'orders');
  const { url } = await serveFixture(t, { orders: folder, lineLimits: LIMITS });
  const nobody = begin(url, { key: 'nobody' }, 900_000);
  const timer = setInterval(() => nobody.send('x'), 20);
  const answer = await nobody.answer;
  clearInterval(timer);
  assert.match(answer, /^HTTP\/1\.1 401 /);
});

test('a line in pieces of a byte costs no more than its bytes', async (t) => {
  const folder = join(await temporaryFolder(t), 'orders');
  const { url, asker } = await serveFixture(t, { orders: folder, lineLimits: LIMITS });
  const line = `{"a":"${'x'.repeat(200_000)}"}\n`;
  const clerk = begin(url, await asker(['issue']), line.length);
  for (const byte of line) clerk.send(byte);
  assert.match(await clerk.answer, /^HTTP\/1\.1 201 /);
});
