import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { builtPage } from '../../../cli/built-page.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { DAY, trustedKey } from '../../support/cards.ts';
import { keyCompromised, registryLog } from '../../verifier/registry-events.ts';
import {
  cardOf,
  EVENTS,
  LISTED,
  LOG,
  openDoor,
  paste,
  STRANGER,
  UNLISTED,
  until,
  verdictOn,
} from './door.ts';
import type { Door, Knowledge } from './door.ts';

const GOOD = encodeCardUri(cardOf({ given: 'Nora', family: 'Green' }), 'shc');
const STRANGE = encodeCardUri(cardOf({ given: 'Ida', family: 'Strange' }, { key: STRANGER }), 'shc');
/** The log goes on: the key is reported stolen. */
const STOLEN = registryLog(...EVENTS, keyCompromised(LISTED));

describe('what the page decides by', { skip: withoutChromium }, () => {
  let door: Door;
  afterEach(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  /** Have the node know this, and the page ask it. */
  async function learn(knowledge: Knowledge): Promise<void> {
    door.know(knowledge);
    await refresh();
  }

  async function refresh(): Promise<void> {
    const answered = door.page.waitForResponse((response) => response.url().endsWith('/trust/bundle'));
    await door.page.evaluate(() => dispatchEvent(new Event('online')));
    await answered;
  }

  describe('after it has seen a key reported stolen', () => {
    beforeEach(async () => {
      door = await openDoor({ knowledge: { logs: STOLEN, block: 20 } });
      await paste(door.page, GOOD);
      assert.match((await verdictOn(door.page)).reason ?? '', /reported stolen/);
    });

    for (const [what, knowledge, code] of [
      ['an older log', { logs: LOG, block: 30 }, 'LOG_OLDER_THAN_HELD'],
      ['an older block', { logs: STOLEN, block: 19 }, 'LOG_OLDER_THAN_HELD'],
      ['data taken earlier', { logs: STOLEN, block: 20, age: 600 }, 'LOG_OLDER_THAN_HELD'],
      [
        'another log of the same length',
        { logs: registryLog(...EVENTS, keyCompromised(UNLISTED)), block: 30 },
        'LOG_FORKED',
      ],
      [
        'data that nobody ties to a chain',
        { document: { source: { kind: 'unanchored', origin: 'somebody' } }, anchored: false },
        'LOG_OLDER_THAN_HELD',
      ],
    ] as const satisfies readonly (readonly [string, Knowledge, string])[]) {
      test(`${what} is refused, said, and changes nothing, not even at the next start`, async () => {
        const isUnanchored = 'anchored' in knowledge;
        door.know(knowledge);
        if (isUnanchored) await door.page.evaluate(() => dispatchEvent(new Event('online')));
        else await refresh();
        await door.page.locator('.banner-problem', { hasText: code }).waitFor();
        await paste(door.page, GOOD);
        assert.match((await verdictOn(door.page, 'rejected')).reason ?? '', /reported stolen/);
        await door.stopNode();
        await door.page.reload();
        await door.page.locator('.reached-no').waitFor();
        await paste(door.page, GOOD);
        assert.match((await verdictOn(door.page, 'rejected')).reason ?? '', /reported stolen/);
      });
    }
  });

  test('a bundle that lists a key which the log does not is worth no more than the log', async () => {
    const trusted = trustedKey(STRANGER, { validFrom: 0, validUntil: 0 });
    door = await openDoor({ knowledge: { document: { keys: [trusted] } } });
    await paste(door.page, STRANGE);
    assert.match((await verdictOn(door.page)).reason ?? '', /Nobody accredited/);
  });

  test('a log that does not lead to the head is refused', async () => {
    door = await openDoor();
    door.know({ logs: STOLEN, block: 30, head: `0x${'99'.repeat(32)}` });
    await refresh();
    await door.page.locator('.banner-problem', { hasText: 'HEAD_MISMATCH' }).waitFor();
    await paste(door.page, GOOD);
    assert.equal((await verdictOn(door.page)).kind, 'accepted');
  });

  test('newer data takes effect without a reload', async () => {
    door = await openDoor();
    await paste(door.page, GOOD);
    await verdictOn(door.page, 'accepted');
    await learn({ logs: STOLEN, block: 30, age: 30 });
    await door.page.locator('.banner-facts', { hasText: 'block 30' }).waitFor();
    await paste(door.page, GOOD);
    await verdictOn(door.page, 'rejected');
  });

  test('old data warns in yellow, older lets nobody in and says so in red', async () => {
    door = await openDoor({ knowledge: { age: 2 * DAY } });
    await door.page.locator('.banner-warn').waitFor();
    await paste(door.page, GOOD);
    await verdictOn(door.page, 'accepted');
    await door.close();

    door = await openDoor({ knowledge: { age: 4 * DAY } });
    await door.page.locator('.banner-stop', { hasText: 'too old' }).waitFor();
    await paste(door.page, GOOD);
    await verdictOn(door.page, 'undetermined');
  });

  test('a clock far behind the chain’s, or off the node’s, is said', async () => {
    door = await openDoor({ knowledge: { age: -7200 } });
    await door.page
      .locator('.banner-problem', { hasText: 'The clock of this device is wrong by about 2 hours' })
      .waitFor();
    await paste(door.page, GOOD);
    assert.match((await verdictOn(door.page, 'undetermined')).reason ?? '', /clock is behind/);
  });

  test('data that nobody vouches for lets nobody in', async () => {
    door = await openDoor({ knowledge: { anchored: false } });
    await door.page.locator('.banner-stop', { hasText: 'not tied to a chain' }).waitFor();
    await paste(door.page, GOOD);
    await verdictOn(door.page, 'undetermined');
  });

  test('a new version of the page takes over when nobody stands before it, and leaves nothing of the old', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratique-pages-'));
    try {
      await cp((await builtPage('scanner')) ?? '', folder, { recursive: true });
      door = await openDoor({ pages: folder });
      await paste(door.page, GOOD);
      await verdictOn(door.page, 'accepted');
      await door.page.getByRole('button', { name: 'Keep open' }).click();
      const worker = join(folder, 'service-worker.js');
      const old = await readFile(worker, 'utf8');
      const [, version = ''] =
        /pratique-scanner-[^"`]*?([0-9a-f]{16})/.exec(old) ?? /([0-9a-f]{16})/.exec(old) ?? [];
      await writeFile(worker, old.replaceAll(version, 'f'.repeat(16)));
      const html = join(folder, 'index.html');
      await writeFile(html, (await readFile(html, 'utf8')).replace('<title>', '<meta name="new" /><title>'));
      await door.page.evaluate(async () => (await navigator.serviceWorker.ready).update());
      await until(async () =>
        door.page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null),
      );
      assert.equal((await verdictOn(door.page)).kind, 'accepted');
      assert.equal(await door.page.locator('meta[name=new]').count(), 0);
      await door.page.locator('.actions .primary').click();
      await door.page.locator('meta[name=new]').waitFor({ state: 'attached' });
      await until(async () =>
        door.page.evaluate(async () => (await caches.keys()).join() === `pratique-scanner-${'f'.repeat(16)}`),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
