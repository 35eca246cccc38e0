import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initIssuer } from '../../agent/issuer-folder.ts';
import type { IssuedCard, Issuer } from '../../agent/issuer.ts';
import { startChain } from '../../cli/chain.ts';
import { anchorStatus } from '../../cli/issuer/anchor.ts';
import { registerSigningKey } from '../../cli/issuer/register-key.ts';
import { deployRegistry } from '../../contracts/deploy.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { parseJson } from '../../credential/json.ts';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import type { SyncReport } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { decide } from './cards.ts';

/** A real chain with a registry, two accredited issuers with proven keys, and one venue. */
export interface Federation {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly registry: string;
  readonly folder: string;
  readonly governor: RegistryClient;
  readonly accreditor: RegistryClient;
  readonly north: Member;
  readonly south: Member;
  /** Synchronise the venue with every list that was published. */
  sync(): Promise<SyncReport>;
  trust(): Promise<Trust>;
  /** The codes that the venue answers with, from what it holds now. */
  codes(jws: string, at?: { readonly now?: number }): Promise<readonly string[]>;
  /** The chain's node goes down; what was learned of it is left. */
  stopChain(): Promise<void>;
  stop(): Promise<void>;
}

/** One issuer with its folder open. */
export interface Member {
  readonly id: number;
  readonly issuer: Issuer;
  readonly client: RegistryClient;
  issue(): Promise<IssuedCard>;
  /** Anchor and publish its list. */
  anchor(): Promise<void>;
}

/** scrypt's N: the cost of a passphrase is not what these tests are about. */
const CHEAP_KDF = 2 ** 14;

export async function startFederation(): Promise<Federation> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-federation-'));
  const chain = await startChain();
  const { rpcUrl, chainId } = chain;
  const { address: registry } = await deployRegistry({ rpcUrl, chainId, account: 0, adminDelay: 0 });
  const connect = (account: number): Promise<RegistryClient> =>
    connectRegistry({ rpcUrl, address: registry, chainId, account });
  const [governor, accreditor] = [await connect(0), await connect(1)];
  await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());

  const lists = new Map<string, Uint8Array>();
  const enlist = async (name: string, account: number): Promise<Member> => {
    const iss = `https://${name}.example/health`;
    const dir = join(folder, name);
    const issuer = await initIssuer({
      dir,
      passphrase: 'correct horse battery',
      iss,
      name,
      kdfCost: CHEAP_KDF,
    });
    const client = await connect(account);
    const { issuerId } = await accreditor.registerIssuer({
      iss,
      name,
      statusBase: iss,
      jurisdiction: 'US-NY',
      controller: await client.sender(),
      accreditedFrom: now() - 60,
      accreditedUntil: 0,
      attestations: 0,
      status: 'active',
    });
    await issuer.bindRegistry({ chainId, registry, issuerId });
    await registerSigningKey(issuer, client, { now: now() - 30 });
    const anchor = async (): Promise<void> => {
      for (const { kid } of await anchorStatus(issuer, client, { rpcUrl })) {
        for (const path of await issuer.publishStatus(kid, join(folder, 'public'))) {
          lists.set(path, await readFile(path));
        }
      }
    };
    await anchor();
    return {
      id: issuerId,
      issuer,
      client,
      anchor,
      issue: async () => issuer.issuePlus(await sample(), { now: now() }),
    };
  };
  const north = await enlist('north', 2);
  const south = await enlist('south', 3);

  const store = join(folder, 'venue');
  const trust = async (): Promise<Trust> => {
    const loaded = await loadTrust({ store });
    if (typeof loaded === 'string') throw new Error(`trust is ${loaded}`);
    return loaded;
  };
  return {
    rpcUrl,
    chainId,
    registry,
    folder,
    governor,
    accreditor,
    north,
    south,
    trust,
    async sync() {
      const open = await openTrustStore(store);
      try {
        const published = [...lists].map(([name, bytes]) => ({ name, bytes }));
        return await syncTrust({
          chain: { rpcUrls: [rpcUrl] },
          registry,
          store: open,
          lists: published,
          now: now(),
        });
      } finally {
        await open.close();
      }
    },
    codes: async (jws, at) => (await decide(jws, await trust(), { now: now(), ...at })).codes,
    stopChain: () => chain.stop(),
    async stop() {
      await north.issuer.close();
      await south.issuer.close();
      await chain.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The machine's clock, whole Unix seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

async function sample(): Promise<unknown> {
  const path = new URL('../../cli/samples/immunization.json', import.meta.url);
  return parseJson(await readFile(path, 'utf8'));
}
