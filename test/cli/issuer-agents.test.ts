import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { IssuerError } from '../../agent/issuer-error.ts';
import { joinStore } from '../../agent/store-making.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { decodeCompactList } from '../../credential/compact-list.ts';
import { MAX_LIST_BITS } from '../../verifier/pipeline/status-data.ts';
import { newDatabase, ownPostgres } from '../agent/store/places.ts';
import { startAnvil } from '../support/anvil.ts';
import { run } from '../support/cli.ts';
import { withoutPostgres } from '../support/postgres.ts';
import { type AnchoringFixture, startAnchoring } from './anchoring-fixture.ts';

const PRATIQUE = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));
const PATIENCE_MS = 60_000;

interface Server {
  readonly child: ChildProcess;
  readonly out: string;
  /** What it is, as it last said. */
  readonly standing: () => string | undefined;
  readonly said: () => string;
}

describe('two agents that serve over one database', { skip: withoutPostgres }, () => {
  let fixture: AnchoringFixture;
  let database: string;
  const servers: Server[] = [];
  before(async () => {
    database = await newDatabase();
    fixture = await startAnchoring(startAnvil, { database });
  });
  afterEach(() => {
    for (const { child } of servers.splice(0)) child.kill('SIGKILL');
  });
  after(async () => {
    await fixture.stop();
    await (await ownPostgres()).end();
  });

  /** Starts an agent with a folder of its own, and waits until it knows what it is. */
  async function serve(name: string): Promise<Server> {
    const { folder, secret, clients } = fixture;
    const [dir, out] = [join(folder, name), join(folder, `${name}.public`)];
    await joinStore(dir, await readFile(secret, 'utf8'), database);
    const chain = ['--account', '2', '--rpc', clients.chain.rpcUrl, '--every', '1s'];
    const words = [
      '--dir',
      dir,
      '--passphrase-file',
      secret,
      '--out',
      out,
      '--port',
      '0',
      '--json',
      ...chain,
    ];
    const child = spawn(process.execPath, [PRATIQUE, 'issuer', 'serve', ...words], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let [said, standing] = ['', undefined as string | undefined];
    createInterface({ input: child.stderr }).on('line', (line) => {
      said += `${line}\n`;
      const [, event] = /"event":"(leading|following|cut-off)"/.exec(line) ?? [];
      standing = event ?? standing;
    });
    const server = { child, out, standing: () => standing, said: () => said };
    servers.push(server);
    await until(() => standing !== undefined, server);
    return server;
  }

  async function until(what: () => boolean | Promise<boolean>, ...told: readonly Server[]): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await what())) {
      assert.ok(Date.now() < deadline, told.map(({ said }) => said()).join('\n---\n'));
      await sleep(50);
    }
  }

  /** The counter of the list that an agent hands out to venues. */
  async function handedOut({ out }: Server): Promise<number> {
    const bytes = await readFile(join(out, 'status', `${fixture.kid}.list`)).catch(() => undefined);
    return bytes === undefined ? 0 : decodeCompactList(bytes, { maxBits: MAX_LIST_BITS }).counter;
  }

  async function anchored(): Promise<number> {
    return (await fixture.logged()).length;
  }

  /** Revokes something until an anchor of the list waits for a block; answers how many are in blocks. */
  async function untilSent(leader: Server): Promise<number> {
    const { rpc, kid } = fixture;
    const isWaiting = async (): Promise<boolean> => {
      const pending = (await rpc('eth_getBlockByNumber', 'pending', true)) as {
        transactions: readonly { readonly input: string }[];
      };
      const ours = pending.transactions.some(({ input }) => input.includes(encodeKid(kid).slice(2)));
      // Another one is the anchor of the audit log, which is waited for first.
      if (!ours && pending.transactions.length > 0) await rpc('evm_mine');
      return ours;
    };
    for (;;) {
      const held = await anchored();
      await fixture.revokeOne();
      await until(async () => (await isWaiting()) || (await anchored()) > held, leader);
      if (await isWaiting()) return held;
    }
  }

  async function assertNoGap(counters: number): Promise<void> {
    assert.deepEqual(
      (await fixture.logged()).map(({ counter }) => counter),
      Array.from({ length: counters }, (_, at) => at + 1),
    );
  }

  test('one anchors what any of them revoked, and the other hands out the same list', async () => {
    const [leader, other] = [await serve('one'), await serve('two')];
    assert.deepEqual([leader.standing(), other.standing()], ['leading', 'following']);
    await until(async () => (await handedOut(leader)) === 1 && (await handedOut(other)) === 1, leader, other);
    await fixture.revokeOne();
    await until(async () => (await handedOut(leader)) === 2 && (await handedOut(other)) === 2, leader, other);
    assert.equal((await fixture.logged()).at(-1)?.revoked, 1);
    await assertNoGap(2);
    assert.doesNotMatch(other.said(), /"event":"anchored"/);
  });

  test('a leader that is killed is followed by the other, which leaves no counter out and takes none twice', async () => {
    const [leader, other] = [await serve('three'), await serve('four')];
    assert.deepEqual([leader.standing(), other.standing()], ['leading', 'following']);
    const held = await anchored();
    leader.child.kill('SIGKILL');
    await fixture.revokeOne();
    await until(() => other.standing() === 'leading', other);
    await until(async () => (await anchored()) === held + 1, other);
    await assertNoGap(held + 1);
  });

  for (const [signal, what] of [
    ['SIGKILL', 'is killed'],
    ['SIGSTOP', 'stands still'],
  ] as const) {
    test(`a leader that ${what} while its transaction is in no block yet: the other sees it through, and nothing comes twice`, async () => {
      const [leader, other] = [await serve(`${signal}-one`), await serve(`${signal}-two`)];
      const { rpc } = fixture;
      await rpc('evm_setAutomine', false);
      const held = await untilSent(leader);
      leader.child.kill(signal);
      await fixture.revokeOne();
      await until(() => other.standing() === 'leading', other);
      await rpc('evm_setAutomine', true);
      await rpc('evm_mine');
      await until(async () => (await anchored()) === held + 2, other);
      if (signal === 'SIGSTOP') {
        leader.child.kill('SIGCONT');
        await until(() => leader.standing() === 'following', leader);
      }
      await fixture.revokeOne();
      await until(async () => (await handedOut(other)) === held + 3, other, leader);
      await assertNoGap(held + 3);
    });
  }

  test('whoever has lost the turn sends nothing more, and the next run goes on with the same counter', async () => {
    const { client, rpc } = fixture;
    const sent = async (): Promise<unknown> =>
      rpc('eth_getTransactionCount', await client.sender(), 'pending');
    await fixture.anchor();
    const [held, nonce] = [await anchored(), await sent()];
    await fixture.revokeOne();
    let asked = 0;
    const assertTurn = async (): Promise<void> => {
      // Before it is kept what is to be sent, and again right held it is sent.
      if (++asked === 2) throw new IssuerError('ANCHORING_ELSEWHERE', 'Lost.');
    };
    await assert.rejects(fixture.anchor({ assertTurn }), { code: 'ANCHORING_ELSEWHERE' });
    assert.deepEqual([asked, await sent(), await anchored()], [2, nonce, held]);
    await fixture.anchor();
    await assertNoGap(held + 1);
  });

  test('by hand it is anchored in turn with the leader', async () => {
    const leader = await serve('nine');
    const held = await anchored();
    const { dir, secret, out, clients } = fixture;
    const chain = ['--account', '2', '--rpc', clients.chain.rpcUrl];
    const words = ['--dir', dir, '--passphrase-file', secret, '--out', out, '--room', '5000', ...chain];
    const { status, stderr } = await run('pratique', ['issuer', 'anchor', ...words], { cwd: fixture.folder });
    assert.equal(status, 0, stderr);
    await until(async () => (await handedOut(leader)) === held + 1, leader);
    await assertNoGap(held + 1);
  });
});
