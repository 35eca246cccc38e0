import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import type { TrustReport } from '../../verifier/node/venue.ts';
import { mintCard, newKey } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';
import { type Federation, now, startFederation } from '../support/federation.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

/** A node as an operator starts it. */
interface Node {
  readonly url: string;
  readonly verify: (
    credential: string,
    language?: string,
  ) => Promise<Decision & { reasons: { text: string }[]; judgedAt: number }>;
  readonly trust: () => Promise<TrustReport>;
  readonly stop: () => Promise<number | null>;
}

async function startNode(cwd: string, ...args: readonly string[]): Promise<Node> {
  const child: ChildProcess = spawn(
    process.execPath,
    [PROGRAM, 'verifier', 'serve', '--port', '0', '--json', ...args],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  child.stderr?.resume();
  assert.ok(child.stdout);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const response = await fetch(url + path, init);
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as T;
  };
  return {
    url,
    verify: (credential, language = 'en') =>
      ask('/verify', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': language },
        body: JSON.stringify({ credential }),
      }),
    trust: () => ask('/trust'),
    async stop() {
      child.kill('SIGTERM');
      const [status] = (await once(child, 'exit')) as [number | null];
      return status;
    },
  };
}

/** Asks until it is so, for a bounded time. */
async function until(what: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('It never came to be so.');
}

describe('a venue, from the terminal', () => {
  let federation: Federation;
  let node: Node;
  const cards = new Map<string, { readonly jws: string; readonly code: string }>();
  before(async () => {
    federation = await startFederation();
    const { north, south } = federation;
    const [good, revoked, other] = [await north.issue(), await north.issue(), await south.issue()];
    await north.issuer.revoke(revoked.rid);
    await north.anchor();
    const { jws } = good;
    const middle = Math.floor(jws.lastIndexOf('.') / 2);
    const altered = `${jws.slice(0, middle)}${jws[middle] === 'A' ? 'B' : 'A'}${jws.slice(middle + 1)}`;
    cards.set('good', { jws, code: 'VALID' });
    cards.set('as a W3C credential', { jws: good.vc, code: 'VALID' });
    cards.set('of another issuer', { jws: other.jws, code: 'VALID' });
    cards.set('revoked', { jws: revoked.jws, code: 'REVOKED' });
    cards.set('altered', { jws: altered, code: 'SIGNATURE_INVALID' });
    cards.set('self-made', { jws: mintCard(newKey(), { nbf: now() }), code: 'ISSUER_UNKNOWN' });
    cards.set('no card', { jws: 'shc:/12', code: 'MALFORMED' });
    const chain = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
    const status = join(federation.folder, 'public', 'status');
    const lists = (await readdir(status)).map((name) => join(status, name));
    const cwd = federation.folder;
    assert.equal((await run('pratique', ['trust', 'sync', ...chain, '--list', ...lists], { cwd })).status, 0);
    node = await startNode(cwd, ...chain, '--interval', '5');
  });
  after(async () => {
    await node.stop();
    await federation.stop();
  });

  const answersRightly = async (by: Node): Promise<void> => {
    for (const [name, { jws, code }] of cards) {
      assert.deepEqual((await by.verify(jws)).codes, [code], name);
    }
  };

  test('answers about every kind of card, and says how fresh its knowledge is', async () => {
    await answersRightly(node);
    await until(async () => (await node.trust()).online === true);
    const { state, anchored, freshness, lists } = await node.trust();
    assert.deepEqual([state, anchored, freshness], ['held', true, 'fresh']);
    assert.deepEqual(new Set(lists.map((list) => list.state)), new Set(['current']));
  });

  test('says why in the language of whoever asks', async () => {
    const { jws } = cards.get('revoked') ?? { jws: '' };
    const texts = await Promise.all(
      ['en', 'zh-TW', 'es-MX'].map(async (language) => (await node.verify(jws, language)).reasons[0]?.text),
    );
    assert.equal(new Set(texts).size, 3, texts.join());
  });

  test('a suspension on the chain reaches it without anybody doing anything', async () => {
    const { accreditor, south } = federation;
    const { jws } = cards.get('of another issuer') ?? { jws: '' };
    await accreditor.setIssuerStatus(south.id, 'suspended', 1);
    await until(async () => (await node.verify(jws)).codes.includes('ISSUER_SUSPENDED'));
    cards.set('of another issuer', { jws, code: 'ISSUER_SUSPENDED' });
  });

  test('the operator’s other commands are answered while it holds the store', async () => {
    const { jws } = cards.get('good') ?? { jws: '' };
    const { decisions } = await verifyJson([jws], { cwd: federation.folder });
    assert.deepEqual([decisions[0]?.codes], [['VALID']]);
    const told = await run('pratique', ['trust', 'show', '--json'], { cwd: federation.folder });
    const { anchored, exporter } = JSON.parse(told.stdout) as { anchored: boolean; exporter: string };
    assert.deepEqual([anchored, exporter], [true, (await node.trust()).exporter]);
    const out = join(federation.folder, 'office.bundle');
    const written = await run('pratique', ['trust', 'export', out], { cwd: federation.folder });
    assert.equal(written.status, 0, written.stderr);
    const asked = await verifyJson(['--trust', out, '--exporter', exporter, jws]);
    assert.deepEqual(asked.decisions[0]?.codes, ['VALID']);
  });

  test('a second node that is fed by nothing but the bundle of the first answers alike', async () => {
    const bundle = join(federation.folder, 'passed-on.bundle');
    const response = await fetch(`${node.url}/trust/bundle`);
    await writeFile(bundle, await response.text());
    const { exporter } = await node.trust();
    const second = await startNode(federation.folder, '--trust', bundle, '--exporter', exporter ?? '');
    try {
      for (const [name, { jws }] of cards) {
        const answers = await Promise.all([node, second].map((by) => by.verify(jws)));
        const [one, other] = answers.map(({ trust: _trust, judgedAt: _at, ...answer }) => answer);
        assert.deepEqual(other, one, name);
      }
      assert.equal((await second.trust()).imported, true);
    } finally {
      assert.equal(await second.stop(), 0);
    }
    const nobody = await startNode(federation.folder, '--trust', bundle);
    const { jws } = cards.get('good') ?? { jws: '' };
    assert.deepEqual((await nobody.verify(jws)).codes, ['TRUST_UNANCHORED']);
    await nobody.stop();
  });

  test('over TLS of a local CA, devices reach it by that CA, and the operator’s commands as before', async () => {
    const store = join(federation.folder, 'tls-venue');
    const { jws } = cards.get('good') ?? { jws: '' };
    const bundle = `${node.url}/trust/bundle`;
    const { exporter } = await node.trust();
    const imported = ['trust', 'import', bundle, '--exporter', exporter ?? '', '--store', store];
    assert.equal((await run('pratique', imported, { cwd: federation.folder })).status, 0);
    const secure = await startNode(federation.folder, '--store', store, '--tls-local-ca');
    try {
      const ca = await readFile(join(store, 'tls', 'ca.pem'), 'utf8');
      const asked = get(`${secure.url}/setup`, { ca });
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      const page = await text(response);
      assert.ok(page.includes(`${secure.url}/setup`), 'it tells where it really is');
      assert.equal((await stat(join(store, 'tls', 'ca-key.pem'))).mode & 0o777, 0o600);
      const { decisions } = await verifyJson(['--store', store, jws]);
      assert.deepEqual(decisions[0]?.codes, ['VALID']);
    } finally {
      assert.equal(await secure.stop(), 0);
    }
  });

  test('with the chain gone it decides as before, and says since when it knows nothing new', async () => {
    const statusBefore = (await node.trust()).takenAt;
    await federation.stopChain();
    await until(async () => (await node.trust()).online === false);
    await answersRightly(node);
    const { takenAt, lastAttempt } = await node.trust();
    assert.ok(takenAt !== null && statusBefore !== null && takenAt >= statusBefore);
    assert.equal(lastAttempt?.code, 'CHAIN_UNAVAILABLE');
  });
});
