import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VcJwtProvider } from '../../agent/vc-jwt-provider.ts';
import { deepFreeze, makeIssuer, NOW } from './issuer-fixture.ts';
import { answerOf, makeKey, makeToken, verifierContext, viewOf } from './token-fixture.ts';

const DID = 'did:web:issuer.example';
const OTHER = 'did:web:other.example';
const key = makeKey();
const otherKey = makeKey();
const context = verifierContext(viewOf({ [DID]: [key], [OTHER]: [otherKey] }));
const provider = new VcJwtProvider(() => NOW);

const HEADER = { typ: 'vc+jwt', cty: 'vc', kid: `${DID}#${key.kid}` };
const VC = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiableCredential'],
  issuer: DID,
  validFrom: '2026-11-23T11:00:00Z',
  credentialSubject: { claim: 1 },
};

async function answer(credential: unknown, at = context): Promise<string> {
  return answerOf(await provider.verifyCredential({ credential: credential as string }, at));
}

const token = (header: object = HEADER, payload: object = VC, signer = key): string =>
  makeToken(header, payload, signer);

test('a credential of an issuer in the registry verifies, and what was signed is what is returned', async () => {
  const jwt = token();
  const result = await provider.verifyCredential({ credential: jwt }, context);
  assert.equal(answerOf(result), 'VERIFIED');
  assert.deepEqual(result['verifiableCredential'], { ...VC, proof: { type: 'vc+jwt', jwt } });
  assert.equal(await answer(token({ ...HEADER, typ: 'application/vc+jwt', cty: undefined })), 'VERIFIED');
  assert.equal(await answer(token(HEADER, { ...VC, issuer: { id: DID, name: 'I' } })), 'VERIFIED');
});

test('the object around a token proves nothing and is not returned', async () => {
  const jwt = token();
  const object = { ...VC, credentialSubject: { claim: 'forged' }, proof: { type: 'vc+jwt', jwt } };
  const credential = object as unknown as string;
  const result = await provider.verifyCredential({ credential }, context);
  assert.deepEqual(result['verifiableCredential'], { ...VC, proof: { type: 'vc+jwt', jwt } });
});

test('a token of another type is not taken', async () => {
  for (const typ of ['JWT', 'vp+jwt', 'vc+sd-jwt', 'jwt', '']) {
    assert.equal(await answer(token({ ...HEADER, typ })), 'UNSUPPORTED_FORMAT', typ);
  }
  assert.equal(await answer(token({ ...HEADER, typ: undefined })), 'UNSUPPORTED_FORMAT');
  assert.equal(await answer(token({ ...HEADER, cty: 'vp' })), 'UNSUPPORTED_FORMAT');
});

test('a header that would steer the verification is not taken', async () => {
  assert.equal(await answer(token({ ...HEADER, crit: ['exp'] })), 'UNSUPPORTED_FORMAT');
  assert.equal(await answer(token({ ...HEADER, alg: 'none' })), 'UNSUPPORTED_FORMAT');
  assert.equal(await answer(token({ ...HEADER, jwk: { kty: 'EC' } })), 'UNSUPPORTED_FORMAT');
  assert.equal(await answer(token({ ...HEADER, zip: 'DEF' })), 'MALFORMED');
});

test('a kid must name a key, of a DID, in the registry, of this very issuer', async () => {
  assert.equal(await answer(token({ ...HEADER, kid: key.kid })), 'MALFORMED');
  assert.equal(await answer(token({ ...HEADER, kid: `${DID}#key-1` })), 'MALFORMED');
  assert.equal(await answer(token({ ...HEADER, kid: `did:key:zabc#${key.kid}` })), 'UNSUPPORTED_FORMAT');
  assert.equal(
    await answer(token({ ...HEADER, kid: `did:web:nobody.example#${key.kid}` })),
    'ISSUER_UNKNOWN',
  );
  assert.equal(
    await answer(token({ ...HEADER, kid: `${DID}#${otherKey.kid}` }, VC, otherKey)),
    'KEY_UNKNOWN',
  );
  assert.equal(
    await answer(token({ ...HEADER, kid: `${OTHER}#${otherKey.kid}` }, VC, otherKey)),
    'CONTENT_INVALID',
  );
});

test('a key that is not listed for assertions is not taken', async () => {
  const id = `${DID}#${key.kid}`;
  const publicKeyJwk = { kty: 'EC', crv: 'P-256', x: key.x, y: key.y };
  const method = { id, type: 'JsonWebKey', controller: DID, publicKeyJwk };
  const document = { id: DID, verificationMethod: [method] };
  assert.equal(await answer(token(), verifierContext({ ...document, keyAgreement: [id] })), 'KEY_UNKNOWN');
  assert.equal(await answer(token(), verifierContext({ ...document, authentication: [id] })), 'KEY_UNKNOWN');
  assert.equal(await answer(token(), verifierContext({ ...document, assertionMethod: [id] })), 'VERIFIED');
  assert.equal(await answer(token(), verifierContext({ id: DID, assertionMethod: [method] })), 'VERIFIED');
  assert.equal(
    await answer(token(), verifierContext({ ...document, id: OTHER, assertionMethod: [id] })),
    'ISSUER_UNKNOWN',
  );
});

test('a signature by another key, or over other bytes, does not hold', async () => {
  assert.equal(await answer(token(HEADER, VC, otherKey)), 'SIGNATURE_INVALID');
  const [header, , signature] = token().split('.');
  const payload = Buffer.from(JSON.stringify({ ...VC, credentialSubject: { claim: 2 } })).toString(
    'base64url',
  );
  assert.equal(await answer(`${header}.${payload}.${signature}`), 'SIGNATURE_INVALID');
});

test('dates are held to without leeway', async () => {
  const answerTo = (change: object): Promise<string> => answer(token(HEADER, { ...VC, ...change }));
  assert.equal(await answerTo({ validFrom: '2026-11-23T12:00:00Z' }), 'VERIFIED');
  assert.equal(await answerTo({ validFrom: '2026-11-23T12:00:01Z' }), 'NOT_YET_VALID');
  assert.equal(await answerTo({ validUntil: '2026-11-23T12:00:01Z' }), 'VERIFIED');
  assert.equal(await answerTo({ validUntil: '2026-11-23T12:00:00Z' }), 'EXPIRED');
  assert.equal(await answerTo({ validUntil: '2026-11-23T07:00:00-05:00' }), 'EXPIRED');
  assert.equal(await answerTo({ exp: NOW }), 'EXPIRED');
  assert.equal(await answerTo({ exp: 0 }), 'EXPIRED');
  assert.equal(await answerTo({ nbf: NOW + 1 }), 'NOT_YET_VALID');
  for (const date of ['2026-11-23', '2026-11-23T12:00:00', 'tomorrow', '', 1_795_435_200, null]) {
    assert.equal(await answerTo({ validUntil: date }), 'CONTENT_INVALID', String(date));
  }
  assert.equal(await answerTo({ exp: '4000000000' }), 'CONTENT_INVALID');
});

test('a payload that is no VCDM 2.0 credential is not taken', async () => {
  const bad: object[] = [
    { ...VC, '@context': ['https://www.w3.org/2018/credentials/v1'] },
    { ...VC, '@context': ['https://example.org', 'https://www.w3.org/ns/credentials/v2'] },
    { ...VC, type: ['Other'] },
    { ...VC, issuer: OTHER },
    { ...VC, iss: OTHER },
    { ...VC, vc: {} },
    { ...VC, vp: {} },
    { ...VC, credentialSubject: {} },
    { ...VC, credentialSubject: 'text' },
    { ...VC, credentialSubject: undefined },
  ];
  for (const payload of bad) assert.equal(await answer(token(HEADER, payload)), 'CONTENT_INVALID');
  assert.equal(await answer(makeToken(HEADER, [VC], key)), 'MALFORMED');
});

test('what is no token is malformed, and never an exception', async () => {
  for (const text of ['', 'a.b.c', `${token()}\n`, `${token()}.`, token().slice(0, -1), '{}', '💥']) {
    assert.equal(await answer(text), 'MALFORMED', JSON.stringify(text));
  }
  assert.equal(await answer({}), 'MALFORMED');
  assert.equal(await answer(undefined), 'MALFORMED');
});

test('presentations are neither made nor verified', async () => {
  assert.equal(answerOf(await provider.verifyPresentation()), 'PRESENTATION_UNSUPPORTED');
  await assert.rejects(provider.createVerifiablePresentation(), { code: 'OPERATION_UNSUPPORTED' });
});

test('the agent signs a frozen credential as it is and adds nothing to it', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const credential = deepFreeze({ ...VC, issuer: issuer.did });
  const signed = await issuer.agent.createVerifiableCredential({ credential, proofFormat: 'vc+jwt' });
  const [header, payload] = String(signed.proof['jwt'])
    .split('.', 2)
    .map((part): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  assert.deepEqual(header, { alg: 'ES256', kid: `${issuer.did}#${kid}`, typ: 'vc+jwt', cty: 'vc' });
  assert.deepEqual(payload, credential);
});

test('what is no VCDM 2.0 credential is not signed, and neither is one of somebody else', async (t) => {
  const { issuer } = await makeIssuer(t);
  const sign = (credential: object, more: object = {}): Promise<unknown> =>
    issuer.agent.createVerifiableCredential({
      credential: { ...VC, issuer: issuer.did, ...credential },
      proofFormat: 'vc+jwt',
      ...more,
    });
  for (const bad of [
    { '@context': ['https://www.w3.org/2018/credentials/v1'] },
    { type: ['Other'] },
    { expirationDate: '2027-01-01T00:00:00Z' },
    { credentialSubject: undefined },
    { proof: {} },
  ]) {
    await assert.rejects(sign(bad), { code: 'CREDENTIAL_INVALID' });
  }
  await assert.rejects(sign({}, { keyRef: 'A'.repeat(43) }), { code: 'KEY_UNKNOWN' });
  await assert.rejects(sign({ issuer: OTHER }));
});
