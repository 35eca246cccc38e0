import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consent } from '../../../wallet/asking/consent.ts';
import { receiptsOf } from '../../../wallet/asking/receipts.ts';
import { createVault } from '../../../wallet/vault/vault.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import type { ReadRequest } from '../../../wallet/asking/read-request.ts';
import { boundPass, holderOf, readWell, RESPONSE_URI, verifier } from '../../support/asking.ts';
import type { TestVerifier } from '../../support/asking.ts';
import { NOW } from '../../support/cards.ts';
import { testPorts } from '../vault/memory-store.ts';

const offer = { pass: await boundPass(), queryId: 'pass' };

async function asked(): Promise<{
  readonly arena: TestVerifier;
  readonly vault: OpenVault;
  readonly read: ReadRequest;
}> {
  const arena = verifier();
  const read = await readWell(arena.requests.open({ responseUri: RESPONSE_URI }).request);
  return { arena, vault: await createVault(testPorts(), '274915'), read };
}

const agree = (vault: OpenVault, read: ReadRequest, now = NOW, holder = holderOf()) =>
  consent(vault, read, offer, { holder, now, by: 'code' });

test('who consents gets an answer that the venue takes, and a receipt', async () => {
  const { arena, vault, read } = await asked();
  const answer = await agree(vault, read);
  assert.ok(typeof answer !== 'string');
  assert.deepEqual(await arena.judge(answer.code), ['VALID']);
  assert.equal(receiptsOf(vault).length, 1);
});

test('a request is answered once', async () => {
  const { vault, read } = await asked();
  await agree(vault, read);
  assert.equal(await agree(vault, read), 'REQUEST_ANSWERED');
  assert.equal(receiptsOf(vault).length, 1);
});

test('a request that ended while its holder thought is not answered, and leaves no receipt', async () => {
  const { vault, read } = await asked();
  assert.equal(await agree(vault, read, NOW + 300), 'REQUEST_EXPIRED');
  assert.deepEqual(receiptsOf(vault), []);
});

test('nothing is signed before the receipt is written', async () => {
  const { vault, read } = await asked();
  let signed = 0;
  const holder = { ...holderOf(), sign: () => Promise.reject(new Error(`signed ${(signed += 1)}`)) };
  const elsewhere = { ...vault, put: () => Promise.reject(new Error('no room')) };
  await assert.rejects(agree(elsewhere, read, NOW, holder), /no room/);
  assert.equal(signed, 0);
});
