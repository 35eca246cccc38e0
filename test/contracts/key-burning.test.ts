import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { zeroPadValue } from 'ethers';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { newKey, type TestKey } from '../support/cards.ts';
import { type Call, FROM, KEY, type Ledger, point, startLedger, STATUS, UNTIL } from './ledger.ts';
import { P256_ORDER, scalarKey, TWO_ZEROS_IN_X, without, ZERO_IN_X_AND_Y } from './points.ts';

describe('a burned key', () => {
  let ledger: Ledger;
  let code: string;
  let issuer: bigint;
  let listing: bigint;
  before(async () => {
    ledger = await startLedger();
    code = await ledger.openJurisdiction();
    issuer = await ledger.registerIssuer({}, code);
    listing = await ledger.listIssuer(code);
  });
  after(() => ledger.stop());

  const burn = (key: TestKey, id: bigint, terms: { signer?: TestKey; bound?: object } = {}): Call => ({
    from: ledger.stranger,
    name: 'burnKey',
    args: ledger.burning(key, id, terms),
  });
  const list = (key: { x: string; y: string }, id = listing): Call => ({
    from: ledger.accreditor,
    name: 'listKeys',
    args: [[ledger.listedKey(key, id)]],
  });
  const isBurned = async (kid: string): Promise<unknown> => (await ledger.lens('isBurned', kid))[0];

  test('is burned by anybody who brings a signature of the key itself, once', async () => {
    const key = newKey();
    const kid = await ledger.registerKey(key, issuer);
    const [x, y] = point(key);
    assert.equal(await isBurned(kid), false);
    ledger.tells(await ledger.carryOut(burn(key, issuer)), 'KeyBurned', {
      kid,
      by: ledger.stranger,
      time: await ledger.time(),
      x,
      y,
    });
    assert.equal(await isBurned(kid), true);
    await ledger.holds('keyOf', [issuer, kid], { state: KEY.Active });
    await ledger.refuses(burn(key, issuer), 'KeyIsBurned', kid);
  });

  test('is burned under every issuer, now and later', async () => {
    const key = newKey();
    const [other, second] = [await ledger.listIssuer(code), await ledger.registerIssuer({}, code)];
    const kid = await ledger.registerKey(key, issuer);
    await ledger.carryOut(list(key, other));
    const iss = { iss: 'https://third.example' };
    const third = await ledger.registerIssuer(iss, code);
    await ledger.registerKey(key, third);
    assert.deepEqual(await ledger.lens('isTrusted', iss.iss, kid, FROM), [true]);

    await ledger.carryOut(burn(key, other));
    assert.deepEqual(await ledger.lens('isTrusted', iss.iss, kid, FROM), [false]);
    await ledger.refuses(list(key), 'KeyIsBurned', kid);
    const register = { from: ledger.controller, name: 'registerKey', args: [ledger.newKey(key, second)] };
    await ledger.refuses(register, 'KeyIsBurned', kid);
    const again = { from: ledger.controller, name: 'registerKey', args: [ledger.newKey(key, issuer)] };
    await ledger.refuses(again, 'KeyExists', issuer, kid);
  });

  test('is burned whatever became of it and of its issuer', async () => {
    for (const end of ['retireKey', 'compromiseKey']) {
      const [key, id] = [newKey(), await ledger.registerIssuer({}, code)];
      const kid = await ledger.registerKey(key, id);
      await ledger.send(ledger.controller, end, id, kid);
      await ledger.setStatus(id, STATUS.Withdrawn);
      await ledger.carryOut(burn(key, id));
      assert.equal(await isBurned(kid), true);
    }
  });

  test('is one that an issuer has: nobody makes the log longer with keys of no account', async () => {
    const key = newKey();
    await ledger.refuses(burn(key, issuer), 'UnknownKey', issuer, encodeKid(key.kid));
    await ledger.carryOut(list(key));
    await ledger.refuses(burn(key, issuer), 'UnknownKey', issuer, encodeKid(key.kid));
    await ledger.refuses(burn(key, 9999n), 'UnknownKey', 9999, encodeKid(key.kid));
    await ledger.carryOut(burn(key, listing));
  });

  test('has signed for this chain, this registry and this point, with a low s', async () => {
    const [key, other] = [newKey(), newKey()];
    const kid = await ledger.registerKey(key, issuer);
    const [x, y] = point(other);
    const refused = ['PossessionNotProven', kid] as const;
    await ledger.refuses(burn(key, issuer, { signer: other }), ...refused);
    for (const bound of [
      { context: 'pratique/key-possession/1' },
      { chainId: 1 },
      { registry: ledger.stranger },
      { x },
      { y },
    ]) {
      await ledger.refuses(burn(key, issuer, { bound }), ...refused);
    }
    const call = burn(key, issuer);
    const [s] = call.args.slice(-1) as [string];
    const high = zeroPadValue(`0x${(P256_ORDER - BigInt(s)).toString(16)}`, 32);
    await ledger.refuses({ ...call, args: [...call.args.slice(0, -1), high] }, ...refused);
    await ledger.carryOut(call);
  });

  test('has no proof of possession that burns it, nor a burning that registers it', async () => {
    const key = newKey();
    const kid = await ledger.registerKey(key, issuer);
    const { r, s } = ledger.newKey(key, issuer);
    const burning = burn(key, issuer);
    const args = [...burning.args.slice(0, 3), r, s];
    await ledger.refuses({ ...burning, args }, 'PossessionNotProven', kid);
    const second = await ledger.registerIssuer({}, code);
    const [br, bs] = burning.args.slice(3);
    const terms = { ...ledger.newKey(key, second), r: br, s: bs };
    const register = { from: ledger.controller, name: 'registerKey', args: [terms] };
    await ledger.refuses(register, 'PossessionNotProven', kid);
  });

  for (const [title, scalar, [xs, ys]] of [
    ['with two zero bytes before x', TWO_ZEROS_IN_X, [3, 1]],
    ['with a zero byte before x and one before y', ZERO_IN_X_AND_Y, [2, 2]],
  ] as const) {
    test(`${title} is burned under each kid that its point can have`, async () => {
      const key = scalarKey(scalar);
      const forms = [];
      for (let i = 0; i < xs; i++) {
        for (let j = 0; j < ys; j++) forms.push({ x: without(key.x, i), y: without(key.y, j) });
      }
      const last = forms.at(-1) ?? key;
      const beyond = { x: without(key.x, xs), y: key.y };
      await ledger.refuses(list(beyond), 'PointNotOnCurve');
      // Only the shortest form is known here: that is enough to burn the point.
      await ledger.carryOut(list(last));
      ledger.tells(await ledger.carryOut(burn(key, listing)), 'KeyBurned', { kid: encodeKid(key.kid) });
      for (const form of forms) {
        const kid = encodeKid(thumbprint(form));
        assert.equal(await isBurned(kid), true);
        await ledger.refuses(list(form, await ledger.listIssuer(code)), 'KeyIsBurned', kid);
      }
      await ledger.refuses(burn(key, listing), 'KeyIsBurned', encodeKid(key.kid));
      for (const other of [beyond, { x: key.x, y: without(key.y, ys) }]) {
        assert.equal(await isBurned(encodeKid(thumbprint(other))), false);
      }
    });
  }

  test('can be no point at all: coordinates of zeros are nobody’s', async () => {
    const zero = `0x${'0'.repeat(64)}`;
    const [x, y] = point(newKey());
    for (const [x_, y_] of [
      [zero, y],
      [x, zero],
      [y, x],
    ] as const) {
      const call = { from: ledger.stranger, name: 'burnKey', args: [listing, x_, y_, x, y] };
      const kid = encodeKid(thumbprint({ x: base64url(x_), y: base64url(y_) }));
      await ledger.refuses(call, 'UnknownKey', listing, kid);
    }
  });

  test('ends cards that were good by it, and leaves other keys of the issuer as they are', async () => {
    const iss = 'https://burning.example';
    const id = await ledger.registerIssuer({ iss }, code);
    const [burned, other] = [newKey(), newKey()];
    const kids = [await ledger.registerKey(burned, id), await ledger.registerKey(other, id)];
    await ledger.carryOut(burn(burned, id));
    for (const at of [FROM, UNTIL - 1]) {
      assert.deepEqual(await ledger.lens('isTrusted', iss, kids[0], at), [false]);
      assert.deepEqual(await ledger.lens('isTrusted', iss, kids[1], at), [true]);
    }
  });
});

function base64url(hex: string): string {
  return Buffer.from(hex.slice(2), 'hex').toString('base64url');
}
