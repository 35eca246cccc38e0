import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { copyOf, tamper as tamperWith } from '../agent/audit/audit-fixture.ts';
import { trustedKey } from '../support/cards.ts';
import { run } from '../support/cli.ts';
import { startClinic } from '../support/clinic.ts';
import type { Federation } from '../support/federation.ts';

const PASSPHRASE = 'a passphrase of tests';
const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url).pathname;

let federation: Federation;
let dir: string;
let secret: string;
let chain: readonly string[];

before(async () => {
  ({ federation, dir, secret, chain } = await startClinic('east', PASSPHRASE));
});
after(() => federation.stop());

interface Verdict {
  readonly sound: boolean;
  readonly records: number;
  readonly findings: readonly { readonly code: string; readonly at?: number; readonly message: string }[];
  readonly chain: { readonly length?: number; readonly counter?: number; readonly notAsked?: string };
  readonly restores: readonly number[];
}

async function pratique(
  ...args: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return run('pratique', ['issuer', ...args, '--dir', dir, '--passphrase-file', secret], {
    cwd: federation.folder,
  });
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await pratique(...args, '--json');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function verify(...args: string[]): Promise<Verdict> {
  const { status, stdout, stderr } = await pratique('audit', 'verify', '--json', ...args);
  assert.notEqual(stdout, '', stderr);
  const verdict = JSON.parse(stdout) as Verdict;
  assert.equal(status, verdict.sound ? 0 : 65);
  return verdict;
}

const codesOf = ({ findings }: Verdict): readonly string[] => findings.map(({ code }) => code);

test('an auditor holds the log against the store and the chain: cut and rewritten pasts are found', async () => {
  assert.deepEqual((await verify()).chain, { notAsked: 'no registry is said or remembered' });
  await json('key', ...chain);
  const { audit } = (await json('anchor', ...chain)) as {
    audit: { counter: number; records: number; block: number };
  };
  assert.deepEqual([audit.counter, typeof audit.block], [1, 'number']);
  const first = await verify();
  assert.deepEqual([first.sound, first.chain.length, first.chain.counter], [true, audit.records, 1]);
  const early = await copyOf(dir, join(federation.folder, 'early'));

  await json('issue', SAMPLE);
  await json('anchor', ...chain);
  const { audit: unchanged } = (await json('anchor', ...chain, '--if-changed')) as {
    audit: { block?: number };
  };
  assert.equal(unchanged.block, undefined);
  assert.equal((await verify()).sound, true);
  const words = await pratique('audit', 'verify');
  assert.match(
    words.stdout,
    /^The audit log is sound, and the store is what it says: \d+ records, 0 segments sealed\./,
  );
  assert.match(
    (await pratique('audit', 'list', '--last', '3')).stdout,
    /issued card [\w-]{43}\.[\w-]{6}, payload/,
  );
  const { records } = (await json('audit', 'list')) as {
    records: { n: number; entries: { kind: string }[] }[];
  };
  assert.deepEqual([records[0]?.n, records[0]?.entries], [1, [{ kind: 'issuer-made' }]]);
  const sound = await copyOf(dir, join(federation.folder, 'sound'));

  // Old copies of the store and of its witness: the folder alone cannot tell.
  await copyOf(early, dir);
  const cut = await verify();
  assert.deepEqual(codesOf(cut), ['CHAIN_AHEAD']);
  const refused = await pratique('anchor', ...chain, '--json');
  assert.deepEqual(
    [refused.status, (JSON.parse(refused.stderr) as { error: { code: string } }).error.code],
    [65, 'AUDIT_BROKEN'],
  );
  // Who has the passphrase goes on from there, and tells another past.
  const rewriter = await openIssuer({ dir, passphrase: PASSPHRASE });
  for (let at = 0; at < 9; at++) await rewriter.learnRegistry(trustOf(at));
  await rewriter.close();
  assert.deepEqual(codesOf(await verify()), ['CHAIN_DIFFERS']);
  assert.deepEqual(codesOf(await verify(...chain.slice(0, 4))), ['CHAIN_DIFFERS']);

  await copyOf(sound, dir);
  assert.equal((await verify()).sound, true);
});

/** Who is trusted, as one of many states of a registry. */
function trustOf(at: number): Parameters<Awaited<ReturnType<typeof openIssuer>>['learnRegistry']>[0] {
  return {
    jurisdictions: [],
    issuers: [],
    keys: [trustedKey({ kid: 'k', x: 'x', y: 'y' }, { issuer: at })],
  };
}

test('a restore that says so is no fault of the log, and it is anchored again', async () => {
  await copyOf(join(federation.folder, 'early'), dir);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  await store.commit([], new Map(), [{ kind: 'store-restored' }]);
  await store.close();
  const verdict = await verify();
  assert.deepEqual([verdict.sound, verdict.restores.length], [true, 1]);
  const { audit } = (await json('anchor', ...chain)) as { audit: { counter: number; records: number } };
  assert.deepEqual(
    [(await verify()).chain.length, (await verify()).chain.counter],
    [audit.records, audit.counter],
  );
});

test('a folder that nothing is issued from is read all the same, and the first fault is named', async () => {
  const sound = await copyOf(dir, join(federation.folder, 'sound'));
  await tamperWith(dir, async (db) => db.del('audit!000000000003'));
  const issued = await pratique('issue', SAMPLE, '--json');
  assert.deepEqual(
    [issued.status, (JSON.parse(issued.stderr) as { error: { code: string } }).error.code],
    [65, 'AUDIT_BROKEN'],
  );
  const { status, stdout } = await pratique('audit', 'verify');
  assert.equal(status, 65);
  assert.match(stdout, /^BROKEN: record 3 of the log is missing\./);
  await copyOf(sound, dir);
});

test('the head is signed for others to send, after the lists; venues take no notice of it', async () => {
  await json('issue', SAMPLE);
  const { signed, audit } = (await json('anchor', ...chain, '--instructions', 'signed')) as {
    signed: object[];
    audit: { file: string; counter: number };
  };
  const files = (await readdir(join(federation.folder, 'signed'))).toSorted();
  assert.deepEqual(
    [files.length, audit.file],
    [signed.length + 1, join('signed', `anchor-audit-${audit.counter}.json`)],
  );
  const at = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
  for (const file of files.toSorted((a, b) => Number(a.includes('audit')) - Number(b.includes('audit')))) {
    const relayed = await run(
      'pratique',
      ['registry', 'relay', join('signed', file), ...at, '--account', '5'],
      {
        cwd: federation.folder,
      },
    );
    assert.equal(relayed.status, 0, relayed.stderr);
  }
  assert.equal((await verify()).chain.counter, audit.counter);
  const synced = await run('pratique', ['trust', 'sync', ...at, '--store', 'gate', '--json'], {
    cwd: federation.folder,
  });
  assert.ok(synced.status === 0 || synced.status === 65, synced.stderr);
  const { stdout } = await run('pratique', ['trust', 'show', '--store', 'gate', '--json'], {
    cwd: federation.folder,
  });
  assert.ok(!stdout.includes(audit.file));
});

test('without its node a folder is held against itself alone, and a node that was named must answer', async () => {
  await federation.stopChain();
  const alone = await verify();
  assert.deepEqual([alone.sound, alone.chain], [true, { notAsked: 'its node does not answer' }]);
  const named = await pratique('audit', 'verify', '--json', '--rpc', 'http://127.0.0.1:9');
  assert.deepEqual(
    [named.status, (JSON.parse(named.stderr) as { error: { code: string } }).error.code],
    [69, 'CHAIN_UNAVAILABLE'],
  );
});
