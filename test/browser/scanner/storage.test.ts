import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf, openDoor, paste, until, verdictOn } from './door.ts';
import type { Door } from './door.ts';

/** Twelve guests; of each the card, and what must not be found afterwards. */
const GUESTS = Array.from({ length: 12 }, (_, place) => {
  const given = `Guest${String.fromCharCode(65 + place)}`;
  const jws = cardOf({ given, family: 'Leavesnothing' }, { rid: `rid-of-guest-${place}` });
  return { given, jws, uri: encodeCardUri(jws, 'shc') };
});

declare global {
  // In the page: the key of each shift, for as long as anything holds it.
  var shiftKeys: WeakRef<CryptoKey>[];
}

/** In the page: note the keys that guests are told apart by. */
function watchKeys(): void {
  globalThis.shiftKeys = [];
  const generate = Reflect.get(crypto.subtle, 'generateKey') as (...given: unknown[]) => Promise<CryptoKey>;
  crypto.subtle.generateKey = async (...given: unknown[]): Promise<never> => {
    const key = await Reflect.apply(generate, crypto.subtle, given);
    globalThis.shiftKeys.push(new WeakRef(key));
    return key as never;
  };
}

/** In the page: all that this origin keeps, as one text; bytes as the characters of their numbers. */
async function everythingKept(): Promise<string> {
  const parts: string[] = [
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  ];
  const asText = (_key: string, value: unknown): unknown =>
    value instanceof ArrayBuffer || ArrayBuffer.isView(value)
      ? new TextDecoder('latin1').decode(value)
      : value;
  const asked = async <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve) => {
      request.onsuccess = () => {
        resolve(request.result);
      };
    });
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store);
      parts.push(name, store, JSON.stringify([await asked(records.getAllKeys())], asText));
      parts.push(
        JSON.stringify(await asked(database.transaction(store).objectStore(store).getAll()), asText),
      );
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      parts.push(
        request.url,
        new TextDecoder('latin1').decode(await (await cache.match(request))?.arrayBuffer()),
      );
    }
  }
  for await (const name of (await navigator.storage.getDirectory()).keys()) parts.push(`file ${name}`);
  return parts.join('\n');
}

describe('a shift of twelve guests', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor();
    await door.page.addInitScript(watchKeys);
    await door.page.reload();
    await door.page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  async function scan({ uri, given }: (typeof GUESTS)[number]): Promise<void> {
    await paste(door.page, uri);
    await door.page.locator('.verdict-accepted', { hasText: given }).waitFor();
  }

  async function shiftSays(): Promise<string> {
    await door.page.locator('.gear').click();
    const text = await door.page.locator('dialog').innerText();
    await door.page.keyboard.press('Escape');
    await door.page.locator('dialog').waitFor({ state: 'detached' });
    return /Different guests let in: .*/.exec(text)?.[0] ?? '';
  }

  async function keyIsHeld(): Promise<boolean> {
    const session = await door.page.context().newCDPSession(door.page);
    await session.send('HeapProfiler.collectGarbage');
    return door.page.evaluate(() => globalThis.shiftKeys[0]?.deref() !== undefined);
  }

  test('different guests are counted, from ten on aloud, and whoever comes twice once', async () => {
    for (const guest of GUESTS.slice(0, 9)) await scan(guest);
    assert.equal(await shiftSays(), 'Different guests let in: fewer than 10');
    for (const guest of GUESTS.slice(9)) await scan(guest);
    const [first] = GUESTS;
    assert.ok(first);
    await scan(first);
    await door.page.locator('.note', { hasText: 'Already scanned in this shift.' }).waitFor();
    assert.equal(await shiftSays(), 'Different guests let in: 12');
  });

  test('ending the shift throws its key away: the browser itself has it no more', async () => {
    assert.equal(await door.page.evaluate(() => globalThis.shiftKeys.length), 1);
    assert.ok(await keyIsHeld());
    await door.page.locator('.gear').click();
    await door.page.getByRole('button', { name: 'End the shift' }).click();
    await until(async () => !(await keyIsHeld()));
    assert.equal(await shiftSays(), 'Different guests let in: fewer than 10');
    const [first] = GUESTS;
    assert.ok(first);
    await scan(first);
    assert.equal(await door.page.locator('.note').count(), 0);
    assert.equal(await door.page.evaluate(() => globalThis.shiftKeys.length), 2);
  });

  test('nothing of any guest is in whatever the browser keeps for the page', async () => {
    await paste(door.page, 'https://restaurant.example/menu');
    await verdictOn(door.page, 'unreadable');
    const kept = await door.page.evaluate(everythingKept);
    // It is all there: settings, trust data, the page's files.
    for (const expected of ['pratique-scanner-settings', '"bundle":"eyJ', '<title>Pratique']) {
      assert.ok(kept.includes(expected), expected);
    }
    for (const { given, jws, uri } of GUESTS) {
      const [header = '', payload = '', signature = ''] = jws.split('.');
      assert.ok(header !== '');
      for (const trace of [
        given,
        payload.slice(0, 60),
        payload.slice(-60),
        signature.slice(0, 40),
        uri.slice(60, 140),
      ]) {
        assert.ok(!kept.includes(trace), trace);
      }
    }
    assert.doesNotMatch(kept, /Leavesnothing|1980-02-29|rid-of-guest/);
  });
});
