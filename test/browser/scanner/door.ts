import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { builtPage } from '../../../cli/built-page.ts';
import type { HolderRequests } from '../../../verifier/node/holder-requests.ts';
import { openChromium } from '../../support/chromium.ts';
import type { FreshBrowser } from '../../support/chromium.ts';
import { serveVenue } from '../served-venue.ts';
import type { ServedVenue } from '../served-venue.ts';
import type { Knowledge } from '../venue.ts';
import { complaintsOf } from '../watched-page.ts';
import { writeFilm } from './camera-film.ts';
import type { Scene } from './camera-film.ts';

export {
  cardCode,
  cardOf,
  codeOf,
  EVENTS,
  EXPORTER,
  LISTED,
  LOG,
  NOW,
  STRANGER,
  UNLISTED,
  venueOf,
} from '../venue.ts';
export type { Knowledge } from '../venue.ts';
export { paste, until } from '../watched-page.ts';

/** A scanner before a node of its own, in a browser of its own. */
export interface Door {
  readonly page: Page;
  readonly url: string;
  readonly browser: FreshBrowser;
  readonly node: ServedVenue;
  /** Whatever the page complained of: errors, breaches of its policy, dialogs. */
  readonly complaints: readonly string[];
  /** Have the node know something else from now on. */
  readonly know: (knowledge: Knowledge) => void;
  /** Give the camera another film, from the next time that it is opened. */
  readonly refilm: (scenes: readonly Scene[]) => Promise<void>;
  readonly stopNode: () => Promise<void>;
  readonly startNode: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Open a door, with a film for its camera, and wait until the page is kept and holds trust data. */
export async function openDoor({
  film,
  rate = 10,
  knowledge,
  language = 'en',
  pages: given,
  secure,
  dots = 1,
  requests,
  beside,
}: {
  readonly film?: readonly Scene[];
  /** Frames a second. */
  readonly rate?: number;
  readonly knowledge?: Knowledge;
  readonly language?: string;
  /** A name for the node, its certificate, and a home folder of a browser that trusts it. */
  readonly secure?: {
    readonly name: string;
    readonly certificate: { readonly key: string; readonly cert: string };
    readonly home: string;
  };
  /** What the node asks holders. */
  readonly requests?: HolderRequests;
  /** Folder of the built pages, instead of those of this checkout. */
  readonly pages?: string;
  /** How many dots of the screen make a pixel. */
  readonly dots?: number;
  /** A door whose node this device asks too, instead of one of its own. */
  readonly beside?: Door;
} = {}): Promise<Door> {
  const pages = given ?? (await builtPage('scanner'));
  assert.ok(pages, 'the scanner page can be built');
  const folder = await mkdtemp(join(tmpdir(), 'pratique-door-'));
  const path = join(folder, 'film.y4m');
  if (film !== undefined) await writeFilm(path, film, { rate });
  const node =
    beside?.node ??
    (await serveVenue(
      pages,
      knowledge,
      secure === undefined ? { requests } : { requests, tls: secure.certificate, hosts: [secure.name] },
    ));
  const url = secure === undefined ? node.url : `https://${secure.name}:${node.port}`;
  const browser = await openChromium({
    dots,
    ...(film === undefined ? {} : { film: path }),
    ...(secure === undefined ? {} : { home: secure.home, hosts: [secure.name] }),
  });
  const page = await browser.context.newPage();
  const complaints = await complaintsOf(page);
  await page.addInitScript((tag) => {
    if (localStorage.getItem('pratique-scanner-settings') === null) {
      localStorage.setItem('pratique-scanner-settings', JSON.stringify({ language: tag, introduced: true }));
    }
  }, language);
  await page.goto(url);
  await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return {
    page,
    url,
    browser,
    node,
    complaints,
    know: node.know,
    refilm: async (scenes) => writeFilm(path, scenes, { rate }),
    stopNode: node.stop,
    startNode: node.start,
    close: async () => {
      await browser.close();
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Type a card as a hand scanner does: into the page, without a field. */
export async function wedge(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** What a verdict on the screen says. */
export interface Seen {
  readonly kind: string;
  readonly word: string;
  readonly name: string | undefined;
  readonly reason: string | undefined;
}

/** The verdict on the screen, once there is one. */
export async function verdictOn(page: Page, kind = ''): Promise<Seen> {
  const verdict = page.locator(`.verdict${kind === '' ? '' : `-${kind}`}`);
  await verdict.waitFor();
  return verdict.evaluate((shown: HTMLElement) => ({
    kind: shown.dataset['kind'] ?? '',
    word: shown.querySelector('h1')?.textContent ?? '',
    name: shown.querySelector('.subject-name')?.textContent ?? undefined,
    reason: shown.querySelector('.reason')?.textContent ?? undefined,
  }));
}

/** Press the big button, whatever it says. */
export async function pressBig(page: Page): Promise<void> {
  await page.locator('.actions .big').first().click();
}

/** Scan by the camera, one result after the other, until those have come. */
export async function scanUntil(
  page: Page,
  isEnough: (seen: readonly Seen[]) => boolean,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  await pressBig(page);
  while (!isEnough(seen)) {
    seen.push(await verdictOn(page));
    // The next may stand there before anyone could see that this one went; and a green one may go by itself.
    const shown = await page.locator('.verdict').elementHandle();
    await page.evaluate(() => document.querySelector<HTMLElement>('.actions .primary')?.click());
    await shown.waitForElementState('hidden');
  }
  return seen;
}
