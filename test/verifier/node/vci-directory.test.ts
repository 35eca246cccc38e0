import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseJson } from '../../../credential/json.ts';
import { thumbprint } from '../../../credential/jwk.ts';
import { newestCounter, readVciSnapshot, ridsOf } from '../../../verifier/node/vci-directory.ts';
import { documentFromVciSnapshot } from '../../../verifier/node/vci-snapshot.ts';
import { newKey } from '../../support/cards.ts';
import { dataDir } from '../../support/data.ts';
import { shortKey } from '../short-key.ts';

const ISS = 'https://issuer.example';
const key = newKey();

const jwkOf = ({ x, y }: { x: string; y: string }, more: object = {}): object => ({
  kty: 'EC',
  crv: 'P-256',
  alg: 'ES256',
  use: 'sig',
  kid: thumbprint({ x, y }),
  x,
  y,
  ...more,
});
const entry = (keys: unknown, more: object = {}, iss = ISS): object => ({
  issuer: { iss, name: 'An issuer' },
  keys,
  ...more,
});
const read = (...issuerInfo: readonly unknown[]): ReturnType<typeof readVciSnapshot> =>
  readVciSnapshot({ time: '2026-08-22T04:43:50Z', issuerInfo });
const codes = (list: { readonly kept: readonly { readonly code: string }[] }): string[] =>
  list.kept.map(({ code }) => code);

/** What takes this long does not grow with the square of its length. */
const SOON = { timeout: 20_000 };

test(
  '300,000 lists of one issuer end no read: they are not read, and no card of its can be judged',
  SOON,
  () => {
    const list = { kid: key.kid, method: 'rid', ctr: 1, rids: [] };
    for (const one of [list, 0]) {
      const { issuers, oddities } = read(entry([jwkOf(key)], { crls: Array(300_000).fill(one) }));
      assert.deepEqual(codes(oddities), ['CRLS_TOO_MANY', 'CRL_REFUSED']);
      const [held] = issuers[0]?.keys ?? [];
      assert.deepEqual([held?.revocable, ridsOf(held?.crls ?? [])], [true, undefined]);
    }
  },
);

test('the newest counter and the entries of 300,000 lists are found', SOON, () => {
  const lists = Array.from({ length: 300_000 }, (_, counter) => ({
    kid: key.kid,
    counter,
    rids: [`r${counter}`],
  }));
  assert.deepEqual([newestCounter(lists), ridsOf(lists)], [299_999, ['r299999']]);
  assert.equal(newestCounter([]), 0);
});

test('of keys beyond a thousand the first are taken, and it is said', SOON, () => {
  const junk = Array<number>(300_000).fill(0);
  const { issuers, oddities } = read(
    entry([jwkOf(key), ...junk]),
    entry([jwkOf(key)], {}, 'https://b.example'),
  );
  assert.deepEqual(
    issuers.map(({ keys }) => keys.length),
    [1, 1],
  );
  assert.deepEqual([...new Set(codes(oddities))], ['KEYS_TOO_MANY', 'KEY_REFUSED']);
});

test('many keys with many lists each are told apart in one pass', SOON, () => {
  const keys = Array.from({ length: 900 }, newKey);
  const crls = keys.map(({ kid }, ctr) => ({ kid, method: 'rid', ctr, rids: [`r${ctr}`] }));
  const { issuers, oddities } = read(
    entry(
      keys.map((each) => jwkOf(each)),
      { crls },
    ),
  );
  assert.deepEqual(codes(oddities), []);
  for (const [at, { crls: own }] of (issuers[0]?.keys ?? []).entries())
    assert.deepEqual(ridsOf(own), [`r${at}`]);
});

test('of each kind of oddity a thousand are kept, and the others counted', SOON, () => {
  const junk = Array<null>(50_000 - 1).fill(null);
  const { issuers, oddities } = read(...junk, entry([jwkOf(key)]));
  assert.equal(issuers.length, 1);
  assert.deepEqual([oddities.kept.length, [...oddities.notKept()]], [1000, [['ISSUER_REFUSED', 48_999]]]);
  const built = documentFromVciSnapshot({ issuerInfo: junk }, [], { origin: 'a test', now: 1 });
  assert.match(built.oddities.at(-1)?.message ?? '', /^48999 more /);
  assert.equal(built.oddities.length, 1001);
});

test('text that a hostile file gives for a kid is cut', () => {
  const { oddities } = read(entry([{ kid: 'x'.repeat(1_000_000) }]));
  assert.equal(oddities.kept[0]?.kid?.length, 256);
});

test('a file of more entries, or more keys in all, than any directory has is none', SOON, () => {
  const malformed = { code: 'DOCUMENT_MALFORMED' };
  assert.throws(() => read(...Array<null>(50_001).fill(null)), malformed);
  const many = Array.from({ length: 200 }, (_, at) =>
    entry(Array(501).fill(0), {}, `https://a${at}.example`),
  );
  assert.throws(() => read(...many), malformed);
});

test('what is odd and was taken as it stands is told by name', () => {
  const { short } = shortKey();
  const shared = [jwkOf(key, { crlVersion: '1', keySize: 256 }), jwkOf(short)];
  const crls = [{ kid: key.kid, method: 'rid', ctr: '1', rids: [], note: '' }];
  const { peculiarities, oddities } = read(
    entry(shared, { crls, more: 1 }),
    entry([jwkOf(key, { keySize: 256 })], {}, 'https://b.example'),
  );
  assert.deepEqual(codes(oddities), []);
  const told = peculiarities.kept.map(({ code, of, kid }) => [code, of, kid]);
  assert.deepEqual(told, [
    ['COUNTER_AS_TEXT', ISS, key.kid],
    ['COUNTER_AS_TEXT', ISS, key.kid],
    ['COORDINATE_SHORT', ISS, thumbprint(short)],
    ['KEY_SHARED', ISS, key.kid],
    ['MEMBER_UNKNOWN', 'entry.more', null],
    ['MEMBER_UNKNOWN', 'key.keySize', null],
    ['MEMBER_UNKNOWN', 'list.note', null],
  ]);
});

const skip = dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false;
test('what is odd in the real directory is told by name', { skip }, async () => {
  const path = join(dataDir ?? '', 'vci-directory', 'vci_snapshot.json');
  const { peculiarities } = readVciSnapshot(parseJson(await readFile(path, 'utf8')));
  const counts = Map.groupBy(peculiarities.kept, ({ code }) => code);
  assert.deepEqual(
    [...counts].map(([code, { length }]) => [code, length]),
    [
      ['COUNTER_AS_TEXT', 6],
      ['COORDINATE_SHORT', 2],
      ['KEY_SHARED', 46],
      ['MEMBER_UNKNOWN', 5],
    ],
  );
});
