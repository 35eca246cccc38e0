import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { initIssuer } from '../../agent/issuer-folder.ts';
import { temporaryFolder } from '../agent/issuer-fixture.ts';
import { residentRecord } from '../agent/service/resident-service.ts';
import { run } from '../support/cli.ts';

test('a file of records is loaded with a report, listed and dropped; which lines are refused stands beside it', async (t) => {
  const cwd = await temporaryFolder(t);
  const passphrase = 'correct horse battery';
  await writeFile(join(cwd, 'secret'), passphrase);
  const dir = join(cwd, 'clinic');
  const iss = 'https://health.example.org/shc';
  await (await initIssuer({ dir, passphrase, iss, name: 'Clinic', kdfCost: 2 ** 14 })).close();
  const folder = ['--dir', 'clinic', '--passphrase-file', 'secret'];
  const records = async (...args: readonly string[]) =>
    run('pratique', ['issuer', 'records', args[0] ?? '', ...folder, ...args.slice(1)], { cwd });

  const good = JSON.stringify(residentRecord());
  await writeFile(join(cwd, 'good.ndjson'), good);
  const loaded = await records('load', '--source', 'New York', 'good.ndjson');
  assert.equal(loaded.status, 0, loaded.stderr);
  assert.match(loaded.stdout, /^Records of New York: 1 persons new, 0 changed, 0 as they were\./);
  await assert.rejects(stat(join(cwd, 'good.ndjson.refused.ndjson')));

  await writeFile(join(cwd, 'more.ndjson'), `${good}\n{"canary":\n{"resourceType":"Bundle"}\n`);
  const mixed = await records('load', '--source', 'New York', '--json', 'more.ndjson');
  assert.equal(mixed.status, 65);
  const report = JSON.parse(mixed.stdout) as Record<string, unknown>;
  assert.deepEqual([report['unchanged'], report['refused']], [1, { LINE_NOT_JSON: 1, BUNDLE_MALFORMED: 1 }]);
  const refused = await readFile(join(cwd, 'more.ndjson.refused.ndjson'), 'utf8');
  assert.deepEqual(refused.trim().split('\n'), [
    '{"line":2,"reason":"LINE_NOT_JSON"}',
    '{"line":3,"reason":"BUNDLE_MALFORMED"}',
  ]);

  const header = 'identifier,family,given,middle,otherFamily,otherGiven,birthDate,postalCode,phone,email,';
  await writeFile(
    join(cwd, 'doses.csv'),
    `${header}event,code,date,lot,performer,result\n17,Canary,Ada,,,,1980-02-29,10001,2125550001,,immunization,208,2021-03-01,,,\n`,
  );
  assert.equal((await records('load', '--source', 'Vermont', 'doses.csv')).status, 0);
  const list = JSON.parse((await records('list', '--json')).stdout) as unknown;
  assert.deepEqual(list, {
    sources: [
      { source: 'New York', persons: 1 },
      { source: 'Vermont', persons: 1 },
    ],
  });
  const dropped = await records('drop', 'Vermont');
  assert.match(dropped.stdout, /Dropped the records of 1 persons of Vermont/);
  const again = await records('drop', 'Vermont');
  assert.deepEqual([again.status, again.stderr.split(':')[0]], [65, 'SOURCE_UNKNOWN']);
  assert.equal((await records('load', '--source', 'a/b', 'good.ndjson')).status, 65);
  assert.equal((await records('load', '--source', 'x', 'nothing.ndjson')).status, 65);
  assert.equal((await records('load', 'good.ndjson')).status, 64);

  const audit = await run('pratique', ['issuer', 'audit', 'list', ...folder], { cwd });
  const deeds = audit.stdout.split('\n').filter((line) => /records/.test(line));
  assert.ok(deeds.length >= 6, audit.stdout + audit.stderr);
  assert.match(audit.stdout, /loaded records of New York: 0 persons new, 0 changed, 0 withdrawn, 2 refused/);
  assert.match(audit.stdout, /dropped the records of 1 persons of Vermont/);
  for (const said of [audit, loaded, mixed]) {
    assert.doesNotMatch(said.stdout + said.stderr + refused, /canary|Zoë|1980|2125550001/i);
  }
});
