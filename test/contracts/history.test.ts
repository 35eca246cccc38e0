import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import { type HistoryEntry, readEntries, readHistory } from '../../contracts/history.ts';
import { keyBurnMessage } from '../../contracts/key-burn.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { mined } from '../support/receipt.ts';
import { type Clients, issuerOf, NODES, provenKey, startClients } from './clients.ts';
import { abi, FROM, UNTIL, word } from './ledger.ts';

const ONE = 'https://one.example';

/** Every kind of event that the log can hold. */
const EVENTS = issuerRegistryAbi.flatMap((item) =>
  item.type === 'event' && item.inputs[0].name === 'seq' ? [item.name] : [],
);

for (const { node, start } of NODES) {
  describe(`the history, on ${node}`, () => {
    let clients: Clients;
    let entries: readonly HistoryEntry[];
    const [key, listed] = [newKey(), newKey()];
    let accounts: Record<'governor' | 'accreditor' | 'controller' | 'stranger', string>;
    before(async () => {
      clients = await startClients(start);
      const { governor, accreditor, controller, stranger } = clients;
      accounts = {
        governor: await governor.sender(),
        accreditor: await accreditor.sender(),
        controller: await controller.sender(),
        stranger: await stranger.sender(),
      };
      await everyEvent();
      ({ entries } = await readHistory(clients.chain.rpcUrl, clients.address));
    });
    after(() => clients.stop());

    async function everyEvent(): Promise<void> {
      const { governor, accreditor, controller, stranger, address: registry } = clients;
      const { chainId } = governor;
      await governor.openJurisdiction('US-NY', 'New York', accounts.accreditor);
      await governor.openJurisdiction('US-NJ', 'New Jersey', accounts.stranger);
      await stranger.proposeAccreditor('US-NJ', accounts.governor);
      await governor.acceptAccreditor('US-NJ');
      await governor.setJurisdictionSuspended('US-NJ', true, 7);
      await governor.setJurisdictionSuspended('US-NJ', false, 0);

      const terms = issuerOf(accounts.controller, { iss: ONE, name: 'One', statusBase: ONE });
      const { issuerId } = await accreditor.registerIssuer(terms);
      await accreditor.setIssuerStatus(issuerId, 'suspended', 6);
      await accreditor.setIssuerStatus(issuerId, 'active', 0);
      await governor.setIssuerHeld(issuerId, true, 1);
      await governor.setIssuerHeld(issuerId, false, 0);
      const update = { name: 'Uno', accreditedFrom: FROM, accreditedUntil: UNTIL, attestations: 5 };
      await accreditor.updateIssuer(issuerId, update);
      await controller.setStatusBase(issuerId, '');
      await controller.setOperator(issuerId, accounts.stranger);
      await controller.registerKey({ ...provenKey(key, issuerId, controller), revocation: 'none' });
      await controller.setKeyRevocation(issuerId, key.kid, 'rids');
      await controller.retireKey(issuerId, key.kid);
      await controller.compromiseKey(issuerId, key.kid);
      const { x, y } = key;
      const signature = key.sign(keyBurnMessage({ chainId, registry, x, y }));
      await stranger.burnKey({ issuerId, x, y, signature });
      await controller.proposeController(issuerId, accounts.stranger);
      await stranger.acceptController(issuerId);
      await accreditor.offerIssuer(issuerId, 'US-NJ');
      await governor.acceptIssuer(issuerId);

      const other = await accreditor.registerIssuer(issuerOf(null));
      await accreditor.listKeys([
        { issuerId: other.issuerId, x: listed.x, y: listed.y, validUntil: UNTIL, revocation: 'rids' },
      ]);
      const { venueId } = await accreditor.registerVenue('US-NY', 'did:web:arena.example', 'Arena');
      await accreditor.renameVenue(venueId, 'The Arena');
      await accreditor.setVenueStatus(venueId, 'withdrawn', 4);
      const rules = { jurisdiction: 'US-NY', id: 'ENTRY', validFrom: FROM, uri: '' };
      await accreditor.publishRules({ ...rules, version: 1, digest: word('rules') });
      // A chain's id is 256 bits wide; our own client takes none that a number cannot hold.
      const data = abi.encodeFunctionData('announceSuccessor', [2n ** 200n, accounts.stranger]);
      const transaction = { from: accounts.governor, to: registry, data };
      await mined(clients.chain.rpcUrl, transaction);
    }

    const detailsOf = (event: string): HistoryEntry['details'] =>
      entries.find((entry) => entry.event === event)?.details ?? {};

    test('tells every kind of event, numbered from 0, with who, when and where', () => {
      assert.deepEqual(new Set(entries.map(({ event }) => event)), new Set(EVENTS));
      assert.deepEqual(
        entries.map(({ seq }) => seq),
        entries.map((_, at) => at),
      );
      for (const { block, time, by } of entries) {
        assert.ok(block > 0 && time > FROM);
        assert.ok(Object.values(accounts).includes(by), by);
      }
      assert.equal(entries[0]?.by, accounts.governor);
    });

    test('reads states as words, codes as text, kids and coordinates as in a JWK', () => {
      const { kid, x, y } = key;
      const read: Record<string, HistoryEntry['details']> = {
        JurisdictionOpened: { jurisdiction: 'US-NY', accreditor: accounts.accreditor, name: 'New York' },
        AccreditorChanged: { jurisdiction: 'US-NJ', accreditor: accounts.governor },
        JurisdictionSuspensionChanged: { jurisdiction: 'US-NJ', suspended: true, reason: 7 },
        IssuerRegistered: {
          issuerId: 1,
          jurisdiction: 'US-NY',
          controller: accounts.controller,
          status: 'active',
          accreditedFrom: FROM,
          accreditedUntil: 0,
          attestations: 3,
          did: 'did:web:one.example',
          iss: ONE,
          name: 'One',
          statusBase: ONE,
        },
        IssuerStatusChanged: { issuerId: 1, status: 'suspended', reason: 6 },
        IssuerHoldChanged: { issuerId: 1, held: true, reason: 1 },
        IssuerUpdated: {
          issuerId: 1,
          accreditedFrom: FROM,
          accreditedUntil: UNTIL,
          attestations: 5,
          name: 'Uno',
        },
        IssuerStatusBaseChanged: { issuerId: 1, statusBase: '' },
        IssuerControllerChanged: { issuerId: 1, controller: accounts.stranger },
        IssuerOperatorChanged: { issuerId: 1, operator: accounts.stranger },
        IssuerTransferred: { issuerId: 1, jurisdiction: 'US-NJ' },
        KeyRegistered: {
          issuerId: 1,
          kid,
          x,
          y,
          validFrom: FROM,
          validUntil: UNTIL,
          revocation: 'none',
        },
        KeyListed: {
          issuerId: 2,
          kid: listed.kid,
          x: listed.x,
          y: listed.y,
          validUntil: UNTIL,
          revocation: 'rids',
        },
        KeyCompromised: { issuerId: 1, kid },
        KeyRevocationChanged: { issuerId: 1, kid, revocation: 'rids' },
        KeyBurned: { kid, x, y },
        VenueRegistered: { venueId: 1, jurisdiction: 'US-NY', did: 'did:web:arena.example', name: 'Arena' },
        VenueRenamed: { venueId: 1, name: 'The Arena' },
        VenueStatusChanged: { venueId: 1, status: 'withdrawn', reason: 4 },
        RulesPublished: {
          jurisdiction: 'US-NY',
          id: 'ENTRY',
          version: 1,
          validFrom: FROM,
          digest: word('rules'),
          uri: '',
        },
        SuccessorAnnounced: { registry: accounts.stranger, chainId: String(2n ** 200n) },
      };
      for (const [event, details] of Object.entries(read)) assert.deepEqual(detailsOf(event), details, event);
    });

    test('of one thing alone is asked for by its name', async () => {
      const { rpcUrl } = clients.chain;
      const about = async (asked: Parameters<typeof readEntries>[2]): Promise<string[]> =>
        (await readEntries(rpcUrl, clients.address, asked)).map(({ event }) => event);
      const first = `0x${'1'.padStart(64, '0')}`;
      assert.deepEqual(await about({ events: ['IssuerUpdated', 'VenueRenamed', 'KeyListed'], first }), [
        'IssuerUpdated',
        'VenueRenamed',
      ]);
      const code = encodeJurisdiction('US-NJ');
      assert.deepEqual(await about({ events: ['JurisdictionOpened', 'AccreditorChanged'], first: code }), [
        'JurisdictionOpened',
        'AccreditorChanged',
      ]);
      assert.deepEqual(await about({ events: ['KeyRetired'], first, second: word('another key') }), []);
    });
  });
}
