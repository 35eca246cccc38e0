import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { readQrCodes } from '../../../credential/qr-reader.ts';
import { loadQrWasm } from '../../../credential/qr-reader-node.ts';
import { readCodes } from '../../../verifier/pipeline/input.ts';
import { DEFAULT_POLICY } from '../../../verifier/pipeline/venue-policy.ts';
import { verifyCredential } from '../../../verifier/pipeline/verify.ts';
import type { Decision } from '../../../verifier/pipeline/decision.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { pass } from '../../support/cards.ts';
import { mintVc } from '../../support/presentations.ts';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { cardOf, LISTED, NOW, venueOf } from '../venue.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { holding, NORA, NORAS_PASS, NORAS_PLUS, passOf, passUri, plusUri, THEO } from './purse.ts';

const THEOS_REVOKED = passUri(passOf(THEO, { rid: 'rid-revoked' }));

/** What the pipeline of a venue says of the text of a code. */
async function decided(text: string): Promise<Pick<Decision, 'outcome' | 'codes' | 'subject' | 'form'>> {
  const [piece] = readCodes([text]);
  assert.ok(piece !== undefined && 'text' in piece);
  const terms = { now: NOW, allowUnanchored: false, rules: 'none', policy: DEFAULT_POLICY };
  const { outcome, codes, subject, form } = await verifyCredential(piece, venueOf().trust(), terms, {
    inflate: inflateRawNode,
  });
  return { outcome, codes, subject, form };
}

/** What a camera reads from the screen as it is. */
async function codesOn(page: Page): Promise<readonly string[]> {
  return readQrCodes(await page.screenshot(), loadQrWasm);
}

describe('the code of a pass', { skip: withoutChromium }, () => {
  let household: Household;
  before(async () => {
    household = await openHousehold({ fill: holding([]) });
  });
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  async function start(...texts: readonly string[]): Promise<Page> {
    const { page } = household;
    await household.anew(holding(texts));
    await openWallet(page);
    await page.locator('.home-people').waitFor();
    return page;
  }
  const tapShow = async (page: Page, kind: string): Promise<void> =>
    page
      .locator('.pass', { has: page.locator('.pass-kind', { hasText: new RegExp(`^${kind}$`) }) })
      .getByRole('button', { name: 'Show code' })
      .first()
      .click();

  for (const [name, text, kind] of [
    ['a Pass', NORAS_PASS, 'Vaccination Pass'],
    ['a Pass Plus', NORAS_PLUS, 'Pass Plus'],
    ['a Pass Plus that came as a file', encodeCardFile([cardOf(NORA)]), 'Pass Plus'],
  ] as const) {
    test(`${name}: one tap from the first screen, and what a camera reads is decided as the card itself`, async () => {
      const page = await start(text);
      await tapShow(page, kind);
      await page.locator('.code svg').waitFor();
      const [read = '', ...others] = await codesOn(page);
      assert.deepEqual(others, []);
      if (!text.startsWith('{')) assert.equal(read, text);
      const expected = await decided(text.startsWith('{') ? plusUri(cardOf(NORA)) : text);
      assert.deepEqual(await decided(read), expected);
      assert.equal(expected.outcome, 'accepted');
    });
  }

  test('is as large as the screen lets, on white, in the dark and on its side too', async () => {
    const page = await start(NORAS_PLUS);
    await page.emulateMedia({ colorScheme: 'dark' });
    try {
      await tapShow(page, 'Pass Plus');
      const paper = (): Promise<string> =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await paper(), 'rgb(255, 255, 255)');
      const width = (await page.locator('.code svg').boundingBox())?.width ?? 0;
      assert.ok(width > 0.88 * 390, `${width} pixels of 390`);
      assert.equal((await codesOn(page)).length, 1);
      await page.setViewportSize({ width: 844, height: 390 });
      assert.equal((await codesOn(page)).length, 1);
      const box = await page.locator('.code svg').boundingBox();
      assert.ok(box !== null && box.y + box.height <= 390, 'it is whole on the screen');
      await page.locator('.way-back').click();
      await page.locator('.home-people').waitFor();
      assert.notEqual(await paper(), 'rgb(255, 255, 255)');
    } finally {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.emulateMedia({ colorScheme: 'light' });
    }
  });

  test('tells whoever cannot see it what it is, where it is and how large', async () => {
    const page = await start(NORAS_PASS);
    await tapShow(page, 'Vaccination Pass');
    await page.getByRole('img', { name: 'QR code: Vaccination Pass of Nora Nobody' }).waitFor();
    await page
      .locator('[role=status]', { hasText: /at the top of the screen, in the middle, 9\d percent/ })
      .waitFor();
    assert.match(await page.locator('.code-below').innerText(), /Nora Nobody[^]*Born February 29, 1980/);
    // The clock is for eyes alone.
    assert.equal(await page.locator('.clock').getAttribute('aria-hidden'), 'true');
  });

  test('has a border that moves and a clock that runs; for who wants no motion the clock alone', async () => {
    for (const [reducedMotion, expected] of [
      ['no-preference', 'turn'],
      ['reduce', 'none'],
    ] as const) {
      await household.page.emulateMedia({ reducedMotion });
      const page = await start(NORAS_PASS);
      await tapShow(page, 'Vaccination Pass');
      const frame = page.locator('.shown-frame');
      const moving = await frame.evaluate((element) => getComputedStyle(element, '::before').animationName);
      assert.equal(moving, expected);
      const time = page.locator('.clock-time');
      const earlier = await time.innerText();
      assert.match(earlier, /:\d\d:\d\d/);
      await page.waitForFunction(
        (text) => document.querySelector('.clock-time')?.textContent !== text,
        earlier,
      );
    }
  });

  test('of a Pass comes before that of a Plus, each with what the venue will see', async () => {
    const page = await start(NORAS_PASS, NORAS_PLUS);
    await tapShow(page, 'Pass Plus');
    const choice = page.locator('.which-pass');
    const buttons = await choice.locator('button').allInnerTexts();
    assert.match(buttons[0] ?? '', /^Show the Pass\s+The venue sees: valid or not, name and birth date/);
    assert.match(buttons[1] ?? '', /^Show Plus\s+The venue sees the whole record/);
    assert.equal(await page.locator('.code svg').count(), 0);
    await choice.getByRole('button', { name: /^Show the Pass/ }).click();
    await page.locator('.code svg').waitFor();
    assert.deepEqual(await codesOn(page), [NORAS_PASS]);
    await page.getByRole('button', { name: 'The venue needs more? Show Plus' }).click();
    await page.getByText('The venue sees the whole record').waitFor();
    assert.deepEqual(await codesOn(page), [NORAS_PLUS]);
    // And straight to the Pass from its own card.
    await page.locator('.way-back').click();
    await tapShow(page, 'Vaccination Pass');
    await page.locator('.code svg').waitFor();
    assert.deepEqual(await codesOn(page), [NORAS_PASS]);
  });

  test('of a pass that a venue would turn away is shown only after a warning', async () => {
    const page = await start(THEOS_REVOKED);
    await tapShow(page, 'Vaccination Pass');
    await page.getByRole('heading', { name: 'This pass will not be accepted' }).waitFor();
    assert.match(await page.locator('.show-warning').innerText(), /Revoked[^]*The issuer revoked the card/);
    assert.equal(await page.locator('.code svg').count(), 0);
    await page.getByRole('button', { name: 'Show it all the same' }).click();
    await page.locator('.code-below .state', { hasText: 'Revoked' }).waitFor();
    const [read = ''] = await codesOn(page);
    assert.deepEqual((await decided(read)).codes, ['REVOKED']);
  });

  test('of a pass that a newer one replaces leads to the newer', async () => {
    const newer = passUri(passOf(NORA, { nbf: NOW - 60, rid: 'rid-9' }));
    const page = await start(NORAS_PASS, newer);
    await page
      .locator('.pass', { hasText: 'Replaced by a newer one' })
      .getByRole('button', { name: 'Show code' })
      .click();
    await page.getByRole('button', { name: 'Show the newer one' }).click();
    await page.locator('.code svg').waitFor();
    assert.deepEqual(await codesOn(page), [newer]);
  });

  test('there is none of a verifiable credential: it says to scan the venue’s', async () => {
    const page = await start(mintVc(LISTED, pass({ nbf: NOW - 60, exp: NOW + 9999, rid: 'AAAAAQ' })));
    await page.getByRole('button', { name: 'Show code' }).click();
    await page.getByText('This one has no code of its own').waitFor();
    await page.getByRole('button', { name: 'Scan the venue’s code' }).click();
    await page.locator('h1', { hasText: 'Scan a code' }).waitFor();
  });
});
