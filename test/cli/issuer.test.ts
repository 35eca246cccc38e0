import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { initIssuer, openIssuer } from '../../agent/issuer-folder.ts';
import { anchorStatus } from '../../cli/issuer/anchor.ts';
import { registerSigningKey } from '../../cli/issuer/register-key.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';
import { decodeStatusList } from '../../credential/encoded-list.ts';
import { BLOCK_BITS } from '../../credential/status-list.ts';
import { dose, record } from '../agent/records.ts';
import { run } from '../support/cli.ts';
import { now, startFederation, type Federation } from '../support/federation.ts';

const ISS = 'https://east.example/health';
const PASSPHRASE = 'a passphrase of the east';
const VALUES = new URL('../../verifier/rules/US-NY/COVID-19.json', import.meta.url).pathname;
const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url).pathname;

let federation: Federation;
let dir: string;
let secret: string;
let work: string;

before(async () => {
  federation = await startFederation();
  work = federation.folder;
  dir = join(work, 'east');
  secret = join(work, 'passphrase');
  await writeFile(secret, `${PASSPHRASE}\n`);
  const east = { dir, passphrase: PASSPHRASE, iss: ISS, name: 'East Clinic' };
  // The least cost of the passphrase that is read, so that a dozen commands do not wait for it.
  await (await initIssuer({ ...east, kdfCost: 2 ** 14 })).close();
});
after(() => federation.stop());

/** `pratique issuer … --json` on the issuer of this file: the object printed. */
async function issuer(name: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await command(name, ...args);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The path of a record with a series that was completed a month ago. */
async function twoDoses(): Promise<string> {
  const day = (ago: number): string => new Date((now() - ago * 86_400) * 1000).toISOString().slice(0, 10);
  const path = join(work, 'two-doses.json');
  await writeFile(path, JSON.stringify(record(dose(day(60)), dose(day(30)))));
  return path;
}

/** The exit status and the code printed for a command that is refused. */
async function refusal(name: string, ...args: string[]): Promise<readonly [number | null, string]> {
  const { status, stdout, stderr } = await command(name, ...args);
  assert.equal(stdout, '');
  const { error } = JSON.parse(stderr) as { error: { code: string; message: string } };
  assert.match(error.message, /^[A-Z].*\.$/s);
  return [status, error.code];
}

function command(name: string, ...args: string[]): ReturnType<typeof run> {
  return run('pratique', ['issuer', name, '--dir', dir, '--passphrase-file', secret, '--json', ...args], {
    cwd: work,
  });
}

describe('an issuer from the terminal, over a real chain', () => {
  let kid: string;
  let card: { id: string; rid: string; files: string[] };

  test('init makes a folder that only its owner can read, once', async () => {
    const made = ['--dir', join(work, 'made'), '--iss', ISS, '--name', 'East Clinic'];
    assert.equal((await issuer('init', ...made))['did'], 'did:web:east.example:health');
    assert.equal((await stat(join(work, 'made'))).mode & 0o777, 0o700);
    assert.deepEqual(await refusal('init', ...made), [65, 'STORE_EXISTS']);
  });

  test('a key needs an accredited issuer', async () => {
    const chain = ['--rpc', federation.rpcUrl, '--registry', federation.registry];
    assert.deepEqual(await refusal('anchor'), [65, 'REGISTRY_NOT_BOUND']);
    assert.deepEqual(await refusal('key', ...chain), [65, 'REGISTRY_NOT_BOUND']);

    const client = await connectRegistry({
      rpcUrl: federation.rpcUrl,
      address: federation.registry,
      account: 4,
    });
    await federation.accreditor.registerIssuer({
      iss: ISS,
      name: 'East Clinic',
      statusBase: ISS,
      jurisdiction: 'US-NY',
      controller: await client.sender(),
      accreditedFrom: now() - 60,
      accreditedUntil: 0,
      attestations: 0,
      status: 'active',
    });
    assert.deepEqual(await refusal('key', ...chain, '--account', '5'), [65, 'REVERTED']);
    const made = await issuer('key', ...chain, '--account', '4', '--days', '30');
    kid = String(made['kid']);
    // The key of the registration that was refused is taken up again.
    assert.equal(((await issuer('show'))['keys'] as object[]).length, 1);
    assert.equal(made['registered'], true);
    assert.equal(Number(made['validUntil']) - Number(made['validFrom']), 30 * 86_400);
  });

  test('a key that is in the registry already is not registered twice', async () => {
    const again = await issuer('key', '--kid', kid, '--account', '4');
    assert.deepEqual([again['kid'], again['block'], again['registered']], [kid, undefined, true]);
  });

  test('nothing is issued before the list is anchored', async () => {
    assert.deepEqual(await refusal('issue', SAMPLE), [65, 'NOT_ANCHORED']);
  });

  test('anchor brings every list to the chain and writes what venues read', async () => {
    const { lists } = (await issuer('anchor', '--account', '4', '--room', '131073')) as {
      lists: { counter: number; length: number; file: string }[];
    };
    assert.equal(lists.length, 1);
    // Room for a card more than one block has.
    assert.deepEqual([lists[0]?.counter, lists[0]?.length], [1, 2 * BLOCK_BITS]);
    assert.equal(lists[0]?.file, join('public', 'status', `${kid}.list`));
    const { lists: same } = (await issuer('anchor', '--if-changed')) as { lists: object[] };
    assert.equal('block' in (same[0] ?? {}), false);
  });

  test('issue writes the card as a file, pictures and VCs, for its owner alone', async () => {
    card = (await issuer('issue', SAMPLE)) as unknown as typeof card;
    const base = join('cards', `card-${card.rid}`);
    const endings = ['.smart-health-card', '.svg', '.png', '.vc.jwt', '.vc-legacy.jwt'];
    assert.deepEqual(
      card.files,
      endings.map((ending) => base + ending),
    );
    for (const file of card.files) assert.equal((await stat(join(work, file))).mode & 0o777, 0o600);
    assert.deepEqual((await readdir(join(work, 'cards'))).length, endings.length);
  });

  test('a product is held to the policy, which has to be said first', async () => {
    assert.deepEqual(await refusal('issue', '--product', 'vaccination-plus', SAMPLE), [65, 'POLICY_MISSING']);
    assert.deepEqual(await issuer('policy'), { policy: null });
    const said = await issuer('policy', '--value-set', VALUES, '--time-zone', 'America/New_York');
    assert.deepEqual([said['valueSet'], said['timeZone']], ['US-NY/COVID-19 1.0.0', 'America/New_York']);
    assert.deepEqual(await issuer('policy'), said);
    assert.deepEqual(await refusal('policy', '--time-zone', 'America/Gotham'), [65, 'POLICY_INVALID']);
    assert.deepEqual(await refusal('policy', '--value-set', SAMPLE), [65, 'POLICY_INVALID']);
    assert.deepEqual(await refusal('policy', '--value-set', join(work, 'none')), [65, 'INPUT_UNREADABLE']);
    assert.deepEqual(await issuer('policy'), said);
    assert.deepEqual(await refusal('issue', '--product', 'pcr-pass', SAMPLE), [65, 'NOT_QUALIFIED']);
  });

  test('a Pass is written under its own scheme, and not as a health card', async () => {
    const path = await twoDoses();
    const made = await issuer('issue', '--product', 'vaccination-pass', '--out', 'passes', path);
    assert.deepEqual([made['profile'], made['product']], ['pass', 'vaccination-pass']);
    const files = made['files'] as string[];
    assert.deepEqual(
      files.map((file) => file.slice(file.indexOf('.'))),
      ['.jws', '.svg', '.png', '.vc.jwt', '.vc-legacy.jwt'],
    );
  });

  test('a record that does not qualify is refused with what to tell the person', async () => {
    const { status, stderr } = await run(
      'pratique',
      ['issuer', 'issue', '--dir', dir, '--passphrase-file', secret, '--product', 'pcr-pass', SAMPLE],
      { cwd: work },
    );
    assert.equal(status, 65);
    assert.match(stderr, /^NOT_QUALIFIED: .*\.\n  reason +\w+\n/);
  });

  test('without --json, issue draws the code and names the files', async () => {
    const { status, stdout } = await run(
      'pratique',
      ['issuer', 'issue', '--dir', dir, '--passphrase-file', secret, SAMPLE],
      { cwd: work },
    );
    assert.equal(status, 0);
    assert.match(stdout, /[▀▄█]{2}/);
    assert.match(stdout, /issued and verified/);
  });

  test('a card too long for one QR code is handed out as a file, and says so', async () => {
    const bundle = JSON.parse(await readFile(SAMPLE, 'utf8')) as {
      entry: { resource: { resourceType: string } }[];
    };
    const immunization = bundle.entry.find(({ resource }) => resource.resourceType === 'Immunization');
    const path = join(work, 'many-doses.json');
    const doses = Array.from({ length: 40 }, (_, at) => ({
      fullUrl: `urn:immunization:${at}`,
      resource: {
        ...immunization?.resource,
        id: `d${at}`,
        lotNumber: createHash('sha256').update(`${at}`).digest('hex').slice(0, 19),
      },
    }));
    await writeFile(path, JSON.stringify({ ...bundle, entry: [...bundle.entry, ...doses] }));
    const out = join(work, 'long-cards');
    const long = await issuer('issue', path, '--out', out);
    assert.equal(long['fitsQr'], false);
    const files = (await readdir(out)).map((file) => file.replace(/^card-[^.]+/, ''));
    assert.deepEqual(files.toSorted(), ['.smart-health-card', '.vc-legacy.jwt', '.vc.jwt']);
  });

  test('nothing is issued where the files cannot be written', async () => {
    const shown = async (): Promise<unknown> =>
      ((await issuer('show'))['keys'] as { issued: number }[]).map((key) => key.issued);
    const issuedBefore = await shown();
    assert.deepEqual(await refusal('issue', SAMPLE, '--out', secret), [65, 'OUTPUT_UNWRITABLE']);
    assert.deepEqual(await refusal('issue', '/dev/zero'), [65, 'INPUT_UNREADABLE']);
    assert.deepEqual(await shown(), issuedBefore);
  });

  test('all cards of a person, a lot or nobody are revoked with a reason', async () => {
    const path = await twoDoses();
    const made = await issuer('issue', '--out', 'revoked', path);
    const person = ['--person', 'nobody, NORA N.', '--born', '1980-02-29'];
    const first = await issuer('revoke', ...person, '--reason', 'holder-request');
    assert.deepEqual([first['already'], first['reason']], [0, 'holder-request']);
    assert.ok(Number(first['revoked']) >= 1);
    const again = await issuer('revoke', '--lot', 'a1234', '--reason', 'lot-recalled');
    assert.equal(again['revoked'], 0);
    assert.equal(again['already'], first['revoked']);
    const { stdout } = await run('pratique', [
      'issuer',
      'revoke',
      '--lot',
      'EL9999',
      '--dir',
      dir,
      '--passphrase-file',
      secret,
    ]);
    assert.match(stdout, /^NOTHING is revoked: no card/);
    assert.deepEqual(await issuer('revoke', '--batch', 'none'), {
      revoked: 0,
      already: 0,
      reason: 'unspecified',
    });
    assert.equal((await issuer('revoke', String(made['id'])))['reason'], 'holder-request');
    for (const wrong of [[], ['x', '--lot', 'y'], ['--person', 'Ada'], ['--lot', 'a', '--batch', 'b']]) {
      assert.deepEqual(await refusal('revoke', ...wrong), [64, 'USAGE']);
    }
  });

  test('revoke and anchor turn the bit of the card in the published list', async () => {
    assert.equal((await issuer('revoke', card.rid))['already'], false);
    assert.equal((await issuer('revoke', card.id))['already'], true);
    assert.deepEqual(await refusal('revoke', 'AAAAAA'), [65, 'CARD_UNKNOWN']);
    // A holder that would be left out of the card.
    const holder = ['--holder', 'did:web:holder.example'];
    assert.deepEqual(await refusal('issue', SAMPLE, ...holder), [64, 'USAGE']);
    const plus = ['--product', 'vaccination-plus'];
    assert.deepEqual(await refusal('issue', SAMPLE, ...plus, ...holder), [64, 'USAGE']);
    await issuer('anchor', '--account', '4');
    const text = await readFile(join(work, 'public', 'status', `${kid}.json`), 'utf8');
    const { counter, encodedList } = JSON.parse(text) as { counter: number; encodedList: string };
    assert.deepEqual([counter, decodeStatusList(encodedList, 2 * BLOCK_BITS).revoked], [2, 3]);
  });

  test('show tells keys, cards and what the chain holds', async () => {
    const shown = await issuer('show');
    assert.equal(shown['name'], 'East Clinic');
    const keys = shown['keys'] as {
      kid: string;
      issued: number;
      revoked: number;
      anchor?: { counter: number };
    }[];
    const key = keys.find((each) => each.kid === kid);
    assert.deepEqual([key?.issued, key?.revoked, key?.anchor?.counter], [5, 3, 2]);
  });

  test('an anchor that landed while the machine fell over is taken over', async () => {
    const east = await openIssuer({ dir, passphrase: PASSPHRASE });
    try {
      const { rpcUrl, registry } = federation;
      const client = await connectRegistry({ rpcUrl, address: registry, account: 4 });
      const { root, ...rest } = east.statusList(kid);
      const issuerId = east.registry?.issuerId ?? 0;
      const { counter, length, revoked } = rest;
      const bytes = Buffer.from(root.slice(2), 'hex');
      await client.anchor({ issuerId, list: kid, root: bytes, counter, length, revoked, final: false });
      const [anchored] = await anchorStatus(east, client, { rpcUrl });
      assert.equal(anchored?.counter, counter + 1);
    } finally {
      await east.close();
    }
  });

  test('a key that the registry holds as compromised is not registered again', async () => {
    const east = await openIssuer({ dir, passphrase: PASSPHRASE });
    try {
      const client = await connectRegistry({
        rpcUrl: federation.rpcUrl,
        address: federation.registry,
        account: 4,
      });
      const { key } = await registerSigningKey(east, client, { now: now() });
      await client.compromiseKey(east.registry?.issuerId ?? 0, key.kid);
      await assert.rejects(registerSigningKey(east, client, { now: now(), kid: key.kid }), {
        code: 'KEY_NOT_VALID',
      });
    } finally {
      await east.close();
    }
  });

  test('a folder held by another process is locked', async () => {
    const east = await openIssuer({ dir, passphrase: PASSPHRASE });
    try {
      assert.deepEqual(await refusal('show'), [69, 'STORE_LOCKED']);
    } finally {
      await east.close();
    }
  });

  test('a chain that is not up, or another registry, is said so', async () => {
    assert.deepEqual(await refusal('anchor', '--rpc', 'http://127.0.0.1:9'), [69, 'CHAIN_UNAVAILABLE']);
    const nobody = `0x${'12'.repeat(20)}`;
    assert.deepEqual(await refusal('anchor', '--registry', nobody), [65, 'NO_REGISTRY']);
  });
});

describe('bad input to the issuer’s commands', () => {
  test('a bundle that is not there, too long, no JSON or of nobody is refused', async () => {
    const file = async (name: string, content: string): Promise<string> => {
      await writeFile(join(work, name), content);
      return join(work, name);
    };
    assert.deepEqual(await refusal('issue', join(work, 'nowhere.json')), [65, 'INPUT_UNREADABLE']);
    assert.deepEqual(await refusal('issue', work), [65, 'INPUT_UNREADABLE']);
    assert.deepEqual(await refusal('issue', await file('long', ' '.repeat(10_000_000))), [
      65,
      'INPUT_UNREADABLE',
    ]);
    assert.deepEqual(await refusal('issue', await file('empty', '')), [65, 'MALFORMED']);
    assert.deepEqual(await refusal('issue', await file('array', '[]')), [65, 'BUNDLE_MALFORMED']);
    const nobodys = { resource: { resourceType: 'Immunization', status: 'completed' } };
    const nobody = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [nobodys] });
    assert.deepEqual(await refusal('issue', await file('nobody', nobody)), [65, 'PATIENT_MISSING']);
  });

  test('a folder without an issuer, and a passphrase that is wrong, short or missing', async () => {
    const at = (...args: string[]): Promise<readonly [number | null, string]> => refusal('show', ...args);
    assert.deepEqual(await at('--dir', join(work, 'nowhere')), [65, 'STORE_MISSING']);
    const file = join(work, 'other-passphrase');
    await writeFile(file, 'another passphrase');
    assert.deepEqual(await at('--passphrase-file', file), [65, 'WRONG_PASSPHRASE']);
    await writeFile(file, '\n');
    assert.deepEqual(await at('--passphrase-file', file), [65, 'PASSPHRASE_MISSING']);
    await writeFile(file, 'x'.repeat(2000));
    assert.deepEqual(await at('--passphrase-file', file), [65, 'INPUT_UNREADABLE']);
    assert.deepEqual(await at('--passphrase-file', join(work, 'nowhere')), [65, 'INPUT_UNREADABLE']);
    await writeFile(file, 'short');
    const west = ['--dir', join(work, 'west'), '--passphrase-file', file, '--iss', ISS, '--name', 'West'];
    assert.deepEqual(await refusal('init', ...west), [65, 'PASSPHRASE_TOO_SHORT']);
    const { status, stderr } = await run('pratique', ['issuer', 'show', '--dir', dir, '--json']);
    assert.equal(status, 65);
    assert.match(stderr, /PASSPHRASE_MISSING/);
  });

  test('a passphrase on the command line is no option, and wrong numbers are wrong usage', async () => {
    assert.equal((await command('show', '--passphrase', PASSPHRASE)).status, 64);
    assert.equal((await command('key', '--days', '0')).status, 64);
    assert.equal((await command('init')).status, 64);
  });

  test('every subcommand explains itself with an example', async () => {
    for (const name of ['init', 'key', 'issue', 'revoke', 'anchor', 'show']) {
      const { status, stdout } = await run('pratique', ['issuer', name, '--help']);
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`Example:\\n {2}pratique issuer ${name}`));
    }
  });
});
