import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Transaction } from 'ethers';
import { callNode } from '../../contracts/json-rpc.ts';
import { type Landing, pauseAfter, type SentTransaction } from '../../contracts/landing.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import type { NewAnchor } from '../../contracts/registry-terms.ts';
import { type Clients, fails, issuerOf, NODES, poorKeystore, startClients } from './clients.ts';
import { word } from './ledger.ts';
import { lyingNode } from './rpc-stub.ts';

const GWEI = 1_000_000_000n;

for (const { node, start } of NODES) {
  for (const sender of ['an account of the node', 'a keystore'] as const) {
    describe(`a write that has to arrive, from ${sender}, on ${node}`, () => {
      let clients: Clients;
      let folder: string;
      let client: RegistryClient;
      let issuerId: number;
      let connection: Parameters<Clients['connect']>[1];
      before(async () => {
        clients = await startClients(start);
        folder = await mkdtemp(join(tmpdir(), 'pratique-landing-'));
        await clients.governor.openJurisdiction('US-NY', 'New York', await clients.accreditor.sender());
        const { address, keystore } = await poorKeystore(folder);
        await callNode(clients.chain.rpcUrl, 'hardhat_setBalance', [address, '0xde0b6b3a7640000']);
        connection = sender === 'a keystore' ? { keystore } : {};
        client = await clients.connect(2, connection);
        ({ issuerId } = await clients.accreditor.registerIssuer(issuerOf(await client.sender())));
      });
      after(async () => {
        await clients.stop();
        await rm(folder, { recursive: true });
      });

      const rpc = async (method: string, ...params: unknown[]): Promise<unknown> =>
        callNode(clients.chain.rpcUrl, method, params);
      const counter = async (): Promise<number> => (await client.anchorOf(issuerId, 'name:test')).counter;

      /** The next anchor of a list, and how it is seen to land; `kept` is what was recorded last. */
      async function next(
        terms: Partial<Landing> = {},
      ): Promise<{ anchor: NewAnchor; landing: Landing; kept: () => readonly SentTransaction[] }> {
        const at = (await counter()) + 1;
        const root = Buffer.from(word(`root ${at}`).slice(2), 'hex');
        let kept: readonly SentTransaction[] = [];
        const anchor = {
          issuerId,
          list: 'name:test',
          root,
          counter: at,
          length: 10,
          revoked: 0,
          final: false,
        };
        const landing = {
          sent: [],
          record: async (sent: readonly SentTransaction[]) => {
            kept = sent;
          },
          landed: async () => (await counter()) >= at,
          patienceMs: 400,
          waitMs: 20_000,
          ...terms,
        };
        return { anchor, landing, kept: () => kept };
      }

      /** Once so many transactions are recorded, and the last is not only kept but with the node. */
      async function sentUntil(
        kept: () => readonly SentTransaction[],
        isIt: (sent: readonly SentTransaction[]) => boolean,
      ): Promise<void> {
        const isOut = async (): Promise<boolean> => {
          const hash = kept().at(-1)?.hash;
          if (hash === undefined || !isIt(kept())) return false;
          // It is recorded before it goes out: a block made by the test in between would come first.
          return (await rpc('eth_getTransactionByHash', hash)) !== null;
        };
        for (let i = 0; i < 400; i++) {
          if (await isOut()) return;
          await sleep(25);
        }
        assert.fail(JSON.stringify(kept()));
      }

      /** With a block now and then: on a busy machine more than one offer can be too low before one is not. */
      async function mining<T>(landed: Promise<T>): Promise<T> {
        const miner = setInterval(() => void rpc('evm_mine'), 300);
        await rpc('evm_mine');
        return landed.finally(() => {
          clearInterval(miner);
        });
      }

      test('it lands at once where nothing is in the way', async () => {
        const { anchor, landing, kept } = await next();
        const written = await client.landAnchor(anchor, landing);
        assert.equal(await counter(), anchor.counter);
        assert.equal(written?.txHash, kept().at(-1)?.hash);
        assert.equal(kept().length, 1);
        assert.equal(await client.landAnchor(anchor, landing), undefined, 'what is there is not sent again');
      });

      test('what hangs because it offers too little is replaced under its nonce', async () => {
        await rpc('evm_setAutomine', false);
        const { anchor, landing, kept } = await next({ patienceMs: 1000 });
        const landed = client.landAnchor(anchor, landing);
        await sentUntil(kept, (sent) => sent.length > 0);
        const max = BigInt(kept()[0]?.max ?? 0);
        // Before its first block: nothing of it fits in any more.
        const base = (max * 11n) / 10n + GWEI;
        await rpc('hardhat_setNextBlockBaseFeePerGas', `0x${base.toString(16)}`);
        await rpc('evm_mine');
        assert.notEqual(await counter(), anchor.counter);
        await sentUntil(kept, (sent) => sent.length > 1);
        const written = await mining(landed);
        await rpc('evm_setAutomine', true);
        const [first, ...more] = kept();
        assert.ok(more.length > 0 && more.every(({ nonce }) => nonce === first?.nonce));
        assert.ok(BigInt(more.at(-1)?.max ?? 0) * 1000n >= max * 1125n);
        assert.ok(more.some(({ hash }) => hash === written?.txHash));
        assert.equal(await counter(), anchor.counter);
      });

      test('a transaction of the same account that hangs before it does not hold it up', async () => {
        await rpc('evm_setAutomine', false);
        const stuck = client
          .setStatusBase(issuerId, 'https://stuck.example')
          .catch((error: unknown) => error);
        for (let i = 0; i < 100 && (await waiting()) === 0; i++) await sleep(50);
        assert.equal(await waiting(), 1);
        const { anchor, landing, kept } = await next();
        const landed = client.landAnchor(anchor, landing);
        await sentUntil(kept, (sent) => sent.length > 1);
        await mining(landed);
        await rpc('evm_setAutomine', true);
        const [first, second] = kept();
        assert.equal(second?.nonce, (first?.nonce ?? 0) - 1);
        assert.equal(await counter(), anchor.counter);
        void stuck;
      });

      test('when another transaction took its nonce, it is sent under the next', async () => {
        const { anchor, landing, kept } = await next({ patienceMs: 60_000 });
        await rpc('evm_setAutomine', false);
        const landed = client.landAnchor(anchor, landing);
        await sentUntil(kept, (sent) => sent.length > 0);
        const [first] = kept();
        // By the same account, on a machine that knows nothing of ours.
        await compete(first);
        await rpc('evm_mine');
        await rpc('evm_setAutomine', true);
        const written = await landed;
        assert.equal(kept().at(-1)?.nonce, (first?.nonce ?? 0) + 1);
        assert.equal(written?.txHash, kept().at(-1)?.hash);
        assert.equal(await counter(), anchor.counter);
      });

      test('a node that dies on the way, and answers rubbish when it is back, is waited for', async () => {
        let state: 'well' | 'dead' | 'babbling' = 'well';
        let sends = 0;
        let keptBefore: readonly SentTransaction[] = [];
        const { anchor, landing, kept } = await next();
        const dying = await lyingNode(async (method, honest, response) => {
          if (state === 'dead') return void response.destroy();
          if (state === 'babbling') return '{"jsonrpc":"2.0"';
          if (!method.startsWith('eth_send') || sends++ > 0) return honest();
          keptBefore = kept();
          // The transaction goes out, and the answer is never heard.
          await honest();
          state = 'dead';
          setTimeout(() => (state = 'babbling'), 500);
          setTimeout(() => (state = 'well'), 1000);
          return void response.destroy();
        }, clients.chain.rpcUrl);
        try {
          const frail = await clients.connect(2, { ...connection, rpcUrl: dying.rpcUrl });
          await frail.landAnchor(anchor, landing);
          assert.equal(await counter(), anchor.counter);
          assert.equal(sends, 1, 'what landed is not sent again');
          assert.equal(keptBefore.length, 1, 'it is kept before it goes out');
        } finally {
          await dying.stop();
        }
      });

      test('when time is up it says so, and the next one goes on with what was sent', async () => {
        await rpc('evm_setAutomine', false);
        const { anchor, landing, kept } = await next({ waitMs: 700, patienceMs: 60_000 });
        await fails(client.landAnchor(anchor, landing), 'TRANSACTION_PENDING');
        const [sent, ...more] = kept();
        assert.deepEqual(more, []);
        await rpc('evm_setAutomine', true);
        await rpc('evm_mine');
        const written = await client.landAnchor(anchor, { ...landing, sent: kept() });
        assert.equal(written?.txHash, sent?.hash);
        assert.equal(await counter(), anchor.counter);
      });

      /** Over a node that answers in its place to what is sent, once or always. */
      async function answering(
        words: string,
        { always = false, sendsIt = false },
        work: (client: RegistryClient, sends: () => readonly bigint[]) => Promise<void>,
      ): Promise<void> {
        const fees: bigint[] = [];
        const refusing = await lyingNode(async (method, honest, _, [sent]) => {
          if (!method.startsWith('eth_send') || (!always && fees.length > 0)) return honest();
          const read = typeof sent === 'string' ? Transaction.from(sent) : (sent as { maxFeePerGas: string });
          fees.push(BigInt(read.maxFeePerGas ?? 0));
          if (sendsIt) await honest();
          return { jsonrpc: '2.0', id: 1, error: { code: -32000, message: words } };
        }, clients.chain.rpcUrl);
        try {
          await work(await clients.connect(2, { ...connection, rpcUrl: refusing.rpcUrl }), () => fees);
        } finally {
          await refusing.stop();
        }
      }

      test('a node that wants more than anybody in their senses offers is not given it', async () => {
        const { anchor, landing, kept } = await next({ waitMs: 1500, patienceMs: 60_000 });
        await answering('replacement transaction underpriced', { always: true }, async (dear, sends) => {
          await fails(dear.landAnchor(anchor, landing), 'TRANSACTION_PENDING');
          const [first = 0n, ...more] = sends();
          assert.ok(more.length > 3 && more.length < 20, `${more.length} more tries`);
          assert.ok(more.every((fee, at) => fee > (sends()[at] ?? 0n) && fee <= first * 17n));
          assert.deepEqual(kept(), [], 'what was refused was not sent');
        });
      });

      test('a node that has it already, or a nonce that went meanwhile, is no failure', async () => {
        for (const [words, sendsIt] of [
          ['already known', true],
          ['nonce too low: next nonce 9, tx nonce 8', false],
        ] as const) {
          const { anchor, landing } = await next();
          await answering(words, { sendsIt }, async (other) => {
            await other.landAnchor(anchor, landing);
            assert.equal(await counter(), anchor.counter);
          });
        }
      });

      test('a node that does not take it, for a reason that time does not mend, is heard', async () => {
        const { anchor, landing } = await next();
        await answering('transaction type not supported', { always: true }, async (other) => {
          await fails(other.landAnchor(anchor, landing), 'TRANSACTION_FAILED');
        });
      });

      test('what the contract refuses is refused, and not sent for ever', async () => {
        const { anchor, landing, kept } = await next();
        await fails(client.landAnchor({ ...anchor, revoked: 11 }, landing), 'REVERTED');
        assert.deepEqual(kept(), []);
      });

      async function waiting(): Promise<number> {
        const account = await client.sender();
        const count = async (tag: string): Promise<number> =>
          Number(await rpc('eth_getTransactionCount', account, tag));
        return (await count('pending')) - (await count('latest'));
      }

      async function compete(sent: SentTransaction | undefined): Promise<void> {
        const nonce = sent?.nonce ?? 0;
        const other = await clients.connect(2, connection);
        const [max, tip] = [BigInt(sent?.max ?? 0) * 2n, BigInt(sent?.tip ?? 0) * 2n];
        const past = (await counter()) + 1;
        const others = { issuerId, list: 'name:other', root: Buffer.alloc(32, 1), counter: past };
        await other
          .landAnchor(
            { ...others, length: 1, revoked: 0, final: false },
            {
              // As if it had sent with half of these fees already, long ago.
              sent: [{ nonce, at: 0, max: String(max), tip: String(tip) }],
              record: async () => undefined,
              landed: async () => false,
              patienceMs: 1,
              waitMs: 0,
            },
          )
          .catch((error: unknown) => assert.equal((error as { code: string }).code, 'TRANSACTION_PENDING'));
      }
    });
  }
}

test('pauses grow and are never all alike', () => {
  const pauses = Array.from({ length: 200 }, () => pauseAfter(3, 100, 10_000));
  assert.ok(pauses.every((pause) => pause >= 400 && pause <= 1200));
  assert.ok(new Set(pauses).size > 1);
  assert.ok(pauseAfter(1000, 100, 10_000) <= 15_000);
});
