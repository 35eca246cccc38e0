import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interface } from 'ethers';
import { initIssuer, openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer, OpenOptions } from '../../agent/issuer.ts';
import type { LocalChain } from '../../cli/chain.ts';
import { anchorRun, type AnchorRun, type AnchorRunOptions } from '../../cli/issuer/anchor-run.ts';
import { registerSigningKey } from '../../cli/issuer/register-key.ts';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import { callNode } from '../../contracts/json-rpc.ts';
import { readLogs } from '../../contracts/event-reader.ts';
import { readLatestBlock } from '../../contracts/log-reader.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { decodeCompactList } from '../../credential/compact-list.ts';
import { MAX_LIST_BITS } from '../../verifier/pipeline/status-data.ts';
import { sampleBundle } from '../agent/issuer-fixture.ts';
import { type Clients, issuerOf, startClients } from '../contracts/clients.ts';
import { now } from '../support/federation.ts';

const ISS = 'https://anchored.example';
const PASSPHRASE = 'a passphrase that anchors';

/** An anchor as the chain's log tells it. */
interface LoggedAnchor {
  readonly counter: number;
  readonly root: string;
  readonly revoked: number;
}

/** An issuer with a registered key on a chain of its own; its folder is closed. */
export interface AnchoringFixture {
  readonly clients: Clients;
  readonly client: RegistryClient;
  readonly folder: string;
  readonly dir: string;
  readonly out: string;
  /** File with the passphrase. */
  readonly secret: string;
  readonly kid: string;
  readonly rpc: (method: string, ...params: unknown[]) => Promise<unknown>;
  /** With the folder open. */
  readonly open: <T>(work: (issuer: Issuer) => Promise<T>) => Promise<T>;
  /** Issue a card and revoke it. */
  readonly revokeOne: () => Promise<void>;
  readonly anchor: (options?: Partial<AnchorRunOptions>) => Promise<AnchorRun>;
  /** The anchors of the list in the chain's log, oldest first. */
  readonly logged: () => Promise<readonly LoggedAnchor[]>;
  /** The chain counts 1, 2, 3 …, and what venues would download is what it holds. */
  readonly assertSound: (counters: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Start a chain and all that has to be on it before a list is anchored. */
export async function startAnchoring(
  start: () => Promise<LocalChain>,
  terms: Pick<OpenOptions, 'database'> = {},
): Promise<AnchoringFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-anchoring-'));
  const clients = await startClients(start);
  const { chain, address: registry, governor, accreditor, controller: client } = clients;
  const { rpcUrl, chainId } = chain;
  const [dir, out, secret] = [join(folder, 'issuer'), join(folder, 'public'), join(folder, 'passphrase')];
  await writeFile(secret, PASSPHRASE);
  await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
  const { issuerId } = await accreditor.registerIssuer(
    issuerOf(await client.sender(), { iss: ISS, statusBase: ISS }),
  );
  const made = await initIssuer({
    dir,
    passphrase: PASSPHRASE,
    iss: ISS,
    name: 'Anchored',
    kdfCost: 2 ** 14,
    ...terms,
  });
  await made.bindRegistry({ chainId, registry, issuerId, rpcUrl });
  const { key } = await registerSigningKey(made, client, { now: now() - 60 });
  await made.close();
  const { kid } = key;

  const open: AnchoringFixture['open'] = async (work) => {
    const issuer = await openIssuer({ dir, passphrase: PASSPHRASE });
    try {
      return await work(issuer);
    } finally {
      await issuer.close();
    }
  };
  const logged = async (): Promise<readonly LoggedAnchor[]> => {
    const abi = new Interface(issuerRegistryAbi);
    const { topicHash } = abi.getEvent('RevocationAnchored') ?? assert.fail();
    const { number } = await readLatestBlock(rpcUrl);
    const logs = await readLogs(rpcUrl, registry, { from: 0, to: number }, { topics: [[topicHash]] });
    return logs.flatMap(({ topics, data }) => {
      const told = abi.decodeEventLog('RevocationAnchored', data, topics);
      // Beside it stands the audit log, under a name of its own.
      if (String(told[1]) !== encodeKid(kid)) return [];
      return { counter: Number(told[4]), root: String(told[3]), revoked: Number(told[6]) };
    });
  };
  return {
    clients,
    client,
    folder,
    dir,
    out,
    secret,
    kid,
    open,
    logged,
    rpc: async (method, ...params) => callNode(rpcUrl, method, params),
    revokeOne: async () =>
      open(async (issuer) => {
        const { id } = await issuer.issuePlus(sampleBundle('immunization'), { now: now() });
        await issuer.revoke(id);
      }),
    anchor: async (options = {}) =>
      open(async (issuer) =>
        anchorRun(issuer, {
          rpc: rpcUrl,
          account: '2',
          out,
          unchanged: 'never',
          wait: 20,
          replaceAfter: 0.5,
          ...options,
        }),
      ),
    assertSound: async (counters) => {
      const anchors = await logged();
      assert.deepEqual(
        anchors.map(({ counter }) => counter),
        Array.from({ length: counters }, (_, at) => at + 1),
      );
      const { counter, list } = decodeCompactList(await readFile(join(out, 'status', `${kid}.list`)), {
        maxBits: MAX_LIST_BITS,
      });
      const root = `0x${Buffer.from(list.root()).toString('hex')}`;
      assert.deepEqual({ counter, root, revoked: list.revoked }, anchors.at(-1));
    },
    async stop() {
      await clients.stop();
      await rm(folder, { recursive: true });
    },
  };
}
