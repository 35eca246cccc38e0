import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { concat, ZeroAddress } from 'ethers';
import { encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { instruct, newSigner } from './instructions.ts';
import { abi, type Call, DAY, GUARDIAN, type Ledger, startLedger, STATUS, word } from './ledger.ts';
import { allReceipts, genesis, LOG_EVENTS, logEvents, nextHead, recomputedHead } from './raw-log.ts';

describe('the log', () => {
  let ledger: Ledger;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());

  test('the first head names chain and registry', async () => {
    assert.deepEqual(await ledger.view('logHead'), [genesis(ledger), 0n]);
  });

  test('every log event moves the head once, over its own emitted bytes, and nothing else moves it', async () => {
    const { governor, accreditor, controller, guardian, neighbour, operator, stranger, successor } = ledger;
    const [code, other] = ['US-NY', 'US-NJ'].map(encodeJurisdiction) as [string, string];
    const [key, stolen, relayed, listed, second] = [newKey(), newKey(), newKey(), newKey(), newKey()];
    const [kid, stolenKid] = [encodeKid(key.kid), encodeKid(stolen.kid)];
    const issuer = ledger.newIssuer(code);
    const listing = ledger.newIssuer(code, { controller: ZeroAddress, statusBase: '', name: 'é' });
    const wallet = newSigner();
    const signed = await ledger.time();
    const terms = { deadline: signed + 30 * DAY };
    const firstKey = ledger.newKey(relayed, 4n);
    const firstAnchor = ledger.newAnchor(4n, word('relayed'));
    const registers = await instruct(ledger, wallet, 'RegisterKey', firstKey, { ...terms, nonce: 0n });
    const anchors = await instruct(ledger, wallet, 'Anchor', firstAnchor, { ...terms, nonce: 1n });

    /** Who does what, and how many log events that makes. */
    const writes: [from: string, name: string, args: unknown[], events: number][] = [
      [governor, 'openJurisdiction', [code, 'New York', accreditor], 1],
      [governor, 'openJurisdiction', [other, 'N', neighbour], 1],
      [governor, 'beginDefaultAdminTransfer', [accreditor], 0],
      [governor, 'grantRole', [GUARDIAN, guardian], 0],
      [accreditor, 'registerIssuer', [issuer], 1],
      [governor, 'changeDefaultAdminDelay', [2 * DAY], 0],
      [controller, 'registerKey', [ledger.newKey(key, 1n)], 1],
      [controller, 'registerKey', [ledger.newKey(stolen, 1n, { revocation: 0 })], 1],
      [controller, 'anchor', [ledger.newAnchor(1n, kid)], 0],
      [controller, 'setOperator', [1, operator], 1],
      [operator, 'anchor', [ledger.newAnchor(1n, kid, { counter: 2 })], 0],
      [accreditor, 'renewAnchor', [1, kid], 0],
      [accreditor, 'listIssuers', [[listing, ledger.newIssuer(code), newWallet()]], 3],
      [accreditor, 'listIssuers', [[]], 0],
      [accreditor, 'listKeys', [[listed, second].map((one) => ledger.listedKey(one, 2n))], 2],
      [accreditor, 'listKeys', [[]], 0],
      [stranger, 'registerKeyBySignature', [firstKey, registers], 1],
      [stranger, 'anchorBySignature', [firstAnchor, anchors], 0],
      [governor, 'cancelDefaultAdminTransfer', [], 0],
      [accreditor, 'updateIssuer', [1, 0, 0, 15, 'N. Y.'], 1],
      [controller, 'setStatusBase', [1, 'https://status.example'], 1],
      [accreditor, 'publishRules', [code, other, 1, 0, word('rules'), 'https://rules.example'], 1],
      [accreditor, 'registerVenue', [code, 'did:web:venue.example', 'A venue'], 1],
      [accreditor, 'renameVenue', [1, 'Another name'], 1],
      [accreditor, 'setVenueStatus', [1, 2, 3], 1],
      [controller, 'setKeyRevocation', [1, stolenKid, 2], 1],
      [controller, 'proposeController', [1, successor], 0],
      [successor, 'acceptController', [1], 1],
      [accreditor, 'offerIssuer', [1, other], 0],
      [neighbour, 'acceptIssuer', [1], 1],
      [neighbour, 'proposeAccreditor', [other, accreditor], 0],
      [accreditor, 'acceptAccreditor', [other], 1],
      [accreditor, 'setIssuerStatus', [1, STATUS.Suspended, 65_535], 1],
      [governor, 'setIssuerHeld', [1, true, 2], 1],
      [governor, 'setJurisdictionSuspended', [other, true, 1], 1],
      [successor, 'retireKey', [1, kid], 1],
      [accreditor, 'compromiseKey', [1, stolenKid], 1],
      [stranger, 'burnKey', ledger.burning(listed, 2n), 1],
      [governor, 'setJurisdictionSuspended', [other, false, 0], 1],
      [accreditor, 'setIssuerStatus', [1, STATUS.Retired, 0], 1],
      [governor, 'announceSuccessor', [1, stranger], 1],
      [governor, 'revokeRole', [GUARDIAN, guardian], 0],
      [governor, 'rollbackDefaultAdminDelay', [], 0],
    ];
    function newWallet(): object {
      return ledger.newIssuer(code, { controller: wallet.address });
    }

    let head = genesis(ledger);
    let size = 0n;
    for (const [from, name, args, events] of writes) {
      const receipt = await ledger.send(from, name, ...args);
      const logs = logEvents(ledger, receipt.logs);
      assert.equal(logs.length, events, name);
      const by = name === 'registerKeyBySignature' ? wallet.address : from;
      for (const log of logs) {
        const { seq, by: told, time } = abi.parseLog(log)?.args.toObject() ?? {};
        ledger.assertPlain([seq, told, time], [size, by, await ledger.time()]);
        head = nextHead(head, log);
        size += 1n;
      }
      assert.deepEqual(await ledger.view('logHead'), [head, size], name);
    }

    const receipts = await allReceipts(ledger);
    const logs = receipts.flatMap((receipt) => logEvents(ledger, receipt.logs));
    const kinds = logs.map(({ topics }) => LOG_EVENTS.get(topics[0] ?? '') ?? '');
    assert.deepEqual([...new Set(kinds)].toSorted(), [...LOG_EVENTS.values()].toSorted());
    const others = receipts.flatMap((receipt) => receipt.logs).length - logs.length;
    assert.ok(others > 10, 'events of OpenZeppelin and anchors lie in between');
  });

  test('what is refused leaves the log as it was, also the beginning of a batch', async () => {
    const earlier = await ledger.view('logHead');
    const code = encodeJurisdiction('US-NY');
    const fresh = ledger.newIssuer(code);
    const call: Call = { from: ledger.accreditor, name: 'listIssuers', args: [[fresh, fresh]] };
    await ledger.refuses(call, 'IssuerExists', 5);
    assert.deepEqual(await ledger.view('logHead'), earlier);
  });

  test('what another contract emits is no part of it, whatever it looks like', async () => {
    const earlier = await ledger.view('logHead');
    const receipts = await allReceipts(ledger);
    const [log] = receipts.flatMap(({ logs }) => logEvents(ledger, logs));
    const [topic = '', seq = '', first = ''] = log?.topics ?? [];
    // PUSH32 the three topics, PUSH0 and PUSH0 for no data, LOG3; as a contract's creation.
    const code = concat(['0x7f', first, '0x7f', seq, '0x7f', topic, '0x5f5fa3']);
    const hash = await ledger.rpc('eth_sendTransaction', { from: ledger.stranger, data: code });
    const { logs } = await ledger.receipt(hash);
    assert.deepEqual(logs[0]?.topics, [topic, seq, first]);
    assert.deepEqual(await ledger.view('logHead'), earlier);
  });

  test('the head is recomputed from the raw receipts of the chain alone', async () => {
    assert.deepEqual(await recomputedHead(ledger), await ledger.view('logHead'));
  });
});
