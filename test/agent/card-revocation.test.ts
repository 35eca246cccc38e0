import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CardChoice } from '../../agent/card-revocation.ts';
import type { Revocation } from '../../agent/card-record.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { makeIssuer, NOW, PASSPHRASE } from './issuer-fixture.ts';
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
