import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withBulkProgress } from '../../cli/issuer/bulk-progress.ts';
import { assertWhole, bulkFixture, outcomesIn } from '../agent/bulk-fixture.ts';
import { sharedFixture } from '../agent/bulk/shared-fixture.ts';
import { PASSPHRASE } from '../agent/issuer-fixture.ts';
import { ownPostgres } from '../agent/store/places.ts';
import { withoutPostgres } from '../support/postgres.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pratique issuer`; with `stopAt`, sends SIGTERM once standard error says it. */
async function issuer(words: readonly string[], stopAt?: string): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, 'issuer', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr, sent] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    // A second one would be the end at once.
    if (stopAt === undefined || sent || !stderr.includes(stopAt)) return;
    sent = true;
    child.kill('SIGTERM');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

test('a bulk from the terminal: stopped by SIGTERM it says so, goes on, and reports by reason', async (t) => {
  const { issuer: open, dir, folder, input, out } = await bulkFixture(t, '');
  await open.close();
  const passphraseFile = join(folder, 'passphrase');
  await writeFile(passphraseFile, PASSPHRASE, { mode: 0o600 });
  const people = 20_000;
  assert.equal((await issuer(['sample', '--people', String(people), '--out', input])).code, 0);
  const bulk = [
    'bulk',
    `--dir=${dir}`,
    `--passphrase-file=${passphraseFile}`,
    '--product=vaccination-pass',
    `--out=${out}`,
    '--threads=1',
    '--json',
    input,
  ];
  const stopped = await issuer(bulk, 'Issuing: ');
  assert.equal(stopped.code, 0, stopped.stderr);
  assert.match(stopped.stderr, /Issuing: \d+ %, \d+ cards, \d+ refused, \d+ records\/s/);
  assert.match(stopped.stderr, /Ending after what is under way/);
  const first = JSON.parse(stopped.stdout) as { finished: boolean; lines: number };
  assert.equal(first.finished, false);
  assert.ok(first.lines > 0 && first.lines < people);

  const { code, stdout } = await issuer(bulk);
  assert.equal(code, 0);
  const report = JSON.parse(stdout) as { finished: boolean; cards: number; reasons: Record<string, number> };
  assert.equal(report.finished, true);
  const refused = Object.values(report.reasons).reduce((sum, count) => sum + count, 0);
  assert.equal(report.cards + refused, people);
  assertWhole(await outcomesIn(out), people);

  const again = await issuer(bulk.filter((word) => word !== '--json'));
  assert.match(again.stdout, new RegExp(`^Bulk people: ${report.cards} cards for ${people} records`));
  assert.match(again.stdout, /\d+ refused: SERIES_INCOMPLETE/);
});

test('a bulk shows rate and time left: on a pipe once a second', async () => {
  const pipe = new PassThrough({ encoding: 'utf8' });
  await withBulkProgress(
    async (told) => {
      told({ offset: 0, size: 1000, lines: 0, cards: 0 });
      await later(1100);
      told({ offset: 250, size: 1000, lines: 110, cards: 100 });
      told({ offset: 500, size: 1000, lines: 220, cards: 200 });
    },
    pipe as unknown as NodeJS.WriteStream,
  );
  assert.match(
    String(pipe.read()),
    /^Issuing: 25 %, 100 cards, 10 refused, (?:9\d|100) records\/s, 0 min [34] s left\n$/,
  );
});

test(
  'agents on one database share a bulk from the terminal; both print the report of all',
  { skip: withoutPostgres },
  async (t) => {
    t.after(async () => (await ownPostgres()).end());
    const people = 2000;
    const { folder, dirs, input, out } = await sharedFixture(t, { people });
    const passphraseFile = join(folder, 'passphrase');
    await writeFile(passphraseFile, PASSPHRASE, { mode: 0o600 });
    const words = ['--product=vaccination-pass', `--out=${out}`, '--threads=1', '--json', input];
    const ended = await Promise.all(
      dirs.map(async (dir) =>
        issuer(['bulk', `--dir=${dir}`, `--passphrase-file=${passphraseFile}`, ...words]),
      ),
    );
    const reports = ended.map(({ code, stdout, stderr }) => {
      assert.equal(code, 0, stderr);
      const { seconds, ...report } = JSON.parse(stdout) as Record<string, unknown>;
      assert.ok(Number(seconds) >= 0);
      return report;
    });
    assert.deepEqual(reports[0], reports[1]);
    assert.deepEqual([reports[0]?.['lines'], reports[0]?.['finished']], [people, true]);
    assertWhole(await outcomesIn(out), people);
  },
);
