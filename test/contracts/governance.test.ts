import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { AbiCoder, concat, ZeroAddress, ZeroHash } from 'ethers';
import { askNode, revertData } from '../../contracts/json-rpc.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { registryBytecode } from './nodes.ts';
import { abi, type Call, DAY, GUARDIAN, type Ledger, startLedger, STATUS } from './ledger.ts';

/** OpenZeppelin's longest wait before a longer delay counts. */
const LONGEST_WAIT = 5 * DAY;
const MAX_DELAY = 90 * DAY;

describe('governance', () => {
  let ledger: Ledger;
  let snapshot: string;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());
  beforeEach(async () => {
    snapshot = await ledger.snapshot();
  });
  afterEach(() => ledger.restore(snapshot));

  const asGovernor = (name: string, ...args: unknown[]): Call => ({ from: ledger.governor, name, args });
  const unauthorized = (account: string) => ['AccessControlUnauthorizedAccount', account, ZeroHash] as const;
  const open = (code: string): Call =>
    asGovernor('openJurisdiction', encodeJurisdiction(code), 'A jurisdiction', ledger.accreditor);

  describe('begun', () => {
    const creation = async (delay: number, governor: string): Promise<string> => {
      const args = AbiCoder.defaultAbiCoder().encode(['uint48', 'address'], [delay, governor]);
      const transaction = { from: ledger.governor, data: concat([registryBytecode, args]) };
      const answer = await askNode(ledger.rpcUrl, 'eth_call', [transaction, 'latest']);
      return 'refusal' in answer ? (revertData(answer.refusal) ?? '') : '';
    };

    test('with a delay of at most 90 days, by somebody', async () => {
      assert.equal(await creation(MAX_DELAY, ledger.stranger), '');
      assert.equal(await creation(0, ledger.stranger), '');
      assert.equal(
        await creation(MAX_DELAY + 1, ledger.stranger),
        abi.encodeErrorResult('DelayNotAllowed', [0, MAX_DELAY + 1]),
      );
      assert.equal(
        await creation(0, ZeroAddress),
        abi.encodeErrorResult('AccessControlInvalidDefaultAdmin', [ZeroAddress]),
      );
    });

    test('with a governor and its delay, and with nobody in any other role', async () => {
      assert.equal(String((await ledger.view('defaultAdmin'))[0]).toLowerCase(), ledger.governor);
      assert.deepEqual(await ledger.view('defaultAdminDelay'), [BigInt(DAY)]);
      assert.deepEqual(await ledger.view('pendingDefaultAdminDelay'), [0n, 0n]);
      assert.deepEqual(await ledger.view('pendingDefaultAdmin'), [ZeroAddress, 0n]);
      assert.deepEqual(await ledger.view('GUARDIAN'), [GUARDIAN]);
      assert.deepEqual(await ledger.view('hasRole', GUARDIAN, ledger.governor), [false]);
    });
  });

  describe('handed over', () => {
    const begin = async (): Promise<number> => {
      await ledger.carryOut(asGovernor('beginDefaultAdminTransfer', ledger.successor));
      return (await ledger.time()) + DAY;
    };
    const accept = (from: string): Call => ({ from, name: 'acceptDefaultAdminTransfer', args: [] });

    test('to whom the governor named, once the delay is over and not in its last second', async () => {
      const due = await begin();
      const early = { ...accept(ledger.successor), at: due };
      await ledger.refuses(early, 'AccessControlEnforcedDefaultAdminDelay', due);
      await ledger.carryOut({ ...accept(ledger.successor), at: due + 1 });
      assert.equal(String((await ledger.view('defaultAdmin'))[0]).toLowerCase(), ledger.successor);
      await ledger.refuses(open('OLD'), ...unauthorized(ledger.governor));
      await ledger.carryOut({ ...open('NEW'), from: ledger.successor });
    });

    test('to nobody else, and to nobody after it was called off', async () => {
      const due = await begin();
      for (const from of [ledger.governor, ledger.stranger, ledger.accreditor]) {
        await ledger.refuses({ ...accept(from), at: due + 1 }, 'AccessControlInvalidDefaultAdmin', from);
      }
      await ledger.carryOut(asGovernor('cancelDefaultAdminTransfer'));
      await ledger.refuses(accept(ledger.successor), 'AccessControlInvalidDefaultAdmin', ledger.successor);
    });

    test('by the governor only', async () => {
      for (const from of [ledger.stranger, ledger.successor]) {
        for (const [name, ...args] of [
          ['beginDefaultAdminTransfer', from],
          ['cancelDefaultAdminTransfer'],
          ['changeDefaultAdminDelay', 2 * DAY],
          ['rollbackDefaultAdminDelay'],
          ['grantRole', GUARDIAN, from],
          ['revokeRole', GUARDIAN, ledger.governor],
          ['announceSuccessor', 1, from],
        ] as const) {
          await ledger.refuses({ from, name, args }, ...unauthorized(from));
        }
      }
    });

    test('never to nobody: nobody could lift what a guardian suspended', async () => {
      await ledger.refuses(asGovernor('beginDefaultAdminTransfer', ZeroAddress), 'ZeroAddress');
      const renounce = asGovernor('renounceRole', ZeroHash, ledger.governor);
      await ledger.refuses(renounce, 'AccessControlEnforcedDefaultAdminDelay', 0);
      const due = await begin();
      await ledger.refuses({ ...renounce, at: due + 1 }, 'AccessControlEnforcedDefaultAdminDelay', due);
      await ledger.carryOut(asGovernor('cancelDefaultAdminTransfer'));
      await ledger.refuses(renounce, 'AccessControlEnforcedDefaultAdminDelay', 0);
    });

    test('in no other way: its role is neither offered, nor taken, nor renounced for it', async () => {
      const rules = 'AccessControlEnforcedDefaultAdminRules';
      await ledger.refuses(asGovernor('grantRole', ZeroHash, ledger.successor), rules);
      await ledger.refuses(asGovernor('revokeRole', ZeroHash, ledger.governor), rules);
      await ledger.refuses(
        { from: ledger.successor, name: 'acceptRole', args: [ZeroHash] },
        'RoleNotOffered',
        ZeroHash,
        ledger.successor,
        0,
      );
      await ledger.refuses(
        { from: ledger.stranger, name: 'renounceRole', args: [ZeroHash, ledger.governor] },
        'AccessControlEnforcedDefaultAdminDelay',
        0,
      );
    });
  });

  describe('delayed', () => {
    const change = (delay: number): Call => asGovernor('changeDefaultAdminDelay', delay);
    const delay = async (): Promise<number> => Number((await ledger.view('defaultAdminDelay'))[0]);

    test('never shorter, and never beyond 90 days', async () => {
      for (const given of [0, 1, DAY - 1, MAX_DELAY + 1, DAY * 1000, 2 ** 48 - 1]) {
        await ledger.refuses(change(given), 'DelayNotAllowed', DAY, given);
      }
      await ledger.carryOut(change(DAY));
      await ledger.carryOut(change(MAX_DELAY));
    });

    test('longer after a wait, and then not as short as before either', async () => {
      for (const [grown, wait] of [
        [2 * DAY, 2 * DAY],
        [30 * DAY, LONGEST_WAIT],
      ] as const) {
        const shorter = await delay();
        await ledger.carryOut(change(grown));
        const due = (await ledger.time()) + wait;
        assert.deepEqual(await ledger.view('pendingDefaultAdminDelay'), [BigInt(grown), BigInt(due)]);
        await ledger.pass(wait - 60);
        assert.equal(await delay(), shorter);
        await ledger.pass(61);
        assert.equal(await delay(), grown);
        await ledger.refuses(change(shorter), 'DelayNotAllowed', grown, shorter);
        await ledger.refuses(change(grown - 1), 'DelayNotAllowed', grown, grown - 1);
      }
      // What counts from now on counts everywhere.
      await ledger.carryOut(asGovernor('beginDefaultAdminTransfer', ledger.successor));
      const due = (await ledger.time()) + 30 * DAY;
      assert.equal((await ledger.view('pendingDefaultAdmin'))[1], BigInt(due));
    });

    test('as before, if the governor thinks better of it in time, and only then', async () => {
      await ledger.carryOut(change(2 * DAY));
      await ledger.pass(DAY);
      await ledger.carryOut(asGovernor('rollbackDefaultAdminDelay'));
      await ledger.pass(2 * DAY);
      assert.equal(await delay(), DAY);

      await ledger.carryOut(change(2 * DAY));
      await ledger.pass(2 * DAY + 1);
      await ledger.carryOut(asGovernor('rollbackDefaultAdminDelay'));
      assert.equal(await delay(), 2 * DAY);
      // Taken back half-way, a longer one leaves the one that counts already.
      await ledger.carryOut(change(3 * DAY));
      await ledger.carryOut(change(2 * DAY));
      await ledger.pass(3 * DAY);
      assert.equal(await delay(), 2 * DAY);
    });
  });

  describe('with guardians', () => {
    const accept = (from: string): Call => ({ from, name: 'acceptRole', args: [GUARDIAN] });
    const isGuardian = async (account: string): Promise<unknown> =>
      (await ledger.view('hasRole', GUARDIAN, account))[0];
    const offer = async (account: string): Promise<number> => {
      const receipt = await ledger.carryOut(asGovernor('grantRole', GUARDIAN, account));
      const due = (await ledger.time()) + DAY;
      ledger.tells(receipt, 'RoleOffered', { role: GUARDIAN, account, notBefore: due });
      assert.deepEqual(await ledger.lens('roleOfferOf', GUARDIAN, account), [BigInt(due)]);
      return due;
    };

    test('who are offered the role and take it themselves after the delay', async () => {
      const { guardian, stranger } = ledger;
      const due = await offer(guardian);
      assert.equal(await isGuardian(guardian), false);
      const refused = ['RoleNotOffered', GUARDIAN] as const;
      await ledger.refuses({ ...accept(guardian), at: due - 1 }, ...refused, guardian, due);
      await ledger.refuses({ ...accept(stranger), at: due - 1 }, ...refused, stranger, 0);
      await ledger.carryOut({ ...accept(guardian), at: due });
      assert.equal(await isGuardian(guardian), true);
      assert.deepEqual(await ledger.lens('roleOfferOf', GUARDIAN, guardian), [0n]);
      await ledger.refuses(accept(guardian), ...refused, guardian, 0);
      await ledger.refuses(accept(stranger), ...refused, stranger, 0);
    });

    test('whose offer the governor takes back, and whose role it takes away, at once', async () => {
      const { guardian } = ledger;
      await offer(guardian);
      await ledger.carryOut(asGovernor('revokeRole', GUARDIAN, guardian));
      await ledger.pass(DAY);
      await ledger.refuses(accept(guardian), 'RoleNotOffered', GUARDIAN, guardian, 0);

      await ledger.appointGuardian();
      await ledger.carryOut(asGovernor('grantRole', GUARDIAN, guardian));
      await ledger.carryOut(asGovernor('revokeRole', GUARDIAN, guardian));
      assert.equal(await isGuardian(guardian), false);
      await ledger.pass(DAY);
      await ledger.refuses(accept(guardian), 'RoleNotOffered', GUARDIAN, guardian, 0);
    });

    test('who may lay the role down, each for itself', async () => {
      await ledger.appointGuardian();
      const renounce = { name: 'renounceRole', args: [GUARDIAN, ledger.guardian] };
      await ledger.refuses({ from: ledger.governor, ...renounce }, 'AccessControlBadConfirmation');
      await ledger.carryOut({ from: ledger.guardian, ...renounce });
      assert.equal(await isGuardian(ledger.guardian), false);
    });

    test('offered again, the delay begins again', async () => {
      await offer(ledger.guardian);
      await ledger.pass(DAY - 60);
      const due = await offer(ledger.guardian);
      await ledger.pass(120);
      await ledger.refuses(accept(ledger.guardian), 'RoleNotOffered', GUARDIAN, ledger.guardian, due);
    });

    test('who suspend a jurisdiction or an issuer at once, which only the governor lifts', async () => {
      await ledger.appointGuardian();
      const { governor, guardian, accreditor, controller, stranger } = ledger;
      const code = await ledger.openJurisdiction();
      const id = await ledger.registerIssuer({}, code);
      for (const [name, subject] of [
        ['setJurisdictionSuspended', code],
        ['setIssuerHeld', id],
      ] as const) {
        for (const from of [accreditor, controller, stranger]) {
          await ledger.refuses({ from, name, args: [subject, true, 9] }, 'NotGuardian', from);
        }
        await ledger.send(guardian, name, subject, true, 9);
        for (const from of [guardian, accreditor, controller, stranger]) {
          await ledger.refuses({ from, name, args: [subject, false, 9] }, 'NotGuardian', from);
        }
        await ledger.send(governor, name, subject, false, 9);
      }
    });

    test('who can do nothing else', async () => {
      await ledger.appointGuardian();
      const code = await ledger.openJurisdiction();
      const id = await ledger.registerIssuer({}, code);
      const from = ledger.guardian;
      const accredits = ['NotAccreditor', code, from] as const;
      const controls = ['NotController', id, from] as const;
      for (const [name, args, error, ...terms] of [
        ['openJurisdiction', [encodeJurisdiction('G'), 'Mine', from], ...unauthorized(from)],
        ['grantRole', [GUARDIAN, from], ...unauthorized(from)],
        ['revokeRole', [GUARDIAN, from], ...unauthorized(from)],
        ['announceSuccessor', [1, from], ...unauthorized(from)],
        ['proposeAccreditor', [code, from], ...accredits],
        ['registerIssuer', [ledger.newIssuer(code)], ...accredits],
        ['setIssuerStatus', [id, STATUS.Withdrawn, 0], ...accredits],
        ['offerIssuer', [id, code], ...accredits],
        ['proposeController', [id, from], ...controls],
        ['setOperator', [id, from], ...controls],
        ['setStatusBase', [id, ''], ...controls],
      ] as const) {
        await ledger.refuses({ from, name, args }, error, ...terms);
      }
    });
  });

  describe('succeeded', () => {
    test('by a registry that the governor announces in the log, and may take back', async () => {
      const [, size] = await ledger.view('logHead');
      for (const [i, registry] of [ledger.stranger, ledger.successor, ZeroAddress].entries()) {
        const receipt = await ledger.carryOut(asGovernor('announceSuccessor', 2 ** 40 + i, registry));
        ledger.tells(receipt, 'SuccessorAnnounced', {
          seq: Number(size) + i,
          registry,
          by: ledger.governor,
          time: await ledger.time(),
          chainId: 2 ** 40 + i,
        });
      }
    });
  });
});
