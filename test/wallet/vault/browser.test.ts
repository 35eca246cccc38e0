import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openChromium, withoutChromium, type FreshBrowser } from '../../support/chromium.ts';
import { serveSite, type Site } from '../../support/site.ts';
import type { Said, VaultPage } from './vault-page.ts';

const PIN = '274915';
const PASSPHRASE = 'correct horse battery';

let site: Site;
let browser: FreshBrowser;
/** Another person's browser: nothing of the first one's storage is there. */
let other: FreshBrowser;
let page: Page;

/** Unix seconds. */
const NOW = 1_780_000_000;

/** A page at `localhost`, since passkeys are for names and not for addresses, at a moment. */
const pageAt = (now: number): string => `${site.origin.replace('127.0.0.1', 'localhost')}/?now=${now}`;

async function openPage({ context }: FreshBrowser): Promise<Page> {
  const opened = await context.newPage();
  await opened.goto(pageAt(NOW));
  await opened.waitForFunction(() => globalThis.vaultPage !== undefined);
  return opened;
}

async function reload(): Promise<void> {
  await page.reload();
  await page.waitForFunction(() => globalThis.vaultPage !== undefined);
}

async function call(method: keyof VaultPage, args: readonly unknown[] = [], on = page): Promise<Said> {
  return on.evaluate(
    ({ name, values }) => {
      const work = globalThis.vaultPage?.[name] as (...all: readonly unknown[]) => Promise<Said>;
      return work(...values);
    },
    { name: method, values: args },
  );
}

/** Everything in every IndexedDB of the page, names and bytes, as text in which any ASCII word would be found. */
async function dump(): Promise<string> {
  return page.evaluate(async () => {
    const found: string[] = [];
    const settled = async <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, fail) => {
        request.addEventListener('success', () => done(request.result));
        request.addEventListener('error', () => fail(request.error ?? new Error('no reason')));
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = [await settled(objects.getAllKeys()), await settled(objects.getAll())];
        for (const key of keys) found.push(JSON.stringify(key));
        for (const value of values as readonly unknown[]) {
          found.push(
            value instanceof Uint8Array
              ? Array.from(value, (byte) => String.fromCharCode(byte)).join('')
              : JSON.stringify(value),
          );
        }
      }
      database.close();
    }
    found.push(
      ...Object.values<string>(localStorage),
      ...Object.values<string>(sessionStorage),
      document.cookie,
    );
    return found.join('\n');
  });
}

describe('the vault in Chromium', { skip: withoutChromium }, () => {
  before(async () => {
    site = await serveSite(fileURLToPath(new URL('.', import.meta.url)), {});
    browser = await openChromium({ hosts: ['localhost'] });
    other = await openChromium({ hosts: ['localhost'] });
    page = await openPage(browser);
  });

  after(async () => {
    await browser.close();
    await other.close();
    await site.close();
  });

  test('is made at the full cost of a PIN, within what its page may do', async () => {
    assert.equal(typeof (await call('create', [PIN, true])).value, 'string');
    const kept = { kid: 'the-kid-of-an-issuer', text: 'eyJ.eyJ.sig' };
    await call('put', ['pass/Nora Nobody', kept]);
    assert.deepEqual(await call('get', ['pass/Nora Nobody']), { value: kept });
    assert.match(String((await call('did')).value), /^did:jwk:/);
  });

  test('holds nothing but ciphertext: no name, no kid, no PIN, no key', async () => {
    const everything = await dump();
    assert.ok(everything.length > 500);
    const did = String((await call('did')).value);
    for (const word of ['Nora', 'Nobody', 'kid', 'eyJ', 'pass/', 'holder', PIN, did, did.slice(8, 60)]) {
      assert.ok(!everything.includes(word), word);
    }
  });

  test('is locked after a reload, and opens with its PIN: the same key, the same records', async () => {
    const did = await call('did');
    await reload();
    assert.deepEqual(await call('get', ['pass/Nora Nobody']), { code: 'VAULT_LOCKED' });
    assert.deepEqual(await call('unlock', ['274916']), { code: 'PIN_WRONG' });
    assert.equal(typeof (await call('unlock', [PIN])).value, 'string');
    assert.deepEqual(await call('did'), did);
  });

  test('makes who guesses wait, and a reload does not make it forget', async () => {
    for (let tries = 0; tries < 3; tries++)
      assert.deepEqual(await call('unlock', ['000111']), { code: 'PIN_WRONG' });
    await reload();
    assert.deepEqual(await call('unlock', [PIN]), { code: 'PIN_DELAYED' });
    assert.equal(((await call('state')).value as { waitSeconds: number }).waitSeconds, 30);
    await page.goto(pageAt(NOW + 30));
    await page.waitForFunction(() => globalThis.vaultPage !== undefined);
    assert.equal(typeof (await call('unlock', [PIN])).value, 'string');
  });

  test('moves to another browser in an encrypted file, with the holder’s key', async () => {
    await call('erase');
    await call('create', [PIN, false]);
    await call('put', ['pass/Nora Nobody', 'kept']);
    const did = await call('did');
    const file = String((await call('backup', [PASSPHRASE])).value);
    const there = await openPage(other);
    assert.deepEqual((await call('state', [], there)).value, {
      exists: false,
      hasPasskey: false,
      waitSeconds: 0,
    });
    assert.deepEqual(await call('restore', [file.slice(0, -20), PASSPHRASE, '918273'], there), {
      code: 'BACKUP_DAMAGED',
    });
    assert.deepEqual(await call('restore', [file, 'correct horse batteri', '918273'], there), {
      code: 'BACKUP_NOT_OPENED',
    });
    assert.equal(typeof (await call('restore', [file, PASSPHRASE, '918273'], there)).value, 'string');
    assert.deepEqual(await call('get', ['pass/Nora Nobody'], there), { value: 'kept' });
    assert.deepEqual(await call('did', [], there), did);
  });

  test('opens with a passkey that derives secrets, and with no other', async () => {
    await call('erase');
    await call('create', [PIN, false]);
    await call('put', ['x', 'kept']);
    assert.deepEqual(await call('unlockWithPasskey'), { code: 'PASSKEY_UNAVAILABLE' });
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: true,
      automaticPresenceSimulation: true,
    } as const;
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
    assert.equal(typeof (await call('addPasskey', [PIN])).value, 'string');
    await reload();
    assert.equal(typeof (await call('unlockWithPasskey')).value, 'string');
    assert.deepEqual(await call('get', ['x']), { value: 'kept' });

    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, hasPrf: false } });
    assert.deepEqual(await call('addPasskey', [PIN]), { code: 'PASSKEY_UNAVAILABLE' });
  });

  test('asked nobody but its own site', () => {
    const origins = new Set(
      [...browser.requested, ...other.requested].map((address) => new URL(address).origin),
    );
    assert.deepEqual([...origins], [site.origin.replace('127.0.0.1', 'localhost')]);
  });
});
