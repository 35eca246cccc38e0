import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { MAX_LINE_BYTES } from '../../../../verifier/node/http/line-block.ts';
import { serve } from '../../../../verifier/node/http/serve.ts';
import type { NoTrust } from '../../../../verifier/pipeline/verify.ts';
import type { Trust } from '../../../../verifier/pipeline/trust.ts';
import {
  anchoredTrust,
  ISSUED,
  mintCard,
  newKey,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../../../support/cards.ts';
import { key, post, served, trust, venueWith } from './venues.ts';

const card = mintCard(key);
const good = JSON.stringify({ credential: card });
const stranger = JSON.stringify({ credential: mintCard(newKey()) });

/** What each line of answer says in a word: its first code, or its problem's. */
async function answersTo(url: string, body: string | Uint8Array): Promise<readonly string[]> {
  const response = await post(`${url}/verify/batch`, body, { 'Content-Type': 'application/x-ndjson' });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
  return wordsOf(await response.text());
}

function wordsOf(text: string): readonly string[] {
  return text.trimEnd().split('\n').filter(Boolean).map(wordOf);
}

function wordOf(line: string): string {
  const answer = JSON.parse(line) as { codes?: string[]; code?: string; decisions?: unknown[] };
  return answer.codes?.[0] ?? answer.code ?? `${answer.decisions?.length ?? 0} decisions`;
}

test('each line is answered by one line, in order, whatever its neighbours are', async (t) => {
  const url = await served(t, venueWith(), { threads: 2 });
  const lines = [
    [good, 'VALID'],
    ['{', 'JSON_INVALID'],
    [stranger, 'ISSUER_UNKNOWN'],
    ['{"credential":"a","credential":"b"}', 'JSON_INVALID'],
    ['[]', 'BODY_INVALID'],
    [JSON.stringify({ credential: `${card}\n${card}` }), '2 decisions'],
    [JSON.stringify({ credential: card, at: ISSUED - 1000 }), 'NOT_YET_VALID'],
    [JSON.stringify({ credential: card, rules: 'arena' }), 'RULES_UNAVAILABLE'],
    [JSON.stringify({ credential: 'x'.repeat(MAX_LINE_BYTES) }), 'LINE_TOO_LARGE'],
    ['\u0000', 'JSON_INVALID'],
    [JSON.stringify({ picture: '_9j_AA' }), 'MALFORMED'],
    [good, 'VALID'],
  ] as const;
  const many = Array.from({ length: 40 }, () => lines).flat();
  const text = many.map(([line]) => line).join('\n\r\n');
  assert.deepEqual(
    await answersTo(url, text),
    many.map(([, word]) => word),
  );
  const broken = Buffer.concat([
    Buffer.from(`${good}\n`),
    Buffer.from([0x22, 0xff, 0x22, 0x0a]),
    Buffer.from(good),
  ]);
  assert.deepEqual(await answersTo(url, broken), ['VALID', 'JSON_INVALID', 'VALID']);
  assert.deepEqual(await answersTo(url, ''), []);
});

test('lines that each ask for another moment are all judged at theirs', async (t) => {
  const url = await served(t);
  const lines = Array.from({ length: 3_000 }, (_, place) =>
    JSON.stringify({ credential: card, at: place % 2 === 0 ? ISSUED - 1000 - place : ISSUED + place }),
  );
  assert.deepEqual(
    await answersTo(url, lines.join('\n')),
    lines.map((_, place) => (place % 2 === 0 ? 'NOT_YET_VALID' : 'VALID')),
  );
});

test('a line is answered while the next has not been sent', async (t) => {
  const url = await served(t);
  const sent = request(`${url}/verify/batch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  sent.flushHeaders();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.setEncoding('utf8');
  for (const [line, word] of [
    [good, 'VALID'],
    [stranger, 'ISSUER_UNKNOWN'],
    [good, 'VALID'],
  ] as const) {
    sent.write(`${line}\n`);
    const [answer] = (await once(response, 'data')) as [string];
    assert.equal(wordOf(answer), word);
  }
  sent.end();
  await once(response, 'end');
});

test('a swap of the trust data reaches the threads with the next lines, and no card before', async (t) => {
  const suspended = anchoredTrust(
    trustDocument({ keys: [trustedKey(key)], issuers: [trustedIssuer({ status: 'suspended' })] }),
  );
  let held: Trust | NoTrust = trust;
  const url = await served(t, venueWith('missing', { trust: () => held }), { threads: 2 });
  for (const [next, word] of [
    [trust, 'VALID'],
    [suspended, 'ISSUER_SUSPENDED'],
    ['missing', 'TRUST_MISSING'],
    [trust, 'VALID'],
  ] as const) {
    held = next;
    const words = await answersTo(url, `${good}\n`.repeat(200));
    assert.deepEqual(
      words,
      Array.from({ length: 200 }, () => word),
    );
  }
});

test('whoever pauses too long is told so in a last line, after the answers to what came', async (t) => {
  const url = await served(t, venueWith(), { limits: { bodySeconds: 1 } });
  const sent = request(`${url}/verify/batch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  sent.on('error', () => undefined);
  sent.write(`${good}\n${good}\n{"cred`);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
  assert.deepEqual(wordsOf(text), ['VALID', 'VALID', 'REQUEST_TIMEOUT']);
});

test('a blank or an empty line now and then does not keep a batch open, and neither does a line without end', async (t) => {
  const url = await served(t, venueWith(), { limits: { bodySeconds: 1, batchesOfOne: 3 } });
  await Promise.all(
    [' ', '\n \r\n', 'x'].map(async (drip) => {
      const sent = request(`${url}/verify/batch`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-ndjson' },
      });
      sent.on('error', () => undefined);
      sent.write(`${good}\n`);
      const dripping = setInterval(() => sent.write(drip), 200);
      // Whole lines do.
      const begun = Date.now();
      const speaking = setTimeout(() => sent.write(`\n${good}\n`), 700);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
      clearInterval(dripping);
      clearTimeout(speaking);
      assert.ok(Date.now() - begun > 1500);
      assert.equal(wordsOf(text).at(-1), 'REQUEST_TIMEOUT');
      assert.equal(wordsOf(text).filter((word) => word === 'VALID').length, 2);
    }),
  );
});

test('two batches of one address at once are answered, a third is told to come again', async (t) => {
  const url = await served(t);
  const open = await Promise.all(
    Array.from({ length: 2 }, async () => {
      const sent = request(`${url}/verify/batch`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-ndjson' },
      });
      sent.flushHeaders();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return { sent, response };
    }),
  );
  const refused = await post(`${url}/verify/batch`, good, { 'Content-Type': 'application/x-ndjson' });
  assert.equal(((await refused.json()) as { code: string }).code, 'BUSY');
  for (const { sent, response } of open) {
    sent.end();
    await once(response, 'end');
  }
  assert.deepEqual(await answersTo(url, good), ['VALID']);
});

test('whoever does not take the answers is not read from, and holds no memory', async (t) => {
  const url = await served(t, venueWith(), { threads: 1, limits: { stopSeconds: 1 } });
  const sent = request(`${url}/verify/batch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  t.after(() => sent.destroy());
  sent.on('error', () => undefined);
  sent.flushHeaders();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.pause();
  const block = `${good}\n`.repeat(1000);
  let written = 0;
  for (let round = 0; round < 100; round++) {
    written += block.length;
    if (sent.write(block)) continue;
    const taken = await Promise.race([
      once(sent, 'drain').then(() => true),
      new Promise<false>((resolve) => setTimeout(resolve, 1000, false)),
    ]);
    if (!taken) break;
  }
  // What the sockets and the threads hold; the rest was never read.
  assert.ok(written < 40 * block.length, `${written} bytes were read`);
});

test('more batches at once than there may be are told to come again', async (t) => {
  const url = await served(t, venueWith(), { limits: { batches: 1 } });
  const sent = request(`${url}/verify/batch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  sent.flushHeaders();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const refused = await post(`${url}/verify/batch`, good, { 'Content-Type': 'application/x-ndjson' });
  assert.equal(refused.status, 503);
  assert.equal(((await refused.json()) as { code: string }).code, 'BUSY');
  sent.end(`${good}\n`);
  assert.deepEqual(wordsOf(Buffer.concat((await response.toArray()) as Buffer[]).toString()), ['VALID']);
  assert.deepEqual(await answersTo(url, good), ['VALID']);
});

test('a batch that runs when the server stops gets its answers and a last line that says so', async () => {
  const { url, stop } = await serve(venueWith(), { threads: 1 });
  const sent = request(`${url}/verify/batch`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  sent.on('error', () => undefined);
  sent.write(`${good}\n`.repeat(500));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const begun = Date.now();
  const [parts] = await Promise.all([response.toArray(), stop()]);
  assert.ok(Date.now() - begun < 5000);
  const words = wordsOf(Buffer.concat(parts as Buffer[]).toString());
  assert.equal(words.at(-1), 'STOPPING');
  assert.ok(words.length > 1);
  assert.ok(words.slice(0, -1).every((word) => word === 'VALID'));
});
