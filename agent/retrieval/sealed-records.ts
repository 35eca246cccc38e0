import type { Operation, Table } from '../issuer-store.ts';
import type { ServiceStore } from '../service/service-store.ts';
import type { SealedTable } from '../sealed-box.ts';

/** A table of JSON records of which nothing can be read without the issuer's data key. */
export class SealedRecords<T extends object> {
  readonly #store: ServiceStore;
  readonly #name: SealedTable;
  readonly #table: Table<Uint8Array>;
  /** What each record that was read looked like in the store. */
  readonly #read = new WeakMap<T, Uint8Array>();

  constructor(store: ServiceStore, name: SealedTable) {
    this.#store = store;
    this.#name = name;
    this.#table = store.table(name);
  }

  async get(key: string): Promise<T | undefined> {
    const sealed = await this.#table.get(key);
    return sealed === undefined ? undefined : this.#open(key, sealed);
  }

  /** Puts a record; `instead` of the very one that was read, if it is said: RECORD_CHANGED if that is another by now. */
  put(key: string, record: T, instead?: T): Operation {
    const sealed = this.#store.box.seal(this.#name, key, Buffer.from(JSON.stringify(record)));
    const read = instead === undefined ? undefined : this.#read.get(instead);
    return read === undefined ? this.#table.put(key, sealed) : this.#table.add(key, sealed, read);
  }

  del(key: string): Operation {
    return this.#table.del(key);
  }

  /** Those whose key begins with `prefix`, in the order of their keys. */
  async *entries(prefix = ''): AsyncGenerator<readonly [string, T]> {
    for await (const [key, sealed] of this.#table.entries(prefix)) yield [key, this.#open(key, sealed)];
  }

  #open(key: string, sealed: Uint8Array): T {
    const record = JSON.parse(this.#store.box.open(this.#name, key, sealed).toString('utf8')) as T;
    this.#read.set(record, sealed);
    return record;
  }
}
