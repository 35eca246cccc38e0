import { SAMPLE_PEOPLE } from '../../../cli/start/sample-people.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { NOW } from '../../browser/venue.ts';
import { paste } from '../../browser/watched-page.ts';
import { addBound, ARENA, askingNode, NOBODY } from '../../browser/wallet/asking-venue.ts';
import { openHousehold, openWallet, PIN } from '../../browser/wallet/household.ts';
import { holding, passOf, passUri } from '../../browser/wallet/purse.ts';
import { startKept } from '../../e2e/kept.ts';
import { DAY } from '../../support/cards.ts';
import { openChromium } from '../../support/chromium.ts';
import { NEW_YORKS, sampleCode } from '../sample.ts';
import { DOTS, PHONE } from '../take.ts';
import type { Studio } from '../take.ts';

/** Every screen of the wallet. */
export async function takeWallet(studio: Studio): Promise<void> {
  await takeKeeping(studio);
  await takePasses(studio);
  await takeAsking(studio);
  await takeRetrieval(studio);
}

const MARISOL = { given: 'Marisol', family: 'Ferreira Soto' };
const IRIS = { given: '怡君', family: '林' };
const OLD = { given: 'Teodoro', family: 'Ferreira' };
const FAMILY = [
  sampleCode(MARISOL),
  passUri(passOf(MARISOL, { birthDate: '1984-06-19' })),
  passUri(passOf(IRIS, { birthDate: '2014-02-08', exp: NOW + 3 * DAY + 60, rid: 'rid-2' })),
  passUri(passOf(OLD, { birthDate: '1951-12-01', rid: 'rid-revoked' })),
];

/** What is kept, one of it, its code, and adding another. */
async function takePasses(studio: Studio): Promise<void> {
  const fill = holding(FAMILY, NEW_YORKS);
  const household = await openHousehold({ knowledge: NEW_YORKS, fill, viewport: PHONE, dots: DOTS });
  const { page } = household;
  const take = async (name: string, fullPage = false): Promise<void> =>
    studio.take(`wallet-${name}`, page, { fullPage });
  const home = async (): Promise<void> => {
    await openWallet(page);
    await page.locator('.home-people').waitFor();
  };
  try {
    await home();
    await take('home');
    await page.getByRole('button', { name: 'Show code' }).nth(1).click();
    await page.getByRole('button', { name: 'Show the Pass' }).waitFor();
    await take('choice');
    await page.getByRole('button', { name: 'Show the Pass' }).click();
    await page.locator('.code svg').waitFor();
    await take('show');
    await page.locator('.way-back').click();
    await page.getByRole('button', { name: 'Details' }).first().click();
    await page.locator('.pass-sheet').waitFor();
    await take('pass', true);
    await page.getByRole('button', { name: 'Would this pass be accepted?' }).click();
    await page.locator('.acceptance-word').waitFor();
    await take('acceptance');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.locator('.add').waitFor();
    await take('add');
    await page.locator('textarea').fill(forged());
    await page.getByRole('button', { name: 'Add this text' }).click();
    await page.getByText('Not kept').waitFor();
    await take('refused');
    for (const [language, name] of [
      ['zh-Hant', 'chinese'],
      ['es', 'spanish'],
    ] as const) {
      await household.inLanguage(language);
      await home();
      await take(`home-${name}`);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await household.inLanguage('en');
    await home();
    await take('dark');
  } finally {
    await household.close();
  }
}

/** A Pass whose signature does not fit. */
function forged(): string {
  const [header, payload, signature = ''] = passOf(MARISOL, { rid: 'rid-3' }).split('.');
  const other = signature.startsWith('A') ? 'B' : 'A';
  return passUri([header, payload, other + signature.slice(1)].join('.'));
}

/** A venue asks, and is answered. */
async function takeAsking(studio: Studio): Promise<void> {
  const fill = async (vault: OpenVault): Promise<void> => addBound(vault, [MARISOL]);
  const household = await openHousehold({ knowledge: NEW_YORKS, fill, viewport: PHONE, dots: DOTS });
  const { page } = household;
  const nodes = [await askingNode(NOBODY, { purpose: 'Age check for the bar' }), await askingNode(ARENA)];
  try {
    await openWallet(page);
    await page.locator('.home-people').waitFor();
    for (const [at, name] of [
      [0, 'ask-unknown'],
      [1, 'ask'],
    ] as const) {
      const { request } = (await nodes[at]?.ask()) ?? { request: '' };
      await paste(page, request);
      await page.getByRole('button', { name: 'No', exact: true }).waitFor();
      await studio.take(`wallet-${name}`, page, { fullPage: true });
      if (name === 'ask') break;
      await page.getByRole('button', { name: 'No', exact: true }).click();
    }
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.locator('.code-frame svg').waitFor();
    await studio.take('wallet-answer', page);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.locator('.to-receipts').click();
    await page.getByText('Arena of Nowhere').waitFor();
    await studio.take('wallet-receipts', page);
  } finally {
    await household.close();
    for (const node of nodes) await node.stop();
  }
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
    await page.locator('.empty').waitFor();
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

/** How passes are had from an issuer, and put on paper: of a whole federation, as `npm start -- --keep` runs it. */
async function takeRetrieval(studio: Studio): Promise<void> {
  const kept = await startKept();
  const browser = await openChromium({ hosts: ['localhost'], dots: DOTS });
  const page = await browser.context.newPage();
  const press = async (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).first().click();
  try {
    await page.setViewportSize(PHONE);
    await page.goto(kept.wallet);
    await page.locator('.make').click();
    await page.locator('input[name=pin]').fill(PIN);
    await page.locator('input[name=again]').fill(PIN);
    await page.locator('form button[type=submit]').click();
    await page.locator('.empty').getByRole('button', { name: 'Get my passes' }).click();
    await press('Next');
    const [{ given, family, birthDate, zip }] = SAMPLE_PEOPLE;
    for (const [name, value] of Object.entries({ given, family, birthDate, zip }))
      await page.locator(`input[name=${name}]`).fill(value);
    await studio.take('wallet-retrieve', page, { fullPage: true });
    await press('Send the code');
    await page.locator('input[name=code]').waitFor();
    await studio.take('wallet-retrieve-code', page, { fullPage: true });
    await page.locator('input[name=code]').fill(await kept.nextCode());
    await press('Get my passes');
    await page.getByRole('heading', { name: 'What came of it' }).waitFor();
    await studio.take('wallet-retrieve-done', page, { fullPage: true });
    await press('To my passes');
    await page
      .locator('.pass', { hasText: 'Vaccination Pass' })
      .getByRole('button', { name: 'Details' })
      .click();
    await press('Print');
    await page.locator('main svg').first().waitFor();
    await studio.take('wallet-print', page, { fullPage: true });
  } finally {
    await browser.close();
    await kept.stop();
  }
}
