import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { IssuerStore } from '../../../agent/issuer-store.ts';
import { withoutPostgres } from '../../support/postgres.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';
import { newDatabase } from '../store/places.ts';

/** What stands between an agent and its database. */
interface Wire {
  readonly url: string;
  /** Cuts the connection over which the next COMMIT comes: once it is answered, or before it gets there. */
  readonly cutNext: (when: 'answered' | 'asked') => void;
}

async function startWire(t: TestContext, database: string): Promise<Wire> {
  const url = new URL(database);
  const socket = `${url.searchParams.get('host')}/.s.PGSQL.5432`;
  let next: 'answered' | 'asked' | undefined;
  const server = createServer((agent) => {
    const there = connect(socket);
    let [isWriting, isCut] = [false, false];
    const end = (): void => {
      agent.destroy();
      there.destroy();
    };
    for (const each of [agent, there]) each.on('error', end).on('close', end);
    agent.on('data', (bytes) => {
      // Those that only read commit as well.
      isWriting ||= bytes.includes('NOTIFY');
      if (next !== undefined && isWriting && bytes.includes('COMMIT')) {
        isCut = true;
        if (next === 'asked') end();
        next = undefined;
      }
      there.write(bytes);
    });
    there.on('data', (bytes) => void (isCut ? end() : agent.write(bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url.searchParams.delete('host');
  return { url: url.href, cutNext: (when) => (next = when) };
}

describe('a COMMIT whose answer is lost', { skip: withoutPostgres }, () => {
  async function opened(t: TestContext): Promise<{ store: IssuerStore; wire: Wire }> {
    const [dir, database] = [join(await temporaryFolder(t), 'issuer'), await newDatabase()];
    await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, { database });
    const wire = await startWire(t, database);
    const store = await IssuerStore.open(dir, PASSPHRASE, undefined, wire.url);
    t.after(() => store.close());
    return { store, wire };
  }

  test('is done if the database says so, and was told to whoever asked', async (t) => {
    const { store, wire } = await opened(t);
    const told: string[] = [];
    const change = {
      operations: [store.table('t').put('a', 1)],
      settled: () => void told.push('settled'),
      undone: () => void told.push('undone'),
    };
    wire.cutNext('answered');
    await store.decide(() => change);
    assert.deepEqual(told, ['settled']);
    await store.commit([store.table('t').put('b', 2)]);
    assert.deepEqual((await store.audit.examine()).findings, []);
    assert.equal((await store.audit.latestDeeds(9)).length, 1);
  });

  test('has not happened if it never got there, and succeeds when it is asked for again', async (t) => {
    const { store, wire } = await opened(t);
    wire.cutNext('asked');
    const table = store.table('t');
    await assert.rejects(store.commit([table.add('a', 1)]), { code: 'STORE_UNAVAILABLE' });
    assert.equal(await table.get('a'), undefined);
    await store.commit([table.add('a', 1)]);
    assert.deepEqual((await store.audit.examine()).findings, []);
  });
});
