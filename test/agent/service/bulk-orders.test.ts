import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceOptions } from '../../../agent/service/app.ts';
import { DEFAULT_QUOTA } from '../../../agent/service/quota.ts';
import { peopleLines } from '../bulk-fixture.ts';
import { temporaryFolder } from '../issuer-fixture.ts';
import { problemOf, serveFixture, vaccinated, type Asker, type ServiceFixture } from './service-fixture.ts';

interface Order {
  readonly id: string;
  readonly state: string;
  readonly digest: string;
  readonly lines: number;
  readonly check: { readonly cards: number; readonly reasons: Readonly<Record<string, number>> } | null;
  readonly outcome: { readonly cards: number; readonly reasons: Readonly<Record<string, number>> } | null;
  readonly refusal: string | null;
  readonly fault: string | null;
  readonly isGone: boolean;
  readonly progress: { readonly lines: number };
}

interface OrdersFixture extends ServiceFixture {
  readonly folder: string;
  readonly filer: Asker;
  readonly approver: Asker;
  /** The order once it stands somewhere. */
  readonly until: (id: string, state: string, asker?: Asker) => Promise<Order>;
}

const people = (count: number): string =>
  Array.from({ length: count }, (_, number) => `${JSON.stringify(vaccinated(number))}\n`).join('');

const file = async (filer: Asker, body: string, product = 'vaccination-pass'): Promise<Response> =>
  filer.post(`/bulk-orders?product=${product}`, body, { 'Content-Type': 'application/x-ndjson' });

const orderIn = async (response: Response): Promise<Order> => {
  assert.ok(response.ok, await response.clone().text());
  return (await response.json()) as Order;
};

async function ordersFixture(t: TestContext, more: Partial<ServiceOptions> = {}): Promise<OrdersFixture> {
  const folder = join(await temporaryFolder(t), 'bulk-orders');
  const fixture = await serveFixture(t, { orders: folder, ...more });
  const filer = await fixture.asker(['issue']);
  const approver = await fixture.asker(['approve']);
  return Object.assign(Object.create(fixture) as ServiceFixture, {
    folder,
    filer,
    approver,
    async until(id: string, state: string, asker: Asker = approver): Promise<Order> {
      for (;;) {
        const order = await orderIn(await asker.get(`/bulk-orders/${id}`));
        if (order.state === state) return order;
        assert.ok(['checking', 'pending', 'approved'].includes(order.state), JSON.stringify(order));
        await sleep(50);
      }
    },
  });
}

test('an order is looked at, approved by somebody else, and issued; its filer alone gets the cards', async (t) => {
  const { filer, approver, until, issuer, kid, asker, folder } = await ordersFixture(t);
  const body = `${people(3)}${JSON.stringify({ resourceType: 'Bundle' })}\n${JSON.stringify(vaccinated(4))}`;
  const filed = await orderIn(await file(filer, body));
  assert.equal(filed.digest, createHash('sha256').update(body).digest('base64url'));
  assert.equal(filed.lines, 5);
  const sealed = await readFile(join(folder, filed.id, 'input.sealed'));
  assert.ok(!sealed.includes('Nobody'));
  const pending = await until(filed.id, 'pending');
  assert.deepEqual(pending.check, { cards: 4, reasons: { BUNDLE_MALFORMED: 1 } });
  assert.equal(issuer.issuedCount(kid), 0);
  assert.deepEqual(await problemOf(await filer.get(`/bulk-orders/${filed.id}/cards`)), ['ORDER_STATE']);
  const { digest } = pending;
  assert.equal((await approver.post(`/bulk-orders/${filed.id}/approve`, { digest })).status, 200);
  const done = await until(filed.id, 'done');
  assert.deepEqual([done.outcome?.cards, done.outcome?.reasons], [4, { BUNDLE_MALFORMED: 1 }]);
  const lines = (await (await filer.get(`/bulk-orders/${filed.id}/cards`)).text()).trim().split('\n');
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { readonly line: number }).line),
    [1, 2, 3, 5],
  );
  const refused = await (await filer.get(`/bulk-orders/${filed.id}/refused`)).text();
  assert.deepEqual(JSON.parse(refused), { line: 4, reason: 'BUNDLE_MALFORMED' });
  assert.deepEqual(await readdir(join(folder, filed.id)), ['cards']);

  const other = await asker(['issue']);
  const second = await asker(['issue', 'approve']);
  for (const path of ['', '/cards', '/refused']) {
    assert.deepEqual(await problemOf(await other.get(`/bulk-orders/${filed.id}${path}`)), ['ORDER_UNKNOWN']);
  }
  assert.deepEqual(await problemOf(await other.post(`/bulk-orders/${filed.id}/refuse`)), ['ORDER_UNKNOWN']);
  assert.deepEqual(await problemOf(await second.get(`/bulk-orders/${filed.id}/cards`)), ['ORDER_UNKNOWN']);
  assert.deepEqual(await (await other.get('/bulk-orders')).json(), { orders: [] });
  const auditor = await asker(['issue', 'audit']);
  assert.equal((await auditor.get(`/bulk-orders/${filed.id}`)).status, 200);
  for (const path of ['refuse', 'approve']) {
    const answer = await auditor.post(
      `/bulk-orders/${filed.id}/${path}`,
      path === 'refuse' ? undefined : { digest },
    );
    assert.deepEqual(await problemOf(answer), ['SCOPE_MISSING'], path);
  }
  const steps = (await issuer.audit.records()).flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === 'bulk-order' ? [[entry.step, entry.client]] : [])),
  );
  assert.deepEqual(steps, [
    ['filed', filer.id],
    ['checked', undefined],
    ['approved', approver.id],
    ['ended', undefined],
  ]);
});

test('four eyes are never those of one hand: not the filer, nor whom it took in, nor who took it in, nor a sibling', async (t) => {
  const fixture = await ordersFixture(t);
  const { asker, as, until, issuer, kid, approver, clients } = fixture;
  const admin = await asker(['admin', 'issue', 'approve']);
  const made = async (by: Asker, scopes: readonly string[]): Promise<Asker> => {
    const answer = (await (await by.post('/clients', { name: 'A', scopes })).json()) as {
      readonly id: string;
      readonly apiKey: string;
    };
    return as(answer.id, answer.apiKey);
  };
  const child = await made(admin, ['admin', 'issue', 'approve']);
  const [sibling, grandchild] = [await made(admin, ['approve']), await made(child, ['approve'])];
  const { id, digest } = await orderIn(await file(child, people(1)));
  await until(id, 'pending');
  for (const [who, asked, reason] of [
    ['the filer', child, 'OWN_ORDER'],
    ['whoever took it in', admin, 'SAME_HAND'],
    ['a sibling', sibling, 'SAME_HAND'],
    ['whom it took in', grandchild, 'SAME_HAND'],
  ] as const) {
    const refused = await asked.post(`/bulk-orders/${id}/approve`, { digest });
    assert.deepEqual(await problemOf(refused), ['FOUR_EYES', reason], who);
  }
  const other = { digest: createHash('sha256').update('other').digest('base64url') };
  assert.deepEqual(await problemOf(await approver.post(`/bulk-orders/${id}/approve`, other)), [
    'ORDER_CHANGED',
  ]);
  await clients.disable(child.id, 0);
  const late = await approver.post(`/bulk-orders/${id}/approve`, { digest });
  assert.deepEqual(await problemOf(late), ['FOUR_EYES', 'FILER_DISABLED']);
  assert.equal(issuer.issuedCount(kid), 0);
});

test('of two that decide at once one does, and what was refused is gone', async (t) => {
  const { filer, approver, until, asker, folder, issuer, kid } = await ordersFixture(t);
  const second = await asker(['approve']);
  const { id, digest } = await orderIn(await file(filer, people(2)));
  await until(id, 'pending');
  const both = await Promise.all(
    [approver, second].map(async (one) => one.post(`/bulk-orders/${id}/approve`, { digest })),
  );
  assert.deepEqual(both.filter(({ status }) => status === 200).length, 1);
  await until(id, 'done');
  assert.equal(issuer.issuedCount(kid), 2);

  const next = await orderIn(await file(filer, people(3)));
  await until(next.id, 'pending');
  const [approved, refused] = await Promise.all([
    approver.post(`/bulk-orders/${next.id}/approve`, { digest: next.digest }),
    second.post(`/bulk-orders/${next.id}/refuse`),
  ]);
  assert.equal([approved.status, refused.status].filter((status) => status === 200).length, 1);

  const last = await orderIn(await file(filer, people(4)));
  await until(last.id, 'pending');
  const withdrawn = await orderIn(await filer.post(`/bulk-orders/${last.id}/refuse`));
  assert.deepEqual([withdrawn.state, withdrawn.refusal], ['refused', 'WITHDRAWN']);
  assert.ok(!(await readdir(folder)).includes(last.id));
  const late = await approver.post(`/bulk-orders/${last.id}/approve`, { digest: last.digest });
  assert.deepEqual(await problemOf(late), ['ORDER_STATE']);
});

test('in whichever state it is restarted it goes on from there, and issues every line once', async (t) => {
  const fixture = await ordersFixture(t);
  const { filer, approver, until, issuer, kid, again, time } = fixture;
  const { id, digest } = await orderIn(await file(filer, people(40)));
  await again();
  await until(id, 'pending');
  await again();
  assert.equal((await approver.post(`/bulk-orders/${id}/approve`, { digest })).status, 200);
  await again();
  await until(id, 'done');
  await again();
  assert.equal(issuer.issuedCount(kid), 40);
  const cards = await filer.get(`/bulk-orders/${id}/cards`);
  assert.equal((await cards.text()).trim().split('\n').length, 40);
  // A week later they are deleted, and three months later nobody knows of it any more.
  time.later = 7 * 86_400;
  await again();
  for (let gone = false; !gone; await sleep(20)) {
    gone = (await orderIn(await filer.get(`/bulk-orders/${id}`))).isGone;
  }
  assert.deepEqual(await problemOf(await filer.get(`/bulk-orders/${id}/cards`)), ['ORDER_GONE']);
  time.later = 98 * 86_400;
  await again();
  while ((await filer.get(`/bulk-orders/${id}`)).status === 200) await sleep(20);
});

test('stopped in the middle of its lines, it goes on with those that did not count', async (t) => {
  const { filer, approver, until, again } = await ordersFixture(t);
  const { id, digest } = await orderIn(await file(filer, peopleLines(9000)));
  await until(id, 'pending');
  await approver.post(`/bulk-orders/${id}/approve`, { digest });
  for (let lines = 0; lines === 0; await sleep(5)) {
    ({ lines } = (await orderIn(await filer.get(`/bulk-orders/${id}`))).progress);
  }
  await again();
  const { state, progress } = await orderIn(await filer.get(`/bulk-orders/${id}`));
  assert.ok(state === 'approved' && progress.lines < 9000, `${state} ${progress.lines}`);
  const { outcome } = await until(id, 'done');
  const cards = await (await filer.get(`/bulk-orders/${id}/cards`)).text();
  const refused = await (await filer.get(`/bulk-orders/${id}/refused`)).text();
  const lines = `${cards}${refused}`
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { line: number }).line);
  assert.deepEqual(new Set(lines).size, 9000);
  assert.deepEqual([lines.length, outcome?.cards], [9000, cards.trim().split('\n').length]);
});

test('of an order that was approved no more is issued once its approver or its filer is disabled', async (t) => {
  const { filer, approver, until, clients, asker } = await ordersFixture(t);
  const auditor = await asker(['audit']);
  for (const thief of [approver, filer]) {
    const { id, digest } = await orderIn(await file(filer, peopleLines(9000)));
    await until(id, 'pending', auditor);
    const eyes = thief === approver ? approver : await asker(['approve']);
    assert.equal((await eyes.post(`/bulk-orders/${id}/approve`, { digest })).status, 200);
    for (let lines = 0; lines === 0; await sleep(5)) {
      ({ lines } = (await orderIn(await auditor.get(`/bulk-orders/${id}`))).progress);
    }
    await clients.disable(thief.id, 0);
    const { fault, progress } = await until(id, 'failed', auditor);
    assert.equal(fault, 'ORDER_DISOWNED');
    assert.ok(progress.lines < 9000, String(progress.lines));
  }
});

test('an order that nobody decides about ends by itself, and its input with it', async (t) => {
  const { filer, until, again, time, folder } = await ordersFixture(t);
  const { id } = await orderIn(await file(filer, people(1)));
  await until(id, 'pending');
  time.later = 7 * 86_400;
  await again();
  const { refusal } = await until(id, 'refused');
  assert.equal(refusal, 'EXPIRED');
  while ((await readdir(folder)).length > 0) await sleep(20);
});

test('of an input that was changed on disk nothing is issued', async (t) => {
  const { filer, approver, until, issuer, kid, folder } = await ordersFixture(t);
  const { id: first, digest: firstDigest } = await orderIn(await file(filer, people(1)));
  const { id: other } = await orderIn(await file(filer, people(2)));
  await until(first, 'pending');
  await until(other, 'pending');
  const path = (id: string): string => join(folder, id, 'input.sealed');
  const bytes = await readFile(path(first));
  for (const [what, changed] of [
    ['a bit', Buffer.from(bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)))],
    ['its end', bytes.subarray(0, -20)],
    ['the input of another order', await readFile(path(other))],
    ['all of it in clear', Buffer.from(people(1))],
  ] as const) {
    const { id, digest } = await orderIn(await file(filer, people(3)));
    await until(id, 'pending');
    await writeFile(path(id), changed);
    await approver.post(`/bulk-orders/${id}/approve`, { digest });
    const { fault } = await until(id, 'failed');
    assert.equal(fault, 'ORDER_CHANGED', what);
  }
  // Far behind lines that could have been issued by the time it is met.
  const { id: long, digest } = await orderIn(await file(filer, peopleLines(5000)));
  await until(long, 'pending');
  const sealed = await readFile(path(long));
  // The ends of an input are looked at in any case.
  const place = Math.floor(sealed.length * 0.7);
  sealed[place] = (sealed[place] ?? 0) ^ 1;
  await writeFile(path(long), sealed);
  await approver.post(`/bulk-orders/${long}/approve`, { digest });
  await until(long, 'failed');
  assert.equal(issuer.issuedCount(kid), 0);
  assert.equal((await approver.post(`/bulk-orders/${first}/approve`, { digest: firstDigest })).status, 200);
  await until(first, 'done');
});

test('what is too large, no NDJSON, too often, or beside the quota is refused while it comes, and leaves nothing', async (t) => {
  const lineLimits = { bytes: 100_000, lines: 30, lineBytes: 20_000 };
  const { filer, folder, asker, approver } = await ordersFixture(t, { lineLimits });
  const cases: readonly (readonly [string, string, string])[] = [
    ['too many bytes', `{"a":"${'x'.repeat(19_000)}"}\n`.repeat(6), 'BODY_TOO_LARGE'],
    ['too many lines', '{}\n'.repeat(31), 'BODY_TOO_LARGE'],
    ['a line that is too long', `{"a":"${'x'.repeat(20_001)}"}\n`, 'BODY_TOO_LARGE'],
    ['a line that is no JSON', `${people(1)}{\n`, 'JSON_INVALID'],
    ['a last line that is no JSON', `${people(1)}{`, 'JSON_INVALID'],
    ['a member twice', '{"a":1,"a":2}\n', 'JSON_INVALID'],
    ['a line that is no object', '[]\n', 'JSON_INVALID'],
    ['an empty line', `${people(1)}\n${people(1)}`, 'JSON_INVALID'],
    ['nothing', '', 'BODY_INVALID'],
  ];
  for (const [what, body, code] of cases) {
    assert.deepEqual(await problemOf(await file(filer, body)), [code], what);
  }
  assert.deepEqual(await problemOf(await file(filer, people(1), 'toy')), ['QUERY_INVALID']);
  assert.deepEqual(await problemOf(await file(filer, people(1), 'pcr-pass&product=pcr-plus')), [
    'QUERY_INVALID',
  ]);
  assert.deepEqual(await problemOf(await filer.post('/bulk-orders?product=pcr-pass', {})), [
    'CONTENT_TYPE_UNSUPPORTED',
  ]);
  assert.deepEqual(await problemOf(await file(approver, people(1))), ['SCOPE_MISSING']);
  const small = await asker(['issue'], { ...DEFAULT_QUOTA, bulk: { hour: 3, day: 3 } });
  const over = await file(small, people(4));
  assert.ok(Number(over.headers.get('retry-after')) > 0);
  assert.deepEqual(await problemOf(over), ['QUOTA_REACHED']);
  assert.deepEqual(await readdir(folder), []);
  assert.equal((await file(small, people(3))).status, 201);
  assert.deepEqual(await problemOf(await file(small, people(1))), ['QUOTA_REACHED']);
  assert.equal((await file(filer, people(5))).status, 201);
  assert.deepEqual(await problemOf(await file(filer, people(5))), ['ORDER_DUPLICATE']);
  for (let more = 0; more < 4; more++) assert.equal((await file(filer, people(6 + more))).status, 201);
  assert.deepEqual(await problemOf(await file(filer, people(20))), ['ORDERS_FULL']);
});

test('a client hands in fifty orders a day and no more, whatever becomes of them', async (t) => {
  const { filer, asker, time } = await ordersFixture(t);
  const fill = async (): Promise<Response> => {
    for (;;) {
      const response = await file(filer, JSON.stringify(vaccinated(1)));
      if (response.status !== 201) return response;
      const { id } = (await response.json()) as Order;
      assert.equal((await filer.post(`/bulk-orders/${id}/refuse`)).status, 200);
    }
  };
  assert.deepEqual(await problemOf(await fill()), ['ORDERS_FULL']);
  const { orders } = (await (await filer.get('/bulk-orders')).json()) as {
    readonly orders: readonly unknown[];
  };
  assert.equal(orders.length, 50);
  const other = await asker(['issue']);
  assert.equal((await file(other, people(1))).status, 201);
  time.later = 86_400;
  assert.equal((await file(filer, people(1))).status, 201);
});

test('an order that would give one person a card again and again ends before anybody can approve it', async (t) => {
  const { filer, until } = await ordersFixture(t);
  const { id } = await orderIn(await file(filer, `${people(2)}${people(1).repeat(5)}`));
  assert.equal((await until(id, 'refused')).refusal, 'PERSON_REPEATED');
});

test('an order that has no room on the chain waits, and says what for', async (t) => {
  const { filer, approver, until, issuer, kid } = await ordersFixture(t);
  const { id, digest } = await orderIn(await file(filer, people(2)));
  await until(id, 'pending');
  await issuer.learnRegistry({ jurisdictions: [], issuers: [], keys: [] });
  await approver.post(`/bulk-orders/${id}/approve`, { digest });
  for (;;) {
    const { state, progress } = (await (await filer.get(`/bulk-orders/${id}`)).json()) as {
      readonly state: string;
      readonly progress: { readonly waitsFor: string | null };
    };
    assert.equal(state, 'approved');
    if (progress.waitsFor !== null) break;
    await sleep(20);
  }
  assert.equal(issuer.issuedCount(kid), 0);
});
