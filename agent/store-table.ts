import type { Level } from 'level';
import { IssuerError } from './issuer-error.ts';
import type { RawStore } from './raw-store.ts';

/** One change of the store, as it is written. */
export type Write =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** One change of the store, part of an atomic batch. */
export type Operation =
  | Write
  /**
   * Has the whole call refused as RECORD_CHANGED unless no record is there yet, or the very one that it is to come
   * `instead` of.
   */
  | {
      readonly type: 'add';
      readonly key: string;
      readonly value: Uint8Array;
      readonly instead?: Uint8Array;
    }
  /** Made at the moment of writing, when what others have written is known. */
  | {
      readonly type: 'made';
      readonly make: () => Write;
      /** Called if the call is refused, or fails. */
      readonly dropped?: () => void;
    };

export type Database = Level<string, Uint8Array>;

/** Where tables read from. */
export interface Source {
  readonly ready: () => Promise<RawStore>;
}

/** One kind of record, keyed by text, its values JSON or bytes. */
export class Table<T> {
  readonly #source: Source;
  readonly #prefix: string;

  constructor(source: Source, name: string) {
    this.#source = source;
    this.#prefix = `${name}!`;
  }

  async get(key: string): Promise<T | undefined> {
    const bytes = await (await this.#source.ready()).get(this.#prefix + key);
    return bytes === undefined ? undefined : (decode(bytes) as T);
  }

  put(key: string, value: T): Write {
    return { type: 'put', key: this.#prefix + key, value: encode(value) };
  }

  /** Puts a record where none is, or in the place of the one that was read there: RECORD_CHANGED otherwise. */
  add(key: string, value: T, instead?: T): Operation {
    const add = { type: 'add', key: this.#prefix + key, value: encode(value) } as const;
    return instead === undefined ? add : { ...add, instead: encode(instead) };
  }

  /** As `put`, of a record that is made at the moment of writing; `dropped` is called if that does not come to be. */
  made(key: string, make: () => T, dropped?: () => void): Operation {
    return { type: 'made', make: () => this.put(key, make()), ...(dropped === undefined ? {} : { dropped }) };
  }

  del(key: string): Write {
    return { type: 'del', key: this.#prefix + key };
  }

  /** The last record whose key begins with `prefix` and is not after `upTo`. */
  async last(prefix: string, upTo: string): Promise<readonly [string, T] | undefined> {
    const raw = await this.#source.ready();
    const found = await raw.last(this.#prefix + prefix, this.#prefix + upTo);
    return found === undefined ? undefined : [found[0].slice(this.#prefix.length), decode(found[1]) as T];
  }

  /** All records whose key begins with `prefix`, in the order of their keys. */
  async *entries(prefix = ''): AsyncGenerator<readonly [string, T]> {
    const from = this.#prefix + prefix;
    const raw = await this.#source.ready();
    for await (const rows of raw.pages(from, `${from}\uffff`)) {
      for (const [key, bytes] of rows) yield [key.slice(this.#prefix.length), decode(bytes) as T];
    }
  }
}

function encode(value: unknown): Uint8Array {
  return value instanceof Uint8Array
    ? Buffer.concat([Buffer.of(0), value])
    : Buffer.from(JSON.stringify(value));
}

/** The value of a record, as its table keeps it. Bytes are marked by a leading zero, which no JSON text begins with. */
export function decode(bytes: Uint8Array): unknown {
  if (bytes[0] === 0) return bytes.subarray(1);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new IssuerError('STORE_DAMAGED', 'A record of the issuer folder cannot be read.');
  }
}
