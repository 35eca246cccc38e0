import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { publishList } from '../../../agent/status-publication.ts';
import { crlFromRids, encodeCrl } from '../../../credential/crl.ts';
import { statusListCredential } from '../../../credential/status-list-credential.ts';
import { BLOCK_BITS, StatusList } from '../../../credential/status-list.ts';
import { listDownloader } from '../../../verifier/node/list-download.ts';
import { listSync } from '../../../verifier/node/list-sync.ts';
import type { ListSync, ListSyncLimits } from '../../../verifier/node/list-sync.ts';
import type { StatusData, TrustDocument } from '../../../verifier/pipeline/trust-document.ts';
import {
  anchoredBits,
  anchoredRids,
  DID,
  mintJws,
  newKey,
  NOW,
  trustDocument,
  trustedIssuer,
  trustedKey,
  utf8,
} from '../../support/cards.ts';
import { fromTable, serveFiles } from '../../support/file-server.ts';
import type { Answering, FileServer } from '../../support/file-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

const KEY = newKey();
const { kid } = KEY;

/** The list under a counter: the higher, the more are revoked. */
function version(counter: number): StatusList {
  const list = new StatusList(1);
  for (let index = 0; index < counter * 3; index++) list.set((index * 7919) % BLOCK_BITS, true);
  return list;
}

/** What `issuer anchor` leaves in a folder after so many anchors, each version a step, under the paths of a web server. */
async function publishedUpTo(t: TestContext, last: number): Promise<Map<string, Uint8Array>> {
  const folder = await temporaryFolder(t);
  const earlier: { counter: number; list: () => StatusList }[] = [];
  for (let counter = 1; counter <= last; counter++) {
    const list = version(counter);
    earlier.push({ counter, list: () => list });
    const issuer = { did: DID, statusBase: 'http://lists.example', kid };
    const payload = statusListCredential(issuer, { list, validFrom: NOW });
    const credential = mintJws(KEY, utf8(JSON.stringify(payload)), { typ: 'vc+jwt', kid: `${DID}#${kid}` });
    const signed = { credential, token: '' };
    await publishList(folder, { kid, counter, list }, { signed, earlier });
  }
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (path) => [path.slice(folder.length), new Uint8Array(await readFile(path))] as const),
    ),
  );
}

const servers: FileServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
async function serve(answer: Answering): Promise<FileServer> {
  const server = await serveFiles(answer);
  servers.push(server);
  return server;
}
const baseOf = ({ port }: FileServer): string => `http://127.0.0.1:${port}`;

/** Trust data whose anchor is that of a version, and which holds another, or none. */
function documentAt(
  anchored: number,
  { held, statusBase }: { held?: number | undefined; statusBase: string },
): TrustDocument {
  const { anchor } = anchoredBits(KEY, version(anchored));
  return trustDocument({
    issuers: [trustedIssuer({ statusBase })],
    keys: [trustedKey(KEY, { revocation: 'bits' })],
    anchors: [{ ...anchor, counter: anchored }],
    lists: held === undefined ? [] : [dataAt(held)],
  });
}
function dataAt(counter: number): StatusData {
  const { data } = anchoredBits(KEY, version(counter), counter);
  return data;
}

function newSync(limits: ListSyncLimits = {}, timeoutMs = 2000): ListSync {
  return listSync(listDownloader({ allowHttp: true, networks: ['127.0.0.0/8'], timeoutMs }), limits);
}
async function fetched(document: TrustDocument, sync = newSync(), now = NOW): Promise<readonly StatusData[]> {
  const held: StatusData[] = [];
  await sync.round(document, (list) => held.push(list), { now });
  return held;
}
const of = { issuer: 1, kid };

describe('the list of a key is fetched', () => {
  test('whole, in its fewest bytes, if none is held', async (t) => {
    const server = await serve(fromTable(await publishedUpTo(t, 3)));
    assert.deepEqual(await fetched(documentAt(3, { statusBase: baseOf(server) })), [dataAt(3)]);
    assert.deepEqual(server.asked(), [`/status/${kid}.list`]);
  });

  test('as the change since the version held, in one step', async (t) => {
    const server = await serve(fromTable(await publishedUpTo(t, 3)));
    assert.deepEqual(await fetched(documentAt(3, { held: 2, statusBase: baseOf(server) })), [dataAt(3)]);
    assert.deepEqual(server.asked(), [`/status/${kid}.2-3.delta`]);
  });

  test('as the steps since the version held, if there is none over all of them', async (t) => {
    const server = await serve(fromTable(await publishedUpTo(t, 4)));
    assert.deepEqual(await fetched(documentAt(4, { held: 1, statusBase: baseOf(server) })), [dataAt(4)]);
    const steps = ['1-4', '1-2', '2-3', '3-4'].map((step) => `/status/${kid}.${step}.delta`);
    assert.deepEqual(server.asked(), steps);
  });

  test('whole, if the steps do not lead there, or are too many', async (t) => {
    const files = await publishedUpTo(t, 12);
    const server = await serve(fromTable(files));
    assert.deepEqual(await fetched(documentAt(12, { held: 1, statusBase: baseOf(server) })), [dataAt(12)]);
    assert.deepEqual(server.asked(), [`/status/${kid}.1-12.delta`, `/status/${kid}.list`]);
    files.set(`/status/${kid}.10-12.delta`, utf8('<!doctype html>'));
    files.delete(`/status/${kid}.11-12.delta`);
    assert.deepEqual(await fetched(documentAt(12, { held: 10, statusBase: baseOf(server) })), [dataAt(12)]);
    assert.equal(server.asked().at(-1), `/status/${kid}.list`);
  });

  test('by a step that leads to the anchor, though the issuer is further already', async (t) => {
    const server = await serve(fromTable(await publishedUpTo(t, 4)));
    assert.deepEqual(await fetched(documentAt(3, { held: 2, statusBase: baseOf(server) })), [dataAt(3)]);
  });

  test('in the form that VCs name, if there is no other', async (t) => {
    const files = await publishedUpTo(t, 2);
    files.delete(`/status/${kid}.list`);
    const server = await serve(fromTable(files));
    assert.deepEqual(await fetched(documentAt(2, { statusBase: baseOf(server) })), [dataAt(2)]);
    assert.deepEqual(server.asked(), [`/status/${kid}.list`, `/status/${kid}`]);
  });

  test('of rids where SMART Health Cards have it, then where a mirror puts it', async () => {
    const { data, anchor } = anchoredRids(KEY, ['abc', 'def']);
    const crl = JSON.stringify(encodeCrl(crlFromRids(kid, 1, ['def', 'abc'])));
    for (const path of [`/.well-known/crl/${kid}.json`, `/1/crl/${kid}.json`]) {
      const server = await serve(fromTable(new Map([[path, crl]])));
      const document = trustDocument({
        issuers: [trustedIssuer({ statusBase: baseOf(server) })],
        keys: [trustedKey(KEY, { revocation: 'rids' })],
        anchors: [anchor],
      });
      assert.deepEqual(await fetched(document), [data]);
      assert.equal(server.asked().at(-1), path);
    }
  });

  test('whole, if what is held of it is damaged, and that keeps nobody else’s from being fetched', async (t) => {
    const server = await serve(fromTable(await publishedUpTo(t, 2)));
    const document = documentAt(2, { statusBase: baseOf(server) });
    const both = [1, 2];
    const { issuers, anchors, keys } = document;
    const federation = trustDocument({
      issuers: both.flatMap((id) => issuers.map((one) => ({ ...one, id, iss: `https://${id}.example` }))),
      keys: both.flatMap((issuer) => keys.map((one) => ({ ...one, issuer }))),
      anchors: both.flatMap((issuer) => anchors.map((one) => ({ ...one, issuer }))),
    });
    for (const compact of ['AAAA', '', '!', 'A'.repeat(64)]) {
      const lists = [{ ...dataAt(1), compact } as StatusData];
      const found = await fetched({ ...federation, lists });
      assert.deepEqual(
        found.toSorted((one, other) => one.issuer - other.issuer),
        [dataAt(2), { ...dataAt(2), issuer: 2 }],
      );
    }
    assert.ok(server.asked().every((path) => path.endsWith('.list')));
  });

  test('only if it is anchored and not held already', async (t) => {
    const server = await serve(fromTable(await publishedUpTo(t, 2)));
    const document = documentAt(2, { held: 2, statusBase: baseOf(server) });
    assert.deepEqual(await fetched(document), []);
    assert.deepEqual(await fetched({ ...document, lists: [], anchors: [] }), []);
    assert.deepEqual(await fetched({ ...document, lists: [], keys: [trustedKey(KEY)] }), []);
    assert.deepEqual(server.asked(), []);
  });
});

describe('lists of millions of bits that are held', () => {
  const MILLIONS = new StatusList(512);
  /** Four of them, as they come from disk: nothing is known of them yet. */
  function heldAlready(): TrustDocument {
    const keys = Array.from({ length: 4 }, () => newKey());
    const lists = keys.map((key) => anchoredBits(key, MILLIONS));
    return trustDocument({
      keys: keys.map((key) => trustedKey(key, { revocation: 'bits' })),
      anchors: lists.map(({ anchor }) => anchor),
      lists: lists.map(({ data }) => data),
    });
  }

  test('are unpacked in the first round alone, and never packed again', async (t) => {
    const document = heldAlready();
    const sync = newSync();
    const hashes = t.mock.method(StatusList.prototype, 'blockHash').mock;
    const scans = t.mock.method(StatusList.prototype, 'indices').mock;
    assert.deepEqual(await fetched(document, sync), []);
    assert.equal(hashes.callCount(), 4 * 512);
    const anchors = document.anchors.map((anchor) => ({ ...anchor, time: anchor.time + 60 }));
    assert.deepEqual(await fetched({ ...document, anchors }, sync), []);
    assert.deepEqual([hashes.callCount(), scans.callCount()], [4 * 512, 0]);
  });

  test('keep nobody waiting for all of them', async () => {
    const document = heldAlready();
    let [turns, isOver] = [0, false];
    const other = (): void => {
      turns += 1;
      if (!isOver) setImmediate(other);
    };
    setImmediate(other);
    assert.deepEqual(await fetched(document), []);
    isOver = true;
    assert.ok(turns >= 2, `others came ${turns} times`);
  });
});

describe('what does not agree with its anchor changes nothing, and is named', () => {
  const wrong: Readonly<Record<string, readonly [string, Uint8Array | string]>> = {
    'a list with one card less': ['ROOT_DIFFERS', anchoredCompact(version(1))],
    'a page': ['MALFORMED', '<!doctype html>'],
    'a list of another key': ['KEY_UNKNOWN', anchoredCompact(version(2), newKey())],
    'a revocation list that no status list is': [
      'MALFORMED',
      JSON.stringify({ kid, method: 'rid', ctr: 1, rids: ['not of ours'] }),
    ],
  };
  for (const [what, [fault, bytes]] of Object.entries(wrong)) {
    test(`${what}: ${fault}`, async () => {
      const server = await serve(fromTable(new Map([[`/status/${kid}.list`, bytes]])));
      const sync = newSync();
      assert.deepEqual(await fetched(documentAt(2, { statusBase: baseOf(server) }), sync), []);
      assert.equal(sync.faultOf(of), fault);
    });
  }

  test('an issuer that names no base, serves nothing, or is not there', async () => {
    const server = await serve(fromTable(new Map()));
    for (const [statusBase, fault] of [
      ['', 'NO_STATUS_BASE'],
      [baseOf(server), 'NOT_SERVED'],
      ['http://127.0.0.1:1', 'UNREACHABLE'],
      ['http://10.0.0.1', 'ADDRESS_REFUSED'],
      ['ftp://lists.example', 'NOT_HTTPS'],
    ] as const) {
      const sync = newSync();
      assert.deepEqual(await fetched(documentAt(2, { statusBase }), sync), []);
      assert.equal(sync.faultOf(of), fault);
    }
  });

  test('an anchor of a length that no list has, under which a revocation list is served', async () => {
    const crl = JSON.stringify({ kid, method: 'rid', ctr: 1, rids: [] });
    const server = await serve(fromTable(new Map([[`/status/${kid}.list`, crl]])));
    const document = documentAt(2, { statusBase: baseOf(server) });
    const sync = newSync();
    const anchors = document.anchors.map((anchor) => ({ ...anchor, length: 100 }));
    assert.deepEqual(await fetched({ ...document, anchors }, sync), []);
    assert.equal(sync.faultOf(of), 'MALFORMED');
  });

  test('the fault is gone with the list that agrees', async (t) => {
    const files = new Map<string, Uint8Array | string>([[`/status/${kid}.list`, 'x']]);
    const server = await serve(fromTable(files));
    const document = documentAt(2, { statusBase: baseOf(server) });
    const sync = newSync();
    await fetched(document, sync);
    for (const [path, file] of await publishedUpTo(t, 2)) files.set(path, file);
    assert.deepEqual(await fetched(document, sync, NOW + 60), [dataAt(2)]);
    assert.equal(sync.faultOf(of), null);
  });
});

describe('issuers are asked side by side', () => {
  /** So many issuers with a list each under a base of their own. */
  function federation(bases: readonly string[]): TrustDocument {
    const { anchor } = anchoredBits(KEY, version(2));
    return trustDocument({
      issuers: bases.map((statusBase, at) =>
        trustedIssuer({ id: at + 1, iss: `https://${at}.example`, statusBase }),
      ),
      keys: bases.map((_base, at) => trustedKey(KEY, { issuer: at + 1, revocation: 'bits' })),
      anchors: bases.map((_base, at) => ({ ...anchor, counter: 2, issuer: at + 1 })),
    });
  }

  test('one that never answers delays none of the others', async (t) => {
    const good = await serve(fromTable(await publishedUpTo(t, 2)));
    const hanging = await serve(() => undefined);
    const document = federation([baseOf(hanging), ...Array.from({ length: 5 }, () => baseOf(good))]);
    const sync = newSync({ atOnce: 2 }, 1500);
    const begun = performance.now();
    const times: number[] = [];
    await sync.round(document, () => times.push(performance.now() - begun), { now: NOW });
    assert.equal(times.length, 5);
    assert.ok(Math.max(...times) < 1200, `held after ${times.join(', ')} ms`);
    assert.equal(sync.faultOf(of), 'TIMEOUT');
    assert.deepEqual(hanging.asked(), [`/status/${kid}.list`], 'and is asked once, not once a file');
  });

  test('no more at a time than the limit', async (t) => {
    const files = await publishedUpTo(t, 2);
    let [now, most] = [0, 0];
    const server = await serve((request, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now -= 1;
        fromTable(files)(request, response);
      }, 20);
    });
    const held = await fetched(
      federation(Array.from({ length: 9 }, () => baseOf(server))),
      newSync({ atOnce: 3 }),
    );
    assert.deepEqual([held.length, most], [9, 3]);
  });

  test('the time of one issuer and of the whole round is bounded, and who was left out comes first then', async (t) => {
    const hanging = await serve(() => undefined);
    const good = await serve(fromTable(await publishedUpTo(t, 2)));
    const document = federation([baseOf(hanging), baseOf(good)]);
    const sync = newSync({ atOnce: 1, issuerMs: 60, roundMs: 30 }, 5000);
    assert.deepEqual(await fetched(document, sync), []);
    assert.equal(sync.faultOf(of), 'TIMEOUT');
    assert.equal((await fetched(document, sync, NOW + 60)).length, 1);
  });

  test('a signal ends the round, and nobody is blamed', async () => {
    const hanging = await serve(() => undefined);
    const sync = newSync();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    await sync.round(documentAt(2, { statusBase: baseOf(hanging) }), () => assert.fail(), {
      now: NOW,
      signal: stop.signal,
    });
    assert.equal(sync.faultOf(of), null);
  });
});

test('an issuer that failed is asked again ever more rarely, and at once when its anchor moves or all are asked', async () => {
  const server = await serve(fromTable(new Map()));
  const sync = newSync();
  const document = documentAt(2, { statusBase: baseOf(server) });
  const isAsked = async (
    seconds: number,
    terms: { all?: boolean } = {},
    about = document,
  ): Promise<boolean> => {
    await sync.round(about, () => assert.fail(), { now: NOW + seconds, ...terms });
    return server.asked().length > 0;
  };
  assert.equal(await isAsked(0), true);
  assert.equal(await isAsked(10), false);
  assert.equal(await isAsked(55), true);
  assert.equal(await isAsked(110), false);
  assert.equal(await isAsked(160), true);
  for (let round = 1; round < 10; round++) await isAsked(1000 * round);
  assert.equal(await isAsked(9500), false);
  assert.equal(await isAsked(9600), true);
  assert.equal(await isAsked(9610, { all: true }), true);
  assert.equal(await isAsked(9620, {}, documentAt(3, { statusBase: baseOf(server) })), true);
});

function anchoredCompact(list: StatusList, key = KEY): Uint8Array {
  const { data } = anchoredBits(key, list, 2);
  assert.ok(data.kind === 'bits');
  return Buffer.from(data.compact, 'base64url');
}
