import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadQrWasm } from '../../credential/qr-reader-node.ts';
import { readQrCodes } from '../../credential/qr-reader.ts';
import { enterDesk, findPerson, watchedBrowser } from '../agent/desk/desk-fixture.ts';
import { NEW_YORK } from '../agent/records.ts';
import { residentRecord } from '../agent/service/resident-service.ts';
import { withoutChromium } from '../support/chromium.ts';
import { run, verifyJson } from '../support/cli.ts';
import { startFederation } from '../support/federation.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

test(
  'what a clerk issues at the desk of a running service is accepted by venues, and refused soon after it is revoked there',
  { skip: withoutChromium },
  async (t) => {
    const federation = await startFederation();
    t.after(() => federation.stop());
    const { folder: cwd, rpcUrl, registry, north } = federation;
    await north.issuer.policy.say(NEW_YORK);
    await north.issuer.close();
    const put = async (name: string, content: string): Promise<void> => writeFile(join(cwd, name), content);
    await put('secret', 'correct horse battery');
    await put('records.ndjson', JSON.stringify(residentRecord()));
    await put('sms-secret', `whsec_${Buffer.alloc(32, 5).toString('base64')}`);
    const config = {
      sources: [{ kind: 'loaded', name: 'New York' }],
      sms: { url: 'http://127.0.0.1:9/', secretFile: 'sms-secret' },
    };
    await put('service.json', JSON.stringify(config));
    const folder = ['--dir', 'north', '--passphrase-file', 'secret', '--json'];
    const load = ['issuer', 'records', 'load', ...folder, '--source', 'New York', 'records.ndjson'];
    assert.equal((await run('pratique', load, { cwd })).status, 0);
    const scopes = ['--scope', 'issue', 'revoke', 'records'];
    const client = await run('pratique', ['issuer', 'client', 'add', ...folder, ...scopes, '--', 'Rosa'], {
      cwd,
    });
    const { apiKey } = JSON.parse(client.stdout) as { readonly apiKey: string };
    const chain = ['--rpc', rpcUrl, '--registry', registry];
    const serve = ['issuer', 'serve', ...folder, ...chain, '--account', '2', '--port', '0', '--every', '1s'];
    const child = spawn(process.execPath, [PROGRAM, ...serve, '--config', 'service.json'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    child.stderr.on('data', (bytes) => (said += String(bytes)));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { readonly url: string };

    const { complaints, open } = await watchedBrowser(t);
    const page = await open();
    await enterDesk(page, url, apiKey);
    await findPerson(page, { family: 'canary nunez', given: 'zoe', born: '1980-02-29' });
    await page.getByRole('button', { name: 'Issue: Vaccination Pass', exact: true }).click();
    const picture = page.getByRole('img', { name: 'QR code' });
    await picture.waitFor();
    const [text = ''] = await readQrCodes(await picture.screenshot(), loadQrWasm);
    /** What a venue that synchronises now says of it. */
    const { kid } = north.issuer.keys()[0] ?? assert.fail();
    const list = join('public', 'status', `${kid}.list`);
    const codes = async (): Promise<readonly string[]> => {
      const sync = ['trust', 'sync', ...chain, '--store', 'gate', '--confirmations', '0', '--list', list];
      await run('pratique', sync, { cwd });
      const { decisions } = await verifyJson(['--store', 'gate', text], { cwd });
      return decisions[0]?.codes ?? [];
    };
    assert.deepEqual(await codes(), ['VALID'], said);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByLabel('Reason').selectOption('holder-request');
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText('Its holder asked for it').waitFor();
    // Until the next anchor has landed and its list lies there.
    let found: readonly string[] = [];
    for (let looks = 0; looks < 25 && !found.includes('REVOKED'); looks++) {
      await sleep(500);
      found = await codes();
    }
    assert.deepEqual(found, ['REVOKED'], said);
    assert.deepEqual(complaints, []);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], said);
    assert.doesNotMatch(said, /canary|Zoë|1980-02-29|pratique_/i);
  },
);
