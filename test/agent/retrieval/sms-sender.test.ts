import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';

import { smsSender } from '../../../agent/retrieval/sms-sender.ts';
import { smsGateway } from './sms-gateway.ts';

const SECRET = Buffer.alloc(32, 9);
const message = { to: '+12125550101', subject: 's', text: 'código 12345678 驗證碼', key: 'k-1' };
const signal = AbortSignal.timeout(60_000);

const status =
  (code: number, headers = {}) =>
  (_: number, response: ServerResponse) =>
    response.writeHead(code, headers).end();

test('the gateway can tell by the signature that a message is ours, whole and of now', async (t) => {
  const { url, asked } = await smsGateway(t, status(202));
  await smsSender({ url, secret: SECRET, clock: () => 1_795_435_200.7 }).send(message, signal);
  const [{ headers, body } = { headers: {}, body: '' }] = asked;
  assert.deepEqual(JSON.parse(body), { to: message.to, text: message.text });
  assert.equal(headers['webhook-id'], 'k-1');
  assert.equal(headers['idempotency-key'], 'k-1');
  assert.equal(headers['webhook-timestamp'], '1795435200');
  const expected = createHmac('sha256', SECRET).update(`k-1.1795435200.${body}`).digest('base64');
  assert.equal(headers['webhook-signature'], `v1,${expected}`);
});

test('a gateway that is busy or cuts off is asked again with the same id, and then no more', async (t) => {
  const flaky = await smsGateway(t, (attempt, response) => {
    if (attempt === 1) response.destroy();
    else response.writeHead(attempt === 2 ? 503 : attempt === 3 ? 429 : 200).end();
  });
  await smsSender({ url: flaky.url, secret: SECRET, waits: [1, 1, 1] }).send(message, signal);
  assert.deepEqual(
    flaky.asked.map(({ headers }) => headers['idempotency-key']),
    Array(4).fill('k-1'),
  );
  const down = await smsGateway(t, status(500));
  await assert.rejects(smsSender({ url: down.url, secret: SECRET, waits: [1, 1] }).send(message, signal), {
    code: 'MESSAGE_NOT_SENT',
  });
  assert.equal(down.asked.length, 3);
});

test('each wait is longer, and Retry-After is heeded within bounds', async (t) => {
  const times: number[] = [];
  const { url } = await smsGateway(t, (attempt, response) => {
    times.push(performance.now());
    response.writeHead(attempt < 3 ? 429 : 200, attempt === 2 ? { 'retry-after': '0.3' } : {}).end();
  });
  await smsSender({ url, secret: SECRET, waits: [50, 60] }).send(message, signal);
  const [first = 0, second = 0, third = 0] = times;
  assert.ok(second - first >= 45 && third - second >= 290, times.join(' '));
});

test('a refusal of the number is final, one of the client is not, and no redirect is followed', async (t) => {
  const elsewhere = await smsGateway(t, status(200));
  const cases = [
    [422, {}, 'MESSAGE_REFUSED'],
    [404, {}, 'MESSAGE_REFUSED'],
    [401, {}, 'MESSAGE_NOT_SENT'],
    [307, { location: elsewhere.url }, 'MESSAGE_NOT_SENT'],
  ] as const;
  for (const [code, headers, expected] of cases) {
    const { url, asked } = await smsGateway(t, status(code, headers));
    await assert.rejects(smsSender({ url, secret: SECRET, waits: [1, 1] }).send(message, signal), {
      code: expected,
    });
    assert.equal(asked.length, 1);
  }
  assert.equal(elsewhere.asked.length, 0);
});

test('a short secret, or a gateway in clear on another machine, is refused', () => {
  assert.throws(() => smsSender({ url: 'https://sms.example.org/', secret: Buffer.alloc(8) }), {
    code: 'SENDER_INVALID',
  });
  assert.throws(() => smsSender({ url: 'http://sms.example.org/', secret: SECRET }), {
    code: 'SOURCE_INVALID',
  });
});
