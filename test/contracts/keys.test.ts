import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { newKey, type TestKey } from '../support/cards.ts';
import { dataDir } from '../support/data.ts';
import { DAY, FROM, KEY, type Ledger, point, REVOCATION, startLedger, STATUS, UNTIL } from './ledger.ts';

const P256_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

interface Call {
  from: string;
  name: string;
  args: unknown[];
}

describe('keys', () => {
  let ledger: Ledger;
  let code: string;
  let issuer: bigint;
  before(async () => {
    ledger = await startLedger();
    code = await ledger.openJurisdiction();
    issuer = await ledger.registerIssuer({}, code);
  });
  after(() => ledger.stop());

  const register = (args: unknown[]): Call => ({ from: ledger.controller, name: 'registerKey', args });
  const list = (args: unknown[]): Call => ({ from: ledger.accreditor, name: 'listKey', args });

  const state = async (issuerId: bigint, kid: string): Promise<Record<string, unknown>> =>
    ledger.held('keyOf', issuerId, kid);

  describe('registered with a proof of possession', () => {
    test('a key is registered under the kid that RFC 7638 gives it', async () => {
      const key = newKey();
      const receipt = await ledger.send(ledger.controller, 'registerKey', ...ledger.newKey(key, issuer));
      const kid = encodeKid(await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: key.x, y: key.y }));
      const event = ledger.event(receipt, 'KeyRegistered');
      assert.deepEqual([event['kid'], event['x'], event['y']], [kid, ...point(key)]);
      assert.deepEqual(await state(issuer, kid), {
        validFrom: BigInt(FROM),
        validUntil: BigInt(UNTIL),
        state: BigInt(KEY.Active),
        revocation: BigInt(REVOCATION.Bits),
        listed: false,
      });
      await ledger.refuses(register(ledger.newKey(key, issuer)), 'KeyExists', issuer, kid);
    });

    test('a proof by another key, or for another chain, registry, issuer, kid or window, proves nothing', async () => {
      const [key, other] = [newKey(), newKey()];
      const refused = ['PossessionNotProven', encodeKid(key.kid)] as const;
      await ledger.refuses(register(ledger.newKey(key, issuer, { signer: other })), ...refused);
      for (const bound of [
        { chainId: 1 },
        { registry: ledger.stranger },
        { issuerId: Number(issuer) + 1 },
        { kid: other.kid },
        { validFrom: FROM + 1 },
        { validUntil: UNTIL + 1 },
      ]) {
        await ledger.refuses(register(ledger.newKey(key, issuer, { bound })), ...refused);
      }
    });

    test('a proof seen on chain cannot be used again for another issuer', async () => {
      const key = newKey();
      const proof = ledger.newKey(key, issuer);
      await ledger.send(ledger.controller, 'registerKey', ...proof);
      const second = await ledger.registerIssuer({}, code);
      await ledger.refuses(register([second, ...proof.slice(1)]), 'PossessionNotProven', encodeKid(key.kid));
      await ledger.send(ledger.controller, 'registerKey', ...ledger.newKey(key, second));
    });

    test('the twin of a signature with a high s is refused, and so are r and s out of range', async () => {
      const key = newKey();
      const args = ledger.newKey(key, issuer);
      const [r, s] = [BigInt(String(args[6])), BigInt(String(args[7]))];
      for (const [r_, s_] of [
        [r, P256_ORDER - s],
        [0n, s],
        [r, 0n],
        [P256_ORDER, s],
      ] as const) {
        const hex = [r_, s_].map((n) => `0x${n.toString(16).padStart(64, '0')}`);
        await ledger.refuses(
          register([...args.slice(0, 6), ...hex]),
          'PossessionNotProven',
          encodeKid(key.kid),
        );
      }
    });

    test('coordinates that are no point of the curve are refused', async () => {
      const key = newKey();
      const [id, x, y, ...rest] = ledger.newKey(key, issuer);
      const zero = `0x${'0'.repeat(64)}`;
      const beyond = `0x${P256_PRIME.toString(16)}`;
      for (const [x_, y_] of [
        [y, x],
        [zero, zero],
        [x, zero],
        [beyond, y],
        [x, beyond],
      ]) {
        await ledger.refuses(register([id, x_, y_, ...rest]), 'PointNotOnCurve');
      }
    });

    test('its window must end, after it begins, in seconds', async () => {
      const key = newKey();
      for (const [from, until] of [
        [FROM, 0],
        [0, 0],
        [FROM, FROM],
        [FROM, FROM - 1],
        [FROM, FROM * 1000],
        [FROM * 1000, FROM * 1000 + 1],
      ] as const) {
        await ledger.refuses(
          register(ledger.newKey(key, issuer, { from, until })),
          'InvalidWindow',
          from,
          until,
        );
      }
    });

    test('only the controller registers, and only while the issuer is pending or active', async () => {
      const key = newKey();
      const args = ledger.newKey(key, issuer);
      for (const from of [ledger.governor, ledger.accreditor, ledger.stranger]) {
        await ledger.refuses({ ...register(args), from }, 'NotController', issuer, from);
      }
      await ledger.refuses(register([9999n, ...args.slice(1)]), 'UnknownIssuer', 9999);
      const listing = await ledger.listIssuer(code);
      await ledger.refuses(
        { ...register(ledger.newKey(key, listing)), from: ledger.accreditor },
        'NotController',
        listing,
        ledger.accreditor,
      );

      const pending = await ledger.registerIssuer({ status: STATUS.Pending }, code);
      await ledger.registerKey(key, pending);
      for (const status of [STATUS.Suspended, STATUS.Retired, STATUS.Withdrawn]) {
        const id = await ledger.registerIssuer({}, code);
        await ledger.send(ledger.accreditor, 'setIssuerStatus', id, status, 0);
        await ledger.refuses(register(ledger.newKey(key, id)), 'IssuerNotActive', id, status);
      }
    });

    test('a chain without the P-256 precompile proves possession all the same', async () => {
      const older = await startLedger({ hardfork: 'cancun' });
      try {
        const id = await older.registerIssuer();
        const [key, other] = [newKey(), newKey()];
        await older.registerKey(key, id);
        const call = { from: older.controller, name: 'registerKey' };
        const args = older.newKey(other, id, { signer: key });
        await older.refuses({ ...call, args }, 'PossessionNotProven', encodeKid(other.kid));
      } finally {
        await older.stop();
      }
    });
  });

  describe('listed by the accreditor', () => {
    let listing: bigint;
    before(async () => {
      listing = await ledger.listIssuer(code);
    });

    test('a key is listed from the beginning of time, with or without an end', async () => {
      const [key, ending] = [newKey(), newKey()];
      const kid = await ledger.listKey(key, listing);
      assert.deepEqual(await state(listing, kid), {
        validFrom: 0n,
        validUntil: 0n,
        state: BigInt(KEY.Active),
        revocation: BigInt(REVOCATION.Rids),
        listed: true,
      });
      assert.equal(
        (await state(listing, await ledger.listKey(ending, listing, UNTIL)))['validUntil'],
        BigInt(UNTIL),
      );
      await ledger.refuses(list([listing, ...point(key), 0, 0]), 'KeyExists', listing, kid);
      await ledger.refuses(
        list([listing, ...point(newKey()), FROM * 1000, 0]),
        'InvalidWindow',
        0,
        FROM * 1000,
      );
    });

    test('the kid is over the coordinates as published, a leading zero dropped or not', async () => {
      const short = shortKey();
      const padded = { ...short, x: Buffer.concat([Buffer.of(0), Buffer.from(short.x, 'base64url')]) };
      const args = [`0x${padded.x.toString('hex')}`, point(short)[1]];
      const receipts = [
        await ledger.send(ledger.accreditor, 'listKey', listing, ...point(short), 0, 0),
        await ledger.send(ledger.accreditor, 'listKey', listing, ...args, 0, 0),
      ];
      const kids = receipts.map((receipt) => ledger.event(receipt, 'KeyListed')['kid'] as string);
      const expected = [short.x, padded.x.toString('base64url')].map((x) =>
        calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x, y: short.y }),
      );
      assert.deepEqual(kids, (await Promise.all(expected)).map(encodeKid));
      assert.notEqual(kids[0], kids[1]);
    });

    test('the same key may stand under several issuers', async () => {
      const key = newKey();
      await ledger.listKey(key, listing);
      await ledger.listKey(key, await ledger.listIssuer(code));
    });

    test('coordinates of no byte or of 33, and points off the curve, are refused', async () => {
      const [x, y] = point(newKey());
      for (const bad of ['0x', `0x00${x.slice(2)}`, `0x${'00'.repeat(10_000)}`]) {
        await ledger.refuses(list([listing, bad, y, 0, 0]), 'InvalidCoordinate');
        await ledger.refuses(list([listing, x, bad, 0, 0]), 'InvalidCoordinate');
      }
      await ledger.refuses(list([listing, '0x01', '0x02', 0, 0]), 'PointNotOnCurve');
      await ledger.refuses(list([listing, x.slice(0, -2), y, 0, 0]), 'PointNotOnCurve');
    });

    test('only the accreditor lists, only without a controller, only for a pending or active issuer', async () => {
      const args = [...point(newKey()), 0, 0];
      await ledger.refuses(list([9999n, ...args]), 'UnknownIssuer', 9999);
      await ledger.refuses(list([issuer, ...args]), 'IssuerHasController', issuer);
      for (const from of [ledger.governor, ledger.controller]) {
        await ledger.refuses({ ...list([listing, ...args]), from }, 'NotAccreditor', code, from);
      }
      const gone = await ledger.listIssuer(code);
      await ledger.send(ledger.accreditor, 'setIssuerStatus', gone, STATUS.Withdrawn, 0);
      await ledger.refuses(list([gone, ...args]), 'IssuerNotActive', gone, STATUS.Withdrawn);
    });

    const real = { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false };
    test(
      'real keys of the VCI directory get the kids they are published under, short ones too',
      real,
      async () => {
        for (const { kid, x, y } of vciKeys(dataDir ?? '')) {
          const receipt = await ledger.send(ledger.accreditor, 'listKey', listing, ...point({ x, y }), 0, 0);
          assert.equal(ledger.event(receipt, 'KeyListed')['kid'], encodeKid(kid));
        }
      },
    );
  });

  describe('brought to an end', () => {
    test('a retired key ends now, and is retired once', async () => {
      const kid = await ledger.registerKey(newKey(), issuer);
      const receipt = await ledger.send(ledger.controller, 'retireKey', issuer, kid);
      const until = BigInt(await ledger.time());
      assert.equal(ledger.event(receipt, 'KeyRetired')['validUntil'], until);
      assert.partialDeepStrictEqual(await state(issuer, kid), {
        state: BigInt(KEY.Retired),
        validUntil: until,
      });

      await ledger.rpc('evm_increaseTime', DAY);
      const again = { from: ledger.controller, name: 'retireKey', args: [issuer, kid] };
      await ledger.refuses(again, 'KeyIsRetired', issuer, kid);
      await ledger.refuses({ ...again, from: ledger.stranger }, 'NotController', issuer, ledger.stranger);
      assert.equal((await state(issuer, kid))['validUntil'], until);
    });

    test('retiring never prolongs a key that is past its window', async () => {
      const key = newKey();
      const until = FROM + DAY;
      await ledger.send(ledger.controller, 'registerKey', ...ledger.newKey(key, issuer, { until }));
      await ledger.send(ledger.controller, 'retireKey', issuer, encodeKid(key.kid));
      assert.equal((await state(issuer, encodeKid(key.kid)))['validUntil'], BigInt(until));
    });

    test('the accreditor retires listed keys only, the controller its own', async () => {
      const kid = await ledger.registerKey(newKey(), issuer);
      for (const from of [ledger.accreditor, ledger.governor, ledger.stranger]) {
        const call = { from, name: 'retireKey', args: [issuer, kid] };
        await ledger.refuses(call, 'NotController', issuer, from);
      }
      const listing = await ledger.listIssuer(code);
      const listed = await ledger.listKey(newKey(), listing);
      const call = { from: ledger.controller, name: 'retireKey', args: [listing, listed] };
      await ledger.refuses(call, 'NotAccreditor', code, ledger.controller);
      await ledger.send(ledger.accreditor, 'retireKey', listing, listed);
    });

    test('controller and accreditor report a key stolen, whatever its issuer has become; that is final', async () => {
      const id = await ledger.registerIssuer({}, code);
      const kids = [await ledger.registerKey(newKey(), id), await ledger.registerKey(newKey(), id)];
      const call = { name: 'compromiseKey', args: [id, kids[0]] };
      for (const from of [ledger.governor, ledger.stranger]) {
        await ledger.refuses({ ...call, from }, 'NotController', id, from);
      }
      await ledger.send(ledger.accreditor, 'compromiseKey', id, kids[0]);
      await ledger.send(ledger.controller, 'retireKey', id, kids[1]);
      await ledger.send(ledger.accreditor, 'setIssuerStatus', id, STATUS.Withdrawn, 0);
      const receipt = await ledger.send(ledger.controller, 'compromiseKey', id, kids[1]);
      assert.equal(ledger.event(receipt, 'KeyCompromised')['kid'], kids[1]);

      for (const kid of kids) {
        assert.equal((await state(id, kid))['state'], BigInt(KEY.Compromised));
        for (const name of ['compromiseKey', 'retireKey']) {
          const again = { from: ledger.controller, name, args: [id, kid] };
          await ledger.refuses(again, 'KeyIsCompromised', id, kid);
        }
      }
    });

    test('a kid belongs to its issuer alone', async () => {
      const kid = await ledger.registerKey(newKey(), issuer);
      const second = await ledger.registerIssuer({}, code);
      for (const name of ['compromiseKey', 'retireKey']) {
        const call = { from: ledger.controller, name, args: [second, kid] };
        await ledger.refuses(call, 'UnknownKey', second, kid);
      }
      assert.equal((await state(second, kid))['state'], BigInt(KEY.None));
    });
  });
});

/** A key whose x begins with a zero byte, published without it as two real keys are. */
function shortKey(): TestKey {
  for (;;) {
    const key = newKey();
    const x = Buffer.from(key.x, 'base64url');
    if (x[0] === 0) return { ...key, x: x.subarray(1).toString('base64url') };
  }
}

function vciKeys(dir: string): { kid: string; x: string; y: string }[] {
  const snapshot = JSON.parse(readFileSync(join(dir, 'vci-directory', 'vci_snapshot.json'), 'utf8')) as {
    issuerInfo: { keys: { kid: string; x: string; y: string }[] }[];
  };
  const keys = snapshot.issuerInfo.flatMap((issuer) => issuer.keys);
  const short = keys.filter(({ x, y }) => x.length < 43 || y.length < 43);
  assert.equal(short.length, 2);
  return [...short, ...keys.slice(0, 5)];
}
