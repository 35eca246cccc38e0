import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { problemOf, serveFixture, vaccinated } from './service-fixture.ts';

test('a Pass is bound to whom somebody can prove to be, and a Plus with a holder is refused rather than given without', async (t) => {
  const { asker, issuer, kid } = await serveFixture(t);
  const clerk = await asker(['issue']);
  const ask = async (id: string, product: string): Promise<Response> =>
    clerk.post('/credentials/issue', {
      credential: { credentialSubject: { id, fhirBundle: vaccinated() } },
      options: { product },
    });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const holder = `did:jwk:${Buffer.from(JSON.stringify({ kty, crv, x, y })).toString('base64url')}`;
  assert.deepEqual(await problemOf(await ask(holder, 'vaccination-plus')), ['HOLDER_NOT_BOUND']);
  for (const nobody of ['', 'javascript:alert(1)', 'did:web:evil.example', 'did:jwk:e30', 'did:key:zzzz'])
    assert.deepEqual(await problemOf(await ask(nobody, 'vaccination-pass')), ['HOLDER_INVALID'], nobody);
  assert.equal(issuer.issuedCount(kid), 0);
  assert.equal((await ask(holder, 'vaccination-pass')).status, 201);
});
