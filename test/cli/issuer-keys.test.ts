import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../support/cli.ts';
import { startClinic } from '../support/clinic.ts';
import type { Federation } from '../support/federation.ts';

const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url).pathname;

let federation: Federation;
let dir: string;
let secret: string;
let chain: readonly string[];

before(async () => {
  ({ federation, dir, secret, chain } = await startClinic('west'));
});
after(() => federation.stop());

async function pratique(
  ...args: string[]
): Promise<{ status: number | null; json: Record<string, unknown> }> {
  const { status, stdout, stderr } = await run('pratique', args, { cwd: federation.folder });
  return { status, json: JSON.parse(stdout === '' ? stderr : stdout) as Record<string, unknown> };
}

/** A kid can begin with a hyphen: what is no option stands last, behind `--`. */
function onWest(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--');
  const [options, rest] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
  return ['issuer', ...options, '--dir', dir, '--passphrase-file', secret, '--json', ...rest];
}

/** `pratique issuer …` on the issuer of this file, which succeeds. */
async function issuer(...args: string[]): Promise<Record<string, unknown>> {
  const { status, json } = await pratique(...onWest(args));
  assert.equal(status, 0, JSON.stringify(json));
  return json;
}

async function refusal(...args: string[]): Promise<string> {
  const { json } = await pratique(...onWest(args));
  return (json['error'] as { code: string }).code;
}

/** What a venue says of cards that were shown to it, after it has synchronised. */
async function codes(...cards: readonly { readonly jws: string }[]): Promise<readonly (readonly string[])[]> {
  const folder = join(federation.folder, 'public', 'status');
  const lists = (await readdir(folder))
    .filter((name) => name.endsWith('.list'))
    .map((name) => join(folder, name));
  const at = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
  const synced = await pratique('trust', 'sync', ...at, '--store', 'gate', '--list', ...lists, '--json');
  assert.ok(synced.status === 0 || synced.status === 65, JSON.stringify(synced.json));
  const jwss = cards.map(({ jws }) => jws);
  const { json } = await pratique('verify', '--store', 'gate', '--json', ...jwss);
  return (json as unknown as { codes: string[] }[]).map((decision) => decision.codes);
}

async function publishedKids(): Promise<readonly string[]> {
  const text = await readFile(join(federation.folder, 'public', '.well-known', 'jwks.json'), 'utf8');
  return (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid).toSorted();
}

/** The JWS of a new card, from its file. */
async function issue(): Promise<{ readonly jws: string; readonly kid: string; readonly id: string }> {
  const { files, kid, id } = (await issuer('issue', SAMPLE)) as { files: string[]; kid: string; id: string };
  const file = JSON.parse(await readFile(join(federation.folder, files[0] ?? ''), 'utf8')) as {
    verifiableCredential: string[];
  };
  return { jws: file.verifiableCredential[0] ?? '', kid, id };
}

test('a key is followed by another, retired, thrown away, and its cards stay good; those of a stolen key die', async () => {
  const first = String((await issuer('key', ...chain))['kid']);
  assert.equal((await issuer('anchor', ...chain))['keySet'], join('public', '.well-known', 'jwks.json'));
  const old = await issue();
  assert.equal(old.kid, first);
  assert.equal(await refusal('key', 'destroy', '--', first), 'KEY_IN_USE');

  const second = String((await issuer('key', ...chain))['kid']);
  assert.deepEqual(await publishedKids(), [first]);
  // Both sign until the first is retired: a new key counts once its list stands on the chain.
  assert.equal((await issue()).kid, first);
  await issuer('anchor', ...chain);
  assert.deepEqual(await publishedKids(), [first, second].toSorted());
  const young = await issue();
  assert.equal(young.kid, second);

  const retired = await issuer('key', 'retire', ...chain, '--', first);
  assert.deepEqual([retired['state'], typeof retired['block']], ['retired', 'number']);
  assert.equal((await issuer('key', 'retire', ...chain, '--', first))['block'], undefined);
  assert.equal(await refusal('issue', SAMPLE, `--kid=${first}`), 'KEY_NOT_VALID');
  await issuer('key', 'destroy', '--', first);
  await issuer('anchor', ...chain);
  assert.deepEqual(await publishedKids(), [first, second].toSorted());
  assert.deepEqual(await codes(old, young), [['VALID'], ['VALID']]);

  await issuer('key', 'compromise', ...chain, '--', second);
  assert.deepEqual(await publishedKids(), [first]);
  assert.equal(await refusal('issue', SAMPLE), 'KEY_NOT_VALID');
  assert.deepEqual(await codes(old, young), [['VALID'], ['KEY_COMPROMISED']]);

  // Nobody is left to sign the files: nothing is sent that venues could not read.
  await issuer('revoke', old.id);
  assert.equal(await refusal('anchor', ...chain), 'KEY_NOT_VALID');
  const { anchoring } = (await issuer('show')) as { anchoring: { failing?: { code: string } } };
  assert.equal(anchoring.failing?.code, 'KEY_NOT_VALID');
  assert.deepEqual(await codes(old), [['VALID']]);
  await issuer('rotate', ...chain);
  assert.deepEqual(await codes(old), [['REVOKED']]);
});

test('a window past the calendar, and more threads than a machine bears, are refused before anything is done', async () => {
  const known = (await issuer('show'))['keys'] as unknown[];
  for (const args of [
    ['key', ...chain, '--days', '3661'],
    ['rotate', ...chain, '--days', '999999999'],
    ['bulk', SAMPLE, '--product', 'vaccination-pass', '--threads', '257'],
  ]) {
    const { status, stderr } = await run('pratique', onWest(args), { cwd: federation.folder });
    assert.equal(status, 64, args.join(' '));
    assert.match(stderr, /It must be \d+ at most/);
  }
  assert.equal(((await issuer('show'))['keys'] as unknown[]).length, known.length);
});

test('ending a key that is nobody’s is refused before the chain is asked', async () => {
  assert.equal(await refusal('key', 'retire', ...chain, '--', 'x'.repeat(43)), 'KEY_UNKNOWN');
  assert.equal(await refusal('key', 'compromise', ...chain, '--', 'x'.repeat(43)), 'KEY_UNKNOWN');
  assert.equal(await refusal('key', 'destroy', '--', 'x'.repeat(43)), 'KEY_UNKNOWN');
});
