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
import type { HealthCard } from '../../credential/health-card.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { RulesFault } from '../../verifier/pipeline/decision.ts';
import type { StatusData, TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';
import { lyingNode } from '../contracts/rpc-stub.ts';
import { DAY, newKey } from '../support/cards.ts';
import type { LivingRegistry, MadeBy } from '../support/living-registry.ts';
import { changedText, doses, publishedAs, shippedText } from '../support/published-rules.ts';
import type { RuleJson } from '../support/published-rules.ts';
import { LATER_FAULTS } from './node/endpoint-faults.ts';
import { temporaryFolder } from './node/temporary-folder.ts';

/** What decides in a situation. */
export interface Situation {
  readonly trust: Trust | NoTrust;
  readonly terms: Terms;
  /** Cards of another kind than those of the living registry. */
  readonly cards?: Readonly<Record<CardName, string>>;
  /** Why the good card cannot be held against rules; absent where it can, or none are asked for. */
  readonly fault?: RulesFault;
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

  'rules: published and here': async (t, living) => ruled(t, living, rulesNamed('HERE')),
  'rules: nobody published them': async (t, living) => {
    const venue = await attempted(await ruledVenue(t, living, 'NOWHERE'), null);
    return { ...of(venue), cards: vaccinated(living), fault: 'NOT_PUBLISHED' };
  },
  'rules missing: nobody serves them': async (t, living) =>
    ruled(t, living, rulesNamed('UNSERVED'), { served: null, fault: 'MISSING' }),
  'rules differing: another file is served': async (t, living) => {
    const served = rulesNamed('SWAPPED', (json) => (json.version = '1.0.1'));
    return ruled(t, living, rulesNamed('SWAPPED'), { served, fault: 'MISSING' });
  },
  'rules differing: another file is in the bundle': async (t, living) => {
    const text = rulesNamed('BUNDLED');
    const document = await documentOf(t, living);
    const rules = [publishedAs(text), publishedAs(VALUES)];
    const ruleFiles = [rulesNamed('BUNDLED', (json) => (json.version = '1.0.1')), VALUES];
    const changed = { ...document, rules, ruleFiles };
    const situation = await ofBundle(t, living, changed, { isPinned: true, rules: 'BUNDLED' });
    return { ...situation, cards: vaccinated(living), fault: 'DIFFERS' };
  },
  'rules throwing: one fails over the card': async (t, living) => {
    const text = rulesNamed('THROWING', ({ rules: [rule] }) => {
      const Logic = { '>': [{ var: 'payload.birthDate' }, 0] };
      Object.assign(rule ?? {}, { Logic, AffectedFields: ['birthDate'] });
    });
    return ruled(t, living, text, { fault: 'RULE_FAILED' });
  },
  'rules faulty: they do not add up': async (t, living) => {
    const text = rulesNamed('FAULTY', ({ rules: [rule] }) =>
      Object.assign(rule ?? {}, { AffectedFields: [] }),
    );
    return ruled(t, living, text, { fault: 'FAULTY' });
  },
  'rules faulty: what was published is none': async (t, living) =>
    ruled(t, living, '{"jurisdiction":"US-NY","id":"NONE"}', { fault: 'FAULTY' }),
  'rules not in force yet': async (t, living) =>
    ruled(t, living, rulesNamed('EARLY'), {
      validFrom: Math.floor(Date.now() / 1000) + DAY,
      fault: 'NOT_YET_IN_FORCE',
    }),
  'rules ended: by their jurisdiction': async (t, living) => {
    const before = await ruled(t, living, rulesNamed('ENDED'));
    assert.equal(before.fault, undefined);
    return ruled(t, living, rulesNamed('ENDED'), { digest: null, fault: 'ENDED' });
  },
  'rules ended: by their own end': async (t, living) => {
    const text = rulesNamed('PAST', (json) => Object.assign(json, { validTo: '2022-01-01T00:00:00Z' }));
    return ruled(t, living, text, { fault: 'ENDED' });
  },
  'rules not rising: the newest are the lower version': async (t, living) => {
    const higher = rulesNamed('FALLING', (json) => (json.version = '1.1.0'));
    const store = await temporaryFolder(t);
    await publish(living, higher, {});
    const venue = await attempted(await ruledVenue(t, living, 'FALLING', store), null);
    await publish(living, rulesNamed('FALLING'), {});
    await attempted(venue, null);
    return { ...of(venue), cards: vaccinated(living), fault: 'VERSION_NOT_RISING' };
  },
  'value set missing': async (t, living) => {
    const valueSet = { jurisdiction: 'US-NY', id: 'NO-VALUES', version: '1.0.0' };
    const text = rulesNamed('VALUELESS', (json) => Object.assign(json, { valueSet }));
    return ruled(t, living, text, { fault: 'VALUE_SET_UNAVAILABLE' });
  },
  'rules of a suspended jurisdiction': async (t, living) => {
    const { governor, accreditor } = living.clients;
    await governor.openJurisdiction('US-NJ', 'New Jersey', await accreditor.sender());
    const text = rulesNamed('ELSEWHERE', (json) => (json.jurisdiction = 'US-NJ'));
    await publish(living, text, {});
    await governor.setJurisdictionSuspended('US-NJ', true, 1);
    const venue = await attempted(await ruledVenue(t, living, 'ELSEWHERE'), null);
    return { ...of(venue), cards: vaccinated(living), fault: 'JURISDICTION_SUSPENDED' };
  },
  'event not given': async (t, living) =>
    ruled(t, living, shippedText('US-NY/EVENT-72H'), { fault: 'EVENT_NEEDED' }),
};

const VALUES = shippedText('US-NY/COVID-19');

/** The rule set that comes with the program under another id, changed. */
function rulesNamed(id: string, change: (json: RuleJson) => unknown = () => undefined): string {
  return changedText(shippedText('US-NY/ENTRY'), (json) => {
    json.id = id;
    change(json);
  });
}

interface Publication {
  /** What is found where the registry says; the document itself unless told otherwise, null for nothing. */
  readonly served?: string | null;
  readonly validFrom?: number;
  readonly digest?: null;
}

let versions = 0;
async function publish(
  { clients, files, server }: LivingRegistry,
  text: string,
  { served = text, ...terms }: Publication,
): Promise<void> {
  versions += 1;
  const path = `/rules/${versions}`;
  if (served !== null) files.set(path, served);
  const uri = `https://lists.example:${server.port}${path}`;
  await clients.accreditor.publishRules(publishedAs(text, { version: versions, uri, ...terms }));
}

async function ruledVenue(
  t: TestContext,
  living: LivingRegistry,
  rules: string,
  store?: string,
): Promise<LiveVenue> {
  return open(t, living.venue(store ?? (await temporaryFolder(t)), { rules }));
}

/** A venue whose rules were published so, and their value set, after a sync. */
async function ruled(
  t: TestContext,
  living: LivingRegistry,
  text: string,
  { fault, ...publication }: Publication & { readonly fault?: RulesFault } = {},
): Promise<Situation> {
  const { id } = JSON.parse(text) as RuleJson;
  await publish(living, VALUES, {});
  await publish(living, text, publication);
  const venue = await attempted(await ruledVenue(t, living, id), null);
  return { ...of(venue), cards: vaccinated(living), ...(fault === undefined ? {} : { fault }) };
}

/** The four cards of somebody who meets the rules. */
function vaccinated(living: LivingRegistry): Readonly<Record<CardName, string>> {
  const dateOf = (daysAgo: number): string =>
    new Date(Date.now() - daysAgo * DAY * 1000).toISOString().slice(0, 10);
  return cardsOf(living, {}, undefined, doses(dateOf(130), dateOf(100)));
}

/** The four cards of a row; a forged one claims the key of the others. */
export function cardsOf(
  { card, key }: LivingRegistry,
  made: MadeBy = {},
  { good, revoked, expired } = { good: 1, revoked: REVOKED_INDEX, expired: 2 },
  content: Partial<HealthCard> = {},
): Readonly<Record<CardName, string>> {
  const { signer = key } = made;
  return {
    good: card(good, content, made),
    revoked: card(revoked, content, made),
    // Less than the clock of its row is behind.
    expired: card(expired, { ...content, exp: Math.floor(Date.now() / 1000) - 60 }, made),
    forged: card(good, content, { ...made, signer: { ...newKey(), kid: signer.kid } }),
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
  {
    isPinned,
    allowUnanchored = false,
    rules = 'none',
  }: { readonly isPinned: boolean; readonly allowUnanchored?: boolean; readonly rules?: string },
): Promise<Situation> {
  const bundle = join(await temporaryFolder(t), 'bundle');
  const exporter = oneTimeExporterKey();
  await writeFile(bundle, signBundle(document, exporter));
  const source = isPinned ? { bundle, exporter: exporter.kid } : { bundle };
  return of(await open(t, living.venue('', { source, allowUnanchored, rules })));
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
