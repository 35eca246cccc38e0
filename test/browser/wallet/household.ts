import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { builtPage } from '../../../cli/built-page.ts';
import { serveWallet } from '../../../verifier/node/http/wallet-app.ts';
import type { NamedIssuer } from '../../../verifier/node/http/wallet-endpoint.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { createVault } from '../../../wallet/vault/vault.ts';
import { openChromium } from '../../support/chromium.ts';
import type { FreshBrowser } from '../../support/chromium.ts';
import { memoryStore, testPorts } from '../../wallet/vault/memory-store.ts';
import { serveVenue } from '../served-venue.ts';
import type { Knowledge } from '../venue.ts';
import { complaintsOf, until } from '../watched-page.ts';

export const PIN = '274915';

/** A wallet's page in a browser of its own, with the server that it came from. */
export interface Household {
  readonly page: Page;
  readonly url: string;
  readonly browser: FreshBrowser;
  /** Whatever the page complained of: errors, breaches of its policy, dialogs. */
  readonly complaints: readonly string[];
  /** Have the server know something else from now on. */
  readonly know: (knowledge: Knowledge) => void;
  readonly stopServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  /** Begin anew: a wallet with `PIN`, holding what `fill` puts into it; without one nothing but trust data. */
  readonly anew: (fill?: (vault: OpenVault) => Promise<void>) => Promise<void>;
  /** The same in another language. */
  readonly inLanguage: (tag: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a household begins with. */
export interface HouseholdOptions {
  readonly knowledge?: Knowledge;
  readonly language?: string;
  /** Have a wallet with `PIN` there, holding what this puts into it; without it there is none. */
  readonly fill?: (vault: OpenVault) => Promise<void>;
  /** Services that the wallet's server names. */
  readonly issuers?: readonly NamedIssuer[];
  /** Names besides localhost that lead to this machine, and the home folder of a browser that trusts them. */
  readonly others?: { readonly hosts: readonly string[]; readonly home: string };
  /** Of the browser's window; a telephone's by default. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The path of a film (YUV4MPEG2) that its camera sees again and again; without one there is no camera. */
  readonly film?: string;
  /** How many dots of the screen make a pixel. */
  readonly dots?: number;
  /** Folder of the built page, instead of that of this checkout. */
  readonly pages?: string;
}

/** Open a household, and wait until its page is kept and holds trust data. */
export async function openHousehold({
  knowledge,
  language = 'en',
  fill,
  issuers = [],
  others,
  viewport = { width: 390, height: 844 },
  film,
  dots = 1,
  pages: given,
}: HouseholdOptions = {}): Promise<Household> {
  const pages = given ?? (await builtPage('wallet'));
  assert.ok(pages, 'the wallet page can be built');
  const node = await serveVenue(pages, knowledge, { hosts: ['localhost'] }, async (venue, options) =>
    serveWallet(venue, { ...options, issuers }),
  );
  // Passkeys are for names and not for addresses.
  const url = `http://localhost:${node.port}`;
  const browser = await openChromium({
    hosts: ['localhost', ...(others?.hosts ?? [])],
    dots,
    ...(film === undefined ? {} : { film }),
    ...(others === undefined ? {} : { home: others.home }),
  });
  const page = await browser.context.newPage();
  await page.setViewportSize(viewport);
  const complaints = await complaintsOf(page);
  await page.route('**/empty', async (route) =>
    route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' }),
  );
  const settle = async (settings: object): Promise<void> =>
    page.evaluate((kept) => {
      const name = 'pratique-wallet-settings';
      const before = JSON.parse(localStorage.getItem(name) ?? '{}') as object;
      localStorage.setItem(name, JSON.stringify({ ...before, ...kept }));
    }, settings);
  const anew: Household['anew'] = async (filled) => {
    // At the same site, and no page of the wallet's: nothing else has the storage open.
    await page.goto(`${url}/empty`);
    await eraseStorage(page);
    if (filled !== undefined) await seed(page, filled);
    await settle({ language });
    await page.goto(url);
    await page.locator('h1').waitFor();
  };
  await anew(fill);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await until(async () => holdsTrust(page));
  return {
    page,
    url,
    browser,
    complaints,
    know: node.know,
    stopServer: node.stop,
    startServer: node.start,
    anew,
    inLanguage: async (tag) => {
      await settle({ language: tag });
      await page.reload();
      await page.locator('h1').waitFor();
    },
    close: async () => {
      await browser.close();
      await node.stop();
    },
  };
}

/** Open the wallet that is on the page, or make one. */
export async function openWallet(page: Page, pin = PIN): Promise<void> {
  await page.locator('input[name=pin], .make').first().waitFor();
  const make = page.locator('.make');
  if (await make.isVisible()) {
    await make.click();
    await page.locator('input[name=again]').fill(pin);
  }
  await page.locator('input[name=pin]').fill(pin);
  await page.locator('form button[type=submit]').click();
  await page.locator('.way-lock').waitFor();
}

/** Lock it by its button. */
export async function lockWallet(page: Page): Promise<void> {
  await page.locator('.way-lock').click();
  await page.locator('input[name=pin]').waitFor();
}

/**
 * Put a wallet there that was made at a low cost of its PIN, which its header tells whoever opens it: half a second for
 * every opening is not what these tests are about.
 */
async function seed(page: Page, fill: (vault: OpenVault) => Promise<void>): Promise<void> {
  const store = memoryStore();
  const vault = await createVault({ ...testPorts(store), clock: () => Date.now() / 1000 }, PIN);
  await fill(vault);
  const stored = [...store.stored].map(([name, bytes]) => [name, [...bytes]] as const);
  await page.evaluate(async (records) => {
    const opening = indexedDB.open('pratique-wallet', 1);
    opening.addEventListener('upgradeneeded', () => void opening.result.createObjectStore('vault'));
    await new Promise((done) => {
      opening.addEventListener('success', done);
    });
    const transaction = opening.result.transaction('vault', 'readwrite');
    for (const [name, bytes] of records) {
      transaction.objectStore('vault').put(new Uint8Array(bytes), name);
    }
    await new Promise((done) => {
      transaction.addEventListener('complete', done);
    });
    opening.result.close();
  }, stored);
}

/** Everything but the trust data, which takes a while to come. */
async function eraseStorage(page: Page): Promise<void> {
  await page.evaluate(async () => {
    localStorage.clear();
    sessionStorage.clear();
    const erasing = indexedDB.deleteDatabase('pratique-wallet');
    await new Promise((done) => {
      erasing.addEventListener('success', done);
    });
  });
}

async function holdsTrust(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const name = 'pratique-wallet-trust';
    if (!(await indexedDB.databases()).some((one) => one.name === name)) return false;
    const opening = indexedDB.open(name);
    await new Promise((done) => {
      opening.addEventListener('success', done);
    });
    const database = opening.result;
    try {
      if (!database.objectStoreNames.contains('trust')) return false;
      const asking = database.transaction('trust').objectStore('trust').get('answers');
      await new Promise((done) => {
        asking.addEventListener('success', done);
      });
      return asking.result !== undefined;
    } finally {
      database.close();
    }
  });
}
