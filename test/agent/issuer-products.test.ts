import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NotQualified } from '../../agent/card-issuance.ts';
import { PRODUCTS } from '../../agent/products.ts';
import type { ProductName } from '../../agent/products.ts';
import { decidePieces } from '../../verifier/node/decide.ts';
import { readText } from '../../verifier/pipeline/input.ts';
import { makeIssuer, NOW } from './issuer-fixture.ts';
import { trustIn } from './issuer-trust.ts';
import { dose, NEW_YORK, record, result } from './records.ts';

const HOUR = 3600;
const NAMES = Object.keys(PRODUCTS) as ProductName[];

/** Everything at once, as of 2026-11-23, noon in UTC. */
const RECORD = record(
  dose('2026-03-01'),
  dose('2026-04-01'),
  result('pcr', '2026-11-22'),
  result('antigen', '2026-11-23T05:00:00-05:00'),
);

test('each product, in each of its forms, is taken by New York’s rules now, and no longer once its window is over', async (t) => {
  const { issuer } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const trust = trustIn(issuer);
  for (const name of NAMES) {
    const card = await issuer.issueProduct(name, RECORD, { now: NOW });
    assert.deepEqual([card.product, card.profile], [name, PRODUCTS[name].profile]);
    const codes = async (at: number): Promise<readonly string[]> => {
      const texts = [card.jws, card.vc, card.legacyVc];
      const pieces = texts.flatMap((text) => readText(text)).map((piece) => ({ source: '', piece }));
      const terms = { now: NOW, at, allowUnanchored: true, rules: 'ENTRY' };
      const decisions = await decidePieces(pieces, trust, terms);
      assert.equal(decisions.length, 3);
      return [...new Set(decisions.flatMap((decision) => decision.codes))];
    };
    assert.deepEqual(await codes(NOW + 1), ['VALID'], name);
    const later = await codes(NOW + 400 * 24 * HOUR);
    assert.deepEqual(later, name === 'vaccination-plus' ? ['VALID'] : ['EXPIRED', 'RULES_NOT_MET'], name);
  }
});

test('a product needs a policy, and a record that qualifies; neither uses up an index', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  await assert.rejects(issuer.issueProduct('pcr-pass', RECORD, { now: NOW }), { code: 'POLICY_MISSING' });
  await assert.rejects(issuer.policy.say({ ...NEW_YORK, timeZone: 'Nowhere' }), { code: 'POLICY_INVALID' });
  assert.equal(await issuer.policy.said(), undefined);
  await issuer.policy.say(NEW_YORK);
  const refused = issuer.issueProduct('vaccination-pass', record(dose('2026-11-01')), { now: NOW });
  await assert.rejects(refused, (error: unknown) => {
    assert.ok(error instanceof NotQualified);
    assert.equal(error.code, 'NOT_QUALIFIED');
    const { reason, doses, needed, evidenceDay, from } = error.details;
    assert.deepEqual(
      [reason, doses, needed, evidenceDay, from],
      ['SERIES_INCOMPLETE', 1, 2, '2026-11-01', '2026-11-18'],
    );
    assert.doesNotMatch(error.message, /\d/);
    return true;
  });
  assert.equal(issuer.issuedCount(kid), 0);
});

test('a Pass is bound to the DID of its holder', async (t) => {
  const { issuer } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  const holder = 'did:web:holder.example';
  const card = await issuer.issueProduct('pcr-pass', RECORD, { now: NOW, holder });
  const payload = JSON.parse(Buffer.from(card.vc.split('.')[1] ?? '', 'base64url').toString()) as {
    credentialSubject: { id: string };
  };
  assert.equal(payload.credentialSubject.id, holder);
});
