import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VcJwtLegacyProvider } from '../../agent/vc-jwt-legacy-provider.ts';
import { deepFreeze, makeIssuer, NOW } from './issuer-fixture.ts';
import { answerOf, makeKey, makeToken, verifierContext, viewOf } from './token-fixture.ts';

const DID = 'did:web:issuer.example';
const OTHER = 'did:web:other.example';
const key = makeKey();
const otherKey = makeKey();
const context = verifierContext(viewOf({ [DID]: [key], [OTHER]: [otherKey] }));
const provider = new VcJwtLegacyProvider(() => NOW);

const HEADER = { typ: 'JWT', kid: `${DID}#${key.kid}` };
const VC = {
  '@context': ['https://www.w3.org/2018/credentials/v1'],
  type: ['VerifiableCredential'],
  credentialSubject: { claim: 1 },
};
const PAYLOAD = { iss: DID, nbf: NOW - 60, vc: VC };

async function answer(credential: string, at = context, policies: object = {}): Promise<string> {
  return answerOf(await provider.verifyCredential({ credential, policies }, at));
}

const token = (header: object = HEADER, payload: object = PAYLOAD, signer = key): string =>
  makeToken(header, payload, signer);

test('a credential of an issuer in the registry verifies, as the credential it stands for', async () => {
  const jwt = token(HEADER, { ...PAYLOAD, exp: NOW + 60, jti: 'urn:uuid:1' });
  const result = await provider.verifyCredential({ credential: jwt }, context);
  assert.equal(answerOf(result), 'VERIFIED');
  assert.deepEqual(result['verifiableCredential'], {
    ...VC,
    id: 'urn:uuid:1',
    issuer: DID,
    issuanceDate: '2026-11-23T11:59:00.000Z',
    expirationDate: '2026-11-23T12:01:00.000Z',
    proof: { type: 'JwtProof2020', jwt },
  });
});

test('there is no skew: five minutes too early or too late is too early or too late', async () => {
  const answerTo = (change: object): Promise<string> => answer(token(HEADER, { ...PAYLOAD, ...change }));
  assert.equal(await answerTo({ nbf: NOW }), 'VERIFIED');
  assert.equal(await answerTo({ nbf: NOW + 1 }), 'NOT_YET_VALID');
  assert.equal(await answerTo({ exp: NOW + 1 }), 'VERIFIED');
  assert.equal(await answerTo({ exp: NOW }), 'EXPIRED');
});

test('dates that did-jwt skips or misreads are refused', async () => {
  const answerTo = (change: object): Promise<string> => answer(token(HEADER, { ...PAYLOAD, ...change }));
  assert.equal(await answerTo({ exp: 0 }), 'CONTENT_INVALID');
  assert.equal(await answerTo({ nbf: undefined }), 'CONTENT_INVALID');
  assert.equal(await answerTo({ nbf: 0 }), 'CONTENT_INVALID');
  assert.equal(await answerTo({ exp: '4000000000' }), 'CONTENT_INVALID');
  assert.equal(await answerTo({ nbf: NOW * 1000 }), 'CONTENT_INVALID');
  assert.equal(await answerTo({ vc: { ...VC, expirationDate: '2020-01-01T00:00:00Z' } }), 'EXPIRED');
  assert.equal(await answerTo({ vc: { ...VC, validUntil: '2020-01-01T00:00:00Z' } }), 'EXPIRED');
  assert.equal(await answerTo({ vc: { ...VC, issuanceDate: '2030-01-01T00:00:00Z' } }), 'NOT_YET_VALID');
  assert.equal(await answerTo({ vc: { ...VC, expirationDate: 'never' } }), 'CONTENT_INVALID');
});

test('one options object for two tokens does not let the second be checked by the issuer of the first', async () => {
  const policies = {};
  const own = token({ ...HEADER, kid: `${OTHER}#${otherKey.kid}` }, { ...PAYLOAD, iss: OTHER }, otherKey);
  const forged = token({ ...HEADER, kid: `${DID}#${key.kid}` }, PAYLOAD, otherKey);
  assert.equal(await answer(own, context, policies), 'VERIFIED');
  assert.equal(await answer(forged, context, policies), 'SIGNATURE_INVALID');
  assert.equal(await answer(own, context, policies), 'VERIFIED');
});

test('the kid must be of the issuer that the token names', async () => {
  assert.equal(await answer(token({ ...HEADER, kid: undefined })), 'MALFORMED');
  assert.equal(
    await answer(token({ ...HEADER, kid: `${OTHER}#${otherKey.kid}` }, PAYLOAD, otherKey)),
    'CONTENT_INVALID',
  );
  assert.equal(
    await answer(token({ ...HEADER, kid: `${DID}#${otherKey.kid}` }, PAYLOAD, otherKey)),
    'KEY_UNKNOWN',
  );
  assert.equal(
    await answer(token({ ...HEADER, kid: `did:web:nobody.example#${key.kid}` })),
    'ISSUER_UNKNOWN',
  );
});

test('a key listed for key agreement alone is not taken', async () => {
  const id = `${DID}#${key.kid}`;
  const publicKeyJwk = { kty: 'EC', crv: 'P-256', x: key.x, y: key.y };
  const verificationMethod = [{ id, type: 'JsonWebKey', controller: DID, publicKeyJwk }];
  const document = { id: DID, verificationMethod, keyAgreement: [id] };
  assert.equal(await answer(token(), verifierContext(document)), 'KEY_UNKNOWN');
  assert.equal(await answer(token(), verifierContext({ ...document, assertionMethod: [] })), 'KEY_UNKNOWN');
});

test('a token of another type, or with an extension that must be understood, is not taken', async () => {
  assert.equal(await answer(token({ ...HEADER, typ: 'vc+jwt' })), 'UNSUPPORTED_FORMAT');
  assert.equal(await answer(token({ ...HEADER, typ: 'at+jwt' })), 'UNSUPPORTED_FORMAT');
  assert.equal(await answer(token({ ...HEADER, crit: ['b64'], b64: false })), 'UNSUPPORTED_FORMAT');
});

test('a token that would be merged into another credential, or names two issuers, is not taken', async () => {
  const bad: object[] = [
    { ...PAYLOAD, vc: undefined },
    { ...PAYLOAD, issuer: OTHER },
    { ...PAYLOAD, credentialSubject: { claim: 2 } },
    { ...PAYLOAD, type: ['Other'] },
    { ...PAYLOAD, '@context': ['https://www.w3.org/2018/credentials/v1'] },
    { ...PAYLOAD, vp: {} },
    { ...PAYLOAD, aud: 'somebody' },
    { ...PAYLOAD, vc: { ...VC, issuer: OTHER } },
    { ...PAYLOAD, vc: { ...VC, issuer: { id: OTHER } } },
    { ...PAYLOAD, vc: { ...VC, '@context': ['https://www.w3.org/ns/credentials/v2'] } },
    { ...PAYLOAD, vc: { ...VC, type: ['Other'] } },
    { ...PAYLOAD, vc: { ...VC, credentialSubject: {} } },
  ];
  for (const payload of bad) assert.equal(await answer(token(HEADER, payload)), 'CONTENT_INVALID');
});

test('what is no token is malformed', async () => {
  for (const text of ['', 'a.b.c', `${token()}=`, `${token()} `])
    assert.equal(await answer(text), 'MALFORMED');
});

test('presentations are neither made nor verified', async () => {
  assert.equal(answerOf(await provider.verifyPresentation()), 'PRESENTATION_UNSUPPORTED');
  await assert.rejects(provider.createVerifiablePresentation(), { code: 'OPERATION_UNSUPPORTED' });
});

test('the agent signs a frozen credential and names the key in the header', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const credential = deepFreeze({ ...VC, issuer: issuer.did, issuanceDate: '2026-11-23T11:00:00Z' });
  const signed = await issuer.agent.createVerifiableCredential({ credential, proofFormat: 'jwt' });
  const [header, payload] = String(signed.proof['jwt'])
    .split('.', 2)
    .map((part): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  assert.deepEqual(header, { alg: 'ES256', kid: `${issuer.did}#${kid}`, typ: 'JWT' });
  assert.deepEqual(payload, { iss: issuer.did, nbf: 1_795_431_600, vc: VC });
  assert.equal(answerOf(await issuer.agent.verifyCredential({ credential: signed })), 'VERIFIED');
});

test('what is no VCDM 1.1 credential is not signed', async (t) => {
  const { issuer } = await makeIssuer(t);
  for (const bad of [
    { '@context': ['https://www.w3.org/ns/credentials/v2'] },
    { type: ['Other'] },
    { credentialSubject: {} },
  ]) {
    const credential = { ...VC, issuer: issuer.did, ...bad };
    await assert.rejects(issuer.agent.createVerifiableCredential({ credential, proofFormat: 'jwt' }), {
      code: 'CREDENTIAL_INVALID',
    });
  }
});
