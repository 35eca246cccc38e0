import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { withIssuer } from '../../cli/issuer/session.ts';
import { fillStore } from '../agent/filled-issuer.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle, temporaryFolder } from '../agent/issuer-fixture.ts';
import type { Ended } from '../support/cli.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

async function passphraseFile(t: TestContext): Promise<string> {
  const path = join(await temporaryFolder(t), 'passphrase');
  await writeFile(path, PASSPHRASE, { mode: 0o600 });
  return path;
}

test('what a command has begun when SIGTERM comes is finished and on disk; then signals are nobody’s again', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.close();
  const before = process.listenerCount('SIGTERM');
  const options = { dir, passphraseFile: await passphraseFile(t) };
  const { id } = await withIssuer(options, async (open, stop) => {
    const begun = open.issuePlus(sampleBundle('lab-result'), { now: NOW });
    process.kill(process.pid, 'SIGTERM');
    const card = await begun;
    if (!stop.aborted) await once(stop, 'abort');
    return card;
  });
  assert.equal(process.listenerCount('SIGTERM'), before);
  const reopened = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => reopened.close());
  assert.equal((await reopened.revoke(id)).already, false);
});

/** Revokes a bulk; with `stop`, SIGTERM comes as soon as it says that it is at work. */
async function revokeBulk(options: readonly string[], stop: boolean): Promise<Ended> {
  const words = ['issuer', 'revoke', ...options, '--batch=filled', '--json'];
  const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, sent] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (!stop || sent || !stderr.includes('Revoking: ')) return;
    sent = true;
    child.kill('SIGTERM');
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

test('a revocation of many that SIGTERM stops says how far it is, and does not succeed', async (t) => {
  const { issuer, dir, kid } = await makeIssuer(t);
  await issuer.close();
  await fillStore(dir, kid, 60_000);
  const options = [`--dir=${dir}`, `--passphrase-file=${await passphraseFile(t)}`];
  const { status, stderr } = await revokeBulk(options, true);
  // A fast disk may be done before it says anything.
  if (status !== 0) {
    assert.equal(status, 69, stderr);
    assert.match(stderr, /"INTERRUPTED","message":"\d+ cards are revoked/);
  }
  const again = await revokeBulk(options, false);
  assert.equal(again.status, 0, again.stderr);
  const { revoked, already } = JSON.parse(again.stdout) as Record<'revoked' | 'already', number>;
  assert.ok(status === 0 ? revoked === 0 : revoked > 0);
  assert.ok(revoked + already > 40_000);
});
