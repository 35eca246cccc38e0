import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AbiCoder, concat, keccak256 } from 'ethers';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import {
  abi,
  DAY,
  type EmittedLog,
  type Ledger,
  point,
  type Receipt,
  startLedger,
  STATUS,
  word,
} from './ledger.ts';

/** The closed list, by topic: the events of the interface whose first indexed parameter is `seq`. */
const LOG_EVENTS = new Set(
  issuerRegistryAbi.flatMap((item) =>
    item.type === 'event' && item.inputs[0].name === 'seq' ? [abi.getEvent(item.name)?.topicHash] : [],
  ),
);

describe('the log', () => {
  let ledger: Ledger;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());

  test('the first head names chain and registry', async () => {
    assert.deepEqual(await ledger.view('logHead'), [genesis(ledger.chainId, ledger.registry), 0n]);
  });

  test('every log event moves the head over its own emitted bytes, and nothing else moves it', async () => {
    const { governor, accreditor, controller } = ledger;
    const [code, key, stolen, listed] = [encodeJurisdiction('US-NY'), newKey(), newKey(), newKey()];
    const issuer = ledger.newIssuer(code);
    const listing = ledger.newIssuer(code, { controller: `0x${'0'.repeat(40)}`, statusBase: '', name: 'é' });
    const [kid, stolenKid] = [key, stolen].map(
      ({ kid: text }) => `0x${Buffer.from(text, 'base64url').toString('hex')}`,
    );
    const writes: [from: string, name: string, args: unknown[], moves: boolean][] = [
      [governor, 'openJurisdiction', [code, 'New York', accreditor], true],
      [governor, 'beginDefaultAdminTransfer', [accreditor], false],
      [accreditor, 'registerIssuer', [issuer], true],
      [governor, 'changeDefaultAdminDelay', [2 * DAY], false],
      [controller, 'registerKey', ledger.newKey(key, 1n), true],
      [controller, 'registerKey', ledger.newKey(stolen, 1n), true],
      [controller, 'anchor', [1, kid, word('root'), 1, 10, 1, false], false],
      [accreditor, 'registerIssuer', [listing], true],
      [accreditor, 'listKey', [2, ...point(listed), 0, 2], true],
      [governor, 'cancelDefaultAdminTransfer', [], false],
      [accreditor, 'setIssuerStatus', [1, STATUS.Suspended, 65_535], true],
      [governor, 'setJurisdictionSuspended', [code, true, 1], true],
      [controller, 'retireKey', [1, kid], true],
      [accreditor, 'compromiseKey', [1, stolenKid], true],
      [governor, 'setJurisdictionSuspended', [code, false, 0], true],
      [accreditor, 'setIssuerStatus', [1, STATUS.Retired, 0], true],
    ];

    let head = genesis(ledger.chainId, ledger.registry);
    let size = 0;
    const receipts: Receipt[] = [];
    for (const [from, name, args, moves] of writes) {
      const receipt = await ledger.send(from, name, ...args);
      receipts.push(receipt);
      const logs = logEvents(receipt.logs);
      assert.equal(logs.length, moves ? 1 : 0, name);
      assert.ok(receipt.logs.length > 0, name);
      for (const log of logs) {
        const told = abi.parseLog(log)?.args;
        assert.equal(told?.['seq'], BigInt(size));
        assert.equal(String(told['by']).toLowerCase(), from);
        assert.equal(Number(told['time']), await ledger.time());
        head = next(head, log);
        size += 1;
      }
      assert.deepEqual(await ledger.view('logHead'), [head, BigInt(size)], name);
    }

    // And once more from the raw receipts alone, in one go.
    const all = receipts.flatMap(({ logs }) => logEvents(logs));
    assert.equal(all.reduce(next, genesis(ledger.chainId, ledger.registry)), head);
    assert.deepEqual(
      new Set(all.map(({ topics }) => topics[0])),
      LOG_EVENTS,
      'every kind of log event was seen',
    );
  });
});

/** head_0 of the design, by ethers instead of by our own code. */
function genesis(chainId: number, registry: string): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ['string', 'uint256', 'address'],
      ['pratique/log/1', chainId, registry],
    ),
  );
}

function next(head: string, { topics, data }: EmittedLog): string {
  const count = `0x0${topics.length}`;
  return keccak256(concat([head, keccak256(concat([count, ...topics, data]))]));
}

function logEvents(logs: readonly EmittedLog[]): EmittedLog[] {
  return logs.filter(({ topics }) => LOG_EVENTS.has(topics[0]));
}
