import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { storeTerms } from './store/places.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';

export interface StoreFixture {
  readonly store: IssuerStore;
  /** Everything that a table of the store holds, as text. */
  readonly records: (table?: string) => Promise<string>;
}

/** A store with nothing in it that goes away with the test. */
export async function openStore(t: TestContext): Promise<StoreFixture> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  return {
    store,
    async records(table = 'clients') {
      const all = [];
      for await (const record of store.table(table).entries()) all.push(record);
      return JSON.stringify(all);
    },
  };
}
