import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Resolver } from 'did-resolver';

import { registryResolver, registryView, type RegistryView } from '../../agent/registry-resolver.ts';
import { makeKey } from './token-fixture.ts';

const key = makeKey();
const did = 'did:web:Health.example.org:Shc';

function resolverOf(view: RegistryView): Resolver {
  return new Resolver(registryResolver(() => view));
}

function viewWith(
  change: Partial<RegistryView['issuers'][number]> & { state?: 'active' | 'retired' | 'compromised' },
) {
  const { state = 'active', ...issuer } = change;
  return {
    issuers: [{ id: 7, did, status: 'active' as const, ...issuer }],
    keys: [{ issuer: 7, kid: key.kid, x: key.x, y: key.y, state }],
  };
}

test('a DID resolves to the keys that the registry has, for assertions and nothing else', async () => {
  const { didDocument, didResolutionMetadata } = await resolverOf(viewWith({})).resolve(did);
  const id = `${did}#${key.kid}`;
  assert.deepEqual(didDocument, {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: [
      {
        id,
        type: 'JsonWebKey',
        controller: did,
        publicKeyJwk: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y },
      },
    ],
    assertionMethod: [id],
  });
  assert.equal(didResolutionMetadata.error, undefined);
});

test('a DID that the registry does not have is not found, whatever the web says', async () => {
  const resolver = resolverOf(viewWith({}));
  for (const unknown of [
    'did:web:localhost',
    'did:web:health.example.org:Shc',
    'did:web:Health.example.org:shc',
  ]) {
    const { didDocument, didResolutionMetadata } = await resolver.resolve(unknown);
    assert.deepEqual([didDocument, didResolutionMetadata.error], [null, 'notFound'], unknown);
  }
});

test('other DID methods are not resolved', async () => {
  const { didResolutionMetadata } = await resolverOf(viewWith({})).resolve(
    'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH',
  );
  assert.equal(didResolutionMetadata.error, 'unsupportedDidMethod');
});

test('a withdrawn issuer is not found; a suspended or retired one is', async () => {
  const resolved = async (status: RegistryView['issuers'][number]['status']): Promise<boolean> =>
    (await resolverOf(viewWith({ status })).resolve(did)).didDocument !== null;
  assert.deepEqual(
    [
      await resolved('withdrawn'),
      await resolved('suspended'),
      await resolved('retired'),
      await resolved('pending'),
    ],
    [false, true, true, true],
  );
});

test('an active issuer that is held, or in a suspended jurisdiction, is seen as suspended, and no other', () => {
  const statuses = ['pending', 'active', 'suspended', 'retired', 'withdrawn'] as const;
  const seen = (held: boolean, suspended: boolean): readonly string[] => {
    const issuers = statuses.map((status, id) => ({ id, did, status, held, jurisdiction: 'US-NO' }));
    const jurisdictions = [
      { code: 'US-NO', suspended },
      { code: 'US-NJ', suspended: !suspended },
    ];
    return registryView({ jurisdictions, issuers, keys: [] }).issuers.map(({ status }) => status);
  };
  assert.deepEqual(seen(false, false), statuses);
  const stopped = ['pending', 'suspended', 'suspended', 'retired', 'withdrawn'];
  for (const [held, suspended] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    assert.deepEqual(seen(held, suspended), stopped);
  }
});

test('a compromised key is left out and a retired one kept', async () => {
  const methods = async (state: 'active' | 'retired' | 'compromised') =>
    (await resolverOf(viewWith({ state })).resolve(did)).didDocument?.assertionMethod?.length;
  assert.deepEqual([await methods('compromised'), await methods('retired')], [0, 1]);
});

test('coordinates that were published short are filled up, the kid stays', async () => {
  const short = { issuer: 7, kid: 'k'.repeat(43), x: 'AQ', y: 'Ag', state: 'active' as const };
  const { didDocument } = await resolverOf({ ...viewWith({}), keys: [short] }).resolve(did);
  const [method] = didDocument?.verificationMethod ?? [];
  assert.equal(method?.id, `${did}#${short.kid}`);
  assert.equal(Buffer.from(method.publicKeyJwk?.x ?? '', 'base64url').length, 32);
});

test('a newer snapshot is seen at once, and answers are nobody else’s to change', async () => {
  let view = viewWith({});
  const resolver = new Resolver(registryResolver(() => view));
  const first = await resolver.resolve(did);
  first.didDocument?.assertionMethod?.push('did:web:evil.example#key');
  assert.equal((await resolver.resolve(did)).didDocument?.assertionMethod?.length, 1);
  view = viewWith({ status: 'withdrawn' });
  assert.equal((await resolver.resolve(did)).didDocument, null);
});
