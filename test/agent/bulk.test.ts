import assert from 'node:assert/strict';
import { appendFile, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import type { CardRecord } from '../../agent/card-record.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { StatusLedger } from '../../agent/status-ledger.ts';
import { readText } from '../../verifier/pipeline/input.ts';
import { decidePieces } from '../../verifier/node/decide.ts';
import { assertWhole, bulkFixture, bulkOf, outcomesIn, peopleLines } from './bulk-fixture.ts';
import { NOW, PASSPHRASE } from './issuer-fixture.ts';
import { trustIn } from './issuer-trust.ts';
import { dose, record } from './records.ts';

const PEOPLE = 3000;

test('each of 3,000 people gets a card that verifiers accept, or is refused with a reason', async (t) => {
  const { issuer, kid, out, bulk } = await bulkFixture(t, peopleLines(PEOPLE));
  const report = await bulk({ linesPerChunk: 256 });
  const outcomes = await outcomesIn(out);
  assertWhole(outcomes, PEOPLE);
  const { cards, refused } = outcomes;
  assert.deepEqual([report.lines, report.cards, report.finished], [PEOPLE, cards.length, true]);
  assert.deepEqual([report.batch, report.withoutQr, report.shards.length], ['people', 0, 1]);
  for (const [reason, count] of Object.entries(report.reasons)) {
    assert.equal(refused.filter((line) => line.reason === reason).length, count, reason);
  }
  for (const reason of ['SERIES_INCOMPLETE', 'NO_ACCEPTED_DOSE', 'DATE_IMPLAUSIBLE', 'PATIENT_UNNAMED']) {
    assert.ok((report.reasons[reason] ?? 0) > 0, reason);
  }
  // An index is taken for each line.
  assert.equal(issuer.issuedCount(kid), PEOPLE);

  const trust = trustIn(issuer);
  for (const { jws } of cards.filter((_, at) => at % 10 === 0)) {
    const pieces = readText(jws).map((piece) => ({ source: '', piece }));
    const terms = { now: NOW, at: NOW + 1, allowUnanchored: true, rules: 'ENTRY' };
    const [decision] = await decidePieces(pieces, trust, terms);
    assert.deepEqual(decision?.codes, ['VALID']);
  }
});

test('what is refused is said by line and reason alone, whatever stood in the line', async (t) => {
  const good = JSON.stringify(record(dose('2026-03-01'), dose('2026-04-01')));
  const lines = [
    good,
    '',
    'Nora Nobody',
    '{"a":1,"a":2}',
    '[]',
    '"\ud800"',
    `${good} `,
    `{"x":"${'x'.repeat(5_100_000)}"}`,
  ];
  const { out, bulk } = await bulkFixture(t, `${lines.join('\n')}\r\n${good}`);
  const report = await bulk();
  assert.deepEqual([report.lines, report.cards], [9, 3]);
  const { cards, refused } = await outcomesIn(out);
  assert.deepEqual(
    cards.map(({ line }) => line),
    [1, 7, 9],
  );
  const of = (line: number): string | undefined => refused.find((one) => one.line === line)?.reason;
  assert.deepEqual([2, 3, 4, 5, 6, 8].map(of), [
    'MALFORMED',
    'MALFORMED',
    'MALFORMED',
    'BUNDLE_MALFORMED',
    'BUNDLE_MALFORMED',
    'TOO_LARGE',
  ]);
  assert.ok(refused.every((one) => Object.keys(one).length === 2));
});

test('the store knows each card by id, person, lot and bulk, with the hash of what was signed', async (t) => {
  const { issuer, dir, out, bulk, kid } = await bulkFixture(t, peopleLines(500));
  await bulk({ batch: 'first' });
  const { cards } = await outcomesIn(out);
  await issuer.close();

  const store = await IssuerStore.open(dir, PASSPHRASE);
  const ledger = await StatusLedger.open(store);
  const known: CardRecord[] = [];
  for await (const card of ledger.cards.where('first', ({ batch }) => batch === 'first')) known.push(card);
  assert.deepEqual(known.map(({ id }) => id).toSorted(), cards.map(({ id }) => id).toSorted());
  for (const { id, jws } of cards.slice(0, 50)) {
    const payload = inflateRawSync(Buffer.from(jws.split('.')[1] ?? '', 'base64url'));
    const card = await ledger.cards.get(id);
    assert.equal(card?.payloadHash, store.box.payloadHash(payload));
    const same = await ledger.cards.ofPerson(card.person);
    assert.ok(same.some((one) => one.id === id));
  }
  assert.equal(await ledger.cards.get(`${kid}.AAAAAA.`), undefined);
  await store.close();

  const again = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => again.close());
  const [one] = cards;
  assert.equal((await again.revoke(one?.id ?? '', { reason: 'error' })).already, false);
  const revoked: string[] = [];
  for await (const { id } of again.revokeAll({ batch: 'first' })) revoked.push(id);
  assert.deepEqual(revoked.toSorted(), cards.map(({ id }) => id).toSorted());
  assert.equal(again.statusList(kid).revoked, cards.length);
});

test('a finished bulk is not issued again, and another input, product or folder under its name is refused', async (t) => {
  const { issuer, kid, folder, input, out, bulk } = await bulkFixture(t, peopleLines(200));
  const report = await bulk();
  const drawn = issuer.issuedCount(kid);
  assert.deepEqual(await bulk(), report);
  assert.equal(issuer.issuedCount(kid), drawn);
  await assert.rejects(bulk({ product: 'pcr-pass' }), { code: 'BULK_CHANGED' });
  await assert.rejects(bulk({ out: join(folder, 'other') }), { code: 'BULK_CHANGED' });
  await assert.rejects(bulk({ batch: '../people' }), { code: 'BATCH_INVALID' });
  await assert.rejects(bulk({ input: join(folder, 'none') }), { code: 'INPUT_UNREADABLE' });
  await appendFile(input, peopleLines(1, 9));
  await assert.rejects(bulk(), { code: 'BULK_CHANGED' });
  assert.equal((await bulk({ batch: 'more' })).lines, 201);
  assert.equal(issuer.issuedCount(kid), drawn + 201);
  assert.equal((await outcomesIn(out)).cards.length > report.cards, true);
});

test('stopped, a bulk goes on; what lies behind the counted bytes is cut off', async (t) => {
  const { dir, issuer, input, out, bulk } = await bulkFixture(t, peopleLines(1500));
  const stop = new AbortController();
  const told = ({ lines }: { readonly lines: number }): void => {
    if (lines >= 300) stop.abort();
  };
  const first = await bulk({ signal: stop.signal, told });
  assert.equal(first.finished, false);
  assert.ok(first.lines >= 300 && first.lines < 1500);
  await issuer.close();
  const shard = join(out, 'people-0001.ndjson');
  const counted = (await stat(shard)).size;
  await appendFile(shard, '{"line":1,"id":"half a card');
  await writeFile(join(out, 'people-0002.ndjson'), 'a file that never counted');

  const again = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  t.after(() => again.close());
  const second = await bulkOf(again, { input, out });
  assert.equal(second.finished, true);
  assertWhole(await outcomesIn(out), 1500);
  assert.ok((await stat(shard)).size > counted);
  await truncate(shard, counted - 1);
  await assert.rejects(bulkOf(again, { input, out }), { code: 'BULK_CHANGED' });
});

test('a list without room ends a bulk before anything of it is seen, says how much, and it goes on once anchored', async (t) => {
  const { issuer, kid, out, bulk } = await bulkFixture(t, peopleLines(100));
  // All but ten of the 131,072 indices.
  await bulk({ batch: 'before', input: await blankLines(131_062, out), linesPerChunk: 131_062 });
  await assert.rejects(bulk(), (error: unknown) => {
    const { code, message } = error as { code: string; message: string };
    assert.equal(code, 'NOT_ANCHORED');
    const room = Number(/--room (\d+)/.exec(message)?.[1]);
    assert.ok(room >= 100 && room < 130, message);
    return true;
  });
  assert.equal(issuer.issuedCount(kid), 131_062);
  assert.equal(await readFile(join(out, 'people-0001.ndjson'), 'utf8'), '');
  assert.equal(issuer.statusList(kid, 100).length, 2 * 131_072);
  assert.equal(issuer.statusList(kid, 5_600_000).length, 44 * 131_072);
  await issuer.anchored(kid, issuer.statusList(kid, 100));
  assert.equal((await bulk()).finished, true);
});

test(
  'a full disk ends a bulk, and nothing counts that is not on it',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const { out, bulk } = await bulkFixture(t, peopleLines(300));
    await symlink('/dev/full', join(out, 'people-0001.ndjson'));
    const counted: number[] = [];
    const full = bulk({ told: ({ cards }) => void counted.push(cards) });
    await assert.rejects(full, { code: 'OUTPUT_UNWRITABLE' });
    assert.deepEqual(counted, [0]);
  },
);

test('files that are there already are left alone', async (t) => {
  const { out, bulk } = await bulkFixture(t, peopleLines(10));
  const path = join(out, 'people-0001.ndjson');
  await writeFile(path, 'cards of somebody');
  await assert.rejects(bulk(), { code: 'OUTPUT_UNWRITABLE' });
  assert.equal(await readFile(path, 'utf8'), 'cards of somebody');
});

async function blankLines(count: number, folder: string): Promise<string> {
  const path = join(folder, '..', 'blank.txt');
  await writeFile(path, '\n'.repeat(count));
  return path;
}
