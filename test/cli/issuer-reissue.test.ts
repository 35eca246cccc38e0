import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { NEW_YORK } from '../agent/records.ts';
import { bulkFixture, outcomesIn, peopleLines } from '../agent/bulk-fixture.ts';
import { PASSPHRASE } from '../agent/issuer-fixture.ts';
import { run, type Ended } from '../support/cli.ts';

const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url).pathname;

test('from the terminal: a window changes, and cards are issued anew, one by one and as a bulk', async (t) => {
  const { issuer: opened, dir, folder, input, out } = await bulkFixture(t, peopleLines(60));
  await opened.close();
  const [secret, values] = [join(folder, 'passphrase'), join(folder, 'values.json')];
  await writeFile(secret, PASSPHRASE, { mode: 0o600 });
  const changed = JSON.parse(NEW_YORK.valueSet) as { numbers: Record<string, number> };
  changed.numbers['validDays'] = 300;
  await writeFile(values, JSON.stringify(changed));
  const issuer = async (...args: string[]): Promise<Ended> =>
    run('pratique', ['issuer', ...args, '--dir', dir, '--passphrase-file', secret], { cwd: folder });
  const json = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { status, stdout, stderr } = await issuer(...args, '--json');
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  const bulk = ['bulk', '--product=vaccination-pass', input];
  const spring = await json(...bulk, '--batch=spring', `--out=${out}`);
  const moved = await issuer('policy', '--value-set', values);
  assert.match(moved.stdout, /validDays was 365 and is 300 for cards issued from now on/);
  assert.match(moved.stdout, /keep the end they were signed with[^]*--replaces ID[^]*--superseded-by NEW/);
  assert.doesNotMatch((await issuer('policy')).stdout, /keep the end/);
  const autumn = await json(...bulk, '--batch=autumn', `--out=${join(folder, 'autumn')}`);
  assert.ok(Number(autumn['cards']) > 0 && Number(autumn['cards']) < Number(spring['cards']));

  const superseding = ['revoke', '--batch=spring', '--superseded-by=autumn'];
  const none = { revoked: 0, already: 0 };
  const done = { ...none, revoked: Number(autumn['cards']), reason: 'superseded' };
  assert.deepEqual(await json(...superseding), done);
  const again = { ...none, already: Number(autumn['cards']), reason: 'superseded' };
  assert.deepEqual(await json(...superseding, '--product=vaccination-pass'), again);
  const other = await issuer(...superseding, '--product=pcr-pass');
  assert.deepEqual([other.status, (await outcomesIn(out)).cards.length], [65, spring['cards']]);

  const single = ['--out', join(folder, 'single')];
  const { id, rid } = await json('issue', SAMPLE, ...single);
  const { replaced } = (await json('issue', SAMPLE, ...single, `--replaces=${String(rid)}`)) as {
    replaced: { id: string; reason: string };
  };
  assert.deepEqual([replaced.id, replaced.reason], [id, 'superseded']);
  const third = await issuer('issue', SAMPLE, ...single, `--replaces=${String(rid)}`);
  assert.match(third.stdout, /was revoked already \(superseded\) and stays so/);
  const foreign = (await outcomesIn(out)).cards[0]?.id ?? '';
  const refused = await issuer('issue', SAMPLE, ...single, `--replaces=${foreign}`);
  assert.deepEqual([refused.status, /OTHER_PERSON/.test(refused.stderr)], [65, true]);

  for (const words of [
    ['--superseded-by=autumn', rid],
    ['--lot=A', '--product=pcr-pass'],
    ['--superseded-by=x'],
  ]) {
    assert.equal((await issuer('revoke', ...words.map(String))).status, 64, words.join(' '));
  }
});
