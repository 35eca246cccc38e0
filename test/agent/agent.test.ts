import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { makeIssuer, NOW, PASSPHRASE } from './issuer-fixture.ts';

test('with every debug line switched on, none carries a credential, a person or a key', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.close();
  const script = `
    const { openIssuer } = await import(process.argv[1]);
    const { readFileSync } = await import('node:fs');
    const issuer = await openIssuer({ dir: process.argv[2], passphrase: process.argv[4] });
    const card = await issuer.issuePlus(JSON.parse(readFileSync(process.argv[3], 'utf8')), { now: ${NOW} });
    for (const credential of [card.vc, card.legacyVc, card.vc.slice(0, -2)]) await issuer.agent.verifyCredential({ credential });
    await issuer.agent.createVerifiableCredential({ credential: { issuer: issuer.did, name: 'Ferreira' }, proofFormat: 'jwt' }).catch(() => 0);
    await issuer.close();
    process.stdout.write('done');
  `;
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      script,
      new URL('../../agent/issuer-folder.ts', import.meta.url).href,
      dir,
      new URL('../../cli/samples/immunization.json', import.meta.url).pathname,
      PASSPHRASE,
    ],
    { env: { ...process.env, DEBUG: '*' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [said, lines] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  assert.equal(said, 'done', lines);
  assert.match(lines, /veramo:/, 'debug lines are on');
  for (const word of ['Ferreira', 'eyJ', 'fhirBundle', 'credentialSubject', PASSPHRASE]) {
    assert.ok(!lines.includes(word), `a debug line says ${word}`);
  }
});

test('the agent offers both token formats for its keys', async (t) => {
  const { issuer } = await makeIssuer(t);
  const identifier = await issuer.agent.didManagerGet({ did: issuer.did });
  assert.deepEqual(await issuer.agent.listUsableProofFormats(identifier), ['vc+jwt', 'jwt']);
});

test('the agent resolves its own DID, and nobody else’s', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { didDocument } = await issuer.agent.resolveDid({ didUrl: issuer.did });
  assert.deepEqual(didDocument?.assertionMethod, [`${issuer.did}#${kid}`]);
  const other = await issuer.agent.resolveDid({ didUrl: 'did:web:other.example' });
  assert.equal(other.didResolutionMetadata.error, 'notFound');
});
