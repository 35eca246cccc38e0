import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DidWebProvider } from '../../agent/did-web-provider.ts';

const provider = new DidWebProvider();

test('an identifier is the did:web of the iss', async () => {
  assert.deepEqual(
    await provider.createIdentifier({ options: { iss: 'https://health.example.org:8443/Shc' } }),
    {
      did: 'did:web:health.example.org%3A8443:Shc',
      keys: [],
      services: [],
    },
  );
});

test('without an iss, or with one that is none, there is no identifier', async () => {
  await assert.rejects(provider.createIdentifier({}), { code: 'ISSUER_INVALID' });
  await assert.rejects(provider.createIdentifier({ options: { iss: 'http://health.example.org' } }), {
    code: 'MALFORMED',
  });
});

test('keys are added without being published, and never taken away', async () => {
  assert.equal(await provider.addKey(), true);
  for (const refused of [
    () => provider.removeKey(),
    () => provider.updateIdentifier(),
    () => provider.deleteIdentifier(),
    () => provider.addService(),
    () => provider.removeService(),
  ]) {
    await assert.rejects(refused, { code: 'OPERATION_UNSUPPORTED' });
  }
});
