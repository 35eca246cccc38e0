import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { encodeDeepLink } from '../../../credential/deep-link.ts';
import { renderQrPng } from '../../../credential/qr.ts';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { SPECIMEN_KIDS } from '../../../verifier/web/parts/specimen.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf, codeOf, NOW, STRANGER } from '../venue.ts';
import { paste, until } from '../watched-page.ts';
import { pngOf } from '../../support/pictures.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { chunksOf, holding, NORA, NORAS_PASS, NORAS_PLUS, passOf, passUri, plusUri, THEO } from './purse.ts';

const PLUS = cardOf(NORA);
const REQUEST = 'openid4vp://?client_id=decentralized_identifier%3Adid%3Ajwk%3Ae30&request=a.b.c';

/** The same card with one letter of its signature another. */
function forged(jws: string): string {
  const at = jws.lastIndexOf('.') + 20;
  return `${jws.slice(0, at)}${jws[at] === 'A' ? 'B' : 'A'}${jws.slice(at + 1)}`;
}

/** A card that says that the key of the published examples signed it. */
function specimen(): string {
  const [, payload = '', signature = ''] = PLUS.split('.');
  const header = { zip: 'DEF', alg: 'ES256', kid: [...SPECIMEN_KIDS][0] };
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.');
}

/** What became of each card: kind, and all that is said of it. */
async function added(page: Page): Promise<readonly (readonly [string, string])[]> {
  await page.locator('.added').waitFor();
  return page
    .locator('.added > li')
    .evaluateAll((items) =>
      items.map((item): [string, string] => [
        item.querySelector<HTMLElement>('[data-added]')?.dataset['added'] ?? '',
        (item as HTMLElement).innerText,
      ]),
    );
}

describe('adding a pass', { skip: withoutChromium }, () => {
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
    await page.locator('.home-people, .empty').waitFor();
    return page;
  }
  const passCount = async (page: Page): Promise<number> => {
    await page.getByRole('button', { name: 'To my passes' }).click();
    await page.locator('.home-people, .empty').waitFor();
    return page.locator('.pass').count();
  };

  const WAYS: readonly (readonly [string, string, RegExp, string])[] = [
    ['the text of a Pass’s code', NORAS_PASS, /^Kept, for .Nora Nobody/, 'kept'],
    ['a JWS', PLUS, /^Kept, for .Nora Nobody/, 'kept'],
    ['what a card file holds', encodeCardFile([PLUS]), /^Kept, for .Nora Nobody/, 'kept'],
    ['a deep link', encodeDeepLink([PLUS], 'https://wallet.example/SMARTHealthCard/'), /^Kept/, 'kept'],
    ['all chunks of a card', chunksOf(PLUS, 250, 500).join('\n'), /^Kept/, 'kept'],
    ['a forged card', plusUri(forged(PLUS)), /altered or forged[^]*Do not use it/, 'refused'],
    [
      'a revoked card',
      plusUri(cardOf(NORA, { rid: 'rid-revoked' })),
      /revoked the card[^]*Ask whoever issued it/,
      'kept',
    ],
    ['an expired Pass', passUri(passOf(NORA, { exp: NOW - 9 })), /expired[^]*Ask whoever issued it/, 'kept'],
    ['a card of an unknown issuer', plusUri(cardOf(THEO, { key: STRANGER })), /unknown issuer/, 'apart'],
    [
      'some of a card’s chunks',
      chunksOf(PLUS, 250, 500).slice(1).join('\n'),
      /Parts of the card are missing/,
      'refused',
    ],
    ['an answer of a wallet', 'pratique-answer:/1234', /answer of a wallet/, 'refused'],
    ['a code that sets scanners up', 'pratique-setup:/1234', /sets up the scanner/, 'refused'],
    [
      'a web address',
      'https://restaurant.example/menu',
      /web address, not a pass. It was not opened/,
      'refused',
    ],
    ['a letter', 'Dear Sir or Madam', /damaged or not made as the standard asks/, 'refused'],
  ];
  for (const [what, text, said, kind] of WAYS) {
    test(`${what}, pasted: ${kind}, and in words`, async () => {
      const page = await start();
      await paste(page, text);
      const [first, ...others] = await added(page);
      assert.deepEqual(others, []);
      assert.equal(first?.[0], kind);
      assert.match(first[1], said);
      assert.equal(await passCount(page), kind === 'refused' ? 0 : 1);
    });
  }

  test('a practice card never looks valid', async () => {
    const page = await start();
    await paste(page, plusUri(specimen()));
    await added(page);
    assert.equal(await page.locator('.pass .state').innerText(), 'Practice card');
    assert.doesNotMatch(await page.locator('body').innerText(), /\bValid\b|Nora/);
  });

  test('of a card of an unknown issuer nothing that it says is shown', async () => {
    const page = await start();
    await paste(page, plusUri(cardOf({ given: 'Ida', family: 'Strange' }, { key: STRANGER })));
    await added(page);
    assert.doesNotMatch(await page.content(), /Strange/);
  });

  test('what is there already is not kept twice, nor added again by coming back', async () => {
    const page = await start(NORAS_PASS);
    await paste(page, NORAS_PASS);
    assert.equal((await added(page))[0]?.[0], 'held');
    await paste(page, NORAS_PLUS);
    await page.locator('[data-added=kept]').waitFor();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.locator('.pass-sheet').waitFor();
    await page.locator('.way-back').click();
    await page.locator('[data-added=kept]').waitFor();
    assert.equal(await passCount(page), 2);
  });

  test('by a field, a file, a picture, a drop and a hand scanner', async () => {
    const page = await start();
    const kept = page.locator('[data-added=kept]');
    const again = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Add another' }).click();
      await page.locator('textarea').waitFor();
    };
    await page.getByRole('button', { name: 'Add a pass' }).click();
    await page.locator('textarea').fill(NORAS_PASS);
    await page.getByRole('button', { name: 'Add this text' }).click();
    await kept.waitFor();
    await again();
    await page.locator('input[type=file]').setInputFiles({
      name: 'nora.smart-health-card',
      mimeType: 'application/smart-health-card',
      buffer: Buffer.from(encodeCardFile([PLUS])),
    });
    await kept.waitFor();
    await again();
    const png = await renderQrPng(cardOf(THEO), 'shc');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'theo.png', mimeType: 'image/png', buffer: Buffer.from(png) });
    await page.getByText(/Kept, for .Theo/).waitFor();
    await again();
    await page.evaluate(
      (text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], 'card.txt', { type: 'text/plain' }));
        document.body.dispatchEvent(
          new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
        );
      },
      plusUri(cardOf({ given: 'Drop', family: 'Ped' })),
    );
    await page.getByText(/Kept, for .Drop/).waitFor();
    await page.locator('h1').focus();
    await page.keyboard.type(plusUri(cardOf({ given: 'Wendy', family: 'Wedge' })));
    await page.keyboard.press('Enter');
    await page.getByText(/Kept, for .Wendy/).waitFor();
    assert.equal(await passCount(page), 5);
  });

  test('a picture without a code says so, and one that is damaged too', async () => {
    const page = await start();
    await page.getByRole('button', { name: 'Add a pass' }).click();
    const empty = pngOf({ width: 40, height: 40, at: () => 200 });
    const damaged = Buffer.from(empty).subarray(0, 50);
    for (const [buffer, said] of [
      [Buffer.from(empty), 'No code was found in it'],
      [damaged, 'It is damaged'],
    ] as const) {
      await page.locator('input[type=file]').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer });
      await page.locator('.added', { hasText: said }).waitFor();
      await page.getByRole('button', { name: 'Add another' }).click();
      await page.locator('textarea').waitFor();
    }
  });

  test('a venue’s question goes to its own screen, pasted or in a picture', async () => {
    const page = await start();
    await paste(page, REQUEST);
    await page.locator('h1', { hasText: 'A venue asks' }).waitFor();
    await page.locator('.way-back').click();
    await page.getByRole('button', { name: 'Add a pass' }).click();
    const buffer = Buffer.from(pngOf(codeOf(REQUEST, 4)));
    await page.locator('input[type=file]').setInputFiles({ name: 'q.png', mimeType: 'image/png', buffer });
    await page.locator('h1', { hasText: 'A venue asks' }).waitFor();
  });

  test('a link that opens the wallet brings its card through the lock, and leaves the address', async () => {
    await start();
    const { page, url } = household;
    await page.goto(
      encodeDeepLink([PLUS], 'https://wallet.example/SMARTHealthCard/').replace(
        'https://wallet.example',
        url,
      ),
    );
    await page.locator('input[name=pin]').waitFor();
    assert.equal(await page.evaluate(() => location.hash), '');
    await openWallet(page);
    assert.equal((await added(page))[0]?.[0], 'kept');
  });

  test('without trust data nothing is kept; once there is some, the same input needs one tap', async () => {
    const { page, url } = household;
    await start();
    await household.stopServer();
    try {
      await page.goto(`${url}/empty`);
      await page.evaluate(async () => {
        const erasing = indexedDB.deleteDatabase('pratique-wallet-trust');
        await new Promise((done) => {
          erasing.addEventListener('success', done);
        });
      });
      await page.goto(url);
      await openWallet(page);
      await page.getByText('There is no data to check passes with yet').waitFor();
      await paste(page, NORAS_PASS);
      const [[kind, said] = ['', '']] = await added(page);
      assert.equal(kind, 'refused');
      assert.match(said, /no trust data here[^]*Connect to the internet, then try again/);
    } finally {
      await household.startServer();
    }
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-added=kept]').waitFor();
    await until(async () => (await page.locator('.pass .state').innerText()) === 'Valid');
    assert.equal(await passCount(page), 1);
  });
});
