import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroHash } from 'ethers';
import { type Ledger, startLedger, STATUS, word } from './ledger.ts';

const MAX_EXACT = 2n ** 53n - 1n;

interface Terms {
  root?: string;
  counter?: bigint | number;
  length?: bigint | number;
  revoked?: bigint | number;
  isFinal?: boolean;
}

describe('revocation anchors', () => {
  let ledger: Ledger;
  let code: string;
  let issuer: bigint;
  before(async () => {
    ledger = await startLedger();
    code = await ledger.openJurisdiction();
    issuer = await ledger.registerIssuer({}, code);
  });
  after(() => ledger.stop());

  function anchor(list: string, terms: Terms, id = issuer): { from: string; name: string; args: unknown[] } {
    const { root = word('root'), counter = 1, length = 131_072, revoked = 0, isFinal = false } = terms;
    return {
      from: ledger.controller,
      name: 'anchor',
      args: [id, list, root, counter, length, revoked, isFinal],
    };
  }

  async function anchored(list: string, id = issuer): Promise<Record<string, unknown>> {
    const [, , [found]] = (await ledger.view('anchorsOf', [{ issuerId: id, list }])) as unknown as [
      string,
      bigint,
      [{ toObject(): Record<string, unknown> }],
    ];
    return found.toObject();
  }

  test('an anchor is held as given, with its block time, and told to auditors outside the log', async () => {
    const list = word('held');
    const [head] = await ledger.view('logHead');
    const { from, name, args } = anchor(list, { counter: 5, revoked: 131_072 });
    const receipt = await ledger.send(from, name, ...args);
    const expected = { root: word('root'), counter: 5n, length: 131_072n, revoked: 131_072n, isFinal: false };
    assert.deepEqual(await anchored(list), { ...expected, time: BigInt(await ledger.time()) });
    assert.partialDeepStrictEqual(ledger.event(receipt, 'RevocationAnchored'), {
      list,
      ...expected,
    });
    assert.equal((await ledger.view('logHead'))[0], head);
  });

  test('many lists are read in one call, with the head of the same block', async () => {
    const lists = ['a', 'b', 'c'].map(word);
    for (const [i, list] of lists.entries()) {
      const { from, name, args } = anchor(list, { counter: i + 1 });
      await ledger.send(from, name, ...args);
    }
    const refs = [...lists, word('nothing here')].map((list) => ({ issuerId: issuer, list }));
    const [head, size, anchors] = (await ledger.view('anchorsOf', refs)) as unknown as [
      string,
      bigint,
      { counter: bigint; root: string }[],
    ];
    assert.deepEqual([head, size], await ledger.view('logHead'));
    assert.deepEqual(
      anchors.map(({ counter }) => counter),
      [1n, 2n, 3n, 0n],
    );
    assert.equal(anchors[3]?.root, ZeroHash);
  });

  test('the counter rises strictly from 1', async () => {
    const list = word('counter');
    await ledger.refuses(anchor(list, { counter: 0 }), 'CounterNotRising', 0, 0);
    await send(anchor(list, { counter: 3 }));
    for (const counter of [0, 2, 3]) {
      await ledger.refuses(anchor(list, { counter }), 'CounterNotRising', 3, counter);
    }
    await send(anchor(list, { counter: 4 }));
    await send(anchor(list, { counter: MAX_EXACT }));
  });

  test('an anchor without root, with more revoked than listed, or with counts no reader holds exactly, is refused', async () => {
    const list = word('invalid');
    for (const terms of [
      { root: ZeroHash },
      { length: 10, revoked: 11 },
      { length: 0, revoked: 1 },
      { length: MAX_EXACT + 1n },
      { counter: MAX_EXACT + 1n },
    ]) {
      await ledger.refuses(anchor(list, terms), 'InvalidAnchor');
    }
    await send(anchor(list, { length: 0 }));
  });

  test('a final anchor is the last', async () => {
    const list = word('final');
    await send(anchor(list, { counter: 1, isFinal: true }));
    assert.equal((await anchored(list))['isFinal'], true);
    await ledger.refuses(anchor(list, { counter: 2 }), 'AnchorIsFinal', issuer, list);
    await send(anchor(word('another list'), { counter: 1 }));
  });

  test('the controller anchors, or the accreditor where the issuer has none', async () => {
    const list = word('who');
    for (const from of [ledger.governor, ledger.accreditor, ledger.stranger]) {
      await ledger.refuses({ ...anchor(list, {}), from }, 'NotController', issuer, from);
    }
    await ledger.refuses(anchor(list, {}, 9999n), 'UnknownIssuer', 9999);
    const listing = await ledger.listIssuer(code);
    await ledger.refuses(anchor(list, {}, listing), 'NotAccreditor', code, ledger.controller);
    await send({ ...anchor(list, {}, listing), from: ledger.accreditor });
    assert.equal((await anchored(list, listing))['counter'], 1n);
    assert.equal((await anchored(list))['counter'], 0n);
  });

  test('an issuer anchors while it is active, and after it retired', async () => {
    const list = word('life');
    const pending = await ledger.registerIssuer({ status: STATUS.Pending }, code);
    await ledger.refuses(anchor(list, {}, pending), 'IssuerNotActive', pending, STATUS.Pending);
    for (const status of [STATUS.Suspended, STATUS.Withdrawn, STATUS.Retired]) {
      const id = await ledger.registerIssuer({}, code);
      await ledger.send(ledger.accreditor, 'setIssuerStatus', id, status, 0);
      if (status === STATUS.Retired) await send(anchor(list, {}, id));
      else await ledger.refuses(anchor(list, {}, id), 'IssuerNotActive', id, status);
    }
  });

  async function send({ from, name, args }: { from: string; name: string; args: unknown[] }): Promise<void> {
    await ledger.send(from, name, ...args);
  }
});
