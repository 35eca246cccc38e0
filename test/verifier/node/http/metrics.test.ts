import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ISS, mintCard, newKey, NOW } from '../../../support/cards.ts';
import { key, post, served, venueWith } from './venues.ts';

const HOUR = 3600;

test('figures count decisions by outcome and code, here and in batches, and name an issuer from ten on', async (t) => {
  const url = await served(t);
  const credential = mintCard(key);
  const figures = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
  for (let scan = 0; scan < 5; scan++) await post(`${url}/verify`, { credential });
  await post(`${url}/verify`, { credential: mintCard(newKey()) });
  const lines = `${JSON.stringify({ credential })}\n`.repeat(4);
  const ndjson = { 'Content-Type': 'application/x-ndjson' };
  await (await post(`${url}/verify/batch`, lines, ndjson)).text();
  const nine = await figures();
  assert.match(nine, /^pratique_decisions_total\{outcome="accepted"\} 9$/m);
  assert.match(nine, /^pratique_decisions_total\{outcome="rejected"\} 1$/m);
  assert.match(nine, /^pratique_decision_codes_total\{code="ISSUER_UNKNOWN"\} 1$/m);
  assert.match(nine, /^pratique_http_requests_total\{method="POST",route="\/verify",status="200"\} 6$/m);
  assert.ok(!nine.includes(ISS));
  await (await post(`${url}/verify`, { credential })).text();
  assert.ok((await figures()).includes(`pratique_decisions_issuer_total{iss="${ISS}"} 10`));
});

test('the hour that is told is the last full one', async (t) => {
  let now = NOW - (NOW % HOUR) + 10;
  const url = await served(t, venueWith(), { clock: () => now });
  const lastHour = async (): Promise<string | undefined> =>
    /^pratique_decisions_last_hour\{outcome="unreadable"\} (\d+)$/m.exec(
      await (await fetch(`${url}/metrics`)).text(),
    )?.[1];
  for (let scan = 0; scan < 3; scan++) await (await post(`${url}/verify`, { credential: 'x' })).text();
  assert.equal(await lastHour(), undefined);
  now += HOUR;
  assert.equal(await lastHour(), '3');
  now += HOUR;
  assert.equal(await lastHour(), undefined);
});

test('what a sender makes up adds no figure: not a path, not a method', async (t) => {
  const url = await served(t);
  for (const path of ['/canary', '/canary2?canary3', '/verify?canary4'])
    await (await fetch(url + path)).text();
  await (await fetch(url, { method: 'CANARY' }).catch(() => new Response())).text();
  await (await fetch(url, { method: 'PROPFIND' })).text();
  const text = await (await fetch(`${url}/metrics`)).text();
  assert.ok(!/canary|propfind/i.test(text));
  assert.match(text, /method="other",route="\/",status="405"/);
});
