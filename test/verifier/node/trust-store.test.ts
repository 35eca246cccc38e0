import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { StatusList } from '../../../credential/status-list.ts';
import { openHeldTrust, openTrustStore } from '../../../verifier/node/trust-store.ts';
import type { TrustState } from '../../../verifier/node/trust-state.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import { anchoredBits, anchoredRids } from '../../support/cards.ts';
import { CHAIN, registryLog, statusChanged } from '../registry-events.ts';
import { BITS_KEY, EVENTS, LOG, RIDS_KEY, stateOf } from './registry-states.ts';
import { temporaryFolder } from './temporary-folder.ts';

const bits = anchoredBits(BITS_KEY, new StatusList(1));
const rids = anchoredRids(RIDS_KEY, ['abc']);
const first = stateOf(LOG, { anchors: [bits.anchor, rids.anchor], lists: [bits.data, rids.data] });
const second: TrustState = {
  ...stateOf(registryLog(...EVENTS, statusChanged(5)), { block: 20 }),
  anchors: first.anchors,
  lists: [bits.data],
};

async function put(folder: string, ...states: readonly TrustState[]): Promise<void> {
  for (const state of states) {
    const store = await openTrustStore(folder);
    try {
      await store.put(state);
    } finally {
      await store.close();
    }
  }
}

async function held(folder: string): Promise<TrustState | undefined> {
  const store = await openHeldTrust(folder);
  await store?.close();
  return store?.held();
}

test('what was put is held after reopening, and makes a trust document', async (t) => {
  const folder = await temporaryFolder(t);
  await put(folder, first);
  const store = await openHeldTrust(folder);
  assert.ok(store);
  assert.deepEqual(store.held(), first);
  const { trust } = replayLog(LOG, CHAIN);
  const { source, takenAt, anchors, lists } = first;
  assert.deepEqual(store.document(), {
    version: 4,
    source,
    seen: null,
    takenAt,
    ...trust,
    anchors,
    lists,
    ruleFiles: [],
  });
  await store.close();
});

test('a newer state replaces the older whole: what it lacks is gone', async (t) => {
  const folder = await temporaryFolder(t);
  await put(folder, first, second);
  assert.deepEqual(await held(folder), second);
});

test('a read makes no store', async (t) => {
  const folder = join(await temporaryFolder(t), 'store');
  assert.equal(await openHeldTrust(folder), undefined);
  await assert.rejects(readdir(folder), { code: 'ENOENT' });
});

test('a store that was made and never filled holds nothing', async (t) => {
  const folder = await temporaryFolder(t);
  await (await openTrustStore(folder)).close();
  assert.equal(await held(folder), undefined);
  await put(folder, first);
  assert.deepEqual(await held(folder), first);
});

test('an older state, a fork and another registry are refused, across restarts, and the held one stays', async (t) => {
  const folder = await temporaryFolder(t);
  await put(folder, second);
  const other = `0x${'11'.repeat(20)}`;
  const elsewhere = { ...second, source: { ...second.source, registry: other } };
  for (const [state, code] of [
    [first, 'LOG_OLDER_THAN_HELD'],
    [
      { ...stateOf(registryLog(...EVENTS, statusChanged(3)), { block: 21 }), anchors: second.anchors },
      'LOG_FORKED',
    ],
    [elsewhere, 'STORE_OF_ANOTHER_REGISTRY'],
  ] as const) {
    await assert.rejects(put(folder, state), { code });
    assert.deepEqual(await held(folder), second);
  }
});

test('a put that fails, the second through one handle, leaves the state before', async (t) => {
  const folder = await temporaryFolder(t);
  const store = await openTrustStore(folder);
  await store.put(first);
  await store.close();
  await assert.rejects(store.put(second));
  assert.deepEqual(await held(folder), first);
});

test('a state whose log does not lead to its head is never stored', async (t) => {
  const folder = await temporaryFolder(t);
  const wrong = { ...first, source: { ...first.source, head: `0x${'11'.repeat(32)}` } };
  await assert.rejects(put(folder, wrong), { code: 'HEAD_MISMATCH' });
  await assert.rejects(put(folder, { ...first, source: { ...first.source, size: 3 } }), {
    code: 'HEAD_MISMATCH',
  });
  assert.equal(await held(folder), undefined);
});

test('a store that another process holds is STORE_LOCKED, and free when that ends', async (t) => {
  const folder = await temporaryFolder(t);
  await put(folder, first);
  const child = fork(new URL('./hold-store.ts', import.meta.url), [folder]);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'message');
  await assert.rejects(openHeldTrust(folder), { code: 'STORE_LOCKED' });
  await assert.rejects(openTrustStore(folder), { code: 'STORE_LOCKED' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.deepEqual(await held(folder), first);
});

test('a folder that cannot be used is FILE_UNREADABLE', async (t) => {
  const path = join(await temporaryFolder(t), 'file');
  await writeFile(path, 'a file');
  await assert.rejects(openTrustStore(path), { code: 'FILE_UNREADABLE' });
  await assert.rejects(openHeldTrust(path), { code: 'FILE_UNREADABLE' });
});

test('a disk that takes nothing more, or too many open files, is no damage: nothing is set aside', async (t) => {
  const folder = await temporaryFolder(t);
  await put(folder, first);
  const script = `
    const { openTrustStore } = await import(${JSON.stringify(new URL('../../../verifier/node/trust-store.ts', import.meta.url).href)});
    const code = await openTrustStore(${JSON.stringify(folder)}, { repair: true }).then((store) => store.setAside, (error) => error.code);
    process.stdout.write(String(code));`;
  // Blocks of a kilobyte that a file may have.
  const child = spawnSync(
    'bash',
    ['-c', `trap '' XFSZ; ulimit -f 0; "$0" --input-type=module -e "$1"`, process.execPath, script],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(child.stdout, 'STORE_UNAVAILABLE', child.stderr);
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith('damaged')));
  assert.deepEqual(await held(folder), first);
});

// ---------------------------------------------------------------- corruption

/** A damaged store is refused, or (where the damage hit nothing that counts) holds exactly what was put. */
async function assertNeverOther(folder: string, what: string): Promise<boolean> {
  try {
    assert.deepEqual(await held(folder), second, what);
    return false;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'STORE_CORRUPT', what);
    return true;
  }
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A store of two batches as it lies on disk; LevelDB packs the first into a table (.ldb) when it is opened again. */
async function filledStore(folder: string): Promise<void> {
  await put(folder, first, second);
}

test('a bit flipped in a log or a table of the database is found, or hit nothing: never another state', async (t) => {
  const root = await temporaryFolder(t);
  const original = join(root, 'original');
  await filledStore(original);
  const files = await filesOf(original);
  assert.ok(files.some((path) => path.endsWith('.log')) && files.some((path) => path.endsWith('.ldb')));
  let found = 0;
  let tried = 0;
  for (const path of files) {
    const bytes = await readFile(path);
    const data = /\.(?:log|ldb)$/.test(path);
    const step = Math.max(1, Math.floor(bytes.length / (data ? 40 : 12)));
    for (let at = 0; at < bytes.length; at += step) {
      const copy = join(root, 'copy');
      await cp(original, copy, { recursive: true });
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at & 7));
      await writeFile(path.replace(original, copy), flipped);
      const corrupt = await assertNeverOther(copy, `byte ${at} of ${path.slice(original.length)}`);
      if (data) {
        tried += 1;
        if (corrupt) found += 1;
      }
      await rm(copy, { recursive: true });
    }
  }
  // What is not found lies in padding, filters, or records that a later one replaced.
  assert.ok(found > (3 * tried) / 4, `${found} of ${tried}`);
});

test('a file of the store that is cut short, emptied or lost is found, or hit nothing: never another state', async (t) => {
  const root = await temporaryFolder(t);
  const original = join(root, 'original');
  await filledStore(original);
  for (const path of await filesOf(original)) {
    const bytes = await readFile(path);
    for (const length of [undefined, 0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const copy = join(root, 'copy');
      await cp(original, copy, { recursive: true });
      const target = path.replace(original, copy);
      await (length === undefined ? rm(target) : writeFile(target, bytes.subarray(0, Math.max(0, length))));
      const corrupt = await assertNeverOther(copy, `${path.slice(original.length)} cut to ${String(length)}`);
      if (path.endsWith('.log') && length === 0) assert.ok(corrupt, 'the last batch is lost');
      await rm(copy, { recursive: true });
    }
  }
});

test('an older copy of the database alone does not come back as the present', async (t) => {
  const root = await temporaryFolder(t);
  const [store, backup] = [join(root, 'store'), join(root, 'backup')];
  await put(store, first);
  await cp(join(store, 'level'), backup, { recursive: true });
  await put(store, second);
  await rm(join(store, 'level'), { recursive: true });
  await cp(backup, join(store, 'level'), { recursive: true });
  await assert.rejects(held(store), { code: 'STORE_CORRUPT' });
});

test('a database lost whole is STORE_CORRUPT, not an empty store', async (t) => {
  const folder = await temporaryFolder(t);
  await put(folder, first);
  await rm(join(folder, 'level'), { recursive: true });
  await assert.rejects(held(folder), { code: 'STORE_CORRUPT' });
  await mkdir(join(folder, 'level'));
  await assert.rejects(held(folder), { code: 'STORE_CORRUPT' });
  await assert.rejects(openTrustStore(folder), { code: 'STORE_CORRUPT' });
  // Nor is an empty database put in its place.
  assert.ok(!(await readdir(join(folder, 'level'))).includes('CURRENT'));
});

test('a store whose digest is lost or is another is STORE_CORRUPT', async (t) => {
  const folder = await temporaryFolder(t);
  await put(folder, first);
  const path = join(folder, 'digest.json');
  for (const content of ['', '[]', '{}', '[1]', `["${'0'.repeat(64)}"]`]) {
    await writeFile(path, content);
    await assert.rejects(held(folder), { code: 'STORE_CORRUPT' });
  }
  await rm(path);
  await assert.rejects(held(folder), { code: 'STORE_CORRUPT' });
});

test('a crash between digest and batch leaves the store before or after, both sound', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'digest.json');
  await put(folder, first);
  const [before] = JSON.parse(await readFile(path, 'utf8')) as string[];
  await put(folder, second);
  const [after] = JSON.parse(await readFile(path, 'utf8')) as string[];
  await writeFile(path, JSON.stringify([before, after]));
  assert.deepEqual(await held(folder), second);
  // Once opened, the state before is an older one.
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), [after]);
});
