import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CardChoice } from '../../agent/card-revocation.ts';
import type { Revocation } from '../../agent/card-record.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { bulkFixture, outcomesIn } from './bulk-fixture.ts';
import { fillStore } from './filled-issuer.ts';
import { makeIssuer, NOW, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { dose, NEW_YORK, record } from './records.ts';

async function all(issuer: Issuer, which: CardChoice): Promise<readonly Revocation[]> {
  const revoked: Revocation[] = [];
  for await (const one of issuer.revokeAll(which, { now: NOW, reason: 'lot-recalled' })) revoked.push(one);
  return revoked;
}

const lot = (lotNumber: string): Record<string, unknown> => ({ lotNumber });
const series = (first: string, second: string): ReturnType<typeof record> =>
  record(dose('2026-03-01', '208', lot(first)), dose('2026-04-01', '208', lot(second)));

test('all cards of a lot are revoked, also Passes, which do not name it, and no others', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const issued: string[] = [];
  for (const bundle of [series('EL1', 'EL2'), series('EL3', 'el 2'), series('EL3', 'EL20')]) {
    for (const product of ['vaccination-pass', 'vaccination-plus'] as const) {
      issued.push((await issuer.issueProduct(product, bundle, { now: NOW })).id);
    }
  }
  const revoked = await all(issuer, { lot: 'EL2' });
  assert.deepEqual(revoked.map(({ id }) => id).toSorted(), issued.slice(0, 4).toSorted());
  assert.ok(revoked.every(({ already, reason }) => !already && reason === 'lot-recalled'));
  assert.equal(issuer.statusList(kid).revoked, 4);
  assert.ok((await all(issuer, { lot: 'EL2' })).every(({ already }) => already));
  assert.deepEqual(await all(issuer, { lot: 'none' }), []);
  assert.equal(issuer.statusList(kid).revoked, 4);
});

test('all cards of a person are revoked, named as a clerk names them, also after opening again', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const ids = [
    (await issuer.issuePlus(series('A1', 'A2'), { now: NOW })).id,
    (await issuer.issueProduct('vaccination-pass', series('A1', 'A2'), { now: NOW })).id,
  ];
  const claims = { holder: undefined, birthDate: '1980-02-29', passType: 'pcr', exp: NOW + 60 } as const;
  const name = { family: 'Nobody', given: ['N.', 'Nora'] };
  ids.push((await issuer.issuePass({ ...claims, name }, { now: NOW })).id);
  const other = { family: 'Nobody', given: ['Nina'] };
  await issuer.issuePass({ ...claims, name: other }, { now: NOW });
  await issuer.close();

  const again = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => again.close());
  const person = { name: 'NOBODY, Nora N', birthDate: '1980-02-29' };
  assert.deepEqual((await all(again, { person })).map(({ id }) => id).toSorted(), ids.toSorted());
  assert.deepEqual(await all(again, { person: { ...person, birthDate: '1980-02-28' } }), []);
});

test('a card revoked twice keeps the first reason', async (t) => {
  const { issuer } = await makeIssuer(t);
  const { id } = await issuer.issuePlus(series('A1', 'A2'), { now: NOW });
  assert.equal((await issuer.revoke(id, { reason: 'fraud' })).reason, 'fraud');
  const again = await issuer.revoke(id, { reason: 'error' });
  assert.deepEqual([again.reason, again.already], ['fraud', true]);
});

test('a new card of a person revokes the one that it replaces, in the same batch', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const issue = async (replaces?: string): ReturnType<typeof issuer.issueProduct> =>
    issuer.issueProduct('vaccination-pass', series('A1', 'A2'), {
      now: NOW,
      ...(replaces === undefined ? {} : { replaces }),
    });
  const old = await issue();
  const young = await issue(old.rid);
  assert.deepEqual(
    [young.replaced?.id, young.replaced?.reason, young.replaced?.already, old.replaced],
    [old.id, 'superseded', false, undefined],
  );
  await issuer.close();
  const again = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => again.close());
  assert.equal(again.statusList(kid).list.get(old.index), true);
  assert.equal(again.statusList(kid).list.get(young.index), false);
});

test('a revoked card is issued anew, and stays revoked with its reason', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const old = await issuer.issuePlus(series('A1', 'A2'), { now: NOW });
  await issuer.revoke(old.id, { reason: 'fraud' });
  const young = await issuer.issuePlus(series('A1', 'A2'), { now: NOW, replaces: old.id });
  assert.deepEqual([young.replaced?.reason, young.replaced?.already], ['fraud', true]);
  assert.equal(issuer.statusList(kid).revoked, 1);
  assert.equal((await issuer.revoke(young.id)).already, false, 'its record is there');
});

test('two new cards for one old one revoke it once', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const old = await issuer.issuePlus(series('A1', 'A2'), { now: NOW });
  const issue = async (): ReturnType<typeof issuer.issuePlus> =>
    issuer.issuePlus(series('A1', 'A2'), { now: NOW, replaces: old.id });
  const young = await Promise.all([issue(), issue()]);
  assert.deepEqual(new Set(young.map(({ replaced }) => replaced?.already)), new Set([false, true]));
  assert.equal(issuer.statusList(kid).revoked, 1);
  for (const { id } of young) assert.equal((await issuer.revoke(id)).already, false);
});

test('a card of somebody else, or of nobody, is not replaced, and no index is used up', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const old = await issuer.issuePlus(series('A1', 'A2'), { now: NOW });
  const other = series('A1', 'A2');
  Object.assign(other.entry[0]?.resource ?? {}, { birthDate: '1980-02-28' });
  const replacing = async (replaces: string): Promise<unknown> =>
    issuer.issuePlus(other, { now: NOW, replaces });
  await assert.rejects(replacing(old.id), { code: 'OTHER_PERSON' });
  await assert.rejects(replacing('AAAAAA'), { code: 'CARD_UNKNOWN' });
  assert.deepEqual([issuer.issuedCount(kid), issuer.statusList(kid).revoked], [1, 0]);
});

/** A line of a bulk: somebody of that year of birth, with a whole series. */
function bornIn(year: number): string {
  const one = series('A1', 'A2');
  Object.assign(one.entry[0]?.resource ?? {}, { birthDate: `${year}-03-01` });
  return `${JSON.stringify(one)}\n`;
}

test('of a bulk those cards are superseded whose person has a good one in a later bulk, and no others', async (t) => {
  const years = Array.from({ length: 40 }, (_, at) => 1960 + at);
  const { issuer, kid, bulk, out } = await bulkFixture(t, years.map(bornIn).join(''));
  await bulk({ batch: 'spring' });
  const old = (await outcomesIn(out)).cards;
  // Somebody's twice, somebody's not again, somebody's new one revoked, and somebody who is new.
  const folder = await temporaryFolder(t);
  const [input, later] = [join(folder, 'autumn.ndjson'), join(folder, 'cards')];
  await writeFile(input, [...years.slice(10), 1970, 2001].map(bornIn).join(''));
  await bulk({ input, out: later, batch: 'autumn' });
  const young = (await outcomesIn(later)).cards;
  await issuer.revoke(young[29]?.id ?? '', { reason: 'error' });

  const done: Revocation[] = [];
  const terms = { now: NOW };
  for await (const one of issuer.revokeSuperseded({ batch: 'spring', by: 'autumn' }, terms)) done.push(one);
  const wanted = old.filter(({ line }) => line > 10 && line < 40).map(({ id }) => id);
  assert.deepEqual(done.map(({ id }) => id).toSorted(), wanted.toSorted());
  assert.ok(done.every(({ reason, already }) => reason === 'superseded' && !already));
  assert.equal(issuer.statusList(kid).revoked, 30);
  for await (const { already } of issuer.revokeSuperseded({ batch: 'spring', by: 'autumn' }))
    assert.ok(already);
});

test('a bulk is superseded by another one that is known, of the same product', async (t) => {
  const { issuer, kid, bulk, folder } = await bulkFixture(t, bornIn(1980));
  await bulk({ batch: 'passes' });
  const out = join(folder, 'plus');
  await bulk({ batch: 'plus', product: 'vaccination-plus', out });
  await bulk({ batch: 'more', out: join(folder, 'more') });
  const superseding = async (by: string, product?: 'pcr-pass'): Promise<unknown> =>
    issuer.revokeSuperseded({ batch: 'passes', by, ...(product === undefined ? {} : { product }) }).next();
  for (const by of ['passes', 'plus']) await assert.rejects(superseding(by), { code: 'BATCH_INVALID' });
  await assert.rejects(superseding('more', 'pcr-pass'), { code: 'BATCH_INVALID' });
  await assert.rejects(superseding('none'), { code: 'BATCH_UNKNOWN' });
  assert.equal(issuer.statusList(kid).revoked, 0);
});

test('a revocation of many stops between the writes that they share, and the same goes on with the rest', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.close();
  await fillStore(dir, kid, 2 * 2048);
  const reopened = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  t.after(() => reopened.close());
  const stop = new AbortController();
  const choice = { batch: 'filled' };
  const made: Revocation[] = [];
  for await (const each of reopened.revokeAll(choice, { stop: stop.signal })) {
    made.push(each);
    stop.abort();
  }
  assert.equal(made.length, 1000);
  const rest = await all(reopened, choice);
  assert.equal(rest.length, 2048);
  const before = new Set(made.map(({ id }) => id));
  assert.ok(rest.filter(({ id }) => before.has(id)).every(({ already }) => already));
});
