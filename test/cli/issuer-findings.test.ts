import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { initIssuer } from '../../agent/issuer-folder.ts';
import { renderFindings } from '../../cli/issuer/findings.ts';
import { ISS, KDF_COST, PASSPHRASE, stateTrust } from '../agent/issuer-fixture.ts';
import { run } from '../support/cli.ts';

const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url);
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-findings-'));
  const clock = (): number => Math.floor(Date.now() / 1000) - 60;
  const made = { dir: join(folder, 'issuer'), passphrase: PASSPHRASE, iss: ISS, name: 'Harbor Clinic' };
  const issuer = await initIssuer({ ...made, kdfCost: KDF_COST, clock });
  const { kid } = await issuer.createSigningKey();
  await stateTrust(issuer);
  await issuer.anchored(kid, issuer.statusList(kid));
  await issuer.close();
  await writeFile(join(folder, 'passphrase'), PASSPHRASE, { mode: 0o600 });
});
after(() => rm(folder, { recursive: true }));

async function issue(bundle: string, ...args: string[]): Promise<string> {
  const path = join(folder, 'bundle.json');
  await writeFile(path, bundle);
  const from = ['--dir', join(folder, 'issuer'), '--passphrase-file', join(folder, 'passphrase')];
  const { status, stdout, stderr } = await run('pratique', ['issuer', 'issue', ...from, ...args, path], {
    cwd: folder,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test('issue says what of the minimised bundle verifiers may hold against the card, without quoting it', async () => {
  const sample = await readFile(SAMPLE, 'utf8');
  const odd = sample.replaceAll('PRQ2201', 'Lot PRQ2201');
  const code = 'LOT_NUMBER_WORD';
  const path = 'Bundle.entry[1].resource.lotNumber';
  const { findings } = JSON.parse(await issue(odd, '--json')) as { findings: unknown };
  assert.deepEqual(findings, [{ code, level: 'warning', path }]);
  const words = await issue(odd);
  assert.ok(words.includes(`  warning ${code} at ${path}: `) && !words.includes('PRQ2201'));
});

test('issue says nothing of a bundle that is clean once it is minimised', async () => {
  const sample = await readFile(SAMPLE, 'utf8');
  assert.deepEqual((JSON.parse(await issue(sample, '--json')) as { findings: unknown }).findings, []);
});

test('findings are lines with level, code and place; without any there is no line', () => {
  assert.deepEqual(renderFindings([]), []);
  const path = 'Bundle.entry[1].resource.lotNumber';
  const [, line = ''] = renderFindings([{ code: 'LOT_NUMBER_WORD', level: 'warning', path }]);
  assert.ok(line.startsWith(`  warning LOT_NUMBER_WORD at ${path}: `));
});
