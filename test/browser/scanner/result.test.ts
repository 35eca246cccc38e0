import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { pngOf } from '../../support/pictures.ts';
import {
  cardCode,
  cardOf,
  codeOf,
  NOW,
  openDoor,
  paste,
  pressBig,
  STRANGER,
  UNLISTED,
  verdictOn,
  wedge,
} from './door.ts';
import type { Door } from './door.ts';

const uriOf = (jws: string): string => encodeCardUri(jws, 'shc');
const GOOD = cardOf({ given: 'Nora', family: 'Green' });
const REVOKED = cardOf({ given: 'Max', family: 'Red' }, { rid: 'rid-revoked' });
const UNKNOWN_STATUS = cardOf({ given: 'Una', family: 'Orange' }, { key: UNLISTED });
/** The first official example's header: its key signs for whoever wants to practise. */
const SPECIMEN_KID = '3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s';

describe('other ways in than the camera, and what becomes of a result', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor();
    await door.stopNode();
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  /** With these settings, as if the page had just been opened. */
  async function reopen(settings: object = {}): Promise<void> {
    await door.page.evaluate((changed) => {
      const all = { language: 'en', introduced: true, greenSeconds: 30, ...changed };
      localStorage.setItem('pratique-scanner-settings', JSON.stringify(all));
    }, settings);
    await door.page.reload();
    await door.page.locator('.reached-no').waitFor();
  }

  /** Drop or paste a file, as the browser tells the page of it. */
  async function give(how: 'drop' | 'paste', name: string, bytes: Uint8Array): Promise<void> {
    await door.page.evaluate(
      ({ kind, file, content }) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(content)], file));
        const event =
          kind === 'drop'
            ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
      },
      { kind: how, file: name, content: [...bytes] },
    );
  }

  test('a hand scanner types into the page, and its Enter presses no button', async () => {
    await reopen();
    await wedge(door.page, uriOf(GOOD));
    assert.deepEqual(await verdictOn(door.page), {
      kind: 'accepted',
      word: 'ACCEPTED',
      name: 'Nora Green',
      reason: undefined,
    });
    await wedge(door.page, uriOf(REVOKED));
    assert.equal((await verdictOn(door.page, 'rejected')).reason, 'The issuer revoked the card.');
  });

  test('a picture is read when it is dropped or pasted, and so is a card file', async () => {
    await reopen();
    await give('drop', 'screenshot.png', pngOf(cardCode(UNKNOWN_STATUS, 3)));
    assert.equal((await verdictOn(door.page, 'undetermined')).name, 'Una Orange');
    await give('paste', 'photo.png', pngOf(cardCode(GOOD, 3)));
    assert.equal((await verdictOn(door.page, 'accepted')).name, 'Nora Green');
    await give('drop', 'card.smart-health-card', new TextEncoder().encode(encodeCardFile([REVOKED])));
    assert.equal((await verdictOn(door.page, 'rejected')).name, 'Max Red');
    await give('drop', 'menu.png', pngOf(codeOf('https://restaurant.example/menu', 6)));
    assert.match((await verdictOn(door.page, 'unreadable')).reason ?? '', /not a kind of card/);
    await give('drop', 'broken.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3));
    assert.equal((await verdictOn(door.page, 'unreadable')).kind, 'unreadable');
  });

  test('text is pasted, and several cards of a file are gone through one by one', async () => {
    await reopen();
    await give('drop', 'family.smart-health-card', new TextEncoder().encode(encodeCardFile([GOOD, REVOKED])));
    assert.equal((await verdictOn(door.page, 'accepted')).name, 'Nora Green');
    assert.match(await door.page.locator('.verdict').innerText(), /Card 1 of 2/);
    await pressBig(door.page);
    assert.equal((await verdictOn(door.page, 'rejected')).name, 'Max Red');
    await pressBig(door.page);
    await door.page.locator('.idle').waitFor();
  });

  test('the failed mark is the one that failed, with a support code and what to do; green has none', async () => {
    await reopen();
    await paste(door.page, uriOf(cardOf({ given: 'Eve', family: 'Late' }, { exp: NOW - 5 })));
    await verdictOn(door.page, 'rejected');
    assert.deepEqual(await door.page.locator('.mark-failed .mark-name').allInnerTexts(), ['Rules and dates']);
    assert.match(await door.page.locator('.verdict').innerText(), /Code R1\b/);
    await door.page.locator('summary').click();
    assert.match(await door.page.locator('details').innerText(), /Do not accept this card/);
    await paste(door.page, uriOf(GOOD));
    await verdictOn(door.page, 'accepted');
    assert.equal(await door.page.locator('.mark-passed').count(), 3);
    assert.equal(await door.page.locator('details').count(), 0);
  });

  test('no clinical data is on the page, whatever the outcome', async () => {
    await reopen();
    for (const jws of [GOOD, REVOKED, UNKNOWN_STATUS]) {
      await paste(door.page, uriOf(jws));
      await verdictOn(door.page);
      assert.doesNotMatch(await door.page.content(), /\b207\b|2026-05-01|May 1, 2026|cvx/i);
    }
  });

  test('a card of nobody’s is red, a forged one too', async () => {
    await reopen();
    await paste(door.page, uriOf(cardOf({ given: 'Ida', family: 'Strange' }, { key: STRANGER })));
    assert.match((await verdictOn(door.page, 'rejected')).reason ?? '', /Nobody accredited/);
    const at = GOOD.lastIndexOf('.') - 30;
    const forged = `${GOOD.slice(0, at)}${GOOD[at] === 'A' ? 'B' : 'A'}${GOOD.slice(at + 1)}`;
    await paste(door.page, uriOf(forged));
    assert.match((await verdictOn(door.page, 'rejected')).reason ?? '', /altered or forged/);
  });

  test('a specimen is grey, and says that it lets nobody in', async () => {
    await reopen();
    const [, payload = '', signature = ''] = GOOD.split('.');
    const header = { zip: 'DEF', alg: 'ES256', kid: SPECIMEN_KID };
    const specimen = [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join(
      '.',
    );
    await paste(door.page, uriOf(specimen));
    assert.deepEqual(await verdictOn(door.page), {
      kind: 'specimen',
      word: 'PRACTICE CARD',
      name: undefined,
      reason: 'This card is for practice. It lets nobody in.',
    });
  });

  test('chunks are collected from pictures of a file of two codes in any order', async () => {
    await reopen();
    const text = GOOD;
    const half = Math.floor(text.length / 2);
    const chunks = [text.slice(0, half), text.slice(half)].map((part, place) =>
      uriOf(part).replace('shc:/', `shc:/${place + 1}/2/`),
    );
    await paste(door.page, chunks.toReversed().join('\n'));
    assert.equal((await verdictOn(door.page, 'accepted')).name, 'Nora Green');
  });

  test('green goes by itself after the time that was chosen, and stays if somebody wants it to', async () => {
    await reopen({ greenSeconds: 0.8 });
    await paste(door.page, uriOf(GOOD));
    await verdictOn(door.page, 'accepted');
    await door.page.locator('.idle').waitFor();
    await reopen({ greenSeconds: 3 });
    await paste(door.page, uriOf(REVOKED));
    await verdictOn(door.page, 'rejected');
    assert.match(await door.page.locator('.clock').innerText(), /Closes in (30|29) s/);
    await door.page.getByRole('button', { name: 'Keep open' }).click();
    await door.page.locator('.clock').waitFor({ state: 'detached' });
    assert.equal((await verdictOn(door.page)).kind, 'rejected');
  });

  test('a result is gone as soon as the page goes to the background, and so is what was open', async () => {
    await reopen();
    await paste(door.page, uriOf(GOOD));
    await verdictOn(door.page, 'accepted');
    await door.page.getByRole('button', { name: 'Settings' }).click();
    await door.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await door.page.locator('.idle').waitFor();
    assert.doesNotMatch(await door.page.content(), /Nora/);
    assert.equal(await door.page.locator('dialog').count(), 0);
  });

  test('with two steps nothing is green before somebody says that the details match', async () => {
    await reopen({ twoStep: true });
    await paste(door.page, uriOf(GOOD));
    assert.equal((await verdictOn(door.page)).kind, 'compare');
    assert.equal(await door.page.locator('.verdict-accepted').count(), 0);
    await door.page.getByRole('button', { name: 'They differ' }).click();
    assert.match((await verdictOn(door.page, 'rejected')).reason ?? '', /not that of the ID/);
    await paste(door.page, uriOf(GOOD));
    await door.page.getByRole('button', { name: 'Details match' }).click();
    const seen = await verdictOn(door.page, 'accepted');
    assert.equal(seen.name, 'Nora Green');
    // Who differed was not let in.
    assert.doesNotMatch(await door.page.locator('.verdict').innerText(), /Already scanned/);
  });

  test('with two steps the first answer counts, however fast the second comes', async () => {
    await reopen({ twoStep: true });
    const tap = async (...places: readonly number[]): Promise<void> =>
      door.page.evaluate((order) => {
        const buttons = [...document.querySelectorAll<HTMLElement>('.actions button')];
        for (const place of order) buttons[place]?.click();
      }, places);
    await paste(door.page, uriOf(GOOD));
    await verdictOn(door.page, 'compare');
    await tap(0, 0);
    await verdictOn(door.page, 'accepted');
    assert.equal(await door.page.locator('.note').count(), 0);
    await paste(door.page, uriOf(GOOD));
    await verdictOn(door.page, 'compare');
    await tap(1, 0);
    await verdictOn(door.page, 'rejected');
    await paste(door.page, uriOf(UNKNOWN_STATUS));
    await verdictOn(door.page, 'undetermined');
  });

  test('the same guest is noticed within a shift, and not after it', async () => {
    await reopen();
    const again = cardOf({ given: 'Nora', family: 'Green' }, { rid: 'another-card' });
    await paste(door.page, uriOf(GOOD));
    await verdictOn(door.page, 'accepted');
    assert.equal(await door.page.locator('.note').count(), 0);
    await paste(door.page, uriOf(again));
    await door.page.locator('.note', { hasText: 'Already scanned in this shift.' }).waitFor();
    assert.equal((await verdictOn(door.page)).kind, 'accepted');
    await pressBig(door.page);
    await door.page.getByRole('button', { name: 'Settings' }).click();
    assert.match(await door.page.locator('dialog').innerText(), /fewer than 10/);
    await door.page.getByRole('button', { name: 'End the shift' }).click();
    await paste(door.page, uriOf(GOOD));
    await verdictOn(door.page, 'accepted');
    assert.equal(await door.page.locator('.note').count(), 0);
  });
});
