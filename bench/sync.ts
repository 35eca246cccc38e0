import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChain } from '../cli/chain.ts';
import { deployBytecode, deployRegistry } from '../contracts/deploy.ts';
import { keyPossessionMessage } from '../contracts/key-possession.ts';
import { connectRegistry, type RegistryClient } from '../contracts/registry-client.ts';
import type { NewIssuer } from '../contracts/registry-terms.ts';
import { oneTimeExporterKey } from '../verifier/node/exporter-key.ts';
import { syncTrust } from '../verifier/node/sync.ts';
import type { SyncReport } from '../verifier/node/sync.ts';
import { openTrustStore } from '../verifier/node/trust-store.ts';
import type { TrustStore } from '../verifier/node/trust-store.ts';
import { median, rounded } from './rounds.ts';

const ISSUERS = 1_000;
const KEYS_PER_ISSUER = 2;
const COLD_SYNCS = 5;
const LATER_SYNCS = 7;
const NEW_EVENTS = 10;

interface Bench {
  readonly rpcUrl: string;
  readonly registry: string;
  readonly accreditor: RegistryClient;
  readonly revocation: 'none' | 'rids';
}

/**
 * How long a verifier takes to learn a registry of a thousand issuers from a Hardhat node on the same machine, head
 * checked and stored durably; how long to learn ten events more; and what a proven key and a daily anchor cost.
 */
export async function benchSync(): Promise<object> {
  const chain = await startChain();
  const folder = await mkdtemp(join(tmpdir(), 'pratique-bench-sync-'));
  try {
    const { rpcUrl } = chain;
    const { address: registry } = await deployRegistry({ rpcUrl, adminDelay: 0 }, deployBytecode);
    const revocable = await deployRegistry({ rpcUrl, adminDelay: 0 }, deployBytecode);
    const bench = await directory(rpcUrl, registry, 'none');
    const gas = await gasOf(bench.accreditor, await connectTo(rpcUrl, registry, 2));
    console.log(
      `Syncing ${COLD_SYNCS} times from nothing, ${LATER_SYNCS} times with ${NEW_EVENTS} new events …`,
    );
    const cold = await coldSyncs(bench, folder);
    const later = await laterSyncs(bench, join(folder, 'later'));
    const reopened = await reopenedSyncs(bench, join(folder, 'later'));
    // Every key with a revocation list, whose anchors are all read at every sync.
    const laterRevocable = await laterSyncs(
      await directory(rpcUrl, revocable.address, 'rids'),
      join(folder, 'revocable'),
    );
    return {
      issuers: ISSUERS,
      keys: ISSUERS * KEYS_PER_ISSUER,
      coldMs: rounded(median(cold)),
      coldMinMs: rounded(Math.min(...cold)),
      incrementalMs: rounded(median(later)),
      incrementalMinMs: rounded(Math.min(...later)),
      reopenedMs: rounded(median(reopened)),
      incrementalRevocableMs: rounded(median(laterRevocable)),
      ...gas,
    };
  } finally {
    await chain.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function connectTo(rpcUrl: string, address: string, account: number): Promise<RegistryClient> {
  return connectRegistry({ rpcUrl, address, account });
}

/** A registry with a thousand issuers and two thousand keys, of which each or none can have its cards revoked. */
async function directory(rpcUrl: string, registry: string, revocation: Bench['revocation']): Promise<Bench> {
  const [governor, accreditor] = [await connectTo(rpcUrl, registry, 0), await connectTo(rpcUrl, registry, 1)];
  await governor.openJurisdiction('BENCH', 'A jurisdiction', await accreditor.sender());
  console.log(
    `Listing ${ISSUERS} issuers with ${ISSUERS * KEYS_PER_ISSUER} keys on a Hardhat node, revocation ${revocation} …`,
  );
  const bench = { rpcUrl, registry, accreditor, revocation };
  await fill(bench);
  return bench;
}

async function fill({ accreditor, revocation }: Bench): Promise<void> {
  const issuers = Array.from({ length: ISSUERS }, (_, index) =>
    issuer(`https://issuer-${index}.example/health/cards`),
  );
  const { issuerIds } = await accreditor.listIssuers(issuers);
  await accreditor.listKeys(
    issuerIds.flatMap((issuerId) =>
      Array.from({ length: KEYS_PER_ISSUER }, () => listedKey(issuerId, revocation)),
    ),
  );
}

/** A key with proof of possession, and the second anchor of a list of six million cards. */
async function gasOf(
  accreditor: RegistryClient,
  controller: RegistryClient,
): Promise<{ gasPerKey: number; gasPerAnchor: number }> {
  const terms = { ...issuer('https://health.example'), controller: await controller.sender() };
  const { issuerId } = await accreditor.registerIssuer(terms);
  const { kid, x, y, sign } = oneTimeExporterKey();
  const { chainId, address: registry } = controller;
  const window = { validFrom: 0, validUntil: 2_000_000_000 };
  const signature = sign(keyPossessionMessage({ chainId, registry, issuerId, kid, ...window }));
  const key = await controller.registerKey({ issuerId, x, y, ...window, revocation: 'none', signature });
  const list = { issuerId, list: kid, length: 46 * 131_072, revoked: 56_000, final: false };
  await controller.anchor({ ...list, root: Buffer.alloc(32, 1), counter: 1 });
  const anchor = await controller.anchor({ ...list, root: Buffer.alloc(32, 2), counter: 2, revoked: 56_789 });
  return { gasPerKey: Number(key.gas), gasPerAnchor: Number(anchor.gas) };
}

async function coldSyncs(bench: Bench, folder: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < COLD_SYNCS; round++) {
    const begun = performance.now();
    const store = await openTrustStore(join(folder, `cold-${round}`));
    const { keys } = await syncInto(store, bench);
    times.push(performance.now() - begun);
    await store.close();
    if (keys < ISSUERS * KEYS_PER_ISSUER) throw new Error('The sync left keys out.');
  }
  return times;
}

async function laterSyncs(bench: Bench, folder: string): Promise<number[]> {
  const store = await openTrustStore(folder);
  await syncInto(store, bench);
  const times: number[] = [];
  for (let round = 0; round < LATER_SYNCS; round++) {
    await bench.accreditor.listKeys(Array.from({ length: NEW_EVENTS }, () => listedKey(1, bench.revocation)));
    const begun = performance.now();
    const { newEvents } = await syncInto(store, bench);
    times.push(performance.now() - begun);
    if (newEvents !== NEW_EVENTS) throw new Error('The sync did not learn the new events.');
  }
  await store.close();
  return times;
}

/** As a command does it: the store opened and its log replayed each time. */
async function reopenedSyncs(bench: Bench, folder: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < LATER_SYNCS; round++) {
    await bench.accreditor.listKeys(Array.from({ length: NEW_EVENTS }, () => listedKey(1, bench.revocation)));
    const begun = performance.now();
    const store = await openTrustStore(folder);
    const { newEvents } = await syncInto(store, bench);
    await store.close();
    times.push(performance.now() - begun);
    if (newEvents !== NEW_EVENTS) throw new Error('The sync did not learn the new events.');
  }
  return times;
}

async function syncInto(store: TrustStore, { rpcUrl, registry }: Bench): Promise<SyncReport> {
  return syncTrust({ chain: { rpcUrls: [rpcUrl] }, registry, store, lists: [], now: Date.now() / 1000 });
}

function issuer(iss: string): NewIssuer {
  return {
    iss,
    name: 'Department of Health of a State',
    statusBase: iss,
    jurisdiction: 'BENCH',
    controller: null,
    accreditedFrom: 0,
    accreditedUntil: 0,
    attestations: 0,
    status: 'active',
  };
}

function listedKey(
  issuerId: number,
  revocation: Bench['revocation'],
): Parameters<RegistryClient['listKeys']>[0][number] {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
  return { issuerId, x, y, validUntil: 0, revocation };
}
