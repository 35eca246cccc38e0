import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PolicyError, readPolicy, readPolicyFile } from '../../../verifier/node/venue-policy.ts';
import { DEFAULT_POLICY } from '../../../verifier/pipeline/venue-policy.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a policy that says nothing is the default one', () => {
  assert.deepEqual(readPolicy({}), { policy: DEFAULT_POLICY, allowUnanchored: false });
});

test('a policy that says everything is taken as it is written', () => {
  const json = {
    trustAge: {
      warnSeconds: 3600,
      refuseSeconds: 7200,
      jurisdictions: { 'US-NY': { warnSeconds: 60, refuseSeconds: 14 * 86_400 } },
    },
    issuerSilence: { warnSeconds: 86_400, jurisdictions: { 'US-NY': { warnSeconds: 366 * 86_400 } } },
    acceptedJurisdictions: ['US-NY', 'US-NJ'],
    acceptedProfiles: ['pass'],
    named: false,
    holder: 'proof',
    allowUnanchored: true,
  };
  const { allowUnanchored, policy } = readPolicy(json);
  assert.deepEqual({ ...policy, allowUnanchored }, json);
});

test('what is left out of a limit is that of all, and a warning never comes after the refusal', () => {
  const { policy } = readPolicy({
    trustAge: { refuseSeconds: 7200, jurisdictions: { A: { refuseSeconds: 600 }, B: { warnSeconds: 60 } } },
    issuerSilence: { warnSeconds: 90, jurisdictions: { A: {} } },
  });
  assert.deepEqual(policy.trustAge, {
    warnSeconds: 7200,
    refuseSeconds: 7200,
    jurisdictions: {
      A: { warnSeconds: 600, refuseSeconds: 600 },
      B: { warnSeconds: 60, refuseSeconds: 7200 },
    },
  });
  assert.deepEqual(policy.issuerSilence, { warnSeconds: 90, jurisdictions: { A: { warnSeconds: 90 } } });
});

const wrong: readonly unknown[] = [
  null,
  [],
  'strict',
  { trustage: {} },
  { trustAge: { maxSeconds: 60 } },
  { trustAge: 3600 },
  { trustAge: { warnSeconds: '3600' } },
  { trustAge: { warnSeconds: -1 } },
  { trustAge: { warnSeconds: 59 } },
  { trustAge: { warnSeconds: 3600.5 } },
  { trustAge: { refuseSeconds: 14 * 86_400 + 1 } },
  { trustAge: { warnSeconds: 7200, refuseSeconds: 3600 } },
  { trustAge: { jurisdictions: { A: { warnSeconds: 7200, refuseSeconds: 3600 } } } },
  { trustAge: { jurisdictions: { A: { seconds: 60 } } } },
  { trustAge: { jurisdictions: { 'no code': {} } } },
  { trustAge: { jurisdictions: ['A'] } },
  { issuerSilence: { warnSeconds: 0 } },
  { issuerSilence: { refuseSeconds: 60 } },
  { acceptedJurisdictions: [] },
  { acceptedJurisdictions: 'US-NY' },
  { acceptedJurisdictions: [7] },
  { acceptedProfiles: ['pass', 'anything'] },
  { named: 'yes' },
  { holder: 'id' },
  { holder: null },
  { allowUnanchored: 1 },
];
for (const json of wrong) {
  test(`a policy of ${JSON.stringify(json)} is POLICY_INVALID as a whole`, () => {
    assert.throws(() => readPolicy(json), { name: 'PolicyError', code: 'POLICY_INVALID' });
  });
}

test('the error names the member that is wrong', () => {
  assert.throws(() => readPolicy({ trustAge: { jurisdictions: { A: { warnSeconds: -5 } } } }), {
    message: /trustAge\.jurisdictions\.A\.warnSeconds/,
  });
});

test('a file is read as strict JSON, and one that is not there is POLICY_UNREADABLE', async (t) => {
  const path = join(await temporaryFolder(t), 'policy.json');
  await assert.rejects(readPolicyFile(path), { code: 'POLICY_UNREADABLE' });
  await writeFile(path, '{"named":false}');
  assert.equal((await readPolicyFile(path)).policy.named, false);
  for (const text of ['', '{"named":false,"named":true}', '{"named":false} x', 'x'.repeat(300_000)]) {
    await writeFile(path, text);
    await assert.rejects(readPolicyFile(path), PolicyError);
  }
});

test('the example of docs/venue-policy.md is a policy, and says everything that one may', async () => {
  const text = await readFile(new URL('../../../docs/venue-policy.md', import.meta.url), 'utf8');
  const [, example = ''] = /```json\n(.*?)```/s.exec(text) ?? [];
  const { policy, allowUnanchored } = readPolicy(JSON.parse(example));
  assert.deepEqual(policy.trustAge.jurisdictions, {
    'US-NY': { warnSeconds: 86_400, refuseSeconds: 86_400 },
  });
  const members = Object.keys({ ...policy, allowUnanchored }).toSorted();
  assert.deepEqual(Object.keys(JSON.parse(example) as object).toSorted(), members);
  const rows = [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);
  assert.deepEqual(rows.toSorted(), members);
});
