import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeWallet } from './resident-service.ts';
import { problemOf, serveFixture, vaccinated } from './service-fixture.ts';

test('a Pass is bound to whom somebody can prove to be, and a Plus with a holder is refused rather than given without', async (t) => {
  const { asker, issuer, kid } = await serveFixture(t);
  const clerk = await asker(['issue']);
  const ask = async (id: string, product: string): Promise<Response> =>
    clerk.post('/credentials/issue', {
      credential: { credentialSubject: { id, fhirBundle: vaccinated() } },
      options: { product },
    });
  const { did: holder } = await makeWallet();
  assert.deepEqual(await problemOf(await ask(holder, 'vaccination-plus')), ['HOLDER_NOT_BOUND']);
  for (const nobody of ['', 'javascript:alert(1)', 'did:web:evil.example', 'did:jwk:e30', 'did:key:zzzz'])
    assert.deepEqual(await problemOf(await ask(nobody, 'vaccination-pass')), ['HOLDER_INVALID'], nobody);
  assert.equal(issuer.issuedCount(kid), 0);
  assert.equal((await ask(holder, 'vaccination-pass')).status, 201);
});
