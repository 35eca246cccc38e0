import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroHash } from 'ethers';
import { type Call, DAY, type Ledger, startLedger, STATUS, word } from './ledger.ts';

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

  const anchor = (list: string, terms: Terms = {}, id = issuer): Call => ({
    from: ledger.controller,
    name: 'anchor',
    args: [ledger.newAnchor(id, list, terms)],
  });
  const renew = (list: string, id = issuer): Call => ({
    from: ledger.accreditor,
    name: 'renewAnchor',
    args: [id, list],
  });
  const holds = async (list: string, expected: Record<string, unknown>, id = issuer): Promise<void> => {
    const held = await ledger.anchorOf(id, list);
    const members = Object.keys(expected);
    ledger.assertPlain(
      members.map((member) => held[member]),
      Object.values(expected),
    );
  };

  test('an anchor is held as given, with its block time, and told to auditors outside the log', async () => {
    const list = word('held');
    const logHead = await ledger.view('logHead');
    const terms = { root: word('root'), counter: 5, length: MAX_EXACT, revoked: MAX_EXACT, isFinal: false };
    const receipt = await ledger.carryOut(anchor(list, terms));
    await holds(list, { ...terms, time: await ledger.time() });
    const { controller: by } = ledger;
    ledger.tells(receipt, 'RevocationAnchored', { issuerId: issuer, list, by, ...terms });
    assert.equal(receipt.logs.length, 1);
    assert.deepEqual(await ledger.view('logHead'), logHead);
  });

  test('each member has its own place: none runs into another', async () => {
    const list = word('places');
    for (const terms of [
      { counter: 1, length: MAX_EXACT, revoked: 0 },
      { counter: 2n ** 32n, length: 1, revoked: 1 },
      { counter: MAX_EXACT, length: 2n ** 32n, revoked: 2n ** 31n, isFinal: true },
    ]) {
      await ledger.carryOut(anchor(list, terms));
      await holds(list, { isFinal: false, ...terms, time: await ledger.time() });
    }
  });

  test('many lists are read in one call, with the head of the same block', async () => {
    const lists = ['a', 'b', 'c'].map(word);
    for (const [i, list] of lists.entries()) await ledger.carryOut(anchor(list, { counter: i + 1 }));
    const refs = [...lists, word('nothing here')].map((list) => ({ issuerId: issuer, list }));
    const [head, size, anchors] = await ledger.lens('anchorsOf', refs);
    assert.deepEqual([head, size], await ledger.view('logHead'));
    const found = anchors as { counter: bigint; root: string }[];
    assert.deepEqual(
      found.map(({ counter }) => counter),
      [1n, 2n, 3n, 0n],
    );
    assert.equal(found[3]?.root, ZeroHash);
    ledger.assertPlain((await ledger.lens('anchorsOf', [])).slice(2), ['']);
  });

  test('the counter rises strictly from 1', async () => {
    const list = word('counter');
    await ledger.refuses(anchor(list, { counter: 0 }), 'CounterNotRising', 0, 0);
    await ledger.carryOut(anchor(list, { counter: 3 }));
    for (const counter of [0, 2, 3]) {
      await ledger.refuses(anchor(list, { counter }), 'CounterNotRising', 3, counter);
    }
    await ledger.carryOut(anchor(list, { counter: 4 }));
    await ledger.carryOut(anchor(list, { counter: MAX_EXACT }));
    await ledger.refuses(anchor(list, { counter: MAX_EXACT }), 'CounterNotRising', MAX_EXACT, MAX_EXACT);
    await ledger.refuses(anchor(list, { counter: MAX_EXACT + 1n }), 'InvalidAnchor');
  });

  test('an anchor without root, with more revoked than listed, or with counts no reader holds exactly, is refused', async () => {
    const list = word('invalid');
    for (const terms of [
      { root: ZeroHash },
      { length: 10, revoked: 11 },
      { length: 0, revoked: 1 },
      { length: MAX_EXACT + 1n },
      { length: 2n ** 64n - 1n, revoked: 2n ** 64n - 1n },
      { counter: MAX_EXACT + 1n },
      { counter: 2n ** 64n - 1n },
    ]) {
      await ledger.refuses(anchor(list, terms), 'InvalidAnchor');
    }
    await ledger.carryOut(anchor(list, { length: 0 }));
  });

  test('a final anchor is the last', async () => {
    const list = word('final');
    await ledger.carryOut(anchor(list, { counter: 1, isFinal: true }));
    await holds(list, { isFinal: true });
    await ledger.refuses(anchor(list, { counter: 2 }), 'AnchorIsFinal', issuer, list);
    await ledger.refuses(anchor(list, { counter: 2, isFinal: true }), 'AnchorIsFinal', issuer, list);
    await ledger.refuses(renew(list), 'AnchorIsFinal', issuer, list);
    await ledger.carryOut(anchor(word('another list')));
    await ledger.carryOut(anchor(list, {}, await ledger.registerIssuer({}, code)));
  });

  test('controller and operator anchor, or accreditor and operator where the issuer has no controller', async () => {
    const list = word('who');
    const { accreditor, controller, governor, operator, stranger } = ledger;
    const listing = await ledger.listIssuer(code);
    for (const [id, who, others] of [
      [issuer, controller, [governor, accreditor, operator, stranger]],
      [listing, accreditor, [governor, controller, operator, stranger]],
    ] as const) {
      for (const from of others) {
        await ledger.refuses({ ...anchor(list, {}, id), from }, 'NotController', id, from);
      }
      await ledger.carryOut({ ...anchor(list, {}, id), from: who });
      await ledger.send(who, 'setOperator', id, operator);
      const receipt = await ledger.carryOut({ ...anchor(list, { counter: 2 }, id), from: operator });
      ledger.tells(receipt, 'RevocationAnchored', { issuerId: id, by: operator });
      const last = anchor(list, { counter: 3, isFinal: true }, id);
      await ledger.refuses({ ...last, from: operator }, 'NotController', id, operator);
      await ledger.carryOut({ ...anchor(list, { counter: 3 }, id), from: who });
    }
    await ledger.refuses(anchor(list, {}, 9999n), 'UnknownIssuer', 9999);
  });

  test('an issuer anchors while it is active, and after it retired', async () => {
    const list = word('life');
    for (const status of [STATUS.Pending, STATUS.Suspended, STATUS.Withdrawn]) {
      const id = await ledger.issuerIn(status, code);
      await ledger.refuses(anchor(list, {}, id), 'IssuerNotActive', id, status);
      await ledger.refuses(renew(list, id), 'IssuerNotActive', id, status);
    }
    const retired = await ledger.issuerIn(STATUS.Retired, code);
    await ledger.carryOut(anchor(list, {}, retired));
    await ledger.carryOut(renew(list, retired));
  });

  describe('of an issuer gone dark', () => {
    test('are renewed by the accreditor: the time is now, all else stays', async () => {
      const list = word('dark');
      const terms = { root: word('last'), counter: MAX_EXACT, length: 4096, revoked: 77, isFinal: false };
      await ledger.carryOut(anchor(list, terms));
      const anchored = await ledger.time();
      await ledger.pass(30 * DAY);
      const receipt = await ledger.carryOut(renew(list));
      const time = await ledger.time();
      assert.ok(time >= anchored + 30 * DAY);
      await holds(list, { ...terms, time });
      const { accreditor: by } = ledger;
      ledger.tells(receipt, 'RevocationAnchored', { issuerId: issuer, list, by, ...terms });
    });

    test('are followed by the next of the issuer as if nothing had been', async () => {
      const list = word('back');
      await ledger.carryOut(anchor(list, { counter: 7 }));
      await ledger.carryOut(renew(list));
      await ledger.refuses(anchor(list, { counter: 7 }), 'CounterNotRising', 7, 7);
      await ledger.carryOut(anchor(list, { counter: 8 }));
    });

    test('are renewed by nobody else, and only where there is one', async () => {
      const list = word('renewing');
      await ledger.refuses(renew(list), 'NothingAnchored', issuer, list);
      await ledger.carryOut(anchor(list));
      await ledger.send(ledger.controller, 'setOperator', issuer, ledger.operator);
      for (const from of [ledger.governor, ledger.controller, ledger.operator, ledger.neighbour]) {
        await ledger.refuses({ ...renew(list), from }, 'NotAccreditor', code, from);
      }
      await ledger.refuses(renew(list, 9999n), 'UnknownIssuer', 9999);
    });
  });
});
