import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TrustSummary } from '../../cli/trust/summary.ts';
import { lyingNode } from '../contracts/rpc-stub.ts';
import { run, verifyJson } from '../support/cli.ts';
import type { Ended } from '../support/cli.ts';
import { type Federation, startFederation } from '../support/federation.ts';

let federation: Federation;
let kid: string;
before(async () => {
  federation = await startFederation();
});
after(() => federation.stop());

const path = (name: string): string => join(federation.folder, name);
const trust = async (...args: readonly string[]): Promise<Ended> =>
  run('pratique', ['trust', ...args], { cwd: federation.folder });
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr, status } = await trust(...args, '--json');
  assert.deepEqual([stderr, status], ['', 0]);
  return JSON.parse(stdout) as T;
};
const refused = async (...args: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await trust(...args, '--json');
  assert.equal(stdout, '');
  return (JSON.parse(stderr) as { error: { code: string } }).error.code;
};
const codes = async (store: string, jws: string): Promise<readonly string[]> =>
  (await verifyJson(['--store', path(store), jws])).decisions[0]?.codes ?? [];
const shown = async (store: string): Promise<TrustSummary> =>
  json<TrustSummary>('show', '--store', path(store));

/** The office that has a network: syncs, with the lists as the issuers published them. */
const syncOffice = async (...more: readonly string[]): Promise<Ended> => {
  const status = join(path('public'), 'status');
  const lists = (await readdir(status)).map((name) => join(status, name));
  const chain = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
  return trust('sync', ...chain, '--store', path('office'), ...more, '--list', ...lists);
};

describe('a venue without network', () => {
  test('decides by a bundle of an exporter that it pinned, and says whose word it is', async () => {
    const card = await federation.north.issue();
    assert.equal((await syncOffice()).status, 0);
    const exported = await json<{ exporter: string }>(
      'export',
      path('first.bundle'),
      '--store',
      path('office'),
    );
    kid = exported.exporter;

    const imported = await trust('import', path('first.bundle'), '--exporter', kid, '--store', path('gate'));
    assert.deepEqual([imported.stderr, imported.status], ['', 0]);
    assert.match(imported.stdout, new RegExp(`exporter +${kid}, which is trusted here`));
    assert.deepEqual(await codes('gate', card.jws), ['VALID']);
    const { anchored, imported: isImported, exporter } = await shown('gate');
    assert.deepEqual([anchored, isImported, exporter], [true, true, kid]);
  });

  test('without a pinned exporter it is undetermined, and told so', async () => {
    const card = await federation.north.issue();
    const { stdout } = await trust('import', path('first.bundle'), '--store', path('careless'));
    assert.match(stdout, /which is not trusted here: cards are undetermined/);
    assert.deepEqual(await codes('careless', card.jws), ['TRUST_UNANCHORED']);
    const args = ['--store', path('careless'), '--allow-unanchored', card.jws];
    assert.deepEqual((await verifyJson(args)).decisions[0]?.codes, ['VALID']);
  });

  test('a card revoked since is refused with the next bundle, and the old bundle does not bring it back', async () => {
    const card = await federation.north.issue();
    await federation.north.issuer.revoke(card.rid);
    await federation.north.anchor();
    await syncOffice();
    await json('export', path('second.bundle'), '--store', path('office'));
    assert.deepEqual(await codes('gate', card.jws), ['VALID']);

    // The pin is remembered.
    await json('import', path('second.bundle'), '--store', path('gate'));
    assert.deepEqual(await codes('gate', card.jws), ['REVOKED']);
    assert.equal(
      await refused('import', path('first.bundle'), '--store', path('gate')),
      'LOG_OLDER_THAN_HELD',
    );
    assert.deepEqual(await codes('gate', card.jws), ['REVOKED']);
  });

  test('a bundle of somebody else, a damaged one and none are refused by name, and the store stays', async () => {
    const held = await shown('gate');
    const sync = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
    await trust('sync', ...sync, '--store', path('other-office'));
    await json('export', path('other.bundle'), '--store', path('other-office'));
    const whole = await readFile(path('second.bundle'), 'utf8');
    await writeFile(path('cut.bundle'), whole.slice(0, -100));
    for (const [name, code] of [
      ['other.bundle', 'EXPORTER_NOT_PINNED'],
      ['cut.bundle', 'BUNDLE_MALFORMED'],
      ['none.bundle', 'FILE_UNREADABLE'],
    ] as const) {
      assert.equal(await refused('import', path(name), '--store', path('gate')), code);
    }
    assert.equal((await trust('import', path('other.bundle'), '--exporter', 'me')).status, 64);
    assert.deepEqual({ ...(await shown('gate')), ageSeconds: 0 }, { ...held, ageSeconds: 0 });
  });

  test('what it exports is the bundle as it came: nobody’s word becomes its own', async () => {
    await json('export', path('passed-on.bundle'), '--store', path('gate'));
    assert.equal(
      await readFile(path('passed-on.bundle'), 'utf8'),
      await readFile(path('second.bundle'), 'utf8'),
    );
    assert.equal(
      await refused('export', path('log.json'), '--as', 'log', '--store', path('gate')),
      'FILE_UNREADABLE',
    );
  });

  test('with a network again it syncs on from there, and is then its own authority', async () => {
    const sync = ['--rpc', federation.rpcUrl, '--registry', federation.registry, '--store', path('gate')];
    const report = await json<{ newEvents: number; heldLists: number }>('sync', ...sync);
    assert.deepEqual([report.newEvents, report.heldLists], [0, 2]);
    const { imported, exporter } = await shown('gate');
    assert.deepEqual([imported, exporter === kid], [false, false]);
  });
});

describe('a log from another verifier', () => {
  test('serves where the nodes of the chain do not tell theirs, by URL and by file', async (t) => {
    await json('export', path('log.json'), '--as', 'log', '--store', path('office'));
    const log = await readFile(path('log.json'), 'utf8');
    const silent = await lyingNode(
      async (method, honest) => (method === 'eth_getLogs' ? { jsonrpc: '2.0', id: 1, result: [] } : honest()),
      federation.rpcUrl,
    );
    t.after(() => silent.stop());
    const server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/trust/log' });
      if (request.url === '/trust/log') response.end(log);
      else response.end(request.url === '/none' ? '{}' : 'not JSON');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => void server.close());
    const peer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const sync = ['sync', '--rpc', silent.rpcUrl, '--registry', federation.registry];
    for (const place of ['none', 'garbage', 'moved']) {
      const args = [...sync, '--store', path('new'), '--log', `${peer}/${place}`];
      assert.equal(await refused(...args), 'HEAD_MISMATCH');
    }
    assert.equal(
      await refused(...sync, '--store', path('new'), '--log', 'http://127.0.0.1:9/x'),
      'HEAD_MISMATCH',
    );
    for (const [store, place] of [
      ['by-url', `${peer}/trust/log`],
      ['by-file', path('log.json')],
    ] as const) {
      await json(...sync, '--store', path(store), '--log', path('none.json'), `${peer}/garbage`, place);
      const { source, faults } = await shown(store);
      assert.deepEqual(source, (await shown('office')).source);
      // Whose log it was that did not do is told later too.
      assert.deepEqual(faults, [{ endpoint: new URL(silent.rpcUrl).host, code: 'LOG_DIFFERS' }]);
    }
    const { stdout } = await trust('show', '--store', path('by-url'));
    assert.match(stdout, /not counted .* tells a log that does not lead to the head \(LOG_DIFFERS\)/);
  });
});

describe('a damaged store', () => {
  test('decides nothing, and the next sync sets it aside and fills it anew', async () => {
    const card = await federation.north.issue();
    const level = join(path('office'), 'level');
    for (const name of (await readdir(level)).filter((file) => /\.(?:log|ldb)$/.test(file))) {
      await truncate(join(level, name), 100);
    }
    assert.deepEqual(await codes('office', card.jws), ['TRUST_INVALID']);
    assert.equal(await refused('show', '--store', path('office')), 'STORE_CORRUPT');
    const { stdout, status } = await syncOffice();
    assert.equal(status, 0);
    assert.match(stdout, /^The trust store was damaged.*set aside as damaged-1/);
    assert.deepEqual(await codes('office', card.jws), ['VALID']);
    assert.equal((await shown('office')).exporter, kid, 'whoever pinned this exporter still does');
  });
});
