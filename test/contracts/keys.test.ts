import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { dataDir } from '../support/data.ts';
import {
  type Call,
  DAY,
  FROM,
  KEY,
  type Ledger,
  point,
  REVOCATION,
  startLedger,
  STATUS,
  UNTIL,
} from './ledger.ts';
import { P256_ORDER, P256_PRIME, shortKey, vciKeys } from './points.ts';

const ZERO = `0x${'0'.repeat(64)}`;

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

  const register = (key: object): Call => ({ from: ledger.controller, name: 'registerKey', args: [key] });
  const list = (...keys: object[]): Call => ({ from: ledger.accreditor, name: 'listKeys', args: [keys] });

  describe('registered with a proof of possession', () => {
    test('a key is registered under the kid that RFC 7638 gives it', async () => {
      const key = newKey();
      const [x, y] = point(key);
      const terms = { validFrom: FROM, validUntil: UNTIL, revocation: REVOCATION.Rids };
      const call = register(ledger.newKey(key, issuer, { revocation: REVOCATION.Rids }));
      const receipt = await ledger.carryOut(call);
      const kid = encodeKid(await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: key.x, y: key.y }));
      ledger.tells(receipt, 'KeyRegistered', {
        issuerId: issuer,
        kid,
        by: ledger.controller,
        time: await ledger.time(),
        x,
        y,
        ...terms,
      });
      await ledger.holds('keyOf', [issuer, kid], { ...terms, state: KEY.Active, listed: false });
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
      await ledger.carryOut(register(proof));
      const second = await ledger.registerIssuer({}, code);
      await ledger.refuses(
        register({ ...proof, issuerId: second }),
        'PossessionNotProven',
        encodeKid(key.kid),
      );
      await ledger.carryOut(register(ledger.newKey(key, second)));
    });

    test('the twin of a signature with a high s is refused, and so are r and s out of range', async () => {
      const key = newKey();
      const terms = ledger.newKey(key, issuer);
      const [r, s] = [BigInt(String(terms['r'])), BigInt(String(terms['s']))];
      for (const [r_, s_] of [
        [r, P256_ORDER - s],
        [0n, s],
        [r, 0n],
        [P256_ORDER, s],
        [r, P256_ORDER],
      ] as const) {
        await ledger.refuses(
          register({ ...terms, r: hex(r_), s: hex(s_) }),
          'PossessionNotProven',
          encodeKid(key.kid),
        );
      }
    });

    test('coordinates that are no point of the curve are refused', async () => {
      const terms = ledger.newKey(newKey(), issuer);
      const { x, y } = terms;
      const beyond = hex(P256_PRIME);
      for (const [x_, y_] of [
        [y, x],
        [ZERO, ZERO],
        [x, ZERO],
        [ZERO, y],
        [beyond, y],
        [x, beyond],
        [hex(2n ** 256n - 1n), y],
      ]) {
        await ledger.refuses(register({ ...terms, x: x_, y: y_ }), 'PointNotOnCurve');
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
        [FROM, 100_000_000_001],
      ] as const) {
        const terms = ledger.newKey(key, issuer, { from, until });
        await ledger.refuses(register(terms), 'InvalidWindow', from, until);
      }
      await ledger.carryOut(register(ledger.newKey(key, issuer, { from: 0, until: 100_000_000_000 })));
    });

    test('only the controller registers, and only while the issuer is pending or active', async () => {
      const key = newKey();
      const terms = ledger.newKey(key, issuer);
      for (const from of [ledger.governor, ledger.accreditor, ledger.stranger]) {
        await ledger.refuses({ ...register(terms), from }, 'NotController', issuer, from);
      }
      await ledger.refuses(register({ ...terms, issuerId: 9999 }), 'UnknownIssuer', 9999);
      const listing = await ledger.listIssuer(code);
      await ledger.refuses(
        { ...register(ledger.newKey(key, listing)), from: ledger.accreditor },
        'NotController',
        listing,
        ledger.accreditor,
      );

      await ledger.registerKey(key, await ledger.issuerIn(STATUS.Pending, code));
      for (const status of [STATUS.Suspended, STATUS.Retired, STATUS.Withdrawn]) {
        const id = await ledger.issuerIn(status, code);
        await ledger.refuses(register(ledger.newKey(key, id)), 'IssuerNotActive', id, status);
      }
    });

    test('a method of revocation that does not exist is no call of this contract', async () => {
      const terms = ledger.newKey(newKey(), issuer, { revocation: 3 });
      assert.equal(await ledger.revertOf(register(terms)), '0x');
    });
  });

  describe('listed by the accreditor', () => {
    let listing: bigint;
    before(async () => {
      listing = await ledger.listIssuer(code);
    });

    const kidsIn = async (call: Call): Promise<string[]> =>
      (await ledger.carryOut(call)).logs.map(({ topics }) => topics[3] ?? '');

    test('a key is listed from the beginning of time, with or without an end', async () => {
      for (const validUntil of [0, UNTIL]) {
        const key = newKey();
        const [x, y] = point(key);
        const kid = encodeKid(key.kid);
        const receipt = await ledger.carryOut(list(ledger.listedKey(key, listing, { validUntil })));
        const terms = { validUntil, revocation: REVOCATION.Rids };
        ledger.tells(receipt, 'KeyListed', {
          issuerId: listing,
          kid,
          by: ledger.accreditor,
          time: await ledger.time(),
          x,
          y,
          ...terms,
        });
        const held = { ...terms, validFrom: 0, state: KEY.Active, listed: true };
        await ledger.holds('keyOf', [listing, kid], held);
        await ledger.refuses(list(ledger.listedKey(key, listing)), 'KeyExists', listing, kid);
      }
      const late = ledger.listedKey(newKey(), listing, { validUntil: FROM * 1000 });
      await ledger.refuses(list(late), 'InvalidWindow', 0, FROM * 1000);
    });

    test('many are listed in one transaction, also of several issuers, or none of them', async () => {
      const second = await ledger.listIssuer(code);
      const [one, two] = [newKey(), newKey()];
      const keys = [one, two].map((key) => ledger.listedKey(key, listing));
      const kids = [one, two, one].map(({ kid }) => encodeKid(kid));
      const call = list(...keys, ledger.listedKey(one, second));
      const fresh = ledger.listedKey(newKey(), listing);
      await ledger.refuses(list(...keys, keys[0] ?? {}), 'KeyExists', listing, kids[0]);
      await ledger.refuses(list(fresh, { ...fresh, x: '0x' }), 'InvalidCoordinate');
      await ledger.holds('keyOf', [listing, kids[0]], { state: KEY.None });
      assert.deepEqual(await kidsIn(call), kids);
      await ledger.refuses(list(fresh, ...keys), 'KeyExists', listing, kids[0]);
      assert.deepEqual(await kidsIn(list()), []);
    });

    test('the kid is over the coordinates as published, a leading zero dropped or not', async () => {
      const short = shortKey();
      const padded = { ...short, x: Buffer.concat([Buffer.of(0), Buffer.from(short.x, 'base64url')]) };
      const long = { x: padded.x.toString('base64url'), y: short.y };
      const kids = await kidsIn(list(ledger.listedKey(short, listing), ledger.listedKey(long, listing)));
      const expected = [short.x, long.x].map((x) =>
        calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x, y: short.y }),
      );
      assert.deepEqual(kids, (await Promise.all(expected)).map(encodeKid));
      assert.notEqual(kids[0], kids[1]);
    });

    test('coordinates of no byte or of 33, and points off the curve, are refused', async () => {
      const key = newKey();
      const terms = ledger.listedKey(key, listing);
      const [x, y] = point(key);
      for (const bad of ['0x', `0x00${x.slice(2)}`, `0x${'00'.repeat(10_000)}`]) {
        await ledger.refuses(list({ ...terms, x: bad }), 'InvalidCoordinate');
        await ledger.refuses(list({ ...terms, y: bad }), 'InvalidCoordinate');
      }
      await ledger.refuses(list({ ...terms, x: '0x01', y: '0x02' }), 'PointNotOnCurve');
      await ledger.refuses(list({ ...terms, x: x.slice(0, -2) }), 'PointNotOnCurve');
      await ledger.refuses(list({ ...terms, x: y, y: x }), 'PointNotOnCurve');
    });

    test('only the accreditor lists, only without a controller, only for a pending or active issuer', async () => {
      const key = newKey();
      const terms = ledger.listedKey(key, listing);
      await ledger.refuses(list({ ...terms, issuerId: 9999 }), 'UnknownIssuer', 9999);
      await ledger.refuses(list({ ...terms, issuerId: issuer }), 'IssuerHasController', issuer);
      for (const from of [ledger.governor, ledger.controller, ledger.neighbour]) {
        await ledger.refuses({ ...list(terms), from }, 'NotAccreditor', code, from);
      }
      const noController = { controller: `0x${'0'.repeat(40)}` };
      await ledger.listKey(key, await ledger.issuerIn(STATUS.Pending, code, noController));
      for (const status of [STATUS.Suspended, STATUS.Retired, STATUS.Withdrawn]) {
        const id = await ledger.issuerIn(status, code, noController);
        await ledger.refuses(list({ ...terms, issuerId: id }), 'IssuerNotActive', id, status);
      }
    });

    const real = { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false };
    test(
      'real keys of the VCI directory get the kids they are published under, short ones too',
      real,
      async () => {
        const keys = vciKeys(dataDir ?? '');
        const kids = await kidsIn(list(...keys.map((key) => ledger.listedKey(key, listing))));
        assert.deepEqual(
          kids,
          keys.map(({ kid }) => encodeKid(kid)),
        );
      },
    );
  });

  describe('revocable', () => {
    const set = (id: bigint, kid: string, revocation: number): Call => ({
      from: ledger.controller,
      name: 'setKeyRevocation',
      args: [id, kid, revocation],
    });

    test('from one method to another never, but from none', async () => {
      const { Bits, None, Rids } = REVOCATION;
      for (const revocation of [Bits, Rids]) {
        const kid = await ledger.registerKey(newKey(), issuer, { revocation: None });
        await ledger.refuses(set(issuer, kid, None), 'InvalidRevocation', None, None);
        ledger.tells(await ledger.carryOut(set(issuer, kid, revocation)), 'KeyRevocationChanged', {
          issuerId: issuer,
          kid,
          by: ledger.controller,
          time: await ledger.time(),
          revocation,
        });
        const window = { validFrom: FROM, validUntil: UNTIL };
        await ledger.holds('keyOf', [issuer, kid], { ...window, revocation, state: KEY.Active });
        for (const next of [None, Bits, Rids]) {
          await ledger.refuses(set(issuer, kid, next), 'InvalidRevocation', revocation, next);
        }
      }
    });

    test('by who controls the issuer, for a key that has not been reported stolen', async () => {
      const { accreditor, controller, stranger } = ledger;
      const none = { revocation: REVOCATION.None };
      const kid = await ledger.registerKey(newKey(), issuer, none);
      const listing = await ledger.listIssuer(code);
      const listed = await ledger.listKey(newKey(), listing, none);
      for (const [id, itsKid, others] of [
        [issuer, kid, [accreditor, stranger]],
        [listing, listed, [controller, stranger]],
      ] as const) {
        for (const from of others) {
          await ledger.refuses({ ...set(id, itsKid, 1), from }, 'NotController', id, from);
        }
      }
      await ledger.carryOut({ ...set(listing, listed, 2), from: accreditor });
      await ledger.send(controller, 'retireKey', issuer, kid);
      await ledger.carryOut(set(issuer, kid, 1));
      const stolen = await ledger.registerKey(newKey(), issuer, none);
      await ledger.send(controller, 'compromiseKey', issuer, stolen);
      await ledger.refuses(set(issuer, stolen, 1), 'KeyIsCompromised', issuer, stolen);
      await ledger.refuses(set(issuer, ZERO, 1), 'UnknownKey', issuer, ZERO);
    });
  });

  describe('brought to an end', () => {
    const retire = (id: unknown, kid: unknown, from = ledger.controller): Call => ({
      from,
      name: 'retireKey',
      args: [id, kid],
    });

    test('a retired key ends now, and is retired once', async () => {
      const kid = await ledger.registerKey(newKey(), issuer);
      const receipt = await ledger.carryOut(retire(issuer, kid));
      const validUntil = await ledger.time();
      ledger.tells(receipt, 'KeyRetired', {
        issuerId: issuer,
        kid,
        by: ledger.controller,
        time: validUntil,
        validUntil,
      });
      await ledger.holds('keyOf', [issuer, kid], { state: KEY.Retired, validUntil });

      await ledger.pass(DAY);
      await ledger.refuses(retire(issuer, kid), 'KeyIsRetired', issuer, kid);
      const { stranger } = ledger;
      await ledger.refuses(retire(issuer, kid, stranger), 'NotController', issuer, stranger);
      await ledger.holds('keyOf', [issuer, kid], { validUntil });
    });

    test('retiring never prolongs a key that is past its window', async () => {
      const until = FROM + DAY;
      const kid = await ledger.registerKey(newKey(), issuer, { until });
      ledger.tells(await ledger.carryOut(retire(issuer, kid)), 'KeyRetired', { validUntil: until });
      await ledger.holds('keyOf', [issuer, kid], { validUntil: until });
    });

    test('a listed key without end ends when it is retired', async () => {
      const listing = await ledger.listIssuer(code);
      const kid = await ledger.listKey(newKey(), listing);
      await ledger.carryOut(retire(listing, kid, ledger.accreditor));
      const validUntil = await ledger.time();
      await ledger.holds('keyOf', [listing, kid], { validUntil, state: KEY.Retired });
    });

    test('the accreditor retires listed keys only, the controller its own', async () => {
      const kid = await ledger.registerKey(newKey(), issuer);
      for (const from of [ledger.accreditor, ledger.governor, ledger.stranger]) {
        await ledger.refuses(retire(issuer, kid, from), 'NotController', issuer, from);
      }
      const listing = await ledger.listIssuer(code);
      const listed = await ledger.listKey(newKey(), listing);
      await ledger.refuses(retire(listing, listed), 'NotController', listing, ledger.controller);
      await ledger.carryOut(retire(listing, listed, ledger.accreditor));
    });

    test('controller and accreditor report a key stolen, whatever its issuer has become; that is final', async () => {
      const { accreditor, controller, governor, stranger } = ledger;
      const id = await ledger.registerIssuer({}, code);
      const kids = [await ledger.registerKey(newKey(), id), await ledger.registerKey(newKey(), id)];
      const [first, second] = kids as [string, string];
      const report = (from: string, kid: string): Call => ({ from, name: 'compromiseKey', args: [id, kid] });
      for (const from of [governor, stranger]) {
        await ledger.refuses(report(from, first), 'NotController', id, from);
      }
      await ledger.carryOut(report(accreditor, first));
      await ledger.carryOut(retire(id, second));
      await ledger.setStatus(id, STATUS.Withdrawn);
      ledger.tells(await ledger.carryOut(report(controller, second)), 'KeyCompromised', {
        issuerId: id,
        kid: second,
        by: controller,
        time: await ledger.time(),
      });

      for (const kid of kids) {
        await ledger.holds('keyOf', [id, kid], { state: KEY.Compromised });
        for (const call of [report(accreditor, kid), report(controller, kid), retire(id, kid)]) {
          await ledger.refuses(call, 'KeyIsCompromised', id, kid);
        }
      }
    });

    test('a kid belongs to its issuer alone', async () => {
      const key = newKey();
      const kid = await ledger.registerKey(key, issuer);
      const second = await ledger.registerIssuer({}, code);
      for (const name of ['compromiseKey', 'retireKey']) {
        const call = { from: ledger.controller, name, args: [second, kid] };
        await ledger.refuses(call, 'UnknownKey', second, kid);
      }
      await ledger.holds('keyOf', [second, kid], { state: KEY.None });
      await ledger.registerKey(key, second);
      await ledger.send(ledger.controller, 'compromiseKey', second, kid);
      await ledger.holds('keyOf', [issuer, kid], { state: KEY.Active });
    });
  });
});

function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
