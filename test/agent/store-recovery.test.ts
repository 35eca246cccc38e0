import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, truncate, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { RecoveringDatabase } from '../../agent/store-recovery.ts';
import type { Write } from '../../agent/store-table.ts';
import { StatusLedger } from '../../agent/status-ledger.ts';
import { attachStrace, NO_STRACE } from '../support/strace.ts';
import { KDF_COST, makeIssuer, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { lossesIn, startLoad, type Load } from './issuer-load.ts';

const ENOUGH = 20;

async function loadedIssuer(t: TestContext): Promise<{ readonly dir: string; readonly load: Load }> {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.close();
  const load = startLoad(dir);
  t.after(() => load.child.kill('SIGKILL'));
  await load.until('cards before the fault', ({ issued }) => issued.length >= ENOUGH);
  return { dir, load };
}

const NUMBERS = Array.from({ length: 300 }, (_, at) => String(at).padStart(6, '0'));
const LOGS = NUMBERS.map((number) => `${number}.log`);
const OTHERS = NUMBERS.flatMap((number) => [`${number}.ldb`, `MANIFEST-${number}`]);

/** Files that LevelDB writes: no other system call of the process may fail. */
function only(dir: string, names: readonly string[]): string[] {
  return names.flatMap((name) => ['-P', join(dir, 'store', name)]);
}

/** Asserts that a process goes on by itself, with no call refused once the first has succeeded, and has lost nothing. */
async function assertGoesOn(dir: string, { child, said, until, ended }: Load): Promise<void> {
  const { issued, failed } = said;
  assert.deepEqual([...new Set(failed)], ['STORE_UNAVAILABLE']);
  const before = issued.length;
  await until('the first card after the fault', () => issued.length > before);
  const refused = failed.length;
  const revoked = said.revoked.length;
  await until(
    'cards after the fault',
    () => issued.length > before + ENOUGH && said.revoked.length > revoked + 5,
  );
  assert.equal(failed.length, refused, 'a call was refused after the disk was back');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, { closed: true, code: 0 });
  assert.deepEqual(await lossesIn(dir, said), { lost: 0, twice: 0 });
}

const FAULTS = [
  ['fdatasync fails with EIO', () => ['-e', 'inject=fdatasync:error=EIO']],
  ['every third fdatasync fails with EIO', () => ['-e', 'inject=fdatasync:error=EIO:when=3+3']],
  ['fdatasync fails with ENOSPC', () => ['-e', 'inject=fdatasync:error=ENOSPC']],
  [
    'no byte can be written: ENOSPC',
    (dir: string) => ['-e', 'inject=write:error=ENOSPC', ...only(dir, [...LOGS, ...OTHERS])],
  ],
  [
    'some writes fail: EIO',
    (dir: string) => ['-e', 'inject=write:error=EIO:when=4+5', ...only(dir, [...LOGS, ...OTHERS])],
  ],
  [
    'the log can be neither written nor read: EIO',
    (dir: string) => ['-e', 'inject=write,read,pread64:error=EIO', ...only(dir, LOGS)],
  ],
] as const;

for (const [fault, inject] of FAULTS) {
  test(
    `${fault}: each call says so, and once the disk is back all succeed`,
    { skip: NO_STRACE },
    async (t) => {
      const { dir, load } = await loadedIssuer(t);
      const detach = await attachStrace(load.child.pid ?? 0, inject(dir));
      await load.until('refusals', ({ failed }) => failed.length >= 6);
      await detach();
      await assertGoesOn(dir, load);
    },
  );
}

test('a slow disk delays, and refuses nothing', { skip: NO_STRACE }, async (t) => {
  const { dir, load } = await loadedIssuer(t);
  const { child, said, until, ended } = load;
  const detach = await attachStrace(child.pid ?? 0, ['-e', 'inject=fdatasync:delay_exit=300000']);
  const before = said.issued.length;
  await until('cards from a slow disk', ({ issued }) => issued.length >= before + ENOUGH);
  await detach();
  assert.deepEqual(said.failed, []);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, { closed: true, code: 0 });
  assert.deepEqual(await lossesIn(dir, said), { lost: 0, twice: 0 });
});

/** Runs with every fdatasync of this process failing. */
async function onBrokenDisk(run: () => Promise<void>): Promise<void> {
  const detach = await attachStrace(process.pid, ['-e', 'inject=fdatasync:error=EIO']);
  try {
    await run();
  } finally {
    await detach();
  }
  // Longer than the first pauses, in which nobody tries the disk again.
  await later(500);
}

const UNAVAILABLE = { code: 'STORE_UNAVAILABLE' };
const KID = 'A'.repeat(43);

async function openLedger(
  t: TestContext,
): Promise<{ dir: string; store: IssuerStore; ledger: StatusLedger }> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  const ledger = await StatusLedger.open(store);
  await store.commit(ledger.addList(KID));
  await ledger.confirm(KID, ledger.snapshot(KID));
  return { dir, store, ledger };
}

async function issueOne(ledger: StatusLedger): Promise<string> {
  const { index, rid } = await ledger.draw(KID);
  const id = `${KID}.${rid}`;
  const kept = { profile: 'pass', issuedAt: 0, payloadHash: '', person: 'p', lots: [] } as const;
  await ledger.record({ id, kid: KID, index, rid, ...kept });
  return id;
}

test('what was refused has not happened, and may be asked for again', { skip: NO_STRACE }, async (t) => {
  const { dir, store, ledger } = await openLedger(t);
  const [first, second] = [await issueOne(ledger), await issueOne(ledger)];
  const longer = ledger.snapshot(KID, 200_000);
  await onBrokenDisk(async () => {
    await assert.rejects(ledger.revoke(first, 1, 'error'), UNAVAILABLE);
    await assert.rejects(issueOne(ledger), UNAVAILABLE);
    await assert.rejects(ledger.confirm(KID, longer), UNAVAILABLE);
  });
  assert.equal(ledger.anchorOf(KID)?.length, 131_072);
  assert.equal((await ledger.revoke(second, 2, 'error')).already, false);
  assert.equal((await ledger.revoke(first, 3, 'fraud')).already, false);
  await ledger.confirm(KID, ledger.snapshot(KID));
  const spent = ledger.drawn(KID);
  const { root } = ledger.snapshot(KID);
  await store.close();

  const reopened = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => reopened.close());
  const found = await StatusLedger.open(reopened);
  assert.equal(found.snapshot(KID).root, root);
  assert.equal(found.snapshot(KID).revoked, 2);
  assert.equal(spent, 3);
  assert.equal(found.drawn(KID), spent, 'an index that was drawn is given again');
});

test(
  'a failed revocation that is never asked for again leaves no trace in the list',
  { skip: NO_STRACE },
  async (t) => {
    const { dir, store, ledger } = await openLedger(t);
    const [first, second] = [await issueOne(ledger), await issueOne(ledger)];
    await onBrokenDisk(() => assert.rejects(ledger.revoke(first, 1, 'error'), UNAVAILABLE));
    await ledger.revoke(second, 2, 'error');
    await ledger.confirm(KID, ledger.snapshot(KID));
    await store.close();
    const reopened = await IssuerStore.open(dir, PASSPHRASE);
    t.after(() => reopened.close());
    const found = await StatusLedger.open(reopened);
    assert.equal((await found.revoke(first, 3, 'error')).already, false);
  },
);

/** A store with twenty records whose database could not be opened again after a failed write. */
async function closedStore(t: TestContext): Promise<{ dir: string; store: IssuerStore }> {
  const { dir, store } = await openLedger(t);
  const table = store.table<number>('t');
  for (let at = 0; at < 20; at++) await store.commit([table.put(String(at), at)]);
  await onBrokenDisk(async () => {
    await assert.rejects(store.commit([table.put('a', 1)]), UNAVAILABLE);
    await assert.rejects(store.commit([table.put('b', 1)]), UNAVAILABLE);
  });
  return { dir, store };
}

test(
  'a folder that another process has used in between is given up for good',
  { skip: NO_STRACE },
  async (t) => {
    const { dir, store } = await closedStore(t);
    const other = await IssuerStore.open(dir, PASSPHRASE);
    await assert.rejects(store.table('t').get('1'), { code: 'STORE_LOCKED' });
    await later(500);
    await other.commit([other.table<number>('t').put('c', 1)]);
    await other.close();
    for (let again = 0; again < 2; again++) {
      await assert.rejects(store.commit([store.table<number>('t').put('d', 1)]), { code: 'STORE_LOCKED' });
    }
  },
);

test(
  'a disk that has lost what was acknowledged is not written to any more',
  { skip: NO_STRACE },
  async (t) => {
    const { dir, store } = await closedStore(t);
    for (const name of await readdir(join(dir, 'store'))) {
      const path = join(dir, 'store', name);
      if (name.endsWith('.log')) await truncate(path, Math.floor((await stat(path)).size / 2));
    }
    await assert.rejects(store.table('t').get('1'), { code: 'STORE_DAMAGED' });
    await assert.rejects(store.commit([store.table<number>('t').put('d', 1)]), { code: 'STORE_DAMAGED' });
  },
);

test('after a store was closed everything is refused, and nothing is opened again', async (t) => {
  const { dir, store } = await openLedger(t);
  const table = store.table<number>('t');
  const underWay = store.commit([table.put('a', 1)]);
  const closed = store.close();
  await assert.rejects(store.commit([table.put('b', 1)]), UNAVAILABLE);
  await Promise.all([underWay, closed]);
  await assert.rejects(table.get('a'), UNAVAILABLE);
  const reopened = await IssuerStore.open(dir, PASSPHRASE);
  assert.deepEqual([await reopened.table('t').get('a'), await reopened.table('t').get('b')], [1, undefined]);
  await reopened.close();
});

test('a batch has not happened either if what belongs to it fails, and that is undone before the batch', async (t) => {
  const db = await RecoveringDatabase.open(join(await temporaryFolder(t), 'store'), true);
  t.after(() => db.close());
  const put = (value: number): Write => ({ type: 'put', key: 'k', value: Buffer.of(value) });
  const read = async (): Promise<number | undefined> => (await (await db.ready()).getMany(['k']))[0]?.[0];
  await db.write([put(1)]);
  const seen: (number | undefined)[] = [];
  const failing = {
    settle: () => Promise.reject(new Error('the file beside the database cannot be written')),
    undone: async () => void seen.push(1),
  };
  await assert.rejects(db.write([put(2)], failing), UNAVAILABLE);
  assert.deepEqual([await read(), seen], [1, [1]]);
  await db.write([put(3)]);
  assert.deepEqual([await read(), seen], [3, [1]]);
});

test(
  'a folder whose log cannot be read is not opened, and is whole once it can',
  { skip: NO_STRACE },
  async (t) => {
    const { dir, store } = await openLedger(t);
    await store.commit([store.table<number>('t').put('kept', 1)]);
    await store.close();
    const module = new URL('../../agent/issuer-store.ts', import.meta.url).href;
    const open = `const { IssuerStore } = await import(${JSON.stringify(module)});
    const opened = IssuerStore.open(${JSON.stringify(dir)}, ${JSON.stringify(PASSPHRASE)});
    process.stdout.write(await opened.then(() => 'opened', ({ code }) => code));
    process.exit();`;
    const broken = ['-f', '-o', '/dev/null', '-e', 'inject=read,pread64:error=EIO', ...only(dir, LOGS)];
    const command = [process.execPath, '--input-type=module', '-e', open];
    const { stdout } = spawnSync('strace', [...broken, ...command], { encoding: 'utf8' });
    assert.equal(stdout, 'STORE_UNAVAILABLE');
    const reopened = await IssuerStore.open(dir, PASSPHRASE);
    t.after(() => reopened.close());
    assert.equal(await reopened.table('t').get('kept'), 1);
  },
);
