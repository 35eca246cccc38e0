import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroAddress, ZeroHash } from 'ethers';
import { lensOf } from '../../contracts/lens.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { DAY, FROM, GUARDIAN, type Ledger, startLedger, STATUS, word } from './ledger.ts';

/** Accredited a day after the key begins, and a day longer than the key. */
const ACCREDITED = { accreditedFrom: FROM + DAY, accreditedUntil: FROM + 10 * DAY };
const KEY_UNTIL = FROM + 9 * DAY;
/** A moment at which accreditation and key are good. */
const GOOD = FROM + 5 * DAY;

let ledger: Ledger;
let code: string;
before(async () => {
  ledger = await startLedger();
  await ledger.appointGuardian();
  code = await ledger.openJurisdiction();
});
after(() => ledger.stop());

describe('the lens', () => {
  test('is where it is derived, and where the registry says', async () => {
    const [lens] = await ledger.view('lens');
    assert.equal(String(lens).toLowerCase(), lensOf(ledger.registry));
    assert.notEqual(await ledger.rpc('eth_getCode', lens, 'latest'), '0x');
  });

  test('reads what nobody wrote as nothing', async () => {
    const nowhere = encodeJurisdiction('NOWHERE');
    const nobody = { account: ZeroAddress, notBefore: 0, fromAbove: false };
    await ledger.holds('accreditorProposalOf', [nowhere], nobody);
    await ledger.holds('controllerProposalOf', [9999], nobody);
    await ledger.holds('rulesOf', [nowhere, word('id')], { digest: ZeroHash, version: 0, validFrom: 0 });
    await ledger.holds('keyOf', [9999, word('kid')], { state: 0, validFrom: 0, listed: false });
    ledger.assertPlain(await ledger.lens('transferOfferOf', 9999), [ZeroHash, false, 0]);
    ledger.assertPlain(await ledger.lens('roleOfferOf', GUARDIAN, ledger.stranger), [0]);
    ledger.assertPlain(await ledger.lens('isBurned', word('kid')), [false]);
    ledger.assertPlain(await ledger.lens('venueIdOf', nowhere, 'did:web:nobody.example'), [0]);
    const anchor = await ledger.anchorOf(9999n, word('list'));
    ledger.assertPlain(Object.values(anchor), [ZeroHash, 0, 0, 0, 0, false]);
  });
});

describe('whether a card’s issuer is trusted', () => {
  let count = 0;

  interface Trusted {
    iss: string;
    id: bigint;
    kid: string;
    key: ReturnType<typeof newKey>;
  }

  async function trusted(terms: object = {}, jurisdiction = code): Promise<Trusted> {
    const iss = `https://trusted-${++count}.example`;
    const id = await ledger.registerIssuer({ iss, ...ACCREDITED, ...terms }, jurisdiction);
    const key = newKey();
    const kid = await ledger.registerKey(key, id, { until: KEY_UNTIL });
    return { iss, id, kid, key };
  }

  async function isTrusted({ iss, kid }: Trusted, nbf = GOOD): Promise<boolean> {
    return (await ledger.lens('isTrusted', iss, kid, nbf))[0] as boolean;
  }

  test('it is, from the first second of accreditation and key to the last of both', async () => {
    const one = await trusted();
    for (const [nbf, expected] of [
      [0, false],
      [FROM, false],
      [FROM + DAY - 1, false],
      [FROM + DAY, true],
      [GOOD, true],
      [KEY_UNTIL - 1, true],
      [KEY_UNTIL, false],
      [FROM + 10 * DAY, false],
    ] as const) {
      assert.equal(await isTrusted(one, nbf), expected, String(nbf));
    }
    const endless = await trusted({ accreditedFrom: 0, accreditedUntil: 0 });
    assert.equal(await isTrusted(endless, FROM - 1), false);
    assert.equal(await isTrusted(endless, FROM), true);
  });

  test('a listed key counts from the beginning of time, without an end if it has none', async () => {
    const iss = 'https://listed.example';
    const id = await ledger.registerIssuer({ iss, controller: ZeroAddress, accreditedFrom: 0 }, code);
    const kid = await ledger.listKey(newKey(), id);
    const ending = await ledger.listKey(newKey(), id, { validUntil: GOOD });
    for (const nbf of [0, GOOD - 1, GOOD, 100_000_000_000]) {
      assert.deepEqual(await ledger.lens('isTrusted', iss, kid, nbf), [true]);
      assert.deepEqual(await ledger.lens('isTrusted', iss, ending, nbf), [nbf < GOOD]);
    }
  });

  test('it is not by another iss, another kid or another spelling', async () => {
    const [one, two] = [await trusted(), await trusted()];
    assert.equal(await isTrusted({ ...one, kid: two.kid }), false);
    assert.equal(await isTrusted({ ...one, kid: ZeroHash }), false);
    for (const iss of [two.iss, `${one.iss}/`, one.iss.toUpperCase(), '', 'https://nobody.example']) {
      assert.equal(await isTrusted({ ...one, iss }), false);
    }
  });

  test('only of an active issuer, or a retired one’s older cards', async () => {
    for (const [status, expected] of [
      [STATUS.Pending, false],
      [STATUS.Active, true],
    ] as const) {
      assert.equal(await isTrusted(await trusted({ status })), expected);
    }
    for (const [status, expected] of [
      [STATUS.Suspended, false],
      [STATUS.Retired, true],
      [STATUS.Withdrawn, false],
    ] as const) {
      const one = await trusted();
      await ledger.setStatus(one.id, status);
      assert.equal(await isTrusted(one), expected, String(status));
    }
    const endless = await trusted({ accreditedUntil: 0 });
    const kid = await ledger.registerKey(newKey(), endless.id);
    await ledger.setStatus(endless.id, STATUS.Retired);
    const retired = await ledger.time();
    assert.equal(await isTrusted({ ...endless, kid }, retired - 1), true);
    assert.equal(await isTrusted({ ...endless, kid }, retired), false);
  });

  test('not while the issuer is held or its jurisdiction suspended', async () => {
    const jurisdiction = await ledger.openJurisdiction();
    const one = await trusted({}, jurisdiction);
    for (const [name, subject] of [
      ['setIssuerHeld', one.id],
      ['setJurisdictionSuspended', jurisdiction],
    ] as const) {
      await ledger.send(ledger.guardian, name, subject, true, 0);
      assert.equal(await isTrusted(one), false);
      await ledger.send(ledger.governor, name, subject, false, 0);
      assert.equal(await isTrusted(one), true);
    }
  });

  test('not of a key reported stolen or burned; of a retired key as long as it was good', async () => {
    const { controller, stranger } = ledger;
    const stolen = await trusted();
    await ledger.send(controller, 'compromiseKey', stolen.id, stolen.kid);
    assert.equal(await isTrusted(stolen), false);

    const burned = await trusted();
    await ledger.send(stranger, 'burnKey', ...ledger.burning(burned.key, burned.id));
    assert.equal(await isTrusted(burned), false);

    const retired = await trusted({ accreditedUntil: 0 });
    const kid = await ledger.registerKey(newKey(), retired.id);
    await ledger.send(controller, 'retireKey', retired.id, kid);
    const now = await ledger.time();
    assert.equal(await isTrusted({ ...retired, kid }, now - 1), true);
    assert.equal(await isTrusted({ ...retired, kid }, now), false);
  });

  test('not of an issuer that moved into a suspended jurisdiction', async () => {
    const { accreditor, neighbour } = ledger;
    const other = await ledger.openJurisdiction(neighbour);
    const one = await trusted();
    await ledger.send(accreditor, 'offerIssuer', one.id, other);
    await ledger.send(neighbour, 'acceptIssuer', one.id);
    assert.equal(await isTrusted(one), true);
    await ledger.suspend(other);
    assert.equal(await isTrusted(one), false);
  });
});
