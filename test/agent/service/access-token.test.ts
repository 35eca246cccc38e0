import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { accessTokens } from '../../../agent/service/access-token.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { openStore } from '../store-fixture.ts';

const NOW = 1_800_000_000;
const ISS = 'https://issuer.example';
const key = createSecretKey(randomBytes(32));

test('a token tells its client and scopes for five minutes', async (t) => {
  const { store } = await openStore(t);
  const clients = await Clients.open(store);
  const { client } = await clients.add({ name: 'Harbor', scopes: ['issue', 'revoke'] }, NOW);
  const tokens = accessTokens(key, ISS, clients);
  const token = await tokens.make(client.id, ['issue', 'admin'], NOW);
  // A scope that the client has not is not had by asking.
  assert.deepEqual(await tokens.read(token, NOW), { client: client.id, scopes: new Set(['issue']) });
  assert.notEqual(await tokens.read(token, NOW + 299), undefined);
  assert.equal(await tokens.read(token, NOW + 300), undefined);
});

test('a token of a client that was disabled since, of another issuer, or of another kind tells nobody', async (t) => {
  const { store } = await openStore(t);
  const clients = await Clients.open(store);
  const { client } = await clients.add({ name: 'Harbor', scopes: ['issue'] }, NOW);
  const tokens = accessTokens(key, ISS, clients);
  const token = await tokens.make(client.id, ['issue'], NOW);
  const elsewhere = accessTokens(key, 'https://other.example', clients);
  assert.equal(await elsewhere.read(token, NOW), undefined);
  assert.equal(
    await accessTokens(createSecretKey(randomBytes(32)), ISS, clients).read(token, NOW),
    undefined,
  );
  const ofAnotherKind = await new SignJWT({ scope: 'issue' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISS)
    .setAudience(`${ISS}#service`)
    .setSubject(client.id)
    .setExpirationTime(NOW + 60)
    .sign(key);
  for (const wrong of [ofAnotherKind, '', 'a.b.c', token.slice(0, -1)]) {
    assert.equal(await tokens.read(wrong, NOW), undefined);
  }
  await clients.disable(client.id, NOW);
  assert.equal(await tokens.read(token, NOW), undefined);
});
