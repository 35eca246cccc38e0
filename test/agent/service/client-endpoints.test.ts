import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ASSERTION_TYPE } from '../../../agent/service/client-assertion.ts';
import { DEFAULT_QUOTA } from '../../../agent/service/quota.ts';
import { NOW } from '../issuer-fixture.ts';
import { asking, problemOf, serveFixture } from './service-fixture.ts';

interface Added {
  readonly id: string;
  readonly apiKey: string;
}

test('whoever logs in learns who they are and what they may do', async (t) => {
  const { asker, issuer, as } = await serveFixture(t);
  const clerk = await asker(['issue', 'revoke']);
  const me: unknown = await (await clerk.get('/me')).json();
  const none = { hour: 0, day: 0 };
  assert.deepEqual(me, {
    id: clerk.id,
    name: 'Harbor',
    scopes: ['issue', 'revoke'],
    iss: issuer.iss,
    quota: DEFAULT_QUOTA,
    used: Object.fromEntries(Object.keys(DEFAULT_QUOTA).map((kind) => [kind, none])),
    alarms: [],
  });
  assert.deepEqual(await problemOf(await as('', 'nobody').get('/me')), ['UNAUTHORIZED']);
});

test('an admin takes in a client that may issue at once, and its end counts at once', async (t) => {
  const { asker, as, issuer, kid } = await serveFixture(t);
  const admin = await asker(['admin', 'issue']);
  const response = await admin.post('/clients', { name: 'Desk', scopes: ['issue'] });
  assert.equal(response.status, 201);
  const { id, apiKey } = (await response.json()) as Added;
  const desk = as(id, apiKey);
  assert.equal((await desk.post('/credentials/issue', asking())).status, 201);
  const list = (await (await admin.get('/clients')).json()) as {
    readonly clients: readonly { readonly id: string; readonly by: string | null; readonly used: unknown }[];
  };
  assert.doesNotMatch(JSON.stringify(list), new RegExp(`${apiKey.slice(-43)}|keyHash`));
  assert.deepEqual(
    list.clients.map(({ id: each, by }) => [each, by]),
    [
      [admin.id, null],
      [id, admin.id],
    ],
  );
  assert.deepEqual(list.clients[1]?.used, {
    issue: { hour: 1, day: 1 },
    revoke: { hour: 0, day: 0 },
    bulk: { hour: 0, day: 0 },
    clients: { hour: 0, day: 0 },
    looks: { hour: 0, day: 0 },
  });
  assert.equal((await admin.post(`/clients/${id}/disable`)).status, 200);
  assert.deepEqual(await problemOf(await desk.post('/credentials/issue', asking())), ['UNAUTHORIZED']);
  assert.deepEqual(await problemOf(await desk.get('/me')), ['UNAUTHORIZED']);
  assert.equal(issuer.issuedCount(kid), 1);
  const entries = (await issuer.audit.records()).flatMap((one) => one.entries);
  assert.deepEqual(
    entries.flatMap((entry) =>
      entry.kind === 'client-added' || entry.kind === 'client-disabled'
        ? [[entry.kind, entry.client, entry.by]]
        : [],
    ),
    [
      ['client-added', admin.id, undefined],
      ['client-added', id, admin.id],
      ['client-disabled', id, admin.id],
    ],
  );
});

test('nobody gives a scope or a quota that they have not', async (t) => {
  const { asker, as, clients } = await serveFixture(t);
  const small = { ...DEFAULT_QUOTA, issue: { hour: 5, day: 5 } };
  const admin = await asker(['admin', 'revoke'], small);
  const other = await asker(['revoke']);
  const before = clients.all().length;
  const refused: readonly (readonly [string, object])[] = [
    ['another scope', { name: 'A', scopes: ['issue'] }],
    ['one of two', { name: 'A', scopes: ['admin', 'approve'] }],
    ['a larger quota', { name: 'A', scopes: ['revoke'], quota: DEFAULT_QUOTA }],
  ];
  for (const [what, asked] of refused) {
    assert.deepEqual(await problemOf(await admin.post('/clients', asked)), ['ESCALATION'], what);
  }
  for (const id of [admin.id, other.id]) {
    const raised = await admin.post(`/clients/${id}/quota`, DEFAULT_QUOTA);
    assert.deepEqual(await problemOf(raised), ['ESCALATION']);
  }
  assert.equal(clients.all().length, before);
  // A quota that is left out is no larger one.
  const made = (await (await admin.post('/clients', { name: 'A', scopes: ['admin'] })).json()) as Added & {
    readonly quota: unknown;
  };
  assert.deepEqual(made.quota, small);
  const raised = await as(made.id, made.apiKey).post(`/clients/${made.id}/quota`, DEFAULT_QUOTA);
  assert.deepEqual(await problemOf(raised), ['ESCALATION']);
});

test('what is no client, comes from no admin, or is of another shape is refused', async (t) => {
  const { asker, clients } = await serveFixture(t);
  const admin = await asker(['admin', 'issue', 'revoke', 'records', 'audit', 'approve']);
  const clerk = await asker(['issue', 'revoke', 'records', 'audit', 'approve']);
  for (const path of ['/clients', `/clients/${admin.id}/disable`, `/clients/${admin.id}/quota`]) {
    const json = path.endsWith('disable') ? undefined : {};
    const response = await clerk.post(path, json);
    assert.deepEqual(await problemOf(response), ['SCOPE_MISSING'], path);
  }
  assert.deepEqual(await problemOf(await clerk.get('/clients')), ['SCOPE_MISSING']);
  const bodies: readonly (readonly [unknown, string])[] = [
    [{ name: 'A', scopes: [] }, 'BODY_INVALID'],
    [{ name: 'A', scopes: ['root'] }, 'BODY_INVALID'],
    [{ name: 'A', scopes: ['issue'], id: 'x' }, 'BODY_INVALID'],
    [{ name: 'A', scopes: ['issue'], by: null }, 'BODY_INVALID'],
    [{ name: 'A', scopes: ['issue'], quota: { issue: { hour: 1, day: 1 } } }, 'BODY_INVALID'],
    ['{"name":"A","name":"B","scopes":["issue"]}', 'JSON_INVALID'],
    [{ name: ' ', scopes: ['issue'] }, 'CLIENT_INVALID'],
    [{ name: 'A\u001b[2J', scopes: ['issue'] }, 'CLIENT_INVALID'],
    [{ name: 'A', scopes: ['issue'], jwks: { keys: [] } }, 'CLIENT_INVALID'],
  ];
  for (const [body, code] of bodies) {
    assert.deepEqual(await problemOf(await admin.post('/clients', body)), [code], JSON.stringify(body));
  }
  for (const id of ['nobody', '..%2f..', '%00', '__proto__']) {
    assert.deepEqual(await problemOf(await admin.post(`/clients/${id}/disable`)), ['CLIENT_UNKNOWN'], id);
  }
  assert.equal(clients.all().length, 2);
});

test('the last admin stays, also of two that disable each other at once', async (t) => {
  const { asker, clients } = await serveFixture(t);
  const one = await asker(['admin']);
  assert.deepEqual(await problemOf(await one.post(`/clients/${one.id}/disable`)), ['LAST_ADMIN']);
  const two = await asker(['admin']);
  const both = await Promise.all([
    one.post(`/clients/${two.id}/disable`),
    two.post(`/clients/${one.id}/disable`),
  ]);
  assert.equal(both.filter(({ status }) => status === 200).length, 1);
  assert.equal(clients.all().filter(({ disabledAt }) => disabledAt === undefined).length, 1);
});

test('an access token that was given out is worth nothing once its client is disabled', async (t) => {
  const { asker, as, issuer, kid, url } = await serveFixture(t);
  const admin = await asker(['admin', 'issue']);
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] };
  const made = (await (await admin.post('/clients', { name: 'H', scopes: ['issue'], jwks })).json()) as Added;
  assert.equal(made.apiKey, undefined);
  const assertion = await new SignJWT({
    iss: made.id,
    sub: made.id,
    aud: `${issuer.iss}/token`,
    exp: NOW + 60,
    jti: 'one',
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(privateKey);
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  };
  const answer = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = (await answer.json()) as { readonly access_token: string };
  const hospital = as(made.id, access_token);
  assert.equal((await hospital.post('/credentials/issue', asking())).status, 201);
  await admin.post(`/clients/${made.id}/disable`);
  assert.deepEqual(await problemOf(await hospital.post('/credentials/issue', asking())), ['UNAUTHORIZED']);
  assert.equal(issuer.issuedCount(kid), 1);
});

test('a client that is disabled while its body comes issues nothing', async (t) => {
  const { asker, clients, url, issuer, kid } = await serveFixture(t);
  const clerk = await asker(['issue']);
  const body = Buffer.from(JSON.stringify(asking()));
  const sending = request(`${url}/credentials/issue`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${clerk.key}`,
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      Expect: '100-continue',
    },
  });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  sending.flushHeaders();
  await once(sending, 'continue');
  // What was sent later has passed the guards: so has this.
  assert.equal((await clerk.get('/me')).status, 200);
  await clients.disable(clerk.id, NOW);
  sending.end(body);
  const [answer] = await answered;
  assert.equal(answer.statusCode, 401);
  answer.resume();
  assert.equal(issuer.issuedCount(kid), 0);
});

test('an address that takes GET and POST says so to every other method', async (t) => {
  const { url } = await serveFixture(t);
  const response = await fetch(`${url}/clients`, { method: 'DELETE' });
  assert.deepEqual(await problemOf(response), ['METHOD_NOT_ALLOWED']);
  assert.equal(response.headers.get('allow'), 'GET, HEAD, POST');
});

test('a stolen key makes no more clients than an hour has, nor do those that it made', async (t) => {
  const { asker, as, clients, issuer } = await serveFixture(t);
  const admin = await asker(['admin']);
  let last = admin;
  let made = 0;
  for (;;) {
    const answer = await last.post('/clients', { name: 'A', scopes: ['admin'] });
    if (answer.status !== 201) {
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
      assert.deepEqual(await problemOf(answer), ['QUOTA_REACHED']);
      break;
    }
    const { id, apiKey } = (await answer.json()) as Added;
    last = as(id, apiKey);
    made++;
  }
  assert.equal(made, DEFAULT_QUOTA.clients.hour);
  assert.equal(clients.originOf(last.id), admin.id);
  const alarms = (await issuer.audit.records()).flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === 'quota-alarm' ? [[entry.client, entry.of, entry.level]] : [])),
  );
  assert.deepEqual(alarms, [
    [admin.id, 'clients', 80],
    [admin.id, 'clients', 100],
  ]);
});
