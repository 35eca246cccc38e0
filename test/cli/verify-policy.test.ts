import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { mintCard, newKey, trustDocument, trustedKey } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';

const key = newKey();
const card = mintCard(key);
let folder: string;
let bundle: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-policy-'));
  bundle = join(folder, 'trust');
  const document = trustDocument({ keys: [trustedKey(key)], takenAt: Math.floor(Date.now() / 1000) });
  await writeFile(bundle, signBundle(document, oneTimeExporterKey()));
});
after(() => rm(folder, { recursive: true }));

const policyFile = async (json: object): Promise<string> => {
  const path = join(folder, 'policy.json');
  await writeFile(path, JSON.stringify(json));
  return path;
};

test('pratique verify --policy decides by the policy of the venue', async () => {
  const policy = await policyFile({ allowUnanchored: true, named: false });
  const { status, decisions } = await verifyJson(['--trust', bundle, '--policy', policy, card]);
  assert.deepEqual([status, decisions[0]?.outcome, decisions[0]?.subject], [0, 'accepted', null]);
  const warned = await run('pratique', ['verify', '--trust', bundle, '--policy', policy, card]);
  assert.match(warned.stdout, /TRUST_NOT_ANCHORED {2,}\S.*\n {2}REVOCATION_NOT_OFFERED {2,}\S/);

  const other = await policyFile({ allowUnanchored: true, acceptedJurisdictions: ['US-NY'] });
  const refused = await verifyJson(['--trust', bundle, '--policy', other, card]);
  assert.deepEqual([refused.status, refused.decisions[0]?.codes], [1, ['RULES_NOT_MET']]);
});

test('a policy that does not hold is exit 65 and decides nothing', async () => {
  for (const path of [await policyFile({ trustAge: { warnSeconds: -1 } }), join(folder, 'none.json')]) {
    const { status, stdout, stderr } = await run('pratique', [
      'verify',
      '--trust',
      bundle,
      '--policy',
      path,
      card,
    ]);
    assert.deepEqual([status, stdout], [65, '']);
    assert.match(stderr, /POLICY_/);
  }
});
