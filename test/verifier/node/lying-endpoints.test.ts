import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { FAULT_WORDS } from '../../../verifier/node/endpoint-fault.ts';
import { syncTrust } from '../../../verifier/node/sync.ts';
import type { SyncReport } from '../../../verifier/node/sync.ts';
import { openTrustStore } from '../../../verifier/node/trust-store.ts';
import type { TrustStore } from '../../../verifier/node/trust-store.ts';
import { newKey } from '../../support/cards.ts';
import { type Ledger, REVOCATION, startLedger, STATUS } from '../../contracts/ledger.ts';
import { CLIENTS, type Client } from '../../contracts/nodes.ts';
import { type Answer, lyingNode } from '../../contracts/rpc-stub.ts';
import { FAULTS, LATER_FAULTS } from './endpoint-faults.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TIMEOUT_MS = 700;
const mirror: Answer = async (_method, honest) => honest();
const REFUSED = /^(?:QUORUM_MISSING|HEAD_MISMATCH|LOG_OLDER_THAN_HELD|LOG_FORKED)$/;
const ALL = [...FAULTS, ...LATER_FAULTS];

/** All but the block's hash: of the block as such, two that tell it alike are believed, and nothing rests on it. */
function whatCounts(store: TrustStore): object {
  const document = store.document();
  assert.ok(document?.source.kind === 'chain');
  const { source, ...trust } = document;
  return { ...trust, source: { ...source, block: { ...source.block, hash: '' } } };
}

for (const client of CLIENTS) describe(`a sync from ${client}`, () => syncsFrom(client));

function syncsFrom(client: Client): void {
  let ledger: Ledger;
  let issuer: bigint;
  let status: number = STATUS.Active;
  before(async () => {
    ledger = await startLedger({ client });
    const code = await ledger.openJurisdiction();
    issuer = await ledger.registerIssuer({}, code);
    const key = newKey();
    const list = await ledger.registerKey(key, issuer, { revocation: REVOCATION.Bits });
    await ledger.send(
      ledger.controller,
      'anchor',
      ledger.newAnchor(issuer, list, { counter: 1, length: 131_072 }),
    );
  });
  after(() => ledger.stop());

  const emptyStore = async (t: TestContext): Promise<TrustStore> => {
    const store = await openTrustStore(await temporaryFolder(t));
    t.after(() => store.close());
    return store;
  };

  /** Syncs from endpoints that lie as told, the first ones first. */
  const syncFrom = async (
    store: TrustStore,
    answers: readonly Answer[],
  ): Promise<{ readonly report: SyncReport; readonly hosts: readonly string[] }> => {
    const nodes = await Promise.all(answers.map((answer) => lyingNode(answer, ledger.rpcUrl)));
    try {
      const rpcUrls = nodes.map(({ rpcUrl }) => rpcUrl);
      const chain = { rpcUrls, confirmations: 0, timeoutMs: TIMEOUT_MS };
      const report = await syncTrust({
        chain,
        registry: ledger.registry,
        store,
        lists: [],
        now: 1_800_000_000,
      });
      return { report, hosts: rpcUrls.map((rpcUrl) => new URL(rpcUrl).host) };
    } finally {
      await Promise.all(nodes.map(({ stop }) => stop()));
    }
  };

  test('the honest registry has an anchor and three events', async (t) => {
    const store = await emptyStore(t);
    const { report } = await syncFrom(store, [mirror]);
    assert.deepEqual([report.source.size, report.faults], [3, []]);
    assert.equal(store.document()?.anchors.length, 1);
  });

  for (const [what, code, liar] of ALL) {
    test(`an endpoint that ${what} is named ${code}, and the snapshot is what the others tell`, async (t) => {
      const [honest, store] = [await emptyStore(t), await emptyStore(t)];
      await syncFrom(honest, [mirror, mirror]);
      // First in the list, so that it is asked first wherever one is enough.
      const { report, hosts } = await syncFrom(store, [liar, mirror, mirror]);
      assert.deepEqual(report.faults, [{ endpoint: hosts[0], code }]);
      assert.ok(Object.hasOwn(FAULT_WORDS, code));
      assert.deepEqual(store.held()?.faults, report.faults, 'for whoever asks later');
      assert.deepEqual(store.document(), honest.document());
    });

    test(`two of three that ${what} in the middle of a store's life never change what is held`, async (t) => {
      const store = await emptyStore(t);
      await syncFrom(store, [mirror]);
      const held = whatCounts(store);
      // Meanwhile something happens that the liars may hide or not.
      await ledger.setStatus(issuer, (status = status === STATUS.Active ? STATUS.Suspended : STATUS.Active));
      const honest = await emptyStore(t);
      await syncFrom(honest, [mirror]);
      const ended = await syncFrom(store, [liar, liar, mirror]).catch((error: unknown) => error);
      // What one endpoint is enough for, such as the log, is taken from the honest one; else nothing is.
      if (ended instanceof Error) {
        assert.match((ended as Error & { code: string }).code, REFUSED);
        assert.deepEqual(whatCounts(store), held);
      } else {
        assert.deepEqual(whatCounts(store), whatCounts(honest));
      }
    });
  }

  test('where nobody tells the log, one from elsewhere that leads to the head is as good, and no other', async (t) => {
    const [honest, store] = [await emptyStore(t), await emptyStore(t)];
    await syncFrom(honest, [mirror]);
    const [, , silent] = LATER_FAULTS.find(([what]) => what === 'tells no events') ?? [];
    assert.ok(silent);
    const node = await lyingNode(silent, ledger.rpcUrl);
    t.after(() => node.stop());
    const logs = honest.held()?.logs ?? [];
    const sync = async (...sources: (typeof logs)[]): Promise<SyncReport> =>
      syncTrust({
        chain: { rpcUrls: [node.rpcUrl], confirmations: 0 },
        registry: ledger.registry,
        store,
        lists: [],
        logs: sources.map((source, index) => ({
          name: `${index}`,
          read: async () => Promise.resolve(source),
        })),
        now: 1_800_000_000,
      });
    await assert.rejects(sync(), { code: 'HEAD_MISMATCH' });
    await assert.rejects(sync(logs.slice(0, -1), logs.toReversed(), []), { code: 'HEAD_MISMATCH' });
    assert.equal(store.document(), undefined);
    await sync(logs.slice(1), logs);
    assert.deepEqual(store.document(), { ...honest.document() });
  });
}
