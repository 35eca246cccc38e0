import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Level } from 'level';
import { signBundle } from '../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { loadTrust } from '../../../verifier/node/load-trust.ts';
import { openTrustStore } from '../../../verifier/node/trust-store.ts';
import type { TrustStore } from '../../../verifier/node/trust-store.ts';
import { heldState } from '../../../verifier/node/trust-state.ts';
import type { TrustState } from '../../../verifier/node/trust-state.ts';
import { syncTrust } from '../../../verifier/node/sync.ts';
import { digestOf } from '../../../verifier/node/store-records.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import type { RawLog } from '../../../verifier/pipeline/registry-log.ts';
import { anchorOf, decide, mintCard, newKey, NOW, trustDocument } from '../../support/cards.ts';
import { CHAIN, keyCompromised, keyListed, registryLog, statusChanged } from '../registry-events.ts';
import { BITS_KEY, chainAt, CODE_HASH, EVENTS, LOG, RIDS_KEY, stateOf } from './registry-states.ts';
import { temporaryFolder } from './temporary-folder.ts';

const exporter = oneTimeExporterKey();
const stranger = oneTimeExporterKey();
const LONGER = registryLog(...EVENTS, statusChanged(3));
const FORKED = registryLog(...EVENTS.slice(0, 3), keyListed(newKey(), 2));

/** Later than any bundle here says that it was taken. */
const CLOCK = NOW + 2_000_000;
const UNTIED = signBundle(trustDocument({ source: { kind: 'unanchored', origin: 'a test' } }), exporter);

const bundleOf = (state: TrustState, by = exporter): string => signBundle(heldState(state).document, by);
const at = (logs: readonly RawLog[], block: number, content: Partial<TrustState> = {}): TrustState =>
  stateOf(logs, { block, ...content });

/** Does something with the store of a folder, opened for it alone: each step a process of its own. */
async function within<T>(folder: string, work: (store: TrustStore) => Promise<T> | T): Promise<T> {
  const store = await openTrustStore(folder);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const importing = async (folder: string, text: string, pinned: string | null = exporter.kid): Promise<void> =>
  within(folder, async (store) => void (await store.putBundle({ text, pinnedExporter: pinned }, CLOCK)));

const blockOf = async (folder: string): Promise<number | undefined> =>
  within(folder, (store) => {
    const source = store.document()?.source;
    return source?.kind === 'chain' ? source.block.number : undefined;
  });

const codesBy = async (folder: string): Promise<readonly string[]> =>
  (await decide(mintCard(BITS_KEY, { rid: 'AAAAAA' }), await loadTrust({ store: folder }))).codes;

test('a bundle of a pinned exporter is anchored trust, across restarts, as it was signed', async (t) => {
  const folder = await temporaryFolder(t);
  const text = bundleOf(at(LOG, 10));
  await importing(folder, text);
  await within(folder, (store) => {
    assert.equal(store.anchored(), true);
    assert.equal(store.held(), undefined);
    assert.deepEqual(
      [store.imported()?.bundle.text === text, store.imported()?.exporterKid],
      [true, exporter.kid],
    );
    assert.deepEqual(store.document(), heldState(at(LOG, 10)).document);
  });
  // The key has no status list here, and the exporter's word is enough to say so.
  assert.deepEqual(await codesBy(folder), ['STATUS_MISSING']);
});

test('a bundle of nobody that was pinned decides nothing unless allowed', async (t) => {
  const folder = await temporaryFolder(t);
  await importing(folder, bundleOf(at(LOG, 10)), null);
  assert.deepEqual(await codesBy(folder), ['STATUS_MISSING', 'TRUST_UNANCHORED']);
});

test('a bundle that is tied to no chain stays so, whoever exported it', async (t) => {
  const folder = await temporaryFolder(t);
  await importing(folder, UNTIED);
  assert.equal(await within(folder, (store) => store.anchored()), false);
});

test('a bundle by another key than the pinned one, or changed, is refused, and nothing is held', async (t) => {
  const folder = await temporaryFolder(t);
  const text = bundleOf(at(LOG, 10));
  await assert.rejects(importing(folder, bundleOf(at(LOG, 10), stranger)), { code: 'EXPORTER_NOT_PINNED' });
  await assert.rejects(importing(folder, `${text.slice(0, -3)}AAA`), { code: 'BUNDLE_SIGNATURE_INVALID' });
  await assert.rejects(importing(folder, text.slice(0, -40)), { code: /^BUNDLE_/ });
  await assert.rejects(importing(folder, 'x'.repeat(64 * 1024 * 1024 + 1)), { code: 'BUNDLE_MALFORMED' });
  assert.equal(await blockOf(folder), undefined);
});

test('a bundle whose parts do not add up is refused behind a good signature', async (t) => {
  const folder = await temporaryFolder(t);
  const { document } = heldState(at(LOG, 10));
  const twice = { ...document, issuers: [...document.issuers, ...document.issuers] };
  await assert.rejects(importing(folder, signBundle(twice, exporter)), { code: 'DOCUMENT_MALFORMED' });
});

/** Each with what is held before, and what is to come in. */
const ORDER: readonly {
  readonly name: string;
  readonly next: TrustState;
  readonly code: string | undefined;
}[] = [
  { name: 'a later block', next: at(LOG, 11), code: undefined },
  { name: 'the same', next: at(LOG, 10), code: undefined },
  { name: 'a longer log', next: at(LONGER, 11), code: undefined },
  { name: 'an older block', next: at(LOG, 9), code: 'LOG_OLDER_THAN_HELD' },
  { name: 'an older block with a longer log', next: at(LONGER, 9), code: 'LOG_OLDER_THAN_HELD' },
  { name: 'a shorter log', next: at(LOG.slice(0, 3), 11), code: 'LOG_OLDER_THAN_HELD' },
  { name: 'another log as long', next: at(FORKED, 11), code: 'LOG_FORKED' },
].map((row) => ({
  ...row,
  next: { ...row.next, anchors: [anchorOf(RIDS_KEY.kid, { counter: 5, length: 8, revoked: 1 })] },
}));
const HELD: TrustState = {
  ...at(LOG, 10),
  anchors: [anchorOf(RIDS_KEY.kid, { counter: 5, length: 8, revoked: 1 })],
};

for (const held of ['synced', 'imported'] as const) {
  for (const next of ['synced', 'imported'] as const) {
    for (const { name, next: state, code } of ORDER) {
      test(`${next} over ${held}: ${name} is ${code ?? 'taken'}, whatever the clock says`, async (t) => {
        const folder = await temporaryFolder(t);
        const put = async (kind: typeof held, content: TrustState): Promise<void> =>
          kind === 'imported'
            ? importing(folder, bundleOf(content))
            : within(folder, async (store) => store.put(content));
        await put(held, HELD);
        // The clock of whoever took it stood anywhere.
        for (const takenAt of [HELD.takenAt - 1_000_000, HELD.takenAt + 1_000_000]) {
          const done = put(next, { ...state, takenAt });
          if (code === undefined) await done;
          else await assert.rejects(done, { code });
          assert.equal(await blockOf(folder), code === undefined ? state.source.block.number : 10);
        }
      });
    }
  }
}

test('a bundle with an anchor of a lower counter, or without it, is LOG_OLDER_THAN_HELD', async (t) => {
  const folder = await temporaryFolder(t);
  await importing(folder, bundleOf(HELD));
  const lower = [anchorOf(RIDS_KEY.kid, { counter: 4, length: 8, revoked: 1 })];
  for (const anchors of [[], lower]) {
    await assert.rejects(importing(folder, bundleOf({ ...at(LONGER, 12), anchors })), {
      code: 'LOG_OLDER_THAN_HELD',
    });
  }
});

test('nobody can put a bundle of their own in the place of anchored trust', async (t) => {
  for (const first of ['synced', 'imported'] as const) {
    const folder = await temporaryFolder(t);
    if (first === 'imported') await importing(folder, bundleOf(at(LOG, 10)));
    else await within(folder, (store) => store.put(at(LOG, 10)));
    await assert.rejects(importing(folder, bundleOf(at(LONGER, 11), stranger), null), {
      code: 'EXPORTER_NOT_PINNED',
    });
    await assert.rejects(importing(folder, UNTIED), {
      code: 'STORE_OF_ANOTHER_REGISTRY',
    });
    assert.equal(await blockOf(folder), 10);
  }
});

test('a bundle on nobody’s word gives way to a pinned one and to a sync, however new it claims to be', async (t) => {
  for (const next of ['synced', 'imported'] as const) {
    const folder = await temporaryFolder(t);
    await importing(folder, bundleOf(at(LONGER, 1_000_000), stranger), null);
    if (next === 'imported') await importing(folder, bundleOf(at(LOG, 10)));
    else await within(folder, (store) => store.put(at(LOG, 10)));
    assert.equal(await blockOf(folder), 10);
    assert.equal(await within(folder, (store) => store.anchored()), true);
  }
});

test('a bundle of another chain or registry is STORE_OF_ANOTHER_REGISTRY', async (t) => {
  const folder = await temporaryFolder(t);
  await importing(folder, bundleOf(at(LOG, 10)));
  const { document } = heldState(at(LONGER, 11));
  assert.ok(document.source.kind === 'chain');
  for (const other of [{ chainId: 1 }, { registry: `0x${'33'.repeat(20)}` }]) {
    const elsewhere = { ...document, source: { ...document.source, ...other } };
    await assert.rejects(importing(folder, signBundle(elsewhere, exporter)), {
      code: 'STORE_OF_ANOTHER_REGISTRY',
    });
  }
  assert.equal(await blockOf(folder), 10);
});

test('a sync goes on from an imported bundle: the log is read whole and must pass through its head', async (t) => {
  const folder = await temporaryFolder(t);
  await importing(folder, bundleOf(at(LOG, 10)));
  const request = {
    chain: { rpcUrls: ['http://node.example'] },
    registry: CHAIN.registry,
    lists: [],
    now: 0,
  };
  await assert.rejects(
    within(folder, (store) =>
      syncTrust(
        { ...request, store },
        chainAt(registryLog(...EVENTS.slice(0, 3), keyListed(newKey(), 2), statusChanged(3)), { block: 12 }),
      ),
    ),
    { code: 'LOG_FORKED' },
  );
  await assert.rejects(
    within(folder, (store) =>
      syncTrust({ ...request, store }, chainAt(LONGER, { block: 12, agreed: { chainId: 5 } })),
    ),
    { code: 'STORE_OF_ANOTHER_REGISTRY' },
  );
  await assert.rejects(
    within(folder, (store) => syncTrust({ ...request, store }, chainAt(LONGER, { block: 9 }))),
    { code: 'LOG_OLDER_THAN_HELD' },
  );
  const report = await within(folder, (store) =>
    syncTrust({ ...request, store }, chainAt(LONGER, { block: 12 })),
  );
  assert.deepEqual([report.newEvents, report.source.size], [1, 5]);
  assert.equal(await within(folder, (store) => store.held()?.logs.length), 5);
});

const SUSPENDED = registryLog(...EVENTS, statusChanged(3));

/** The registry at block 10, where so much more was seen up to a later block. */
function seenAt(block: number, logs: readonly RawLog[]): TrustState {
  const { head, size } = replayLog(logs, CHAIN);
  const seen = { head, size, block: { number: block, hash: `0x${'dd'.repeat(32)}`, time: NOW - 50 } };
  return { ...at(LOG, 10), seen: { ...seen, logs: logs.slice(LOG.length) } };
}

for (const next of ['synced', 'imported'] as const) {
  test(`a suspension that was seen is not taken back by an older state that is ${next}`, async (t) => {
    const folder = await temporaryFolder(t);
    const put = async (state: TrustState): Promise<void> =>
      next === 'imported'
        ? importing(folder, bundleOf(state))
        : within(folder, async (store) => store.put(state));
    const status = async (): Promise<string | undefined> =>
      within(folder, (store) => store.document()?.issuers[0]?.status);
    await importing(folder, bundleOf(seenAt(13, SUSPENDED)));
    for (const older of [at(LOG, 10), at(LOG, 12), seenAt(12, LOG)]) {
      await assert.rejects(put(older), { code: 'LOG_OLDER_THAN_HELD' });
      assert.equal(await status(), 'suspended');
    }
    // Whoever shows the block again, without the event, has seen a reorganisation.
    await put(seenAt(13, LOG));
    assert.equal(await status(), 'active');
    await put(seenAt(14, SUSPENDED));
    assert.equal(await status(), 'suspended');
    await put(at(LOG, 14));
    assert.equal(await status(), 'active');
  });
}

test('the code that was pinned at first use stays pinned through a bundle and a restart', async (t) => {
  const folder = await temporaryFolder(t);
  await within(folder, (store) => store.put(at(LOG, 10)));
  await importing(folder, bundleOf(at(LOG, 11)));
  const request = {
    chain: { rpcUrls: ['http://node.example'] },
    registry: CHAIN.registry,
    lists: [],
    now: 0,
  };
  let pinned: unknown;
  const chain = chainAt(LOG, { block: 12 });
  const watched = {
    ...chain,
    agree: (...args: Parameters<typeof chain.agree>) => {
      [, , pinned] = args;
      return chain.agree(...args);
    },
  };
  await within(folder, (store) => syncTrust({ ...request, store }, watched));
  assert.deepEqual(pinned, { chainId: CHAIN.chainId, codeHash: CODE_HASH });
});

test('a bundle that says it was taken later than now is refused, but for the two minutes that clocks differ', async (t) => {
  const folder = await temporaryFolder(t);
  await importing(folder, bundleOf({ ...at(LOG, 10), takenAt: CLOCK + 120 }));
  await assert.rejects(importing(folder, bundleOf({ ...at(LOG, 11), takenAt: CLOCK + 121 })), {
    code: 'BUNDLE_FROM_THE_FUTURE',
  });
  assert.equal(await blockOf(folder), 10);
});

test('two changes at once are made one after the other', async (t) => {
  const folder = await temporaryFolder(t);
  await within(folder, async (store) => {
    const put = [at(LOG, 10), at(LONGER, 11), at(LOG, 12)].map((state) => store.put(state));
    const ended = await Promise.allSettled(put);
    assert.deepEqual(
      ended.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected'],
    );
  });
  assert.equal(await blockOf(folder), 11);
});

// ------------------------------------------------------------------ damage

async function damage(folder: string, how: 'database' | 'digest' | 'both'): Promise<void> {
  const level = join(folder, 'level');
  if (how !== 'digest') {
    for (const name of (await readdir(level)).filter((file) => /\.(log|ldb)$/.test(file))) {
      const bytes = await readFile(join(level, name));
      await writeFile(join(level, name), bytes.subarray(0, bytes.length >> 1));
    }
  }
  if (how !== 'database') await writeFile(join(folder, 'digest.json'), '["');
  await assert.rejects(openTrustStore(folder), { code: 'STORE_CORRUPT' });
  assert.equal(await loadTrust({ store: folder }), 'invalid');
}

for (const how of ['database', 'digest', 'both'] as const) {
  test(`a store with its ${how} damaged is set aside and filled anew, and nothing older comes in`, async (t) => {
    const folder = await temporaryFolder(t);
    await within(folder, (store) => store.put(at(LONGER, 20)));
    await damage(folder, how);
    const store = await openTrustStore(folder, { repair: true });
    try {
      assert.deepEqual(
        [store.setAside, store.document(), store.floor()?.source.block.number],
        ['damaged-1', undefined, 20],
      );
      await assert.rejects(store.put(at(LONGER, 19)), { code: 'LOG_OLDER_THAN_HELD' });
      await assert.rejects(store.put(at(LOG, 21)), { code: 'LOG_OLDER_THAN_HELD' });
      const other = registryLog(...EVENTS, keyCompromised(BITS_KEY));
      await assert.rejects(store.put(at(other, 21)), { code: 'LOG_FORKED' });
      await assert.rejects(store.putBundle({ text: bundleOf(at(LONGER, 21)), pinnedExporter: null }, CLOCK), {
        code: 'EXPORTER_NOT_PINNED',
      });
      await store.put(at(LONGER, 20));
    } finally {
      await store.close();
    }
    assert.equal(await blockOf(folder), 20);
    assert.ok((await readdir(join(folder, 'damaged-1'))).includes('CURRENT'));
  });
}

test('an imported bundle that is damaged in the store is found at the next start', async (t) => {
  const folder = await temporaryFolder(t);
  await importing(folder, bundleOf(at(LOG, 10)));
  await damage(folder, 'database');
});

test('a floor that is damaged itself is no floor, rather than one that no chain reaches', async (t) => {
  const root = await temporaryFolder(t);
  const folder = join(root, 'store');
  await mkdir(folder);
  await within(folder, (store) => store.put(at(LONGER, 20)));
  await damage(folder, 'both');
  const whole = await readFile(join(folder, 'floor.json'), 'utf8');
  for (const text of [
    whole.slice(0, 40),
    whole.replace('20', '90'),
    '{}',
    '[]',
    '{"floor":{},"sha256":""}',
  ]) {
    const copy = join(root, 'copy');
    await cp(folder, copy, { recursive: true });
    await writeFile(join(copy, 'floor.json'), text);
    const store = await openTrustStore(copy, { repair: true });
    assert.equal(store.floor(), undefined);
    await store.close();
    await rm(copy, { recursive: true });
  }
});

test('a store of another version is called so, and set aside like a damaged one, its exporter still pinned', async (t) => {
  const folder = await temporaryFolder(t);
  const old = signBundle({ ...heldState(at(LOG, 10)).document, version: 2 } as never, exporter);
  await importing(folder, bundleOf(at(LOG, 10)));
  await rewrite(folder, { bundle: JSON.stringify({ text: old, pinnedExporter: exporter.kid }) });
  await assert.rejects(openTrustStore(folder), { code: 'STORE_OF_ANOTHER_VERSION' });
  const store = await openTrustStore(folder, { repair: true });
  assert.deepEqual([store.setAside, store.floor()?.exporter], ['damaged-1', exporter.kid]);
  await store.close();

  const synced = await temporaryFolder(t);
  await within(synced, (open) => open.put(at(LOG, 10)));
  const { logs: _logs, anchors: _anchors, lists: _lists, ...meta } = at(LOG, 10);
  await rewrite(synced, { meta: JSON.stringify(meta) });
  await assert.rejects(openTrustStore(synced), { code: 'STORE_OF_ANOTHER_VERSION' });
});

/** Another program's records, with the digest that it would have written. */
async function rewrite(folder: string, records: Readonly<Record<string, string>>): Promise<void> {
  const database = new Level(join(folder, 'level'), { compression: false });
  for (const [key, value] of Object.entries(records)) await database.put(key, value, { sync: true });
  const digest = digestOf(new Map(await database.iterator().all()));
  await database.close();
  await writeFile(join(folder, 'digest.json'), JSON.stringify([digest]));
}
