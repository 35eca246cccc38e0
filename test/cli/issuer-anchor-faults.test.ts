import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NODES } from '../contracts/clients.ts';
import { type Answer, lyingNode } from '../contracts/rpc-stub.ts';
import { type AnchoringFixture, startAnchoring } from './anchoring-fixture.ts';

const PRATIQUE = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

for (const { node, start } of NODES) {
  describe(`an issuer's anchors under fault, on ${node}`, () => {
    let fixture: AnchoringFixture;
    /** How many anchors there are to be. */
    let anchors = 0;
    before(async () => {
      fixture = await startAnchoring(start);
      const { lists } = await fixture.anchor();
      assert.deepEqual([lists[0]?.outcome, lists[0]?.counter], ['anchored', ++anchors]);
    });
    after(() => fixture.stop());

    /** Transactions of the account that wait for a block. */
    const pending = async (): Promise<number> => {
      const account = await fixture.client.sender();
      const count = async (tag: string): Promise<number> =>
        Number(await fixture.rpc('eth_getTransactionCount', account, tag));
      return (await count('pending')) - (await count('latest'));
    };

    test('a transaction that hangs is replaced by one that offers more, and one counter is used', async () => {
      const { rpc, anchor, revokeOne, assertSound } = fixture;
      await revokeOne();
      await rpc('evm_setAutomine', false);
      const running = anchor();
      for (let i = 0; i < 100 && (await pending()) === 0; i++) await sleep(50);
      await rpc('hardhat_setNextBlockBaseFeePerGas', `0x${20_000_000_000n.toString(16)}`);
      await rpc('evm_mine');
      await sleep(1500);
      await rpc('evm_setAutomine', true);
      await rpc('evm_mine');
      const { lists } = await running;
      assert.equal(lists[0]?.counter, ++anchors);
      await assertSound(anchors);
    });

    test('what was on its way when time was up goes on as it was; what was revoked since comes after it', async () => {
      const { rpc, anchor, revokeOne, assertSound, logged } = fixture;
      await revokeOne();
      await rpc('evm_setAutomine', false);
      for (let runs = 0; runs < 2; runs++) {
        await assert.rejects(anchor({ wait: 0.5, replaceAfter: 60 }), { code: 'TRANSACTION_PENDING' });
        assert.equal(await pending(), 1, 'what waits is known, and not sent again');
      }
      const { failing } = await fixture.open(async ({ anchoring }) =>
        Promise.resolve(anchoring.standing.now),
      );
      assert.equal(failing?.code, 'TRANSACTION_PENDING');
      // A card is revoked, as long as the list that is on its way leaves room for it.
      await revokeOne();
      await rpc('evm_setAutomine', true);
      await rpc('evm_mine');
      await anchor();
      anchors += 2;
      assert.deepEqual(
        (await logged()).slice(-2).map(({ revoked }) => revoked),
        [2, 3],
      );
      await assertSound(anchors);
      const standing = await fixture.open(async ({ anchoring }) => Promise.resolve(anchoring.standing.now));
      assert.equal(standing.failing, undefined);
    });

    test('an anchor that a reorganisation took comes back as it was, then what is new', async () => {
      const { rpc, anchor, revokeOne, assertSound, logged, kid } = fixture;
      const snapshot = await rpc('evm_snapshot');
      await revokeOne();
      await anchor();
      const lost = (await logged()).at(-1);
      assert.equal(lost?.counter, anchors + 1);
      // The list's block, and that of the audit log's anchor behind it.
      if (node === 'anvil') await rpc('anvil_reorg', 2, []);
      else await rpc('evm_revert', snapshot);
      assert.equal((await logged()).length, anchors, 'the chain has lost it');

      await revokeOne();
      const { lists } = await anchor();
      assert.deepEqual([lists[0]?.receded, lists[0]?.counter], [true, anchors + 2]);
      assert.deepEqual((await logged()).at(-2), lost);
      anchors += 2;
      await assertSound(anchors);
      await fixture.open(async (issuer) => {
        assert.equal(issuer.roomOf(kid).short, false);
        return Promise.resolve();
      });
    });

    const killedAt: readonly (readonly [string, RegExp, 'asked' | 'answered'])[] = [
      ['before its transaction goes out', /^eth_send/, 'asked'],
      ['when its transaction is out, and the answer not heard', /^eth_send/, 'answered'],
      ['when its transaction is in a block, and that not recorded', /^eth_getTransactionReceipt$/, 'asked'],
    ];
    for (const [when, method, moment] of killedAt) {
      test(`killed ${when}, the next run goes on with the same counter`, async () => {
        const { anchor, revokeOne, assertSound } = fixture;
        await revokeOne();
        await anchorUntilKilled(fixture, async (called, honest, kill) => {
          if (!method.test(called)) return honest();
          if (moment === 'answered') await honest();
          kill();
          return undefined;
        });
        await anchor();
        await assertSound(++anchors);
        const { lists } = await anchor();
        assert.equal(lists[0]?.outcome, 'unchanged');
      });
    }
  });
}

/** `pratique issuer anchor` over a node that kills it when told. */
async function anchorUntilKilled(
  { clients, dir, out, secret }: AnchoringFixture,
  answer: (method: string, honest: () => Promise<unknown>, kill: () => void) => Promise<unknown>,
): Promise<void> {
  let kill = (): void => undefined;
  const deadly: Answer = async (method, honest, response) =>
    answer(method, honest, () => {
      kill();
      response.destroy();
    });
  const node = await lyingNode(deadly, clients.chain.rpcUrl);
  try {
    const options = ['--dir', dir, '--out', out, '--passphrase-file', secret, '--account', '2'];
    const args = [PRATIQUE, 'issuer', 'anchor', ...options, '--rpc', node.rpcUrl];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    kill = () => void child.kill('SIGKILL');
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL');
  } finally {
    await node.stop();
  }
}
