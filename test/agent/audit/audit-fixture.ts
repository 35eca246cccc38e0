import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openAuditFolder } from '../../../agent/audit/audit-folder.ts';
import type { Examination } from '../../../agent/audit/examine-log.ts';
import { IssuerStore } from '../../../agent/issuer-store.ts';
import { openDatabase } from '../../../agent/store-recovery.ts';
import type { Database } from '../../../agent/store-table.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from '../issuer-fixture.ts';

/** A new store in a folder of its own. */
export async function makeStore(t: TestContext): Promise<string> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST);
  return dir;
}

export async function openStore(dir: string): Promise<IssuerStore> {
  return IssuerStore.open(dir, PASSPHRASE);
}

/** Opens a store, runs, and closes it whatever happens. */
export async function withStore<T>(dir: string, run: (store: IssuerStore) => Promise<T>): Promise<T> {
  const store = await openStore(dir);
  try {
    return await run(store);
  } finally {
    await store.close();
  }
}

/** So many batches, a record of a card in each, with all that a card leaves. */
export async function issueCards(dir: string, from: number, count: number): Promise<void> {
  await withStore(dir, async (store) => {
    for (let at = from; at < from + count; at++) await issueCard(store, at);
  });
}

/** What a card leaves in the store. */
export async function issueCard(store: IssuerStore, at: number): Promise<void> {
  const [id, person] = [`kid.${String(at).padStart(6, '0')}`, `person${at % 7}`];
  await store.commit(
    [
      store.table('cards').put(id, { id, person, payloadHash: `hash ${at}` }),
      store.table('persons').put(`${person}.${id}`, 0),
      store.table('counters').put('next', at + 1),
    ],
    new Map(),
    [{ kind: 'card-issued', id, payloadHash: `hash ${at}` }],
  );
}

/** Writes into the database behind the store's back, as whoever has the disk and no passphrase could. */
export async function tamper(dir: string, change: (db: Database) => Promise<void>): Promise<void> {
  const db = await openDatabase(join(dir, 'store'), false);
  try {
    await change(db);
  } finally {
    await db.close();
  }
}

export async function examined(dir: string): Promise<Examination> {
  const folder = await openAuditFolder(dir, PASSPHRASE);
  try {
    return await folder.examine();
  } finally {
    await folder.close();
  }
}

/** What an examination finds first: its code, and where. */
export async function firstFinding(dir: string): Promise<string> {
  const [first] = (await examined(dir)).findings;
  return first === undefined
    ? 'sound'
    : [first.code, first.at].filter((each) => each !== undefined).join(' ');
}

/** A copy of a folder, or of a part of it. */
export async function copyOf(from: string, to: string): Promise<string> {
  await rm(to, { recursive: true, force: true });
  await mkdir(join(to, '..'), { recursive: true });
  await cp(from, to, { recursive: true });
  return to;
}

export async function changeFile(path: string, change: (bytes: Buffer) => Uint8Array): Promise<void> {
  await writeFile(path, change(await readFile(path)));
}
