import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { encryptKeystoreJson, Wallet } from 'ethers';
import { readHistory } from '../../contracts/history.ts';
import { lowSignature } from '../../contracts/key-possession.ts';
import { readAnchors } from '../../contracts/log-reader.ts';
import {
  connectRegistry,
  keyPossessionMessage,
  type RegistryClient,
} from '../../contracts/registry-client.ts';
import type { RegistryConnection } from '../../contracts/registry-calls.ts';
import { type RegistryCode, RegistryError } from '../../contracts/registry-error.ts';
import { newKey, type TestKey } from '../support/cards.ts';
import { FROM, type Ledger, startLedger, UNTIL, word } from './ledger.ts';
import { lyingNode, result } from './rpc-stub.ts';

const NOBODY = `0x${'0'.repeat(40)}`;
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

describe('the client', () => {
  let ledger: Ledger;
  let governor: RegistryClient;
  let accreditor: RegistryClient;
  let controller: RegistryClient;
  before(async () => {
    ledger = await startLedger();
    [governor, accreditor, controller] = [await connect(0), await connect(1), await connect(2)];
    await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
  });
  after(() => ledger.stop());

  async function connect(
    account: number | string,
    terms: Partial<RegistryConnection> = {},
  ): Promise<RegistryClient> {
    return connectRegistry({ rpcUrl: ledger.rpcUrl, address: ledger.registry, account, ...terms });
  }

  async function register(terms: object = {}): Promise<number> {
    const [iss, controllerAddress] = [`https://${randomUUID()}.example`, await controller.sender()];
    const { issuerId } = await accreditor.registerIssuer({
      iss,
      name: 'An issuer',
      statusBase: iss,
      jurisdiction: 'US-NY',
      controller: controllerAddress,
      accreditedFrom: FROM,
      accreditedUntil: 0,
      attestations: 3,
      status: 'active',
      ...terms,
    });
    return issuerId;
  }

  function proofOf(key: TestKey, issuerId: number): Uint8Array {
    const { chainId, registry } = ledger;
    return key.sign(
      keyPossessionMessage({ chainId, registry, issuerId, kid: key.kid, validFrom: FROM, validUntil: UNTIL }),
    );
  }

  async function registerKey(
    key: TestKey,
    issuerId: number,
    signature = proofOf(key, issuerId),
  ): Promise<string> {
    const { x, y } = key;
    const window = { validFrom: FROM, validUntil: UNTIL };
    return (await controller.registerKey({ issuerId, x, y, ...window, revocation: 'bits', signature })).kid;
  }

  test('it carries each role through the life of an issuer and its keys', async () => {
    const issuerId = await register();
    const key = newKey();
    assert.equal(await registerKey(key, issuerId), key.kid);
    const written = await controller.anchor({
      ...anchorOf(issuerId, key.kid, 1),
      revoked: 2,
    });
    const { status, blockNumber, gasUsed } = await ledger.rpc<Record<string, string>>(
      'eth_getTransactionReceipt',
      written.txHash,
    );
    assert.deepEqual(
      [status, Number(blockNumber), BigInt(gasUsed ?? 0)],
      ['0x1', written.block, written.gas],
    );
    const list = `0x${Buffer.from(key.kid, 'base64url').toString('hex')}`;
    const { anchors } = await readAnchors(
      ledger.rpcUrl,
      ledger.registry,
      [{ issuerId, list }],
      written.block,
    );
    assert.partialDeepStrictEqual(anchors, [{ root: word('root'), counter: 1, revoked: 2 }]);

    await controller.retireKey(issuerId, key.kid);
    assert.equal((await controller.keyOf(issuerId, key.kid)).state, 'retired');
    await controller.compromiseKey(issuerId, key.kid);
    await accreditor.setIssuerStatus(issuerId, 'suspended', 4);
    await governor.setJurisdictionSuspended('US-NY', true, 1);
    assert.deepEqual(await governor.jurisdictionOf('US-NY'), {
      accreditor: await accreditor.sender(),
      suspended: true,
    });
    await governor.setJurisdictionSuspended('US-NY', false, 1);
    assert.deepEqual(await controller.issuerOf(issuerId), {
      jurisdiction: 'US-NY',
      controller: await controller.sender(),
      status: 'suspended',
      accreditedFrom: FROM,
      accreditedUntil: 0,
      attestations: 3,
    });
    assert.deepEqual(await controller.keyOf(issuerId, key.kid), {
      validFrom: FROM,
      validUntil: (await controller.keyOf(issuerId, key.kid)).validUntil,
      state: 'compromised',
      revocation: 'bits',
      listed: false,
    });
    assert.equal(await governor.governor(), await governor.sender());
  });

  test('it lists keys for an issuer that has no controller', async () => {
    const issuerId = await register({ controller: null });
    assert.equal((await accreditor.issuerOf(issuerId)).controller, NOBODY);
    const { kid, x, y } = newKey();
    const listed = await accreditor.listKey({ issuerId, x, y, validUntil: 0, revocation: 'rids' });
    assert.equal(listed.kid, kid);
    assert.equal((await accreditor.keyOf(issuerId, kid)).listed, true);
  });

  test('it turns a high s into the low one that the contract takes', async () => {
    const issuerId = await register();
    for (const high of [false, true]) {
      const key = newKey();
      const signature = Buffer.from(proofOf(key, issuerId));
      const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
      if (s > P256_ORDER / 2n !== high) {
        Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex').copy(signature, 32);
      }
      assert.equal(await registerKey(key, issuerId, signature), key.kid);
    }
    assert.throws(() => lowSignature(new Uint8Array(63)), { code: 'ARGUMENT_INVALID' });
  });

  test('it refuses in words, naming the error of the contract, before anything is sent', async () => {
    const issuerId = await register();
    const key = newKey();
    await registerKey(key, issuerId);
    const nonce = await ledger.rpc('eth_getTransactionCount', ledger.controller, 'latest');
    const refusals: [() => Promise<unknown>, string][] = [
      [
        async () => controller.openJurisdiction('US-NJ', 'New Jersey', NOBODY),
        'AccessControlUnauthorizedAccount',
      ],
      [async () => controller.setIssuerStatus(issuerId, 'withdrawn', 0), 'NotAccreditor'],
      [async () => controller.retireKey(issuerId, newKey().kid), 'UnknownKey'],
      [async () => controller.anchor(anchorOf(issuerId, key.kid, 0)), 'CounterNotRising'],
      [async () => registerKey(newKey(), issuerId, proofOf(newKey(), issuerId)), 'PossessionNotProven'],
      [async () => registerKey(key, issuerId), 'KeyExists'],
    ];
    for (const [work, name] of refusals) {
      await assert.rejects(work(), (error) => {
        assert.ok(error instanceof RegistryError, String(error));
        assert.deepEqual([error.code, error.refusal?.name], ['REVERTED', name]);
        assert.match(error.message, /^[A-Z].*\.$/);
        return true;
      });
    }
    assert.equal(await ledger.rpc('eth_getTransactionCount', ledger.controller, 'latest'), nonce);
  });

  test('arguments that no registry takes are refused without asking it', async () => {
    const bad: (() => Promise<unknown>)[] = [
      async () => governor.openJurisdiction('us-ny', 'x', NOBODY),
      async () => governor.openJurisdiction('US-NJ', 'x', 'nobody'),
      async () => controller.retireKey(1, 'not a kid'),
      async () => controller.retireKey(-1, newKey().kid),
      async () => controller.anchor({ ...anchorOf(1, newKey().kid, 1), root: new Uint8Array(31) }),
      async () => accreditor.setIssuerStatus(1, 'suspended', 70_000),
      async () => registerKey({ ...newKey(), x: 'AA' }, 1),
    ];
    for (const work of bad) await fails(work(), 'ARGUMENT_INVALID');
  });

  test('another chain, no registry and no node are refused at once', async () => {
    await fails(connect(0, { chainId: 1 }), 'WRONG_CHAIN');
    await fails(connect(0, { address: ledger.stranger }), 'NO_REGISTRY');
    await fails(connect(0, { rpcUrl: 'http://127.0.0.1:1' }), 'CHAIN_UNAVAILABLE');
  });

  test('a chain exchanged behind the same URL is refused before anything is sent', async () => {
    let chainId = '0x7a69';
    const node = await lyingNode(
      async (method, honest) => (method === 'eth_chainId' ? result(chainId) : honest()),
      ledger.rpcUrl,
    );
    try {
      const client = await connect(0, { rpcUrl: node.rpcUrl });
      chainId = '0x1';
      await fails(client.setJurisdictionSuspended('US-NY', true, 0), 'WRONG_CHAIN');
    } finally {
      await node.stop();
    }
  });

  test('a transaction that fails in its block is reported as failed', async () => {
    const node = await lyingNode(async (method, honest) => {
      const answer = (await honest()) as { result: object };
      return method === 'eth_getTransactionReceipt' ? result({ ...answer.result, status: '0x0' }) : answer;
    }, ledger.rpcUrl);
    try {
      const client = await connect(0, { rpcUrl: node.rpcUrl });
      await fails(client.openJurisdiction('US-VT', 'Vermont', ledger.accreditor), 'TRANSACTION_FAILED');
    } finally {
      await node.stop();
    }
  });

  test('it sends as an account of the node by number or address, and as no other', async () => {
    const [one, same] = [await connect(1), await connect(ledger.accreditor)];
    assert.equal(await one.sender(), await same.sender());
    for (const account of [99, `0x${'22'.repeat(20)}`, 'me']) {
      const client = await connect(account);
      assert.ok((await client.logHead()).size > 0);
      await fails(client.sender(), 'ACCOUNT_UNAVAILABLE');
    }
  });

  test('it sends from an encrypted keystore, and only with its passphrase', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratique-keystore-'));
    try {
      const wallet = Wallet.createRandom();
      const path = join(folder, 'keystore.json');
      const cheap = { scrypt: { N: 1024, r: 8, p: 1 } };
      await writeFile(
        path,
        await encryptKeystoreJson(
          { address: wallet.address, privateKey: wallet.privateKey },
          'correct horse',
          cheap,
        ),
      );
      const keystore = { path, passphrase: 'correct horse' };
      const client = await connect(0, { keystore });
      assert.equal(await client.sender(), wallet.address);

      await governor.openJurisdiction('US-KEYSTORE', 'Keystore', wallet.address);
      const issuer = { jurisdiction: 'US-KEYSTORE', iss: 'https://k.example', name: 'K', statusBase: '' };
      const terms = { controller: null, accreditedFrom: 0, accreditedUntil: 0, attestations: 0 };
      await fails(client.registerIssuer({ ...issuer, ...terms, status: 'active' }), 'ACCOUNT_UNAVAILABLE');
      await ledger.rpc('hardhat_setBalance', wallet.address, '0xde0b6b3a7640000');
      await client.registerIssuer({ ...issuer, ...terms, status: 'active' });

      await fails(
        (await connect(0, { keystore: { path, passphrase: 'x' } })).sender(),
        'ACCOUNT_UNAVAILABLE',
      );
      await writeFile(path, '{"not":"a keystore"}');
      await fails((await connect(0, { keystore })).sender(), 'ACCOUNT_UNAVAILABLE');
      await rm(path);
      await fails((await connect(0, { keystore })).sender(), 'ACCOUNT_UNAVAILABLE');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('the history tells who did what, when and in which block', async () => {
    const { entries, size } = await readHistory(ledger.rpcUrl, ledger.registry);
    assert.equal(entries.length, size);
    assert.deepEqual(
      entries.map(({ seq }) => seq),
      entries.map((_, i) => i),
    );
    const first = entries[0];
    assert.deepEqual(
      [first?.event, first?.by, first?.details['jurisdiction'], first?.details['name']],
      ['JurisdictionOpened', await governor.sender(), 'US-NY', 'New York'],
    );
    const registered = entries.find(({ event }) => event === 'KeyRegistered');
    assert.equal(String(registered?.details['kid']).length, 43);
    assert.equal(registered?.details['revocation'], 'bits');
    assert.ok(registered.block > 0 && registered.time > 0);
  });
});

function anchorOf(issuerId: number, list: string, counter: number): Parameters<RegistryClient['anchor']>[0] {
  const root = Buffer.from(word('root').slice(2), 'hex');
  return { issuerId, list, root, counter, length: 131_072, revoked: 0, final: false };
}

async function fails(work: Promise<unknown>, code: RegistryCode): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof RegistryError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
