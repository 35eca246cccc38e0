import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_QUOTA } from '../../../agent/service/quota.ts';
import { temporaryFolder } from '../issuer-fixture.ts';
import { dose, record } from '../records.ts';
import { asking, problemOf, serveFixture, vaccinated } from './service-fixture.ts';

interface Page {
  readonly records: readonly { readonly n: number; readonly entries: readonly { readonly kind: string }[] }[];
  readonly next: number | null;
}

test('an auditor reads the whole log a page at a time, and nobody else does', async (t) => {
  const { asker, issuer } = await serveFixture(t);
  const auditor = await asker(['audit']);
  const clerk = await asker(['issue', 'revoke', 'records', 'admin', 'approve']);
  for (let number = 0; number < 3; number++) {
    await clerk.post('/credentials/issue', asking(vaccinated(number)));
  }
  const expected = (await issuer.audit.records()).filter(({ entries }) => entries.length > 0);
  const read: Page['records'][number][] = [];
  let after: number | null = 0;
  while (after !== null) {
    const page = (await (await auditor.get(`/audit?after=${after}&limit=2`)).json()) as Page;
    assert.ok(page.records.length <= 2);
    read.push(...page.records);
    after = page.next;
  }
  assert.deepEqual(
    read.map(({ n, entries }) => [n, entries]),
    expected.map(({ n, entries }) => [n, entries]),
  );
  const newest: Page['records'][number][] = [];
  for (let before: number | null = 0; before !== null;) {
    const page: Page = (await (await auditor.get(`/audit?before=${before}&limit=2`)).json()) as Page;
    newest.push(...page.records);
    before = page.next;
  }
  assert.deepEqual(newest.toReversed(), read);
  const end = (await (await auditor.get('/audit?after=999999999999')).json()) as Page;
  assert.deepEqual(end, { records: [], next: null });
  assert.deepEqual(await problemOf(await clerk.get('/audit')), ['SCOPE_MISSING']);
  for (const query of [
    'after=-1',
    'after=1&after=2',
    'limit=x',
    'more=1',
    'after=1e3',
    'after=1&before=2',
    'before=x',
    'after=%00',
  ]) {
    assert.deepEqual(await problemOf(await auditor.get(`/audit?${query}`)), ['QUERY_INVALID'], query);
  }
});

test('figures tell what was issued, refused and alarmed, and nothing of anybody; staff of two kinds read them', async (t) => {
  const { asker, url, kid } = await serveFixture(t);
  const [admin, auditor] = [await asker(['admin']), await asker(['audit'])];
  const clerk = await asker(['issue', 'revoke'], { ...DEFAULT_QUOTA, issue: { hour: 2, day: 100 } });
  const { card } = (await (await clerk.post('/credentials/issue', asking())).json()) as {
    readonly card: { readonly id: string };
  };
  await clerk.post('/credentials/issue', asking({ resourceType: 'Bundle' }));
  await clerk.post('/credentials/issue', asking(vaccinated(1)));
  await clerk.post('/credentials/issue', asking(vaccinated(2)));
  await clerk.post('/credentials/status', {
    credentialId: card.id,
    credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }],
  });
  const text = await (await auditor.get('/metrics')).text();
  for (const line of [
    'pratique_cards_issued_total{product="vaccination-pass"} 2',
    'pratique_cards_revoked_total 1',
    'pratique_refused_total{code="RECORD_INVALID",reason="BUNDLE_MALFORMED"} 1',
    'pratique_refused_total{code="QUOTA_REACHED",reason=""} 1',
    'pratique_quota_alarms_total{of="issue",window="hour",level="100"} 1',
    `pratique_indices_taken{kid="${kid}"} 2`,
    'pratique_http_request_seconds_count{route="/credentials/issue"} 4',
  ]) {
    assert.ok(text.includes(`${line}\n`), `${line}\n${text}`);
  }
  assert.match(text, /pratique_list_room\{kid=".*"\} \d+\n/);
  assert.match(text, /pratique_event_loop_delay_p99_seconds [\d.e-]+\n/);
  assert.doesNotMatch(text, new RegExp(`${clerk.id}|${clerk.key}|Nobody|1980`));
  assert.equal((await admin.get('/metrics')).status, 200);
  assert.deepEqual(await problemOf(await clerk.get('/metrics')), ['SCOPE_MISSING']);
  assert.deepEqual(await problemOf(await fetch(`${url}/metrics`)), ['UNAUTHORIZED']);
});

test('the description names every address of oversight, with what may stand behind its path', async (t) => {
  const orders = join(await temporaryFolder(t), 'orders');
  const { url } = await serveFixture(t, { orders });
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, { readonly parameters?: readonly unknown[] }>>>
    >;
  };
  for (const path of [
    '/me',
    '/clients',
    '/clients/{id}/disable',
    '/clients/{id}/quota',
    '/bulk-orders',
    '/bulk-orders/{id}',
    '/bulk-orders/{id}/approve',
    '/bulk-orders/{id}/refuse',
    '/bulk-orders/{id}/cards',
    '/bulk-orders/{id}/refused',
    '/audit',
    '/metrics',
  ]) {
    assert.ok(paths[path], path);
  }
  assert.deepEqual(Object.keys(paths['/clients'] ?? {}).toSorted(), ['get', 'post']);
  assert.equal(paths['/bulk-orders']?.['post']?.parameters?.length, 1);
  assert.equal(paths['/audit']?.['get']?.parameters?.length, 3);
});

test('the description says of which addresses one must say who one is, and which read an Idempotency-Key', async (t) => {
  const { url } = await serveFixture(t);
  const { paths, components } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, { security?: unknown; parameters?: { name: string }[] }>>>
    >;
    readonly components: { readonly securitySchemes: Readonly<Record<string, { readonly scheme: string }>> };
  };
  assert.equal(components.securitySchemes['bearer']?.scheme, 'bearer');
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  for (const { method, path, operation } of operations) {
    const { status } = await fetch(url + path.replaceAll(/\{\w+\}/g, 'x'), {
      method: method.toUpperCase(),
      headers: {
        'Content-Type': path === '/token' ? 'application/x-www-form-urlencoded' : 'application/json',
      },
    });
    assert.equal(status === 401, operation.security !== undefined, `${method} ${path} ${status}`);
  }
  const once = operations.filter(({ operation: { parameters = [] } }) =>
    parameters.some(({ name }) => name === 'Idempotency-Key'),
  );
  assert.deepEqual(
    once.map(({ path }) => path),
    ['/credentials/issue', '/credentials/status'],
  );
});

test('over HTTP too a person has five live cards of a product, and a record that is true of nobody none', async (t) => {
  const { asker } = await serveFixture(t);
  const clerk = await asker(['issue']);
  const answers = await Promise.all(
    Array.from({ length: 7 }, async () => clerk.post('/credentials/issue', asking())),
  );
  const refused = answers.filter(({ status }) => status !== 201);
  assert.equal(refused.length, 2);
  for (const answer of refused)
    assert.deepEqual(await problemOf(answer), ['NOT_PLAUSIBLE', 'TOO_MANY_CARDS']);
  const early = record(dose('2020-11-30'), dose('2021-03-01'));
  const answer = await clerk.post('/credentials/issue', asking(early));
  assert.deepEqual(await problemOf(answer), ['NOT_PLAUSIBLE', 'DOSE_BEFORE_VACCINE']);
});
