import type { lookup } from 'node:dns';
import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishList } from '../../agent/status-publication.ts';
import { ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { deflateRaw } from '../../credential/deflate.ts';
import { encodeCardPayload } from '../../credential/health-card.ts';
import type { HealthCard } from '../../credential/health-card.ts';
import type { VenueOptions } from '../../verifier/node/live-trust.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import type { Clients } from '../contracts/clients.ts';
import { issuerOf, provenKey, startClients } from '../contracts/clients.ts';
import { startAnvil } from './anvil.ts';
import { healthCard, mintUnder, newKey } from './cards.ts';
import type { TestKey } from './cards.ts';
import { newCertificate } from './certificates.ts';
import { fromTable, serveFiles } from './file-server.ts';
import type { Answering, FileServer } from './file-server.ts';

/** The name under which this machine's lists are looked up. */
const HOST = 'lists.example';

/** A real chain with a registry, one issuer whose cards can be revoked, and the web server that it publishes on. */
export interface LivingRegistry {
  readonly clients: Clients;
  readonly key: TestKey;
  readonly issuerId: number;
  readonly server: FileServer;
  /** What the web server gives, by path; may be changed. */
  readonly files: Map<string, Uint8Array | string>;
  /** The issuer's own list. */
  readonly list: StatusList;
  /** Anchor the list as it stands, and publish it unless told otherwise. */
  readonly anchor: (options?: { readonly publish?: boolean }) => Promise<void>;
  /** A card with that index, two hours old; by another key or with another header if told. */
  readonly card: (index: number, content?: Partial<HealthCard>, made?: MadeBy) => string;
  /** How a venue with a store in that folder is opened. */
  readonly venue: (store: string, changed?: Partial<VenueOptions>) => VenueOptions;
  /** How it reaches the chain; the endpoint may be another. */
  readonly registry: (rpcUrl?: string) => { address: string; chain: { rpcUrls: string[]; confirmations: 0 } };
  readonly stop: () => Promise<void>;
}

/** Who signs a card, and what its header says besides. */
export interface MadeBy {
  readonly signer?: TestKey;
  readonly header?: object;
}

export async function startLivingRegistry(): Promise<LivingRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-living-'));
  const clients = await startClients(startAnvil);
  const files = new Map<string, Uint8Array | string>();
  const certificate = newCertificate(HOST);
  const server = await serveFiles(
    (...asked: Parameters<Answering>) => fromTable(files)(...asked),
    certificate,
  );
  await clients.governor.openJurisdiction('US-NY', 'New York', await clients.accreditor.sender());
  const statusBase = `https://${HOST}:${server.port}`;
  const issuer = issuerOf(await clients.controller.sender(), { statusBase });
  const { issuerId } = await clients.accreditor.registerIssuer(issuer);
  const key = newKey();
  await clients.controller.registerKey(provenKey(key, issuerId, clients.controller));
  const list = new StatusList(1);
  const versions: { counter: number; list: () => StatusList }[] = [];
  const registry: LivingRegistry['registry'] = (rpcUrl = clients.chain.rpcUrl) => ({
    address: clients.address,
    chain: { rpcUrls: [rpcUrl], confirmations: 0 },
  });
  return {
    clients,
    key,
    issuerId,
    server,
    files,
    list,
    registry,
    anchor: async ({ publish = true } = {}) => {
      const version = { kid: key.kid, counter: versions.length + 1, list: list.copy() };
      const { counter } = version;
      const { length, revoked } = list;
      const anchor = { list: key.kid, root: list.root(), counter, length, revoked, final: false };
      await clients.controller.anchor({ issuerId, ...anchor });
      versions.push({ counter, list: () => version.list });
      await publishList(folder, version, { signed: { credential: '', token: '' }, earlier: versions });
      if (publish) for (const [path, bytes] of await filesIn(folder)) files.set(path, bytes);
    },
    card: (index, content = {}, { signer = key, header = {} } = {}) => {
      const nbf = Math.floor(Date.now() / 1000) - 7200;
      const card = healthCard({ iss: issuer.iss, rid: ridFromIndex(index), nbf, ...content });
      const own = { zip: 'DEF', alg: 'ES256', kid: signer.kid, ...header };
      return mintUnder(signer, own, deflateRaw(encodeCardPayload(card)));
    },
    venue: (store, changed = {}) => ({
      source: { store, registry: registry() },
      policy: DEFAULT_POLICY,
      allowUnanchored: false,
      downloads: {
        networks: ['127.0.0.0/8'],
        authorities: [certificate.cert],
        lookup: onLoopback as unknown as typeof lookup,
        timeoutMs: 2000,
      },
      ...changed,
    }),
    stop: async () => {
      await server.stop();
      await clients.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Every name is this machine's. */
function onLoopback(...args: readonly unknown[]): void {
  (args.at(-1) as (error: null, found: object[]) => void)(null, [{ address: '127.0.0.1', family: 4 }]);
}

async function filesIn(folder: string): Promise<readonly (readonly [string, Uint8Array])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => [path.slice(folder.length), await readFile(path)] as const));
}
