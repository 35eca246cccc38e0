import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { signBundle } from '../../../verifier/node/bundle.ts';
import { exporterKeyOf, oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { loadTrust } from '../../../verifier/node/load-trust.ts';
import { announceServer, retractServer } from '../../../verifier/node/running-server.ts';
import { openTrustStore } from '../../../verifier/node/trust-store.ts';
import { heldState } from '../../../verifier/node/trust-state.ts';
import { LOG, stateOf } from './registry-states.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A store that another process holds, and what answers for it. */
async function heldStore(
  t: TestContext,
  answer: { readonly status: number; readonly text: string },
): Promise<{ readonly folder: string; readonly url: string }> {
  const folder = await temporaryFolder(t);
  const store = await openTrustStore(folder);
  await store.put(stateOf(LOG));
  await store.close();
  const child = fork(new URL('./hold-store.ts', import.meta.url), [folder]);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'message');
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/trust/bundle' ? answer.status : 400).end(answer.text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return { folder, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const { document } = heldState(stateOf(LOG));

test('trust data that a running server holds is asked of it, and is anchored by the announced exporter alone', async (t) => {
  const exporter = oneTimeExporterKey();
  const { folder, url } = await heldStore(t, { status: 200, text: signBundle(document, exporter) });
  await assert.rejects(loadTrust({ store: folder }), { code: 'STORE_LOCKED' });
  for (const [announced, anchored] of [
    [exporter.kid, true],
    [null, false],
    [(await exporterKeyOf(folder)).kid, false],
  ] as const) {
    await announceServer(folder, { url, exporter: announced });
    const trust = await loadTrust({ store: folder });
    assert.ok(typeof trust !== 'string');
    assert.deepEqual([trust.document, trust.anchored], [document, anchored]);
  }
  await retractServer(folder);
  await assert.rejects(loadTrust({ store: folder }), { code: 'STORE_LOCKED' });
});

test('a server that has none, that refuses, or that tells something else is what it is', async (t) => {
  for (const [status, text, expected] of [
    [404, '', 'missing'],
    [200, 'no bundle', 'invalid'],
    [500, '', 'STORE_LOCKED'],
  ] as const) {
    const { folder, url } = await heldStore(t, { status, text });
    await announceServer(folder, { url, exporter: null });
    const loaded = await loadTrust({ store: folder }).catch(
      (error: unknown) => (error as { code: string }).code,
    );
    assert.equal(loaded, expected);
  }
});

test('an announcement that is damaged, or of a server that is gone, leaves the store locked', async (t) => {
  const { folder } = await heldStore(t, { status: 200, text: '' });
  for (const text of ['', '{', '[]', '{"url":7}', '{"url":"http://127.0.0.1:9","exporter":null}']) {
    await writeFile(join(folder, 'server.json'), text);
    await assert.rejects(loadTrust({ store: folder }), { code: 'STORE_LOCKED' });
  }
});
