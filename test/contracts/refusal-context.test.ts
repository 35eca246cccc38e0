import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { moment } from '../../contracts/moment.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import { callNode } from '../../contracts/json-rpc.ts';
import { newKey } from '../support/cards.ts';
import { startChain } from '../support/chain.ts';
import { type Clients, issuerOf, provenKey, refuses, startClients } from './clients.ts';
import { lyingNode } from './rpc-stub.ts';

describe('a refusal says what helps', () => {
  let clients: Clients;
  let [governorAccount, accreditorAccount, controllerAccount] = ['', '', ''];
  before(async () => {
    clients = await startClients(startChain);
    const { governor, accreditor, controller } = clients;
    governorAccount = await governor.sender();
    accreditorAccount = await accreditor.sender();
    controllerAccount = await controller.sender();
    await governor.openJurisdiction('US-NY', 'New York', accreditorAccount);
  });
  after(() => clients.stop());

  const register = async (): Promise<number> =>
    (await clients.accreditor.registerIssuer(issuerOf(controllerAccount))).issuerId;
  const says = (message: string, ...words: readonly string[]): void => {
    for (const word of words) assert.ok(message.includes(word), `${word} in: ${message}`);
  };
  const timeOf = async (block: number): Promise<string> => {
    const asked = [`0x${block.toString(16)}`, false];
    const { timestamp } = (await callNode(clients.chain.rpcUrl, 'eth_getBlockByNumber', asked)) as {
      timestamp: string;
    };
    return moment(Number(timestamp));
  };
  const tryKey = async (issuerId: number, client: RegistryClient): Promise<unknown> =>
    client.registerKey(provenKey(newKey(), issuerId, client));

  test('since when an issuer is suspended, by whom and why', async () => {
    const issuerId = await register();
    await clients.accreditor.setIssuerStatus(issuerId, 'suspended', 1);
    await clients.accreditor.setIssuerStatus(issuerId, 'active', 0);
    const { block } = await clients.accreditor.setIssuerStatus(issuerId, 'suspended', 3);
    const message = await refuses(tryKey(issuerId, clients.controller), 'IssuerNotActive', issuerId, 3);
    says(message, 'suspended', await timeOf(block), accreditorAccount, '3, fraud');
  });

  test('since when an issuer is held, and a jurisdiction suspended', async () => {
    const issuerId = await register();
    const hold = await clients.governor.setIssuerHeld(issuerId, true, 500);
    const held = await refuses(tryKey(issuerId, clients.controller), 'IssuerHeld', issuerId);
    says(held, await timeOf(hold.block), governorAccount, 'reason 500');

    const { block } = await clients.governor.setJurisdictionSuspended('US-NY', true, 7);
    try {
      const suspended = await refuses(
        clients.accreditor.registerIssuer(issuerOf(null)),
        'JurisdictionSuspended',
        encodeJurisdiction('US-NY'),
      );
      says(suspended, await timeOf(block), governorAccount, '7, legal-order');
    } finally {
      await clients.governor.setJurisdictionSuspended('US-NY', false, 0);
    }
  });

  test('since when a key is retired or reported stolen: this one of this issuer, and no other', async () => {
    const [one, another] = [await register(), await register()];
    const [key, other] = [newKey(), newKey()];
    for (const [its, issuerId] of [
      [key, one],
      [key, another],
      [other, one],
    ] as const) {
      await clients.controller.registerKey(provenKey(its, issuerId, clients.controller));
    }
    const { block } = await clients.controller.retireKey(one, key.kid);
    await clients.pass(100);
    await clients.controller.retireKey(another, key.kid);
    await clients.controller.retireKey(one, other.kid);
    const retired = await refuses(
      clients.controller.retireKey(one, key.kid),
      'KeyIsRetired',
      one,
      encodeKid(key.kid),
    );
    says(retired, key.kid, await timeOf(block));
    const stolen = await clients.accreditor.compromiseKey(one, key.kid);
    const compromised = await refuses(
      clients.controller.retireKey(one, key.kid),
      'KeyIsCompromised',
      one,
      encodeKid(key.kid),
    );
    says(compromised, await timeOf(stolen.block), accreditorAccount);
  });

  test('who it is that may', async () => {
    const { governor, stranger } = clients;
    const account = await stranger.sender();
    const issuerId = await register();
    const listed = await clients.accreditor.registerIssuer(issuerOf(null));
    const zero = `0x${'0'.repeat(64)}`;
    const open = stranger.openJurisdiction('US-NJ', 'New Jersey', account);
    says(await refuses(open, 'AccessControlUnauthorizedAccount', account, zero), governorAccount);
    const accredit = governor.setIssuerStatus(issuerId, 'retired', 0);
    const code = encodeJurisdiction('US-NY');
    says(await refuses(accredit, 'NotAccreditor', code, governorAccount), accreditorAccount);
    const operate = stranger.setOperator(issuerId, account);
    says(await refuses(operate, 'NotController', issuerId, account), controllerAccount);
    const act = stranger.setOperator(listed.issuerId, account);
    says(await refuses(act, 'NotController', listed.issuerId, account), 'only listed', accreditorAccount);
    await clients.accreditor.offerIssuer(issuerId, 'US-NY');
    const take = stranger.acceptIssuer(issuerId);
    says(await refuses(take, 'NotOffered', issuerId, account), 'US-NY');
  });

  test('and stands alone where a node does not say more', async () => {
    const issuerId = await register();
    await clients.accreditor.setIssuerStatus(issuerId, 'suspended', 3);
    let requests = 0;
    const mute = await lyingNode((method, honest) => {
      if (method !== 'eth_getLogs') return honest();
      requests += 1;
      return { jsonrpc: '2.0', id: 1, error: { code: -32_005, message: 'query exceeds max block range' } };
    }, clients.chain.rpcUrl);
    try {
      const client = await clients.connect(2, { rpcUrl: mute.rpcUrl });
      const message = await refuses(tryKey(issuerId, client), 'IssuerNotActive', issuerId, 3);
      assert.ok(!message.includes('since'), message);
      assert.equal(requests, 1, 'a refusal is not worth a search');
    } finally {
      await mute.stop();
    }
  });
});
