import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeIssuer, NOW, sampleBundle } from './issuer-fixture.ts';
import { answerOf } from './token-fixture.ts';

test('a revoked credential is refused as a token and as an object, in both formats', async (t) => {
  const { issuer } = await makeIssuer(t);
  const { id, vc, legacyVc } = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
  const { agent } = issuer;
  for (const jwt of [vc, legacyVc]) {
    assert.equal(answerOf(await agent.verifyCredential({ credential: jwt })), 'VERIFIED');
  }
  await issuer.revoke(id);
  for (const jwt of [vc, legacyVc]) {
    const stripped = { proof: { jwt } } as unknown as string;
    assert.equal(answerOf(await agent.verifyCredential({ credential: jwt })), 'REVOKED');
    assert.equal(answerOf(await agent.verifyCredential({ credential: stripped })), 'REVOKED');
    const policies = { credentialStatus: false };
    assert.equal(answerOf(await agent.verifyCredential({ credential: jwt, policies })), 'VERIFIED');
  }
});

test('a status that points elsewhere is unknown, which is not good', async (t) => {
  const { issuer } = await makeIssuer(t);
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer: issuer.did,
    credentialSubject: { claim: 1 },
  };
  const answerWith = async (credentialStatus: unknown): Promise<string> => {
    const given = { ...credential, credentialStatus } as { issuer: string };
    const signed = await issuer.agent.createVerifiableCredential({
      credential: given,
      proofFormat: 'vc+jwt',
    });
    return answerOf(await issuer.agent.verifyCredential({ credential: signed }));
  };
  const statusListCredential = `${issuer.identity.statusBase}/status/${issuer.keys()[0]?.kid}`;
  assert.equal(await answerWith({ statusListCredential, statusListIndex: '7' }), 'VERIFIED');
  assert.equal(await answerWith({ statusListCredential, statusListIndex: 7 }), 'STATUS_UNKNOWN');
  assert.equal(
    await answerWith({ statusListCredential: 'https://elsewhere.example', statusListIndex: '7' }),
    'STATUS_UNKNOWN',
  );
  assert.equal(await answerWith({ id: 'x', type: 'Other' }), 'STATUS_UNKNOWN');
  assert.equal(await answerWith('https://elsewhere.example'), 'STATUS_UNKNOWN');
});

test('a document that is no token, or of no known type, is refused without an exception', async (t) => {
  const { issuer } = await makeIssuer(t);
  const verify = async (credential: unknown): Promise<string> =>
    answerOf(await issuer.agent.verifyCredential({ credential: credential as string }));
  assert.equal(await verify({ issuer: issuer.did, proof: { type: 'DataIntegrityProof' } }), 'MALFORMED');
  assert.equal(await verify('not a token'), 'UNSUPPORTED_FORMAT');
});

test('other proof formats are refused', async (t) => {
  const { issuer } = await makeIssuer(t);
  const credential = { issuer: issuer.did, credentialSubject: {} };
  for (const proofFormat of ['lds', 'EthereumEip712Signature2021', '']) {
    await assert.rejects(issuer.agent.createVerifiableCredential({ credential, proofFormat }), {
      code: 'OPERATION_UNSUPPORTED',
    });
  }
});
