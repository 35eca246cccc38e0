import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { signBundle } from '../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { loadTrust } from '../../../verifier/node/load-trust.ts';
import { openTrustStore } from '../../../verifier/node/trust-store.ts';
import { decide, mintCard, newKey, trustDocument, trustedIssuer, trustedKey } from '../../support/cards.ts';
import { LOG, stateOf } from './registry-states.ts';
import { temporaryFolder } from './temporary-folder.ts';

const exporter = oneTimeExporterKey();
const key = newKey();
const fromChain = trustDocument({ keys: [trustedKey(key)] });
const fromNowhere = trustDocument({
  keys: [trustedKey(key)],
  source: { kind: 'unanchored', origin: 'a test' },
});

test('a bundle is anchored only if it is of a chain and its exporter is pinned', async (t) => {
  const bundle = join(await temporaryFolder(t), 'bundle');
  for (const [document, pin, anchored] of [
    [fromChain, exporter.kid, true],
    [fromChain, undefined, false],
    [fromChain, oneTimeExporterKey().kid, false],
    [fromNowhere, exporter.kid, false],
    [fromNowhere, undefined, false],
  ] as const) {
    await writeFile(bundle, signBundle(document, exporter));
    const trust = await loadTrust({ bundle, exporter: pin });
    assert.ok(typeof trust === 'object');
    assert.equal(trust.anchored, anchored);
    const { codes } = await decide(mintCard(key), trust);
    assert.deepEqual(codes, [anchored ? 'VALID' : 'TRUST_UNANCHORED']);
  }
});

test('a bundle or a store that is not there is missing', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal(await loadTrust({ bundle: join(folder, 'none') }), 'missing');
  assert.equal(await loadTrust({ store: join(folder, 'none') }), 'missing');
  assert.equal(await loadTrust({ store: folder }), 'missing');
});

test('a bundle that is damaged, empty, a folder, or does not add up is invalid', async (t) => {
  const folder = await temporaryFolder(t);
  const bundle = join(folder, 'bundle');
  const good = signBundle(fromChain, exporter);
  const contradictory = trustDocument({ issuers: [trustedIssuer(), trustedIssuer()] });
  for (const content of [
    '',
    `${good.slice(0, 999)}x${good.slice(1000)}`,
    `${good}\u00e9`,
    signBundle(contradictory, exporter),
  ]) {
    await writeFile(bundle, content);
    assert.equal(await loadTrust({ bundle, exporter: exporter.kid }), 'invalid');
  }
  assert.equal(await loadTrust({ bundle: folder }), 'invalid');
});

test('a store that was synced here is anchored; a damaged one is invalid; a locked one says so', async (t) => {
  const folder = await temporaryFolder(t);
  const store = await openTrustStore(folder);
  await store.put(stateOf(LOG));
  await store.close();
  const trust = await loadTrust({ store: folder });
  assert.ok(typeof trust === 'object' && trust.anchored);

  const child = fork(new URL('./hold-store.ts', import.meta.url), [folder]);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'message');
  await assert.rejects(loadTrust({ store: folder }), { code: 'STORE_LOCKED' });
  child.kill('SIGKILL');
  await once(child, 'exit');

  const digest = join(folder, 'digest.json');
  await writeFile(digest, (await readFile(digest, 'utf8')).replace(/[0-9]/, 'f'));
  assert.equal(await loadTrust({ store: folder }), 'invalid');
});
