import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Ended, run, verifyJson } from '../support/cli.ts';

describe('npm start', () => {
  let folder: string;
  let ended: Ended;
  let took: number;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-start-'));
    const started = performance.now();
    ended = await run('start', [], { cwd: folder });
    took = performance.now() - started;
  });
  after(() => rm(folder, { recursive: true }));

  test('ends by itself with 0, in under a minute', () => {
    assert.equal(ended.status, 0, ended.stderr);
    assert.ok(took < 60_000, `${took} ms`);
  });

  test('says nothing on standard error', () => {
    assert.equal(ended.stderr, '');
  });

  test('shows both cards valid, an altered one forged, and the revoked one revoked in both its forms', () => {
    const answers = [...ended.stdout.matchAll(/^✓ (?:Scan|Alter)[^\n]*: ([A-Z_, ]+)$/gm)].map(
      ([, codes]) => codes,
    );
    assert.deepEqual(answers, ['VALID, VALID, VALID', 'SIGNATURE_INVALID', 'REVOKED, VALID, REVOKED']);
  });

  test('holds both cards against the rules that the jurisdiction published: a test of last week opens no door', () => {
    const [, codes] = /^✓ Ask [^\n]*: ([A-Z_, ]+)$/m.exec(ended.stdout) ?? [];
    assert.equal(codes, 'VALID, RULES_NOT_MET');
    assert.match(
      ended.stdout,
      /\(TR-US-NY-0003\)\s+Sample of 2026-11-20; it counted up to and including 2026-11-23\./,
    );
  });

  test('leaves cards that any venue with its store answers about offline', async () => {
    const cards = join(folder, '.pratique', 'start', 'cards');
    const files = (await readdir(cards, { recursive: true })).map((file) => join(cards, file));
    const lab = files.filter((file) => /lab-result\/.*(?:png|jwt|smart-health-card)$/.test(file));
    assert.equal(lab.length, 4);
    const store = join(folder, '.pratique', 'start', 'venue');
    const { status, decisions } = await verifyJson(['--store', store, ...lab]);
    assert.deepEqual(
      decisions.map(({ codes }) => codes),
      lab.map(() => ['VALID']),
    );
    assert.equal(status, 0);
    // Health data is the holder's alone.
    for (const file of lab) assert.equal((await stat(file)).mode & 0o077, 0, file);
  });
});
