import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Level } from 'level';
import { PRODUCTS } from '../../agent/products.ts';
import type { ProductName } from '../../agent/products.ts';
import { run } from '../support/cli.ts';
import { outcomesIn } from './bulk-fixture.ts';
import { makeIssuer, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { dose, NEW_YORK, record, result } from './records.ts';

const HOUR = 3600;
const now = Math.floor(Date.now() / 1000);
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const dayAgo = (days: number): string => iso(now - days * 24 * HOUR).slice(0, 10);

const [LOT, PLACE, FAMILY, GIVEN, BORN] = ['KNR7731', 'Kanarihaus', 'Zqkanari', 'Wxanela', '1961-07-13'];
const [FIRST, SECOND, TESTED] = [dayAgo(93), dayAgo(61), iso(now - HOUR)];
/** Everything about the person that could be told, and words that only their record or a card has. */
const CANARIES: readonly string[] = [
  LOT,
  PLACE,
  FAMILY,
  GIVEN,
  BORN,
  FIRST,
  SECOND,
  TESTED,
  TESTED.slice(0, 16),
  'occurrenceDateTime',
  'fhirBundle',
  'credentialSubject',
  'birthDate',
  'Immunization',
];

/** The person's whole record. */
function canary(): ReturnType<typeof record> {
  const given = { lotNumber: LOT, performer: [{ actor: { display: PLACE } }] };
  const bundle = record(
    dose(FIRST, '208', given),
    dose(SECOND, '208', given),
    result('pcr', TESTED),
    result('antigen', TESTED),
  );
  Object.assign(bundle.entry[0]?.resource ?? {}, {
    name: [{ family: FAMILY, given: [GIVEN] }],
    birthDate: BORN,
  });
  return bundle;
}

/** A word as base64 has it at each place that it can begin at, without the characters that its neighbours share. */
function inBase64(word: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from(' '.repeat(before) + word).toString('base64url');
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + word.length) * 8) / 6)];
    return text.slice(start, end);
  });
}

const NEEDLES = CANARIES.flatMap((word) => [word, word.toLowerCase(), ...inBase64(word)]);

/** What stands in some bytes: as it is, in base64, or in what can be inflated from there. */
function found(bytes: Buffer, inflate: 'anywhere' | 'runs'): readonly string[] {
  const texts = [bytes];
  for (const [run64] of bytes.toString('latin1').matchAll(/[A-Za-z0-9_+/-]{24,}/g)) {
    texts.push(...inflated(Buffer.from(run64, 'base64url'), 0));
  }
  if (inflate === 'anywhere') for (let at = 0; at < bytes.length; at++) texts.push(...inflated(bytes, at));
  return NEEDLES.filter((needle) => texts.some((text) => text.includes(needle)));
}

function inflated(bytes: Buffer, at: number): readonly Buffer[] {
  try {
    return [inflateRawSync(bytes.subarray(at), { maxOutputLength: 2 ** 20 })];
  } catch {
    return [];
  }
}

/** Every file of a folder, and every key and value of its database, which compresses them on disk. */
async function* everything(dir: string): AsyncGenerator<readonly [string, Buffer, 'anywhere' | 'runs']> {
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    yield [entry.name, await readFile(join(entry.parentPath, entry.name)), 'runs'];
  }
  const level = new Level<string, Uint8Array>(join(dir, 'store'), { valueEncoding: 'view' });
  for await (const [key, value] of level.iterator()) {
    yield [`key ${key}`, Buffer.from(key), 'runs'];
    yield [`value of ${key}`, Buffer.from(value), key.startsWith('policy!') ? 'runs' : 'anywhere'];
  }
  await level.close();
}

test('the search finds what is kept as it is, in base64, deflated, or as a card', () => {
  const text = `{"birthDate":"${BORN}"}`;
  const deflated = deflateRawSync(text);
  for (const kept of [
    Buffer.from(`..${FAMILY}..`),
    Buffer.from(Buffer.from(`ab${FAMILY}cd`).toString('base64')),
    Buffer.concat([Buffer.from('head'), deflated, Buffer.from('tail')]),
    Buffer.from(`"eyJhbGciOiJFUzI1NiJ9.${deflated.toString('base64url')}.sig"`),
  ]) {
    assert.notDeepEqual(found(kept, 'anywhere'), []);
  }
  assert.deepEqual(found(Buffer.from('nothing of anybody'), 'anywhere'), []);
});

test('after issuing and revoking, nothing of a person is in the issuer’s folder, nor on standard error', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const cards: string[] = [];
  for (const product of Object.keys(PRODUCTS) as ProductName[]) {
    const { jws, vc, legacyVc } = await issuer.issueProduct(product, canary(), { now });
    cards.push(jws, vc, legacyVc);
  }
  const claims = { holder: undefined, name: { family: FAMILY, given: [GIVEN] }, birthDate: BORN };
  cards.push((await issuer.issuePass({ ...claims, passType: 'pcr', exp: now + HOUR }, { now })).jws);
  await issuer.close();

  const folder = await temporaryFolder(t);
  const [secret, one, people, out] = ['secret', 'one.json', 'people.ndjson', 'cards'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await writeFile(secret, PASSPHRASE);
  await writeFile(one, JSON.stringify(canary()));
  await writeFile(people, `${JSON.stringify(canary())}\n`.repeat(3));
  let said = '';
  for (const args of [
    ['issue', one, '--out', join(folder, 'single')],
    ['issue', one, '--product=pcr-pass', '--out', join(folder, 'single'), '--json'],
    ['bulk', people, '--product=vaccination-plus', '--out', out],
    ['revoke', '--person', `${GIVEN} ${FAMILY}`, '--born', BORN],
    ['revoke', '--lot', LOT],
  ]) {
    const ended = await run('pratique', ['issuer', ...args, '--dir', dir, '--passphrase-file', secret]);
    assert.equal(ended.status, 0, ended.stderr);
    said += ended.stderr;
  }
  const bulk = (await outcomesIn(out)).cards.map(({ jws }) => jws);
  assert.equal(bulk.length, 3);
  assert.deepEqual(found(Buffer.from(said), 'runs'), []);

  // Of each card neither its payload nor its signature, in text or in bytes.
  const parts = [...cards, ...bulk].flatMap((jws) => jws.split('.').slice(1));
  const secrets = parts.flatMap((part) => [Buffer.from(part), Buffer.from(part, 'base64url')]);
  let values = 0;
  for await (const [name, bytes, inflate] of everything(dir)) {
    values++;
    assert.deepEqual(found(bytes, inflate), [], name);
    assert.ok(!secrets.some((part) => bytes.includes(part)), `${name} holds a part of a card`);
  }
  assert.ok(values > 30);
});
