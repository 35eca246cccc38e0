import { reporting } from './store-fault.ts';
import type { Database } from './store-table.ts';

/** A record as it lies in the database, whatever table it is of. */
export interface RawRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Bytes of records that are read at a time. */
const AT_ONCE = 256 * 1024;

/**
 * All records of a database, in the order of their keys, as of one moment, some at a time: to wait for each of millions
 * takes longer than to read it. IssuerError STORE_DAMAGED, STORE_UNAVAILABLE.
 */
export async function* rawRecords(db: Database): AsyncGenerator<readonly RawRecord[]> {
  // An iterator of LevelDB reads one snapshot from its beginning to its end.
  const options = { keyEncoding: 'view', valueEncoding: 'view', highWaterMarkBytes: AT_ONCE } as const;
  const iterator = db.iterator<Uint8Array, Uint8Array>(options);
  try {
    for (;;) {
      const records = await reporting(() => iterator.nextv(MANY));
      if (records.length === 0) return;
      yield records.map(([key, value]) => ({ key, value }));
    }
  } finally {
    await iterator.close();
  }
}

/** What limits a read is its bytes. */
const MANY = 10_000;

/** Writes records in batches that are not synchronised one by one. IssuerError STORE_UNAVAILABLE. */
export async function loadRecords(db: Database, records: AsyncIterable<readonly RawRecord[]>): Promise<void> {
  for await (const some of records) {
    const batch = some.map(({ key, value }) => ({ type: 'put', key, value }) as const);
    await reporting(() =>
      db.batch<Uint8Array, Uint8Array>(batch, { keyEncoding: 'view', valueEncoding: 'view' }),
    );
  }
}
