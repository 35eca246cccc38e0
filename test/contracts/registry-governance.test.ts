import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeJurisdiction, ZERO_ADDRESS } from '../../contracts/registry-encoding.ts';
import { readGuardianOffers } from '../../contracts/role-offers.ts';
import { mined } from '../support/receipt.ts';
import { type Clients, DELAY, fails, issuerOf, NODES, refuses, startClients } from './clients.ts';
import { abi, DAY, word } from './ledger.ts';

const NOT_BEGUN = `0x${'0'.repeat(64)}`;

for (const { node, start } of NODES) {
  describe(`governance, on ${node}`, () => {
    let clients: Clients;
    before(async () => {
      clients = await startClients(start);
      await clients.governor.openJurisdiction('US-NY', 'New York', await clients.accreditor.sender());
    });
    after(() => clients.stop());

    test('a guardian is offered the role, takes it after the delay, suspends, and cannot lift that', async () => {
      const { rpcUrl } = clients.chain;
      const guardian = await clients.connect(4);
      const account = await guardian.sender();
      const { notBefore } = await clients.governor.offerGuardian(account);
      assert.equal(await clients.governor.guardianOfferOf(account), notBefore);
      const role = '0x8b5b16d04624687fcf0d0228f19993c9157c1ed07b41d8d430fd9100eb099fe8';
      await refuses(guardian.acceptGuardian(), 'RoleNotOffered', role, account, notBefore);
      assert.equal(await guardian.isGuardian(account), false);

      await clients.pass(DELAY);
      await guardian.acceptGuardian();
      assert.equal(await guardian.isGuardian(account), true);
      // Other roles can be offered, and mean nothing.
      const [from, stranger] = [await clients.governor.sender(), await clients.stranger.sender()];
      const data = abi.encodeFunctionData('grantRole', [word('OTHER'), stranger]);
      await mined(rpcUrl, { from, to: clients.address, data });
      assert.deepEqual(await readGuardianOffers(rpcUrl, clients.address), [account.toLowerCase()]);

      await guardian.setJurisdictionSuspended('US-NY', true, 1);
      assert.equal((await guardian.jurisdictionOf('US-NY')).suspended, true);
      await refuses(guardian.setJurisdictionSuspended('US-NY', false, 0), 'NotGuardian', account);
      await clients.governor.setJurisdictionSuspended('US-NY', false, 0);

      await guardian.renounceGuardian();
      await refuses(guardian.setJurisdictionSuspended('US-NY', true, 1), 'NotGuardian', account);
      await clients.governor.offerGuardian(account);
      await clients.governor.revokeGuardian(account);
      assert.equal(await guardian.guardianOfferOf(account), 0);
    });

    test('one issuer is held by the governor and released', async () => {
      const { issuerId } = await clients.accreditor.registerIssuer(issuerOf(null));
      await clients.governor.setIssuerHeld(issuerId, true, 3);
      assert.equal((await clients.governor.issuerOf(issuerId)).held, true);
      await refuses(clients.governor.setIssuerHeld(issuerId, true, 3), 'HoldUnchanged', issuerId, true);
      await clients.governor.setIssuerHeld(issuerId, false, 0);
      assert.equal((await clients.governor.issuerOf(issuerId)).held, false);
    });

    test('an accreditor hands over at once, and is replaced from above after the delay whatever it does', async () => {
      const next = await clients.connect(5);
      const [nextAccount, strangerAccount] = [await next.sender(), await clients.stranger.sender()];
      const proposed = await clients.accreditor.proposeAccreditor('US-NY', nextAccount);
      assert.partialDeepStrictEqual(proposed, { account: nextAccount, fromAbove: false });
      const { notBefore } = proposed;
      assert.deepEqual(await next.accreditorProposalOf('US-NY'), {
        account: nextAccount,
        notBefore,
        fromAbove: false,
      });
      await next.acceptAccreditor('US-NY');
      assert.equal((await next.jurisdictionOf('US-NY')).accreditor, nextAccount);

      const above = await clients.governor.proposeAccreditor('US-NY', strangerAccount);
      assert.equal(above.fromAbove, true);
      await refuses(next.proposeAccreditor('US-NY', null), 'ProposedFromAbove', strangerAccount);
      await refuses(
        clients.stranger.acceptAccreditor('US-NY'),
        'NotProposed',
        strangerAccount,
        above.notBefore,
      );
      await clients.pass(DELAY);
      await clients.stranger.acceptAccreditor('US-NY');

      const back = await clients.accreditor.sender();
      await clients.stranger.proposeAccreditor('US-NY', back);
      const withdrawn = await clients.stranger.proposeAccreditor('US-NY', null);
      assert.equal(withdrawn.account, null);
      await refuses(
        clients.accreditor.proposeAccreditor('US-NY', back),
        'NotAccreditor',
        encodeJurisdiction('US-NY'),
        back,
      );
      await clients.stranger.proposeAccreditor('US-NY', back);
      await clients.accreditor.acceptAccreditor('US-NY');
    });

    test('the delay becomes longer only, and a longer one can be taken back', async () => {
      const { delay, next, nextDelay: longer } = await clients.governor.governance();
      assert.deepEqual([delay, next, longer], [DELAY, null, null]);
      await refuses(clients.governor.changeDelay(DELAY - 1), 'DelayNotAllowed', DELAY, DELAY - 1);
      await refuses(clients.governor.changeDelay(91 * DAY), 'DelayNotAllowed', DELAY, 91 * DAY);
      const { notBefore } = await clients.governor.changeDelay(2 * DAY);
      const { nextDelay } = await clients.governor.governance();
      assert.deepEqual(nextDelay, { delay: 2 * DAY, notBefore });
      await clients.governor.cancelDelay();
      assert.equal((await clients.governor.governance()).nextDelay, null);
    });

    test('a successor is announced and taken back; both stand in the log', async () => {
      const { size } = await clients.governor.logHead();
      await clients.governor.announceSuccessor(1, await clients.stranger.sender());
      await clients.governor.announceSuccessor(1, null);
      assert.equal((await clients.governor.logHead()).size, size + 2);
      await refuses(
        clients.stranger.announceSuccessor(1, null),
        'AccessControlUnauthorizedAccount',
        await clients.stranger.sender(),
        NOT_BEGUN,
      );
    });

    test('governance is handed over in two steps, after the delay, and a handing over can be taken back', async () => {
      const [here, there] = [await clients.governor.sender(), await clients.stranger.sender()];
      await refuses(clients.governor.proposeGovernor(ZERO_ADDRESS), 'ZeroAddress');
      await clients.governor.proposeGovernor(here);
      await clients.governor.cancelGovernor();
      await refuses(clients.governor.acceptGovernor(), 'AccessControlInvalidDefaultAdmin', here);

      const { notBefore } = await clients.governor.proposeGovernor(there);
      const { next } = await clients.governor.governance();
      assert.deepEqual(next, { account: there, notBefore });
      await refuses(clients.stranger.acceptGovernor(), 'AccessControlEnforcedDefaultAdminDelay', notBefore);
      await clients.pass(DELAY + 1);
      await clients.stranger.acceptGovernor();
      assert.equal(await clients.governor.governor(), there);
      await refuses(
        clients.governor.openJurisdiction('US-NJ', 'New Jersey', here),
        'AccessControlUnauthorizedAccount',
        here,
        NOT_BEGUN,
      );
    });

    test('an address that was mistyped is refused before the chain is asked', async () => {
      const account = await clients.stranger.sender();
      const digits = account.slice(2);
      const swapped = `0x${digits.replace(/[a-fA-F]/, (digit) =>
        digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase(),
      )}`;
      for (const bad of [swapped, account.slice(0, -1), 'me']) {
        await fails(clients.stranger.offerGuardian(bad), 'ARGUMENT_INVALID');
      }
      const plain = await clients.stranger.guardianOfferOf(account.toLowerCase());
      assert.equal(plain, 0);
    });
  });
}
