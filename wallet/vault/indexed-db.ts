import { openDB } from 'idb';
import type { IDBPDatabase } from 'idb';
import { sameBytes } from './store.ts';
import type { Bytes, VaultStore } from './store.ts';
import { VaultError } from './vault-error.ts';

const OBJECT_STORE = 'vault';

/** The vault in this browser's IndexedDB, under that name of a database. */
export function indexedDbStore(name: string): VaultStore {
  const opened = async (): Promise<IDBPDatabase> =>
    openDB(name, 1, {
      upgrade: (database) => {
        database.createObjectStore(OBJECT_STORE);
      },
    });
  /** A connection for each use: one that is left open keeps other pages from erasing the database. */
  async function use<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<T> {
    let database: IDBPDatabase | undefined;
    try {
      database = await opened();
      return await work(database);
    } catch (error) {
      // The quota is used up, or a private window has no storage: nothing that the user's PIN could mend.
      if (error instanceof DOMException) throw new VaultError('STORE_UNAVAILABLE');
      throw error;
    } finally {
      database?.close();
    }
  }
  return {
    read: async () =>
      use(async (database) => {
        const { store } = database.transaction(OBJECT_STORE);
        const [names, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
        return new Map(names.map((key, at) => [key as string, values[at] as Bytes]));
      }),
    write: async (changes, expected) =>
      use(async (database) => {
        // strict: written to the disk before it is said to be (Indexed Database API 3.0, section 2.7.1).
        const transaction = database.transaction(OBJECT_STORE, 'readwrite', { durability: 'strict' });
        const { store } = transaction;
        for (const [key, bytes] of expected) {
          if (sameBytes((await store.get(key)) as Bytes | undefined, bytes)) continue;
          transaction.abort();
          await transaction.done.catch(() => undefined);
          return false;
        }
        const requests = [...changes].map(([key, bytes]) =>
          bytes === undefined ? store.delete(key) : store.put(bytes, key),
        );
        await Promise.all([...requests, transaction.done]);
        return true;
      }),
  };
}
