import assert from 'node:assert/strict';
import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer } from '../../agent/issuer.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { run } from '../support/cli.ts';
import { startClinic } from '../support/clinic.ts';
import { now, type Federation } from '../support/federation.ts';

const ISS = 'https://west.example/health';
const PASSPHRASE = 'a passphrase of the west';
const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url).pathname;

let federation: Federation;
let dir: string;
let secret: string;
let chain: readonly string[];
let client: RegistryClient;
let issuerId: number;

before(async () => {
  ({ federation, dir, secret, chain, client, issuerId } = await startClinic('west'));
});
after(() => federation.stop());

async function pratique(
  ...args: string[]
): Promise<{ status: number | null; json: Record<string, unknown>; stdout: string }> {
  const { status, stdout, stderr } = await run('pratique', args, { cwd: federation.folder });
  const text = stdout === '' ? stderr : stdout;
  return {
    status,
    stdout,
    json: text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

async function command(
  args: readonly string[],
  ...more: readonly string[]
): Promise<Awaited<ReturnType<typeof pratique>>> {
  // A kid can begin with a hyphen: what is no option stands last, behind `--`.
  const at = args.includes('--') ? args.indexOf('--') : args.length;
  const [options, rest] = [args.slice(0, at), args.slice(at)];
  return pratique('issuer', ...options, '--dir', dir, '--passphrase-file', secret, ...more, ...rest);
}

/** `pratique issuer … --json` on the issuer of this file, which succeeds. */
async function issuer(...args: string[]): Promise<Record<string, unknown>> {
  const { status, json } = await command(args, '--json');
  assert.equal(status, 0, JSON.stringify(json));
  return json;
}

async function refusal(...args: string[]): Promise<readonly [number | null, string]> {
  const { status, json } = await command(args, '--json');
  return [status, (json['error'] as { code: string }).code];
}

interface Card {
  readonly id: string;
  readonly rid: string;
  readonly jws: string;
}

/** Works on the folder by the library: what the terminal prints of it is another test's. */
async function inside<T>(work: (open: Issuer) => Promise<T>): Promise<T> {
  const open = await openIssuer({ dir, passphrase: PASSPHRASE });
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

async function issue(count: number): Promise<readonly Card[]> {
  const bundle: unknown = JSON.parse(await readFile(SAMPLE, 'utf8'));
  return inside(async (open) => {
    const cards: Card[] = [];
    for (let card = 0; card < count; card++) cards.push(await open.issuePlus(bundle, { now: now() }));
    return cards;
  });
}

async function revoke(...cards: readonly Card[]): Promise<void> {
  await inside(async (open) => {
    for (const { id } of cards) assert.equal((await open.revoke(id)).already, false);
  });
}

/** What a venue says of cards, after it has synchronised with what was published. */
async function codes(...cards: readonly Card[]): Promise<readonly string[]> {
  const folder = join(federation.folder, 'public', 'status');
  const lists = (await readdir(folder))
    .filter((name) => name.endsWith('.list'))
    .map((name) => join(folder, name));
  const at = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
  const synced = await pratique('trust', 'sync', ...at, '--store', 'gate', '--list', ...lists, '--json');
  assert.ok(synced.status === 0 || synced.status === 65, JSON.stringify(synced.json));
  const { json } = await pratique('verify', '--store', 'gate', '--json', ...cards.map(({ jws }) => jws));
  return (json as unknown as { codes: string[] }[]).map((decision) => decision.codes.join(' '));
}

let kid: string;
/** Of the first and the second half of the issuer's life: issued before the backup, and after it. */
let [early, late]: [readonly Card[], readonly Card[]] = [[], []];
let lostKey: string;
let held: Awaited<ReturnType<RegistryClient['anchorOf']>>;

test('a folder is backed up, and restored when it is lost', async () => {
  kid = String((await issuer('key', ...chain))['kid']);
  await issuer('anchor', ...chain);
  const [before1, before2] = (await issue(2)) as [Card, Card];
  await revoke(before1);
  await issuer('anchor', ...chain);

  const summary = await issuer('backup', 'west.backup');
  assert.deepEqual(summary['keys'], [{ kid, issued: 2, revoked: 1 }]);
  assert.equal(summary['file'], 'west.backup');
  assert.deepEqual(await refusal('backup', 'west.backup'), [65, 'OUTPUT_UNWRITABLE']);

  const [since1, since2, since3] = (await issue(3)) as [Card, Card, Card];
  await revoke(since1, before2);
  await issuer('anchor', ...chain);
  early = [before1, before2];
  late = [since1, since2, since3, ...(await issue(1))];
  // Acknowledged, but on no chain when the disk dies.
  await revoke(since2);
  lostKey = String((await issuer('key', ...chain))['kid']);
  held = await client.anchorOf(issuerId, kid);
  await rm(dir, { recursive: true });

  const restored = await issuer('restore', 'west.backup');
  assert.deepEqual(restored['keys'], summary['keys']);
  assert.equal(restored['iss'], ISS);
  assert.deepEqual(await refusal('restore', 'west.backup'), [65, 'STORE_EXISTS']);
});

test('a restored folder issues nothing, and anchors nothing that would take revocations back', async () => {
  assert.deepEqual(await refusal('issue', SAMPLE), [65, 'RESTORED']);
  assert.match((await command(['show'])).stdout, /restored from a backup: run `pratique issuer anchor`/);

  assert.deepEqual(await refusal('anchor', ...chain, '--out', 'elsewhere'), [65, 'REVOCATIONS_MISSING']);
  assert.deepEqual(await client.anchorOf(issuerId, kid), held);
  await assert.rejects(issue(1), { code: 'RESTORED' });
});

test('once anchored it goes on: nobody shares an index, and every card that was revoked on the chain stays so', async () => {
  const anchored = await issuer('anchor', ...chain, '--lists', 'public', '--out', 'public');
  const [list] = anchored['lists'] as [{ counter: number; revoked: number; length: number }];
  assert.deepEqual([list.counter, list.revoked, list.length], [held.counter + 1, 3, held.length + 131_072]);
  assert.deepEqual(anchored['strangers'], [lostKey]);

  const [after1] = (await issue(1)) as [Card];
  const all = [...early, ...late, after1];
  assert.equal(new Set(all.map(({ rid }) => rid)).size, all.length);
  assert.ok(Buffer.from(after1.rid, 'base64url').readUInt32BE() >= held.length);
  const [R, V] = ['REVOKED', 'VALID'];
  assert.deepEqual(await codes(...all), [R, R, R, V, V, V, V]);
});

test('what was lost with the disk is said again, by the card’s id, and a lost key is retired', async () => {
  const [since1, since2] = late as [Card, Card];
  assert.equal((await issuer('revoke', since2.id))['already'], false);
  assert.equal((await issuer('revoke', since1.id))['reason'], 'restored');
  await issuer('anchor', ...chain);
  assert.deepEqual(await codes(...late), ['REVOKED', 'REVOKED', 'VALID', 'VALID']);

  const retired = await pratique(
    'registry',
    'key',
    'retire',
    String(issuerId),
    ...chain,
    '--json',
    '--',
    lostKey,
  );
  assert.equal(retired.status, 0, JSON.stringify(retired.json));
  assert.deepEqual((await issuer('anchor', ...chain))['strangers'], []);
});

test('a restore says what was lost and what to do, and a wrong passphrase leaves nothing', async () => {
  const copy = ['--dir', join(federation.folder, 'copy'), '--passphrase-file'];
  const wrong = join(federation.folder, 'wrong');
  await writeFile(wrong, 'not the passphrase');
  const refused = await pratique('issuer', 'restore', 'west.backup', ...copy, wrong, '--json');
  assert.deepEqual(
    [refused.status, (refused.json['error'] as { code: string }).code],
    [65, 'WRONG_PASSPHRASE'],
  );
  await assert.rejects(access(join(federation.folder, 'copy')));
  const { status, stdout } = await pratique('issuer', 'restore', 'west.backup', ...copy, secret);
  assert.equal(status, 0);
  for (const said of [
    /2 places of its list taken, 1 revoked/,
    /are\n\s+lost: revoke these cards again/,
    /issuer anchor/,
  ]) {
    assert.match(stdout, said);
  }
});

test('a list that is lost for good is left alone, and stops no other once its key is retired', async () => {
  await rm(dir, { recursive: true });
  await issuer('restore', 'west.backup');
  const elsewhere = ['--out', 'elsewhere'];
  assert.deepEqual(await refusal('anchor', ...chain, ...elsewhere), [65, 'REVOCATIONS_MISSING']);
  held = await client.anchorOf(issuerId, kid);
  const next = String((await issuer('key', ...chain))['kid']);
  assert.deepEqual(await refusal('anchor', ...chain, ...elsewhere), [65, 'REVOCATIONS_MISSING']);
  assert.equal((await client.anchorOf(issuerId, next)).counter, 1);

  await issuer('key', 'retire', ...chain, ...elsewhere, `--`, kid);
  const { lists } = (await issuer('anchor', ...chain, ...elsewhere)) as { lists: { kid: string }[] };
  assert.deepEqual(
    lists.map((list) => list.kid),
    [next],
  );
  assert.deepEqual(await client.anchorOf(issuerId, kid), held);
  assert.equal((await issue(1))[0]?.id.slice(0, 43), next);
});
