import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeepLink } from '../../../credential/deep-link.ts';
import { parseCardFile } from '../../../credential/smart-health-card-file.ts';
import { createService } from '../../../agent/service/app.ts';
import { asking, cardService, problemOf, type Issued } from './card-service.ts';

const FILE = 'application/smart-health-card';
const WALLET = 'https://wallet.example/i/SMARTHealthCard/';
const plus = asking({ product: 'vaccination-plus' });

test('whoever asks for a file gets the health card as one, under a name that says nothing', async (t) => {
  const { post, as, issuer, kid } = await cardService(t);
  const key = await as('issue');
  const response = await post('/credentials/issue', plus, { ...key, Accept: FILE });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('content-type'), FILE);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(
    response.headers.get('content-disposition'),
    'attachment; filename="health-card.smart-health-card"',
  );
  const cards = parseCardFile(await response.text());
  assert.equal(cards.length, 1);
  const verified = await post('/credentials/verify', { verifiableCredential: cards[0] }, key);
  assert.equal(((await verified.json()) as { readonly verified: boolean }).verified, true);
  assert.equal(issuer.issuedCount(kid), 1);
});

test('the file of a card that was issued is had by asking again under its Idempotency-Key', async (t) => {
  const { post, as, issuer, kid } = await cardService(t);
  const key = { ...(await as('issue')), 'Idempotency-Key': 'one' };
  const { card } = (await (await post('/credentials/issue', plus, key)).json()) as Issued;
  const file = await post('/credentials/issue', plus, { ...key, Accept: FILE });
  assert.deepEqual(parseCardFile(await file.text()), [card.jws]);
  const again = (await (await post('/credentials/issue', plus, key)).json()) as Issued;
  assert.equal(again.card.id, card.id);
  assert.equal(issuer.issuedCount(kid), 1);
});

test('JSON is what everybody else gets, and a Pass has no file', async (t) => {
  const { post, as, issuer, kid } = await cardService(t);
  const key = await as('issue');
  const accepted = [
    '*/*',
    'text/html',
    `${FILE};q=0.5, application/json`,
    'application/*',
    '',
    'a'.repeat(900),
  ];
  for (const accept of accepted) {
    const response = await post('/credentials/issue', plus, { ...key, Accept: accept });
    assert.equal(response.status, 201, accept);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/, accept);
  }
  assert.equal(issuer.issuedCount(kid), accepted.length);
  const pass = await post('/credentials/issue', asking(), { ...key, Accept: FILE });
  assert.deepEqual(await problemOf(pass), ['NO_CARD_FILE']);
  assert.equal(issuer.issuedCount(kid), accepted.length);
});

test('a health card comes with the deep link of the wallet that the issuer knows, and a Pass with none', async (t) => {
  const { post, as, issuer, clients } = await cardService(t, { wallet: WALLET });
  const key = await as('issue');
  const { card } = (await (await post('/credentials/issue', plus, key)).json()) as Issued;
  const { deepLink = '' } = card;
  assert.ok(deepLink.startsWith(`${WALLET}#%7B%22verifiableCredential%22%3A%5B%22`));
  assert.deepEqual(parseDeepLink(deepLink), [card.jws]);
  const pass = (await (await post('/credentials/issue', asking(), key)).json()) as Issued;
  assert.ok(!('deepLink' in pass.card));
  const without = await cardService(t);
  const plain = await without.post('/credentials/issue', plus, await without.as('issue'));
  assert.ok(!('deepLink' in ((await plain.json()) as Issued).card));
  for (const wallet of ['http://wallet.example/', 'https://wallet.example/#', 'wallet', ''])
    assert.throws(() => createService({ issuer, clients, published: '.', wallet }), { code: 'MALFORMED' });
});
