import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { syncTrust } from '../../../verifier/node/sync.ts';
import type { SyncReport } from '../../../verifier/node/sync.ts';
import { openTrustStore } from '../../../verifier/node/trust-store.ts';
import type { TrustStore } from '../../../verifier/node/trust-store.ts';
import { type Ledger, startLedger, STATUS } from '../../contracts/ledger.ts';
import { CLIENTS, type Client } from '../../contracts/nodes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CONFIRMATIONS = 4;

for (const client of CLIENTS) describe(`reorganisations of ${client}`, () => reorganisationsOf(client));

function reorganisationsOf(client: Client): void {
  let ledger: Ledger;
  let code: string;
  before(async () => {
    ledger = await startLedger({ client });
    code = await ledger.openJurisdiction();
  });
  after(() => ledger.stop());

  async function mine(blocks: number): Promise<void> {
    for (let block = 0; block < blocks; block++) await ledger.rpc('evm_mine');
  }

  /** Puts empty blocks in the place of all that come from now on, so many on anvil; as many blocks there are afterwards. */
  async function reorganisation(depth: number): Promise<() => Promise<void>> {
    if (client === 'anvil') return async () => void (await ledger.rpc('anvil_reorg', depth, []));
    const snapshot = await ledger.snapshot();
    return async () => {
      const height = Number(await ledger.rpc<string>('eth_blockNumber'));
      await ledger.restore(snapshot);
      // Else the blocks would be the very same.
      await ledger.rpc('evm_increaseTime', 7);
      while (Number(await ledger.rpc<string>('eth_blockNumber')) < height) await ledger.rpc('evm_mine');
    };
  }

  async function sync(store: TrustStore): Promise<SyncReport> {
    const chain = { rpcUrls: [ledger.rpcUrl], confirmations: CONFIRMATIONS };
    return syncTrust({ chain, registry: ledger.registry, store, lists: [], now: Date.now() / 1000 });
  }

  test('what a reorganisation takes back was never trusted, and a suspension that it takes back is lifted', async (t) => {
    const store = await openTrustStore(await temporaryFolder(t));
    t.after(() => store.close());
    const id = await ledger.registerIssuer({}, code);
    await mine(CONFIRMATIONS);
    await sync(store);
    assert.equal(statusOf(store, id), 'active');

    const reorganise = await reorganisation(3);
    await ledger.setStatus(id, STATUS.Suspended);
    const newcomer = await ledger.registerIssuer({}, code);
    const seen = await sync(store);
    assert.deepEqual([seen.newEvents, seen.seenEvents], [0, 2]);
    assert.deepEqual([statusOf(store, id), statusOf(store, newcomer)], ['suspended', undefined]);

    // Other blocks take the place of the last three, without these transactions.
    await reorganise();
    const taken = await sync(store);
    assert.deepEqual([taken.newEvents, taken.seenEvents, taken.faults], [0, 0, []]);
    assert.deepEqual([statusOf(store, id), statusOf(store, newcomer)], ['active', undefined]);
  });

  test('what stands long enough is final, and then counts whole', async (t) => {
    const store = await openTrustStore(await temporaryFolder(t));
    t.after(() => store.close());
    const id = await ledger.registerIssuer({}, code);
    await mine(CONFIRMATIONS);
    await sync(store);
    await ledger.setStatus(id, STATUS.Suspended);
    await mine(CONFIRMATIONS);
    await ledger.setStatus(id, STATUS.Active);
    const report = await sync(store);
    assert.deepEqual([report.newEvents, report.seenEvents, statusOf(store, id)], [1, 1, 'suspended']);
    await mine(CONFIRMATIONS);
    assert.equal((await sync(store)).newEvents, 1);
    assert.equal(statusOf(store, id), 'active');
  });

  test('a state that was final and is gone is refused, and what is held stays', async (t) => {
    const store = await openTrustStore(await temporaryFolder(t));
    t.after(() => store.close());
    const reorganise = await reorganisation(2 * CONFIRMATIONS);
    const id = await ledger.registerIssuer({}, code);
    await mine(CONFIRMATIONS);
    await sync(store);
    await reorganise();
    await ledger.registerIssuer({}, code);
    await mine(CONFIRMATIONS);
    await assert.rejects(sync(store), (error: Error & { code?: string }) => {
      assert.ok(['LOG_FORKED', 'LOG_OLDER_THAN_HELD'].includes(error.code ?? ''), error.message);
      return true;
    });
    assert.equal(statusOf(store, id), 'active');
  });
}

function statusOf(store: TrustStore, id: bigint): string | undefined {
  return store.document()?.issuers.find((issuer) => issuer.id === Number(id))?.status;
}
