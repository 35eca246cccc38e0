import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeIssuer, PASSPHRASE } from '../agent/issuer-fixture.ts';
import { NEW_YORK } from '../agent/records.ts';
import { run } from '../support/cli.ts';

test('limits of what can be true are shown, said anew as a whole, and kept when the value set changes', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  await issuer.close();
  const cwd = dirname(dir);
  await writeFile(join(cwd, 'secret'), PASSPHRASE);
  await writeFile(join(cwd, 'values.json'), NEW_YORK.valueSet);
  const policy = async (...args: readonly string[]): ReturnType<typeof run> =>
    run('pratique', ['issuer', 'policy', '--dir', dir, '--passphrase-file', 'secret', '--json', ...args], {
      cwd,
    });
  const limitsOf = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): object => {
    assert.notEqual(stdout, '', stderr);
    return (JSON.parse(stdout) as { readonly limits: object }).limits;
  };
  const before = limitsOf(await policy());
  const changed = { ...before, cardsPerDay: 2 };
  await writeFile(join(cwd, 'limits.json'), JSON.stringify(changed));
  assert.deepEqual(limitsOf(await policy('--limits', 'limits.json')), changed);
  assert.deepEqual(limitsOf(await policy('--value-set', 'values.json')), changed);
  await writeFile(join(cwd, 'limits.json'), JSON.stringify({ ...changed, cardsPerDay: 0 }));
  const refused = await policy('--limits', 'limits.json');
  assert.equal(refused.status, 65);
  assert.match(refused.stderr, /POLICY_INVALID/);
  assert.deepEqual(limitsOf(await policy()), changed);
});
