import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { bodyBudget, FREE_BYTES } from '../../../verifier/http/body-budget.ts';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { mintCard } from '../../support/cards.ts';
import { openRaw } from '../node/http/raw-request.ts';
import { key, post, served, venueWith } from '../node/http/venues.ts';

const card = mintCard(key);
const LARGE = 400_000;

test('one sender gets half of the budget, all together no more than all, and what is released is free again', () => {
  const { open } = bodyBudget(1000);
  const first = open('a');
  assert.ok(first.grow(FREE_BYTES + 500));
  assert.ok(!open('a').grow(FREE_BYTES + 1));
  assert.ok(open('a').grow(FREE_BYTES));
  assert.ok(open('b').grow(FREE_BYTES + 500));
  assert.ok(!open('c').grow(FREE_BYTES + 1));
  first.release();
  first.release();
  assert.ok(open('c').grow(FREE_BYTES + 500));
  assert.ok(!open('d').grow(FREE_BYTES + 1));
});

test('bodies that are sent and never ended deny no card to anybody, and large bodies only until they end', async (t) => {
  const url = await served(t, venueWith(), { limits: { bodyBytes: 2 * LARGE } });
  const large = JSON.stringify({ credential: 'x'.repeat(LARGE / 2) });
  assert.equal((await post(`${url}/verify`, large)).status, 200);
  const silent = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const socket = await openRaw(url);
      socket.on('data', () => undefined);
      socket.write(`POST /verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n`);
      socket.write(`Content-Length: ${LARGE}\r\n\r\n${'x'.repeat(LARGE - 1)}`);
      return socket;
    }),
  );
  const refused = await until(async () => {
    const response = await post(`${url}/verify`, large);
    return response.status === 503 ? response : undefined;
  });
  assert.equal(((await refused.json()) as { code: string }).code, 'BUSY');
  assert.equal(refused.headers.get('retry-after'), '1');
  const decided = await post(`${url}/verify`, encodeCardFile([card]), {
    'Content-Type': 'application/smart-health-card',
  });
  assert.deepEqual(((await decided.json()) as { codes: string[] }).codes, ['VALID']);
  for (const socket of silent) socket.destroy();
  await until(async () => (await post(`${url}/verify`, large)).status === 200 || undefined);
});

test('a body whose pieces are single bytes is read as any other', async (t) => {
  const url = await served(t);
  const body = JSON.stringify({ credential: card });
  const sent = request(`${url}/verify`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
  });
  for (const byte of Buffer.from(body)) sent.write(Uint8Array.of(byte));
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
  assert.deepEqual((JSON.parse(text) as { codes: string[] }).codes, ['VALID']);
});

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 50; tries++) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It never came.');
}
