import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { encodeBase64url } from '../../credential/base64url.ts';
import { encodeCompactList } from '../../credential/compact-list.ts';
import { BLOCK_BITS, StatusList } from '../../credential/status-list.ts';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { openVenue } from '../../verifier/node/live-trust.ts';
import type { LiveVenue, VenueOptions } from '../../verifier/node/live-trust.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { StatusData, TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';
import { lyingNode } from '../contracts/rpc-stub.ts';
import { DAY, newKey } from '../support/cards.ts';
import type { LivingRegistry, MadeBy } from '../support/living-registry.ts';
import { LATER_FAULTS } from './node/endpoint-faults.ts';
import { temporaryFolder } from './node/temporary-folder.ts';

/** What decides in a situation. */
export interface Situation {
  readonly trust: Trust | NoTrust;
  readonly terms: Terms;
  /** Cards of another kind than those of the living registry. */
  readonly cards?: Readonly<Record<CardName, string>>;
}

export const CARD_NAMES = ['good', 'revoked', 'expired', 'forged'] as const;
export type CardName = (typeof CARD_NAMES)[number];

/** The bits that are on from the beginning. */
export const REVOKED_INDEX = 7;

type Make = (t: TestContext, living: LivingRegistry) => Promise<Situation>;

/** Every failure of the document's first table, by the name of its row, and how it comes about. */
export const SITUATIONS: Readonly<Record<string, Make>> = {
  'none: all is fresh': async (t, living) => of(await synced(t, living)),

  'no snapshot: never synced': async (t, living) =>
    of(await alone(t, living, await temporaryFolder(t), 'CHAIN_UNAVAILABLE')),
  'no snapshot: no bundle file': async (t, living) =>
    of(await open(t, living.venue('', { source: { bundle: join(await temporaryFolder(t), 'none') } }))),
  'stale snapshot': async (t, living) => of(await reopened(t, living, 4 * DAY)),
  'head mismatch: at the first sync': async (t, living) => {
    const store = await temporaryFolder(t);
    const registry = living.registry(await lyingEndpoint(t, living));
    const venue = await open(t, living.venue(store, { source: { store, registry } }));
    return of(await attempted(venue, 'HEAD_MISMATCH'));
  },
  'head mismatch: at a later sync': async (t, living) => {
    const store = await syncedStore(t, living);
    const registry = living.registry(await lyingEndpoint(t, living));
    await living.clients.accreditor.registerVenue('US-NY', `did:web:${randomUUID()}.example`, 'Arena');
    const venue = await open(t, living.venue(store, { source: { store, registry } }));
    return of(await attempted(venue, 'HEAD_MISMATCH'));
  },

  'list missing: its issuer serves none': async (t, living) => serving(t, living, new Map()),
  'list stale: its issuer anchored another since': async (t, living) => {
    const venue = await synced(t, living);
    living.list.set(100, !living.list.get(100));
    await living.anchor({ publish: false });
    await attempted(venue, null);
    const situation = of(venue);
    await living.anchor();
    return situation;
  },
  'wrong root: of the list that its issuer serves': async (t, living) =>
    serving(t, living, new Map([[`/status/${living.key.kid}.list`, emptyList(living, 1)]])),
  'wrong root: of the list that is held': async (t, living) => {
    const document = await documentOf(t, living);
    const compact = encodeBase64url(emptyList(living, document.anchors[0]?.counter ?? 1));
    const lists = document.lists.map((data) => ({ ...data, compact }) as StatusData);
    return ofBundle(t, living, { ...document, lists }, { isPinned: true });
  },
  'index beyond the list': async (t, living) => {
    const [good, revoked, expired] = [BLOCK_BITS, BLOCK_BITS + 1, BLOCK_BITS + 2];
    return { ...of(await synced(t, living)), cards: cardsOf(living, {}, { good, revoked, expired }) };
  },

  'unknown kid': async (t, living) => {
    return { ...of(await synced(t, living)), cards: cardsOf(living, { signer: newKey() }) };
  },
  'unknown `crit`': async (t, living) => {
    return { ...of(await synced(t, living)), cards: cardsOf(living, { header: { crit: ['exp'] } }) };
  },

  'clock behind': async (t, living) => of(await reopened(t, living, -600)),
  'store corrupt: a venue is opened on it': async (t, living) =>
    of(await alone(t, living, await damaged(await syncedStore(t, living)), 'CHAIN_UNAVAILABLE')),
  'store corrupt: a card is verified from it': async (t, living) => {
    const store = await damaged(await syncedStore(t, living));
    return { ...of(await synced(t, living)), trust: await loadTrust({ store }) };
  },

  'RPC gone: fresh': async (t, living) =>
    of(await alone(t, living, await syncedStore(t, living), 'CHAIN_UNAVAILABLE')),
  'RPC gone: stale': async (t, living) =>
    of(await attempted(await reopened(t, living, 4 * DAY), 'CHAIN_UNAVAILABLE')),

  "chain stopped: beyond the block's age allowed": async (t, living) => {
    const store = await syncedStore(t, living);
    const source = { store, registry: { ...living.registry(), maxBlockAge: 600 } };
    const clock = (): number => Date.now() / 1000 + 4 * DAY;
    return of(await attempted(await open(t, living.venue(store, { source, clock })), 'CHAIN_STALLED'));
  },

  'unanchored bundle': async (t, living) =>
    ofBundle(t, living, await documentOf(t, living), { isPinned: false }),
  'unanchored bundle: allowed': async (t, living) =>
    ofBundle(t, living, await documentOf(t, living), { isPinned: false, allowUnanchored: true }),
  'damaged bundle': async (t, living) => {
    const bundle = join(await temporaryFolder(t), 'bundle');
    await writeFile(bundle, `${signBundle(await documentOf(t, living), oneTimeExporterKey())}x`);
    return of(await open(t, living.venue('', { source: { bundle } })));
  },
};

/** The four cards of a row; a forged one claims the key of the others. */
export function cardsOf(
  { card, key }: LivingRegistry,
  made: MadeBy = {},
  { good, revoked, expired } = { good: 1, revoked: REVOKED_INDEX, expired: 2 },
): Readonly<Record<CardName, string>> {
  const { signer = key } = made;
  return {
    good: card(good, {}, made),
    revoked: card(revoked, {}, made),
    // Less than the clock of its row is behind.
    expired: card(expired, { exp: Math.floor(Date.now() / 1000) - 60 }, made),
    forged: card(good, {}, { ...made, signer: { ...newKey(), kid: signer.kid } }),
  };
}

function of(venue: LiveVenue): Situation {
  return { trust: venue.trust(), terms: venue.terms({}) };
}

async function open(t: TestContext, options: VenueOptions): Promise<LiveVenue> {
  const venue = await openVenue(options);
  t.after(() => venue.stop());
  return venue;
}

/** A venue after a sync that ended as it had to. */
async function attempted(venue: LiveVenue, code: string | null): Promise<LiveVenue> {
  await venue.syncNow();
  assert.equal(venue.report().lastAttempt?.code, code);
  return venue;
}

async function synced(t: TestContext, living: LivingRegistry): Promise<LiveVenue> {
  return attempted(await open(t, living.venue(await temporaryFolder(t))), null);
}

async function syncedStore(t: TestContext, living: LivingRegistry): Promise<string> {
  const store = await temporaryFolder(t);
  const venue = await openVenue(living.venue(store));
  await attempted(venue, null);
  await venue.stop();
  return store;
}

/** A venue that no chain answers, on a store, by a clock that may be another. */
async function withoutChain(
  t: TestContext,
  living: LivingRegistry,
  store: string,
  ahead = 0,
): Promise<LiveVenue> {
  const source = { store, registry: living.registry('http://127.0.0.1:1') };
  return open(t, living.venue(store, { source, clock: () => Date.now() / 1000 + ahead }));
}

async function alone(
  t: TestContext,
  living: LivingRegistry,
  store: string,
  code: string,
): Promise<LiveVenue> {
  return attempted(await withoutChain(t, living, store), code);
}

async function reopened(t: TestContext, living: LivingRegistry, ahead: number): Promise<LiveVenue> {
  return withoutChain(t, living, await syncedStore(t, living), ahead);
}

/** A venue that never had a list, whose issuer serves these files. */
async function serving(
  t: TestContext,
  living: LivingRegistry,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Situation> {
  const before = new Map(living.files);
  living.files.clear();
  for (const [path, file] of files) living.files.set(path, file);
  try {
    return of(await synced(t, living));
  } finally {
    for (const [path, file] of before) living.files.set(path, file);
  }
}

async function documentOf(t: TestContext, living: LivingRegistry): Promise<TrustDocument> {
  const trust = (await synced(t, living)).trust();
  assert.ok(typeof trust !== 'string');
  return trust.document;
}

async function ofBundle(
  t: TestContext,
  living: LivingRegistry,
  document: TrustDocument,
  { isPinned, allowUnanchored = false }: { readonly isPinned: boolean; readonly allowUnanchored?: boolean },
): Promise<Situation> {
  const bundle = join(await temporaryFolder(t), 'bundle');
  const exporter = oneTimeExporterKey();
  await writeFile(bundle, signBundle(document, exporter));
  const source = isPinned ? { bundle, exporter: exporter.kid } : { bundle };
  return of(await open(t, living.venue('', { source, allowUnanchored })));
}

/** An endpoint that tells the right head and none of the events that lead there. */
async function lyingEndpoint(t: TestContext, living: LivingRegistry): Promise<string> {
  const [, , answer] = LATER_FAULTS.find(([what]) => what === 'tells no events') ?? [];
  assert.ok(answer);
  const node = await lyingNode(answer, living.clients.chain.rpcUrl);
  t.after(() => node.stop());
  return node.rpcUrl;
}

/** A store whose database lost its content. */
async function damaged(store: string): Promise<string> {
  const level = join(store, 'level');
  for (const name of await readdir(level)) {
    if (/\.(?:log|ldb)$/.test(name)) await writeFile(join(level, name), 'x');
  }
  return store;
}

function emptyList({ key }: LivingRegistry, counter: number): Uint8Array {
  return encodeCompactList({ kid: key.kid, counter, list: new StatusList(1) });
}
