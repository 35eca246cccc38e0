import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import type { NewIssuer } from '../../contracts/registry-terms.ts';
import { startAnvil } from '../support/anvil.ts';
import { newKey } from '../support/cards.ts';
import { type Clients, fails, issuerOf, NODES, refuses, startClients } from './clients.ts';
import { lyingNode, result } from './rpc-stub.ts';

/** What one transaction may take (EIP-7825) is 16,777,216; an import stays below this. */
const MAX_GAS = 15_000_000n;

const refusal = { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'not today' } };

for (const { node, start } of NODES) {
  describe(`lists of any length, on ${node}`, () => {
    let clients: Clients;
    let accreditor: RegistryClient;
    before(async () => {
      clients = await startClients(start);
      ({ accreditor } = clients);
      await clients.governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
    });
    after(() => clients.stop());

    test('the first that is refused is named by its place, and nothing of the list is sent', async () => {
      const cramped = await crampedNode(clients.chain.rpcUrl);
      try {
        const client = await clients.connect(1, { rpcUrl: cramped.rpcUrl });
        const { size } = await accreditor.logHead();
        const issuers = Array.from({ length: 20 }, () => issuerOf(null));
        for (const place of [1, 7, 20]) {
          const bad = issuers.map((each, at) => (at === place - 1 ? { ...each, name: 'a\u0007b' } : each));
          const message = await refuses(client.listIssuers(bad), 'InvalidName');
          assert.ok(message.includes(`in place ${place} of the list`), message);
        }
        await fails(client.listIssuers([...issuers, ...issuers.slice(3, 4)]), 'ARGUMENT_INVALID');
        assert.equal((await accreditor.logHead()).size, size);
      } finally {
        await cramped.stop();
      }
    });

    test('a transaction that fails after others were carried out leaves those as they are', async () => {
      let sent = 0;
      const failing = await crampedNode(clients.chain.rpcUrl, () => {
        sent += 1;
        return sent > 2;
      });
      try {
        const { size } = await accreditor.logHead();
        const client = await clients.connect(1, { rpcUrl: failing.rpcUrl });
        const issuers = Array.from({ length: 20 }, () => issuerOf(null));
        const done: number[] = [];
        await fails(
          client.listIssuers(issuers, (count) => done.push(count)),
          'TRANSACTION_FAILED',
        );
        assert.equal(done.length, 2);
        assert.equal((await accreditor.logHead()).size, size + (done.at(-1) ?? 0));
      } finally {
        await failing.stop();
      }
    });
  });
}

describe('lists that are too much for one transaction', () => {
  let clients: Clients;
  let accreditor: RegistryClient;
  before(async () => {
    // Whichever is the fastest here.
    clients = await startClients(startAnvil);
    ({ accreditor } = clients);
    await clients.governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
  });
  after(() => clients.stop());

  test('are cut, the numbers of the issuers in the order given', async () => {
    const issuers = Array.from({ length: 120 }, () => withLongTexts());
    const told: number[] = [];
    const { issuerIds, transactions } = await accreditor.listIssuers(issuers, (done) => told.push(done));
    assert.ok(transactions.length > 1);
    for (const { gas } of transactions) assert.ok(gas < MAX_GAS, String(gas));
    assert.deepEqual([told.length, told.at(-1)], [transactions.length, 120]);
    assert.equal(new Set(issuerIds).size, 120);
    for (const at of [0, 57, 119]) {
      assert.equal(await accreditor.issuerIdOf(issuers[at]?.iss ?? ''), issuerIds[at]);
    }
  });

  test('are cut below 15 million gas, the kids in the order given', async () => {
    const { issuerId } = await accreditor.registerIssuer(issuerOf(null));
    const keys = Array.from({ length: 350 }, () => newKey());
    const terms = { issuerId, validUntil: 0, revocation: 'none' as const };
    const { kids, transactions } = await accreditor.listKeys(keys.map(({ x, y }) => ({ ...terms, x, y })));
    assert.deepEqual(
      kids,
      keys.map(({ kid }) => kid),
    );
    assert.ok(transactions.length > 1);
    for (const { gas } of transactions) assert.ok(gas < MAX_GAS, String(gas));
    assert.deepEqual(await accreditor.listKeys([]), { kids: [], transactions: [] });
  });

  test('are cut below what nodes pass on', async () => {
    let longest = 0;
    const generous = await lyingNode((method, honest, _response, params) => {
      if (method === 'eth_sendTransaction') return refusal;
      if (method !== 'eth_estimateGas') return honest();
      const { data } = params[0] as { data: string };
      longest = Math.max(longest, data.length / 2);
      return result('0x5208');
    }, clients.chain.rpcUrl);
    try {
      const client = await clients.connect(1, { rpcUrl: generous.rpcUrl });
      await fails(
        client.listIssuers(Array.from({ length: 150 }, () => withLongTexts())),
        'TRANSACTION_FAILED',
      );
      assert.ok(longest > 0 && longest < 128 * 1024, `${longest} bytes`);
    } finally {
      await generous.stop();
    }
  });
});

/** A node for which half a dozen issuers are too many at once, and that takes no transaction when it is told so. */
async function crampedNode(rpcUrl: string, refuse = (): boolean => false): ReturnType<typeof lyingNode> {
  return lyingNode((method, honest, _response, params) => {
    if (method === 'eth_sendTransaction' && refuse()) return refusal;
    if (method !== 'eth_estimateGas') return honest();
    const { data } = params[0] as { data: string };
    return data.length > 8000 ? result('0xe00000') : honest();
  }, rpcUrl);
}

/** An issuer that costs as much as one can. */
function withLongTexts(): NewIssuer {
  const issuer = issuerOf(null, { name: 'é'.repeat(100) });
  const path = 'p'.repeat(256 - issuer.iss.length - 1);
  return { ...issuer, iss: `${issuer.iss}/${path}`, statusBase: `${issuer.statusBase}/${path}` };
}
