import { join } from 'node:path';

import { syncFiles, writeFileAtomic } from './atomic-file.ts';
import { auditBroken } from './audit/audit-broken.ts';
import type { AuditEntry } from './audit/audit-entry.ts';
import { AuditReader } from './audit/audit-reader.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { AuditWitness, WITNESS_FILE } from './audit/audit-witness.ts';
import { openTrail } from './audit/open-trail.ts';
import { rawStore } from './audit/raw-store.ts';
import { findingInWords } from './audit/finding.ts';
import { IssuerError } from './issuer-error.ts';
import { createEnvelope, openEnvelope, type SealedBox } from './sealed-box.ts';
import { reporting } from './store-fault.ts';
import { DATABASE_FOLDER, ENVELOPE_FILE, readEnvelopeFile } from './store-folder.ts';
import { loadRecords, rawRecords, type RawRecord } from './store-records.ts';
import { GIVEN_UP, openDatabase, RecoveringDatabase } from './store-recovery.ts';
import { Table, type Database, type Operation } from './store-table.ts';
import { makeWholeFolder } from './whole-folder.ts';

export type { Operation, Table } from './store-table.ts';

interface Waiting {
  readonly operations: readonly Operation[];
  readonly closing: ReadonlyMap<string, () => Operation>;
  readonly audit: readonly AuditEntry[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * One issuer's folder: `envelope.json` (the wrapped data key), a LevelDB in `store/`, owned by one process at a time, and
 * `audit-witness`.
 *
 * Every write goes through `commit`, which acknowledges only after `sync: true`: without it a power cut loses
 * everything acknowledged. Every batch is a record of the audit log (decision 0031).
 */
export class IssuerStore {
  readonly dir: string;
  readonly box: SealedBox;
  readonly #db: RecoveringDatabase;
  /** Its audit log. */
  readonly audit: AuditReader;
  readonly #trail: AuditTrail;
  readonly #clock: () => number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #closing = false;
  #whole: Promise<void> | undefined;
  #broken: IssuerError | undefined;

  private constructor(
    {
      dir,
      db,
      box,
      trail,
    }: {
      readonly dir: string;
      readonly db: RecoveringDatabase;
      readonly box: SealedBox;
      readonly trail: AuditTrail;
    },
    clock: () => number,
  ) {
    this.dir = dir;
    this.#db = db;
    this.box = box;
    this.#trail = trail;
    this.audit = new AuditReader(db, box.auditKey);
    this.#clock = clock;
    // What is not sealed was checked when it was opened.
    if (trail.seals === 0) this.#whole = Promise.resolve();
  }

  /**
   * Makes a new folder with its first records and leaves it closed; the folder appears whole or not at all.
   *
   * IssuerError STORE_EXISTS if something is there, PASSPHRASE_TOO_SHORT, STORE_UNAVAILABLE.
   */
  static async create(
    dir: string,
    passphrase: string,
    first: (store: IssuerStore) => readonly Operation[],
    kdfCost?: number,
    clock: () => number = machineClock,
  ): Promise<void> {
    const { envelope, box } = await createEnvelope(passphrase, kdfCost);
    await makeWholeFolder(dir, async (draft) => {
      await writeFileAtomic(join(draft, ENVELOPE_FILE), `${JSON.stringify(envelope, null, 2)}\n`, 0o600);
      const db = await RecoveringDatabase.open(join(draft, DATABASE_FOLDER), true);
      const trail = await AuditTrail.begin(box.auditKey, join(draft, WITNESS_FILE));
      const store = new IssuerStore({ dir: draft, db, box, trail }, clock);
      await closedAfter(store, async () => store.commit(first(store), new Map(), [{ kind: 'issuer-made' }]));
      await syncFiles(join(draft, DATABASE_FOLDER));
    });
  }

  /**
   * Makes a folder of records that another gave out, under the envelope that it had, and has it changed to go on from
   * there; it appears whole, with every byte on disk, or not at all.
   *
   * IssuerError STORE_EXISTS if something is there, AUDIT_BROKEN if its log is not whole, STORE_UNAVAILABLE.
   */
  static async restore(
    dir: string,
    { envelope, box }: { readonly envelope: string; readonly box: SealedBox },
    {
      records,
      mark,
    }: {
      /** The records, for a folder in which what belongs beside them is put. */
      readonly records: (draft: string) => AsyncIterable<readonly RawRecord[]>;
      readonly mark: (store: IssuerStore) => Promise<void>;
    },
    clock: () => number = machineClock,
  ): Promise<void> {
    await makeWholeFolder(dir, async (draft) => {
      await writeFileAtomic(join(draft, ENVELOPE_FILE), envelope, 0o600);
      const database = join(draft, DATABASE_FOLDER);
      const raw = await openDatabase(database, true);
      try {
        await loadRecords(raw, records(draft));
        const source = { ready: async () => raw };
        const place = await new AuditReader(source, box.auditKey).place();
        if (place === undefined) throw auditBroken('the head of the log is missing, or was changed');
        // What the witness of the lost folder has seen since nobody knows.
        await (await AuditWitness.begin(join(draft, WITNESS_FILE), box.auditKey, place)).close();
      } finally {
        await raw.close();
      }
      const db = await RecoveringDatabase.open(database, false);
      const store = await IssuerStore.#over(draft, { db, box }, clock);
      await closedAfter(store, async () => mark(store));
      await syncFiles(database);
    });
  }

  /**
   * Opens a folder for this process alone.
   *
   * IssuerError STORE_MISSING, STORE_LOCKED if another process holds it, WRONG_PASSPHRASE, STORE_DAMAGED, AUDIT_BROKEN,
   * STORE_UNAVAILABLE.
   */
  static async open(
    dir: string,
    passphrase: string,
    clock: () => number = machineClock,
  ): Promise<IssuerStore> {
    const envelope = await readEnvelopeFile(join(dir, ENVELOPE_FILE));
    const db = await RecoveringDatabase.open(join(dir, DATABASE_FOLDER), false);
    try {
      const box = await openEnvelope(envelope, passphrase);
      return await IssuerStore.#over(dir, { db, box }, clock);
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  /** The store of a database whose log is as it must be; closes the database otherwise. */
  static async #over(
    dir: string,
    { db, box }: { readonly db: RecoveringDatabase; readonly box: SealedBox },
    clock: () => number,
  ): Promise<IssuerStore> {
    try {
      const raw = rawStore(await db.ready());
      const trail = await reporting(() => openTrail(raw, box.auditKey, join(dir, WITNESS_FILE)));
      return new IssuerStore({ dir, db, box, trail }, clock);
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  table<T>(name: string): Table<T> {
    return new Table<T>(this.#db, name);
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
    if (this.#closing) return Promise.reject(new IssuerError('STORE_UNAVAILABLE', GIVEN_UP));
    return new Promise((done, failed) => {
      this.#waiting.push({ operations, closing, audit, done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    // One turn later, so that everything asked for in this turn shares the batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#broken !== undefined) throw this.#broken;
        await this.#db.ready();
        const closing = new Map(group.flatMap((waiting) => [...waiting.closing]));
        const last = [...closing.values()].map((make) => make());
        const operations = [...group.flatMap((waiting) => waiting.operations), ...last];
        const entries = group.flatMap((waiting) => waiting.audit);
        const audited = this.#trail.audit(operations, entries, Math.floor(this.#clock()));
        // The witness after the database: it must never have seen more than is there.
        await this.#db.write([...operations, ...audited.operations], {
          settle: () => this.#trail.settle(audited),
          undone: () => this.#trail.recover(),
        });
        for (const waiting of group) waiting.done();
      } catch (error) {
        for (const waiting of group) waiting.failed(error);
      }
    }
    // In the same turn in which nothing was left: whoever comes later starts anew.
    this.#flushing = undefined;
  }

  /** All records as they lie in the database, some at a time, as of the moment at which the first are asked for. */
  async *records(): AsyncGenerator<readonly RawRecord[]> {
    yield* rawRecords(await this.#db.ready());
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
      if (this.#broken === undefined) this.#whole = undefined;
      throw error;
    });
    await this.#whole;
  }

  async #examine(): Promise<void> {
    const [first] = (await reporting(() => this.audit.examine())).findings;
    if (first === undefined) return;
    this.#broken = auditBroken(findingInWords(first));
    throw this.#broken;
  }

  /** Has the database drop for good what was deleted. */
  async compact(): Promise<void> {
    // On disk it is a LevelDB; the declarations of `level` are those of a browser's database as well.
    const db = (await this.#db.ready()) as Database & {
      compactRange(from: string, to: string): Promise<void>;
    };
    await reporting(async () => db.compactRange('', '\uffff'));
  }

  /** Waits for what is being written and gives the folder up; whatever comes later is STORE_UNAVAILABLE. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#flushing;
    await this.#trail.close();
    await this.#db.close();
  }
}

async function closedAfter(store: IssuerStore, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } finally {
    await store.close();
  }
}

function machineClock(): number {
  return Date.now() / 1000;
}
