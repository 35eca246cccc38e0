import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { trustedKey } from '../../support/cards.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { SHIPPED } from '../../support/rules.ts';
import { CHAIN } from '../../verifier/registry-events.ts';
import {
  cardOf,
  codeOf,
  EXPORTER,
  LISTED,
  NOW,
  openDoor,
  paste,
  pressBig,
  until,
  verdictOn,
} from './door.ts';
import type { Door, Knowledge } from './door.ts';
import { HALL, setUp, setupOf, withoutVenues } from './set-up.ts';

const ONE_DOSE = encodeCardUri(cardOf({ given: 'Nora', family: 'Once' }), 'shc');
const ENTRY = 'Vaccinated or tested (New York)';
const DAY = 86_400;

/** Tied to no chain, so that rule sets count without their jurisdiction's publishing them. */
const KNOWLEDGE: Knowledge = {
  document: {
    source: { kind: 'unanchored', origin: 'somebody' },
    keys: [trustedKey(LISTED, { validFrom: 0, validUntil: 0 })],
    ruleFiles: SHIPPED,
    anchors: [],
    lists: [],
  },
  anchored: false,
  allowUnanchored: true,
};

/** Have the node asked, as a page does that comes back to the network. */
async function askNode(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event('online')));
}

/** Ask the node until its newer word is on the screen: what was being asked before may bring the older one. */
async function bannerSays(page: Page, text: string): Promise<void> {
  await until(async () => {
    await askNode(page);
    return (await page.locator('.banner-problem', { hasText: text }).count()) > 0;
  });
}

describe('a scanner that is set up by one scan', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor({ knowledge: KNOWLEDGE });
  });
  beforeEach(async () => {
    door.know(KNOWLEDGE);
    await withoutVenues(door.page);
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  test('says what a code will do, does it once that is confirmed, and names the venue wherever somebody scans', async () => {
    const { page } = door;
    const code = setupOf({ rules: 'US-NY/ENTRY', languages: ['es', 'zh-Hant'] });
    await paste(page, code);
    const offer = page.locator('dialog[open]');
    assert.match(await offer.innerText(), /Harbour Hall/);
    assert.match(await offer.innerText(), /Vaccinated or tested \(New York\)/);
    assert.match(await offer.innerText(), /Español, 繁體中文/);
    assert.match(await offer.innerText(), /No PIN/);
    await offer.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await page.locator('.venue').count(), 0);

    await setUp(page, code);
    assert.equal(await page.locator('.idle .venue').innerText(), 'Harbour Hall');
    assert.match(await page.locator('.actions .primary').innerText(), /Harbour Hall · Vaccinated or tested/);
    await page.locator('.mode', { hasText: 'Your venue has set these rules.' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Change' }).count(), 0);
    await paste(page, ONE_DOSE);
    await verdictOn(page, 'rejected');
    assert.match(
      await page.locator('.verdict').innerText(),
      new RegExp(`Harbour Hall · ${ENTRY.slice(0, 20)}`),
    );
    await pressBig(page);

    // The same once more is the same venue.
    await setUp(page, code);
    await page.reload();
    await page.locator('.idle .venue', { hasText: 'Harbour Hall' }).waitFor();
    const kept = await page.evaluate(() => localStorage.getItem('pratique-scanner-venues') ?? '');
    assert.deepEqual(JSON.parse(kept), { codes: [code], active: code });
    await page.locator('.gear').click();
    const tags = await page
      .locator('dialog select')
      .first()
      .locator('option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    assert.deepEqual(tags.slice(0, 3), ['es', 'zh-Hant', 'en']);
  });

  test('speaks the venue’s language where nobody chose another', async () => {
    const { page } = door;
    await page.evaluate(() => {
      localStorage.setItem('pratique-scanner-settings', JSON.stringify({ introduced: true }));
    });
    await page.reload();
    await setUp(page, setupOf({ languages: ['es', 'zh-Hant'] }));
    await page
      .locator('.idle', { hasText: 'Cómo' })
      .or(page.locator('.idle', { hasText: 'Apunte' }))
      .waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'es');
  });

  const stranger = oneTimeExporterKey();
  const refusals: Readonly<Record<string, readonly [string, Partial<Knowledge>?]>> = {
    SETUP_MALFORMED: ['pratique-setup:/0000'],
    SETUP_FORGED: [setupOf({}, { key: stranger, kid: EXPORTER.kid })],
    SETUP_OF_ANOTHER_NODE: [setupOf({}, { key: stranger })],
    SETUP_NOT_YET: [setupOf({ iat: NOW + 3600 })],
    SETUP_EXPIRED: [setupOf({ iat: NOW - DAY, takeUntil: NOW - 60 })],
    SETUP_ENDED: [setupOf({ iat: NOW - 2 * DAY, takeUntil: NOW - DAY, exp: NOW - 60 })],
    SETUP_WITHDRAWN: [setupOf(), { withdrawn: [HALL.id] }],
    SETUP_RULES_CONTRADICT: [setupOf({ rules: 'US-NY/EVENT-72H' }), { rules: 'US-NY/ENTRY' }],
  };
  for (const [fault, [code, knowledge]] of Object.entries(refusals)) {
    test(`does not take a code that is ${fault}, says why, and shows no green`, async () => {
      const { page } = door;
      door.know({ ...KNOWLEDGE, ...knowledge });
      await until(async () => {
        await askNode(page);
        await paste(page, code);
        // Until the node’s newer word has come, a good code is offered.
        const offer = page.locator('dialog[open]');
        const shown = page.locator('.verdict', { hasText: fault });
        await offer.or(shown).first().waitFor();
        if ((await offer.count()) === 0) return true;
        await page.keyboard.press('Escape');
        return false;
      });
      const { kind, word, reason } = await verdictOn(page);
      assert.equal(kind, fault === 'SETUP_MALFORMED' ? 'unreadable' : 'undetermined');
      assert.equal(word, 'Not set up');
      assert.match(reason ?? '', /\w.{20}/);
      await pressBig(page);
      assert.equal(await page.locator('.venue').count(), 0);
    });
  }

  test('stops at the next sync once its code is withdrawn, and goes on when it is set up anew', async () => {
    const { page } = door;
    await setUp(page, setupOf());
    await paste(page, ONE_DOSE);
    await verdictOn(page, 'accepted');
    await pressBig(page);
    door.know({ ...KNOWLEDGE, withdrawn: [HALL.id] });
    await bannerSays(page, 'has withdrawn this set-up');
    assert.match(await page.locator('.actions .primary').innerText(), /Scan a set-up code/);
    await paste(page, ONE_DOSE);
    assert.equal((await verdictOn(page, 'undetermined')).word, 'Not scanning');
    await pressBig(page);
    // Without the node, and after a start, it is withdrawn all the same.
    await door.stopNode();
    try {
      await page.reload();
      await paste(page, ONE_DOSE);
      assert.equal((await verdictOn(page, 'undetermined')).word, 'Not scanning');
    } finally {
      await door.startNode();
    }
    await setUp(page, setupOf({ id: 'HarbourHall-0002', name: 'Harbour Hall, east' }));
    await paste(page, ONE_DOSE);
    await verdictOn(page, 'accepted');
  });

  test('goes on without its node, until the set-up’s own end', async () => {
    const { page } = door;
    const exp = Math.floor(Date.now() / 1000) + 6;
    await setUp(page, setupOf({ takeUntil: exp, exp }));
    await door.stopNode();
    try {
      await page.reload();
      await page.locator('.idle .venue', { hasText: 'Harbour Hall' }).waitFor();
      await until(async () => {
        await paste(page, ONE_DOSE);
        const { kind, reason } = await verdictOn(page);
        if (kind === 'undetermined') assert.match(reason ?? '', /run out/);
        else assert.ok(Date.now() / 1000 < exp + 2);
        await pressBig(page);
        return kind === 'undetermined';
      });
    } finally {
      await door.startNode();
    }
  });

  test('scans for nobody if what the browser keeps of the venue was changed by hand', async () => {
    const { page } = door;
    const code = setupOf({ rules: 'US-NY/ENTRY' });
    await setUp(page, code);
    const changed = setupOf({ rules: 'none' }, { key: stranger, kid: EXPORTER.kid });
    await page.evaluate((text) => {
      localStorage.setItem('pratique-scanner-venues', JSON.stringify({ codes: [text], active: text }));
    }, changed);
    await page.reload();
    await page.locator('.banner-problem', { hasText: 'changed, or somebody else made it' }).waitFor();
    assert.equal(await page.locator('.idle .venue').innerText(), 'Unknown venue');
    await paste(page, ONE_DOSE);
    assert.equal((await verdictOn(page, 'undetermined')).word, 'Not scanning');
  });

  test('holds several venues, and changes or removes one only once that is confirmed', async () => {
    const { page } = door;
    await setUp(page, setupOf());
    await setUp(page, setupOf({ id: 'CityMuseum-00001', name: 'City Museum', rules: 'US-NY/ENTRY' }));
    await page.locator('.idle .venue', { hasText: 'City Museum' }).waitFor();
    const manage = async (): Promise<void> => {
      await page.locator('.gear').click();
      await page.getByRole('button', { name: 'Venues' }).click();
    };
    const dialog = page.locator('dialog[open]');
    await manage();
    await dialog.locator('select').selectOption({ label: 'Harbour Hall' });
    await page.locator('.question', { hasText: 'scan for Harbour Hall?' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await page.locator('.idle .venue').innerText(), 'City Museum');
    await manage();
    await dialog.locator('select').selectOption({ label: 'Harbour Hall' });
    await dialog.getByRole('button', { name: 'Change' }).click();
    await page.locator('.idle .venue', { hasText: 'Harbour Hall' }).waitFor();
    await paste(page, ONE_DOSE);
    await verdictOn(page, 'accepted');
    await pressBig(page);

    await manage();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.locator('.question', { hasText: 'Remove Harbour Hall' }).waitFor();
    await dialog.getByRole('button', { name: 'Remove' }).first().click();
    await page.locator('.idle .venue').waitFor({ state: 'detached' });
    await manage();
    assert.deepEqual(await dialog.locator('option').allInnerTexts(), ['City Museum']);
  });

  test('is set up in every tab at once', async () => {
    const { page, browser, url } = door;
    const other = await browser.context.newPage();
    await other.goto(url);
    await other.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
    await setUp(page, setupOf());
    await other.locator('.idle .venue', { hasText: 'Harbour Hall' }).waitFor();
    await setUp(other, setupOf({ id: 'CityMuseum-00001', name: 'City Museum' }));
    await page.locator('.idle .venue', { hasText: 'City Museum' }).waitFor();
    await other.close();
  });

  test('is set up by a file as by a paste', async () => {
    const { page } = door;
    const buffer = Buffer.from(`${setupOf()}\n`);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'code.txt', mimeType: 'text/plain', buffer });
    await page.locator('dialog[open]', { hasText: 'Harbour Hall' }).waitFor();
  });
});

test('the camera takes a set-up code as it takes a card', { skip: withoutChromium }, async () => {
  const pin = `$argon2id$v=19$m=65536,t=3,p=1$${'A'.repeat(22)}$${'B'.repeat(22)}`;
  const registry = `${CHAIN.chainId}:${CHAIN.registry}`;
  const code = setupOf({ rules: 'US-NY/ENTRY', languages: ['en', 'es', 'zh-Hant'], pin, registry });
  const door = await openDoor({ film: [{ picture: codeOf(code, 5), frames: 15 }] });
  try {
    await pressBig(door.page);
    await door.page.locator('dialog[open]', { hasText: 'are behind a PIN' }).waitFor();
  } finally {
    await door.close();
  }
  assert.deepEqual(door.complaints, []);
});

test(
  'a node that moved to another registry is refused until somebody starts anew with it',
  { skip: withoutChromium },
  async () => {
    const door = await openDoor();
    const { page } = door;
    try {
      await setUp(page, setupOf({ registry: `${CHAIN.chainId}:${CHAIN.registry}` }));
      door.know({ registry: `0x${'cd'.repeat(20)}`, block: 40 });
      await bannerSays(page, 'belongs to another registry');
      await page.locator('.gear').click();
      await page.getByRole('button', { name: 'Start anew with this node' }).click();
      await page.locator('dialog[open]', { hasText: 'A node that lies' }).waitFor();
      await page.locator('dialog[open] .primary').click();
      await page.locator('.banner-facts', { hasText: 'block 40' }).waitFor();
      assert.equal(await page.locator('.banner-problem').count(), 0);
      assert.equal(await page.locator('.venue').count(), 0);
      await paste(page, ONE_DOSE);
      await verdictOn(page, 'accepted');
    } finally {
      await door.close();
    }
    assert.deepEqual(door.complaints, []);
  },
);
