import { after, before, describe, test } from 'node:test';
import { ZeroAddress, ZeroHash } from 'ethers';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { type Call, DAY, type Ledger, startLedger, STATUS, word } from './ledger.ts';

const NOWHERE = encodeJurisdiction('NOWHERE');

let ledger: Ledger;
let code: string;
before(async () => {
  ledger = await startLedger();
  code = await ledger.openJurisdiction();
});
after(() => ledger.stop());

describe('the controller', () => {
  const propose = (from: string, id: unknown, next: string): Call => ({
    from,
    name: 'proposeController',
    args: [id, next],
  });
  const accept = (from: string, id: unknown): Call => ({ from, name: 'acceptController', args: [id] });

  test('hands over in two steps, at once, and its operator goes with it', async () => {
    const { controller, operator, stranger, successor } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.send(controller, 'setOperator', id, operator);
    await ledger.refuses(accept(successor, id), 'NotProposed', successor, 0);
    const receipt = await ledger.carryOut(propose(controller, id, successor));
    const notBefore = await ledger.time();
    const proposal = { account: successor, notBefore, fromAbove: false };
    ledger.tells(receipt, 'ControllerProposed', { issuerId: id, by: controller, ...proposal });
    await ledger.holds('controllerProposalOf', [id], proposal);
    for (const from of [stranger, controller]) {
      await ledger.refuses(accept(from, id), 'NotProposed', from, notBefore);
    }
    await ledger.holds('issuerOf', [id], { controller, operator });

    const accepted = await ledger.carryOut(accept(successor, id));
    ledger.tells(accepted, 'IssuerControllerChanged', {
      issuerId: id,
      by: successor,
      time: await ledger.time(),
      controller: successor,
    });
    await ledger.holds('issuerOf', [id], {
      controller: successor,
      operator: ZeroAddress,
      status: STATUS.Active,
      jurisdiction: code,
    });
    const none = { account: ZeroAddress, notBefore: 0, fromAbove: false };
    await ledger.holds('controllerProposalOf', [id], none);
    await ledger.refuses(accept(successor, id), 'NotProposed', successor, 0);

    const key = ledger.newKey(newKey(), id);
    const register = { name: 'registerKey', args: [key] };
    await ledger.refuses({ from: controller, ...register }, 'NotController', id, controller);
    await ledger.carryOut({ from: successor, ...register });
    const anchor = { name: 'anchor', args: [ledger.newAnchor(id, word('list'))] };
    await ledger.refuses({ from: operator, ...anchor }, 'NotController', id, operator);
  });

  test('hands over to the last it named, or to nobody', async () => {
    const { controller, stranger, successor } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.carryOut(propose(controller, id, stranger));
    await ledger.carryOut(propose(controller, id, successor));
    await ledger.refuses(accept(stranger, id), 'NotProposed', stranger, await ledger.time());
    await ledger.carryOut(propose(controller, id, ZeroAddress));
    await ledger.refuses(accept(successor, id), 'NotProposed', successor, await ledger.time());
    await ledger.holds('controllerProposalOf', [id], { account: ZeroAddress, fromAbove: false });
    await ledger.holds('issuerOf', [id], { controller });
  });

  test('is replaced by the accreditor after the delay, and cannot prevent it', async () => {
    const { accreditor, controller, stranger, successor } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.carryOut(propose(controller, id, stranger));
    const receipt = await ledger.carryOut(propose(accreditor, id, successor));
    const due = (await ledger.time()) + DAY;
    const proposal = { account: successor, notBefore: due, fromAbove: true };
    ledger.tells(receipt, 'ControllerProposed', { issuerId: id, by: accreditor, ...proposal });
    await ledger.holds('controllerProposalOf', [id], proposal);

    for (const next of [stranger, controller, ZeroAddress]) {
      await ledger.refuses(propose(controller, id, next), 'ProposedFromAbove', successor);
    }
    await ledger.refuses(accept(stranger, id), 'NotProposed', stranger, due);
    await ledger.refuses({ ...accept(successor, id), at: due - 1 }, 'NotProposed', successor, due);
    await ledger.carryOut({ ...accept(successor, id), at: due });
    await ledger.holds('issuerOf', [id], { controller: successor });
  });

  test('stays, if the accreditor thinks better of replacing it', async () => {
    const { accreditor, controller, stranger, successor } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.carryOut(propose(accreditor, id, successor));
    await ledger.carryOut(propose(accreditor, id, ZeroAddress));
    const notBefore = (await ledger.held('controllerProposalOf', id))['notBefore'];
    await ledger.pass(2 * DAY);
    await ledger.refuses(accept(successor, id), 'NotProposed', successor, notBefore);
    await ledger.carryOut(propose(controller, id, stranger));
    await ledger.carryOut(accept(stranger, id));
  });

  test('of a listed issuer is named by its accreditor, at once, who then lists no more of its keys', async () => {
    const { accreditor, controller, stranger } = ledger;
    const id = await ledger.listIssuer(code);
    const listed = await ledger.listKey(newKey(), id);
    await ledger.refuses(propose(controller, id, controller), 'NotController', id, controller);
    await ledger.carryOut(propose(accreditor, id, stranger));
    await ledger.carryOut(propose(accreditor, id, controller));
    const proposal = { account: controller, notBefore: await ledger.time(), fromAbove: false };
    await ledger.holds('controllerProposalOf', [id], proposal);
    await ledger.carryOut(accept(controller, id));
    await ledger.holds('issuerOf', [id], { controller });

    const list = { from: accreditor, name: 'listKeys', args: [[ledger.listedKey(newKey(), id)]] };
    await ledger.refuses(list, 'IssuerHasController', id);
    const retire = { name: 'retireKey', args: [id, listed] };
    await ledger.refuses({ from: accreditor, ...retire }, 'NotController', id, accreditor);
    await ledger.carryOut({ from: controller, ...retire });
    await ledger.registerKey(newKey(), id);
  });

  test('that accredits too hands over at once', async () => {
    const { accreditor, successor } = ledger;
    const id = await ledger.registerIssuer({ controller: accreditor }, code);
    await ledger.carryOut(propose(accreditor, id, successor));
    await ledger.holds('controllerProposalOf', [id], { fromAbove: false });
    await ledger.carryOut(accept(successor, id));
  });

  test('is named by no other, and of no issuer that does not exist', async () => {
    const { accreditor, controller, governor, neighbour, operator, stranger } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.send(controller, 'setOperator', id, operator);
    for (const from of [governor, neighbour, operator, stranger]) {
      await ledger.refuses(propose(from, id, from), 'NotController', id, from);
    }
    await ledger.refuses(propose(accreditor, 9999, accreditor), 'UnknownIssuer', 9999);
    await ledger.refuses(accept(accreditor, 9999), 'NotProposed', accreditor, 0);
  });

  test('of an issuer that was stopped is replaced by the accreditor and hands nothing over', async () => {
    const { accreditor, controller, successor } = ledger;
    for (const status of [STATUS.Suspended, STATUS.Withdrawn]) {
      const id = await ledger.issuerIn(status, code);
      const handOver = propose(controller, id, successor);
      await ledger.refuses(handOver, 'IssuerNotActive', id, status);
      await ledger.carryOut(propose(accreditor, id, successor));
    }
    const retired = await ledger.issuerIn(STATUS.Retired, code);
    await ledger.carryOut(propose(controller, retired, successor));
  });
});

describe('the operator', () => {
  const name = (from: string, id: unknown, operator: string): Call => ({
    from,
    name: 'setOperator',
    args: [id, operator],
  });

  test('is named, and taken away, by the controller, or the accreditor of a listed issuer', async () => {
    const { accreditor, controller, operator, stranger } = ledger;
    const cases = [
      [controller, await ledger.registerIssuer({}, code)],
      [accreditor, await ledger.listIssuer(code)],
    ] as const;
    for (const [from, id] of cases) {
      for (const account of [operator, ZeroAddress]) {
        ledger.tells(await ledger.carryOut(name(from, id, account)), 'IssuerOperatorChanged', {
          issuerId: id,
          by: from,
          time: await ledger.time(),
          operator: account,
        });
        await ledger.holds('issuerOf', [id], { operator: account });
      }
      for (const other of [stranger, operator, from === accreditor ? controller : accreditor]) {
        await ledger.refuses(name(other, id, other), 'NotController', id, other);
      }
    }
    await ledger.refuses(name(controller, 9999, operator), 'UnknownIssuer', 9999);
    for (const status of [STATUS.Suspended, STATUS.Withdrawn]) {
      const id = await ledger.issuerIn(status, code);
      await ledger.refuses(name(controller, id, operator), 'IssuerNotActive', id, status);
    }
  });

  test('anchors, and does nothing else', async () => {
    const { controller, operator } = ledger;
    const id = await ledger.registerIssuer({}, code);
    const kid = await ledger.registerKey(newKey(), id, { revocation: 0 });
    await ledger.carryOut(name(controller, id, operator));
    await ledger.send(operator, 'anchor', ledger.newAnchor(id, word('list')));
    for (const [call, args] of [
      ['registerKey', [ledger.newKey(newKey(), id)]],
      ['retireKey', [id, kid]],
      ['compromiseKey', [id, kid]],
      ['setKeyRevocation', [id, kid, 1]],
      ['setStatusBase', [id, '']],
      ['setOperator', [id, operator]],
      ['proposeController', [id, operator]],
    ] as const) {
      await ledger.refuses({ from: operator, name: call, args }, 'NotController', id, operator);
    }
    await ledger.carryOut(name(controller, id, ZeroAddress));
    const anchor = { name: 'anchor', args: [ledger.newAnchor(id, word('list'), { counter: 2 })] };
    await ledger.refuses({ from: operator, ...anchor }, 'NotController', id, operator);
  });
});

describe('an issuer', () => {
  let other: string;
  before(async () => {
    other = await ledger.openJurisdiction(ledger.neighbour);
  });

  const offer = (from: string, id: unknown, jurisdiction: string): Call => ({
    from,
    name: 'offerIssuer',
    args: [id, jurisdiction],
  });
  const accept = (from: string, id: unknown): Call => ({ from, name: 'acceptIssuer', args: [id] });

  test('moves to another jurisdiction in two steps, with controller, operator, keys and status', async () => {
    const { accreditor, controller, neighbour, operator } = ledger;
    const id = await ledger.registerIssuer({}, code);
    const kid = await ledger.registerKey(newKey(), id);
    await ledger.send(controller, 'setOperator', id, operator);
    const offered = await ledger.carryOut(offer(accreditor, id, other));
    const notBefore = await ledger.time();
    ledger.tells(offered, 'IssuerOffered', { issuerId: id, jurisdiction: other, by: accreditor, notBefore });
    ledger.assertPlain(await ledger.lens('transferOfferOf', id), [other, false, notBefore]);
    await ledger.holds('issuerOf', [id], { jurisdiction: code });

    ledger.tells(await ledger.carryOut(accept(neighbour, id)), 'IssuerTransferred', {
      issuerId: id,
      jurisdiction: other,
      by: neighbour,
      time: await ledger.time(),
    });
    await ledger.holds('issuerOf', [id], {
      jurisdiction: other,
      controller,
      operator,
      status: STATUS.Active,
    });
    await ledger.holds('keyOf', [id, kid], { state: 1 });
    ledger.assertPlain(await ledger.lens('transferOfferOf', id), [ZeroHash, false, 0]);
    await ledger.refuses(accept(neighbour, id), 'NotOffered', id, neighbour);

    const suspend = { name: 'setIssuerStatus', args: [id, STATUS.Suspended, 0] };
    await ledger.refuses({ from: accreditor, ...suspend }, 'NotAccreditor', other, accreditor);
    await ledger.carryOut({ from: neighbour, ...suspend });
  });

  test('is taken by the accreditor of the jurisdiction that it was offered to last, or by nobody', async () => {
    const { accreditor, controller, governor, neighbour, stranger } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.refuses(accept(neighbour, id), 'NotOffered', id, neighbour);
    const third = await ledger.openJurisdiction(stranger);
    await ledger.carryOut(offer(accreditor, id, third));
    await ledger.carryOut(offer(accreditor, id, other));
    for (const from of [accreditor, controller, governor, stranger]) {
      await ledger.refuses(accept(from, id), 'NotOffered', id, from);
    }
    await ledger.carryOut(offer(accreditor, id, ZeroHash));
    ledger.assertPlain(await ledger.lens('transferOfferOf', id), [ZeroHash, false, 0]);
    await ledger.refuses(accept(neighbour, id), 'NotOffered', id, neighbour);
    // Nobody accredits where nothing was offered, the zero address least of all.
    await ledger.rpc('hardhat_impersonateAccount', ZeroAddress);
    await ledger.rpc('hardhat_setBalance', ZeroAddress, '0xde0b6b3a7640000');
    await ledger.refuses(accept(ZeroAddress, id), 'NotOffered', id, ZeroAddress);
  });

  test('is offered by its accreditor or the governor, to a jurisdiction that is open', async () => {
    const { controller, neighbour, stranger } = ledger;
    const id = await ledger.registerIssuer({}, code);
    for (const from of [controller, neighbour, stranger]) {
      await ledger.refuses(offer(from, id, other), 'NotAccreditor', code, from);
    }
    for (const from of [ledger.accreditor, ledger.governor]) {
      await ledger.refuses(offer(from, id, NOWHERE), 'UnknownJurisdiction', NOWHERE);
      await ledger.refuses(offer(from, 9999, other), 'UnknownIssuer', 9999);
    }
    await ledger.refuses(accept(neighbour, 9999), 'UnknownIssuer', 9999);
  });

  test('whose iss is not its own is taken from a squatter that keeps it', async () => {
    const { accreditor, governor, neighbour } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.carryOut(offer(accreditor, id, code));
    await ledger.carryOut(offer(governor, id, other));
    const due = (await ledger.time()) + DAY;
    ledger.assertPlain(await ledger.lens('transferOfferOf', id), [other, true, due]);
    for (const jurisdiction of [ZeroHash, code, other]) {
      await ledger.refuses(offer(accreditor, id, jurisdiction), 'OfferedByGovernor', id);
    }
    await ledger.refuses({ ...accept(neighbour, id), at: due - 1 }, 'NotProposed', neighbour, due);
    await ledger.pass(DAY);
    await ledger.carryOut(accept(neighbour, id));
    await ledger.holds('issuerOf', [id], { jurisdiction: other });
  });

  test('is offered by the accreditor again once the governor withdrew', async () => {
    const { accreditor, governor, neighbour } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.carryOut(offer(governor, id, other));
    await ledger.carryOut(offer(governor, id, ZeroHash));
    ledger.assertPlain(await ledger.lens('transferOfferOf', id), [ZeroHash, false, 0]);
    await ledger.refuses(accept(neighbour, id), 'NotOffered', id, neighbour);
    await ledger.carryOut(offer(accreditor, id, other));
    ledger.assertPlain(await ledger.lens('transferOfferOf', id), [other, false, await ledger.time()]);
  });

  test('leaves a suspended jurisdiction only if the governor offered it, and enters none', async () => {
    const { accreditor, governor, neighbour } = ledger;
    const [from, to] = [await ledger.openJurisdiction(), await ledger.openJurisdiction(neighbour)];
    const id = await ledger.registerIssuer({}, from);
    await ledger.carryOut(offer(accreditor, id, to));
    await ledger.suspend(from);
    await ledger.refuses(accept(neighbour, id), 'JurisdictionSuspended', from);
    await ledger.suspend(to);
    await ledger.carryOut(offer(governor, id, to));
    await ledger.pass(DAY);
    await ledger.refuses(accept(neighbour, id), 'JurisdictionSuspended', to);
    await ledger.suspend(to, false);
    await ledger.carryOut(accept(neighbour, id));
    await ledger.holds('issuerOf', [id], { jurisdiction: to });
  });

  test('that is only listed loses the operator of its old accreditor', async () => {
    const { accreditor, neighbour, operator } = ledger;
    const id = await ledger.listIssuer(code);
    await ledger.send(accreditor, 'setOperator', id, operator);
    await ledger.carryOut(offer(accreditor, id, other));
    await ledger.carryOut(accept(neighbour, id));
    await ledger.holds('issuerOf', [id], { operator: ZeroAddress, controller: ZeroAddress });
  });

  test('keeps a hold, and loses what its old accreditor proposed over its head', async () => {
    const { accreditor, controller, governor, neighbour, stranger } = ledger;
    const id = await ledger.registerIssuer({}, code);
    await ledger.send(accreditor, 'proposeController', id, stranger);
    await ledger.send(governor, 'setIssuerHeld', id, true, 0);
    await ledger.carryOut(offer(accreditor, id, other));
    await ledger.carryOut(accept(neighbour, id));
    await ledger.holds('issuerOf', [id], { held: true, controller });
    await ledger.holds('controllerProposalOf', [id], { account: ZeroAddress, notBefore: 0 });
    await ledger.pass(2 * DAY);
    const takeOver = { from: stranger, name: 'acceptController', args: [id] };
    await ledger.refuses(takeOver, 'NotProposed', stranger, 0);
  });
});
