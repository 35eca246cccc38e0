import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readLogs } from '../../contracts/event-reader.ts';
import { readAnchors, readRegistry } from '../../contracts/log-reader.ts';
import { RegistryError, type RegistryCode } from '../../contracts/registry-error.ts';
import { logGenesis, nextHead } from '../../verifier/pipeline/registry-log.ts';
import { newKey } from '../support/cards.ts';
import { type Ledger, startLedger, word } from './ledger.ts';
import { type Answer, lyingNode, result } from './rpc-stub.ts';

describe('reading the log from a real node', () => {
  let ledger: Ledger;
  let issuer: bigint;
  before(async () => {
    // Hardhat's node makes thousands of blocks in no time.
    ledger = await startLedger({ client: 'hardhat' });
    issuer = await ledger.registerIssuer();
    await ledger.send(ledger.governor, 'beginDefaultAdminTransfer', ledger.accreditor);
    await ledger.registerKey(newKey(), issuer);
    const list = { issuerId: issuer, list: word('list'), root: word('root') };
    const counts = { counter: 1, length: 10, revoked: 3, isFinal: true };
    await ledger.send(ledger.controller, 'anchor', { ...list, ...counts });
  });
  after(() => ledger.stop());

  test('the logs are the log events alone, in order, and lead to the head at that block', async () => {
    const { rpcUrl, registry, chainId } = ledger;
    const reading = await readRegistry(rpcUrl, registry, { expectedChainId: chainId });
    assert.equal(reading.chainId, chainId);
    assert.equal(reading.size, 3);
    assert.equal(reading.logs.length, 3);
    assert.equal(reading.logs.reduce(nextHead, logGenesis(chainId, registry)), reading.head);
    const block = await ledger.rpc<{ number: string; hash: string; timestamp: string }>(
      'eth_getBlockByNumber',
      'latest',
      false,
    );
    const { number, hash, timestamp } = block;
    assert.deepEqual(reading.block, { number: Number(number), hash, time: Number(timestamp) });
  });

  test('anchors come in the order asked, an unknown one as nothing, with head and size at the same block', async () => {
    const { rpcUrl, registry } = ledger;
    const { block, head, size } = await readRegistry(rpcUrl, registry);
    const refs = ['nothing', 'list'].map((name) => ({ issuerId: Number(issuer), list: word(name) }));
    const read = await readAnchors(rpcUrl, registry, refs, block.number);
    assert.deepEqual([read.head, read.size], [head, size]);
    const nothing = { root: `0x${'0'.repeat(64)}`, counter: 0, length: 0, revoked: 0, time: 0, final: false };
    assert.deepEqual(read.anchors, [
      nothing,
      { root: word('root'), counter: 1, length: 10, revoked: 3, time: block.time, final: true },
    ]);
    assert.deepEqual((await readAnchors(rpcUrl, registry, [], block.number)).anchors, []);
    await fails(readAnchors(rpcUrl, registry, [], 0), 'NO_REGISTRY');
  });

  test('more anchors than one call carries are read in several', async () => {
    const { rpcUrl, registry } = ledger;
    const { block } = await readRegistry(rpcUrl, registry);
    const refs = Array.from({ length: 1001 }, (_, i) => ({
      issuerId: Number(issuer),
      list: word(i === 1000 ? 'list' : `list ${i}`),
    }));
    const { anchors } = await readAnchors(rpcUrl, registry, refs, block.number);
    assert.deepEqual([anchors.length, anchors.at(-1)?.counter], [1001, 1]);

    let calls = 0;
    const node = await lyingNode(async (method, honest) => {
      const answer = (await honest()) as { result: string };
      calls += method === 'eth_call' ? 1 : 0;
      // The first word of the last answer is the head.
      return calls === 4 ? result(answer.result.replace(/^0x.{64}/, word('another head'))) : answer;
    }, rpcUrl);
    try {
      await fails(readAnchors(node.rpcUrl, registry, refs, block.number), 'CHAIN_ANSWER_INVALID');
    } finally {
      await node.stop();
    }
  });

  test('an anchor with a count that no registry holds is refused, or it would outlive every honest one', async () => {
    const { rpcUrl, registry } = ledger;
    const { block } = await readRegistry(rpcUrl, registry);
    const refs = [{ issuerId: Number(issuer), list: word('list') }];
    // Head, size, offset and count come first, then the root; the counter is the sixth word.
    const counter = /^(0x.{320}).{64}/;
    for (const large of ['f'.repeat(16).padStart(64, '0'), 'f'.repeat(64)]) {
      const node = await lyingNode(async (method, honest) => {
        const answer = (await honest()) as { result: string };
        const long = method === 'eth_call' && answer.result.length > 64 * 8;
        return long ? result(answer.result.replace(counter, `$1${large}`)) : answer;
      }, rpcUrl);
      try {
        await fails(readAnchors(node.rpcUrl, registry, refs, block.number), 'CHAIN_ANSWER_INVALID');
      } finally {
        await node.stop();
      }
    }
  });

  test('another chain, and an address where no registry lives, are refused', async () => {
    const { rpcUrl, registry, stranger } = ledger;
    await fails(readRegistry(rpcUrl, registry, { expectedChainId: 1 }), 'WRONG_CHAIN');
    await fails(readRegistry(rpcUrl, stranger), 'NO_REGISTRY');
    await fails(readRegistry(rpcUrl, '0x1234'), 'ARGUMENT_INVALID');
    // A contract that is not a registry: `PUSH0 PUSH0 REVERT`, and one that returns nothing: `STOP`.
    for (const code of ['0x5f5ffd', '0x00']) {
      const other = `0x${'ab'.repeat(20)}`;
      await ledger.rpc('hardhat_setCode', other, code);
      await fails(readRegistry(rpcUrl, other), 'NO_REGISTRY');
    }
  });

  test('logs that a node leaves out, swaps or makes up do not lead to the head', async () => {
    const { rpcUrl, registry, chainId } = ledger;
    type Logs = { topics: string[]; data: string }[];
    for (const lie of [
      (logs: Logs) => logs.slice(1),
      (logs: Logs) => logs.slice(0, -1),
      () => [],
      (logs: Logs) => logs.map((log, i) => (i === 1 ? { ...log, data: `${log.data}00` } : log)),
    ]) {
      const node = await lyingNode(async (method, honest) => {
        const answer = (await honest()) as { result: Logs };
        return method === 'eth_getLogs' ? result(lie(answer.result)) : answer;
      }, rpcUrl);
      try {
        const { logs, head } = await readRegistry(node.rpcUrl, registry);
        assert.notEqual(logs.reduce(nextHead, logGenesis(chainId, registry)), head);
      } finally {
        await node.stop();
      }
    }
  });

  test('logs out of order, of another contract or of a wrong shape are refused at once', async () => {
    const { rpcUrl, registry, stranger } = ledger;
    type Logs = Record<string, unknown>[];
    const lies: ((logs: Logs) => unknown)[] = [
      (logs) => logs.toReversed(),
      (logs) => [...logs, ...logs.slice(-1)],
      (logs) => logs.map((log) => ({ ...log, address: stranger })),
      (logs) => logs.map((log) => ({ ...log, topics: ['0x1234'] })),
      (logs) => logs.map((log) => ({ ...log, data: 'data' })),
      (logs) => logs.map((log) => ({ ...log, blockNumber: null })),
      (logs) => logs.map((log) => ({ ...log, logIndex: '0xffffffffffffffff' })),
      () => [null],
      () => ({}),
    ];
    for (const lie of lies) {
      await refused(
        async (method, honest) => {
          const answer = (await honest()) as { result: Logs };
          return method === 'eth_getLogs' ? result(lie(answer.result)) : answer;
        },
        'CHAIN_ANSWER_INVALID',
        { rpcUrl, registry },
      );
    }
  });

  test('a node that gives a thousand blocks of logs at a time is read to the end, in order', async () => {
    const { rpcUrl, registry, chainId } = ledger;
    // The first events stand in the first blocks, the last thousands of blocks behind them.
    await ledger.rpc('hardhat_mine', '0x1388');
    await ledger.registerKey(newKey(), issuer);
    await ledger.rpc('hardhat_mine', '0x7d0');
    for (const status of [200, 400]) {
      const asked: number[] = [];
      const node = await lyingNode(async (method, honest, response, params) => {
        if (method !== 'eth_getLogs') return honest();
        const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
        asked.push(Number(toBlock) - Number(fromBlock) + 1);
        if (Number(toBlock) - Number(fromBlock) < 1000) return honest();
        response.statusCode = status;
        return {
          jsonrpc: '2.0',
          id: 1,
          error: { code: -32_005, message: 'query exceeds max block range 1000' },
        };
      }, rpcUrl);
      try {
        const { logs, head, block } = await readRegistry(node.rpcUrl, registry);
        assert.equal(logs.reduce(nextHead, logGenesis(chainId, registry)), head);
        const served = asked.filter((blocks) => blocks <= 1000);
        assert.equal(
          served.reduce((sum, blocks) => sum + blocks),
          block.number + 1,
        );
        assert.equal(asked.length, 2 * served.length - 1);
      } finally {
        await node.stop();
      }
    }
  });

  test('events of other topics are passed over', async () => {
    const { rpcUrl, registry, chainId } = ledger;
    const node = await lyingNode(async (method, honest) => {
      const answer = (await honest()) as { result: object[] };
      if (method !== 'eth_getLogs') return answer;
      const [first] = answer.result;
      return result([{ ...first, topics: [word('RoleGranted')], blockNumber: '0x0' }, ...answer.result]);
    }, rpcUrl);
    try {
      const { logs, head } = await readRegistry(node.rpcUrl, registry);
      assert.equal(logs.reduce(nextHead, logGenesis(chainId, registry)), head);
    } finally {
      await node.stop();
    }
  });

  test('other events are read where they are asked for, and nothing that a node slips in', async () => {
    const { rpcUrl, registry } = ledger;
    const topic = word('RevocationAnchored(uint64,bytes32,address,bytes32,uint64,uint64,uint64,bool)');
    const { block } = await readRegistry(rpcUrl, registry);
    const range = { from: 0, to: block.number };
    const [anchored, ...more] = await readLogs(rpcUrl, registry, range, {
      topics: [[topic], null, word('list')],
    });
    assert.deepEqual([anchored?.topics[2], more], [word('list'), []]);
    const other = { topics: [[topic], null, word('other')] } as const;
    assert.deepEqual(await readLogs(rpcUrl, registry, range, other), []);

    const node = await lyingNode(async (method, honest) => {
      const answer = (await honest()) as { result: object[] };
      if (method !== 'eth_getLogs') return answer;
      const strange = answer.result.map((log) => ({ ...log, topics: [word('other')], logIndex: '0xff' }));
      return result([...answer.result, ...strange]);
    }, rpcUrl);
    try {
      assert.equal((await readLogs(node.rpcUrl, registry, range, { topics: [[topic]] })).length, 1);
    } finally {
      await node.stop();
    }
  });

  test('a reader that is in a hurry gives up after as many requests as it says', async () => {
    const { rpcUrl, registry } = ledger;
    const node = await lyingNode(
      (method, honest) =>
        method === 'eth_getLogs'
          ? { jsonrpc: '2.0', id: 1, error: { code: -32_005, message: 'too long' } }
          : honest(),
      rpcUrl,
    );
    try {
      const range = { from: 0, to: 1000 };
      await fails(readLogs(node.rpcUrl, registry, range, { maxRequests: 3 }), 'CHAIN_UNAVAILABLE');
    } finally {
      await node.stop();
    }
  });
});

describe('reading from what is no node', () => {
  test('nobody there, and an address that is none', async () => {
    const registry = `0x${'11'.repeat(20)}`;
    await fails(readRegistry('http://127.0.0.1:1', registry), 'CHAIN_UNAVAILABLE');
    for (const url of ['', 'localhost', 'ftp://127.0.0.1', 'file:///etc/passwd']) {
      await fails(readRegistry(url, registry), 'ARGUMENT_INVALID');
    }
  });

  const answers: [title: string, answer: Answer, code: RegistryCode][] = [
    ['HTTP 500', (_m, _h, response) => end(response, 500, '{}'), 'CHAIN_UNAVAILABLE'],
    ['HTTP 401', (_m, _h, response) => end(response, 401, ''), 'CHAIN_UNAVAILABLE'],
    [
      'a redirect',
      (_m, _h, response) => end(response.setHeader('location', '/x'), 302, ''),
      'CHAIN_UNAVAILABLE',
    ],
    ['a connection that breaks', (_m, _h, response) => void response.destroy(), 'CHAIN_UNAVAILABLE'],
    ['no answer at all', () => undefined, 'CHAIN_UNAVAILABLE'],
    ['an answer that never ends', (_m, _h, response) => void response.write('{'), 'CHAIN_UNAVAILABLE'],
    ['a refusal', () => ({ error: { code: -32601, message: 'no such method' } }), 'CHAIN_UNAVAILABLE'],
    ['a web page', () => '<!doctype html>', 'CHAIN_ANSWER_INVALID'],
    ['nothing', () => '', 'CHAIN_ANSWER_INVALID'],
    ['half of JSON', () => '{"result":', 'CHAIN_ANSWER_INVALID'],
    ['JSON of another kind', () => '[]', 'CHAIN_ANSWER_INVALID'],
    ['a number as chain id', () => result(31337), 'CHAIN_ANSWER_INVALID'],
    ['a chain id too large', () => result('0xffffffffffffffff'), 'CHAIN_ANSWER_INVALID'],
    ['no block', (method) => result(method === 'eth_chainId' ? '0x1' : null), 'CHAIN_ANSWER_INVALID'],
  ];
  for (const [title, answer, code] of answers) {
    test(`${title} is ${code}`, async () => {
      await refused(answer, code, { registry: `0x${'11'.repeat(20)}` });
    });
  }

  test('an answer larger than any log is not read to its end', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(8 * 1024 * 1024, 0x20);
    const node = await lyingNode((_method, _honest, response) => {
      const more = (): void => {
        sent += chunk.length;
        if (sent < 1024 * 1024 * 1024 && !response.destroyed) response.write(chunk, more);
      };
      more();
    });
    try {
      await fails(readRegistry(node.rpcUrl, `0x${'11'.repeat(20)}`), 'CHAIN_ANSWER_TOO_LARGE');
      assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were sent`);
    } finally {
      await node.stop();
    }
  });

  test('a node that refuses every log, or all but one block at a time, is not asked for ever', async () => {
    for (const [blocks, most] of [
      [0, 30],
      [1, 10_000],
    ] as const) {
      let requests = 0;
      const stub = async (_url: unknown, init?: { body?: unknown }): Promise<Response> => {
        requests += 1;
        const { params } = JSON.parse(String(init?.body)) as {
          params: [Record<'fromBlock' | 'toBlock', string>];
        };
        const span = Number(params[0].toBlock) - Number(params[0].fromBlock) + 1;
        return Response.json(
          span > blocks ? { error: { code: -32_005, message: 'too long' } } : { result: [] },
        );
      };
      const registry = `0x${'11'.repeat(20)}`;
      const range = { from: 0, to: 20_000_000 };
      await fails(readLogs('http://127.0.0.1:1', registry, range, { fetch: stub }), 'CHAIN_UNAVAILABLE');
      assert.ok(requests > 1 && requests <= most, `${requests} requests`);
    }
  });

  test('no message names more of the node than its host', async () => {
    const error = await readRegistry(
      'http://127.0.0.1:1/secret-path?key=secret',
      `0x${'11'.repeat(20)}`,
    ).catch((caught: unknown) => caught);
    assert.ok(error instanceof RegistryError && !error.message.includes('secret'));
  });
});

function end(
  response: { statusCode: number; end: (text: string) => unknown },
  status: number,
  text: string,
): void {
  response.statusCode = status;
  response.end(text);
}

async function refused(
  answer: Answer,
  code: RegistryCode,
  { rpcUrl, registry }: { rpcUrl?: string; registry: string },
): Promise<void> {
  const node = await lyingNode(answer, rpcUrl);
  try {
    await fails(readRegistry(node.rpcUrl, registry, { timeoutMs: 400 }), code);
  } finally {
    await node.stop();
  }
}

async function fails(work: Promise<unknown>, code: RegistryCode): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof RegistryError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
