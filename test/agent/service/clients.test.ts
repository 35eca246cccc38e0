import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { Clients } from '../../../agent/service/clients.ts';
import { openStore } from '../store-fixture.ts';

const NOW = 1_800_000_000;
const jwk = (namedCurve: string, kid: string, kind: 'public' | 'private' = 'public'): object => {
  const pair = generateKeyPairSync('ec', { namedCurve });
  return { ...(kind === 'public' ? pair.publicKey : pair.privateKey).export({ format: 'jwk' }), kid };
};

test('an API key opens what its client may do, and nothing else does', async (t) => {
  const { store } = await openStore(t);
  const clients = await Clients.open(store);
  const { client, apiKey = '' } = await clients.add({ name: 'Harbor', scopes: ['issue', 'issue'] }, NOW);
  assert.match(apiKey, /^pratique_[\w-]{12}_[\w-]{43}$/);
  assert.deepEqual(clients.byApiKey(apiKey), { client: client.id, scopes: new Set(['issue']) });
  const other = (await clients.add({ name: 'Other', scopes: ['admin'] }, NOW)).apiKey ?? '';
  for (const wrong of [
    '',
    apiKey.slice(0, -1),
    `${apiKey}A`,
    ` ${apiKey}`,
    apiKey.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
    // The secret of one under the name of another.
    `pratique_${client.id}_${other.slice(-43)}`,
    `pratique_${'A'.repeat(12)}_${apiKey.slice(-43)}`,
  ]) {
    assert.equal(clients.byApiKey(wrong), undefined, wrong);
  }
});

test('an API key is kept by nobody, and is good after a restart', async (t) => {
  const { store, records } = await openStore(t);
  const { apiKey = '' } = await (await Clients.open(store)).add({ name: 'Harbor', scopes: ['revoke'] }, NOW);
  assert.ok(!(await records()).includes(apiKey.slice(-43)));
  assert.equal((await Clients.open(store)).byApiKey(apiKey)?.scopes.has('revoke'), true);
});

test('a client that was disabled may do nothing, now and after a restart', async (t) => {
  const { store } = await openStore(t);
  const clients = await Clients.open(store);
  const { client, apiKey = '' } = await clients.add({ name: 'Harbor', scopes: ['issue'] }, NOW);
  const disabling = clients.disable(client.id, NOW + 1);
  assert.equal(clients.byApiKey(apiKey), undefined);
  assert.equal((await disabling).disabledAt, NOW + 1);
  assert.equal((await clients.disable(client.id, NOW + 2)).disabledAt, NOW + 1);
  assert.equal((await Clients.open(store)).byApiKey(apiKey), undefined);
  await assert.rejects(clients.disable('nobody', NOW), { code: 'CLIENT_UNKNOWN' });
});

test('a client whose end could not be written does nothing, and is ended for good when that is asked for again', async (t) => {
  const { store } = await openStore(t);
  let isAway = false;
  const away = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (name === 'commit' && isAway) return async () => Promise.reject(new Error('the disk is away'));
      return member.bind(target) as unknown;
    },
  });
  const clients = await Clients.open(away);
  const { client, apiKey = '' } = await clients.add({ name: 'Harbor', scopes: ['issue'] }, NOW);
  isAway = true;
  await assert.rejects(clients.disable(client.id, NOW), /away/);
  await assert.rejects(clients.disable(client.id, NOW), /away/);
  assert.equal(clients.byApiKey(apiKey), undefined);
  isAway = false;
  await clients.disable(client.id, NOW + 60);
  assert.equal((await Clients.open(store)).byApiKey(apiKey), undefined);
});

test('keys of a client that are private, weak, of another kind or not told apart are refused', async (t) => {
  const { store } = await openStore(t);
  const clients = await Clients.open(store);
  const rsa = (modulusLength: number): object => ({
    ...generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' }),
    kid: 'rsa',
  });
  const refused: Readonly<Record<string, unknown>> = {
    'a private key': { keys: [jwk('P-256', 'a', 'private')] },
    'a curve that is not for it': { keys: [jwk('secp256k1', 'a')] },
    'a short RSA key': { keys: [rsa(1024)] },
    'a shared secret': { keys: [{ kty: 'oct', k: 'AAAA', kid: 'a' }] },
    'a key without a kid': { keys: [{ ...jwk('P-256', 'a'), kid: undefined }] },
    'two with one kid': { keys: [jwk('P-256', 'a'), jwk('P-384', 'a')] },
    'a point beside the curve': { keys: [{ ...jwk('P-256', 'a'), y: 'A'.repeat(43) }] },
    'no key': { keys: [] },
    'no set': [],
  };
  for (const [what, jwks] of Object.entries(refused)) {
    await assert.rejects(
      clients.add({ name: 'Harbor', scopes: ['issue'], jwks }, NOW),
      { code: 'CLIENT_INVALID' },
      what,
    );
  }
  const good = { keys: [jwk('P-256', 'a'), jwk('P-384', 'b'), rsa(2048)] };
  const { client, apiKey } = await clients.add({ name: 'Harbor', scopes: ['issue'], jwks: good }, NOW);
  assert.equal(apiKey, undefined);
  assert.deepEqual('jwks' in client.proof && client.proof.jwks.keys.map(({ alg }) => alg), [
    'ES256',
    'ES384',
    'RS384',
  ]);
});
