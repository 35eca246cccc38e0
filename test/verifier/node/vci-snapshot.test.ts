import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { thumbprint } from '../../../credential/jwk.ts';
import { documentFromVciSnapshot } from '../../../verifier/node/vci-snapshot.ts';
import { readTrustDocument } from '../../../verifier/pipeline/trust-document-reader.ts';
import { indexTrust } from '../../../verifier/pipeline/trust.ts';
import type { Trust } from '../../../verifier/pipeline/trust.ts';
import { decide, ISS, mintCard, newKey, NOW } from '../../support/cards.ts';
import type { TestKey } from '../../support/cards.ts';
import { dataDir } from '../../support/data.ts';

const ABOUT = { origin: 'a test', now: NOW - 60 };
const key = newKey();

const jwk = ({ kid, x, y }: Pick<TestKey, 'kid' | 'x' | 'y'>, more: object = {}): object => ({
  kty: 'EC',
  crv: 'P-256',
  alg: 'ES256',
  use: 'sig',
  kid,
  x,
  y,
  ...more,
});
const entry = (keys: unknown, more: object = {}, issuer: object = { iss: ISS, name: 'Nowhere' }): object => ({
  issuer,
  keys,
  ...more,
});
const crl = (rids: readonly string[], counter: unknown = 1, kid = key.kid): object => ({
  kid,
  method: 'rid',
  ctr: counter,
  rids,
});
const file = (json: unknown, name = 'file.json'): { name: string; json: unknown } => ({ name, json });

interface Built {
  readonly document: ReturnType<typeof documentFromVciSnapshot>['document'];
  readonly codes: readonly string[];
  readonly trust: Trust;
}

function build(entries: readonly unknown[], crls: Parameters<typeof documentFromVciSnapshot>[1] = []): Built {
  const { document, oddities } = documentFromVciSnapshot({ issuerInfo: entries }, crls, ABOUT);
  readTrustDocument(JSON.parse(JSON.stringify(document)));
  const trust = indexTrust(document, { anchored: false, importKey: importEs256Key });
  return { document, codes: oddities.map(({ code }) => code), trust };
}

async function codesFor(trust: Trust, rid?: string, iss = ISS): Promise<readonly string[]> {
  return (await decide(mintCard(key, { rid, iss }), trust, { allowUnanchored: true })).codes;
}

test('an issuer and its key are trusted from 0 and for good, tied to no chain', async () => {
  const { document, codes, trust } = build([entry([jwk(key)])]);
  assert.deepEqual(codes, []);
  assert.deepEqual(document.source, { kind: 'unanchored', origin: 'a test' });
  assert.equal(document.takenAt, NOW - 60);
  assert.deepEqual(
    [document.keys[0]?.validFrom, document.keys[0]?.proven, document.keys[0]?.revocation],
    [0, false, 'none'],
  );
  assert.deepEqual(await codesFor(trust, 'some-rid'), ['VALID']);
  assert.deepEqual((await decide(mintCard(key), trust)).codes, ['TRUST_UNANCHORED']);
});

test('a CRL of the snapshot, or from a file, revokes', async () => {
  for (const built of [
    build([entry([jwk(key)], { crls: [crl(['bad'])] })]),
    build([entry([jwk(key)])], [file(crl(['bad'], '1'))]),
  ]) {
    assert.deepEqual(built.codes, []);
    assert.deepEqual(await codesFor(built.trust, 'bad'), ['REVOKED']);
    assert.deepEqual(await codesFor(built.trust, 'good'), ['VALID']);
  }
});

test('of two CRLs the higher counter holds, of equal counters both', async () => {
  const older = [entry([jwk(key)], { crls: [crl(['old'], 1)] })];
  const newer = build(older, [file(crl(['new'], 2))]);
  assert.deepEqual(
    [await codesFor(newer.trust, 'old'), await codesFor(newer.trust, 'new')],
    [['VALID'], ['REVOKED']],
  );
  const same = build(older, [file(crl(['new'], 1))]);
  assert.deepEqual(
    [await codesFor(same.trust, 'old'), await codesFor(same.trust, 'new')],
    [['REVOKED'], ['REVOKED']],
  );
});

test('a key that speaks of a CRL which is not here cannot be judged', async () => {
  for (const crlVersion of [1, '1', 0]) {
    const { codes, trust } = build([entry([jwk(key, { crlVersion })])]);
    assert.deepEqual(codes, ['CRL_MISSING']);
    assert.deepEqual(await codesFor(trust, 'some-rid'), ['STATUS_MISSING']);
  }
});

test('a key whose crlVersion is no counter is never taken for one without a CRL', async () => {
  for (const crlVersion of [null, 'x', -1, {}]) {
    const { trust } = build([entry([jwk(key, { crlVersion })])]);
    assert.notDeepEqual(await codesFor(trust, 'some-rid'), ['VALID']);
  }
});

test('a broken CRL is reported, and its key cannot be judged, whatever another CRL says', async () => {
  const broken = { kid: key.kid, method: 'rid', ctr: 9, rids: ['not a rid'] };
  for (const built of [
    build([entry([jwk(key)], { crls: [broken] })]),
    build([entry([jwk(key)])], [file(broken)]),
    build([entry([jwk(key)], { crls: [crl(['x'], 10)] })], [file(broken)]),
    build([entry([jwk(key)], { crls: [crl(['x'], 10), null] })]),
    build([entry([jwk(key)], { crls: 'none' })]),
  ]) {
    assert.deepEqual(built.codes, ['CRL_REFUSED']);
    assert.deepEqual(await codesFor(built.trust, 'some-rid'), ['STATUS_MISSING']);
  }
});

test('a CRL of no key is reported and changes nothing', async () => {
  const stranger = crl(['bad'], 1, newKey().kid);
  for (const built of [
    build([entry([jwk(key)], { crls: [stranger] })]),
    build([entry([jwk(key)])], [file(stranger)]),
  ]) {
    assert.deepEqual(built.codes, ['CRL_OF_NO_KEY']);
    assert.deepEqual(await codesFor(built.trust, 'bad'), ['VALID']);
  }
});

test('a CRL file is of every issuer that has the key, one in the snapshot of its issuer only', async () => {
  const other = 'https://other.example';
  const two = (more: object): readonly object[] => [
    entry([jwk(key)], more),
    entry([jwk(key)], {}, { iss: other, name: 'Other' }),
  ];
  const fromFile = build(two({}), [file(crl(['bad']))]);
  assert.deepEqual(await codesFor(fromFile.trust, 'bad'), ['REVOKED']);
  assert.deepEqual(await codesFor(fromFile.trust, 'bad', other), ['REVOKED']);
  const fromSnapshot = build(two({ crls: [crl(['bad'])] }));
  assert.deepEqual(await codesFor(fromSnapshot.trust, 'bad'), ['REVOKED']);
  assert.deepEqual(await codesFor(fromSnapshot.trust, 'bad', other), ['VALID']);
});

test('a key that cannot be used is skipped and reported by its kid, the issuer and its other keys kept', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const off = { x: newKey().x, y: newKey().y };
  const bad = newKey();
  for (const [wrong, kid] of [
    [jwk(bad, { d: 'AAAA' }), bad.kid],
    [jwk({ ...bad, kid: newKey().kid }), undefined],
    [{ ...rsa, alg: 'RS256', use: 'sig', kid: 'rsa' }, 'rsa'],
    [jwk({ ...off, kid: thumbprint(off) }), thumbprint(off)],
    [jwk(bad, { use: 'enc' }), bad.kid],
    [jwk(bad, { crv: 'P-384' }), bad.kid],
    [null, null],
  ] as const) {
    const { document, oddities } = documentFromVciSnapshot(
      { issuerInfo: [entry([wrong, jwk(key)])] },
      [],
      ABOUT,
    );
    assert.deepEqual(
      document.keys.map((trusted) => trusted.kid),
      [key.kid],
    );
    assert.deepEqual(
      oddities.map(({ code, of }) => [code, of]),
      [['KEY_REFUSED', ISS]],
    );
    if (kid !== undefined) assert.equal(oddities[0]?.kid, kid);
  }
});

test('a key that stands twice in a set is reported, and keeps its CRL if either speaks of one', async () => {
  for (const keys of [
    [jwk(key), jwk(key, { crlVersion: 1 })],
    [jwk(key, { crlVersion: 1 }), jwk(key)],
  ]) {
    const { codes, trust } = build([entry(keys)]);
    assert.deepEqual(codes, ['KEY_DUPLICATE', 'CRL_MISSING']);
    assert.deepEqual(await codesFor(trust, 'some-rid'), ['STATUS_MISSING']);
  }
});

test('an entry whose iss cannot be trusted is skipped and reported, the others kept', () => {
  for (const issuer of [
    { name: 'Nameless' },
    { iss: 5 },
    { iss: 'http://issuer.example' },
    { iss: `${ISS}/` },
    { iss: 'https://issuer.example/a b' },
    null,
    'https://issuer.example',
  ]) {
    const { document, codes } = build([{ issuer, keys: [jwk(key)] }, entry([jwk(key)])]);
    assert.deepEqual(codes, ['ISSUER_REFUSED']);
    assert.deepEqual(
      document.issuers.map(({ iss }) => iss),
      [ISS],
    );
  }
  assert.deepEqual(build([null, 'x', entry([jwk(key)])]).codes, ['ISSUER_REFUSED', 'ISSUER_REFUSED']);
});

test('an issuer that stands twice keeps its first entry', () => {
  const { document, codes } = build([entry([jwk(key)]), entry([jwk(newKey())])]);
  assert.deepEqual(codes, ['ISSUER_DUPLICATE']);
  assert.deepEqual(
    document.keys.map(({ kid }) => kid),
    [key.kid],
  );
});

test('an issuer without keys or without a usable name is kept and reported', () => {
  assert.deepEqual(build([entry([])]).codes, ['KEYS_MISSING']);
  assert.deepEqual(build([entry('none')]).codes, ['KEYS_MISSING']);
  for (const name of [undefined, '', 5, ' \u202E\u0000\uFEFF']) {
    const { document, codes } = build([entry([jwk(key)], {}, { iss: ISS, name })]);
    assert.deepEqual([codes, document.issuers[0]?.name], [['NAME_REFUSED'], ISS]);
  }
});

test('a name is shortened to what the registry takes, without half characters, and rid of what is not shown', () => {
  for (const [name, kept] of [
    ['x'.repeat(201), 'x'.repeat(200)],
    ['é'.repeat(101), 'é'.repeat(100)],
    [`${'x'.repeat(199)}é`, 'x'.repeat(199)],
    [`${'x'.repeat(198)}😀`, 'x'.repeat(198)],
    ['State of \u202EkroY weN\u202C', 'State of kroY weN'],
    ['\uFEFFA \u001B[2Jclinic\n', 'A [2Jclinic'],
  ] as const) {
    const { document, codes } = build([entry([jwk(key)], {}, { iss: ISS, name })]);
    assert.deepEqual([codes, document.issuers[0]?.name], [['NAME_CLEANED'], kept]);
  }
});

test('what is no snapshot is DOCUMENT_MALFORMED', () => {
  for (const json of [null, [], {}, { issuerInfo: {} }, 'x']) {
    assert.throws(() => documentFromVciSnapshot(json, [], ABOUT), { code: 'DOCUMENT_MALFORMED' });
  }
});

const skip = dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false;
test(
  "the real directory loads: 651 issuers, 961 keys, New York's among them by (iss, kid)",
  { skip },
  async () => {
    const path = join(dataDir ?? '', 'vci-directory', 'vci_snapshot.json');
    const snapshot: unknown = JSON.parse(await readFile(path, 'utf8'));
    const { document, oddities } = documentFromVciSnapshot(snapshot, [], ABOUT);
    assert.deepEqual([document.issuers.length, document.keys.length, document.lists.length], [651, 961, 6]);
    assert.deepEqual(
      oddities.map(({ code }) => code),
      ['KEYS_MISSING'],
    );

    const trust = indexTrust(readTrustDocument(JSON.parse(JSON.stringify(document))), {
      anchored: false,
      importKey: importEs256Key,
    });
    const newYork = document.issuers.find(({ iss }) => iss === 'https://ekeys.ny.gov/epass/doh/dvc/2021');
    const [kid = ''] = document.keys
      .filter(({ issuer }) => issuer === newYork?.id)
      .map((trusted) => trusted.kid);
    assert.ok(trust.entriesOf(kid).some(({ issuer }) => issuer.id === newYork?.id));
    const short = document.keys.filter(({ x }) => x.length === 42);
    assert.equal(short.length, 2);
    const kids = new Map<string, number>();
    for (const trusted of document.keys) kids.set(trusted.kid, (kids.get(trusted.kid) ?? 0) + 1);
    assert.equal([...kids.values()].filter((count) => count > 1).length, 46);
    assert.equal(Math.max(...kids.values()), 161);
    const lists = document.lists.map((list) => (list.kind === 'rids' ? list.rids.length : -1));
    assert.deepEqual(
      lists.toSorted((a, b) => a - b),
      [0, 0, 0, 17, 555, 771],
    );
  },
);
