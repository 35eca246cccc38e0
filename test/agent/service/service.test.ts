import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createService, SERVICE_LIMITS } from '../../../agent/service/app.ts';
import { ASSERTION_TYPE } from '../../../agent/service/client-assertion.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { PROBLEM } from '../../../agent/service/problems.ts';
import type { Scope } from '../../../agent/service/scope.ts';
import { listen } from '../../../verifier/http/listen.ts';
import { makeIssuer, NOW, temporaryFolder, type IssuerFixture } from '../issuer-fixture.ts';
import { dose, NEW_YORK, record } from '../records.ts';

interface Service extends IssuerFixture {
  readonly url: string;
  readonly clients: Clients;
  /** An API key of a new client with these scopes. */
  readonly keyFor: (...scopes: readonly Scope[]) => Promise<string>;
  readonly post: (path: string, json: unknown, headers?: Record<string, string>) => Promise<Response>;
}

/** A service on loopback over an issuer that counts as New York does. */
async function serve(t: TestContext): Promise<Service> {
  const made = await makeIssuer(t);
  const { issuer, kid } = made;
  await issuer.policy.say(NEW_YORK);
  const published = join(await temporaryFolder(t), 'public');
  await issuer.publishStatus(kid, published);
  const clients = await Clients.open(issuer.service);
  const app = createService({ issuer, clients, published, clock: () => NOW });
  const { url, stop } = await listen(app, SERVICE_LIMITS);
  t.after(stop);
  return {
    ...made,
    url,
    clients,
    keyFor: async (...scopes) => (await clients.add({ name: 'Harbor', scopes }, NOW)).apiKey ?? '',
    post: async (path, json, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof json === 'string' ? json : JSON.stringify(json),
      }),
  };
}

const bearer = (key: string): Record<string, string> => ({ Authorization: `Bearer ${key}` });
const vaccinated = record(dose('2026-09-01'), dose('2026-09-22'));
const asking = (fhirBundle: object = vaccinated, options: object = {}): object => ({
  credential: { credentialSubject: { fhirBundle } },
  options: { product: 'vaccination-pass', ...options },
});

interface Issued {
  readonly verifiableCredential: { readonly type: string; readonly id: string };
  readonly card: { readonly id: string; readonly rid: string; readonly kid: string; readonly jws: string };
}

/** The code of a problem, and the reason behind it if there is one. */
async function problemOf(response: Response): Promise<readonly unknown[]> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const { code, reason, status } = PROBLEM.parse(await response.json());
  assert.equal(status, response.status);
  return [code, ...(reason === undefined ? [] : [reason])];
}

test('a card is issued, is what a venue accepts, and is revoked', async (t) => {
  const { issuer, clients, keyFor, post, kid } = await serve(t);
  const key = await keyFor('issue', 'revoke');
  const response = await post('/credentials/issue', asking(), bearer(key));
  assert.equal(response.status, 201);
  const { card, verifiableCredential } = (await response.json()) as Issued;
  assert.equal(verifiableCredential.type, 'EnvelopedVerifiableCredential');
  assert.match(verifiableCredential.id, /^data:application\/vc\+jwt,[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.match(card.jws, /^[\w-]+\.[\w-]+\.[\w-]{86}$/);

  const status = [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }];
  const order = { credentialId: card.id, credentialStatus: status, reason: 'error' };
  const revoked = await post('/credentials/status', order, bearer(key));
  assert.deepEqual(await revoked.json(), { id: card.id, kid, rid: card.rid, status: 'revoked' });
  assert.equal(issuer.statusList(kid).revoked, 1);
  assert.equal((await issuer.revoke(card.id)).reason, 'error');
  const entries = (await issuer.audit.records()).flatMap((one) => one.entries);
  const asked = entries.flatMap((entry) => (entry.kind === 'asked-by' ? [[entry.client, entry.id]] : []));
  const { id: client } = clients.all()[0] ?? assert.fail();
  assert.deepEqual(asked, [
    [client, card.id],
    [client, card.id],
  ]);
  const back = { ...order, credentialStatus: [{ ...status[0], status: false }] };
  assert.deepEqual(await problemOf(await post('/credentials/status', back, bearer(key))), ['NOT_REINSTATED']);
  assert.equal(issuer.statusList(kid).revoked, 1);
});

test('who does not say who they are, or may not, gets nothing, whatever they send', async (t) => {
  const { keyFor, post, issuer, kid, clients } = await serve(t);
  const revoker = await keyFor('revoke', 'audit', 'admin', 'records');
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ['nobody', {}, 'UNAUTHORIZED'],
    ['a stranger', bearer(`pratique_${'A'.repeat(12)}_${'A'.repeat(43)}`), 'UNAUTHORIZED'],
    ['another scheme', { Authorization: `Basic ${revoker}` }, 'UNAUTHORIZED'],
    ['another scope', bearer(revoker), 'SCOPE_MISSING'],
  ];
  for (const [who, headers, code] of cases) {
    const response = await post('/credentials/issue', asking(), headers);
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer/, who);
    assert.deepEqual(await problemOf(response), [code], who);
    // Of what they send nothing is read.
    assert.deepEqual(await problemOf(await post('/credentials/issue', '{', headers)), [code], who);
  }
  const key = await keyFor('issue');
  const { id } = clients.all().at(-1) ?? assert.fail();
  await clients.disable(id, NOW);
  assert.deepEqual(await problemOf(await post('/credentials/issue', asking(), bearer(key))), [
    'UNAUTHORIZED',
  ]);
  assert.equal(issuer.issuedCount(kid), 0);
});

test('a record that does not qualify, or may not be signed, is refused with the reason and nothing of it', async (t) => {
  const { keyFor, post, issuer, kid } = await serve(t);
  const key = bearer(await keyFor('issue'));
  const issue = async (json: unknown): Promise<Response> => post('/credentials/issue', json, key);
  const first = record(dose('2026-09-01'));
  assert.deepEqual(await problemOf(await issue(asking(first))), ['NOT_QUALIFIED', 'SERIES_INCOMPLETE']);
  assert.deepEqual(await problemOf(await issue(asking({ resourceType: 'Bundle' }))), [
    'RECORD_INVALID',
    'BUNDLE_MALFORMED',
  ]);
  assert.deepEqual(await problemOf(await issue(asking(vaccinated, { replaces: 'AAAAAA' }))), [
    'CARD_UNKNOWN',
  ]);
  for (const wrong of [
    {},
    asking(vaccinated, { product: 'toy' }),
    asking(vaccinated, { more: 1 }),
    { ...asking(), more: 1 },
    { ...asking(), credential: { issuer: 'did:web:other', credentialSubject: { fhirBundle: vaccinated } } },
  ]) {
    assert.deepEqual(await problemOf(await issue(wrong)), ['BODY_INVALID']);
  }
  assert.deepEqual(await problemOf(await issue('{"a":1,"a":2}')), ['JSON_INVALID']);
  assert.deepEqual(await problemOf(await issue(`{"a":"${'x'.repeat(1_000_001)}"}`)), ['BODY_TOO_LARGE']);
  assert.equal(issuer.issuedCount(kid), 0);
});

test('what is sent twice under one Idempotency-Key is issued once, and answered the same', async (t) => {
  const { keyFor, post, issuer, kid } = await serve(t);
  const key = { ...bearer(await keyFor('issue')), 'Idempotency-Key': 'order-1' };
  const first = (await (await post('/credentials/issue', asking(), key)).json()) as Issued;
  const again = await post('/credentials/issue', asking(), key);
  assert.equal(again.status, 201);
  assert.deepEqual(await again.json(), first);
  assert.equal(issuer.issuedCount(kid), 1);
  const other = asking(vaccinated, { product: 'vaccination-plus' });
  assert.deepEqual(await problemOf(await post('/credentials/issue', other, key)), ['IDEMPOTENCY_KEY_REUSED']);
  assert.equal(issuer.issuedCount(kid), 1);
});

test('a client that signs who it is gets a token for five minutes, and issues with it', async (t) => {
  const { url, clients, issuer, post } = await serve(t);
  const { publicKey, privateKey } = await generateKeyPair('ES384');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] };
  const { client } = await clients.add({ name: 'Hospital', scopes: ['issue', 'revoke'], jwks }, NOW);
  const configuration = (await (await fetch(`${url}/.well-known/smart-configuration`)).json()) as {
    readonly token_endpoint: string;
  };
  assert.equal(configuration.token_endpoint, `${issuer.iss}/token`);
  const assertion = await new SignJWT({
    iss: client.id,
    sub: client.id,
    aud: configuration.token_endpoint,
    exp: NOW + 60,
    jti: 'once',
  })
    .setProtectedHeader({ alg: 'ES384', kid: 'k', typ: 'JWT' })
    .sign(privateKey);
  const ask = async (form: Record<string, string>): Promise<Response> =>
    fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const good = {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  };
  assert.deepEqual(await problemOf(await ask({ ...good, grant_type: 'password' })), ['GRANT_UNSUPPORTED']);
  const response = await ask({ ...good, scope: 'issue' });
  const token = (await response.json()) as { readonly access_token: string };
  assert.deepEqual(
    { ...token, access_token: '' },
    {
      access_token: '',
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'issue',
    },
  );
  assert.equal((await post('/credentials/issue', asking(), bearer(token.access_token))).status, 201);
  const status = { credentialId: 'x', credentialStatus: [] };
  assert.deepEqual(await problemOf(await post('/credentials/status', status, bearer(token.access_token))), [
    'SCOPE_MISSING',
  ]);
  assert.deepEqual(await problemOf(await ask(good)), ['CLIENT_ASSERTION_INVALID']);
});

test('what is published is there for every page, told apart by its tag, and nothing else of the folder is', async (t) => {
  const { url, kid } = await serve(t);
  const list = await fetch(`${url}/status/${kid}`);
  assert.equal(list.status, 200);
  assert.equal(list.headers.get('access-control-allow-origin'), '*');
  const tag = list.headers.get('etag') ?? '';
  assert.equal((await fetch(`${url}/status/${kid}`, { headers: { 'If-None-Match': tag } })).status, 304);
  for (const path of [`/status/${kid}.list`, `/.well-known/crl/${kid}.json`, `/blocks/${kid}/0`]) {
    assert.equal((await fetch(url + path)).status, 200, path);
  }
  for (const path of [
    `/status/${'A'.repeat(43)}`,
    '/status/..%2f..%2fetc%2fpasswd',
    `/status/${kid}%00`,
    `/blocks/${kid}/..`,
    `/blocks/..%2f${kid}/0`,
    '/.well-known/crl/jwks.json',
    '/envelope.json',
  ]) {
    assert.deepEqual(await problemOf(await fetch(url + path)), ['NOT_FOUND'], path);
  }
});

test('it says whether it can issue, and who it is by the registry', async (t) => {
  const { url, issuer, kid } = await serve(t);
  assert.deepEqual(await (await fetch(`${url}/readyz`)).json(), { status: 'ready' });
  const did = (await (await fetch(`${url}/.well-known/did.json`)).json()) as {
    readonly id: string;
    readonly assertionMethod: readonly string[];
  };
  assert.deepEqual([did.id, did.assertionMethod], [issuer.did, [`${issuer.did}#${kid}`]]);
  await issuer.learnRegistry({ jurisdictions: [], issuers: [], keys: [] });
  assert.deepEqual(await problemOf(await fetch(`${url}/readyz`)), ['NOT_READY']);
  assert.deepEqual(await problemOf(await fetch(`${url}/.well-known/did.json`)), ['NOT_FOUND']);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});
