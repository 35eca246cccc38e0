import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroAddress, ZeroHash } from 'ethers';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { type Ledger, point, REVOCATION, startLedger, STATUS, word } from './ledger.ts';

describe('jurisdictions', () => {
  let ledger: Ledger;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());

  test('the governor opens a jurisdiction with its accreditor', async () => {
    const code = encodeJurisdiction('US-NY');
    const { governor, accreditor } = ledger;
    const receipt = await ledger.send(governor, 'openJurisdiction', code, 'New York', accreditor);
    const opened = ledger.event(receipt, 'JurisdictionOpened');
    assert.equal(opened['jurisdiction'], code);
    assert.equal(opened['name'], 'New York');
    assert.equal(String(opened['accreditor']).toLowerCase(), accreditor);
    assert.equal(String(opened['by']).toLowerCase(), governor);
    assert.equal(Number(opened['time']), await ledger.time());
    assert.deepEqual(await ledger.held('jurisdictionOf', code), {
      accreditor: opened['accreditor'],
      suspended: false,
    });

    await ledger.refuses(open([code, 'Again', accreditor]), 'JurisdictionExists', code);
  });

  test('nobody but the governor opens or suspends one', async () => {
    const code = encodeJurisdiction('NOT-MINE');
    for (const from of [ledger.accreditor, ledger.stranger]) {
      const refused = ['AccessControlUnauthorizedAccount', from, ZeroHash] as const;
      await ledger.refuses({ ...open([code, 'Mine', from]), from }, ...refused);
      await ledger.refuses({ from, name: 'setJurisdictionSuspended', args: [code, true, 0] }, ...refused);
    }
  });

  test('a code is capital letters, digits and hyphens, left-aligned', async () => {
    const bad = ['', 'us-ny', 'US NY', 'US_NY', 'É'].map((text) => ascii(text));
    bad.push(`0x00${ascii('US').slice(2, 64)}`, `0x5500${ascii('S').slice(2, 62)}`, `0x${'80'.repeat(32)}`);
    for (const code of bad) {
      await ledger.refuses(open([code, 'Name', ledger.accreditor]), 'InvalidJurisdictionCode', code);
    }
    for (const code of ['X', '0', '-', 'A'.repeat(31), 'Z'.repeat(32)]) {
      await ledger.send(ledger.governor, ...args(open([ascii(code), 'Name', ledger.accreditor])));
    }
  });

  test('a name has 1 to 200 bytes, and an accreditor is somebody', async () => {
    const [short, long, fits] = ['NAME-0', 'NAME-201', 'NAME-200'].map(encodeJurisdiction);
    await ledger.refuses(open([short, '', ledger.accreditor]), 'InvalidNameLength', 0);
    await ledger.refuses(open([long, 'é'.repeat(100) + 'x', ledger.accreditor]), 'InvalidNameLength', 201);
    await ledger.refuses(open([long, 'x'.repeat(10_000), ledger.accreditor]), 'InvalidNameLength', 10_000);
    await ledger.refuses(open([short, 'Name', ZeroAddress]), 'ZeroAddress');
    await ledger.send(ledger.governor, ...args(open([fits, 'é'.repeat(100), ledger.accreditor])));
  });

  test('one that was never opened cannot be suspended', async () => {
    const code = encodeJurisdiction('NOWHERE');
    await ledger.refuses(suspend(code, true), 'UnknownJurisdiction', code);
    assert.deepEqual(await ledger.held('jurisdictionOf', code), {
      accreditor: ZeroAddress,
      suspended: false,
    });
  });

  test('one is suspended once and resumed once, so that the log does not grow by repetition', async () => {
    const code = await ledger.openJurisdiction();
    await ledger.refuses(suspend(code, false), 'SuspensionUnchanged', code, false);
    await ledger.send(ledger.governor, ...args(suspend(code, true)));
    await ledger.refuses(suspend(code, true), 'SuspensionUnchanged', code, true);
    await ledger.send(ledger.governor, ...args(suspend(code, false)));
    await ledger.refuses(suspend(code, false), 'SuspensionUnchanged', code, false);
  });

  test('its name holds no control character', async () => {
    const code = encodeJurisdiction('CONTROLS');
    await ledger.refuses(open([code, 'New\u009bYork\u001b[2J', ledger.accreditor]), 'InvalidName');
    await ledger.refuses(open([code, '\ufeff', ledger.accreditor]), 'InvalidName');
  });

  test('while one is suspended, trust can only be lowered in it', async () => {
    const { accreditor, controller, governor } = ledger;
    const code = await ledger.openJurisdiction();
    const ids = [];
    for (let i = 0; i < 4; i++) ids.push(await ledger.registerIssuer({}, code));
    const [id = 0n, second, third, fourth] = ids;
    const listing = await ledger.listIssuer(code);
    const kids = [await ledger.registerKey(newKey(), id), await ledger.registerKey(newKey(), id)];
    await ledger.send(accreditor, 'setIssuerStatus', fourth, STATUS.Suspended, 0);

    const receipt = await ledger.send(governor, 'setJurisdictionSuspended', code, true, 7);
    const changed = ledger.event(receipt, 'JurisdictionSuspensionChanged');
    assert.deepEqual([changed['suspended'], changed['reason']], [true, 7n]);

    const fresh = newKey();
    const raising: [string, string, unknown[]][] = [
      [accreditor, 'registerIssuer', [ledger.newIssuer(code)]],
      [accreditor, 'setIssuerStatus', [fourth, STATUS.Active, 0]],
      [accreditor, 'setIssuerStatus', [fourth, STATUS.Retired, 0]],
      [accreditor, 'listKey', [listing, ...point(fresh), 0, REVOCATION.None]],
      [controller, 'registerKey', ledger.newKey(fresh, id)],
      [controller, 'anchor', [id, word('list'), word('root'), 1, 0, 0, false]],
    ];
    for (const [from, name, args_] of raising) {
      await ledger.refuses({ from, name, args: args_ }, 'JurisdictionSuspended', code);
    }

    await ledger.send(controller, 'retireKey', id, kids[0]);
    await ledger.send(controller, 'compromiseKey', id, kids[1]);
    await ledger.send(accreditor, 'setIssuerStatus', second, STATUS.Suspended, 0);
    await ledger.send(accreditor, 'setIssuerStatus', third, STATUS.Withdrawn, 0);

    await ledger.send(governor, 'setJurisdictionSuspended', code, false, 0);
    for (const [from, name, args_] of raising.slice(0, -1)) {
      if (args_[1] !== STATUS.Retired) await ledger.send(from, name, ...args_);
    }
  });

  function open(values: unknown[]): { from: string; name: string; args: unknown[] } {
    return { from: ledger.governor, name: 'openJurisdiction', args: values };
  }

  function suspend(code: string, suspended: boolean): { from: string; name: string; args: unknown[] } {
    return { from: ledger.governor, name: 'setJurisdictionSuspended', args: [code, suspended, 0] };
  }
});

function args(call: { name: string; args: unknown[] }): [string, ...unknown[]] {
  return [call.name, ...call.args];
}

function ascii(text: string): string {
  return `0x${Buffer.from(text).toString('hex').padEnd(64, '0')}`;
}
