import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { decodeBase64url } from '../../../credential/base64url.ts';
import { ridFromIndex, StatusList } from '../../../credential/status-list.ts';
import type { RuleSource } from '../../../verifier/node/published-files.ts';
import type { StatusFile } from '../../../verifier/node/status-files.ts';
import { syncTrust } from '../../../verifier/node/sync.ts';
import type { ChainReader, SyncReport } from '../../../verifier/node/sync.ts';
import { openTrustStore } from '../../../verifier/node/trust-store.ts';
import type { TrustStore } from '../../../verifier/node/trust-store.ts';
import {
  anchoredBits,
  anchoredRids,
  anchoredTrust,
  decide,
  mintCard,
  newKey,
  NOW,
} from '../../support/cards.ts';
import { changedText, ruleDigest, shippedText } from '../../support/published-rules.ts';
import {
  anchored,
  CHAIN,
  codeOf,
  hexOf,
  keyListed,
  keyRegistered,
  keyRevocationChanged,
  opened,
  registered,
  registryLog,
  rulesPublished,
  statusChanged,
  successorAnnounced,
} from '../registry-events.ts';
import { BITS_KEY, chainAt, CODE_HASH, EVENTS, LOG, RIDS_KEY, stateOf } from './registry-states.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ENDPOINT = { rpcUrls: ['http://node.example'] };
const empty = new StatusList(1);
const revoking = new StatusList(1);
revoking.set(7, true);
const before = anchoredBits(BITS_KEY, empty);
const after = { ...anchoredBits(BITS_KEY, revoking) };
const rids = anchoredRids(RIDS_KEY, ['abc']);
const listFile = (list: typeof before): StatusFile => {
  assert.ok(list.data.kind === 'bits');
  return { name: 'list.json', bytes: decodeBase64url(list.data.compact) };
};
const jsonFile = (name: string, json: unknown): StatusFile => ({
  name,
  bytes: Buffer.from(JSON.stringify(json)),
});
const crlFile = (entries: readonly string[]): StatusFile =>
  jsonFile('crl.json', { kid: RIDS_KEY.kid, method: 'rid', ctr: 1, rids: entries });

async function newStore(t: TestContext): Promise<TrustStore> {
  const store = await openTrustStore(await temporaryFolder(t));
  t.after(() => store.close());
  return store;
}

async function sync(
  store: TrustStore,
  chain: ChainReader,
  lists: readonly StatusFile[] = [],
  ruleFiles: readonly RuleSource[] = [],
): Promise<SyncReport> {
  const { registry } = CHAIN;
  return syncTrust({ chain: ENDPOINT, registry, store, lists, ruleFiles, now: NOW - 5.5 }, chain);
}

test('a sync replays the log, holds anchors and lists, and says what it found', async (t) => {
  const store = await newStore(t);
  const chain = chainAt(LOG, { anchors: [before.anchor, rids.anchor] });
  const report = await sync(store, chain, [listFile(before), crlFile(['abc'])]);
  assert.deepEqual(report, {
    source: stateOf(LOG).source,
    successor: null,
    newEvents: 4,
    seenEvents: 0,
    issuers: 1,
    keys: 2,
    revocableKeys: 2,
    heldLists: 2,
    refused: [],
    rules: [],
    refusedRules: [],
    faults: [],
  });
  assert.equal(store.held()?.takenAt, NOW - 6);
  assert.deepEqual(store.held()?.anchors, [before.anchor, rids.anchor]);
});

test('an announced successor is told, and the store stays with its registry', async (t) => {
  const store = await newStore(t);
  const registry = `0x${'22'.repeat(20)}`;
  const logs = registryLog(...EVENTS, successorAnnounced(registry, 10));
  const report = await sync(store, chainAt(logs));
  assert.deepEqual(report.successor, { chainId: '10', registry });
  assert.equal(store.held()?.source.registry, CHAIN.registry);
  assert.equal(store.document()?.keys.length, 2);
});

test('the address of the registry counts without its capitals', async (t) => {
  const store = await newStore(t);
  const registry = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
  await syncTrust({ chain: ENDPOINT, registry, store, lists: [], now: NOW }, chainAt(LOG));
  assert.equal(store.held()?.source.registry, CHAIN.registry);
});

test('issue, verify, revoke, sync, verify: VALID, then REVOKED', async (t) => {
  const store = await newStore(t);
  const card = mintCard(BITS_KEY, { rid: ridFromIndex(7) });
  const verdict = async (): Promise<readonly string[]> => {
    const document = store.document();
    assert.ok(document);
    return (await decide(card, anchoredTrust(document))).codes;
  };
  await sync(store, chainAt(LOG, { anchors: [before.anchor] }), [listFile(before)]);
  assert.deepEqual(await verdict(), ['VALID']);

  // Anchored anew, the new list not at hand: neither VALID nor REVOKED can be said.
  const anchors = [{ ...after.anchor, counter: 2 }];
  await sync(store, chainAt(LOG, { block: 11, anchors }));
  assert.deepEqual(await verdict(), ['STATUS_STALE']);

  await sync(store, chainAt(LOG, { block: 12, anchors }), [listFile(after)]);
  assert.deepEqual(await verdict(), ['REVOKED']);
});

test('a later sync counts the new events, and a held list stays while it agrees with its anchor', async (t) => {
  const store = await newStore(t);
  await sync(store, chainAt(LOG, { anchors: [before.anchor, rids.anchor] }), [
    listFile(before),
    crlFile(['abc']),
  ]);
  const logs = registryLog(...EVENTS, statusChanged(3));
  const anchors = [{ ...before.anchor, counter: 2 }, rids.anchor];
  const report = await sync(store, chainAt(logs, { block: 11, anchors }));
  assert.deepEqual([report.newEvents, report.heldLists], [1, 2]);
});

test('a list that does not agree is refused by name, and the good one held before stays', async (t) => {
  const store = await newStore(t);
  const chain = chainAt(LOG, { anchors: [before.anchor] });
  await sync(store, chain, [listFile(before)]);
  const report = await sync(store, chain, [listFile(after)]);
  assert.deepEqual(report.refused, [{ file: 'list.json', kid: BITS_KEY.kid, reason: 'ROOT_DIFFERS' }]);
  assert.equal(report.heldLists, 1);
});

test('files that cannot be held are refused, each with its reason', async (t) => {
  const stranger = newKey().kid;
  const report = await sync(await newStore(t), chainAt(LOG, { anchors: [rids.anchor] }), [
    jsonFile('a', null),
    jsonFile('b', { kid: 'short', encodedList: 'uAAAA' }),
    jsonFile('c', { kid: RIDS_KEY.kid, method: 'rid', ctr: 1, rids: ['not a rid'] }),
    jsonFile('d', { kid: stranger, method: 'rid', ctr: 1, rids: [] }),
    { ...listFile(before), name: 'e' },
    jsonFile('f', { kid: RIDS_KEY.kid, counter: 1, encodedList: 'uAAAA' }),
    { ...crlFile([]), name: 'g' },
  ]);
  assert.deepEqual(
    report.refused.map(({ file, kid, reason }) => [file, kid, reason]),
    [
      ['a', null, 'MALFORMED'],
      ['b', null, 'MALFORMED'],
      ['c', RIDS_KEY.kid, 'MALFORMED'],
      ['d', stranger, 'KEY_UNKNOWN'],
      ['e', BITS_KEY.kid, 'NOT_ANCHORED'],
      ['f', RIDS_KEY.kid, 'ROOT_DIFFERS'],
      ['g', RIDS_KEY.kid, 'ROOT_DIFFERS'],
    ],
  );
  assert.equal(report.heldLists, 0);
});

test('a list of a key that offers no revocation is KEY_UNKNOWN', async (t) => {
  const plain = newKey();
  const chain = chainAt(registryLog(...EVENTS, keyListed(plain, 0)));
  const files = [jsonFile('x', { kid: plain.kid, method: 'rid', ctr: 1, rids: [] })];
  const { refused } = await sync(await newStore(t), chain, files);
  assert.deepEqual(refused, [{ file: 'x', kid: plain.kid, reason: 'KEY_UNKNOWN' }]);
});

test('a key under two issuers takes one file for both, each by its own anchor', async (t) => {
  const logs = registryLog(
    ...EVENTS,
    registered({ id: 2, iss: 'https://other.example', did: 'did:web:other.example' }),
    keyListed(RIDS_KEY, 2, 2),
  );
  const both = chainAt(logs, { anchors: [rids.anchor, { ...rids.anchor, issuer: 2 }] });
  assert.equal((await sync(await newStore(t), both, [crlFile(['abc'])])).heldLists, 2);
  const one = await sync(await newStore(t), chainAt(logs, { anchors: [rids.anchor] }), [crlFile(['abc'])]);
  assert.deepEqual([one.heldLists, one.refused], [1, []]);
});

test('what is held does not tell when it came: two ways to one state make one document', async (t) => {
  const events = [...EVENTS, keyListed(newKey(), 1), keyListed(newKey(), 2)];
  const logs = registryLog(...events);
  const two = anchoredRids(RIDS_KEY, ['abc', 'def']);
  const anchors = [
    { ...after.anchor, counter: 2 },
    { ...two.anchor, counter: 2 },
  ];
  const now = chainAt(logs, { block: 12, anchors });

  const atOnce = await newStore(t);
  await sync(atOnce, now, [crlFile(['def', 'abc']), listFile(after)]);
  const inSteps = await newStore(t);
  await sync(inSteps, chainAt(LOG, { anchors: [rids.anchor] }), [crlFile(['abc'])]);
  await sync(inSteps, chainAt(logs, { block: 11, anchors }), [listFile(after)]);
  await sync(inSteps, now, [crlFile(['abc', 'def', 'abc'])]);

  const [one, other] = [atOnce.document(), inSteps.document()];
  assert.equal(one?.lists.length, 2);
  assert.equal(JSON.stringify(one), JSON.stringify(other));
});

test('anchors are asked for of every key whose cards can be revoked, by its kid, and of no other list', async (t) => {
  const [never, later] = [newKey(), newKey()];
  const logs = registryLog(
    ...EVENTS,
    keyListed(never, 0),
    keyListed(later, 0),
    keyRevocationChanged(later, 2),
  );
  const own = anchoredRids(later, ['abc']);
  const chain = chainAt(logs, { anchors: [own.anchor] });
  const asked: unknown[] = [];
  const watched: ChainReader = {
    ...chain,
    readAnchors: async (rpcUrl, registry, refs, block) => {
      asked.push(...refs, block);
      return chain.readAnchors(rpcUrl, registry, refs, block);
    },
  };
  const store = await newStore(t);
  await sync(store, watched, [jsonFile('x', { kid: later.kid, method: 'rid', ctr: 1, rids: ['abc'] })]);
  assert.deepEqual(asked, [
    { issuerId: 1, list: hexOf(BITS_KEY.kid) },
    { issuerId: 1, list: hexOf(RIDS_KEY.kid) },
    { issuerId: 1, list: hexOf(later.kid) },
    10,
  ]);
  assert.deepEqual(store.document()?.lists, [own.data]);
});

describe('rule files', () => {
  const ours = (id: string, version = '1.0.0'): string =>
    changedText(shippedText('US-NY/ENTRY'), (json) =>
      Object.assign(json, { jurisdiction: 'US-NO', id, version }),
    );
  const [first, second] = [ours('ENTRY'), ours('ENTRY', '1.1.0')];
  const published = registryLog(
    ...EVENTS,
    rulesPublished({ id: 'ENTRY', version: 1, from: NOW - 20, digest: ruleDigest(first) }),
    rulesPublished({ id: 'ENTRY', version: 2, from: NOW - 10, digest: ruleDigest(second) }),
    rulesPublished({ id: 'GONE', version: 1, from: 1000, digest: `0x${'00'.repeat(32)}` }),
    rulesPublished({ id: 'LATER', version: 7, from: NOW + 10, digest: ruleDigest('later') }),
  );
  const file = (name: string, text: string): RuleSource => ({ name, bytes: Buffer.from(text) });

  test('are held if their digests are published, and what is held is told and kept', async (t) => {
    const store = await newStore(t);
    const none = await sync(store, chainAt(published));
    const states = ({ rules }: SyncReport): unknown =>
      rules.map(({ id, version, state, semver }) => [id, version, state, semver]);
    const rest = [
      ['GONE', 1, 'ended', null],
      ['LATER', 7, 'missing', null],
    ];
    assert.deepEqual(states(none), [['ENTRY', 2, 'missing', null], ...rest]);
    assert.deepEqual(store.held()?.ruleFiles, []);

    const files = [file('b', second), file('a', first), file('c', ours('OTHER')), file('d', '{')];
    const report = await sync(store, chainAt(published, { block: 11 }), [], files);
    assert.deepEqual(states(report), [['ENTRY', 2, 'held', '1.1.0'], ...rest]);
    assert.deepEqual(
      report.refusedRules.map(({ file: name, reason }) => [name, reason]),
      [
        ['c', 'NOT_PUBLISHED'],
        ['d', 'MALFORMED'],
      ],
    );
    const again = await sync(store, chainAt(published, { block: 12 }));
    assert.deepEqual([again.rules, again.refusedRules], [report.rules, []]);
    assert.deepEqual(store.document()?.ruleFiles, [first, second]);
  });

  test('that come with the program are held without being given, once a jurisdiction publishes them', async (t) => {
    const store = await newStore(t);
    const entry = shippedText('US-NY/ENTRY');
    const logs = registryLog(
      ...EVENTS,
      opened(codeOf('US-NY')),
      rulesPublished({ jurisdiction: codeOf('US-NY'), digest: ruleDigest(entry) }),
    );
    await sync(store, chainAt(LOG));
    assert.deepEqual(store.held()?.ruleFiles, [], 'nobody’s rules until then');
    const report = await sync(store, chainAt(logs, { block: 11 }));
    assert.equal(report.rules[0]?.state, 'held');
    assert.deepEqual(store.held()?.ruleFiles, [entry]);
  });
});

const head = `0x${'11'.repeat(32)}`;
const lies: Readonly<Record<string, Parameters<typeof chainAt>[1]>> = {
  'another head': { agreed: { head } },
  'a higher size': { agreed: { size: 5 } },
  'a log without its last event': { told: LOG.slice(0, -1) },
  'a log with a hole': { told: LOG.toSpliced(1, 1) },
  'a log with an event that was never emitted': { told: registryLog(...EVENTS, statusChanged(3)) },
  'a log with an event of another kind': { told: [...LOG, anchored(BITS_KEY)] },
  'a log with other words': {
    told: registryLog(EVENTS[0], registered({ name: 'Somebody' }), ...EVENTS.slice(2)),
  },
  'the head of another chain': { agreed: { chainId: 1 } },
};

for (const [what, lie] of Object.entries(lies)) {
  test(`a chain that shows ${what} is HEAD_MISMATCH, and nothing is stored`, async (t) => {
    const store = await newStore(t);
    await assert.rejects(sync(store, chainAt(LOG, lie)), { code: 'HEAD_MISMATCH' });
    assert.equal(store.held(), undefined);
  });
}

test('anchors read under another head than the log are not counted, and nothing is stored', async (t) => {
  const store = await newStore(t);
  for (const anchorLies of [{ head: `0x${'11'.repeat(32)}` }, { size: 5 }, { anchors: [] }]) {
    await assert.rejects(sync(store, chainAt(LOG, { anchors: [before.anchor], anchorLies })), {
      code: 'QUORUM_MISSING',
    });
  }
  assert.equal(store.held(), undefined);
});

test('an older chain, a fork and another registry leave the held state', async (t) => {
  const store = await newStore(t);
  const anchors = [{ ...before.anchor, counter: 2 }];
  await sync(store, chainAt(LOG, { anchors }));
  const held = store.held();
  const fork = registryLog(...EVENTS.slice(0, 2), keyRegistered(BITS_KEY), keyListed(newKey(), 0));
  for (const [chain, code] of [
    [chainAt(LOG, { block: 9, anchors }), 'LOG_OLDER_THAN_HELD'],
    [chainAt(LOG.slice(0, 3), { block: 11, anchors }), 'LOG_OLDER_THAN_HELD'],
    [chainAt(LOG, { block: 11, anchors: [before.anchor] }), 'LOG_OLDER_THAN_HELD'],
    [chainAt(fork, { block: 11, anchors }), 'LOG_FORKED'],
  ] as const) {
    await assert.rejects(sync(store, chain), { code });
    assert.equal(store.held(), held);
  }
  const elsewhere = { chain: ENDPOINT, registry: `0x${'22'.repeat(20)}`, store, lists: [], now: NOW };
  await assert.rejects(syncTrust(elsewhere, chainAt(LOG)), { code: 'STORE_OF_ANOTHER_REGISTRY' });
});

test('chain and code that were pinned at first use are what the endpoints are asked to agree on', async (t) => {
  const store = await newStore(t);
  const pins: unknown[] = [];
  const chain = chainAt(LOG);
  const watched: ChainReader = {
    ...chain,
    agree: async (policy, registry, pin) => {
      pins.push(pin);
      return chain.agree(policy, registry, pin);
    },
  };
  await sync(store, watched);
  await sync(store, watched);
  assert.deepEqual(pins, [undefined, { chainId: CHAIN.chainId, codeHash: CODE_HASH }]);
  await assert.rejects(sync(store, chainAt(LOG, { agreed: { chainId: 1 } })), {
    code: 'STORE_OF_ANOTHER_REGISTRY',
  });
});

test('a log from elsewhere serves where the endpoint tells a wrong one, since the head decides', async (t) => {
  const store = await newStore(t);
  const { registry } = CHAIN;
  const request = { chain: ENDPOINT, registry, store, lists: [], now: NOW };
  const wrong = { name: 'wrong.json', read: async () => Promise.resolve(LOG.slice(1)) };
  const right = { name: 'log.json', read: async () => Promise.resolve(LOG) };
  const chain = chainAt(LOG, { told: LOG.slice(0, 2) });
  await assert.rejects(syncTrust({ ...request, logs: [wrong] }, chain), { code: 'HEAD_MISMATCH' });
  const report = await syncTrust({ ...request, logs: [wrong, right] }, chain);
  assert.deepEqual(report.faults, [{ endpoint: 'node.example', code: 'LOG_DIFFERS' }]);
  assert.equal(report.newEvents, 4);
  assert.deepEqual(store.held()?.faults, report.faults);
});

test('what is not final lowers trust at once, raises none, and is forgotten when the chain takes it back', async (t) => {
  const store = await newStore(t);
  const card = mintCard(RIDS_KEY);
  const verdict = async (): Promise<readonly string[]> => {
    const document = store.document();
    assert.ok(document);
    return (await decide(card, anchoredTrust(document))).codes;
  };
  const lists = [crlFile(['abc'])];
  const anchors = [rids.anchor];
  await sync(store, chainAt(LOG, { anchors }), lists);
  assert.deepEqual(await verdict(), ['VALID']);

  const suspended = registryLog(...EVENTS, statusChanged(3));
  const report = await sync(store, chainAt(LOG, { anchors, newest: suspended }), lists);
  assert.deepEqual([report.newEvents, report.seenEvents], [0, 1]);
  assert.deepEqual(await verdict(), ['ISSUER_SUSPENDED']);

  // Nobody shows so new a block any more: that takes nothing back.
  await sync(store, chainAt(LOG, { anchors }), lists);
  assert.deepEqual(await verdict(), ['ISSUER_SUSPENDED']);
  await sync(store, chainAt(LOG, { anchors, newest: LOG }), lists);
  assert.deepEqual(await verdict(), ['VALID']);

  await sync(store, chainAt(suspended, { anchors, block: 12 }), lists);
  const lifted = registryLog(...EVENTS, statusChanged(3), statusChanged(2));
  await sync(store, chainAt(suspended, { anchors, block: 12, newest: lifted }), lists);
  assert.deepEqual(await verdict(), ['ISSUER_SUSPENDED']);
  await sync(store, chainAt(lifted, { anchors, block: 15 }), lists);
  assert.deepEqual(await verdict(), ['VALID']);
});

test('events that were seen stay seen while the final chain comes nearer, and while their log cannot be read', async (t) => {
  const store = await newStore(t);
  const status = (): string | undefined => store.document()?.issuers[0]?.status;
  const later = registryLog(...EVENTS, keyListed(newKey(), 2), statusChanged(3));
  await sync(store, chainAt(LOG, { newest: later }));
  assert.deepEqual([status(), store.document()?.keys.length], ['suspended', 2]);

  // One of the two is final now; nobody tells of the other.
  await sync(store, chainAt(later.slice(0, 5), { block: 12 }));
  assert.deepEqual([status(), store.document()?.keys.length], ['suspended', 3]);
  assert.equal(store.held()?.seen?.logs.length, 1);

  // A newer head is told, and not what leads to it.
  const longer = registryLog(...EVENTS, keyListed(newKey(), 2), statusChanged(3), statusChanged(2));
  await sync(store, chainAt(later.slice(0, 5), { block: 12, newest: longer, told: later.slice(0, 5) }));
  assert.equal(status(), 'suspended');

  // Another event became final in its place: a reorganisation.
  const other = registryLog(...EVENTS, keyListed(newKey(), 2));
  await assert.rejects(sync(store, chainAt(other, { block: 13 })), { code: 'LOG_FORKED' });
});
