import type { Database } from '../store-table.ts';
import { reporting } from '../store-fault.ts';

type Row = readonly [key: string, value: Uint8Array];

/** The records of a store as bytes, under their whole keys. */
export interface RawStore {
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  readonly getMany: (keys: readonly string[]) => Promise<readonly (Uint8Array | undefined)[]>;
  /** In the order of keys, from one on and before another, in pages that fit into memory without a thought. */
  readonly pages: (from: string, before: string) => AsyncGenerator<readonly Row[]>;
}

/** How much is read ahead, in rows and in bytes. */
const PAGE_ROWS = 1000;
const PAGE_BYTES = 512 * 1024;

/** Runs over a store as it stands at one moment, whatever is written meanwhile. */
export async function atOneMoment<T>(db: Database, run: (raw: RawStore) => Promise<T>): Promise<T> {
  const snapshot = db.snapshot();
  try {
    return await run(rawStore(db, { snapshot }));
  } finally {
    await snapshot.close();
  }
}

/** A store as it stands at the moment of each reading. */
export function rawStore(
  db: Database,
  at: { readonly snapshot?: ReturnType<Database['snapshot']> } = {},
): RawStore {
  return {
    get: async (key) => reporting<Uint8Array | undefined>(() => db.get(key, at)),
    getMany: async (keys) => reporting<readonly (Uint8Array | undefined)[]>(() => db.getMany([...keys], at)),
    async *pages(from, before) {
      const iterator = db.iterator({ gte: from, lt: before, highWaterMarkBytes: PAGE_BYTES, ...at });
      try {
        for (;;) {
          const rows = await reporting(() => iterator.nextv(PAGE_ROWS));
          if (rows.length === 0) return;
          yield rows;
        }
      } finally {
        await iterator.close();
      }
    },
  };
}
