import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { importEs256Key } from '../../credential/es256-node.ts';
import { documentFromVciSnapshot } from '../../verifier/node/vci-snapshot.ts';
import type { Checks } from '../../verifier/pipeline/decision.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { decide, NOW } from '../support/cards.ts';
import { dataDir } from '../support/data.ts';

/** The issuer of the official examples has published its private keys: it is trusted here and nowhere else. */
const ISSUER = 'https://spec.smarthealth.cards/examples/issuer';
const CRL = '.well-known/crl/3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s.json';
const skip = dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false;

async function example(path: string): Promise<string> {
  return readFile(join(dataDir ?? '', 'shc-examples', path), 'utf8');
}

async function trustInExamples({ crl }: { crl: boolean }): Promise<Trust> {
  const { keys } = JSON.parse(await example('issuer/.well-known/jwks.json')) as { keys: unknown };
  const snapshot = { issuerInfo: [{ issuer: { iss: ISSUER, name: 'Official examples' }, keys }] };
  const crls = crl ? [{ name: 'crl', json: JSON.parse(await example(`issuer/${CRL}`)) as unknown }] : [];
  const { document, oddities } = documentFromVciSnapshot(snapshot, crls, {
    origin: 'examples',
    now: NOW - 60,
  });
  assert.deepEqual(
    oddities.map(({ code }) => code),
    crl ? [] : ['CRL_MISSING'],
  );
  return indexTrust(document, { anchored: false, importKey: importEs256Key });
}

const EXPECTED: readonly (readonly [string, string, readonly string[], Partial<Checks>])[] = [
  ['00', 'accepted', ['VALID'], { signature: 'passed', status: 'passed' }],
  ['01', 'accepted', ['VALID'], { signature: 'passed', status: 'not-offered' }],
  ['02', 'undetermined', ['SUBJECT_UNNAMED'], { signature: 'passed' }],
  ['03', 'rejected', ['EXPIRED', 'REVOKED'], { signature: 'passed', validity: 'failed', status: 'failed' }],
];

for (const [number, outcome, codes, checks] of EXPECTED) {
  test(`official example ${number} is ${outcome}: ${codes.join(' and ')}`, { skip }, async () => {
    const trust = await trustInExamples({ crl: true });
    const jws = (await example(`example-${number}-d-jws.txt`)).trim();
    const decision = await decide(jws, trust, { allowUnanchored: true });
    assert.deepEqual([decision.outcome, decision.codes], [outcome, codes]);
    assert.deepEqual({ ...decision.checks, ...checks }, decision.checks);
    assert.deepEqual([decision.trust?.anchored, decision.trust?.block], [false, null]);
  });
}

test('without its CRL the cards of a key that has one cannot be judged', { skip }, async () => {
  const trust = await trustInExamples({ crl: false });
  const jws = (await example('example-00-d-jws.txt')).trim();
  const decision = await decide(jws, trust, { allowUnanchored: true });
  assert.deepEqual([decision.outcome, decision.codes], ['undetermined', ['STATUS_MISSING']]);
});

test('unless allowed, data that is tied to no chain accepts none of them', { skip }, async () => {
  const trust = await trustInExamples({ crl: true });
  for (const [number] of EXPECTED) {
    const decision = await decide((await example(`example-${number}-d-jws.txt`)).trim(), trust);
    assert.notEqual(decision.outcome, 'accepted');
    assert.ok(decision.codes.includes('TRUST_UNANCHORED'));
  }
});
