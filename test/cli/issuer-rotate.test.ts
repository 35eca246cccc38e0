import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { run } from '../support/cli.ts';
import { startClinic } from '../support/clinic.ts';
import { now, type Federation } from '../support/federation.ts';

const PASSPHRASE = 'a passphrase of the east';
const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url).pathname;
const VALUES = new URL('../../verifier/rules/US-NY/COVID-19.json', import.meta.url).pathname;
const DAY = 86_400;

let federation: Federation;
let dir: string;
let secret: string;
let chain: readonly string[];

before(async () => {
  ({ federation, dir, secret, chain } = await startClinic('east'));
});
after(() => federation.stop());

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `pratique issuer …` on the issuer of this file. */
async function issuer(...args: string[]): Promise<Ended> {
  const own = ['--dir', dir, '--passphrase-file', secret];
  return run('pratique', ['issuer', ...args, ...own], { cwd: federation.folder });
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await issuer(...args, '--json');
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function keys(): Promise<readonly { kid: string; ended?: { state: string }; anchor?: object }[]> {
  return (await json('show'))['keys'] as readonly { kid: string; anchor?: object }[];
}

/** The JWS of a new card, from its file, and its key. */
async function issue(): Promise<{ readonly jws: string; readonly kid: string }> {
  const { files, kid } = (await json('issue', SAMPLE)) as { files: string[]; kid: string };
  const file = JSON.parse(await readFile(join(federation.folder, files[0] ?? ''), 'utf8')) as {
    verifiableCredential: string[];
  };
  return { jws: file.verifiableCredential[0] ?? '', kid };
}

/** What a venue says of cards, after it has synchronised. */
async function codes(...cards: readonly { readonly jws: string }[]): Promise<readonly (readonly string[])[]> {
  const folder = join(federation.folder, 'public', 'status');
  const lists = (await readdir(folder))
    .filter((name) => name.endsWith('.list'))
    .map((name) => join(folder, name));
  const at = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
  const cwd = federation.folder;
  await run('pratique', ['trust', 'sync', ...at, '--store', 'gate', '--list', ...lists, '--json'], { cwd });
  const jwss = cards.map(({ jws }) => jws);
  const { stdout } = await run('pratique', ['verify', '--store', 'gate', '--json', ...jwss], { cwd });
  return (JSON.parse(stdout) as { codes: string[] }[]).map((decision) => decision.codes);
}

async function publishedKids(): Promise<readonly string[]> {
  const text = await readFile(join(federation.folder, 'public', '.well-known', 'jwks.json'), 'utf8');
  return (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
}

test('one command makes the first key, and the next, which signs from then on; cards of both are good', async () => {
  const first = await json('rotate', ...chain);
  assert.deepEqual([first['from'], first['counter'], first['retired']], [null, 1, false]);
  const old = await issue();
  assert.equal(old.kid, first['kid']);

  assert.deepEqual(await json('rotate', '--if-due', ...chain), { rotated: false });
  const second = await json('rotate', ...chain);
  assert.equal(second['from'], first['kid']);
  const overlap = Number(second['validUntil']) - Number(second['validFrom']);
  assert.equal(overlap, 366 * DAY);
  const young = await issue();
  assert.equal(young.kid, second['kid']);
  assert.deepEqual(new Set(await publishedKids()), new Set([first['kid'], second['kid']]));
  // The old key may sign still, if it is asked to.
  assert.equal((await json('issue', SAMPLE, `--kid=${old.kid}`))['kid'], old.kid);
  assert.deepEqual(await codes(old, young), [['VALID'], ['VALID']]);
});

test('interrupted after its list was anchored, it goes on with the key that was made', async () => {
  const earlier = await keys();
  const file = join(federation.folder, 'no-folder');
  await writeFile(file, '');
  const broken = await issuer('rotate', ...chain, '--out', file);
  assert.equal(broken.status, 65, broken.stderr);
  assert.match(broken.stderr, /revocation lists cannot be written/);
  const made = await keys();
  assert.equal(made.length, earlier.length + 1);
  assert.notEqual(made.at(-1)?.anchor, undefined, 'the interruption was after the chain');

  const done = await json('rotate', ...chain, '--retire-old');
  assert.deepEqual([done['kid'], done['from']], [made.at(-1)?.kid, earlier.at(-1)?.kid]);
  assert.deepEqual([done['retired'], typeof done['retiredIn']], [true, 'number']);
  const later = await keys();
  assert.equal(later.length, made.length);
  assert.equal(later.find(({ kid }) => kid === done['from'])?.ended?.state, 'retired');
});

test('interrupted after a key was made, or registered, it makes no other', async () => {
  const open = async (): ReturnType<typeof openIssuer> => openIssuer({ dir, passphrase: PASSPHRASE });
  const earlier = await keys();
  const unregistered = await open();
  await unregistered.rotation.begin({ from: earlier.at(-1)?.kid ?? null, begunAt: now() });
  const { kid } = await unregistered.createSigningKey();
  await unregistered.close();
  assert.equal((await json('rotate', ...chain))['kid'], kid);
  // Made and registered by `issuer key`, and never anchored.
  const registered = String((await json('key', ...chain))['kid']);
  assert.equal((await json('rotate', ...chain))['kid'], registered);
  assert.equal((await keys()).length, earlier.length + 2);
  assert.equal((await issue()).kid, registered);
});

test('commands warn of a key that is close to its end on standard error, with --json in a field, until it is followed', async () => {
  const kid = (await keys()).at(-1)?.kid ?? '';
  const opened = await openIssuer({ dir, passphrase: PASSPHRASE });
  await opened.recordKeyWindow(kid, { validFrom: now() - 95 * DAY, validUntil: now() + 5 * DAY });
  // A rotation that nobody finished, long ago, must not make the next one do nothing.
  await opened.rotation.begin({ from: opened.keys()[0]?.kid ?? null, begunAt: now() - 95 * DAY });
  await opened.close();
  await json('policy', '--value-set', VALUES, '--time-zone', 'America/New_York');
  const people = join(federation.folder, 'people.ndjson');
  await writeFile(people, '');
  for (const command of [
    ['show'],
    ['issue', SAMPLE],
    ['bulk', people, '--product', 'pcr-pass'],
    ['anchor', ...chain],
  ]) {
    const { status, stdout, stderr } = await issuer(...command);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Warning: key \S+ is close to its end \(20\d\d-.*pratique issuer rotate/m);
    assert.doesNotMatch(stdout, /Warning/);
    const quiet = await issuer(...command, '--json');
    assert.doesNotMatch(quiet.stderr, /Warning/);
    const { warning } = JSON.parse(quiet.stdout) as { warning: Record<string, unknown> };
    assert.deepEqual([warning['kid'], warning['age']], [kid, 'due']);
  }
  assert.equal((await json('rotate', '--if-due', ...chain))['from'], kid);
  assert.equal((await issuer('show')).stderr, '');
});
