import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { speakerOf } from '../../../verifier/web/scanner-words.ts';
import type { ScannerWords } from '../../../verifier/web/words/table.ts';
import { sendAnswer } from '../../../wallet/asking/send-answer.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { newKey } from '../../support/cards.ts';
import { answerOf, askedOn, askingNode, guestsPass, readAs, shownOn } from './asking-guest.ts';
import { cardOf, codeOf, openDoor, paste, pressBig, until, verdictOn } from './door.ts';
import type { Door } from './door.ts';

const EMPTY = [{ picture: { width: 1, height: 1, at: () => 0 }, frames: 5 }];

describe('a scanner that asks a holder', { skip: withoutChromium }, () => {
  const { requests, clock } = askingNode();
  let door: Door;
  let page: Page;
  before(async () => {
    door = await openDoor({ film: EMPTY, requests });
    ({ page } = door);
    await page.setViewportSize({ width: 390, height: 844 });
  });
  beforeEach(async () => {
    clock.ahead = 0;
    await open('en');
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  async function open(language: string): Promise<void> {
    await page.evaluate((tag) => {
      const settings = { language: tag, introduced: true, greenSeconds: 30 };
      localStorage.setItem('pratique-scanner-settings', JSON.stringify(settings));
    }, language);
    await page.reload();
    await page.locator('.ask-button').waitFor();
  }
  const said = (key: keyof ScannerWords, language = 'en'): string => speakerOf(language).say(key).text;
  const small = async (): Promise<string> =>
    (await page.locator('.verdict .small').last().textContent()) ?? '';

  test('says what is asked, why, and for how long', async () => {
    await askedOn(page);
    const text = (await page.locator('.ask').textContent()) ?? '';
    assert.match(text, /A Pass: your name/);
    assert.match(text, /Entry to the concert/);
    assert.match(text, /Good for (?:5:00|4:5\d)/);
  });

  test('shows the result that a wallet posted, and asks the next guest', async () => {
    const read = await askedOn(page);
    assert.equal(await sendAnswer(read.request, await answerOf(read), fetch), 'taken');
    const { name } = await verdictOn(page, 'accepted');
    assert.equal(name, 'Nora Nobody');
    assert.ok(await page.getByText(said('shownByWallet'), { exact: true }).isVisible());
    await pressBig(page);
    const next = await shownOn(page);
    assert.notEqual(next.request.nonce, read.request.nonce);
  });

  test('shows the result of an answer whose code it is given, once', async () => {
    const { code } = await answerOf(await askedOn(page));
    await paste(page, code);
    assert.equal((await verdictOn(page, 'accepted')).name, 'Nora Nobody');
    await paste(page, code);
    const { reason } = await verdictOn(page, 'rejected');
    assert.equal(reason, said('answerTwice'));
    assert.match(await small(), /RW3/);
  });

  test('reads the code of an answer by its camera, and goes back to the question', async () => {
    const { code } = await answerOf(await askedOn(page));
    await door.refilm([{ picture: codeOf(code, 3), frames: 20 }]);
    await pressBig(page);
    assert.equal((await verdictOn(page, 'accepted')).name, 'Nora Nobody');
    await door.refilm(EMPTY);
    await pressBig(page);
    await shownOn(page);
    await pressBig(page);
    await page.locator('.scan').waitFor();
    assert.equal(await page.locator('.hint').textContent(), said('askHold'));
    await page.getByRole('button', { name: said('askShow') }).click();
    await page.locator('.ask-code').waitFor();
  });

  test('takes no answer that was taken by the node before', async () => {
    const read = await askedOn(page);
    const { code } = await answerOf(read);
    const taken = await fetch(read.request.responseUri, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ answer: code }),
    });
    assert.equal(taken.status, 200);
    await paste(page, code);
    assert.equal((await verdictOn(page, 'rejected')).reason, said('answerTwice'));
  });

  test('takes no answer to a question of another venue', async () => {
    await askedOn(page);
    const other = askingNode().requests.open({ responseUri: 'https://other.example/presentations' });
    const { code } = await answerOf(await readAs(other.request));
    await paste(page, code);
    assert.equal((await verdictOn(page, 'rejected')).reason, said('answerElsewhere'));
    assert.match(await small(), /RW4/);
  });

  test('takes no answer that another than the holder signed, and still waits for the holder', async () => {
    const read = await askedOn(page);
    await paste(page, (await answerOf(read, { key: newKey() })).code);
    assert.equal((await verdictOn(page, 'rejected')).reason, said('answerUnproven'));
    await pressBig(page);
    assert.equal((await shownOn(page)).request.nonce, read.request.nonce);
    await paste(page, (await answerOf(read)).code);
    await verdictOn(page, 'accepted');
  });

  test('says when the time is over, and takes no answer after it', async () => {
    const { code } = await answerOf(await askedOn(page));
    clock.ahead = 301;
    await page.getByText(said('askOver')).waitFor();
    await paste(page, code);
    assert.equal((await verdictOn(page, 'rejected')).reason, said('answerLate'));
    await pressBig(page);
    clock.ahead = 0;
    await page.getByRole('button', { name: said('askAgain') }).click();
    await shownOn(page);
  });

  test('is orange while the node is gone, and says that no question can be made', async () => {
    const { code } = await answerOf(await askedOn(page));
    await door.stopNode();
    try {
      await page.getByText(said('askOffline')).waitFor();
      await paste(page, code);
      const { reason } = await verdictOn(page, 'undetermined');
      assert.equal(reason, said('answerNodeGone'));
      assert.match(await small(), /CW1/);
      await pressBig(page);
      await page.getByRole('button', { name: said('stop') }).click();
      await page.locator('.ask-button').click();
      await page.getByText(said('askFailed')).waitFor();
    } finally {
      await door.startNode();
    }
  });

  test('says that no question is open, and that one which was stopped is none', async () => {
    const { code } = await answerOf(await askedOn(page));
    await page.getByRole('button', { name: said('stop') }).click();
    await page.locator('.idle').waitFor();
    await paste(page, code);
    assert.equal((await verdictOn(page, 'rejected')).reason, said('answerUnasked'));
  });

  test('judges a card that is shown meanwhile as ever, and goes back to its question', async () => {
    const { request } = await askedOn(page);
    await paste(page, encodeCardUri(cardOf({ given: 'Carl', family: 'Card' }), 'shc'));
    assert.equal((await verdictOn(page, 'accepted')).name, 'Carl Card');
    assert.ok(!(await page.getByText(said('shownByWallet'), { exact: true }).isVisible()));
    await pressBig(page);
    assert.equal((await shownOn(page)).request.nonce, request.nonce);
  });

  test('asks anew once the rules are others: an answer to what was asked before does not count', async () => {
    const kept = async (event: number): Promise<void> =>
      page.evaluate((begins) => {
        // As another tab tells this one.
        const name = 'pratique-scanner-settings';
        const old = JSON.parse(localStorage.getItem(name) ?? '{}') as object;
        localStorage.setItem(name, JSON.stringify({ ...old, event: begins }));
        dispatchEvent(new StorageEvent('storage', { key: name }));
      }, event);
    const first = await askedOn(page);
    await kept(Math.floor(Date.now() / 1000) + 3600);
    await until(async () => (await shownOn(page)).request.nonce !== first.request.nonce);
    await paste(page, (await answerOf(first)).code);
    assert.equal((await verdictOn(page, 'rejected')).reason, said('answerElsewhere'));
    await pressBig(page);
    const second = await shownOn(page);
    await paste(page, encodeCardUri(cardOf({ given: 'Carl', family: 'Card' }), 'shc'));
    await verdictOn(page, 'accepted');
    // The result stays; the question behind it is none any more.
    await kept(Math.floor(Date.now() / 1000) + 7200);
    assert.equal((await verdictOn(page, 'accepted')).name, 'Carl Card');
    await paste(page, (await answerOf(second)).code);
    assert.equal((await verdictOn(page, 'rejected')).reason, said('answerUnasked'));
    await pressBig(page);
    assert.notEqual((await shownOn(page)).request.nonce, second.request.nonce);
  });

  test('a code that is cut off is grey', async () => {
    const { code } = await answerOf(await askedOn(page));
    await paste(page, code.slice(0, -4));
    await verdictOn(page, 'unreadable');
  });

  for (const [what, rid, kind] of [
    ['revoked', 'rid-revoked', 'rejected'],
    ['good', 'rid-1', 'accepted'],
  ] as const) {
    for (const by of ['post', 'code'] as const) {
      test(`a ${what} pass is ${kind}, answered by ${by}`, async () => {
        const read = await askedOn(page);
        const answer = await answerOf(read, { pass: guestsPass(rid) });
        if (by === 'code') await paste(page, answer.code);
        else assert.equal(await sendAnswer(read.request, answer, fetch), 'taken');
        assert.equal((await verdictOn(page, kind)).name, 'Nora Nobody');
      });
    }
  }

  for (const language of ['en', 'zh-Hant', 'es'] as const) {
    test(`asks and answers in ${language}`, async () => {
      await open(language);
      const { code } = await answerOf(await askedOn(page));
      assert.equal(await page.locator('.ask-title').textContent(), said('askTitle', language));
      await paste(page, code);
      const { word } = await verdictOn(page, 'accepted');
      assert.equal(word, speakerOf(language).outcome('accepted').text);
      await paste(page, code);
      assert.equal((await verdictOn(page, 'rejected')).reason, said('answerTwice', language));
    });
  }
});

describe('of a node and a page that know differently', { skip: withoutChromium }, () => {
  // Neither trusts the issuer without the registry's log.
  for (const [what, page, node] of [
    ['the node', {}, { logs: [] }],
    ['the page', { logs: [] }, {}],
  ] as const) {
    test(`the worse answer is shown, that of ${what}`, async () => {
      const { requests } = askingNode();
      const door = await openDoor({ requests, knowledge: { ...page, age: 100 } });
      try {
        await door.page.locator('.ask-button').waitFor();
        door.know({ ...node, age: 50 });
        await paste(door.page, (await answerOf(await askedOn(door.page))).code);
        await verdictOn(door.page, 'rejected');
      } finally {
        await door.close();
      }
    });
  }
});

test('a scanner of a node that asks nobody has nothing to ask with', { skip: withoutChromium }, async () => {
  const door = await openDoor();
  try {
    await until(async () => (await door.page.locator('.reached').count()) > 0);
    assert.equal(await door.page.locator('.ask-button').count(), 0);
  } finally {
    await door.close();
  }
});
