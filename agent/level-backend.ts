import type { RawStore } from './raw-store.ts';
import type { Batch, StoreBackend } from './store-backend.ts';
import { reporting } from './store-fault.ts';
import { rawRecords, type RawRecord } from './store-records.ts';
import { RecoveringDatabase } from './store-recovery.ts';
import type { Database } from './store-table.ts';

/** How much is read ahead, in rows and in bytes. */
const PAGE_ROWS = 1000;
const PAGE_BYTES = 512 * 1024;

/** The records of a store in a LevelDB, which one process has open at a time. */
export class LevelBackend implements StoreBackend {
  readonly isShared = false;
  readonly #db: RecoveringDatabase;

  private constructor(db: RecoveringDatabase) {
    this.#db = db;
  }

  /** IssuerError STORE_LOCKED, STORE_EXISTS, STORE_DAMAGED, STORE_UNAVAILABLE. */
  static async open(path: string, create: boolean): Promise<LevelBackend> {
    return new LevelBackend(await RecoveringDatabase.open(path, create));
  }

  readonly ready = async (): Promise<RawStore> => levelStore(await this.#db.ready());

  readonly atOneMoment = async <T>(run: (raw: RawStore) => Promise<T>): Promise<T> =>
    atOneMoment(await this.#db.ready(), run);

  async *records(): AsyncGenerator<readonly RawRecord[]> {
    yield* rawRecords(await this.#db.ready());
  }

  async write(make: (raw: RawStore) => Promise<Batch | undefined>): Promise<void> {
    const batch = await make(await this.ready());
    if (batch !== undefined) await this.#db.write(batch.writes, batch);
  }

  async compact(): Promise<void> {
    // On disk it is a LevelDB; the declarations of `level` are those of a browser's database as well.
    const db = (await this.#db.ready()) as Database & {
      compactRange(from: string, to: string): Promise<void>;
    };
    await reporting(async () => db.compactRange('', '\uffff'));
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}

/** Runs over a LevelDB as it stands at one moment. */
export async function atOneMoment<T>(db: Database, run: (raw: RawStore) => Promise<T>): Promise<T> {
  const snapshot = db.snapshot();
  try {
    return await run(levelStore(db, { snapshot }));
  } finally {
    await snapshot.close();
  }
}

/** A LevelDB as it stands at the moment of each reading. */
export function levelStore(
  db: Database,
  at: { readonly snapshot?: ReturnType<Database['snapshot']> } = {},
): RawStore {
  return {
    // Since abstract-level 2 a missing key is undefined, which the declarations of level 10 do not say.
    get: async (key) => reporting<Uint8Array | undefined>(() => db.get(key, at)),
    getMany: async (keys) => reporting<readonly (Uint8Array | undefined)[]>(() => db.getMany([...keys], at)),
    async *pages(from, before) {
      const iterator = db.iterator({ gte: from, lt: before, highWaterMarkBytes: PAGE_BYTES, ...at });
      try {
        for (;;) {
          // One by one, a million rows would be waited for a million times.
          const rows = await reporting(() => iterator.nextv(PAGE_ROWS));
          if (rows.length === 0) return;
          yield rows;
        }
      } finally {
        await iterator.close();
      }
    },
    async last(from, upTo) {
      const range = { gte: from, lte: upTo, reverse: true, limit: 1, ...at };
      const [found] = await reporting(async () => db.iterator(range).all());
      return found;
    },
  };
}
