import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Replay } from '../pipeline/replay.ts';
import type { TrustDocument } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import type { TrustCode } from '../pipeline/trust-error.ts';
import { heldBundle } from './imported-bundle.ts';
import type { HeldBundle, ImportedBundle } from './imported-bundle.ts';
import { batchOf, exists, openDatabase, readRecords, unreadable } from './store-database.ts';
import { changeDigest, DIGEST_FILE, readDigests, settleDigest } from './store-digest.ts';
import { readFloor, setDamagedAside, writeFloor } from './store-floor.ts';
import type { Floor } from './store-floor.ts';
import { DATABASE, digestOf, EMPTY, heldFrom, recordsOf, storeCorrupt as corrupt } from './store-records.ts';
import { assertBundleMayFollow, assertMayFollow, assertNotFromTheFuture, floorOf } from './store-order.ts';
import type { Held } from './store-order.ts';
import { heldState } from './trust-state.ts';
import type { TrustState } from './trust-state.ts';

/** A store that this process holds: LevelDB lets one process in at a time. */
export interface TrustStore {
  /** What a sync put there; undefined before the first, and while a bundle is held. */
  readonly held: () => TrustState | undefined;
  /** The bundle that was imported; undefined if none is held. */
  readonly imported: () => HeldBundle | undefined;
  /** What is held as a trust document; undefined if nothing is. */
  readonly document: () => TrustDocument | undefined;
  /** Whether it is tied to a chain: by a sync of this machine, or by an exporter that was pinned. */
  readonly anchored: () => boolean;
  /** The replay of the held log, to go on from; undefined without one. */
  readonly replay: () => Replay | undefined;
  /** How far the store had come, even if what it held was damaged and is set aside. */
  readonly floor: () => Floor | undefined;
  /** Name of the folder that a damaged database was moved to when the store was opened; null if it was sound. */
  readonly setAside: string | null;
  /** Whether it is known how far the store had come when it was opened. */
  readonly isFloorKnown: boolean;
  /**
   * Hold a newer state of the same registry, all of it or nothing, on disk when the promise resolves.
   *
   * @throws TrustError STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD, LOG_FORKED, HEAD_MISMATCH
   */
  readonly put: (state: TrustState) => Promise<void>;
  /**
   * Hold a bundle instead of what was held, all of it or nothing, on disk when the promise resolves.
   *
   * @throws TrustError those of `put`, BUNDLE_…, DOCUMENT_…, and EXPORTER_NOT_PINNED if the exporter is another than
   * the pinned one, or is nobody while what is held is tied to a chain; BUNDLE_FROM_THE_FUTURE by this machine's clock,
   * Unix seconds
   */
  readonly putBundle: (bundle: ImportedBundle, now: number) => Promise<HeldBundle>;
  readonly close: () => Promise<void>;
}

/**
 * Open a trust store, made if it is not there, and prove that it holds what was put into it.
 *
 * LevelDB opens over flipped bits and lost files and drops what it cannot read. So the records are held against a
 * digest that is kept beside the database (a batch lost whole would otherwise bring back an older state without a
 * sign), and the log is replayed to the head that was stored.
 *
 * @param options.repair set a damaged database aside, and open an empty one that takes nothing older than it held
 * @throws TrustError STORE_CORRUPT, STORE_OF_ANOTHER_VERSION, STORE_LOCKED, STORE_UNAVAILABLE, FILE_UNREADABLE
 */
export async function openTrustStore(
  folder: string,
  options: { readonly repair?: boolean } = {},
): Promise<TrustStore> {
  const make = async (): Promise<void> => {
    try {
      await mkdir(join(folder, DATABASE), { recursive: true, mode: 0o700 });
    } catch {
      throw unreadable();
    }
  };
  await make();
  try {
    return await openExisting(folder);
  } catch (error) {
    const isUnusable = error instanceof TrustError && UNUSABLE.has(error.code);
    if (options.repair !== true || !isUnusable) throw error;
    const setAside = await setDamagedAside(folder);
    await make();
    return { ...(await openExisting(folder)), setAside };
  }
}

/** What was put there cannot be told any more, or only by an earlier program. */
const UNUSABLE: ReadonlySet<TrustCode> = new Set(['STORE_CORRUPT', 'STORE_OF_ANOTHER_VERSION']);

/**
 * Open a trust store for reading; undefined if there is none. A read makes no store.
 *
 * @throws TrustError STORE_CORRUPT, STORE_LOCKED, FILE_UNREADABLE
 */
export async function openHeldTrust(folder: string): Promise<TrustStore | undefined> {
  const there = await Promise.all([exists(join(folder, DATABASE)), exists(join(folder, DIGEST_FILE))]);
  return there.includes(true) ? openExisting(folder) : undefined;
}

async function openExisting(folder: string): Promise<TrustStore> {
  const before = await readDigests(folder);
  const database = await openDatabase(join(folder, DATABASE), { createIfMissing: before.length === 0 });
  try {
    // Who held the database until now may have changed it since: what is beside it counts as of now that it is ours.
    const digests = await readDigests(folder);
    let records = await readRecords(database);
    const digest = digestOf(records);
    if (!(digests.length === 0 ? [EMPTY] : digests).includes(digest)) throw corrupt();
    // A crash during a change left two; from here on the state before it is an older one.
    if (digests.length > 1) await settleDigest(folder, digest);
    let current: Held | undefined = records.size === 0 ? undefined : await heldFrom(records);
    let floor = floorOf(current, await readFloor(folder));

    const hold = async (content: TrustState | ImportedBundle, checked: Held): Promise<void> => {
      const next = recordsOf(content);
      const change = { from: digestOf(records), to: digestOf(next) };
      // Without sync a power cut takes acknowledged batches with it.
      await changeDigest(folder, change, () => database.batch(batchOf(records, next), { sync: true }));
      [records, current, floor] = [next, checked, floorOf(checked, floor)];
      if (floor !== undefined) await writeFloor(folder, floor);
    };
    // One change after the other: two at once would each go on from what the other replaces.
    let changing: Promise<unknown> = Promise.resolve();
    const inTurn = async <T>(change: () => Promise<T>): Promise<T> => {
      const done = changing.then(change);
      changing = done.catch(() => undefined);
      return done;
    };
    const synced = () => (current?.kind === 'synced' ? current : undefined);
    return {
      held: () => synced()?.state,
      imported: () => (current?.kind === 'imported' ? current : undefined),
      document: () => current?.document,
      anchored: () => current?.anchored ?? false,
      replay: () => synced()?.replay,
      floor: () => floor,
      setAside: null,
      isFloorKnown: floor !== undefined,
      close: () => database.close(),
      put: (state) =>
        inTurn(async () => {
          assertMayFollow(state, current, floor);
          await hold(state, heldState(state, synced()));
        }),
      putBundle: (bundle, now) =>
        inTurn(async () => {
          const checked = await heldBundle(bundle);
          assertNotFromTheFuture(checked, now);
          assertBundleMayFollow(checked, current, floor);
          await hold(bundle, checked);
          return checked;
        }),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
