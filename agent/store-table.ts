import type { Level } from 'level';
import { IssuerError } from './issuer-error.ts';
import { reporting } from './store-fault.ts';

/** One change of the store, part of an atomic batch. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

export type Database = Level<string, Uint8Array>;

/** One kind of record, keyed by text, its values JSON or bytes. */
export class Table<T> {
  readonly #db: Database;
  readonly #prefix: string;

  constructor(db: Database, name: string) {
    this.#db = db;
    this.#prefix = `${name}!`;
  }

  async get(key: string): Promise<T | undefined> {
    // Since abstract-level 2 a missing key is undefined, which the declarations of level 10 do not say.
    const bytes = await reporting<Uint8Array | undefined>(() => this.#db.get(this.#prefix + key));
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
    const [found] = await reporting(() => this.#db.iterator(range).all());
    return found === undefined ? undefined : [found[0].slice(this.#prefix.length), decode(found[1]) as T];
  }

  /** All records whose key begins with `prefix`, in the order of their keys. */
  async *entries(prefix = ''): AsyncGenerator<readonly [string, T]> {
    const from = this.#prefix + prefix;
    for await (const [key, bytes] of this.#db.iterator({ gte: from, lt: `${from}\uffff` })) {
      yield [key.slice(this.#prefix.length), decode(bytes) as T];
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
