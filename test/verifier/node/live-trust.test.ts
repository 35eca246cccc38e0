import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { lookup } from 'node:dns';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { StatusList } from '../../../credential/status-list.ts';
import { openBundle, signBundle } from '../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { openVenue } from '../../../verifier/node/live-trust.ts';
import type { LiveVenue, VenueOptions } from '../../../verifier/node/live-trust.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import { DEFAULT_POLICY } from '../../../verifier/pipeline/venue-policy.ts';
import {
  anchoredBits,
  DAY,
  decide,
  mintCard,
  newKey,
  NOW,
  trustDocument,
  trustedKey,
} from '../../support/cards.ts';
import { startLivingRegistry } from '../../support/living-registry.ts';
import type { LivingRegistry } from '../../support/living-registry.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOBODY = 'http://127.0.0.1:1';
let living: LivingRegistry;
before(async () => {
  living = await startLivingRegistry();
  await living.anchor();
});
after(() => living.stop());

const copyInto = async (from: string, to: string): Promise<void> => writeFile(to, await readFile(from));

async function open(t: TestContext, options: VenueOptions): Promise<LiveVenue> {
  const venue = await openVenue(options);
  t.after(() => venue.stop());
  return venue;
}
const codes = async (venue: LiveVenue, card: string): Promise<string> =>
  (await decide(card, venue.trust(), venue.terms({}))).codes.join();
const listOf = (venue: LiveVenue): readonly unknown[] => {
  const [list] = venue.report().lists;
  return [list?.state, list?.fault];
};

describe('a venue with a store and a chain', () => {
  test('knows nothing, syncs, and then knows it all', async (t) => {
    const venue = await open(t, living.venue(await temporaryFolder(t)));
    const card = living.card(1);
    assert.equal(await codes(venue, card), 'TRUST_MISSING');
    const nothing = venue.report();
    assert.deepEqual([nothing.state, nothing.online, nothing.lastAttempt], ['missing', null, null]);
    assert.deepEqual([await venue.bundle(), venue.log()], [undefined, undefined]);

    await venue.syncNow();
    assert.equal(await codes(venue, card), 'VALID');
    const { source, takenAt, ageSeconds, blockAgeSeconds, lists, exporter, ...report } = venue.report();
    assert.deepEqual(report, {
      state: 'held',
      anchored: true,
      imported: false,
      freshness: 'fresh',
      online: true,
      lastAttempt: { at: takenAt, code: null },
      faults: [],
      rules: [],
      successor: null,
    });
    assert.ok(source?.kind === 'chain' && source.registry === living.clients.address.toLowerCase());
    assert.ok(ageSeconds !== null && ageSeconds < 60);
    assert.ok(blockAgeSeconds !== null && blockAgeSeconds < 60);
    assert.deepEqual(
      lists.map(({ kid, state, fault }) => [kid, state, fault]),
      [[living.key.kid, 'current', null]],
    );
    const bundle = await venue.bundle();
    assert.ok(bundle !== undefined);
    assert.equal(bundle, await venue.bundle(), 'signed once');
    const opened = await openBundle(bundle, { exporter: venue.report().exporter ?? '' });
    assert.deepEqual([opened.pinned, opened.document.lists.length, exporter], [true, 1, opened.exporterKid]);
    const log = venue.log();
    assert.ok(log !== undefined);
    assert.equal(replayLog(log.logs, log.source).head, source.head);
  });

  test('learns of a revocation by the next sync, and says so while the list is not to be had', async (t) => {
    const venue = await open(t, living.venue(await temporaryFolder(t)));
    const card = living.card(7);
    await venue.syncNow();
    assert.equal(await codes(venue, card), 'VALID');
    const known = venue.trust();

    living.list.set(7, true);
    await living.anchor({ publish: false });
    assert.equal(venue.trust(), known, 'nothing moves between two syncs');
    await venue.syncNow();
    assert.equal(await codes(venue, card), 'STATUS_STALE');
    assert.deepEqual(listOf(venue), ['stale', 'ROOT_DIFFERS']);

    living.server.asked();
    await living.anchor();
    await venue.syncNow();
    assert.equal(await codes(venue, card), 'REVOKED');
    assert.deepEqual(listOf(venue), ['current', null]);
    // The change, or the steps; the whole list was not needed.
    assert.ok(living.server.asked().every((path) => path.endsWith('.delta')));
    living.list.set(7, false);
    await living.anchor();
  });

  test('serves at once what is on disk, without a network, and says how old it is', async (t) => {
    const store = await temporaryFolder(t);
    const first = await openVenue(living.venue(store));
    await first.syncNow();
    await first.stop();

    let ahead = 0;
    const offline = living.venue(store, {
      source: { store, registry: living.registry(NOBODY) },
      clock: () => Date.now() / 1000 + ahead,
    });
    const venue = await open(t, offline);
    assert.equal(venue.report().online, null);
    assert.equal(await codes(venue, living.card(1)), 'VALID');
    await venue.syncNow();
    const { online, lastAttempt, freshness } = venue.report();
    assert.deepEqual([online, lastAttempt?.code, freshness], [false, 'CHAIN_UNAVAILABLE', 'fresh']);
    assert.equal(await codes(venue, living.card(1)), 'VALID');

    ahead = 2 * DAY;
    assert.equal(venue.report().freshness, 'ageing');
    const decision = await decide(living.card(1), venue.trust(), venue.terms({}));
    assert.deepEqual([decision.outcome, decision.warnings[0]], ['accepted', 'TRUST_AGEING']);
    ahead = 4 * DAY;
    assert.equal(venue.report().freshness, 'stale');
    assert.equal(await codes(venue, living.card(1)), 'TRUST_STALE');
  });

  test('renews nothing by a chain that stopped, so that what it knows grows old', async (t) => {
    const store = await temporaryFolder(t);
    let ahead = 0;
    const venue = await open(
      t,
      living.venue(store, {
        source: { store, registry: { ...living.registry(), maxBlockAge: 600 } },
        clock: () => Date.now() / 1000 + ahead,
      }),
    );
    await venue.syncNow();
    const { takenAt, lastAttempt } = venue.report();
    assert.equal(lastAttempt?.code, null);
    ahead = 2 * DAY;
    await venue.syncNow();
    const report = venue.report();
    assert.deepEqual([report.lastAttempt?.code, report.takenAt], ['CHAIN_STALLED', takenAt]);
    // Blocks that are mined by the dozen are some seconds ahead of the clock.
    assert.ok((report.ageSeconds ?? 0) >= 2 * DAY && (report.blockAgeSeconds ?? 0) > 2 * DAY - 60);
    assert.equal(await codes(venue, living.card(1)), 'VALID');
    ahead = 4 * DAY;
    await venue.syncNow();
    assert.equal(await codes(venue, living.card(1)), 'TRUST_STALE');
  });

  test('tells the age of the block where no bound was named, though the sync succeeds', async (t) => {
    const clock = (): number => Date.now() / 1000 + 2 * DAY;
    const venue = await open(t, living.venue(await temporaryFolder(t), { clock }));
    await venue.syncNow();
    const { freshness, ageSeconds, blockAgeSeconds } = venue.report();
    assert.equal(freshness, 'fresh');
    assert.ok(ageSeconds !== null && ageSeconds < 60);
    assert.ok((blockAgeSeconds ?? 0) > 2 * DAY - 60);
  });

  test('looks at a list that is current once, and not again every turn or for every report', async (t) => {
    const store = await temporaryFolder(t);
    const first = await openVenue(living.venue(store));
    await first.syncNow();
    await first.syncNow();
    const hashes = t.mock.method(StatusList.prototype, 'blockHash').mock;
    const scans = t.mock.method(StatusList.prototype, 'indices').mock;
    const looks = (): number => hashes.callCount() + scans.callCount();
    await first.syncNow();
    assert.deepEqual([listOf(first), looks()], [['current', null], 0]);
    await first.stop();

    const source = { store, registry: living.registry(NOBODY) };
    const venue = await open(t, living.venue(store, { source }));
    const opened = looks();
    assert.ok(opened > 0, 'when it was opened');
    for (const _ of [1, 2]) await venue.syncNow();
    assert.deepEqual([listOf(venue), looks()], [['current', null], opened]);
  });

  test('gets a list though the chain is gone, since the anchor is known', async (t) => {
    const store = await temporaryFolder(t);
    const first = await openVenue(living.venue(store, { downloads: {} }));
    await first.syncNow();
    assert.deepEqual(listOf(first), ['missing', 'UNREACHABLE']);
    await first.stop();
    const venue = await open(
      t,
      living.venue(store, { source: { store, registry: living.registry(NOBODY) } }),
    );
    await venue.syncNow();
    assert.equal(venue.report().online, false);
    assert.deepEqual(listOf(venue), ['current', null]);
    assert.equal(await codes(venue, living.card(1)), 'VALID');
  });

  test('asks nobody at an address that is not public, unless it was configured', async (t) => {
    const { downloads } = living.venue('');
    const options = living.venue(await temporaryFolder(t), { downloads: { ...downloads, networks: [] } });
    const venue = await open(t, options);
    living.server.asked();
    await venue.syncNow();
    assert.deepEqual(listOf(venue), ['missing', 'ADDRESS_REFUSED']);
    assert.deepEqual(living.server.asked(), []);
  });

  test('sets a damaged store aside, and starts anew', async (t) => {
    const store = await temporaryFolder(t);
    const first = await openVenue(living.venue(store));
    await first.syncNow();
    await first.stop();
    for (const name of await readdir(join(store, 'level'))) {
      if (name.endsWith('.log') || name.endsWith('.ldb')) await writeFile(join(store, 'level', name), 'x');
    }
    const venue = await open(t, living.venue(store));
    assert.equal(venue.setAside, 'damaged-1');
    assert.equal(await codes(venue, living.card(1)), 'TRUST_MISSING');
    await venue.syncNow();
    assert.equal(await codes(venue, living.card(1)), 'VALID');
  });

  test('keeps deciding when its disk fails, and says so', async (t) => {
    const store = await temporaryFolder(t);
    const venue = await open(t, living.venue(store));
    await venue.syncNow();
    await rm(store, { recursive: true });
    await venue.syncNow();
    const { online, lastAttempt } = venue.report();
    assert.deepEqual([online, lastAttempt?.code], [false, 'STORE_FAILED']);
    assert.equal(await codes(venue, living.card(1)), 'VALID');
  });

  test('refuses to open a store of another registry, which stays as it was', async (t) => {
    const store = await temporaryFolder(t);
    const first = await openVenue(living.venue(store));
    await first.syncNow();
    await first.stop();
    const address = `0x${'22'.repeat(20)}`;
    const other = living.venue(store, { source: { store, registry: { ...living.registry(), address } } });
    await assert.rejects(openVenue(other), { code: 'STORE_OF_ANOTHER_REGISTRY' });
    assert.equal(await codes(await open(t, living.venue(store)), living.card(1)), 'VALID');
  });

  test('syncs by itself once started, tells of it, and begins nothing more when it is stopped', async (t) => {
    const told: unknown[] = [];
    const first = Promise.withResolvers<void>();
    const venue = await openVenue(
      living.venue(await temporaryFolder(t), {
        intervalSeconds: 0.05,
        onAttempt: ({ code }) => {
          told.push(code);
          if (told.length === 2) first.resolve();
        },
      }),
    );
    venue.start();
    venue.start();
    await first.promise;
    assert.deepEqual(told.slice(0, 2), [null, null]);
    assert.equal(await codes(venue, living.card(1)), 'VALID');
    await venue.stop();
    const count = told.length;
    await new Promise((done) => setTimeout(done, 150));
    assert.equal(told.length, count);
    assert.equal(await codes(venue, living.card(1)), 'VALID', 'what was known stays known');
  });

  test('stops at once though an issuer hangs', async (t) => {
    const asked = Promise.withResolvers<void>();
    const hanging = (() => asked.resolve()) as unknown as typeof lookup;
    const { downloads } = living.venue('');
    const slow = { ...downloads, lookup: hanging, timeoutMs: 60_000 };
    const venue = await openVenue(living.venue(await temporaryFolder(t), { downloads: slow }));
    venue.start();
    await asked.promise;
    assert.equal(await codes(venue, living.card(1)), 'STATUS_MISSING');
    const begun = performance.now();
    await venue.stop();
    assert.ok(performance.now() - begun < 3000);
  });

  test('takes a bundle over between two syncs, and then goes on with the chain', async (t) => {
    const source = await open(t, living.venue(await temporaryFolder(t)));
    await source.syncNow();
    const bundle = (await source.bundle()) ?? '';
    const exporter = source.report().exporter ?? '';
    const venue = await open(t, living.venue(await temporaryFolder(t)));
    await venue.importBundle(bundle, exporter);
    const report = venue.report();
    assert.deepEqual([report.imported, report.anchored, report.exporter], [true, true, exporter]);
    assert.equal(await codes(venue, living.card(1)), 'VALID');
    assert.equal(await venue.bundle(), bundle, 'passed on as it was signed');
    await venue.syncNow();
    assert.deepEqual([venue.report().imported, venue.report().online], [false, true]);
  });
});

describe('a venue with a bundle alone', () => {
  const key = newKey();
  const exporter = oneTimeExporterKey();
  const document = trustDocument({ keys: [trustedKey(key)] });
  const card = mintCard(key);
  const bundleIn = async (t: TestContext, about = document): Promise<string> => {
    const path = join(await temporaryFolder(t), 'bundle');
    await writeFile(path, signBundle(about, exporter));
    return path;
  };
  const withBundle = (bundle: string, changed: object = {}): VenueOptions => ({
    source: { bundle, exporter: exporter.kid },
    policy: DEFAULT_POLICY,
    allowUnanchored: false,
    clock: () => NOW,
    ...changed,
  });

  test('decides by it if its exporter is the one that was named, and passes it on', async (t) => {
    const bundle = await bundleIn(t);
    const venue = await open(t, withBundle(bundle));
    assert.equal(await codes(venue, card), 'VALID');
    const { imported, anchored, online, exporter: kid } = venue.report();
    assert.deepEqual([imported, anchored, online, kid], [true, true, null, exporter.kid]);
    assert.equal(await venue.bundle(), await readFile(bundle, 'utf8'));
    assert.equal(venue.log(), undefined);
    await venue.syncNow();
    assert.equal(venue.report().online, null);
  });

  test('decides nothing by one of nobody, unless that was allowed', async (t) => {
    const bundle = await bundleIn(t);
    for (const named of [undefined, newKey().kid]) {
      const source = { bundle, exporter: named };
      const venue = await open(t, withBundle(bundle, { source }));
      assert.equal(await codes(venue, card), 'TRUST_UNANCHORED');
      const allowed = await open(t, withBundle(bundle, { source, allowUnanchored: true }));
      assert.equal(await codes(allowed, card), 'VALID');
    }
  });

  test('says whether it is missing or damaged', async (t) => {
    const bundle = await bundleIn(t);
    const missing = await open(t, withBundle(`${bundle}-none`));
    assert.deepEqual([missing.trust(), missing.report().state], ['missing', 'missing']);
    await appendFile(bundle, 'x');
    const damaged = await open(t, withBundle(bundle));
    assert.deepEqual([damaged.trust(), damaged.report().state], ['invalid', 'invalid']);
  });

  test('takes a newer one over, and neither an older one nor another’s', async (t) => {
    const path = await bundleIn(t);
    const venue = await open(t, withBundle(path));
    const { source } = document;
    assert.ok(source.kind === 'chain');
    const block = { ...source.block, number: source.block.number + 1 };
    const newer = signBundle({ ...document, keys: [], source: { ...source, size: 4, block } }, exporter);
    const older = signBundle(document, exporter);
    await assert.rejects(venue.importBundle(signBundle(document, oneTimeExporterKey())), {
      code: 'EXPORTER_NOT_PINNED',
    });
    assert.equal(await codes(venue, card), 'VALID');
    await venue.importBundle(newer);
    assert.equal(await codes(venue, card), 'ISSUER_UNKNOWN');
    await assert.rejects(venue.importBundle(older), { code: 'LOG_OLDER_THAN_HELD' });
    assert.equal(await codes(venue, card), 'ISSUER_UNKNOWN');
  });

  test('holds cards against the operator’s rules whatever a request names, and where there are none against its', async (t) => {
    const bundle = await bundleIn(t);
    const rulesOf = (venue: LiveVenue): readonly string[] =>
      [undefined, 'none', 'lax'].map((rules) => venue.terms({ rules }).rules);
    const strict = await open(t, withBundle(bundle, { rules: 'strict' }));
    assert.deepEqual(rulesOf(strict), ['strict', 'strict', 'strict']);
    for (const rules of [undefined, 'none']) {
      assert.deepEqual(rulesOf(await open(t, withBundle(bundle, { rules }))), ['none', 'none', 'lax']);
    }
  });

  /** The same registry, a block and an event later, and without the key. */
  const later = (): typeof document => {
    const { source } = document;
    assert.ok(source.kind === 'chain');
    const block = { ...source.block, number: source.block.number + 1 };
    return { ...document, keys: [], source: { ...source, size: source.size + 1, block } };
  };
  const codeAfter = async (venue: LiveVenue): Promise<unknown> => {
    await venue.syncNow();
    return venue.report().lastAttempt?.code;
  };

  test('takes its file anew when it is another, and refuses an older, a foreign or a damaged one by name', async (t) => {
    const path = await bundleIn(t);
    const venue = await open(t, withBundle(path));
    const known = venue.trust();
    assert.equal(await codeAfter(venue), undefined);
    assert.equal(venue.trust(), known, 'not even read');

    await writeFile(path, signBundle(later(), exporter));
    assert.equal(await codeAfter(venue), null);
    assert.equal(await codes(venue, card), 'ISSUER_UNKNOWN');
    for (const [text, code] of [
      [signBundle(document, exporter), 'LOG_OLDER_THAN_HELD'],
      [signBundle(later(), oneTimeExporterKey()), 'EXPORTER_NOT_PINNED'],
      ['no bundle', 'BUNDLE_MALFORMED'],
      [signBundle({ ...later(), takenAt: NOW + DAY }, exporter), 'BUNDLE_FROM_THE_FUTURE'],
    ] as const) {
      await writeFile(path, text);
      for (const _ of [1, 2]) assert.equal(await codeAfter(venue), code);
      assert.deepEqual([venue.report().online, await codes(venue, card)], [false, 'ISSUER_UNKNOWN']);
    }
    await rm(path);
    assert.equal(await codeAfter(venue), 'FILE_UNREADABLE');
    assert.equal(await codes(venue, card), 'ISSUER_UNKNOWN');
    await writeFile(path, signBundle(later(), exporter));
    assert.equal(await codeAfter(venue), null);
  });

  test('has looked at the lists of a bundle before a report asks, however it came', async (t) => {
    const { data, anchor } = anchoredBits(key, new StatusList(1));
    const keys = [trustedKey(key, { revocation: 'bits' })];
    const withList = (about = document): string =>
      signBundle({ ...about, keys, anchors: [anchor], lists: [data] }, exporter);
    const path = await bundleIn(t);
    await writeFile(path, withList());
    const venue = await open(t, withBundle(path));
    const hashes = t.mock.method(StatusList.prototype, 'blockHash').mock;
    const asked = (): readonly unknown[] => {
      const count = hashes.callCount();
      return [venue.report().lists[0]?.state, hashes.callCount() - count];
    };
    assert.deepEqual(asked(), ['current', 0]);
    await writeFile(path, withList(later()));
    assert.equal(await codeAfter(venue), null);
    assert.deepEqual(asked(), ['current', 0]);
    await venue.importBundle(withList({ ...later(), takenAt: NOW }));
    assert.deepEqual(asked(), ['current', 0]);
    assert.equal(hashes.callCount(), 2);
  });

  test('finds its file by itself though it was not there at the start, also after one that was damaged', async (t) => {
    const path = await bundleIn(t);
    const bundle = await readFile(path, 'utf8');
    await rm(path);
    const told: unknown[] = [];
    let next = Promise.withResolvers<void>();
    const onAttempt = ({ code }: { code: string | null }): void => {
      if (code === told.at(-1)) return;
      told.push(code);
      next.resolve();
      next = Promise.withResolvers();
    };
    const venue = await open(t, withBundle(path, { intervalSeconds: 1, onAttempt }));
    venue.start();
    await next.promise;
    assert.equal(venue.trust(), 'missing');
    await writeFile(path, bundle.slice(1));
    await next.promise;
    assert.equal(venue.trust(), 'invalid');
    await writeFile(path, bundle);
    await next.promise;
    assert.deepEqual(told, ['FILE_UNREADABLE', 'BUNDLE_MALFORMED', null]);
    assert.equal(await codes(venue, card), 'VALID');
  });

  test('reads a pipe once, whatever came out of it', { skip: process.platform === 'win32' }, async (t) => {
    for (const [about, code] of [
      [document, undefined],
      [{ ...document, takenAt: NOW + DAY }, 'BUNDLE_FROM_THE_FUTURE'],
    ] as const) {
      const path = await bundleIn(t, about);
      const pipe = `${path}-pipe`;
      execFileSync('mkfifo', [pipe]);
      const copied = copyInto(path, pipe);
      const venue = await open(t, withBundle(pipe));
      await copied;
      // Whoever opened the pipe again would find this in it.
      const again = copyInto(path, pipe);
      for (const _ of [1, 2]) assert.equal(await codeAfter(venue), code);
      assert.equal(await Promise.race([again, wait(50, 'unread')]), 'unread');
      await readFile(pipe);
      await again;
    }
  });

  test('does not begin with one from the future, and takes it when its time has come', async (t) => {
    let now = NOW;
    const path = await bundleIn(t, { ...document, takenAt: NOW + DAY });
    const venue = await open(t, withBundle(path, { clock: () => now }));
    assert.equal(venue.trust(), 'invalid');
    assert.equal(await codeAfter(venue), 'BUNDLE_FROM_THE_FUTURE');
    now = NOW + DAY;
    assert.equal(await codeAfter(venue), null);
    assert.equal(venue.report().state, 'held');
  });

  test('takes the first one by the exporter that was named when it had none', async (t) => {
    const path = await bundleIn(t);
    const venue = await open(t, withBundle(`${path}-none`));
    await venue.importBundle(signBundle(document, exporter));
    assert.deepEqual([await codes(venue, card), venue.report().anchored], ['VALID', true]);
  });
});
