import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';

import { IssuerStore } from '../../../agent/issuer-store.ts';
import { TokenSigner } from '../../../agent/token/token-signer.ts';
import { makeFaultyTokens, PIN, withoutFaultyToken, type FaultyTokens } from '../../support/softhsm.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';

let tokens: FaultyTokens;
const bytes = Buffer.from('a message');

async function makeSigner(t: TestContext, pin = PIN): Promise<{ signer: TokenSigner; asked: string[] }> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  const asked: string[] = [];
  const signer = new TokenSigner(store, async (token) => {
    asked.push(token);
    return pin;
  });
  t.after(async () => {
    await tokens.fail();
    await signer.close();
    await store.close();
  });
  return { signer, asked };
}

/** What only a new session mends. */
const LOST = ['0x30', '0x32', '0x60', '0x82', '0xb0', '0xb3', '0xe0', '0x101', '0x190', '0x5'];

describe('a token that fails', { skip: withoutFaultyToken }, () => {
  before(async () => {
    tokens = await makeFaultyTokens('clinic');
  });
  after(() => tokens.stop());

  test('a session that is lost while it signs is followed by another, and the signature comes', async (t) => {
    const { signer, asked } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    for (const step of ['C_SignInit', 'C_Sign']) {
      for (const result of LOST) {
        await tokens.fail(`${step} ${result} 1`);
        assert.equal((await signer.sign(kid, bytes)).length, 64, `${step} ${result}`);
        assert.equal(await tokens.calls('C_SignInit'), 2);
        assert.equal(await tokens.calls('C_Login'), 1);
      }
    }
    assert.equal(asked.length, 1);
  });

  test('a key that its library does not show is looked for once more in a library that was started anew', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    await tokens.fail('C_FindObjects hidden 1');
    assert.equal((await signer.sign(kid, bytes)).length, 64);
    assert.equal(await tokens.calls('C_Initialize'), 1);
    await signer.close();
    await tokens.fail('C_FindObjects hidden 1');
    await signer.destroy(kid);
    assert.equal(await tokens.calls('C_DestroyObject'), 2);
  });

  test('sessions that one fault makes useless are closed by those that still worked in them', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    for (let round = 0; round < 12; round++) {
      await tokens.fail('C_Sign 0x30 1');
      await Promise.all(Array.from({ length: 12 }, () => signer.sign(kid, bytes)));
    }
    // Four that sign and the one that keeps the login.
    assert.ok((await tokens.sessions()) <= 5);
    await signer.close();
    assert.equal(await tokens.sessions(), 0);
  });

  test('a token that goes on failing is tried twice, says so, and signs once it is well', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    for (const result of [...LOST, '0x54', '0x80000001']) {
      await tokens.fail(`C_Sign ${result} 1000`);
      const many = await Promise.allSettled(Array.from({ length: 12 }, () => signer.sign(kid, bytes)));
      const codes = many.map((one) =>
        one.status === 'rejected' ? (one.reason as { code: string }).code : '',
      );
      const expected = ['0x32', '0xe0'].includes(result) ? 'TOKEN_ABSENT' : 'TOKEN_FAULT';
      assert.deepEqual([...new Set(codes)], [result === '0x54' ? 'KEY_UNSUPPORTED' : expected], result);
      assert.ok((await tokens.calls('C_Sign')) <= 24);
      await tokens.fail();
      assert.equal((await signer.sign(kid, bytes)).length, 64);
    }
  });

  test('a signature that does not verify, or is none, never leaves the signer', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    for (const fault of ['wrong', 'zeros', 'longer']) {
      await tokens.fail(`C_Sign ${fault} 2`);
      await assert.rejects(signer.sign(kid, bytes), { code: 'TOKEN_FAULT' }, fault);
      await tokens.fail(`C_Sign ${fault} 1`);
      assert.equal((await signer.sign(kid, bytes)).length, 64);
    }
  });

  test('a wrong PIN costs one try, however many signatures wait for it', async (t) => {
    const { signer } = await makeSigner(t, 'not the PIN');
    const tries = Array.from({ length: 20 }, () => signer.create(tokens.place('clinic')));
    for (const one of await Promise.allSettled(tries)) {
      assert.equal(one.status === 'rejected' && (one.reason as { code: string }).code, 'PIN_WRONG');
    }
    assert.equal(await tokens.calls('C_Login'), 1);
  });

  test('a PIN that is locked, expired or not set has its own code, and nobody is asked in vain', async (t) => {
    const { signer, asked } = await makeSigner(t);
    for (const [fault, code] of [
      ['C_Login 0xa4 9', 'PIN_LOCKED'],
      ['C_Login 0xa3 9', 'PIN_NOT_SET'],
      ['C_Login 0x102 9', 'PIN_NOT_SET'],
    ] as const) {
      await tokens.fail(fault);
      await assert.rejects(signer.create(tokens.place('clinic')), { code });
      assert.equal(await tokens.calls('C_Login'), 1);
    }
    const soFar = asked.length;
    for (const [fault, code] of [
      ['pin-locked', 'PIN_LOCKED'],
      ['pin-to-be-changed', 'PIN_NOT_SET'],
      ['no-pin', 'PIN_NOT_SET'],
    ] as const) {
      await tokens.fail(`C_GetTokenInfo ${fault} 99`);
      await assert.rejects(signer.create(tokens.place('clinic')), { code });
      assert.equal(await tokens.calls('C_Login'), 0);
    }
    assert.equal(asked.length, soFar);
    await tokens.fail();
    assert.ok((await signer.create(tokens.place('clinic'))).kid !== '');
  });

  test('a full token says so, and makes a key once there is room', async (t) => {
    const { signer } = await makeSigner(t);
    await tokens.fail('C_GenerateKeyPair 0x31 9');
    await assert.rejects(signer.create(tokens.place('clinic')), { code: 'TOKEN_FULL' });
    assert.equal(await tokens.calls('C_GenerateKeyPair'), 1);
    await tokens.fail();
    assert.ok((await signer.create(tokens.place('clinic'))).kid !== '');
  });

  test('a key that the token would let out, or cannot name, is destroyed', async (t) => {
    const { signer } = await makeSigner(t);
    for (const fault of ['extractable', 'not-sensitive', 'public']) {
      await tokens.fail(`C_GenerateKeyPair ${fault} 1`);
      await assert.rejects(signer.create(tokens.place('clinic')), { code: 'KEY_UNSUPPORTED' }, fault);
      assert.equal(await tokens.calls('C_DestroyObject'), 2);
    }
    await tokens.fail('C_SetAttributeValue 0x10 1');
    await assert.rejects(signer.create(tokens.place('clinic')), { code: 'TOKEN_FAULT' });
    assert.equal(await tokens.calls('C_DestroyObject'), 2);
    assert.deepEqual(await signer.keys(), []);
  });

  test('a key that the token would not destroy is still known, and ends with the next try', async (t) => {
    const { signer } = await makeSigner(t);
    const { kid } = await signer.create(tokens.place('clinic'));
    await tokens.fail('C_DestroyObject 0x30 9');
    await assert.rejects(signer.destroy(kid), { code: 'TOKEN_FAULT' });
    assert.deepEqual(await signer.placeOf(kid), tokens.place('clinic'));
    await tokens.fail();
    await signer.destroy(kid);
    assert.equal(await signer.placeOf(kid), undefined);
  });

  test('a token without a free session says so, and the next try has one', async (t) => {
    const { signer } = await makeSigner(t);
    await tokens.fail('C_OpenSession 0xb1 1');
    await assert.rejects(signer.create(tokens.place('clinic')), { code: 'TOKEN_FAULT' });
    assert.ok((await signer.create(tokens.place('clinic'))).kid !== '');
  });
});
