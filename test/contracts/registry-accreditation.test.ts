import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import type { RulesVersion } from '../../contracts/registry-accreditation.ts';
import { newKey } from '../support/cards.ts';
import { type Clients, DELAY, fails, issuerOf, NODES, refuses, startClients } from './clients.ts';
import { DAY, FROM, word } from './ledger.ts';

for (const { node, start } of NODES) {
  describe(`accreditation, on ${node}`, () => {
    let clients: Clients;
    before(async () => {
      clients = await startClients(start);
      const { governor, accreditor, stranger } = clients;
      await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
      await governor.openJurisdiction('US-NJ', 'New Jersey', await stranger.sender());
    });
    after(() => clients.stop());

    test('an issuer is registered, stated anew, and moved through its life', async () => {
      const { accreditor, controller } = clients;
      const account = await controller.sender();
      const terms = issuerOf(account, { status: 'pending' });
      const { issuerId } = await accreditor.registerIssuer(terms);
      assert.equal(await accreditor.issuerIdOf(terms.iss), issuerId);
      await accreditor.setIssuerStatus(issuerId, 'active', 0);
      await accreditor.updateIssuer(issuerId, {
        name: 'Another name',
        accreditedFrom: FROM + DAY,
        accreditedUntil: FROM + 2 * DAY,
        attestations: 15,
      });
      assert.deepEqual(await accreditor.issuerOf(issuerId), {
        jurisdiction: 'US-NY',
        controller: account,
        operator: null,
        status: 'active',
        held: false,
        accreditedFrom: FROM + DAY,
        accreditedUntil: FROM + 2 * DAY,
        attestations: 15,
      });
      await accreditor.setIssuerStatus(issuerId, 'withdrawn', 3);
      await refuses(accreditor.setIssuerStatus(issuerId, 'active', 0), 'InvalidIssuerStatus', 5, 2);
    });

    test('an issuer moves to another jurisdiction in two steps', async () => {
      const { accreditor, stranger, governor } = clients;
      const { issuerId } = await accreditor.registerIssuer(issuerOf(null));
      await accreditor.offerIssuer(issuerId, 'US-NJ');
      await accreditor.offerIssuer(issuerId, null);
      await refuses(stranger.acceptIssuer(issuerId), 'NotOffered', issuerId, await stranger.sender());
      await accreditor.offerIssuer(issuerId, 'US-NJ');
      assert.partialDeepStrictEqual(await stranger.transferOfferOf(issuerId), { byGovernor: false });

      const { notBefore } = await governor.offerIssuer(issuerId, 'US-NJ');
      assert.deepEqual(await stranger.transferOfferOf(issuerId), {
        jurisdiction: 'US-NJ',
        byGovernor: true,
        notBefore,
      });
      await refuses(accreditor.offerIssuer(issuerId, null), 'OfferedByGovernor', issuerId);
      const account = await stranger.sender();
      await refuses(stranger.acceptIssuer(issuerId), 'NotProposed', account, notBefore);
      await clients.pass(DELAY);
      await stranger.acceptIssuer(issuerId);
      assert.equal((await stranger.issuerOf(issuerId)).jurisdiction, 'US-NJ');
      assert.partialDeepStrictEqual(await stranger.transferOfferOf(issuerId), { jurisdiction: null });
    });

    test('venues are registered, renamed, suspended and withdrawn', async () => {
      const { accreditor } = clients;
      const did = 'did:web:arena.example';
      const { venueId } = await accreditor.registerVenue('US-NY', did, 'Arena');
      assert.equal(await accreditor.venueIdOf('US-NY', did), venueId);
      assert.equal(await accreditor.venueIdOf('US-NJ', did), 0);
      await accreditor.renameVenue(venueId, 'The Arena');
      await accreditor.setVenueStatus(venueId, 'suspended', 7);
      assert.deepEqual(await accreditor.venueOf(venueId), { jurisdiction: 'US-NY', status: 'suspended' });
      await accreditor.setVenueStatus(venueId, 'withdrawn', 4);
      await refuses(accreditor.setVenueStatus(venueId, 'active', 0), 'InvalidVenueStatus', 3, 1);
      await refuses(accreditor.registerVenue('US-NY', did, 'Again'), 'VenueExists', venueId);
      await refuses(accreditor.renameVenue(99, 'None'), 'UnknownVenue', 99);
    });

    test('rules are published in rising versions and ended', async () => {
      const { accreditor } = clients;
      const rules: RulesVersion = {
        jurisdiction: 'US-NY',
        id: 'VENUE-ENTRY',
        version: 2,
        validFrom: FROM,
        digest: word('rules'),
        uri: 'https://health.example/rules.json',
      };
      await accreditor.publishRules(rules);
      assert.deepEqual(await accreditor.rulesOf('US-NY', 'VENUE-ENTRY'), {
        digest: word('rules'),
        version: 2,
        validFrom: FROM,
      });
      await refuses(accreditor.publishRules(rules), 'VersionNotRising', 2, 2);
      await accreditor.publishRules({ ...rules, version: 3, digest: null, uri: '' });
      assert.match((await accreditor.rulesOf('US-NY', 'VENUE-ENTRY')).digest, /^0x0{64}$/);
      await fails(accreditor.publishRules({ ...rules, id: 'entry' }), 'ARGUMENT_INVALID');
      await fails(accreditor.publishRules({ ...rules, digest: '0x12' }), 'ARGUMENT_INVALID');
    });

    test('the last anchor of an issuer gone dark is renewed by its accreditor', async () => {
      const { accreditor } = clients;
      const { issuerId } = await accreditor.registerIssuer(issuerOf(null));
      const key = newKey();
      const list = key.kid;
      await accreditor.listKeys([{ issuerId, x: key.x, y: key.y, validUntil: 0, revocation: 'rids' }]);
      await refuses(
        accreditor.renewAnchor(issuerId, list),
        'NothingAnchored',
        issuerId,
        `0x${Buffer.from(list, 'base64url').toString('hex')}`,
      );
      const root = Buffer.from(word('root').slice(2), 'hex');
      await accreditor.anchor({ issuerId, list, root, counter: 4, length: 10, revoked: 1, final: false });
      const first = await accreditor.anchorOf(issuerId, list);
      assert.partialDeepStrictEqual(first, { root: word('root'), counter: 4, length: 10, revoked: 1 });
      await clients.pass(DAY);
      await accreditor.renewAnchor(issuerId, list);
      const renewed = await accreditor.anchorOf(issuerId, list);
      assert.ok(renewed.time >= first.time + DAY);
      assert.deepEqual(renewed, { ...first, time: renewed.time });
    });

    test('what only an accreditor may do, another accreditor is refused', async () => {
      const { accreditor, stranger } = clients;
      const { issuerId } = await accreditor.registerIssuer(issuerOf(null));
      const [code, account] = [encodeJurisdiction('US-NY'), await stranger.sender()];
      const works = [
        async () => stranger.registerIssuer(issuerOf(null)),
        async () => stranger.setIssuerStatus(issuerId, 'withdrawn', 0),
        async () => stranger.registerVenue('US-NY', 'did:web:x.example', 'X'),
        async () => stranger.offerIssuer(issuerId, 'US-NJ'),
      ];
      for (const work of works) await refuses(work(), 'NotAccreditor', code, account);
    });
  });
}
