import type { RawStore, Row } from '../raw-store.ts';
import type { RawRecord } from '../store-records.ts';
import type { Write } from '../store-table.ts';
import type { Ask } from './connections.ts';

/** Some records are some dozen bytes and others hundreds of thousands: a page has as many as its bytes allow. */
const FIRST_ROWS = 64;
const MOST_ROWS = 2000;
const PAGE_BYTES = 512 * 1024;
/** How many bytes are sent at once. */
const SENT_BYTES = 4 * 1024 * 1024;

interface Stored {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Records in a PostgreSQL, as that connection sees them. IssuerError as `Connections.use`. */
export function postgresRecords(ask: Ask): RawStore {
  return {
    async get(key) {
      const { rows } = await ask<Stored>('SELECT value FROM pratique.records WHERE key = $1', [bytes(key)]);
      return rows[0]?.value;
    },
    async getMany(keys) {
      if (keys.length === 0) return [];
      const { rows } = await ask<Stored>(
        'SELECT key, value FROM pratique.records WHERE key = ANY($1::bytea[])',
        [keys.map(bytes)],
      );
      const found = new Map(rows.map(({ key, value }) => [key.toString('utf8'), value]));
      return keys.map((key) => found.get(key));
    },
    async *pages(from, before) {
      for await (const rows of rangePages(ask, bytes(from), bytes(before)))
        yield rows.map(({ key, value }): Row => [key.toString('utf8'), value]);
    },
    async last(from, upTo) {
      const { rows } = await ask<Stored>(
        'SELECT key, value FROM pratique.records WHERE key >= $1 AND key <= $2 ORDER BY key DESC LIMIT 1',
        [bytes(from), bytes(upTo)],
      );
      const [found] = rows;
      return found === undefined ? undefined : [found.key.toString('utf8'), found.value];
    },
  };
}

/** All records, in the order of their keys, some at a time. */
export async function* allRecords(ask: Ask): AsyncGenerator<readonly RawRecord[]> {
  yield* rangePages(ask, Buffer.alloc(0), undefined);
}

async function* rangePages(
  ask: Ask,
  from: Buffer,
  before: Buffer | undefined,
): AsyncGenerator<readonly Stored[]> {
  let [after, limit] = [from, FIRST_ROWS];
  for (let isFirst = true; ; isFirst = false) {
    const { rows } = await ask<Stored>(
      `SELECT key, value FROM pratique.records
       WHERE key ${isFirst ? '>=' : '>'} $1 AND ($2::bytea IS NULL OR key < $2) ORDER BY key LIMIT $3`,
      [after, before, limit],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < limit) return;
    after = last.key;
    const size = rows.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
    limit = Math.max(1, Math.min(MOST_ROWS, 4 * limit, Math.floor((PAGE_BYTES * rows.length) / size)));
  }
}

/** Writes a batch over a connection that has begun a transaction; of several on one record, the last counts. */
export async function writeRecords(ask: Ask, writes: readonly Write[]): Promise<void> {
  const last = new Map(writes.map((write) => [write.key, write]));
  const gone = [...last.values()].flatMap(({ type, key }) => (type === 'del' ? [bytes(key)] : []));
  if (gone.length > 0) await ask('DELETE FROM pratique.records WHERE key = ANY($1::bytea[])', [gone]);
  const puts = [...last.values()].flatMap((write) =>
    write.type === 'put' ? [{ key: bytes(write.key), value: write.value }] : [],
  );
  for (const some of portions(puts)) {
    await ask(
      `INSERT INTO pratique.records SELECT * FROM unnest($1::bytea[], $2::bytea[])
       ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      [some.map(({ key }) => key), some.map(({ value }) => Buffer.from(value))],
    );
  }
}

/** Fills an empty table, over a connection that has begun a transaction. */
export async function fillRecords(ask: Ask, records: AsyncIterable<readonly RawRecord[]>): Promise<void> {
  for await (const page of records) {
    for (const some of portions(page)) {
      await ask('INSERT INTO pratique.records SELECT * FROM unnest($1::bytea[], $2::bytea[])', [
        some.map(({ key }) => Buffer.from(key)),
        some.map(({ value }) => Buffer.from(value)),
      ]);
    }
  }
}

function* portions<T extends { readonly value: Uint8Array }>(all: readonly T[]): Generator<readonly T[]> {
  let [some, size] = [[] as T[], 0];
  for (const each of all) {
    some.push(each);
    size += each.value.length;
    if (size < SENT_BYTES && some.length < MOST_ROWS) continue;
    yield some;
    [some, size] = [[], 0];
  }
  if (some.length > 0) yield some;
}

function bytes(key: string): Buffer {
  return Buffer.from(key, 'utf8');
}
