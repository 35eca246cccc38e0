import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import type { Inflate } from '../../../credential/deflate.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import type { ImportEs256Key } from '../../../credential/es256.ts';
import { HEALTH_CARD_TYPE } from '../../../credential/health-card.ts';
import type { CardScheme } from '../../../credential/shc-uri.ts';
import type { Decision } from '../../../verifier/pipeline/decision.ts';
import { indexTrust } from '../../../verifier/pipeline/trust.ts';
import { verifyCredential } from '../../../verifier/pipeline/verify.ts';
import {
  anchoredTrust,
  decide,
  healthCard,
  ISS,
  ISSUED,
  mintCard,
  mintJws,
  mintPass,
  mintPayload,
  newKey,
  NOW,
  trustDocument,
  trustedKey,
  utf8,
} from '../../support/cards.ts';

const key = newKey();
const trust = anchoredTrust(trustDocument({ keys: [trustedKey(key)] }));

/** Decide with spies on the two things that must not happen to what nobody vouched for. */
async function spied(text: string): Promise<{ decision: Decision; imported: number; inflated: number }> {
  const count = { imported: 0, inflated: 0 };
  const importKey: ImportEs256Key = (coordinates) => {
    count.imported += 1;
    return importEs256Key(coordinates);
  };
  const inflate: Inflate = (raw, cap) => {
    count.inflated += 1;
    return inflateRawNode(raw, cap);
  };
  const watched = indexTrust(trustDocument({ keys: [trustedKey(key)] }), { anchored: true, importKey });
  const terms = { now: NOW, allowUnanchored: false, rules: 'none' };
  const decision = await verifyCredential({ text }, watched, terms, { inflate });
  return { decision, ...count };
}

test('a good card: one key imported, one payload inflated', async () => {
  const { decision, imported, inflated } = await spied(mintCard(key));
  assert.deepEqual([decision.codes, imported, inflated], [['VALID'], 1, 1]);
});

test('a kid that nobody trusts: no key imported, nothing inflated', async () => {
  const { decision, imported, inflated } = await spied(mintCard(newKey()));
  assert.deepEqual([decision.codes, imported, inflated], [['ISSUER_UNKNOWN'], 0, 0]);
  assert.deepEqual([decision.checks.issuer, decision.checks.signature], ['failed', 'not-run']);
});

test('a bad signature: nothing inflated, and nothing else checked', async () => {
  const thief = newKey();
  const { decision, inflated } = await spied(mintCard({ ...thief, kid: key.kid }));
  assert.deepEqual([decision.codes, inflated], [['SIGNATURE_INVALID'], 0]);
  assert.deepEqual(
    [
      decision.checks.signature,
      decision.checks.validity,
      decision.checks.status,
      decision.subject,
      decision.issuer,
    ],
    ['failed', 'not-run', 'not-run', null, null],
  );
});

test('a text of the wrong shape: no key imported, nothing inflated', async () => {
  for (const text of ['', 'a.b', 'a.b.c', `${mintCard(key)}=`, ` ${mintCard(key)}`, `${mintCard(key)}\n`]) {
    const { decision, imported, inflated } = await spied(text);
    assert.deepEqual([decision.outcome, decision.codes], ['unreadable', ['MALFORMED']]);
    assert.deepEqual([imported, inflated], [0, 0]);
  }
});

test('without trust data no step that reads trust runs', async () => {
  for (const [none, code] of [
    ['missing', 'TRUST_MISSING'],
    ['invalid', 'TRUST_INVALID'],
  ] as const) {
    const decision = await decide(mintCard(key, { exp: 5 }), none);
    assert.deepEqual([decision.outcome, decision.codes], ['undetermined', [code]]);
    assert.ok(Object.values(decision.checks).every((result) => result === 'not-run'));
    assert.deepEqual([decision.issuer, decision.subject, decision.trust], [null, null, null]);
    assert.deepEqual((await decide('nonsense', none)).codes, ['MALFORMED']);
  }
});

test('a signed bomb is TOO_LARGE', async () => {
  const bomb = mintJws(key, deflateRawSync(Buffer.alloc(2 ** 20)), { zip: 'DEF' });
  assert.deepEqual((await decide(bomb, trust)).codes, ['TOO_LARGE']);
});

test('a text beyond the size of any card is TOO_LARGE', async () => {
  assert.deepEqual((await decide('a'.repeat(10_000_000), trust)).codes, ['TOO_LARGE']);
});

const header = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const withHeader = (json: object): string => mintCard(key).replace(/^[^.]+/, header(json));

test('a header of another algorithm, or with a key or a critical extension, is not read', async () => {
  const good = { alg: 'ES256', zip: 'DEF', kid: key.kid };
  for (const other of [
    { ...good, alg: 'none' },
    { ...good, alg: 'HS256' },
    { ...good, alg: 'ES384' },
    { ...good, zip: 'GZIP' },
    { ...good, crit: ['exp'] },
    { ...good, b64: false },
    { ...good, jwk: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y } },
    { ...good, jku: 'https://evil.example/jwks.json' },
    { ...good, x5u: 'https://evil.example/chain.pem' },
  ]) {
    assert.deepEqual(
      (await decide(withHeader(other), trust)).codes,
      ['UNSUPPORTED_FORMAT'],
      JSON.stringify(other),
    );
  }
  for (const other of [
    { ...good, kid: 'short' },
    { ...good, kid: undefined },
    { ...good, alg: 5 },
    { ...good, zip: undefined },
  ]) {
    assert.deepEqual((await decide(withHeader(other), trust)).codes, ['MALFORMED'], JSON.stringify(other));
  }
});

test('payloads that are signed and no card are MALFORMED', async () => {
  const vc = {
    type: [HEALTH_CARD_TYPE],
    credentialSubject: { fhirVersion: '4.0.1', fhirBundle: healthCard().fhirBundle },
  };
  for (const payload of [
    {},
    { iss: ISS, nbf: ISSUED },
    { iss: ISS, nbf: ISSUED, vc: { ...vc, type: ['https://smarthealth.cards#immunization'] } },
    { iss: ISS, nbf: String(ISSUED), vc },
    { iss: ISS, nbf: ISSUED * 1000, vc },
    { iss: ISS, vc },
    { iss: 'http://issuer.example/pratique', nbf: ISSUED, vc },
    { iss: ISS, nbf: ISSUED, exp: null, vc },
    { iss: ISS, nbf: ISSUED, vc: { ...vc, credentialSubject: {} } },
    [{ iss: ISS, nbf: ISSUED, vc }],
  ]) {
    assert.deepEqual(
      (await decide(mintPayload(key, payload), trust)).codes,
      ['MALFORMED'],
      JSON.stringify(payload),
    );
  }
  for (const text of ['', '{}{}', '{"a":1,"a":2}', '\ufeff{}', 'null', '[', '"\\ud800"']) {
    const bytes = deflateRawSync(utf8(text));
    assert.deepEqual((await decide(mintJws(key, bytes, { zip: 'DEF' }), trust)).codes, ['MALFORMED'], text);
  }
});

test('bytes behind the compressed payload, or a payload that is not compressed, are MALFORMED', async () => {
  const deflated = deflateRawSync(utf8(JSON.stringify({ iss: ISS })));
  for (const payload of [Buffer.concat([deflated, Buffer.from([0])]), deflated.subarray(0, -1), utf8('{}')]) {
    assert.deepEqual((await decide(mintJws(key, payload, { zip: 'DEF' }), trust)).codes, ['MALFORMED']);
  }
});

test('a scheme announces what its card is: a Pass is no health card, nor the other way round', async () => {
  const schemes: readonly (readonly [CardScheme, string, string])[] = [
    ['shc', mintCard(key), 'VALID'],
    ['shc', mintPass(key), 'MALFORMED'],
    ['pratique', mintPass(key), 'VALID'],
    ['pratique', mintCard(key), 'MALFORMED'],
  ];
  for (const [scheme, text, code] of schemes) {
    assert.deepEqual((await decide({ text, scheme }, trust)).codes, [code], `${scheme} ${code}`);
  }
});

test('a card of nobody, of two people, or without a name is SUBJECT_UNNAMED', async () => {
  const { fhirBundle } = healthCard();
  const [patient, immunization] = fhirBundle.entry;
  assert.ok(patient && immunization);
  const unnamed = { ...patient, resource: { resourceType: 'Patient', birthDate: '1980-02-29' } };
  for (const entry of [[immunization], [patient, patient, immunization], [unnamed, immunization]]) {
    const decision = await decide(mintCard(key, { fhirBundle: { ...fhirBundle, entry } }), trust);
    assert.deepEqual([decision.outcome, decision.codes], ['undetermined', ['SUBJECT_UNNAMED']]);
    assert.equal(decision.subject, null);
    assert.equal(decision.checks.signature, 'passed');
  }
});
