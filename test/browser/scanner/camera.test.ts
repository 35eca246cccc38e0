import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { openChromium, withoutChromium } from '../../support/chromium.ts';
import { phoneScreen, printedCard } from './lifelike.ts';
import { enlarged, sideBySide, turned } from '../../support/pictures.ts';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import type { Outcome } from '../../../verifier/pipeline/decision.ts';
import { speakerOf } from '../../../verifier/web/scanner-words.ts';
import { blurred, glaring } from './camera-film.ts';
import type { Scene } from './camera-film.ts';
import { cardCode, cardOf, openDoor, pressBig, scanUntil, UNLISTED, verdictOn } from './door.ts';
import type { Door } from './door.ts';

const SCALE = 4;

/** On paper and on a phone each, whose name is seen there. */
const SHOWN = [
  { draw: printedCard, family: 'Paper' },
  { draw: phoneScreen, family: 'Phone' },
] as const;
const OUTCOMES = [
  { kind: 'accepted', given: 'Nora', more: {} },
  { kind: 'rejected', given: 'Max', more: { rid: 'rid-revoked' } },
  { kind: 'undetermined', given: 'Una', more: { key: UNLISTED } },
] as const;
const MENU = 'https://restaurant.example/menu';

/** Every outcome, printed and on a phone's screen. */
async function everyOutcome(): Promise<
  readonly (Scene & { readonly kind: string; readonly name?: string })[]
> {
  const drawing = await openChromium();
  try {
    const page = await drawing.context.newPage();
    const scenes = [];
    for (const { draw, family } of SHOWN) {
      for (const { kind, given, more } of OUTCOMES) {
        const [name, text] = [`${given} ${family}`, encodeCardUri(cardOf({ given, family }, more), 'shc')];
        scenes.push({ kind, name, picture: await draw(page, text, name), frames: 12 });
      }
      scenes.push({ kind: 'unreadable', picture: await draw(page, MENU, 'Menu'), frames: 12 });
    }
    return scenes;
  } finally {
    await drawing.close();
  }
}

describe('a camera before printed cards and phones, with the node stopped', { skip: withoutChromium }, () => {
  let door: Door;
  let film: Awaited<ReturnType<typeof everyOutcome>>;
  before(async () => {
    film = await everyOutcome();
    door = await openDoor({ film });
    await door.stopNode();
  });
  after(async () => door.close());

  for (const language of ['en', 'zh-Hant', 'es'] as const) {
    test(`each of the four outcomes is right, in its word and with its guest: ${language}`, async () => {
      const { page } = door;
      await page.evaluate((tag) => {
        localStorage.setItem(
          'pratique-scanner-settings',
          JSON.stringify({ language: tag, greenSeconds: 30 }),
        );
      }, language);
      await page.reload();
      await page.locator('.reached-no').waitFor();
      const all = film.map(({ kind, name }) => ({
        kind,
        name,
        word: speakerOf(language).outcome(kind as Outcome).text,
      }));
      const seen = await scanUntil(page, (some) =>
        all.every(({ kind, name }) => some.some((one) => one.kind === kind && one.name === name)),
      );
      // Nothing else either: no guest in another's colour.
      const found = seen.map(({ kind, name, word }) => ({ kind, name, word }));
      for (const one of found)
        assert.ok(
          all.some((expected) => isDeepStrictEqual(expected, one)),
          `${one.kind} ${one.name}`,
        );
    });
  }

  test('the page complained of nothing, and asked nobody but its node', () => {
    assert.deepEqual(door.complaints, []);
    const origins = new Set(door.browser.requested.map((address) => new URL(address).origin));
    assert.deepEqual([...origins], [door.url]);
  });
});

describe('a camera that sees codes as they are at a door', { skip: withoutChromium }, () => {
  const card = (given: string): ReturnType<typeof cardCode> => cardCode(cardOf({ given, family: 'Seen' }), 1);
  const scenes = {
    'Sharp Seen': enlarged(card('Sharp'), 4),
    'Small Seen': enlarged(card('Small'), 2),
    'Turned Seen': turned(enlarged(card('Turned'), 3), 33),
    'Blurred Seen': blurred(enlarged(card('Blurred'), 4), 2),
    'Glaring Seen': glaring(enlarged(card('Glaring'), 4)),
  };

  test('sharp, small, turned, blurred and glaring codes are all read', async () => {
    const door = await openDoor({ film: Object.values(scenes).map((picture) => ({ picture, frames: 12 })) });
    try {
      const names = Object.keys(scenes);
      const seen = await scanUntil(door.page, (all) =>
        names.every((name) => all.some((one) => one.kind === 'accepted' && one.name === name)),
      );
      assert.ok(seen.every(({ kind }) => kind === 'accepted'));
      assert.deepEqual(door.complaints, []);
    } finally {
      await door.close();
    }
  });
});

describe('a camera before more than one guest', { skip: withoutChromium }, () => {
  test('two codes in one picture are nobody’s turn, and that is said', async () => {
    const [one, other] = ['Ann', 'Bob'].map((given) => cardCode(cardOf({ given, family: 'Both' }), 3));
    assert.ok(one && other);
    const door = await openDoor({ film: [{ picture: sideBySide(one, other), frames: 5 }] });
    try {
      await pressBig(door.page);
      await door.page.locator('.hint', { hasText: 'Show one code at a time' }).waitFor();
      assert.equal(await door.page.locator('.verdict').count(), 0);
    } finally {
      await door.close();
    }
  });

  test('a code that is still held there after its result was dismissed is no second guest', async () => {
    const picture = cardCode(cardOf({ given: 'Nora', family: 'Stays' }), SCALE);
    const { looks, took } = await timesOf([{ picture, frames: 5 }], async (page) => {
      await pressBig(page);
      await verdictOn(page, 'accepted');
      await pressBig(page);
      const looked = await page.evaluate(() => globalThis.times.looks.length);
      await page.waitForFunction((count) => globalThis.times.looks.length > count + 60, looked);
    });
    assert.ok(looks.length > 60);
    assert.equal(took.length, 1);
  });
});

describe('how fast', { skip: withoutChromium }, () => {
  test('95 of 100 results stand within 300 ms of the frame that they come from', async (t) => {
    const film = ['Ann', 'Bob', 'Cyd', 'Dan', 'Eva', 'Fay'].map((given) => ({
      picture: cardCode(cardOf({ given, family: 'Fast' }), SCALE),
      frames: 12,
    }));
    const { took } = await timesOf(film, async (page) => {
      await scanUntil(page, (seen) => seen.length >= 20);
    });
    const p95 = took.toSorted((one, other) => one - other)[Math.ceil(took.length * 0.95) - 1] ?? Infinity;
    t.diagnostic(`scan-to-result p95 ${p95} ms, of ${took.length}`);
    assert.ok(took.length >= 20 && p95 <= 300, `${p95} ms, of ${took.length}`);
  });

  test('ten frames a second are looked at, until there is a code in one', async (t) => {
    // Something to look at: the corners of a code without one.
    const film = [
      { picture: { width: 400, height: 400, at: (x: number, y: number) => (x * y) % 255 }, frames: 5 },
    ];
    const { looks } = await timesOf(film, async (page) => {
      await pressBig(page);
      await page.waitForFunction(() => globalThis.times.looks.length > 60);
    });
    const perSecond = ((looks.length - 1) * 1000) / ((looks.at(-1) ?? 0) - (looks[0] ?? 0));
    t.diagnostic(`${perSecond.toFixed(1)} frames a second`);
    assert.ok(perSecond >= 10, `${perSecond}`);
  });
});

/** What was timed while somebody did that before such a camera. */
async function timesOf(
  film: readonly Scene[],
  act: (page: Page) => Promise<void>,
): Promise<typeof globalThis.times> {
  const door = await openDoor({ film, rate: 30 });
  try {
    const { page } = door;
    await page.addInitScript(watchTimes);
    await page.reload();
    await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
    await act(page);
    return await page.evaluate(() => globalThis.times);
  } finally {
    await door.close();
  }
}

declare global {
  var times: { readonly took: number[]; readonly looks: number[] };
}

/** In the page: how long each result took, and when frames were handed to the reader. */
function watchTimes(): void {
  const times: typeof globalThis.times = { took: [], looks: [] };
  globalThis.times = times;
  const post = Reflect.get(Worker.prototype, 'postMessage') as (...given: unknown[]) => void;
  Worker.prototype.postMessage = function postWatched(this: Worker, ...given: unknown[]): void {
    if ((given[0] as { name?: string }).name === 'frame') times.looks.push(performance.now());
    Reflect.apply(post, this, given);
  };
  new MutationObserver((changes) => {
    for (const { target } of changes) times.took.push(Number((target as HTMLElement).dataset['took']));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-took'] });
}
