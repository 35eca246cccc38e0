import { openHousehold, openWallet } from '../../browser/wallet/household.ts';
import { NEW_YORKS } from '../sample.ts';
import { DOTS, PHONE } from '../take.ts';
import type { Studio } from '../take.ts';

/** Every screen of the wallet. */
export async function takeWallet(studio: Studio): Promise<void> {
  await takeKeeping(studio);
}

/** The first run, the lock, and what else has to do with the wallet itself. */
async function takeKeeping(studio: Studio): Promise<void> {
  const household = await openHousehold({ knowledge: NEW_YORKS, viewport: PHONE, dots: DOTS });
  const { page } = household;
  const take = async (name: string, fullPage = false): Promise<void> =>
    studio.take(`wallet-${name}`, page, { fullPage });
  const more = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.locator(`.to-${name}`).click();
    await page.locator('.way-back').waitFor();
  };
  try {
    await take('first-run');
    await page.locator('.make').click();
    await page.locator('input[name=again]').waitFor();
    await take('choose-pin');
    await household.anew(async () => Promise.resolve());
    await take('unlock');
    await openWallet(page);
    await take('empty');
    await page.getByRole('button', { name: 'More' }).click();
    await take('more');
    for (const name of ['backup', 'settings', 'privacy'] as const) {
      await more(name);
      await take(name, true);
    }
  } finally {
    await household.close();
  }
}
