import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf, codeOf } from '../venue.ts';
import { writeFilm } from '../scanner/camera-film.ts';
import { printedCard } from '../scanner/lifelike.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { chunksOf, holding, NORAS_PLUS, THEO } from './purse.ts';

const BLANK = { picture: { width: 1, height: 1, at: () => 0 }, frames: 5 };

describe('the wallet’s camera', { skip: withoutChromium }, () => {
  let folder: string;
  let film: string;
  let household: Household;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-film-'));
    film = join(folder, 'film.y4m');
    await writeFilm(film, [BLANK]);
    household = await openHousehold({ fill: holding([]), film });
  });
  after(async () => {
    await household.close();
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(household.complaints, []);
  });

  async function openCamera(): Promise<Page> {
    const { page } = household;
    await household.anew(holding([]));
    await openWallet(page);
    await page.locator('.empty').getByRole('button', { name: 'Scan a code' }).click();
    await page.locator('.scan').waitFor();
    return page;
  }

  test('reads a printed card, verifies and keeps it, and goes out', async () => {
    const drawing = await household.browser.context.newPage();
    await writeFilm(film, [{ picture: await printedCard(drawing, NORAS_PLUS, 'Nora Nobody'), frames: 10 }]);
    await drawing.close();
    const page = await openCamera();
    await page.locator('[data-added=kept]').waitFor();
    assert.match(await page.locator('.added').innerText(), /Kept, for .Nora Nobody/);
    assert.equal(await page.locator('video').count(), 0);
  });

  test('collects the chunks of a card, and says how many there are', async () => {
    const [one = '', two = '', three = ''] = chunksOf(cardOf(THEO), 250, 500);
    await writeFilm(
      film,
      [one, three, three, two].map((text) => ({ picture: codeOf(text, 5), frames: 15 })),
    );
    const page = await openCamera();
    await page.locator('.hint', { hasText: 'Part 2 of 3. Now show the next code.' }).waitFor();
    await page.locator('[data-added=kept]').waitFor();
    assert.match(await page.locator('.added').innerText(), /Kept, for .Theo Nobody/);
  });

  test('keeps nothing of two people’s cards at once, and stops when its screen is left', async () => {
    const [nora, theo] = [codeOf(NORAS_PLUS, 2), codeOf('https://restaurant.example/menu', 4)];
    const picture = {
      width: nora.width + theo.width + 40,
      height: Math.max(nora.height, theo.height),
      at: (x: number, y: number) => {
        if (x < nora.width) return y < nora.height ? nora.at(x, y) : 235;
        const left = x - nora.width - 40;
        return left >= 0 && y < theo.height ? theo.at(left, y) : 235;
      },
    };
    await writeFilm(film, [{ picture, frames: 10 }]);
    const page = await openCamera();
    await page.locator('.hint', { hasText: 'Show one code at a time' }).waitFor();
    const track = await page.evaluateHandle(
      () => (document.querySelector('video')?.srcObject as MediaStream | null)?.getVideoTracks()[0],
    );
    await page.locator('.way-back').click();
    await page.locator('.empty').waitFor();
    assert.equal(await track.evaluate((one) => one?.readyState), 'ended');
  });
});

test('without a camera says so, and leads to a picture', { skip: withoutChromium }, async () => {
  const household = await openHousehold({ fill: holding([]) });
  try {
    const { page } = household;
    await openWallet(page);
    await page.locator('.empty').getByRole('button', { name: 'Scan a code' }).click();
    await page.locator('.hint', { hasText: 'There is no camera here' }).waitFor();
    await page.locator('.scanning').getByText('Choose a picture or file').waitFor();
    assert.deepEqual(household.complaints, []);
  } finally {
    await household.close();
  }
});
