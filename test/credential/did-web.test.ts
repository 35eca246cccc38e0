import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertIss, didWebFromIss, issFromDidWeb } from '../../credential/did-web.ts';
import { dataDir } from '../support/data.ts';
import { PERMITTED_ISS, REFUSED_ISS } from '../support/iss.ts';

const malformed = { name: 'FormatError', code: 'MALFORMED' };

for (const [iss, did] of PERMITTED_ISS) {
  test(`${iss.slice(0, 60)} is ${did.slice(0, 60)} and back`, () => {
    assert.equal(didWebFromIss(iss), did);
    assert.equal(issFromDidWeb(did), iss);
  });
}

test('every permitted iss comes back from its DID', () => {
  const segment = fc
    .stringMatching(/^[A-Za-z0-9._+~-]{1,8}$/)
    .filter((text) => text !== '.' && text !== '..');
  const port = fc.integer({ min: 1, max: 65_535 }).filter((number) => number !== 443);
  const iss = fc
    .tuple(fc.domain(), fc.option(port), fc.array(segment, { maxLength: 4 }))
    .map(([host, at, path]) => ['https://' + host + (at === null ? '' : `:${at}`), ...path].join('/'));
  fc.assert(
    fc.property(iss, (text) => {
      assert.equal(issFromDidWeb(didWebFromIss(text)), text);
    }),
  );
});

test('every text that passes for a DID is the DID of its iss', () => {
  const piece = fc.constantFrom(
    'did:web:',
    'a.b',
    ':',
    '%3A',
    '%2B',
    '%7E',
    '%2b',
    '+',
    '~',
    '1',
    '0',
    '/',
    '.',
    '..',
    '443',
    '_',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
      const did = `did:web:${pieces.join('')}`;
      let iss: string;
      try {
        iss = issFromDidWeb(did);
      } catch (error) {
        assert.equal((error as { code?: unknown }).code, 'MALFORMED');
        return;
      }
      assert.equal(didWebFromIss(iss), did);
    }),
    { numRuns: 3000 },
  );
});

for (const iss of REFUSED_ISS) {
  test(`${JSON.stringify(iss.slice(0, 80))} is no iss`, () => {
    assert.throws(() => assertIss(iss), malformed);
    assert.throws(() => didWebFromIss(iss), malformed);
  });
}

for (const did of [
  'did:web:',
  'did:web:health.example/a',
  'did:web:health.example::a',
  'did:web:health.example:a:',
  'did:web:health.example%3a80',
  'did:web:health.example%3A',
  'did:web:health.example:a%2Fb',
  'did:web:health.example:a+b',
  'did:web:health.example:..:b',
  'did:web:health.example#key',
  'did:web:health.example?q',
  'DID:web:health.example',
  'https://health.example',
  '',
]) {
  test(`${JSON.stringify(did)} is no did:web of an issuer`, () => {
    assert.throws(() => issFromDidWeb(did), malformed);
  });
}

test('another DID method is said to be unsupported', () => {
  assert.throws(() => issFromDidWeb('did:key:zDnae'), { name: 'FormatError', code: 'UNSUPPORTED_FORMAT' });
});

test(
  'every iss of the real directory is permitted and comes back from its DID',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  () => {
    const text = readFileSync(`${dataDir}/vci-directory/vci_snapshot.json`, 'utf8');
    const { issuerInfo } = JSON.parse(text) as { issuerInfo: { issuer: { iss: string } }[] };
    assert.equal(issuerInfo.length, 651);
    for (const { issuer } of issuerInfo) assert.equal(issFromDidWeb(didWebFromIss(issuer.iss)), issuer.iss);
  },
);
