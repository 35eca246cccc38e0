import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Interface } from 'ethers';
import { startChain } from '../../cli/chain.ts';
import type { TrustSummary } from '../../cli/trust/summary.ts';
import type { LocalChain } from '../../cli/chain.ts';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import { deployRegistry } from '../../contracts/deploy.ts';
import { callNode } from '../../contracts/json-rpc.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';
import { crlRoot } from '../../credential/crl.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import type { SyncReport } from '../../verifier/node/sync.ts';
import type {
  PublishedRules,
  TrustDocument,
  TrustedJurisdiction,
  TrustedVenue,
} from '../../verifier/pipeline/trust-document.ts';
import { ISS, mintCard, newKey, trustDocument, trustedIssuer, trustedKey } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';
import type { Ended } from '../support/cli.ts';
import { changedText, publishedAs, ruleDigest, shippedText } from '../support/published-rules.ts';
import { mined } from '../support/receipt.ts';

const key = newKey();
const REGISTRY = `0x${'11'.repeat(20)}`;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-trust-'));
});
after(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const trust = async (...args: readonly string[]): Promise<Ended> =>
  run('pratique', ['trust', ...args], { cwd: folder });

/** What a command that fails says with --json, and its exit status. */
async function failure(...args: readonly string[]): Promise<readonly [string, number | null]> {
  const { stdout, stderr, status } = await trust(...args, '--json');
  assert.equal(stdout, '');
  assert.doesNotMatch(stderr, /node:internal|at file:/);
  return [(JSON.parse(stderr) as { error: { code: string } }).error.code, status];
}

async function write(name: string, content: unknown): Promise<string> {
  await writeFile(path(name), typeof content === 'string' ? content : JSON.stringify(content));
  return path(name);
}

const jwk = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: key.kid, x: key.x, y: key.y };
const SNAPSHOT = {
  issuerInfo: [{ issuer: { iss: ISS, name: 'Nowhere' }, keys: [jwk, { ...jwk, d: 'AAAA' }] }],
};
const CRL = { kid: key.kid, method: 'rid', ctr: 1, rids: ['bad'] };

describe('pratique trust build', () => {
  test('makes a bundle that verifies where unanchored data is allowed, and says what it is and what was odd', async () => {
    const args = ['--issuers', await write('issuers.json', SNAPSHOT), '--crl', await write('crl.json', CRL)];
    const told = await trust('build', ...args, '--out', path('built'));
    assert.deepEqual([told.status, told.stderr], [0, '']);
    assert.match(told.stdout, /NOT ANCHORED/);
    assert.match(told.stdout, /KEY_REFUSED/);
    const { stdout } = await trust('build', ...args, '--out', path('built'), '--json');
    const { anchored, issuers, keys, lists } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([anchored, issuers, keys, lists], [false, 1, 1, 1]);

    const cards = [mintCard(key, { rid: 'good' }), mintCard(key, { rid: 'bad' })];
    const refused = await verifyJson(['--trust', path('built'), ...cards]);
    assert.deepEqual(
      [refused.status, ...refused.decisions.map(({ codes }) => codes)],
      [2, ['TRUST_UNANCHORED'], ['REVOKED', 'TRUST_UNANCHORED']],
    );
    const allowed = await verifyJson(['--allow-unanchored', '--trust', path('built'), ...cards]);
    assert.deepEqual(
      [allowed.status, ...allowed.decisions.map(({ codes }) => codes)],
      [1, ['VALID'], ['REVOKED']],
    );
  });

  test('refuses files that are missing, no JSON, or no snapshot, and writes nothing', async () => {
    const out = ['--out', path('never')];
    assert.deepEqual(await failure('build', '--issuers', path('none'), ...out), ['FILE_UNREADABLE', 65]);
    assert.deepEqual(await failure('build', '--issuers', folder, ...out), ['FILE_UNREADABLE', 65]);
    const broken = await write('broken.json', '{"issuerInfo":[]');
    assert.deepEqual(await failure('build', '--issuers', broken, ...out), ['FILE_UNREADABLE', 65]);
    const other = await write('other.json', {});
    assert.deepEqual(await failure('build', '--issuers', other, ...out), ['DOCUMENT_MALFORMED', 65]);
    const good = await write('issuers.json', SNAPSHOT);
    assert.deepEqual(await failure('build', '--issuers', good, '--out', folder), ['FILE_UNREADABLE', 65]);
    assert.ok((await readdir(folder)).every((name) => !name.includes('never') && !name.endsWith('.tmp')));
  });
});

describe('pratique trust show', () => {
  test('says where a bundle is from and who exported it', async () => {
    const exporter = oneTimeExporterKey();
    await write('bundle', signBundle(trustDocument({ keys: [trustedKey(key)] }), exporter));
    const { stdout, status } = await trust('show', '--trust', path('bundle'), '--json');
    const shown = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([status, shown['exporter'], shown['issuers'], shown['keys']], [0, exporter.kid, 1, 1]);
    assert.match((await trust('show', '--trust', path('bundle'))).stdout, /block {6}7 /);
  });

  const jurisdiction = (code: string, content: object = {}): TrustedJurisdiction => ({
    code,
    name: `State of ${code}`,
    suspended: false,
    ...content,
  });
  const venue = (id: number, content: Partial<TrustedVenue> = {}): TrustedVenue => ({
    id,
    did: `did:web:venue-${id}.example`,
    name: `Venue ${id}`,
    jurisdiction: 'US-NO',
    status: 'active',
    ...content,
  });
  const rules = (version: number, validFrom: number, digest: string | null): PublishedRules => ({
    jurisdiction: 'US-NO',
    id: 'ENTRY',
    version,
    validFrom,
    digest,
    uri: digest === null ? '' : 'https://rules.example/entry',
  });
  const DIGEST = `0x${'12'.repeat(32)}`;
  const LATER = 40_000_000_000;

  /** What is shown of a bundle with this content: as text, and as JSON. */
  const shown = async (content: Partial<TrustDocument>): Promise<readonly [string, TrustSummary]> => {
    await write('shown', signBundle(trustDocument(content), oneTimeExporterKey()));
    const [text, json] = [
      await trust('show', '--trust', path('shown')),
      await trust('show', '--trust', path('shown'), '--json'),
    ];
    assert.deepEqual([text.status, json.status, text.stderr], [0, 0, '']);
    return [text.stdout, JSON.parse(json.stdout) as TrustSummary];
  };

  test('says of each jurisdiction its issuers, who is held, its venues and its rules', async () => {
    const [text, { federation, venues }] = await shown({
      jurisdictions: [jurisdiction('US-NO'), jurisdiction('US-SU', { suspended: true })],
      issuers: [
        trustedIssuer(),
        trustedIssuer({ id: 2, iss: 'https://held.example', name: 'Held', held: true, status: 'pending' }),
        trustedIssuer({ id: 3, iss: 'https://elsewhere.example', jurisdiction: 'US-SU' }),
      ],
      venues: [venue(1), venue(2, { status: 'withdrawn' }), venue(3, { jurisdiction: 'US-SU' })],
      rules: [rules(1, 100, DIGEST), rules(2, 200, DIGEST), rules(3, LATER, null)],
    });
    assert.equal(venues, 3);
    const [no, su] = federation;
    assert.deepEqual(
      [no?.code, no?.suspended, no?.issuers, no?.held.map(({ id }) => id), no?.venues.map(({ id }) => id)],
      ['US-NO', false, { active: 1, pending: 1 }, [2], [1, 2]],
    );
    assert.deepEqual(
      [no?.rules[0]?.inForce?.version, no?.rules[0]?.toCome.map(({ version }) => version)],
      [2, [3]],
    );
    assert.deepEqual([su?.suspended, su?.issuers, su?.rules], [true, { active: 1 }, []]);
    assert.match(text, /^US-NO {2}State of US-NO\n {2}issuers {4}1 active, 1 pending\n/m);
    assert.match(text, /held {7}issuer 2, Held, https:\/\/held.example: suspended .* pending$/m);
    assert.match(text, /venue {6}2, Venue 2, did:web:venue-2.example: withdrawn$/m);
    assert.match(text, /ENTRY version 2 in force since 1970-01-01T00:03:20.000Z, digest 0x1212/);
    assert.match(text, /ENTRY to end with version 3 on 3237-/);
    assert.match(text, /^US-SU .*\n {2}SUSPENDED/m);
    assert.doesNotMatch(text, /WARNING/);
  });

  test('warns of a successor, which it does not follow', async () => {
    const successor = { chainId: '10', registry: REGISTRY };
    const [text, summary] = await shown({ successor });
    assert.deepEqual(summary.successor, successor);
    assert.match(text, new RegExp(`^WARNING .*${REGISTRY} on chain 10`, 'm'));
  });

  test('says that a rule set has ended, or is still to begin', async () => {
    const [ended, { federation }] = await shown({ rules: [rules(1, 100, DIGEST), rules(2, 200, null)] });
    assert.match(ended, /ENTRY ended with version 2 on 1970-/);
    assert.equal(federation[0]?.rules[0]?.inForce?.digest, null);
    const [begins, later] = await shown({ rules: [rules(1, LATER, DIGEST)] });
    assert.match(begins, /ENTRY version 1 to come on 3237-/);
    assert.equal(later.federation[0]?.rules[0]?.inForce, null);
  });

  test('says of each rule set whether its document is here, and which version that says it is', async () => {
    const [entry, next] = [shippedText('US-NY/ENTRY'), '{"id":"NEXT"}'];
    const ny = 'US-NY';
    const [text, { federation }] = await shown({
      jurisdictions: [jurisdiction('US-NO'), jurisdiction(ny)],
      rules: [
        rules(1, 100, DIGEST),
        publishedAs(entry, { validFrom: 100 }),
        publishedAs(entry, { version: 2, validFrom: LATER, digest: ruleDigest(next) }),
      ],
      ruleFiles: [next],
    });
    const [no, { inForce, toCome } = { inForce: null, toCome: [] }] = federation.map((one) => one.rules[0]);
    assert.deepEqual([no?.inForce?.isHere, no?.inForce?.semver], [false, null]);
    // It comes with the program.
    assert.deepEqual([inForce?.isHere, inForce?.semver], [true, '1.0.0']);
    assert.deepEqual(
      toCome.map(({ isHere, semver }) => [isHere, semver]),
      [[true, null]],
    );
    assert.match(text, /digest 0x1212.*, at https:\/\/rules.example\/entry: not here$/m);
    assert.match(text, /ENTRY version 1 in force since .*: here, as 1\.0\.0$/m);
    assert.match(text, /ENTRY version 2 to come on .*: here, and no rule set$/m);
  });

  test('names twenty of a thousand venues, and all of them as JSON', async () => {
    const [text, { federation }] = await shown({
      venues: Array.from({ length: 1000 }, (_, index) => venue(index + 1)),
    });
    assert.equal(text.match(/^ {2}venue /gm)?.length, 20);
    assert.match(text, /and 980 more/);
    assert.equal(federation[0]?.venues.length, 1000);
  });

  test('prints no control and no hidden character, and no time that breaks it, of a hostile bundle', async () => {
    const name = 'A\u001b[2J\u202egnp\u200b';
    await shown({
      takenAt: Number.MAX_SAFE_INTEGER,
      jurisdictions: [jurisdiction('US-NO', { name })],
      issuers: [trustedIssuer({ name, held: true })],
      venues: [venue(1, { name })],
      rules: [rules(1, Number.MAX_SAFE_INTEGER, DIGEST)],
    });
    for (const json of [[], ['--json']]) {
      const { stdout } = await trust('show', '--trust', path('shown'), ...json);
      assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Bidi_Control}]/u);
    }
  });

  test('says of a bundle of another version that it is one', async () => {
    const old = { ...trustDocument(), version: 1 } as unknown as TrustDocument;
    await write('old', signBundle(old, oneTimeExporterKey()));
    assert.deepEqual(await failure('show', '--trust', path('old')), ['DOCUMENT_OF_ANOTHER_VERSION', 65]);
    const { decisions } = await verifyJson(['--trust', path('old'), mintCard(key)]);
    assert.deepEqual(decisions[0]?.codes, ['TRUST_INVALID']);
  });

  test('refuses what is not there or damaged, and makes no store', async () => {
    assert.deepEqual(await failure('show'), ['FILE_UNREADABLE', 65]);
    assert.deepEqual(await failure('show', '--trust', path('none')), ['FILE_UNREADABLE', 65]);
    assert.deepEqual(await failure('show', '--trust', await write('damaged', 'x')), ['BUNDLE_MALFORMED', 65]);
    assert.deepEqual(await failure('show', '--trust', path('x'), '--store', path('y')), ['USAGE', 64]);
    await assert.rejects(readdir(path('.pratique')), { code: 'ENOENT' });
  });
});

describe('pratique trust sync', () => {
  let chain: LocalChain;
  let registry: string;
  before(async () => {
    chain = await startChain();
    const { rpcUrl, chainId } = chain;
    const { address } = await deployRegistry({ rpcUrl, chainId, account: 0, adminDelay: 0 });
    registry = address;
    const governor = await connectRegistry({ rpcUrl, address, chainId, account: 0 });
    const accreditor = await connectRegistry({ rpcUrl, address, chainId, account: 1 });
    await governor.openJurisdiction('US-NO', 'State of Nowhere', await accreditor.sender());
    const { issuerId } = await accreditor.registerIssuer({
      iss: ISS,
      name: 'Nowhere',
      statusBase: '',
      jurisdiction: 'US-NO',
      controller: null,
      accreditedFrom: 0,
      accreditedUntil: 0,
      attestations: 0,
      status: 'active',
    });
    await accreditor.listKeys([{ issuerId, x: key.x, y: key.y, validUntil: 0, revocation: 'rids' }]);
    await accreditor.anchor({
      issuerId,
      list: key.kid,
      root: crlRoot(CRL.rids),
      counter: 1,
      length: 1,
      revoked: 1,
      final: false,
    });
  });
  after(() => chain.stop());

  const card = (rid: string): string => mintCard(key, { rid, nbf: Math.floor(Date.now() / 1000) - 60 });
  const codes = async (rid: string): Promise<readonly string[]> => {
    const { decisions } = await verifyJson(['--store', path('store'), card(rid)]);
    return decisions[0]?.codes ?? [];
  };

  test('fills a store from a real chain, which verify then decides by', async () => {
    const args = ['sync', '--rpc', chain.rpcUrl, '--registry', registry, '--store', path('store'), '--json'];
    const first = JSON.parse((await trust(...args)).stdout) as Record<string, unknown>;
    assert.deepEqual([first['newEvents'], first['keys'], first['heldLists']], [3, 1, 0]);
    assert.deepEqual(await codes('good'), ['STATUS_MISSING']);

    const { stdout, status } = await trust(...args, '--list', await write('crl.json', CRL));
    const second = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(
      [status, second['newEvents'], second['heldLists'], second['exporter']],
      [0, 0, 1, first['exporter']],
    );
    assert.deepEqual([await codes('good'), await codes('bad')], [['VALID'], ['REVOKED']]);

    const shown = JSON.parse(
      (await trust('show', '--store', path('store'), '--json')).stdout,
    ) as typeof first;
    assert.deepEqual([shown['source'], shown['exporter']], [second['source'], first['exporter']]);
    assert.match(await readFile(join(path('store'), 'exporter-key.pem'), 'utf8'), /PRIVATE KEY/);
  });

  test('names a file of revocation data that is not the anchored one, holds the rest, and exits 65', async () => {
    const wrong = await write('wrong.json', { ...CRL, rids: [] });
    const args = ['sync', '--rpc', chain.rpcUrl, '--registry', registry, '--store', path('store')];
    const { stdout, stderr, status } = await trust(...args, '--list', wrong);
    assert.match(stdout, /ROOT_DIFFERS/);
    assert.match(stderr, /^STATUS_DATA_REFUSED/m);
    assert.equal(status, 65);
    assert.deepEqual(await codes('bad'), ['REVOKED']);
  });

  test('holds a rule file that is published, names one that is not, holds the rest, and exits 65', async () => {
    const ours = (version: string): string =>
      changedText(shippedText('US-NY/ENTRY'), (json) =>
        Object.assign(json, { jurisdiction: 'US-NO', version }),
      );
    const published = publishedAs(ours('1.0.0'), { uri: 'https://rules.example/entry' });
    const { rpcUrl, chainId } = chain;
    const accreditor = await connectRegistry({ rpcUrl, address: registry, chainId, account: 1 });
    await accreditor.publishRules(published);
    const args = ['sync', '--rpc', rpcUrl, '--registry', registry, '--store', path('store')];
    const without = await trust(...args);
    assert.equal(without.status, 0);
    assert.match(without.stdout, /rules {6}0 of 1 .* are here\n {2}not here {3}US-NO\/ENTRY, version 1: /);

    await writeFile(path('altered.json'), ours('1.0.1'));
    await writeFile(path('entry.json'), ours('1.0.0'));
    const files = ['--rule-file', path('altered.json'), path('entry.json')];
    const { stdout, stderr, status } = await trust(...args, ...files);
    assert.match(stdout, /refused {4}.*altered.json: NOT_PUBLISHED \(digest 0x[0-9a-f]{64}\)/);
    assert.match(stdout, /rules {6}1 of 1 /);
    assert.match(stderr, /^RULE_FILES_REFUSED/m);
    assert.equal(status, 65);

    const { stdout: json } = await trust(...args, '--json');
    const { rules, refusedRules } = JSON.parse(json) as SyncReport;
    const { jurisdiction, id, version, validFrom } = published;
    assert.deepEqual(rules, [{ jurisdiction, id, version, validFrom, state: 'held', semver: '1.0.0' }]);
    assert.deepEqual(refusedRules, []);
    assert.match(
      (await trust('show', '--store', path('store'))).stdout,
      /ENTRY version 1 .*: here, as 1\.0\.0$/m,
    );
    assert.deepEqual(await failure(...args, '--rule-file', path('none')), ['FILE_UNREADABLE', 65]);
  });

  test('warns of a successor that the governor announced, at each sync', async () => {
    const [governor] = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
    const data = new Interface(issuerRegistryAbi).encodeFunctionData('announceSuccessor', [10, REGISTRY]);
    await mined(chain.rpcUrl, { from: governor, to: registry, data });
    const args = ['sync', '--rpc', chain.rpcUrl, '--registry', registry, '--store', path('store')];
    for (let time = 0; time < 2; time++) {
      assert.match((await trust(...args)).stdout, new RegExp(`^WARNING .*${REGISTRY} on chain 10`, 'm'));
    }
    assert.deepEqual(await codes('good'), ['VALID']);
  });

  test('refuses another registry than the one it was first used with', async () => {
    const args = ['sync', '--rpc', chain.rpcUrl, '--registry', REGISTRY, '--store', path('store')];
    assert.deepEqual(await failure(...args), ['STORE_OF_ANOTHER_REGISTRY', 65]);
  });

  test('a chain that is not up or holds no such registry, and wrong options, each exit as stated', async () => {
    const down = ['sync', '--rpc', 'http://127.0.0.1:9', '--registry', registry, '--store', path('new')];
    assert.deepEqual(await failure(...down), ['CHAIN_UNAVAILABLE', 69]);
    const none = ['sync', '--rpc', chain.rpcUrl, '--registry', REGISTRY, '--store', path('new')];
    assert.equal((await failure(...none))[0], 'NO_REGISTRY');
    for (const wrong of [
      ['--rpc', 'ftp://x', '--registry', registry],
      ['--rpc', chain.rpcUrl, '--registry', '0x12'],
      ['--rpc', chain.rpcUrl],
    ]) {
      assert.equal((await trust('sync', ...wrong)).status, 64);
    }
  });
});
