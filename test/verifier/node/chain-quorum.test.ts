import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { agreeOnRegistry } from '../../../verifier/node/chain-quorum.ts';
import type { ChainAgreement, Pin } from '../../../verifier/node/chain-quorum.ts';
import { type Answer, lyingNode, result } from '../../contracts/rpc-stub.ts';
import { FAULTS, HASH, onMethod, refusal, SILENT } from './endpoint-faults.ts';
import { CLIENTS, type Client } from '../../contracts/nodes.ts';
import { type Ledger, startLedger } from '../../contracts/ledger.ts';

const TIMEOUT_MS = 700;
for (const client of CLIENTS) describe(`a registry on ${client}`, () => faultsOn(client));

function faultsOn(client: Client): void {
  let ledger: Ledger;
  before(async () => {
    ledger = await startLedger({ client });
    await ledger.openJurisdiction();
  });
  after(() => ledger.stop());

  /** Asks honest endpoints and lying ones, told apart by their ports. */
  const ask = async (
    liars: readonly Answer[],
    { honest = 2, pin, quorum }: { honest?: number; pin?: Pin; quorum?: number } = {},
  ): Promise<{ agreement: ChainAgreement; hosts: readonly string[] }> => {
    const mirror: Answer = async (_method, truth) => truth();
    const nodes = await Promise.all(
      [...liars, ...Array.from({ length: honest }, () => mirror)].map((answer) =>
        lyingNode(answer, ledger.rpcUrl),
      ),
    );
    try {
      const rpcUrls = nodes.map(({ rpcUrl }) => rpcUrl);
      const policy = { rpcUrls, quorum, confirmations: 0, timeoutMs: TIMEOUT_MS };
      const agreement = await agreeOnRegistry(policy, ledger.registry, pin);
      return { agreement, hosts: rpcUrls.map((rpcUrl) => new URL(rpcUrl).host) };
    } finally {
      await Promise.all(nodes.map(({ stop }) => stop()));
    }
  };

  test('one endpoint is a quorum of one', async () => {
    const { agreement } = await ask([], { honest: 1 });
    const [head, size] = await ledger.view('logHead');
    assert.deepEqual([agreement.final.head, agreement.final.size], [head, Number(size)]);
    assert.equal(agreement.chainId, ledger.chainId);
    assert.deepEqual(agreement.faults, []);
  });

  for (const [what, code, liar] of FAULTS) {
    test(`an endpoint that ${what} is named ${code} and changes nothing`, async () => {
      const { agreement: honest } = await ask([]);
      const { agreement, hosts } = await ask([liar]);
      assert.deepEqual(agreement.faults, [{ endpoint: hosts[0], code }]);
      assert.deepEqual({ ...agreement.final, rpcUrls: [] }, { ...honest.final, rpcUrls: [] });
      assert.equal(agreement.final.rpcUrls.length, 2);
    });
  }

  // Two that lie alike are a majority: of that nothing but the choice of endpoints protects.
  for (const [what, code, liar] of FAULTS.filter(([, fault]) => SILENT.has(fault))) {
    test(`two of three that ${what}: no quorum, each ${code}, and no answer`, async () => {
      await assert.rejects(ask([liar, liar], { honest: 1 }), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'QUORUM_MISSING');
        assert.equal(error.message.split(code).length, 3, error.message);
        return true;
      });
    });
  }

  test('what an endpoint does that stands alone is said in words of its own', async () => {
    const codes = { UNREACHABLE: /^CHAIN_UNAVAILABLE$/, ANSWER_INVALID: /^CHAIN_ANSWER_/ } as const;
    for (const [, code, liar] of FAULTS.filter(([, fault]) => Object.hasOwn(codes, fault))) {
      await assert.rejects(ask([liar], { honest: 0 }), { code: codes[code as keyof typeof codes] });
    }
    const pin = { chainId: 1, codeHash: HASH };
    await assert.rejects(ask([], { honest: 1, pin }), { code: 'WRONG_CHAIN' });
  });

  test('two that tell different things are no quorum, whichever is right', async () => {
    const [, , liar] = FAULTS.find(([, code]) => code === 'HEAD_DIFFERS') ?? [];
    assert.ok(liar);
    await assert.rejects(ask([liar], { honest: 1 }), { code: 'QUORUM_MISSING' });
  });

  test('the quorum can be all of them', async () => {
    assert.equal((await ask([], { honest: 3, quorum: 3 })).agreement.final.rpcUrls.length, 3);
    const [[, , liar] = []] = FAULTS;
    assert.ok(liar);
    await assert.rejects(ask([liar], { honest: 2, quorum: 3 }), { code: 'QUORUM_MISSING' });
  });

  test('one endpoint named twice counts once', async () => {
    const node = await lyingNode(
      onMethod('eth_call', () => result(`${HASH}${'0'.repeat(63)}1`)),
      ledger.rpcUrl,
    );
    try {
      const rpcUrls = [node.rpcUrl, node.rpcUrl, ledger.rpcUrl];
      const policy = { rpcUrls, confirmations: 0, timeoutMs: TIMEOUT_MS };
      await assert.rejects(agreeOnRegistry(policy, ledger.registry, undefined), { code: 'QUORUM_MISSING' });
    } finally {
      await node.stop();
    }
  });

  test('one endpoint spelled in several ways counts once', async () => {
    const node = await lyingNode(
      onMethod('eth_call', () => result(`${HASH}${'0'.repeat(63)}1`)),
      ledger.rpcUrl,
    );
    try {
      for (const other of ['/', '#x', '/#', '//']) {
        const spelled = other === '//' ? node.rpcUrl.replace('http:', 'HTTP:') : `${node.rpcUrl}${other}`;
        const policy = { rpcUrls: [node.rpcUrl, spelled, ledger.rpcUrl], confirmations: 0 };
        await assert.rejects(agreeOnRegistry(policy, ledger.registry, undefined), { code: 'QUORUM_MISSING' });
      }
    } finally {
      await node.stop();
    }
  });

  test('an endpoint that is too busy to say what is final is not counted, and finality not lowered for it', async () => {
    for (let block = 0; block < 20; block++) await ledger.rpc('evm_mine');
    const busy: Answer = async (method, honest, _response, [tag]) =>
      method === 'eth_getBlockByNumber' && tag === 'finalized' ? refusal(-32_005) : honest();
    const node = await lyingNode(busy, ledger.rpcUrl);
    try {
      const rpcUrls = [node.rpcUrl];
      await assert.rejects(agreeOnRegistry({ rpcUrls }, ledger.registry, undefined), {
        code: 'CHAIN_UNAVAILABLE',
      });
    } finally {
      await node.stop();
    }
  });

  test('one that claims blocks which nobody has, beside one that is a block behind, hides nothing that is newer', async () => {
    const latest = Number(await ledger.rpc<string>('eth_blockNumber'));
    const tip =
      (number: number): Answer =>
      async (method, honest, _response, [tag]) => {
        const answer = (await honest()) as { result: object | null };
        if (method !== 'eth_getBlockByNumber') return answer;
        if (tag === 'latest') return result({ ...answer.result, number: `0x${number.toString(16)}` });
        return typeof tag === 'string' && Number(tag) > latest ? result(null) : answer;
      };
    const nodes = await Promise.all(
      [tip(0xffffff), tip(latest - 1), tip(latest)].map((answer) => lyingNode(answer, ledger.rpcUrl)),
    );
    try {
      const policy = { rpcUrls: nodes.map(({ rpcUrl }) => rpcUrl), confirmations: 3, timeoutMs: TIMEOUT_MS };
      const { final, newest } = await agreeOnRegistry(policy, ledger.registry, undefined);
      assert.ok(newest !== undefined && newest.block.number >= latest - 1, `${newest?.block.number}`);
      assert.ok(final.block.number < newest.block.number);
    } finally {
      await Promise.all(nodes.map(({ stop }) => stop()));
    }
  });

  test('another chain or other code than was pinned is not agreed on, however many tell it', async () => {
    const { agreement } = await ask([]);
    const { chainId, final } = agreement;
    const pin = { chainId, codeHash: final.codeHash };
    assert.equal((await ask([], { pin })).agreement.final.head, final.head);
    for (const other of [
      { ...pin, chainId: 1 },
      { ...pin, codeHash: HASH },
    ]) {
      await assert.rejects(ask([], { pin: other }), { code: 'QUORUM_MISSING' });
    }
  });

  test('where the registry is younger than what the chain calls final, the answer says what to do', async () => {
    const policy = { rpcUrls: [ledger.rpcUrl], confirmations: 1_000 };
    await assert.rejects(agreeOnRegistry(policy, ledger.registry, undefined), {
      code: 'NO_REGISTRY',
      message: /--confirmations/,
    });
  });

  test('a block is final when the chain says so, or after as many blocks as are asked for', async () => {
    for (let block = 0; block < 5; block++) await ledger.rpc('evm_mine');
    const latest = Number(await ledger.rpc<string>('eth_blockNumber'));
    const finalAt = async (confirmations?: number): Promise<number> => {
      const policy = { rpcUrls: [ledger.rpcUrl], confirmations };
      return (await agreeOnRegistry(policy, ledger.registry, undefined)).final.block.number;
    };
    assert.deepEqual([await finalAt(0), await finalAt(3)], [latest, latest - 3]);
  });
}
