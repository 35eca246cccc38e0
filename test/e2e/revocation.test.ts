import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { publishList } from '../../agent/status-publication.ts';
import { encodeCardPayload } from '../../credential/health-card.ts';
import { indexPermutation } from '../../credential/index-permutation.ts';
import { BLOCK_BITS, ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { exporterKeyOf } from '../../verifier/node/exporter-key.ts';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import type { StatusFile } from '../../verifier/node/status-files.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import type { SyncReport } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { type Clients, issuerOf, provenKey, startClients } from '../contracts/clients.ts';
import { decide, healthCard, mintJws, newKey } from '../support/cards.ts';
import { startAnvil } from '../support/anvil.ts';
import { below } from '../../bench/revocation/revoked-cards.ts';

const CARDS = 200_000;
const REVOKED = 1_000;
const PART = 20_000;

describe(`${CARDS} cards, of which ${REVOKED} are revoked`, () => {
  const key = newKey();
  const permutation = indexPermutation(Buffer.alloc(32, 7));
  const now = Math.floor(Date.now() / 1000);
  const revoked = new Set<number>();
  let folder: string;
  let clients: Clients;
  let iss: string;
  let issuerId: number;
  let list: StatusList;
  const versions: { counter: number; list: () => StatusList }[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-revocation-'));
    clients = await startClients(startAnvil);
    await clients.governor.openJurisdiction('US-NY', 'New York', await clients.accreditor.sender());
    const issuer = issuerOf(await clients.controller.sender());
    ({ iss } = issuer);
    ({ issuerId } = await clients.accreditor.registerIssuer(issuer));
    await clients.controller.registerKey(provenKey(key, issuerId, clients.controller));
    list = new StatusList(Math.ceil(CARDS / BLOCK_BITS));
  });
  after(async () => {
    await clients.stop();
    await rm(folder, { recursive: true });
  });

  /** The issuer's evening: anchor what stands, then write the files. */
  const anchorAndPublish = async (counter: number): Promise<void> => {
    const version = { kid: key.kid, counter, list: list.copy() };
    const { length, revoked: count } = list;
    const root = list.root();
    await clients.controller.anchor({
      issuerId,
      list: key.kid,
      root,
      counter,
      length,
      revoked: count,
      final: false,
    });
    versions.push({ counter, list: () => version.list });
    await publishList(join(folder, 'public'), version, {
      signed: { credential: '', token: '' },
      earlier: versions,
    });
  };
  const published = async (wanted: RegExp): Promise<StatusFile[]> => {
    const status = join(folder, 'public', 'status');
    const names = (await readdir(status)).filter((name) => wanted.test(name));
    return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(status, name)) })));
  };
  /** An office with a network; what it learns leaves it as one file. */
  const sync = async (files: readonly StatusFile[]): Promise<SyncReport> => {
    const store = await openTrustStore(join(folder, 'office'));
    try {
      const chain = { rpcUrls: [clients.chain.rpcUrl], confirmations: 0 };
      const registry = clients.address;
      return await syncTrust({ chain, registry, store, lists: files, now: Date.now() / 1000 });
    } finally {
      await store.close();
    }
  };
  /** A gate that never had one. */
  const gate = async (): Promise<Trust> => {
    const store = await openTrustStore(join(folder, 'office'));
    const document = store.document();
    await store.close();
    assert.ok(document);
    const exporter = await exporterKeyOf(join(folder, 'office'));
    const atGate = await openTrustStore(join(folder, 'gate'));
    const bundle = { text: signBundle(document, exporter), pinnedExporter: exporter.kid };
    await atGate.putBundle(bundle, Date.now() / 1000);
    await atGate.close();
    const trust = await loadTrust({ store: join(folder, 'gate') });
    assert.ok(typeof trust !== 'string');
    return trust;
  };
  const cardOf = (ordinal: number): string => {
    const rid = ridFromIndex(permutation.indexOf(ordinal));
    return mintJws(key, deflateRawSync(encodeCardPayload(healthCard({ iss, rid, nbf: now - 60 }))), {
      zip: 'DEF',
    });
  };
  const answerOf = async (ordinal: number, trust: Trust): Promise<string> =>
    (await decide(cardOf(ordinal), trust, { now: Date.now() / 1000 })).codes.join();

  test('before anything is revoked, every card is good; what is in the files is under a hundred bytes', async () => {
    await anchorAndPublish(1);
    const files = await published(/\.list$/);
    assert.deepEqual((await sync(files)).heldLists, 1);
    assert.ok((files[0]?.bytes.length ?? 0) < 100);
    const trust = await gate();
    for (let ordinal = 0; ordinal < CARDS; ordinal += 997)
      assert.equal(await answerOf(ordinal, trust), 'VALID');
  });

  test('half are revoked and anchored, then the other half: the day’s changes bring the office up to date', async () => {
    const draw = below(CARDS, 'revoked cards');
    while (revoked.size < REVOKED) revoked.add(draw());
    const ordinals = [...revoked];
    for (const ordinal of ordinals.slice(0, REVOKED / 2)) list.set(permutation.indexOf(ordinal), true);
    await anchorAndPublish(2);
    for (const ordinal of ordinals.slice(REVOKED / 2)) list.set(permutation.indexOf(ordinal), true);
    await anchorAndPublish(3);
    assert.equal(list.revoked, REVOKED);

    // Without the files nothing is said of any card.
    assert.equal((await sync([])).heldLists, 0);
    assert.equal(await answerOf(0, await gate()), 'STATUS_STALE');
    const changes = await published(/\.delta$/);
    assert.equal(changes.length, 2);
    assert.deepEqual(
      (await sync(changes.slice(0, 1))).refused.map(({ reason }) => reason),
      ['DELTA_UNUSABLE'],
    );
    const report = await sync(changes);
    assert.deepEqual([report.heldLists, report.refused], [1, []]);
  });

  let trust: Trust | undefined;
  for (let from = 0; from < CARDS; from += PART) {
    // In parts, so that each ends soon and says where it failed.
    test(`the cards ${from} to ${from + PART - 1} are each answered rightly, offline`, async () => {
      trust ??= await gate();
      let refused = 0;
      for (let ordinal = from; ordinal < from + PART; ordinal++) {
        const answer = await answerOf(ordinal, trust);
        const isRevoked = revoked.has(ordinal);
        if (answer !== (isRevoked ? 'REVOKED' : 'VALID')) assert.fail(`card ${ordinal} is ${answer}`);
        if (isRevoked) refused++;
      }
      assert.ok(refused > 0 && refused < PART);
    });
  }

  test('an office that comes late takes the whole list, and holds what the others hold', async () => {
    const held = (await gate()).document.lists;
    await rm(join(folder, 'office', 'level'), { recursive: true });
    await rm(join(folder, 'office', 'digest.json'));
    assert.equal((await sync(await published(/\.list$/))).heldLists, 1);
    assert.deepEqual((await gate()).document.lists, held);
  });
});
