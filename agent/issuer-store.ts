import { join } from 'node:path';

import { writeFileAtomic } from './atomic-file.ts';
import { auditBroken } from './audit/audit-broken.ts';
import type { AuditEntry } from './audit/audit-entry.ts';
import { AuditReader } from './audit/audit-reader.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { WITNESS_FILE } from './audit/audit-witness.ts';
import { findingInWords } from './audit/finding.ts';
import { beginWitness, openTrail } from './audit/open-trail.ts';
import { GroupCommit, type Change } from './group-commit.ts';
import { IssuerError } from './issuer-error.ts';
import { createEnvelope, openEnvelope, type SealedBox } from './sealed-box.ts';
import type { SharedDatabase } from './postgres/shared-database.ts';
import type { StoreBackend } from './store-backend.ts';
import { reporting } from './store-fault.ts';
import { ENVELOPE_FILE, readEnvelopeFile } from './store-folder.ts';
import { makeBackend, openBackend, syncStore } from './store-place.ts';
import type { RawRecord } from './store-records.ts';
import { GIVEN_UP } from './store-recovery.ts';
import { Table, type Operation } from './store-table.ts';
import { StoreWatch, type Watcher } from './store-watch.ts';
import { makeWholeFolder } from './whole-folder.ts';

export type { Operation, Table } from './store-table.ts';

/** What a new store goes by besides its folder. */
export interface StoreTerms {
  /** Unix seconds. */
  readonly clock?: (() => number) | undefined;
  /** URL of a PostgreSQL for its records. */
  readonly database?: string | undefined;
}

/** After so long without word of what other agents have written, an agent is not ready: a card may be revoked since. */
const STALE_MS = 5000;

/**
 * One issuer's folder, owned by one process at a time: `envelope.json` (the wrapped data key), `audit-witness`, and a
 * LevelDB in `store/`, or `database.json`, which says the PostgreSQL that it shares with other agents (decision 0038).
 *
 * Every write goes through `commit`, which acknowledges only after `sync: true`: without it a power cut loses
 * everything acknowledged. Every batch is a record of the audit log (decision 0031).
 */
export class IssuerStore {
  readonly dir: string;
  readonly box: SealedBox;
  /** Its audit log. */
  readonly audit: AuditReader;
  readonly #backend: StoreBackend;
  readonly #trail: AuditTrail;
  readonly #watch = new StoreWatch();
  readonly #group: GroupCommit;
  #whole: Promise<void> | undefined;

  private constructor(
    {
      dir,
      backend,
      box,
      trail,
    }: {
      readonly dir: string;
      readonly backend: StoreBackend;
      readonly box: SealedBox;
      readonly trail: AuditTrail;
    },
    clock: () => number,
  ) {
    this.dir = dir;
    this.box = box;
    this.#backend = backend;
    this.#trail = trail;
    this.audit = new AuditReader(backend, box.auditKey);
    this.#group = new GroupCommit({ backend, trail, watch: this.#watch }, clock);
    // What is not sealed was checked when it was opened.
    if (trail.seals === 0) this.#whole = Promise.resolve();
  }

  /**
   * Makes a new folder with its first records and leaves it closed; the folder appears whole or not at all. The records lie
   * in it, or in the `database` whose URL is said.
   *
   * IssuerError STORE_EXISTS if something is there, PASSPHRASE_TOO_SHORT, STORE_UNAVAILABLE; DATABASE_INVALID,
   * DATABASE_UNSUITABLE.
   */
  static async create(
    dir: string,
    passphrase: string,
    first: (store: IssuerStore) => readonly Operation[],
    kdfCost?: number,
    { clock = machineClock, database }: StoreTerms = {},
  ): Promise<void> {
    const { envelope, box } = await createEnvelope(passphrase, kdfCost);
    const text = `${JSON.stringify(envelope, null, 2)}\n`;
    await makeWholeFolder(dir, async (draft) => {
      await writeFileAtomic(join(draft, ENVELOPE_FILE), text, 0o600);
      const backend = await makeBackend(draft, { envelope: text, database });
      const trail = await AuditTrail.begin(box.auditKey, join(draft, WITNESS_FILE));
      const store = new IssuerStore({ dir: draft, backend, box, trail }, clock);
      try {
        await store.commit(first(store), new Map(), [{ kind: 'issuer-made' }]);
      } finally {
        await store.close();
      }
      await syncStore(draft);
    });
  }

  /**
   * Opens a folder for this process alone.
   *
   * IssuerError STORE_MISSING, STORE_LOCKED if another process holds it, WRONG_PASSPHRASE, STORE_DAMAGED, AUDIT_BROKEN,
   * STORE_UNAVAILABLE; DATABASE_INVALID, DATABASE_UNSUITABLE.
   */
  static async open(
    dir: string,
    passphrase: string,
    clock: () => number = machineClock,
    database?: string,
  ): Promise<IssuerStore> {
    const envelope = await readEnvelopeFile(join(dir, ENVELOPE_FILE));
    const backend = await openBackend(dir, database);
    try {
      const box = await openEnvelope(envelope, passphrase);
      return await IssuerStore.over(dir, { backend, box, isNew: false }, clock);
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  /** The store of a database whose log is as it must be, for its witness or for one that begins; closes it otherwise. IssuerError AUDIT_BROKEN. */
  static async over(
    dir: string,
    {
      backend,
      box,
      isNew,
    }: { readonly backend: StoreBackend; readonly box: SealedBox; readonly isNew: boolean },
    clock: () => number = machineClock,
  ): Promise<IssuerStore> {
    try {
      const witnessPath = join(dir, WITNESS_FILE);
      const trail = await reporting(async () =>
        backend.atOneMoment(async (raw) => {
          if (isNew) await beginWitness(raw, box.auditKey, witnessPath);
          return openTrail(raw, box.auditKey, witnessPath);
        }),
      );
      const store = new IssuerStore({ dir, backend, box, trail }, clock);
      backend.onNews?.(async () => store.look());
      return store;
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  table<T>(name: string): Table<T> {
    return new Table<T>(this.#backend, name);
  }

  /**
   * Writes all operations in one atomic batch and returns once they are on disk.
   *
   * Calls that arrive while a batch is being written share the next one and its fsync. `closing` names operations that
   * are made at the moment of writing, one per name and batch: the state of a counter must never be overwritten by an
   * older one. `audit` is what is done by it, for the audit log; what is written stands there in any case.
   *
   * IssuerError STORE_UNAVAILABLE if the disk is full, broken or gone, or the folder was given up: nothing of it counts
   * then, and once the disk is back the same call succeeds. AUDIT_BROKEN.
   */
  commit(
    operations: readonly Operation[],
    closing: ReadonlyMap<string, () => Operation> = new Map(),
    audit: readonly AuditEntry[] = [],
  ): Promise<void> {
    return this.#group.write(operations, () => ({ closing, audit }));
  }

  /**
   * As `commit`, of a change that is made at the moment of writing, when all is known that other agents have written and
   * nobody else can write: what rests on the state of the store must be decided there. What it throws is thrown, and
   * nothing of the call is written; `required` is written in any case. It does not wait for anything, and memory that it
   * changes is changed back by `undone`.
   */
  decide(make: () => Change, required: readonly Operation[] = []): Promise<void> {
    return this.#group.write(required, make);
  }

  /**
   * Has somebody told of each record of a table that another agent has written, before anything rests on it: whoever keeps
   * some of it in memory. Never called over a store of this process alone, and never of what this process has written.
   */
  watch<T>(table: string, watcher: Watcher<T>): void {
    this.#watch.add(table, watcher as Watcher);
  }

  /**
   * The same for whoever keeps a whole table in memory, told of all records that are there first, in the order of their keys.
   *
   * IssuerError STORE_UNAVAILABLE, STORE_DAMAGED, AUDIT_BROKEN.
   */
  async follow<T>(table: string, watcher: Watcher<T>): Promise<void> {
    await this.#group.follow(table, watcher as Watcher);
  }

  /** Whether other agents write to the same store while this process has it open. */
  get isShared(): boolean {
    return this.#backend.isShared;
  }

  /** What the agents that write to the same store agree on besides; undefined if there are no others. */
  get shared(): SharedDatabase | undefined {
    return this.#backend.shared;
  }

  /** Takes in what other agents have written. IssuerError STORE_UNAVAILABLE, AUDIT_BROKEN. */
  async look(): Promise<void> {
    await this.#group.look();
  }

  /** Refuses to go on by what may be old: IssuerError STORE_UNAVAILABLE if it was not heard of other agents for so long. */
  assertCurrent(): void {
    if (this.#group.broken !== undefined) throw this.#group.broken;
    if (this.#group.staleMs > STALE_MS)
      throw new IssuerError('STORE_UNAVAILABLE', 'The database of the issuer does not answer.');
  }

  /** All records as they lie in the database, some at a time, as of the moment at which the first are asked for. */
  async *records(): AsyncGenerator<readonly RawRecord[]> {
    yield* this.#backend.records();
  }

  /**
   * Holds the whole store against its audit log, once in the life of this process: before an answer rests on something
   * not being there, since LevelDB forgets silently. A store that does not match writes nothing any more.
   *
   * IssuerError AUDIT_BROKEN.
   */
  async assertWhole(): Promise<void> {
    this.#whole ??= this.#examine().catch((error: unknown) => {
      // A disk that failed on the way says nothing of the store: whoever asks next has it looked at again.
      if (this.#group.broken === undefined) this.#whole = undefined;
      throw error;
    });
    await this.#whole;
  }

  async #examine(): Promise<void> {
    const [first] = (await reporting(() => this.audit.examine())).findings;
    if (first === undefined) return;
    const broken = auditBroken(findingInWords(first));
    this.#group.break(broken);
    throw broken;
  }

  /** Has the database drop for good what was deleted. */
  async compact(): Promise<void> {
    await this.#backend.compact();
  }

  /** Waits for what is being written and gives the folder up; whatever comes later is STORE_UNAVAILABLE. */
  async close(): Promise<void> {
    await this.#group.close(new IssuerError('STORE_UNAVAILABLE', GIVEN_UP));
    await this.#trail.close();
    await this.#backend.close();
  }
}

function machineClock(): number {
  return Date.now() / 1000;
}
