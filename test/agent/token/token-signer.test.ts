import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { after, before, describe, test, type TestContext } from 'node:test';

import type * as pkcs11js from 'pkcs11js';

import { IssuerStore } from '../../../agent/issuer-store.ts';
import { Cryptoki } from '../../../agent/token/cryptoki.ts';
import { TokenSigner } from '../../../agent/token/token-signer.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { makeTokens, PIN, withoutToken, type Tokens } from '../../support/softhsm.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';

let CK: typeof pkcs11js;
let tokens: Tokens;

async function makeStore(t: TestContext): Promise<IssuerStore> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  return store;
}

/** A signer on the tokens of this file, and how often it asked for a PIN. */
async function makeSigner(
  t: TestContext,
  pin: () => string = () => PIN,
): Promise<{ readonly signer: TokenSigner; readonly store: IssuerStore; readonly asked: string[] }> {
  const store = await makeStore(t);
  const asked: string[] = [];
  const signer = new TokenSigner(store, async (token) => {
    asked.push(token);
    return pin();
  });
  t.after(() => signer.close());
  return { signer, store, asked };
}

/** The binding itself, as another program in this process would use it. */
function otherUser(): pkcs11js.PKCS11 {
  const other = new CK.PKCS11();
  other.load(tokens.place('clinic').module);
  return other;
}

function slotOf(token: string): Buffer {
  const other = otherUser();
  const slot = other.C_GetSlotList(true).find((each) => other.C_GetTokenInfo(each).label.trim() === token);
  assert.ok(slot !== undefined);
  return slot;
}

const bytes = Buffer.from('a message');
/** Until a library may be started anew. */
const moment = async (): Promise<void> => setTimeout(1100);

describe('a signer on a token', { skip: withoutToken }, () => {
  before(async () => {
    CK = createRequire(import.meta.url)('pkcs11js') as typeof pkcs11js;
    tokens = await makeTokens('clinic', 'other', 'changing', 'twin', 'twin');
  });
  after(() => tokens.stop());

  test('500 signatures, many at once, are 64 bytes each and verify', async (t) => {
    const { signer, asked } = await makeSigner(t);
    const key = await signer.create(tokens.place('clinic'));
    const verify = importEs256Key(key);
    const messages = Array.from({ length: 500 }, (_, place) => Buffer.from(`message ${place}`));
    const signatures = await Promise.all(messages.map((message) => signer.sign(key.kid, message)));
    for (const [place, signature] of signatures.entries()) {
      assert.equal(signature.length, 64);
      assert.equal(verify(messages[place] ?? bytes, signature), true);
    }
    assert.equal(new Set(signatures.map(String)).size, 500);
    assert.deepEqual(asked, ['clinic']);
  });

  test('the private key cannot be read from the token, nor handed out', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    assert.equal(await signer.handOut(), undefined);

    const other = otherUser();
    const session = other.C_OpenSession(slotOf('clinic'), CK.CKF_SERIAL_SESSION);
    t.after(() => other.C_CloseSession(session));
    other.C_FindObjectsInit(session, [
      { type: CK.CKA_CLASS, value: CK.CKO_PRIVATE_KEY },
      { type: CK.CKA_LABEL, value: kid },
    ]);
    const found = other.C_FindObjects(session, 2);
    other.C_FindObjectsFinal(session);
    assert.equal(found.length, 1);
    const key = found[0] ?? Buffer.of();
    const flags = [CK.CKA_PRIVATE, CK.CKA_SENSITIVE, CK.CKA_EXTRACTABLE, CK.CKA_NEVER_EXTRACTABLE];
    const values = other.C_GetAttributeValue(
      session,
      key,
      flags.map((type) => ({ type })),
    );
    assert.deepEqual(
      values.map(({ value }) => value[0]),
      [1, 1, 0, 1],
    );
    const [id] = other.C_GetAttributeValue(session, key, [{ type: CK.CKA_ID }]);
    assert.equal(id?.value.toString('base64url'), kid);
    assert.throws(() => other.C_GetAttributeValue(session, key, [{ type: CK.CKA_VALUE }]), {
      message: 'CKR_ATTRIBUTE_SENSITIVE',
    });
  });

  test('a key is found again by what the store knows of it, which is sealed and holds no PIN', async (t) => {
    const { signer, store } = await makeSigner(t);
    const key = await signer.create(tokens.place('other'));
    await signer.close();
    const again = new TokenSigner(store, async () => PIN);
    t.after(() => again.close());
    assert.deepEqual(await again.keys(), [key]);
    assert.deepEqual(await again.placeOf(key.kid), tokens.place('other'));
    assert.equal((await again.sign(key.kid, bytes)).length, 64);

    const table = store.table<Uint8Array>('token-keys');
    const sealed = Buffer.from((await table.get(key.kid)) ?? []);
    assert.equal(sealed.indexOf('libsofthsm2'), -1);
    assert.equal(store.box.open('token-keys', key.kid, sealed).indexOf(PIN), -1);
    sealed[40] = (sealed[40] ?? 0) ^ 1;
    await store.commit([table.put(key.kid, sealed)]);
    const misled = new TokenSigner(store, async () => PIN);
    await assert.rejects(misled.sign(key.kid, bytes), { code: 'STORE_DAMAGED' });
  });

  test('a destroyed key is gone from the token, and destroying it again is no error', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    await signer.destroy(kid);
    await signer.destroy(kid);
    assert.equal(await signer.placeOf(kid), undefined);
    await assert.rejects(signer.sign(kid, bytes), { code: 'KEY_UNKNOWN' });
    assert.equal(objectsOn('clinic', kid), 0);
  });

  test('a key that somebody destroyed on the token signs no more, and says so', async (t) => {
    const { signer, store } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    const second = new TokenSigner(store, async () => PIN);
    t.after(() => second.close());
    await second.sign(kid, bytes);
    const table = store.table<Uint8Array>('token-keys');
    const sealed = (await table.get(kid)) ?? Buffer.of();
    await signer.destroy(kid);
    await store.commit([table.put(kid, sealed)]);
    await assert.rejects(second.sign(kid, bytes), { code: 'KEY_UNKNOWN' });
    await second.destroy(kid);
    assert.equal(await second.placeOf(kid), undefined);
  });

  test('a wrong PIN is tried once, however many signatures wait; the right one goes on without a restart', async (t) => {
    let pin = 'not the PIN';
    const { signer } = await makeSigner(t, () => pin);
    for (let tries = 0; tries < 3; tries++) {
      await assert.rejects(signer.create(tokens.place('clinic')), { code: 'PIN_WRONG' });
    }
    await assert.rejects(signer.create(tokens.place('clinic')), /not tried again/);
    pin = PIN;
    const { kid } = await signer.create(tokens.place('clinic'));
    assert.equal((await signer.sign(kid, bytes)).length, 64);
  });

  test('a PIN that was changed on the token is asked for anew once the sessions are lost', async (t) => {
    let pin = PIN;
    const { signer, asked } = await makeSigner(t, () => pin);
    const { kid } = await signer.create(tokens.place('changing'));
    setPin('changing', PIN, 'another PIN');
    otherUser().C_Finalize();
    await assert.rejects(signer.sign(kid, bytes), { code: 'PIN_WRONG' });
    pin = 'another PIN';
    assert.equal((await signer.sign(kid, bytes)).length, 64);
    assert.equal(asked.length, 2);
  });

  test('a library that is missing, or none of PKCS #11, or a token that is not there is named as such', async (t) => {
    const { signer, asked } = await makeSigner(t);
    const { module } = tokens.place('clinic');
    for (const path of ['/nowhere/lib.so', new URL(import.meta.url).pathname, '/']) {
      await assert.rejects(signer.create({ module: path, token: 'clinic' }), {
        code: 'TOKEN_MODULE_UNUSABLE',
      });
    }
    await assert.rejects(signer.create({ module, token: 'nobody' }), { code: 'TOKEN_ABSENT' });
    await assert.rejects(signer.create({ module, token: 'twin' }), { code: 'TOKEN_ABSENT' });
    await assert.rejects(signer.create(), { code: 'OPERATION_UNSUPPORTED' });
    assert.deepEqual(asked, []);
  });

  test('sessions that were closed, or a library that was ended, are opened again on the way', async (t) => {
    const { signer, asked } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    const other = otherUser();
    for (const slot of other.C_GetSlotList(true)) other.C_CloseAllSessions(slot);
    assert.equal((await signer.sign(kid, bytes)).length, 64);
    for (let round = 0; round < 3; round++) {
      other.C_Finalize();
      assert.equal((await signer.sign(kid, bytes)).length, 64);
    }
    const many = Array.from({ length: 60 }, async (_, place) => {
      if (place === 30) for (const slot of other.C_GetSlotList(true)) other.C_CloseAllSessions(slot);
      return signer.sign(kid, bytes);
    });
    for (const signature of await Promise.all(many)) assert.equal(signature.length, 64);
    assert.equal(asked.length, 1);
  });

  test('a token that is pulled signs nothing, and signs again once it is plugged in', async (t) => {
    const { signer, asked } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    await tokens.pull();
    try {
      await assert.rejects(signer.sign(kid, bytes), { code: 'TOKEN_ABSENT' });
      await assert.rejects(signer.destroy(kid), { code: 'TOKEN_ABSENT' });
      assert.deepEqual(await signer.placeOf(kid), tokens.place('clinic'));
    } finally {
      await tokens.plugIn();
    }
    await moment();
    const signatures = await Promise.all(Array.from({ length: 20 }, () => signer.sign(kid, bytes)));
    assert.ok(signatures.every(({ length }) => length === 64));
    assert.deepEqual(asked, ['clinic']);
  });

  test('a key is not taken for destroyed because its library shows a pulled token without keys', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    await signer.sign(kid, bytes);
    await tokens.pull('shown');
    try {
      await assert.rejects(signer.sign(kid, bytes), { code: 'TOKEN_ABSENT' });
      await assert.rejects(signer.destroy(kid), { code: 'TOKEN_ABSENT' });
    } finally {
      await tokens.plugIn();
    }
    await moment();
    assert.equal((await signer.sign(kid, bytes)).length, 64);
    await signer.destroy(kid);
    assert.equal(await signer.placeOf(kid), undefined);
  });

  test('a token that is not there has the library started anew once a second at most', async (t) => {
    const { signer } = await makeSigner(t);
    const { module } = tokens.place('clinic');
    const library = await Cryptoki.load(module);
    await moment();
    const { starts } = library;
    for (let tries = 0; tries < 5; tries++) {
      await assert.rejects(signer.create({ module, token: 'nobody' }), { code: 'TOKEN_ABSENT' });
    }
    assert.equal(library.starts, starts + 1);
  });

  test('two signers on one token do not disturb each other when the library is started anew', async (t) => {
    const [one, two] = [(await makeSigner(t)).signer, (await makeSigner(t)).signer];
    const keys = [await one.create(tokens.place('clinic')), await two.create(tokens.place('other'))];
    const signers = [one, two];
    const library = await Cryptoki.load(tokens.place('clinic').module);
    for (let round = 0; round < 5; round++) {
      const { starts } = library;
      otherUser().C_Finalize();
      const signed = await Promise.all(
        keys.map(async ({ kid }, place) => signers[place]?.sign(kid, bytes) ?? Buffer.of()),
      );
      for (const [place, key] of keys.entries()) {
        assert.equal(importEs256Key(key)(bytes, signed[place] ?? Buffer.of()), true);
      }
      assert.equal(library.starts, starts + 1);
    }
  });
});

/** Sets the PIN of a token that the user is logged in to. */
function setPin(token: string, pin: string, next: string): void {
  const other = otherUser();
  const session = other.C_OpenSession(slotOf(token), CK.CKF_SERIAL_SESSION | CK.CKF_RW_SESSION);
  other.C_SetPIN(session, pin, next);
  other.C_CloseSession(session);
}

/** How many objects with a label a token shows to whoever is not logged in, or is. */
function objectsOn(token: string, label: string): number {
  const other = otherUser();
  const session = other.C_OpenSession(slotOf(token), CK.CKF_SERIAL_SESSION);
  other.C_FindObjectsInit(session, [{ type: CK.CKA_LABEL, value: label }]);
  const objects = other.C_FindObjects(session, 5).length;
  other.C_FindObjectsFinal(session);
  other.C_CloseSession(session);
  return objects;
}
