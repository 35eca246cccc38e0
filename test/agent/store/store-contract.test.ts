import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import pg from 'pg';
import { openAuditFolder } from '../../../agent/audit/audit-folder.ts';
import { AuditWitness } from '../../../agent/audit/audit-witness.ts';
import { IssuerStore, type Operation } from '../../../agent/issuer-store.ts';
import { restoreStore } from '../../../agent/store-making.ts';
import { openDatabase } from '../../../agent/store-recovery.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';
import { PLACES } from './places.ts';

interface Made {
  readonly dir: string;
  readonly database: string | undefined;
  readonly open: () => Promise<IssuerStore>;
  /** Puts bytes under a key behind the store's back, or takes them away; the store must be closed. */
  readonly tamper: (key: string, value: Uint8Array | undefined) => Promise<void>;
}

for (const { name, skip, terms } of PLACES) {
  describe(`a store in ${name}`, { skip }, () => {
    async function make(t: TestContext, first?: (store: IssuerStore) => readonly Operation[]): Promise<Made> {
      const dir = join(await temporaryFolder(t), 'issuer');
      const { database } = await terms();
      await IssuerStore.create(dir, PASSPHRASE, first ?? (() => []), KDF_COST, { database });
      const tamper = async (key: string, value: Uint8Array | undefined): Promise<void> =>
        database === undefined ? tamperFolder(dir, key, value) : tamperDatabase(database, key, value);
      return { dir, database, open: async () => IssuerStore.open(dir, PASSPHRASE), tamper };
    }

    async function opened(t: TestContext): Promise<Made & { store: IssuerStore }> {
      const made = await make(t);
      const store = await made.open();
      t.after(() => store.close());
      return { ...made, store };
    }

    test('a new store holds its first records, also when it is opened again', async (t) => {
      const { open } = await make(t, (store) => [store.table('t').put('first', 'record')]);
      for (let time = 0; time < 2; time++) {
        const store = await open();
        assert.equal(await store.table('t').get('first'), 'record');
        await store.close();
      }
    });

    test('records are found by table and in the order of the bytes of their keys', async (t) => {
      const { store } = await opened(t);
      const [a, b] = [store.table<number>('a'), store.table<Uint8Array>('a2')];
      const keys = ['2', '10', '1', 'Z', 'a', 'é', '€', 'a!b', 'a b'];
      await store.commit([...keys.map((key, at) => a.put(key, at)), b.put('bytes', Buffer.of(0, 255))]);
      const inOrder = keys.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      assert.deepEqual(
        (await all(a.entries())).map(([key]) => key),
        inOrder,
      );
      assert.deepEqual(
        (await all(a.entries('1'))).map(([key]) => key),
        ['1', '10'],
      );
      assert.deepEqual(Buffer.from((await b.get('bytes')) ?? []), Buffer.of(0, 255));
      await store.commit([a.del('1')]);
      assert.equal(await a.get('1'), undefined);
    });

    test('the last record up to one is found, and none of another prefix or table', async (t) => {
      const { store } = await opened(t);
      const table = store.table<number>('t');
      await store.commit([table.put('k.001', 1), table.put('k.005', 5), table.put('l.002', 2)]);
      assert.deepEqual(await table.last('k.', 'k.004'), ['k.001', 1]);
      assert.deepEqual(await table.last('k.', 'k.005'), ['k.005', 5]);
      assert.equal(await table.last('k.', 'k.000'), undefined);
      assert.equal(await store.table('s').last('', '\uffff'), undefined);
    });

    test('thousands of records, small and large, come page by page, each once and in order', async (t) => {
      const { store } = await opened(t);
      const table = store.table<string>('many');
      const keyOf = (at: number): string => String(at).padStart(6, '0');
      const valueOf = (at: number): string => (at % 50 === 0 ? 'x'.repeat(40_000) : String(at));
      const count = 5000;
      await store.commit(Array.from({ length: count }, (_, at) => table.put(keyOf(at), valueOf(at))));
      let at = 0;
      for await (const [key, value] of table.entries()) {
        assert.equal(key, keyOf(at));
        assert.equal(value, valueOf(at));
        at++;
      }
      assert.equal(at, count);
    });

    test('a batch is there as a whole or not at all', async (t) => {
      const { store } = await opened(t);
      const table = store.table<number>('t');
      const failing = new Map([
        [
          'fails',
          () => {
            throw new RangeError('no record can be made');
          },
        ],
      ]);
      await assert.rejects(store.commit([table.put('a', 1), table.put('b', 1)], failing), RangeError);
      assert.deepEqual([await table.get('a'), await table.get('b')], [undefined, undefined]);
      await store.commit([table.put('a', 1), table.del('b'), table.put('a', 2)]);
      assert.equal(await table.get('a'), 2);
    });

    test('a closing operation says the state at the moment of writing, once for all who share the batch', async (t) => {
      const { store } = await opened(t);
      const table = store.table<number>('t');
      let [counter, made] = [0, 0];
      const closing = new Map([['counter', () => (made++, table.put('counter', counter))]]);
      await Promise.all(
        Array.from({ length: 20 }, (_, at) => {
          counter++;
          return store.commit([table.put(`record ${at}`, at)], closing);
        }),
      );
      assert.equal(await table.get('counter'), 20);
      assert.ok(made <= 2, `the counter was written ${made} times`);
    });

    test('a record is added where none is, and nothing of the call is written where one is', async (t) => {
      const { store } = await opened(t);
      const table = store.table<number>('t');
      await store.commit([table.add('once', 1)]);
      const again = store.commit([table.put('beside', 1), table.add('once', 2)]);
      await assert.rejects(again, { code: 'RECORD_CHANGED' });
      assert.deepEqual([await table.get('once'), await table.get('beside')], [1, undefined]);
      await store.commit([table.del('once')]);
      await store.commit([table.add('once', 3)]);
      assert.equal(await table.get('once'), 3);
    });

    test('of calls that add the same record at once, one is done and the others of the batch are too', async (t) => {
      const { store } = await opened(t);
      const table = store.table<number>('t');
      const calls = Array.from({ length: 10 }, (_, at) =>
        store.commit([table.put(`by ${at}`, at), table.add('once', at)]),
      );
      const [other, ...results] = await Promise.allSettled([store.commit([table.put('other', 1)]), ...calls]);
      assert.equal(other.status, 'fulfilled');
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      const winner = await table.get('once');
      assert.deepEqual(await all(table.entries('by')), [[`by ${winner}`, winner]]);
    });

    test('a record comes instead of the one that was read, and of no other', async (t) => {
      const { store } = await opened(t);
      const table = store.table<{ n: number }>('t');
      await store.commit([table.put('r', { n: 1 })]);
      await store.commit([table.add('r', { n: 2 }, { n: 1 })]);
      await assert.rejects(store.commit([table.add('r', { n: 3 }, { n: 1 })]), { code: 'RECORD_CHANGED' });
      await assert.rejects(store.commit([table.add('gone', { n: 3 }, { n: 1 })]), { code: 'RECORD_CHANGED' });
      assert.deepEqual(await table.get('r'), { n: 2 });
    });

    test('what is decided at the moment of writing is told whether it came to be', async (t) => {
      const { store } = await opened(t);
      const table = store.table<number>('t');
      const told: string[] = [];
      const change = (key: string, then?: () => void) => () => {
        then?.();
        return {
          operations: [table.put(key, 1)],
          settled: () => void told.push(`${key} settled`),
          undone: () => void told.push(`${key} undone`),
        };
      };
      await store.decide(change('a'));
      const refused = store.decide(
        change('b', () => {
          throw new RangeError('not this one');
        }),
      );
      await Promise.all([assert.rejects(refused, RangeError), store.decide(change('c'))]);
      await assert.rejects(
        store.decide(() => ({
          ...change('d')(),
          closing: new Map([
            [
              'fails',
              () => {
                throw new RangeError('no record can be made');
              },
            ],
          ]),
        })),
        RangeError,
      );
      assert.deepEqual(told, ['a settled', 'c settled', 'd undone']);
      assert.deepEqual(
        (await all(table.entries())).map(([key]) => key),
        ['a', 'c'],
      );
    });

    test('a call that has nothing to write leaves no record of the log', async (t) => {
      const { store } = await opened(t);
      const before = await store.audit.place();
      await store.decide(() => ({}));
      assert.deepEqual(await store.audit.place(), before);
    });

    test('every batch is a record of the log, and the whole store is what the log says', async (t) => {
      const { store, dir } = await opened(t);
      const before = (await store.audit.place())?.n ?? 0;
      await store.commit([store.table('t').put('a', 1)], new Map(), [{ kind: 'registry-learned' }]);
      const [record] = await store.audit.latestDeeds(1);
      assert.deepEqual(
        [record?.n, record?.entries, record?.writes.map(([key]) => key)],
        [before + 1, [{ kind: 'registry-learned' }], ['t!a']],
      );
      await store.close();
      const folder = await openAuditFolder(dir, PASSPHRASE);
      const { findings, place } = await folder.examine();
      await folder.close();
      assert.deepEqual([findings, place.n], [[], before + 1]);
    });

    test('a log of several segments is whole, and goes on when the store is opened again', async (t) => {
      const { store, open } = await opened(t);
      const table = store.table('cards');
      const writes = Array.from({ length: 17_000 }, (_, at) => table.put(String(at), {}));
      await store.commit(writes);
      await store.commit([store.table('t').put('a', 1)]);
      await store.assertWhole();
      await store.close();
      const again = await open();
      t.after(() => again.close());
      await again.assertWhole();
      await again.commit([again.table('t').put('a', 2)]);
      assert.equal((await again.audit.examine()).findings.length, 0);
      assert.ok((await again.audit.examine()).seals > 0);
    });

    test('a record that was changed, or taken away, behind the back of the store is found', async (t) => {
      for (const value of [Buffer.from('2'), undefined]) {
        const { store, open, tamper } = await opened(t);
        await store.commit([store.table('t').put('a', 1)]);
        await store.close();
        await tamper('t!a', value);
        await assert.rejects(open(), { code: 'AUDIT_BROKEN' });
      }
    });

    test('a record that nobody wrote is found by whoever looks at the whole store', async (t) => {
      const { store, dir, tamper } = await opened(t);
      await store.close();
      await tamper('t!a', Buffer.from('1'));
      const folder = await openAuditFolder(dir, PASSPHRASE);
      const { findings } = await folder.examine();
      await folder.close();
      assert.deepEqual(findings, [{ code: 'EFFECT_SURPLUS', key: 't!a' }]);
    });

    test('a store that was set back to an older state is found by its witness', async (t) => {
      const { store, open, dir } = await opened(t);
      const place = await store.audit.place();
      await store.close();
      // As a database of yesterday looks to the witness of today.
      const witness = join(dir, 'audit-witness');
      const seen = { n: (place?.n ?? 0) + 1, hash: place?.hash ?? '' };
      await (await AuditWitness.begin(witness, store.box.auditKey, seen)).close();
      await assert.rejects(open(), { code: 'AUDIT_BROKEN' });
    });

    test('a folder that is held is locked, and free once it is given up', async (t) => {
      const { store, open } = await opened(t);
      await assert.rejects(open(), { code: 'STORE_LOCKED' });
      await store.close();
      await (await open()).close();
    });

    test('a wrong passphrase leaves the folder free for the right one', async (t) => {
      const { dir, open } = await make(t);
      await assert.rejects(IssuerStore.open(dir, 'not the passphrase'), { code: 'WRONG_PASSPHRASE' });
      await (await open()).close();
    });

    test('a folder or a database that holds an issuer is not taken over', async (t) => {
      const { dir, database, open } = await make(t, (store) => [store.table('t').put('first', 1)]);
      const other = join(dir, '..', 'other');
      const place = database === undefined ? dir : other;
      const again = IssuerStore.create(place, PASSPHRASE, () => [], KDF_COST, { database });
      await assert.rejects(again, { code: 'STORE_EXISTS' });
      const store = await open();
      assert.equal(await store.table('t').get('first'), 1);
      await store.close();
    });

    test('whatever comes after the store was given up is refused', async (t) => {
      const { store } = await opened(t);
      const table = store.table<number>('t');
      const written = store.commit([table.put('a', 1)]);
      await store.close();
      await written;
      await assert.rejects(store.commit([table.put('late', 3)]), { code: 'STORE_UNAVAILABLE' });
      await assert.rejects(table.get('a'), { code: 'STORE_UNAVAILABLE' });
    });

    test('all records come out as of one moment, and make the same store in any place', async (t) => {
      const { store, dir } = await opened(t);
      const table = store.table<number>('t');
      await store.commit(Array.from({ length: 300 }, (_, at) => table.put(String(at).padStart(4, '0'), at)));
      const envelope = await readFile(join(dir, 'envelope.json'), 'utf8');
      const given = store.records();
      const first = await given.next();
      await store.commit([table.put('0299', -1)]);
      for (const other of PLACES.filter((place) => place.skip === false)) {
        const copy = join(dir, '..', `copy in ${other.name}`);
        const records = other.name === name ? rest(first, given) : store.records();
        await restoreStore(
          copy,
          {
            envelope,
            box: store.box,
            records: () => records,
            mark: async (made) => made.commit([], new Map(), [{ kind: 'store-restored' }]),
          },
          await other.terms(),
        );
        const copied = await IssuerStore.open(copy, PASSPHRASE);
        assert.equal(await copied.table('t').get('0299'), other.name === name ? 299 : -1);
        assert.deepEqual((await copied.audit.examine()).findings, []);
        await copied.close();
      }
    });
  });
}

async function* rest<T>(first: IteratorResult<T, unknown>, given: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done !== true) yield first.value;
  yield* given;
}

async function all<T>(records: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const record of records) found.push(record);
  return found;
}

async function tamperFolder(dir: string, key: string, value: Uint8Array | undefined): Promise<void> {
  const db = await openDatabase(join(dir, 'store'), false);
  if (value === undefined) await db.del(key);
  else await db.put(key, value);
  await db.close();
}

async function tamperDatabase(url: string, key: string, value: Uint8Array | undefined): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('DELETE FROM pratique.records WHERE key = $1', [Buffer.from(key)]);
  if (value !== undefined) {
    await client.query('INSERT INTO pratique.records VALUES ($1, $2)', [
      Buffer.from(key),
      Buffer.from(value),
    ]);
  }
  await client.end();
}
