import type { Level } from 'level';
import { IssuerError } from './issuer-error.ts';
import { faultOf, reporting } from './store-fault.ts';

/** One change of the store, part of an atomic batch. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

export type Database = Level<string, Uint8Array>;

/** Where tables read from. */
export interface Source {
  readonly ready: () => Promise<Database>;
}

/** How much is read ahead, in rows and in bytes. */
const PAGE_ROWS = 1000;
const PAGE_BYTES = 512 * 1024;

/** One kind of record, keyed by text, its values JSON or bytes. */
export class Table<T> {
  readonly #source: Source;
  readonly #prefix: string;

  constructor(source: Source, name: string) {
    this.#source = source;
    this.#prefix = `${name}!`;
  }

  async get(key: string): Promise<T | undefined> {
    // Since abstract-level 2 a missing key is undefined, which the declarations of level 10 do not say.
    const bytes = await reporting<Uint8Array | undefined>(async () =>
      (await this.#source.ready()).get(this.#prefix + key),
    );
    return bytes === undefined ? undefined : (decode(bytes) as T);
  }

  put(key: string, value: T): Operation {
    return { type: 'put', key: this.#prefix + key, value: encode(value) };
  }

  del(key: string): Operation {
    return { type: 'del', key: this.#prefix + key };
  }

  /** The last record whose key begins with `prefix` and is not after `upTo`. */
  async last(prefix: string, upTo: string): Promise<readonly [string, T] | undefined> {
    const range = { gte: this.#prefix + prefix, lte: this.#prefix + upTo, reverse: true, limit: 1 };
    const [found] = await reporting(async () => (await this.#source.ready()).iterator(range).all());
    return found === undefined ? undefined : [found[0].slice(this.#prefix.length), decode(found[1]) as T];
  }

  /** All records whose key begins with `prefix`, in the order of their keys. */
  async *entries(prefix = ''): AsyncGenerator<readonly [string, T]> {
    const from = this.#prefix + prefix;
    try {
      const db = await this.#source.ready();
      const iterator = db.iterator({ gte: from, lt: `${from}\uffff`, highWaterMarkBytes: PAGE_BYTES });
      try {
        for (;;) {
          // One by one, a million rows would be waited for a million times.
          const rows = await iterator.nextv(PAGE_ROWS);
          if (rows.length === 0) break;
          for (const [key, bytes] of rows) yield [key.slice(this.#prefix.length), decode(bytes) as T];
        }
      } finally {
        await iterator.close();
      }
    } catch (error) {
      throw faultOf(error);
    }
  }
}

function encode(value: unknown): Uint8Array {
  return value instanceof Uint8Array
    ? Buffer.concat([Buffer.of(0), value])
    : Buffer.from(JSON.stringify(value));
}

/** Bytes are marked by a leading zero, which no JSON text begins with. */
function decode(bytes: Uint8Array): unknown {
  if (bytes[0] === 0) return bytes.subarray(1);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new IssuerError('STORE_DAMAGED', 'A record of the issuer folder cannot be read.');
  }
}
