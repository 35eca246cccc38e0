import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { openIssuer } from '../../../agent/issuer-folder.ts';
import type { Issuer } from '../../../agent/issuer.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { decidePieces } from '../../../verifier/node/decide.ts';
import { readText } from '../../../verifier/pipeline/input.ts';
import { makeTokens, PIN, withoutToken, type Tokens } from '../../support/softhsm.ts';
import { assertWhole, bulkFixture, outcomesIn, peopleLines } from '../bulk-fixture.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle, stateTrust, temporaryFolder } from '../issuer-fixture.ts';
import { trustIn } from '../issuer-trust.ts';

let tokens: Tokens;
const askPin = async (): Promise<string> => PIN;

/** What a venue that trusts the issuer says of a card, or of a VC. */
async function codesOf(issuer: Issuer, ...texts: readonly string[]): Promise<readonly string[]> {
  const pieces = texts.flatMap((text) => readText(text)).map((piece) => ({ source: '', piece }));
  const terms = { now: NOW, at: NOW + 1, allowUnanchored: true, rules: 'none' };
  return (await decidePieces(pieces, trustIn(issuer), terms)).flatMap(({ codes }) => codes);
}

describe('an issuer whose key lies on a token', { skip: withoutToken }, () => {
  before(async () => {
    tokens = await makeTokens('clinic');
  });
  after(() => tokens.stop());

  test('cards in all their forms, many at once, are accepted by the verifier', async (t) => {
    const { issuer, kid } = await makeIssuer(t, { place: tokens.place('clinic'), askPin });
    assert.deepEqual(await issuer.placeOf(kid), tokens.place('clinic'));
    const cards = await Promise.all(
      Array.from({ length: 24 }, () => issuer.issuePlus(sampleBundle('immunization'), { now: NOW })),
    );
    const forms = cards.flatMap(({ jws, vc, legacyVc }) => [jws, vc, legacyVc]);
    const codes = await codesOf(issuer, ...forms);
    assert.equal(codes.length, forms.length);
    assert.deepEqual([...new Set(codes)], ['VALID']);
    assert.equal(new Set(cards.map(({ index }) => index)).size, cards.length);
  });

  test('possession is proven, and the status list signed, by the token', async (t) => {
    const { issuer, kid } = await makeIssuer(t, { place: tokens.place('clinic'), askPin });
    const word = (hex: string): string => hex.padStart(64, '0');
    const text = Buffer.from('pratique/key-possession/1');
    const message = Buffer.from(
      [
        word('e0'),
        word('1'),
        word('1'),
        word('1'),
        Buffer.from(kid, 'base64url').toString('hex'),
        word('1'),
        word('2'),
        word(text.length.toString(16)),
        text.toString('hex').padEnd(64, '0'),
      ].join(''),
      'hex',
    );
    const signature = await issuer.provePossession(kid, message);
    const [key] = issuer.keys();
    assert.ok(key);
    assert.equal(importEs256Key(key)(message, signature), true);
    await assert.rejects(issuer.provePossession(kid, Buffer.from('anything')), {
      code: 'OPERATION_UNSUPPORTED',
    });
    assert.ok((await issuer.publishStatus(kid, await temporaryFolder(t))).length > 0);
  });

  test('a folder opened again issues by the token, and without a PIN, or a token, it still revokes', async (t) => {
    const { issuer, kid, dir } = await makeIssuer(t, { place: tokens.place('clinic'), askPin });
    const card = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
    await issuer.close();
    await tokens.pull();
    const open = { dir, passphrase: PASSPHRASE, clock: () => NOW };
    const unasked = await openIssuer(open);
    const issue = (one: Issuer): Promise<unknown> => one.issuePlus(sampleBundle('lab-result'), { now: NOW });
    try {
      const drawn = unasked.issuedCount(kid);
      await assert.rejects(issue(unasked), { code: 'TOKEN_ABSENT' });
      assert.equal(unasked.issuedCount(kid), drawn);
      assert.equal((await unasked.revoke(card.id)).id, card.id);
    } finally {
      await tokens.plugIn();
    }
    await setTimeout(1100);
    await assert.rejects(issue(unasked), { code: 'PIN_MISSING' });
    await unasked.close();

    const again = await openIssuer({ ...open, askPin });
    t.after(() => again.close());
    const { jws } = await again.issuePlus(sampleBundle('lab-result'), { now: NOW });
    assert.deepEqual(await codesOf(again, jws), ['VALID']);
    assert.deepEqual(await again.placeOf(kid), tokens.place('clinic'));
  });

  test('keys in the folder and on a token stand side by side', async (t) => {
    const { issuer, kid } = await makeIssuer(t, { askPin });
    const second = await issuer.createSigningKey(tokens.place('clinic'));
    await stateTrust(issuer);
    await issuer.anchored(second.kid, issuer.statusList(second.kid));
    for (const each of [kid, second.kid]) {
      const card = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW, kid: each });
      assert.equal(card.kid, each);
    }
    assert.equal(await issuer.placeOf(kid), undefined);
  });

  test('a key is destroyed on a token that was away at first, and signs nothing meanwhile', async (t) => {
    const { issuer, kid } = await makeIssuer(t, { place: tokens.place('clinic'), askPin });
    await issuer.signingKeys.recordEnd(kid, 'retired', NOW);
    const destroy = (): Promise<void> => issuer.signingKeys.destroy(issuer.agent, kid, NOW);
    await tokens.pull();
    try {
      await assert.rejects(destroy(), { code: 'TOKEN_ABSENT' });
    } finally {
      await tokens.plugIn();
    }
    assert.throws(() => issuer.signingKeys.signerFor(kid), { code: 'KEY_NOT_VALID' });
    assert.deepEqual(await issuer.placeOf(kid), tokens.place('clinic'));
    await setTimeout(1100);
    await destroy();
    await destroy();
    assert.equal(await issuer.placeOf(kid), undefined);
  });

  test('a bulk is signed by the token while threads make it ready; each card is accepted', async (t) => {
    const lines = 600;
    const fixture = await bulkFixture(t, peopleLines(lines), { place: tokens.place('clinic'), askPin });
    const report = await fixture.bulk();
    const outcomes = await outcomesIn(fixture.out);
    assertWhole(outcomes, lines);
    assert.deepEqual([report.finished, report.lines, report.cards], [true, lines, outcomes.cards.length]);
    const shown = outcomes.cards.filter((_, place) => place % 10 === 0).map(({ jws }) => jws);
    const codes = await codesOf(fixture.issuer, ...shown);
    assert.equal(codes.length, shown.length);
    assert.deepEqual([...new Set(codes)], ['VALID']);
  });

  test('a bulk whose token is pulled in the middle says so, and the same order goes on once it is back', async (t) => {
    const lines = 1000;
    const fixture = await bulkFixture(t, peopleLines(lines), { place: tokens.place('clinic'), askPin });
    let pulled: Promise<void> | undefined;
    const told = ({ cards }: { readonly cards: number }): void => {
      if (cards > 0) pulled ??= tokens.pull();
    };
    await assert.rejects(fixture.bulk({ told }), { code: 'TOKEN_ABSENT' });
    await pulled;
    await tokens.plugIn();
    await setTimeout(1100);
    const { finished, cards } = await fixture.bulk();
    const outcomes = await outcomesIn(fixture.out);
    assert.deepEqual([finished, cards], [true, outcomes.cards.length]);
    assertWhole(outcomes, lines);
  });

  test('a bulk with a wrong PIN issues nothing, and ends', async (t) => {
    let pin = PIN;
    const fixture = await bulkFixture(t, peopleLines(200), {
      place: tokens.place('clinic'),
      askPin: async () => pin,
    });
    await fixture.issuer.close();
    pin = 'not the PIN';
    const open = { dir: fixture.dir, passphrase: PASSPHRASE, clock: () => NOW, askPin: async () => pin };
    const again = await openIssuer(open);
    t.after(() => again.close());
    const order = {
      input: fixture.input,
      out: fixture.out,
      product: 'vaccination-pass',
      threads: 2,
    } as const;
    await assert.rejects(again.issueBulk(order), { code: 'PIN_WRONG' });
    assert.deepEqual((await outcomesIn(fixture.out)).cards, []);
    assert.equal(again.issuedCount(fixture.kid), 0);
    pin = PIN;
    assert.equal((await again.issueBulk(order)).finished, true);
  });
});
