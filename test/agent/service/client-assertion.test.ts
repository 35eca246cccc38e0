import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { ClientAssertions } from '../../../agent/service/client-assertion.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { openStore } from '../store-fixture.ts';

const NOW = 1_800_000_000;
const AUDIENCE = 'https://issuer.example/token';

interface Setting {
  readonly store: Awaited<ReturnType<typeof openStore>>['store'];
  readonly clients: Clients;
  readonly id: string;
  readonly key: CryptoKey;
  readonly assertions: ClientAssertions;
}

async function setting(t: TestContext, alg = 'ES384'): Promise<Setting> {
  const { store } = await openStore(t);
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] };
  const clients = await Clients.open(store);
  const { client } = await clients.add({ name: 'Harbor', scopes: ['issue'], jwks }, NOW);
  const assertions = new ClientAssertions(store, clients, AUDIENCE);
  return { store, clients, id: client.id, key: privateKey, assertions };
}

async function sign(
  { id, key }: Setting,
  claims: Readonly<Record<string, unknown>> = {},
  header: { readonly alg?: string; readonly kid?: string } = {},
): Promise<string> {
  const usual = { iss: id, sub: id, aud: AUDIENCE, exp: NOW + 300, jti: Math.random().toString(36) };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: 'k', ...header })
    .sign(key);
}

for (const alg of ['ES384', 'RS384', 'ES256']) {
  test(`an assertion by ${alg} tells its client, once`, async (t) => {
    const made = await setting(t, alg);
    const assertion = await sign(made, {}, { alg });
    assert.equal((await made.assertions.clientOf(assertion, NOW))?.id, made.id);
    assert.equal(await made.assertions.clientOf(assertion, NOW), undefined);
    const restarted = new ClientAssertions(made.store, made.clients, AUDIENCE);
    assert.equal(await restarted.clientOf(assertion, NOW), undefined);
  });
}

test('an assertion that comes twice at the same moment tells its client once', async (t) => {
  const made = await setting(t);
  const assertion = await sign(made);
  const answers = await Promise.all(
    Array.from({ length: 5 }, async () => made.assertions.clientOf(assertion, NOW)),
  );
  assert.equal(answers.filter((client) => client !== undefined).length, 1);
});

test('an assertion that does not say what it must tells nobody', async (t) => {
  const made = await setting(t);
  const stranger = await setting(t);
  const refused: Readonly<Record<string, string>> = {
    'for another server': await sign(made, { aud: 'https://other.example/token' }),
    'for nobody': await sign(made, { aud: undefined }),
    'of another subject': await sign(made, { sub: 'other' }),
    'of an unknown client': await sign(made, { iss: 'other', sub: 'other' }),
    over: await sign(made, { exp: NOW - 31 }),
    'without an end': await sign(made, { exp: undefined }),
    'good for longer than five minutes': await sign(made, { exp: NOW + 331 }),
    'without a jti': await sign(made, { jti: undefined }),
    'not yet good': await sign(made, { nbf: NOW + 31 }),
    'by another key': await sign({ ...made, key: stranger.key }),
    'by a kid that the client has not': await sign(made, {}, { kid: 'other' }),
    'with a space': `${await sign(made)} `,
    'of no signature': (await sign(made)).replace(/[^.]*$/, ''),
    nothing: '',
  };
  for (const [what, assertion] of Object.entries(refused)) {
    assert.equal(await made.assertions.clientOf(assertion, NOW), undefined, what);
  }
});

test('a client that was disabled, or has an API key, proves nothing by an assertion', async (t) => {
  const made = await setting(t);
  const assertion = await sign(made);
  await made.clients.disable(made.id, NOW);
  assert.equal(await made.assertions.clientOf(assertion, NOW), undefined);
  const { client } = await made.clients.add({ name: 'Key', scopes: ['issue'] }, NOW);
  assert.equal(await made.assertions.clientOf(await sign({ ...made, id: client.id }), NOW), undefined);
});

test('what was used is forgotten once nobody can use it any more, and not before', async (t) => {
  const made = await setting(t);
  const assertion = await sign(made, { exp: NOW + 60 });
  await made.assertions.clientOf(assertion, NOW);
  await made.assertions.sweep(NOW + 80);
  assert.equal(await made.assertions.clientOf(assertion, NOW + 80), undefined);
  await made.assertions.sweep(NOW + 91);
  assert.equal(await made.store.table('assertions').last('', '\uffff'), undefined);
});
