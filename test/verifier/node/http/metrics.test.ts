import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ISS, mintCard, newKey, NOW } from '../../../support/cards.ts';
import { key, post, served, venueWith } from './venues.ts';

const HOUR = 3600;

test('figures count decisions by outcome and code, here and in batches, and issuers in tens', async (t) => {
  let now = NOW;
  const url = await served(t, venueWith(), { clock: () => now });
  const credential = mintCard(key);
  const afterTheHour = async (): Promise<string> => {
    now += HOUR;
    return (await fetch(`${url}/metrics`)).text();
  };
  for (let scan = 0; scan < 5; scan++) await post(`${url}/verify`, { credential });
  await post(`${url}/verify`, { credential: mintCard(newKey()) });
  const lines = `${JSON.stringify({ credential })}\n`.repeat(4);
  const ndjson = { 'Content-Type': 'application/x-ndjson' };
  await (await post(`${url}/verify/batch`, lines, ndjson)).text();
  const nine = await afterTheHour();
  assert.match(nine, /^pratique_decisions_total\{outcome="accepted"\} 9$/m);
  assert.match(nine, /^pratique_decisions_total\{outcome="rejected"\} 1$/m);
  assert.match(nine, /^pratique_decision_codes_total\{code="ISSUER_UNKNOWN"\} 1$/m);
  assert.match(nine, /^pratique_http_requests_total\{method="POST",route="\/verify",status="200"\} 6$/m);
  assert.ok(!nine.includes(ISS));
  for (const more of [1, 9]) {
    for (let scan = 0; scan < more; scan++) await (await post(`${url}/verify`, { credential })).text();
    assert.ok((await afterTheHour()).includes(`pratique_decisions_issuer_total{iss="${ISS}"} 10\n`));
  }
  await (await post(`${url}/verify`, { credential })).text();
  assert.ok((await afterTheHour()).includes(`pratique_decisions_issuer_total{iss="${ISS}"} 20\n`));
});

test('whoever looks after each card learns nothing of it until its hour is over, nor if the clock is set back', async (t) => {
  let now = NOW - (NOW % HOUR) + HOUR / 2;
  const url = await served(t, venueWith(), { clock: () => now });
  const told = async (): Promise<readonly string[]> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith('pratique_decision'));
  };
  const credentials = [mintCard(key), mintCard(newKey()), 'x'];
  for (const credential of credentials) await (await post(`${url}/verify`, { credential })).text();
  now += HOUR;
  const before = await told();
  assert.equal(before.filter((line) => line.endsWith(' 1')).length, before.length);
  for (let scan = 0; scan < 15; scan++) {
    for (const credential of credentials) {
      await (await post(`${url}/verify`, { credential })).text();
      assert.deepEqual(await told(), before);
    }
  }
  for (const back of [HOUR, 9 * HOUR]) {
    now -= back;
    assert.deepEqual(await told(), before);
  }
  now += HOUR;
  assert.ok((await told()).includes('pratique_decisions_total{outcome="accepted"} 16'));
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
