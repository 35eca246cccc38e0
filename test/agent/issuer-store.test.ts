import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { IssuerStore } from '../../agent/issuer-store.ts';
import { run } from '../support/cli.ts';
import { KDF_COST, makeIssuer, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { lossesIn, startLoad } from './issuer-load.ts';

async function makeStore(t: TestContext): Promise<string> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(
    dir,
    PASSPHRASE,
    (store) => [store.table<string>('t').put('first', 'record')],
    KDF_COST,
  );
  return dir;
}

async function collect<T>(records: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const record of records) all.push(record);
  return all;
}

test('a new folder holds its first records, and nothing is left beside it', async (t) => {
  const dir = await makeStore(t);
  assert.deepEqual(await readdir(join(dir, '..')), ['issuer']);
  assert.deepEqual((await readdir(dir)).toSorted(), ['audit-witness', 'envelope.json', 'store']);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  assert.equal(await store.table<string>('t').get('first'), 'record');
  await store.close();
});

test(
  'only its owner can read the folder and its envelope',
  { skip: process.platform === 'win32' },
  async (t) => {
    const dir = await makeStore(t);
    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    assert.equal((await stat(join(dir, 'envelope.json'))).mode & 0o777, 0o600);
  },
);

test('a folder with something in it is not taken over', async (t) => {
  const dir = await makeStore(t);
  const before = await readFile(join(dir, 'envelope.json'));
  await assert.rejects(
    IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST),
    { code: 'STORE_EXISTS' },
  );
  assert.deepEqual(await readFile(join(dir, 'envelope.json')), before);
});

test('an empty folder made beforehand is taken', async (t) => {
  const dir = join(await temporaryFolder(t), 'empty');
  await mkdir(dir);
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST);
  await (await IssuerStore.open(dir, PASSPHRASE)).close();
});

test('a folder without an issuer is said to be one', async (t) => {
  const dir = await temporaryFolder(t);
  await assert.rejects(IssuerStore.open(dir, PASSPHRASE), { code: 'STORE_MISSING' });
  await assert.rejects(IssuerStore.open(join(dir, 'nowhere'), PASSPHRASE), { code: 'STORE_MISSING' });
});

test('a wrong passphrase leaves the folder free for the right one', async (t) => {
  const dir = await makeStore(t);
  await assert.rejects(IssuerStore.open(dir, 'not the passphrase'), { code: 'WRONG_PASSPHRASE' });
  await (await IssuerStore.open(dir, PASSPHRASE)).close();
});

test('an envelope that is no JSON is damaged', async (t) => {
  const dir = await makeStore(t);
  await writeFile(join(dir, 'envelope.json'), '{');
  await assert.rejects(IssuerStore.open(dir, PASSPHRASE), { code: 'STORE_DAMAGED' });
});

test('a folder opened twice in one process is locked', async (t) => {
  const dir = await makeStore(t);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  await assert.rejects(IssuerStore.open(dir, PASSPHRASE), { code: 'STORE_LOCKED' });
  await store.close();
});

test('a folder held by another process is locked, and free once that has died', async (t) => {
  const dir = await makeStore(t);
  const holder = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { IssuerStore } = await import(${JSON.stringify(new URL('../../agent/issuer-store.ts', import.meta.url).href)});
     await IssuerStore.open(${JSON.stringify(dir)}, ${JSON.stringify(PASSPHRASE)});
     process.stdout.write('held');
     setInterval(() => {}, 1000);`,
  ]);
  await once(holder.stdout, 'data');
  await assert.rejects(IssuerStore.open(dir, PASSPHRASE), { code: 'STORE_LOCKED' });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (await IssuerStore.open(dir, PASSPHRASE)).close();
});

test('records are found by table and in the order of their keys', async (t) => {
  const store = await IssuerStore.open(await makeStore(t), PASSPHRASE);
  const [a, b] = [store.table<number>('a'), store.table<Uint8Array>('a2')];
  await store.commit([a.put('2', 2), a.put('10', 10), a.put('1', 1), b.put('bytes', Buffer.of(0, 255))]);
  assert.deepEqual(await collect(a.entries()), [
    ['1', 1],
    ['10', 10],
    ['2', 2],
  ]);
  assert.deepEqual(await collect(a.entries('1')), [
    ['1', 1],
    ['10', 10],
  ]);
  assert.deepEqual(Buffer.from((await b.get('bytes')) ?? []), Buffer.of(0, 255));
  await store.commit([a.del('1')]);
  assert.equal(await a.get('1'), undefined);
  await store.close();
});

test('a closing operation says the state at the moment of writing, once for all who share the batch', async (t) => {
  const store = await IssuerStore.open(await makeStore(t), PASSPHRASE);
  const table = store.table<number>('t');
  let counter = 0;
  let made = 0;
  const closing = new Map([['counter', () => (made++, table.put('counter', counter))]]);
  const commits = Array.from({ length: 20 }, (_, at) => {
    counter++;
    return store.commit([table.put(`record ${at}`, at)], closing);
  });
  await Promise.all(commits);
  assert.equal(await table.get('counter'), 20);
  assert.ok(made <= 2, `the counter was written ${made} times`);
  await store.close();
});

test('writes that follow each other at once all reach the disk', async (t) => {
  const store = await IssuerStore.open(await makeStore(t), PASSPHRASE);
  const table = store.table<number>('t');
  for (let at = 0; at < 50; at++) await store.commit([table.put(String(at), at)]);
  assert.equal((await collect(table.entries())).length, 51);
  await store.close();
});

test('a write that fails is refused, and so is nothing else', async (t) => {
  const store = await IssuerStore.open(await makeStore(t), PASSPHRASE);
  const table = store.table<number>('t');
  const failing = new Map([
    [
      'fails',
      () => {
        throw new RangeError('no record can be made');
      },
    ],
  ]);
  await assert.rejects(store.commit([table.put('lost', 1)], failing), RangeError);
  await store.commit([table.put('kept', 2)]);
  assert.deepEqual([await table.get('lost'), await table.get('kept')], [undefined, 2]);
  await store.close();
  await assert.rejects(store.commit([table.put('late', 3)]), { code: 'STORE_UNAVAILABLE' });
});

test('a second process is told at once that the folder is taken, and the first goes on', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.close();
  const { child, said, until, ended } = startLoad(dir);
  t.after(() => child.kill('SIGKILL'));
  await until('cards', ({ issued }) => issued.length >= 10);
  const begun = performance.now();
  await assert.rejects(IssuerStore.open(dir, PASSPHRASE), { code: 'STORE_LOCKED' });
  assert.ok(performance.now() - begun < 1000);
  const passphraseFile = join(dir, '..', 'passphrase');
  await writeFile(passphraseFile, PASSPHRASE, { mode: 0o600 });
  const command = ['issuer', 'show', `--dir=${dir}`, `--passphrase-file=${passphraseFile}`, '--json'];
  const { status, stderr } = await run('pratique', command);
  assert.equal(status, 69);
  assert.match(stderr, /"STORE_LOCKED"/);
  const before = said.issued.length;
  await until('cards after it', ({ issued }) => issued.length >= before + 10);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, { closed: true, code: 0 });
  assert.deepEqual(said.failed, []);
  assert.deepEqual(await lossesIn(dir, said), { lost: 0, twice: 0 });
});
