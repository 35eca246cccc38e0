import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearReceipts, isAnswered, keepReceipt, receiptsOf } from '../../../wallet/asking/receipts.ts';
import { canSend, sendAnswer } from '../../../wallet/asking/send-answer.ts';
import { createVault } from '../../../wallet/vault/vault.ts';
import {
  ARENA,
  answerTo,
  boundPass,
  readWell,
  RESPONSE_URI,
  trustWith,
  verifier,
  walletTrust,
} from '../../support/asking.ts';
import { NOW } from '../../support/cards.ts';
import { testPorts } from '../vault/memory-store.ts';

test('a receipt says to whom, when, what kind and why, and nothing of what was shown', async () => {
  const vault = await createVault(testPorts(), '274915');
  const read = await readWell(verifier().requests.open({ responseUri: RESPONSE_URI }).request);
  const offer = { pass: await boundPass(), queryId: 'pass' };
  assert.equal(isAnswered(vault, read), false);
  await keepReceipt(vault, read, offer, { at: NOW, by: 'code' });
  assert.equal(isAnswered(vault, read), true);
  const [receipt] = receiptsOf(vault);
  assert.ok(receipt);
  assert.deepEqual(
    { ...receipt, did: '', request: '' },
    {
      at: NOW,
      did: '',
      name: 'Arena of Nowhere',
      jurisdiction: 'State of Nowhere',
      purpose: 'Entry to the concert',
      profile: 'pass',
      passType: 'vaccination',
      by: 'code',
      request: '',
    },
  );
  const written = JSON.stringify(receipt);
  for (const word of ['Nora', 'Nobody', '1980', offer.pass.text.slice(0, 40), read.request.nonce]) {
    assert.ok(!written.includes(word), word);
  }
});

test('who is not known goes without a name, whatever a list once said', async () => {
  const vault = await createVault(testPorts(), '274915');
  const text = verifier().requests.open({ responseUri: RESPONSE_URI }).request;
  const offer = { pass: await boundPass(), queryId: 'pass' };
  await keepReceipt(vault, await readWell(text, walletTrust(trustWith([]))), offer, { at: NOW, by: 'code' });
  assert.equal(receiptsOf(vault)[0]?.name, null);
  const withdrawn = walletTrust(trustWith([{ ...ARENA, status: 'withdrawn' }]));
  await keepReceipt(vault, await readWell(text, withdrawn), offer, { at: NOW, by: 'code' });
  assert.equal(receiptsOf(vault)[0]?.name, null);
});

test('the newest 500 receipts are kept, until they are cleared', async () => {
  const vault = await createVault(testPorts(), '274915');
  const read = await readWell(verifier().requests.open({ responseUri: RESPONSE_URI }).request);
  const offer = { pass: await boundPass(), queryId: 'pass' };
  await keepReceipt(vault, read, offer, { at: NOW, by: 'code' });
  const [receipt] = receiptsOf(vault);
  await vault.put(new Map([['receipts', Array.from({ length: 500 }, () => receipt)]]));
  await keepReceipt(vault, read, offer, { at: NOW + 1, by: 'code' });
  assert.deepEqual([receiptsOf(vault).length, receiptsOf(vault)[0]?.at], [500, NOW + 1]);
  await clearReceipts(vault);
  assert.deepEqual(receiptsOf(vault), []);
});

test('an answer is sent to https alone; one that nobody takes is said to be unreachable or refused', async () => {
  assert.equal(canSend({ responseUri: RESPONSE_URI }), true);
  assert.equal(canSend({ responseUri: 'http://venue.example/presentations' }), false);
  const answer = await answerTo(verifier());
  const to = { responseUri: RESPONSE_URI };
  assert.equal(
    await sendAnswer(to, answer, () => Promise.reject(new TypeError('no network'))),
    'unreachable',
  );
  assert.equal(
    await sendAnswer(to, answer, () => Promise.resolve(new Response('', { status: 400 }))),
    'refused',
  );
  let sent: RequestInit | undefined;
  await sendAnswer(to, answer, (_, init) => {
    sent = init;
    return Promise.resolve(new Response('{}'));
  });
  assert.deepEqual(
    [sent?.redirect, sent?.credentials, sent?.referrerPolicy],
    ['error', 'omit', 'no-referrer'],
  );
});
