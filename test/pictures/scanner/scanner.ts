import type { Page } from 'playwright-core';
import { DAY, newKey } from '../../support/cards.ts';
import { openChromium } from '../../support/chromium.ts';
import { SPECIMEN_KIDS } from '../../../verifier/web/parts/specimen.ts';
import { answerOf, askingNode, shownOn } from '../../browser/scanner/asking-guest.ts';
import { openDoor, paste, pressBig, UNLISTED, verdictOn } from '../../browser/scanner/door.ts';
import { phoneScreen, printedCard } from '../../browser/scanner/lifelike.ts';
import { NOW } from '../../browser/venue.ts';
import { NEW_YORKS, sampleCard, sampleCode } from '../sample.ts';
import { DOTS, PHONE } from '../take.ts';
import type { Studio } from '../take.ts';

const TABLET = { width: 960, height: 600 };
const KIOSK_PIN = '274915';
const ENTRY = { rules: 'US-NY/ENTRY' };
const GREEN = { given: 'Marisol', family: 'Ferreira Soto' };
const CODES = {
  green: sampleCode(GREEN),
  chinese: sampleCode({ given: '淑芬', family: '陳', birthDate: '1971-03-02' }),
  revoked: sampleCode({ given: 'Tomasz', family: 'Wójcik', birthDate: '1990-11-30', rid: 'rid-revoked' }),
  once: sampleCode({ given: 'Nia', family: 'Okafor', birthDate: '1998-04-07', doses: ['2026-11-20'] }),
  forged: sampleCode({ given: 'Nobody', family: 'Knows', key: newKey() }),
  unknown: sampleCode({ given: 'Pauline', family: 'Baptiste', birthDate: '1963-08-22', key: UNLISTED }),
  menu: 'https://restaurant.example/menu',
} as const;

/** Every state of the scanner. */
export async function takeScanner(studio: Studio): Promise<void> {
  await takeScreens(studio);
  await takeAges(studio);
  await takeCamera(studio, 'printed', printedCard);
  await takeCamera(studio, 'phone', phoneScreen);
  await takeKiosk(studio);
  await takeAsking(studio);
}

async function takeScreens(studio: Studio): Promise<void> {
  const door = await openDoor({ knowledge: NEW_YORKS, dots: DOTS });
  const { page } = door;
  const take = async (name: string, fullPage = false): Promise<void> =>
    studio.take(`scanner-${name}`, page, { fullPage });
  try {
    await page.setViewportSize(PHONE);
    await reopen(page, { introduced: false });
    await take('first-run');
    await reopen(page, ENTRY);
    await take('idle');
    await show(page, CODES.green, 'accepted');
    await take('accepted');
    for (const [code, name] of [
      [CODES.revoked, 'rejected'],
      [CODES.once, 'rules-not-met'],
      [CODES.forged, 'unknown-issuer'],
    ] as const) {
      await reopen(page, ENTRY);
      await show(page, code, 'rejected');
      if (name !== 'rejected') await page.locator('summary').click();
      await take(name);
    }
    await reopen(page, ENTRY);
    await show(page, CODES.unknown, 'undetermined');
    await page.locator('summary').click();
    await take('undetermined');
    await reopen(page, ENTRY);
    await show(page, CODES.menu, 'unreadable');
    await take('unreadable');
    await reopen(page, { ...ENTRY, twoStep: true });
    await paste(page, CODES.green);
    await page.getByRole('button', { name: 'Details match' }).waitFor();
    await take('compare');
    await reopen(page, ENTRY);
    await show(page, specimen(), 'specimen');
    await take('specimen');
    await reopen(page, ENTRY);
    await page.getByRole('button', { name: 'Change' }).click();
    await page.locator('dialog select').selectOption({ index: 2 });
    await take('mode');
    await reopen(page, { ...ENTRY, greenSeconds: 3 });
    await page.locator('.gear').click();
    await page.locator('dialog[open]').waitFor();
    await take('settings');
    await page.locator('dialog').evaluate((sheet) => {
      sheet.scrollTo(0, sheet.scrollHeight);
    });
    await take('privacy');
    for (const [language, name] of [
      ['zh-Hant', 'chinese'],
      ['es', 'spanish'],
    ] as const) {
      await reopen(page, { ...ENTRY, language });
      await take(`idle-${name}`);
      await show(page, CODES.chinese, 'accepted');
      await take(`accepted-${name}`);
      await reopen(page, { ...ENTRY, language });
      await show(page, CODES.revoked, 'rejected');
      await take(`rejected-${name}`);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await reopen(page, ENTRY);
    await take('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(TABLET);
    await reopen(page, ENTRY);
    await show(page, CODES.green, 'accepted');
    await take('tablet');
  } finally {
    await door.close();
  }
}

/** How the banner tells that what the page holds is old, each at a door of its own: no page takes older data. */
async function takeAges(studio: Studio): Promise<void> {
  for (const [hours, name] of [
    [0, 'offline'],
    [26, 'ageing'],
    [80, 'stale'],
  ] as const) {
    const knowledge = { ...NEW_YORKS, age: 60 + hours * 3600 };
    const door = await openDoor({ knowledge, dots: DOTS });
    const { page } = door;
    try {
      await page.setViewportSize(PHONE);
      await door.stopNode();
      await reopen(page, ENTRY);
      await page.locator('.reached-no').waitFor();
      await studio.take(`scanner-${name}`, page);
      if (name !== 'stale') continue;
      await show(page, CODES.green, 'undetermined');
      await studio.take('scanner-stale-result', page);
    } finally {
      await door.close();
    }
  }
}

/** The camera, before its first look at what is held there. */
async function takeCamera(studio: Studio, name: string, draw: typeof printedCard): Promise<void> {
  const drawing = await openChromium();
  const picture = await draw(await drawing.context.newPage(), CODES.green, 'Marisol Ferreira Soto');
  await drawing.close();
  const door = await openDoor({ film: [{ picture, frames: 5 }], knowledge: NEW_YORKS, dots: DOTS });
  try {
    const { page } = door;
    await page.setViewportSize(PHONE);
    await page.addInitScript(holdFrames);
    await reopen(page, ENTRY);
    await pressBig(page);
    await page.locator('video').evaluate(async (video: HTMLVideoElement) => {
      if (video.readyState < 2)
        await new Promise((done) => {
          video.addEventListener('loadeddata', done);
        });
    });
    await studio.take(`scanner-camera-${name}`, page);
  } finally {
    await door.close();
  }
}

/** Guests scan by themselves at a tablet that stands there. */
async function takeKiosk(studio: Studio): Promise<void> {
  const blank = { width: 1, height: 1, at: () => 0 };
  const door = await openDoor({ film: [{ picture: blank, frames: 5 }], knowledge: NEW_YORKS, dots: DOTS });
  try {
    const { page } = door;
    await page.setViewportSize(PHONE);
    await reopen(page, ENTRY);
    await page.locator('.gear').click();
    await page.getByRole('button', { name: 'Kiosk mode' }).click();
    await page.getByLabel('Choose a PIN').fill(KIOSK_PIN);
    await page.getByLabel('The PIN once more').fill(KIOSK_PIN);
    await studio.take('scanner-kiosk-set-up', page);
    await page.getByRole('button', { name: 'Start kiosk mode' }).click();
    await page.locator('.scan').waitFor();
    await page.setViewportSize(TABLET);
    await page.reload();
    await page.getByRole('button', { name: 'Touch to start' }).waitFor();
    await studio.take('scanner-kiosk', page);
    await show(page, CODES.green, 'accepted');
    await studio.take('scanner-kiosk-accepted', page);
  } finally {
    await door.close();
  }
}

/** The scanner asks a guest's wallet, and has its answer. */
async function takeAsking(studio: Studio): Promise<void> {
  const { requests } = askingNode();
  const door = await openDoor({ knowledge: NEW_YORKS, requests, dots: DOTS });
  try {
    const { page } = door;
    await page.setViewportSize(PHONE);
    await reopen(page, ENTRY);
    await page.locator('.ask-button').waitFor();
    await studio.take('scanner-ask-ready', page);
    await page.locator('.ask-button').click();
    const asked = await shownOn(page);
    await studio.take('scanner-ask', page);
    await paste(page, (await answerOf(asked)).code);
    await verdictOn(page, 'accepted');
    await studio.take('scanner-ask-answered', page);
  } finally {
    await door.close();
  }
}

/** In the page: nobody looks at frames, so that the camera stays to be seen. */
function holdFrames(): void {
  const post = Reflect.get(Worker.prototype, 'postMessage') as (...given: unknown[]) => void;
  Worker.prototype.postMessage = function postHeld(this: Worker, ...given: unknown[]): void {
    if ((given[0] as { name?: string }).name !== 'frame') Reflect.apply(post, this, given);
  };
}

async function show(page: Page, text: string, kind: string): Promise<void> {
  await paste(page, text);
  await verdictOn(page, kind);
}

async function reopen(page: Page, settings: object): Promise<void> {
  await page.evaluate((changed) => {
    const all = { language: 'en', introduced: true, greenSeconds: 30, ...changed };
    localStorage.setItem('pratique-scanner-settings', JSON.stringify(all));
  }, settings);
  await page.reload();
  await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
}

/** A card under the key of SMART Health Cards' examples. */
function specimen(): string {
  const [, payload = '', signature = ''] = sampleCard({ ...GREEN, exp: NOW + DAY }).split('.');
  const header = { zip: 'DEF', alg: 'ES256', kid: [...SPECIMEN_KIDS][0] };
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.');
}
