import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { initIssuer } from '../../agent/issuer-folder.ts';
import { anchorStatus } from '../../cli/issuer/anchor.ts';
import { registerSigningKey } from '../../cli/issuer/register-key.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';
import { blocksOf, runBlocks } from '../support/guide.ts';
import { now, startFederation, type Federation } from '../support/federation.ts';

const PASSPHRASE = 'a passphrase of the guide';
const ISS = 'https://clinic.example/health';

let federation: Federation;
let cwd: string;
let kid: string;

before(async () => {
  federation = await startFederation();
  const { rpcUrl, registry, chainId, accreditor, folder } = federation;
  cwd = join(folder, 'guide');
  await mkdir(cwd);
  await writeFile(join(cwd, 'passphrase'), PASSPHRASE);
  const client = await connectRegistry({ rpcUrl, address: registry, chainId, account: 0 });
  const { issuerId } = await accreditor.registerIssuer({
    iss: ISS,
    name: 'Clinic',
    statusBase: ISS,
    jurisdiction: 'US-NY',
    controller: await client.sender(),
    accreditedFrom: now() - 60,
    accreditedUntil: 0,
    attestations: 0,
    status: 'active',
  });
  const dir = join(cwd, 'clinic');
  const clinic = { dir, passphrase: PASSPHRASE, iss: ISS, name: 'Clinic', kdfCost: 2 ** 14 };
  const issuer = await initIssuer(clinic);
  await issuer.bindRegistry({ chainId, registry, issuerId, rpcUrl });
  ({ kid } = (await registerSigningKey(issuer, client, { now: now() - 30 })).key);
  await anchorStatus(issuer, client, { rpcUrl });
  await issuer.publishStatus(kid, join(cwd, 'public'));
  await issuer.close();
});
after(() => federation.stop());

test('the commands of docs/backup.md do what it says, one after the other', async () => {
  const blocks = blocksOf(await readFile(new URL('../../docs/backup.md', import.meta.url), 'utf8'));
  const [backup = '', restore = '', anchor = '', ...others] = await runBlocks(blocks, {
    rpcUrl: federation.rpcUrl,
    cwd,
  });
  assert.deepEqual(others, []);
  assert.match(backup, /^Backup written to clinic\.backup, read back and found whole\.\n/);
  assert.match(restore, /^Issuer Clinic, did:web:clinic\.example:health, restored into restored\.\n/);
  assert.match(anchor, new RegExp(`^List ${kid}: anchored as counter 2 in block \\d+, \\d+ gas\\.\n`));
});
