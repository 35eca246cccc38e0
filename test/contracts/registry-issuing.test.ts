import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keyBurnMessage } from '../../contracts/key-burn.ts';
import { encodeKid, ZERO_ADDRESS } from '../../contracts/registry-encoding.ts';
import { newKey, type TestKey } from '../support/cards.ts';
import { type Clients, DELAY, fails, issuerOf, NODES, provenKey, refuses, startClients } from './clients.ts';
import { FROM, UNTIL, word } from './ledger.ts';

for (const { node, start } of NODES) {
  describe(`what an issuer does, on ${node}`, () => {
    let clients: Clients;
    before(async () => {
      clients = await startClients(start);
      const { governor, accreditor } = clients;
      await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
    });
    after(() => clients.stop());

    const register = async (): Promise<number> =>
      (await clients.accreditor.registerIssuer(issuerOf(await clients.controller.sender()))).issuerId;
    const registerKey = async (key: TestKey, issuerId: number): Promise<void> => {
      await clients.controller.registerKey(provenKey(key, issuerId, clients.controller));
    };
    const burnOf = (
      key: TestKey,
      issuerId: number,
      signer = key,
    ): Parameters<Clients['stranger']['burnKey']>[0] => {
      const { chainId, address: registry } = clients.stranger;
      const { x, y } = key;
      return { issuerId, x, y, signature: signer.sign(keyBurnMessage({ chainId, registry, x, y })) };
    };

    test('a key is registered, made revocable, retired and reported stolen', async () => {
      const { controller } = clients;
      const issuerId = await register();
      const key = newKey();
      const { kid } = await controller.registerKey({
        ...provenKey(key, issuerId, controller),
        revocation: 'none',
      });
      assert.equal(kid, key.kid);
      await controller.setKeyRevocation(issuerId, kid, 'bits');
      assert.deepEqual(await controller.keyOf(issuerId, kid), {
        validFrom: FROM,
        validUntil: UNTIL,
        state: 'active',
        revocation: 'bits',
        listed: false,
      });
      await refuses(controller.setKeyRevocation(issuerId, kid, 'rids'), 'InvalidRevocation', 1, 2);
      await controller.retireKey(issuerId, kid);
      assert.equal((await controller.keyOf(issuerId, kid)).state, 'retired');
      await controller.compromiseKey(issuerId, kid);
      await refuses(controller.retireKey(issuerId, kid), 'KeyIsCompromised', issuerId, encodeKid(kid));
    });

    test('trust is by issuer, key and time', async () => {
      const { accreditor, controller } = clients;
      const terms = issuerOf(await controller.sender());
      const { issuerId } = await accreditor.registerIssuer(terms);
      const key = newKey();
      await registerKey(key, issuerId);
      const trusted = async (iss: string, nbf: number): Promise<boolean> =>
        controller.isTrusted(iss, key.kid, nbf);
      assert.deepEqual(
        [
          await trusted(terms.iss, FROM),
          await trusted(terms.iss, FROM - 1),
          await trusted(terms.iss, UNTIL),
          await trusted('https://another.example', FROM),
        ],
        [true, false, false, false],
      );
      await controller.compromiseKey(issuerId, key.kid);
      assert.equal(await trusted(terms.iss, FROM), false);
    });

    test('anybody burns a key by its own signature, under every issuer that has it', async () => {
      const { stranger } = clients;
      const key = newKey();
      const [one, another] = [await register(), await register()];
      await registerKey(key, one);
      await registerKey(key, another);
      const bytes = encodeKid(key.kid);
      await refuses(stranger.burnKey(burnOf(key, 9999)), 'UnknownKey', 9999, bytes);
      await refuses(stranger.burnKey(burnOf(key, one, newKey())), 'PossessionNotProven', bytes);
      await stranger.burnKey(burnOf(key, another));
      assert.equal(await stranger.isBurned(key.kid), true);
      await refuses(stranger.burnKey(burnOf(key, one)), 'KeyIsBurned', bytes);
      await refuses(registerKey(key, await register()), 'KeyIsBurned', bytes);
      await fails(
        stranger.burnKey({ ...burnOf(key, one), signature: new Uint8Array(63) }),
        'ARGUMENT_INVALID',
      );
      await fails(stranger.burnKey({ ...burnOf(key, one), x: 'A'.repeat(44) }), 'ARGUMENT_INVALID');
    });

    test('an operator anchors, by kid or under another name, and does nothing else', async () => {
      const { controller, stranger } = clients;
      const issuerId = await register();
      const account = await stranger.sender();
      const root = Buffer.from(word('root').slice(2), 'hex');
      const anchor = { issuerId, list: 'name:audit', root, counter: 1, length: 7, revoked: 0, final: false };
      await refuses(stranger.anchor(anchor), 'NotController', issuerId, account);
      await controller.setOperator(issuerId, account);
      assert.equal((await controller.issuerOf(issuerId)).operator, account);
      await stranger.anchor(anchor);
      await stranger.anchor({ ...anchor, list: newKey().kid });
      assert.deepEqual(
        await controller.anchorOf(issuerId, 'name:audit'),
        await controller.anchorOf(issuerId, word('audit')),
      );
      await refuses(stranger.anchor(anchor), 'CounterNotRising', 1, 1);
      await controller.anchor({ ...anchor, counter: 2, final: true });
      await refuses(stranger.anchor({ ...anchor, counter: 3 }), 'AnchorIsFinal', issuerId, word('audit'));
      await refuses(stranger.setOperator(issuerId, account), 'NotController', issuerId, account);
      await controller.setOperator(issuerId, null);
      assert.equal((await controller.issuerOf(issuerId)).operator, null);
      await fails(stranger.anchor({ ...anchor, root: new Uint8Array(31) }), 'ARGUMENT_INVALID');
    });

    test('the address of the status data is stated anew, empty if there is none', async () => {
      const issuerId = await register();
      await clients.controller.setStatusBase(issuerId, 'https://elsewhere.example/status');
      await clients.controller.setStatusBase(issuerId, '');
      const url = 'http://plain.example';
      await refuses(clients.controller.setStatusBase(issuerId, url), 'InvalidUrl', url);
    });

    test('control is handed over at once, and taken from a controller after the delay', async () => {
      const { accreditor, controller, stranger, governor } = clients;
      const issuerId = await register();
      const [mine, theirs, third] = [
        await controller.sender(),
        await stranger.sender(),
        await governor.sender(),
      ];
      await controller.proposeController(issuerId, theirs);
      await stranger.acceptController(issuerId);
      assert.equal((await stranger.issuerOf(issuerId)).controller, theirs);

      const { notBefore, fromAbove } = await accreditor.proposeController(issuerId, third);
      assert.equal(fromAbove, true);
      assert.deepEqual(await governor.controllerProposalOf(issuerId), {
        account: third,
        notBefore,
        fromAbove: true,
      });
      await refuses(stranger.proposeController(issuerId, mine), 'ProposedFromAbove', third);
      await refuses(governor.acceptController(issuerId), 'NotProposed', third, notBefore);
      await clients.pass(DELAY);
      await governor.acceptController(issuerId);
      assert.equal((await governor.issuerOf(issuerId)).controller, third);
      assert.equal((await governor.controllerProposalOf(issuerId)).account, null);
    });

    test('a key of an issuer without controller cannot be registered, only listed', async () => {
      const { accreditor, controller } = clients;
      const { issuerId } = await accreditor.registerIssuer(issuerOf(null));
      assert.equal((await accreditor.issuerOf(issuerId)).controller, ZERO_ADDRESS);
      const key = newKey();
      await refuses(
        controller.registerKey(provenKey(key, issuerId, controller)),
        'NotController',
        issuerId,
        await controller.sender(),
      );
      const { kids } = await accreditor.listKeys([
        { issuerId, x: key.x, y: key.y, validUntil: 0, revocation: 'rids' },
      ]);
      assert.deepEqual([kids, (await accreditor.keyOf(issuerId, key.kid)).listed], [[key.kid], true]);
    });
  });
}
