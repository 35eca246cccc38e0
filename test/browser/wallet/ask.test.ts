import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import { openLocalCa } from '../../../verifier/node/tls/local-ca.ts';
import { prepareHome, withoutCertutil, withoutChromium } from '../../support/chromium.ts';
import { addBound, ARENA, askingNode, BAR, NOBODY, VENUE_LOG } from './asking-venue.ts';
import type { AskingNode } from './asking-venue.ts';
import { violationsOn } from './violations.ts';
import { until } from '../watched-page.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';

const NORA = { given: 'Nora', family: 'Green' };
const EVE = { given: 'Eve', family: 'Late' };
const VENUE_NAME = 'venue-pc.local';

/** Give the wallet the text of a question's code, as a paste. */
async function give(page: Page, text: string): Promise<void> {
  await page.locator('.menu button').nth(2).click();
  await page.locator('textarea').fill(text);
  await page.locator('.add-text button[type=submit]').click();
  await page.locator('.ask .step-heading').waitFor();
}

/** The text of the code on the screen, read as a camera would. */
async function codeOn(page: Page): Promise<string> {
  const [text = ''] = await readPicture(await page.locator('.code-frame').screenshot());
  return text;
}

const button = (page: Page, name: string | RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('button', { name });

describe('knowing who asks', { skip: withoutChromium || withoutCertutil }, () => {
  let household: Household;
  let folder: string;
  let arena: AskingNode;
  let secure: AskingNode;
  let bar: AskingNode;
  let stranger: AskingNode;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-ask-'));
    const machine = { hostname: 'venue-pc', addresses: ['192.168.1.20'] };
    const { server } = await openLocalCa(folder, machine, Date.now() / 1000);
    const home = join(folder, 'home');
    await prepareHome(home, join(folder, 'ca.pem'));
    arena = await askingNode(ARENA);
    secure = await askingNode(ARENA, { name: VENUE_NAME, served: { tls: server, hosts: [VENUE_NAME] } });
    bar = await askingNode(BAR);
    stranger = await askingNode(NOBODY, { purpose: '<img src=x onerror=alert(1)> Show it now' });
    household = await openHousehold({
      knowledge: { logs: VENUE_LOG },
      fill: async (vault) => addBound(vault, [NORA]),
      others: { hosts: [VENUE_NAME], home },
    });
  });
  after(async () => {
    await household.close();
    for (const node of [arena, secure, bar, stranger]) await node.stop();
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(household.complaints, []);
  });

  /** A wallet with those people's Passes, open. */
  async function walletOf(people = [NORA], bound = true): Promise<Page> {
    await household.anew(async (vault) => addBound(vault, people, { bound }));
    await openWallet(household.page);
    return household.page;
  }

  test('a registered venue is known by its name; nothing is shown before it is agreed to, and its node takes the code once', async () => {
    const page = await walletOf();
    const { request, codes } = await arena.ask();
    await give(page, request);
    assert.equal(await page.locator('.asker-name').innerText(), 'Arena of Nowhere');
    assert.match(await page.locator('.tone-good').innerText(), /Known\s+Registered by State of Nowhere\./);
    assert.equal(await page.locator('.purpose').innerText(), 'Entry to the concert');
    const sees = await page.locator('.facts').innerText();
    for (const said of ['Nora Green', 'February 29, 1980', 'Vaccination Pass', 'ACCEPTED']) {
      assert.ok(sees.includes(said), `${said} in ${sees}`);
    }
    assert.match(await page.locator('[role=timer]').innerText(), /ends in [45]:\d\d/);
    assert.equal(await codes(), 'open');

    await button(page, 'Show it').click();
    await page.locator('.code-frame').waitFor();
    const code = await codeOn(page);
    assert.match(code, /^pratique-answer:\/\d+$/);
    assert.deepEqual(await arena.judge(code), ['VALID']);
    assert.deepEqual(await codes(), ['VALID']);
    assert.deepEqual(await arena.judge(code), ['HOLDER_NOT_PROVEN'], 'twice');
    assert.deepEqual(await bar.judge(code), ['HOLDER_NOT_PROVEN'], 'at another venue');

    await button(page, 'Done').click();
    await give(page, request);
    assert.match(await page.locator('.tone').innerText(), /You have answered this already/);
  });

  test('over TLS it is sent where the screen said, and the venue has it', async () => {
    const page = await walletOf();
    const { request, codes } = await secure.ask();
    await give(page, request);
    await button(page, /^Send it to venue-pc\.local:/).click();
    await page.locator('.tone-good', { hasText: 'has taken your answer' }).waitFor();
    assert.deepEqual(await codes(), ['VALID']);
    const asked = household.browser.requested.filter((address) => address.includes('/presentations'));
    assert.equal(asked.length, 1);
  });

  test('a finger that presses twice sends once', async () => {
    const page = await walletOf();
    const { request, codes } = await secure.ask();
    await give(page, request);
    const known = household.browser.requested.length;
    await button(page, /^Send it/).dblclick();
    await page.locator('.tone-good', { hasText: 'has taken your answer' }).waitFor();
    assert.deepEqual(await codes(), ['VALID']);
    const asked = household.browser.requested.slice(known);
    assert.equal(asked.filter((address) => address.includes('/presentations')).length, 1);
  });

  test('what cannot be sent is shown as a code instead', async () => {
    const page = await walletOf();
    const { request, codes } = await secure.ask();
    await give(page, request);
    await page.route('**/presentations', async (route) => route.abort());
    await button(page, /^Send it/).click();
    await page.locator('.tone-warn').waitFor();
    assert.match(await page.locator('.tone-warn').innerText(), /could not be reached/);
    await page.unroute('**/presentations');
    await button(page, 'Show the code instead').click();
    await page.locator('.code-frame').waitFor();
    assert.match(await codeOn(page), /^pratique-answer:/);
    assert.equal(await codes(), 'open');
  });

  test('of whoever is not registered it is said in red, “No” comes first, and their words stay words', async () => {
    const page = await walletOf();
    await give(page, (await stranger.ask()).request);
    assert.match(await page.locator('.tone-bad').innerText(), /Unknown: it may be anybody/);
    assert.equal(await page.locator('.choices .big').first().innerText(), 'No');
    assert.equal(await page.locator('.purpose').innerText(), '<img src=x onerror=alert(1)> Show it now');
    await button(page, 'No').click();
    await page.locator('.menu').waitFor();
    assert.equal(await page.locator('.ask').count(), 0);
  });

  test('a disowned venue gets nothing before somebody was warned twice', async () => {
    const page = await walletOf();
    await give(page, (await bar.ask()).request);
    assert.match(await page.locator('.tone-bad').innerText(), /^Disowned(?!.*Registered by)/s);
    assert.equal(await page.locator('.asker-name').innerText(), 'Bar <b> evil');
    await button(page, /all the same/).click();
    assert.match(await page.locator('.tone-bad').last().innerText(), /Show your pass to a disowned venue\?/);
    assert.equal(await page.locator('.code-frame').count(), 0);
    await button(page, 'Yes, I want to show it').click();
    assert.deepEqual(await bar.judge(await codeOn(page)), ['VALID']);
  });

  test('of several people nobody is chosen beforehand', async () => {
    const page = await walletOf([NORA, EVE]);
    const { request } = await arena.ask();
    await give(page, request);
    assert.equal(await page.locator('input[name=offer]:checked').count(), 0);
    await button(page, 'Show it').click();
    assert.equal(await page.locator('.told').innerText(), 'Choose a pass first.');
    assert.equal(await page.locator('.code-frame').count(), 0);
    await page.locator('.choice', { hasText: 'Eve Late' }).locator('input').check();
    assert.match(await page.locator('.facts').innerText(), /Eve Late/);
    await button(page, 'Show it').click();
    assert.deepEqual(await arena.judge(await codeOn(page)), ['VALID']);
  });

  test('what is bound to nobody cannot answer; its own code can be shown', async () => {
    const page = await walletOf([NORA], false);
    await give(page, (await arena.ask()).request);
    assert.match(await page.locator('.step-heading').innerText(), /No pass here can answer this/);
    await page.locator('.choices .big', { hasText: 'Nora Green' }).click();
    await page.locator('.code-picture').waitFor();
  });

  test('forged, expired, and questions of another kind are refused, each in words', async () => {
    const page = await walletOf();
    const { request } = await arena.ask();
    const late = await askingNode(ARENA, { behind: 400 });
    const cases = [
      [`${request.slice(0, -4)}${request.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`, /forged/],
      [(await late.ask()).request, /is over/],
      ['openid4vp://?client_id=x&request_uri=https%3A%2F%2Fevil.example', /does not answer such questions/],
      ['openid4vp://?client_id=x&request=y', /cannot be read/],
    ] as const;
    await late.stop();
    for (const [text, words] of cases) {
      await give(page, text);
      assert.match(await page.locator('.tone').innerText(), words);
      assert.ok((await page.locator('.tone p').innerText()).length > 30, 'what to do now');
    }
    assert.ok(!household.browser.requested.some((address) => address.includes('evil.example')));
  });

  test('what was answered is kept: to whom, when, what kind, why and how; and forgotten when somebody says so twice', async () => {
    const page = await walletOf();
    await give(page, (await arena.ask()).request);
    await button(page, 'Show it').click();
    await page.locator('.code-frame').waitFor();
    await button(page, 'Done').click();
    await page.locator('.menu button').nth(3).click();
    await button(page, 'What I showed').click();
    const receipt = await page.locator('.receipt').innerText();
    for (const said of [
      'Arena of Nowhere',
      'State of Nowhere',
      'Vaccination Pass',
      'shown as a code',
      'Entry to the concert',
    ]) {
      assert.ok(receipt.includes(said), `${said} in ${receipt}`);
    }
    assert.ok(!receipt.includes('Nora') && !receipt.includes('1980'));
    await button(page, 'Forget all of this').click();
    await button(page, 'Yes, forget it').click();
    await page.locator('.empty').waitFor();
  });

  for (const scheme of ['light', 'dark'] as const) {
    for (const language of ['en', 'zh-Hant', 'es'] as const) {
      test(`axe-core finds nothing, and nothing is too wide: ${language}, ${scheme}`, async () => {
        const page = await walletOf([NORA, EVE]);
        await page.emulateMedia({ colorScheme: scheme });
        await household.inLanguage(language);
        await openWallet(page);
        for (const node of [arena, bar, stranger]) {
          await give(page, (await node.ask()).request);
          assert.deepEqual(await violationsOn(page), []);
        }
        await page.locator('.choice input').first().check();
        await page.locator('.choices .big').nth(1).click();
        await page.locator('.code-frame').waitFor();
        assert.deepEqual(await violationsOn(page), []);
        await give(page, 'openid4vp://?client_id=x&request=y');
        assert.deepEqual(await violationsOn(page), []);
      });
    }
  }

  test('everything is done by the keyboard, from the question to the code', async () => {
    const page = await walletOf();
    await give(page, (await arena.ask()).request);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Why');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Show it');
    await page.keyboard.press('Enter');
    await page.locator('.code-frame').waitFor();
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /Hold this code/);
  });
});

describe('a wallet whose trust data is tied to no chain', { skip: withoutChromium }, () => {
  let household: Household;
  let arena: AskingNode;
  before(async () => {
    arena = await askingNode(ARENA);
    household = await openHousehold({
      knowledge: { logs: VENUE_LOG, anchored: false },
      fill: async (vault) => addBound(vault, [NORA]),
    });
  });
  after(async () => {
    await household.close();
    await arena.stop();
    assert.deepEqual(household.complaints, []);
  });

  test('says that nobody could check who asks; the answer is signed anew while it is shown, and ends with its question', async () => {
    const { page } = household;
    await page.clock.install();
    await household.inLanguage('en');
    await openWallet(page);
    await give(page, (await arena.ask()).request);
    assert.match(await page.locator('.asker .tone-warn').innerText(), /Could not be checked/);
    assert.equal(await page.locator('.choices .big').first().innerText(), 'No');
    await button(page, 'Show it').click();
    await page.locator('.code-frame').waitFor();
    const first = await codeOn(page);
    await page.clock.fastForward(30_000);
    assert.equal(await codeOn(page), first);
    await page.clock.fastForward(25_000);
    await until(async () => (await codeOn(page)) !== first);
    assert.equal((await codeOn(page)).length, first.length);
    // Somebody holds the telephone: it does not lock.
    for (let turn = 0; turn < 5; turn++) {
      await page.mouse.down();
      await page.mouse.up();
      await page.clock.fastForward(60_000);
    }
    await page.locator('.tone', { hasText: 'This question is over' }).waitFor();
  });
});
