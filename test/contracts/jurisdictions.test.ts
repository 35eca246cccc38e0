import { after, before, describe, test } from 'node:test';
import { ZeroAddress, ZeroHash } from 'ethers';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { type Call, DAY, type Ledger, startLedger, STATUS, word } from './ledger.ts';

describe('jurisdictions', () => {
  let ledger: Ledger;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());

  const open = (...args: unknown[]): Call => ({ from: ledger.governor, name: 'openJurisdiction', args });
  const suspend = (code: string, suspended: boolean, reason = 0): Call => ({
    from: ledger.governor,
    name: 'setJurisdictionSuspended',
    args: [code, suspended, reason],
  });

  test('the governor opens a jurisdiction with its accreditor', async () => {
    const code = encodeJurisdiction('US-NY');
    const { governor, accreditor } = ledger;
    const receipt = await ledger.carryOut(open(code, 'New York', accreditor));
    ledger.tells(receipt, 'JurisdictionOpened', {
      seq: 0,
      jurisdiction: code,
      by: governor,
      time: await ledger.time(),
      accreditor,
      name: 'New York',
    });
    await ledger.holds('jurisdictionOf', [code], { accreditor, suspended: false });
    await ledger.refuses(open(code, 'Again', accreditor), 'JurisdictionExists', code);
  });

  test('nobody but the governor opens one', async () => {
    const code = encodeJurisdiction('NOT-MINE');
    for (const from of [ledger.accreditor, ledger.stranger]) {
      await ledger.refuses(
        { ...open(code, 'Mine', from), from },
        'AccessControlUnauthorizedAccount',
        from,
        ZeroHash,
      );
    }
  });

  test('a code is capital letters, digits and hyphens, left-aligned', async () => {
    const bad = ['', 'us-ny', 'US NY', 'US_NY', 'É', '/', ':', '@', '[', ',', '.'].map((text) => ascii(text));
    bad.push(`0x00${ascii('US').slice(2, 64)}`, `0x5500${ascii('S').slice(2, 62)}`, `0x${'80'.repeat(32)}`);
    for (const code of bad) {
      await ledger.refuses(open(code, 'Name', ledger.accreditor), 'InvalidJurisdictionCode', code);
    }
    for (const code of ['X', '0', '9', '-', 'A'.repeat(31), 'Z'.repeat(32)]) {
      await ledger.carryOut(open(ascii(code), 'Name', ledger.accreditor));
    }
  });

  test('a name has 1 to 200 bytes without control characters, and an accreditor is somebody', async () => {
    const [code, fits] = ['NAME', 'NAME-200'].map(encodeJurisdiction);
    const { accreditor } = ledger;
    await ledger.refuses(open(code, '', accreditor), 'InvalidNameLength', 0);
    await ledger.refuses(open(code, 'é'.repeat(100) + 'x', accreditor), 'InvalidNameLength', 201);
    await ledger.refuses(open(code, 'x'.repeat(10_000), accreditor), 'InvalidNameLength', 10_000);
    await ledger.refuses(open(code, 'New\u009bYork\u001b[2J', accreditor), 'InvalidName');
    await ledger.refuses(open(code, '\ufeff', accreditor), 'InvalidName');
    await ledger.refuses(open(code, 'Name', ZeroAddress), 'ZeroAddress');
    await ledger.carryOut(open(fits, 'é'.repeat(100), accreditor));
  });

  test('one that was never opened reads as none and can be neither suspended nor handed over', async () => {
    const code = encodeJurisdiction('NOWHERE');
    const { governor, stranger } = ledger;
    await ledger.holds('jurisdictionOf', [code], { accreditor: ZeroAddress, suspended: false });
    await ledger.refuses(suspend(code, true), 'UnknownJurisdiction', code);
    for (const from of [governor, stranger]) {
      const call = { from, name: 'proposeAccreditor', args: [code, stranger] };
      await ledger.refuses(call, 'UnknownJurisdiction', code);
    }
    const accept = { from: stranger, name: 'acceptAccreditor', args: [code] };
    await ledger.refuses(accept, 'UnknownJurisdiction', code);
  });

  describe('suspended', () => {
    test('by the governor with a reason, and not by an accreditor', async () => {
      const code = await ledger.openJurisdiction();
      for (const from of [ledger.accreditor, ledger.controller, ledger.stranger]) {
        await ledger.refuses({ ...suspend(code, true), from }, 'NotGuardian', from);
      }
      const receipt = await ledger.carryOut(suspend(code, true, 65_535));
      ledger.tells(receipt, 'JurisdictionSuspensionChanged', {
        jurisdiction: code,
        by: ledger.governor,
        time: await ledger.time(),
        suspended: true,
        reason: 65_535,
      });
      await ledger.holds('jurisdictionOf', [code], { accreditor: ledger.accreditor, suspended: true });
    });

    test('once, and resumed once, so that the log does not grow by repetition', async () => {
      const code = await ledger.openJurisdiction();
      await ledger.refuses(suspend(code, false), 'SuspensionUnchanged', code, false);
      await ledger.carryOut(suspend(code, true));
      await ledger.refuses(suspend(code, true), 'SuspensionUnchanged', code, true);
      await ledger.carryOut(suspend(code, false));
      await ledger.refuses(suspend(code, false), 'SuspensionUnchanged', code, false);
    });

    test('trust can only be lowered in it', async () => {
      const { accreditor, controller } = ledger;
      const code = await ledger.openJurisdiction();
      const ids: bigint[] = [];
      for (let i = 0; i < 4; i++) ids.push(await ledger.registerIssuer({}, code));
      const [id = 0n, second = 0n, third = 0n] = ids;
      const fourth = await ledger.issuerIn(STATUS.Suspended, code);
      const listing = await ledger.listIssuer(code);
      const [retiring, stolen, burning, none] = [newKey(), newKey(), newKey(), newKey()];
      const kids = [await ledger.registerKey(retiring, id), await ledger.registerKey(stolen, id)];
      await ledger.registerKey(burning, id);
      const silent = await ledger.registerKey(none, id, { revocation: 0 });
      const list = word('list');
      await ledger.send(controller, 'anchor', ledger.newAnchor(id, list));
      const did = 'did:web:venue.example';
      await ledger.send(accreditor, 'registerVenue', code, did, 'A venue');
      const [venue] = await ledger.lens('venueIdOf', code, did);
      await ledger.send(accreditor, 'setVenueStatus', venue, 2, 0);
      const other = await ledger.openJurisdiction();
      await ledger.send(accreditor, 'offerIssuer', second, other);
      // Proposed in time, and not to be taken any more.
      await ledger.send(accreditor, 'proposeAccreditor', code, ledger.successor);
      await ledger.send(accreditor, 'proposeController', listing, ledger.successor);

      await ledger.suspend(code);
      const fresh = newKey();
      const update = [id, 0, 0, 0, 'Another name'];
      const raising: [from: string, name: string, args: unknown[]][] = [
        [accreditor, 'proposeAccreditor', [code, ledger.stranger]],
        [accreditor, 'registerIssuer', [ledger.newIssuer(code)]],
        [accreditor, 'listIssuers', [[ledger.newIssuer(code)]]],
        [accreditor, 'updateIssuer', update],
        [accreditor, 'setIssuerStatus', [fourth, STATUS.Active, 0]],
        [accreditor, 'setIssuerStatus', [fourth, STATUS.Retired, 0]],
        [accreditor, 'listKeys', [[ledger.listedKey(fresh, listing)]]],
        [controller, 'registerKey', [ledger.newKey(fresh, id)]],
        [controller, 'anchor', [ledger.newAnchor(id, list, { counter: 2 })]],
        [accreditor, 'renewAnchor', [id, list]],
        [controller, 'setOperator', [id, ledger.operator]],
        [controller, 'setStatusBase', [id, '']],
        [controller, 'proposeController', [id, ledger.stranger]],
        [accreditor, 'publishRules', [code, encodeJurisdiction('RULES'), 1, 0, word('rules'), '']],
        [accreditor, 'registerVenue', [code, 'did:web:other.example', 'A venue']],
        [accreditor, 'renameVenue', [venue, 'A name']],
        [accreditor, 'setVenueStatus', [venue, 1, 0]],
        [accreditor, 'acceptIssuer', [second]],
        [ledger.successor, 'acceptAccreditor', [code]],
        [ledger.successor, 'acceptController', [listing]],
      ];
      for (const [from, name, args] of raising) {
        await ledger.refuses({ from, name, args }, 'JurisdictionSuspended', code);
      }

      await ledger.send(controller, 'retireKey', id, kids[0]);
      await ledger.send(controller, 'compromiseKey', id, kids[1]);
      await ledger.send(controller, 'setKeyRevocation', id, silent, 1);
      await ledger.send(ledger.stranger, 'burnKey', ...ledger.burning(burning, id));
      await ledger.setStatus(second, STATUS.Suspended);
      await ledger.setStatus(third, STATUS.Withdrawn);
      await ledger.send(accreditor, 'setVenueStatus', venue, 3, 0);

      await ledger.suspend(code, false);
      for (const [from, name, args] of raising.slice(0, 11)) {
        if (args[1] !== STATUS.Retired) await ledger.send(from, name, ...args);
      }
    });
  });

  describe('handed over', () => {
    const propose = (from: string, code: string, next: string): Call => ({
      from,
      name: 'proposeAccreditor',
      args: [code, next],
    });
    const accept = (from: string, code: string): Call => ({
      from,
      name: 'acceptAccreditor',
      args: [code],
    });

    test('by the accreditor in two steps, at once', async () => {
      const { accreditor, successor, stranger } = ledger;
      const code = await ledger.openJurisdiction();
      for (const from of [stranger, successor]) {
        await ledger.refuses(propose(from, code, from), 'NotAccreditor', code, from);
      }
      await ledger.refuses(accept(successor, code), 'NotProposed', successor, 0);
      const receipt = await ledger.carryOut(propose(accreditor, code, successor));
      const notBefore = await ledger.time();
      const terms = { by: accreditor, notBefore, fromAbove: false };
      ledger.tells(receipt, 'AccreditorProposed', { jurisdiction: code, account: successor, ...terms });
      const proposal = { account: successor, notBefore, fromAbove: false };
      await ledger.holds('accreditorProposalOf', [code], proposal);
      for (const from of [stranger, accreditor]) {
        await ledger.refuses(accept(from, code), 'NotProposed', from, notBefore);
      }
      await ledger.holds('jurisdictionOf', [code], { accreditor });

      const accepted = await ledger.carryOut(accept(successor, code));
      ledger.tells(accepted, 'AccreditorChanged', {
        jurisdiction: code,
        by: successor,
        time: await ledger.time(),
        accreditor: successor,
      });
      await ledger.holds('jurisdictionOf', [code], { accreditor: successor });
      await ledger.holds('accreditorProposalOf', [code], { account: ZeroAddress, notBefore: 0 });
      await ledger.refuses(accept(successor, code), 'NotProposed', successor, 0);
      const register = { name: 'registerIssuer', args: [ledger.newIssuer(code)] };
      await ledger.refuses({ from: accreditor, ...register }, 'NotAccreditor', code, accreditor);
      await ledger.carryOut({ from: successor, ...register });
    });

    test('to the last that was named, and to nobody if the accreditor thinks better of it', async () => {
      const { accreditor, successor, stranger } = ledger;
      const code = await ledger.openJurisdiction();
      await ledger.carryOut(propose(accreditor, code, successor));
      await ledger.carryOut(propose(accreditor, code, stranger));
      const named = await ledger.time();
      await ledger.refuses(accept(successor, code), 'NotProposed', successor, named);
      await ledger.carryOut(propose(accreditor, code, ZeroAddress));
      const withdrawn = await ledger.time();
      await ledger.refuses(accept(stranger, code), 'NotProposed', stranger, withdrawn);
      const none = { account: ZeroAddress, fromAbove: false };
      await ledger.holds('accreditorProposalOf', [code], none);
      await ledger.holds('jurisdictionOf', [code], { accreditor });
    });

    test('by the governor after the delay, over the head of an accreditor that cannot prevent it', async () => {
      const { accreditor, governor, successor, stranger } = ledger;
      const code = await ledger.openJurisdiction();
      await ledger.carryOut(propose(accreditor, code, stranger));
      const receipt = await ledger.carryOut(propose(governor, code, successor));
      const due = (await ledger.time()) + DAY;
      const terms = { by: governor, notBefore: due, fromAbove: true };
      ledger.tells(receipt, 'AccreditorProposed', { jurisdiction: code, account: successor, ...terms });
      const proposal = { account: successor, notBefore: due, fromAbove: true };
      await ledger.holds('accreditorProposalOf', [code], proposal);

      for (const next of [stranger, accreditor, ZeroAddress]) {
        await ledger.refuses(propose(accreditor, code, next), 'ProposedFromAbove', successor);
      }
      await ledger.refuses(accept(stranger, code), 'NotProposed', stranger, due);
      await ledger.refuses({ ...accept(successor, code), at: due - 1 }, 'NotProposed', successor, due);
      await ledger.carryOut({ ...accept(successor, code), at: due });
      await ledger.holds('jurisdictionOf', [code], { accreditor: successor });
      await ledger.carryOut(propose(successor, code, accreditor));
    });

    test('by the governor no sooner for being named twice, and not at all if it thinks better of it', async () => {
      const { accreditor, governor, successor, stranger } = ledger;
      const code = await ledger.openJurisdiction();
      await ledger.carryOut(propose(governor, code, stranger));
      await ledger.pass(DAY - 60);
      await ledger.carryOut(propose(governor, code, successor));
      const due = (await ledger.time()) + DAY;
      await ledger.pass(120);
      await ledger.refuses(accept(successor, code), 'NotProposed', successor, due);
      await ledger.carryOut(propose(governor, code, ZeroAddress));
      await ledger.holds('accreditorProposalOf', [code], { account: ZeroAddress, fromAbove: false });
      await ledger.pass(2 * DAY);
      const withdrawn = (await ledger.held('accreditorProposalOf', code))['notBefore'];
      await ledger.refuses(accept(successor, code), 'NotProposed', successor, withdrawn);
      await ledger.carryOut(propose(accreditor, code, stranger));
      await ledger.carryOut(accept(stranger, code));
    });

    test('by a governor that accredits itself at once, as by any accreditor', async () => {
      const { governor, successor } = ledger;
      const code = await ledger.openJurisdiction(governor);
      const receipt = await ledger.carryOut(propose(governor, code, successor));
      ledger.tells(receipt, 'AccreditorProposed', { notBefore: await ledger.time(), fromAbove: false });
      await ledger.carryOut(accept(successor, code));
    });

    test('by the governor also while it is suspended, and not by the accreditor', async () => {
      const { accreditor, governor, successor } = ledger;
      const code = await ledger.openJurisdiction();
      await ledger.suspend(code);
      await ledger.refuses(propose(accreditor, code, successor), 'JurisdictionSuspended', code);
      await ledger.carryOut(propose(governor, code, successor));
      await ledger.pass(DAY);
      await ledger.carryOut(accept(successor, code));
      await ledger.holds('jurisdictionOf', [code], { accreditor: successor, suspended: true });
    });
  });
});

function ascii(text: string): string {
  return `0x${Buffer.from(text).toString('hex').padEnd(64, '0')}`;
}
