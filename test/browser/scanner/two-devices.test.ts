import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { anchoredRids } from '../../support/cards.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardCode, cardOf, LISTED, NOW, openDoor, paste, pressBig, verdictOn } from './door.ts';
import type { Door, Knowledge } from './door.ts';

const ANN = cardOf({ given: 'Ann', family: 'First' }, { rid: 'rid-ann' });
const BOB = cardOf({ given: 'Bob', family: 'Second' }, { rid: 'rid-bob' });
const LIST = anchoredRids(LISTED, ['rid-revoked', 'rid-ann']);

/** A newer list, on which the card of Ann stands. */
const REVOKED: Knowledge = {
  block: 20,
  age: 10,
  document: { anchors: [{ ...LIST.anchor, counter: 2, time: NOW - 100 }], lists: [LIST.data] },
};

describe('two devices at one node', { skip: withoutChromium }, () => {
  let left: Door;
  let right: Door;
  before(async () => {
    const blank = { picture: { width: 1, height: 1, at: () => 0 }, frames: 10 };
    left = await openDoor({ film: [{ picture: cardCode(ANN, 4), frames: 10 }, blank] });
    right = await openDoor({
      beside: left,
      language: 'zh-Hant',
      film: [{ picture: cardCode(BOB, 4), frames: 10 }, blank],
    });
  });
  after(async () => {
    await right.close();
    await left.close();
    assert.deepEqual([...left.complaints, ...right.complaints], []);
  });

  async function refresh({ page }: Door): Promise<void> {
    const answered = page.waitForResponse((response) => response.url().endsWith('/trust/bundle'));
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await answered;
  }

  async function settings({ page }: Door): Promise<Record<string, unknown>> {
    return page.evaluate(
      () => JSON.parse(localStorage.getItem('pratique-scanner-settings') ?? '{}') as Record<string, unknown>,
    );
  }

  test('both scan at the same time, each in its language, its own guest', async () => {
    await Promise.all([pressBig(left.page), pressBig(right.page)]);
    const [ann, bob] = await Promise.all([verdictOn(left.page), verdictOn(right.page)]);
    assert.deepEqual([ann.word, ann.name], ['ACCEPTED', 'Ann First']);
    assert.deepEqual([bob.word, bob.name], ['通過', 'Bob Second']);
    for (const { page } of [left, right]) {
      await page.locator('.scan').waitFor();
      await page.locator('.actions .big', { hasText: /^(Stop|停止)$/ }).click();
    }
  });

  test('what one chooses and whom one met is not seen at the other', async () => {
    await left.page.locator('.gear').click();
    await left.page.locator('input[name=twoStep]').click();
    await left.page.getByLabel('Appearance').selectOption('dark');
    await left.page.keyboard.press('Escape');
    const [ours, theirs] = [await settings(left), await settings(right)];
    assert.deepEqual([ours['twoStep'], ours['theme'], ours['language']], [true, 'dark', 'en']);
    assert.ok(theirs['twoStep'] !== true && theirs['theme'] !== 'dark');
    assert.equal(theirs['language'], 'zh-Hant');
    // Met on the left; a guest who is new on the right.
    await paste(right.page, encodeCardUri(ANN, 'shc'));
    assert.equal((await verdictOn(right.page, 'accepted')).name, 'Ann First');
    assert.equal(await right.page.locator('.note').count(), 0);
    await paste(left.page, encodeCardUri(ANN, 'shc'));
    assert.equal((await verdictOn(left.page)).kind, 'compare');
    await pressBig(left.page);
    await left.page.locator('.note', { hasText: 'Already scanned in this shift.' }).waitFor();
  });

  test('a revocation reaches each with its next question; one without a network goes on and says how old its data is', async () => {
    await right.page.context().setOffline(true);
    left.know(REVOKED);
    await refresh(left);
    await left.page.locator('.banner-facts', { hasText: 'block 20' }).waitFor();
    await paste(left.page, encodeCardUri(ANN, 'shc'));
    assert.equal((await verdictOn(left.page, 'rejected')).reason, 'The issuer revoked the card.');

    await right.page.evaluate(() => dispatchEvent(new Event('online')));
    await right.page.locator('.reached-no', { hasText: '離線' }).waitFor();
    await right.page.locator('.banner-facts', { hasText: '資料：' }).waitFor();
    await right.page.locator('.banner-facts', { hasText: '10' }).waitFor();
    await paste(right.page, encodeCardUri(ANN, 'shc'));
    await verdictOn(right.page, 'accepted');

    await right.page.context().setOffline(false);
    await right.page.locator('.reached-yes').waitFor();
    await right.page.locator('.banner-facts', { hasText: '20' }).waitFor();
    await paste(right.page, encodeCardUri(ANN, 'shc'));
    await verdictOn(right.page, 'rejected');
  });

  test('both go on deciding when the node is gone', async () => {
    await left.stopNode();
    for (const { page } of [left, right]) {
      await page.reload();
      await page.locator('.reached-no').waitFor();
      await paste(page, encodeCardUri(ANN, 'shc'));
      await verdictOn(page, 'rejected');
      await paste(page, encodeCardUri(BOB, 'shc'));
    }
    assert.equal((await verdictOn(right.page, 'accepted')).name, 'Bob Second');
    assert.equal((await verdictOn(left.page, 'compare')).name, 'Bob Second');
  });
});
