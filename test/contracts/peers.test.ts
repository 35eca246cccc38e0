import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroAddress, ZeroHash } from 'ethers';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { instruct, newSigner } from './instructions.ts';
import { abi, DAY, FROM, GUARDIAN, type Ledger, startLedger, STATUS, UNTIL, word } from './ledger.ts';
import { allReceipts, logEvents, recomputedHead } from './raw-log.ts';

/*
 * What went wrong in registries like this one, each told as what ours does instead. The defects were found by running
 * LACPass (LACChain's contracts), indy-besu and ERC-1056.
 */

let ledger: Ledger;
let code: string;
let count = 0;
before(async () => {
  ledger = await startLedger();
  code = await ledger.openJurisdiction();
});
after(() => ledger.stop());

/** An issuer with a key, trusted at FROM. */
async function trusted(terms: object = {}): Promise<{ iss: string; id: bigint; kid: string }> {
  const iss = `https://peer-${++count}.example`;
  const id = await ledger.registerIssuer({ iss, ...terms }, code);
  return { iss, id, kid: await ledger.registerKey(newKey(), id) };
}

async function isTrusted({ iss, kid }: { iss: string; kid: string }, nbf = FROM): Promise<unknown> {
  return (await ledger.lens('isTrusted', iss, kid, nbf))[0];
}

describe('unlike LACPass', () => {
  test('what is revoked after the account changed hands is revoked', async () => {
    const { controller, successor } = ledger;
    const one = await trusted();
    const list = word('before and after');
    await ledger.send(controller, 'anchor', ledger.newAnchor(one.id, list));
    await ledger.send(controller, 'proposeController', one.id, successor);
    await ledger.send(successor, 'acceptController', one.id);

    const revoked = ledger.newAnchor(one.id, list, { counter: 2, revoked: 1, root: word('revoked') });
    const late = { from: controller, name: 'anchor', args: [revoked] };
    await ledger.refuses(late, 'NotController', one.id, controller);
    await ledger.send(successor, 'anchor', revoked);
    assert.equal((await ledger.anchorOf(one.id, list))['root'], word('revoked'));
    await ledger.send(successor, 'compromiseKey', one.id, one.kid);
    assert.equal(await isTrusted(one), false);
  });

  test('what is updated changes', async () => {
    const one = await trusted();
    assert.equal(await isTrusted(one), true);
    await ledger.send(ledger.accreditor, 'updateIssuer', one.id, FROM + 1, UNTIL, 3, 'A name');
    assert.equal(await isTrusted(one), false);
    await ledger.holds('issuerOf', [one.id], {
      accreditedFrom: FROM + 1,
      accreditedUntil: UNTIL,
      attestations: 3,
    });
  });

  test('what was never issued counts for nothing', async () => {
    const one = await trusted();
    assert.equal(await isTrusted({ iss: one.iss, kid: word('never') }), false);
    assert.equal(await isTrusted({ iss: 'https://never.example', kid: one.kid }), false);
    const { counter, root } = await ledger.anchorOf(one.id, word('never'));
    assert.deepEqual([counter, root], [0n, ZeroHash]);
  });

  test('whose parent is suspended, or who is withdrawn, is not trusted in that block either', async () => {
    const parent = await ledger.openJurisdiction();
    const iss = 'https://child.example';
    const child = await ledger.registerIssuer({ iss }, parent);
    const kid = await ledger.registerKey(newKey(), child);
    const other = await trusted();
    const at = async (block: number, one: { iss: string; kid: string }): Promise<unknown> =>
      (await ledger.lensAt(`0x${block.toString(16)}`, 'isTrusted', one.iss, one.kid, FROM))[0];
    for (const [one, lower] of [
      [{ iss, kid }, async () => ledger.suspend(parent)],
      [other, async () => ledger.setStatus(other.id, STATUS.Withdrawn)],
    ] as const) {
      const { blockNumber } = await lower();
      assert.equal(await at(Number(blockNumber) - 1, one), true);
      assert.equal(await at(Number(blockNumber), one), false);
    }
  });

  test('what is renewed leaves the dates before in the log, which the head proves', async () => {
    const one = await trusted({ accreditedUntil: UNTIL });
    const windows = [
      [FROM, UNTIL],
      [FROM + DAY, UNTIL + DAY],
      [0, 0],
    ];
    for (const [from, until] of windows.slice(1)) {
      await ledger.send(ledger.accreditor, 'updateIssuer', one.id, from, until, 0, 'A name');
    }
    const logs = (await allReceipts(ledger)).flatMap((receipt) => logEvents(ledger, receipt.logs));
    const told = logs
      .map((log) => abi.parseLog(log)?.args.toObject() ?? {})
      .filter(({ issuerId, accreditedFrom }) => issuerId === one.id && accreditedFrom !== undefined)
      .map(({ accreditedFrom, accreditedUntil }) => [Number(accreditedFrom), Number(accreditedUntil)]);
    assert.deepEqual(told, windows);
    assert.deepEqual(await recomputedHead(ledger), await ledger.view('logHead'));
  });

  test('what a standard signer signs as typed data is taken', async () => {
    const wallet = newSigner();
    const id = await ledger.registerIssuer({ controller: wallet.address }, code);
    const key = ledger.newKey(newKey(), id);
    const registers = await instruct(ledger, wallet, 'RegisterKey', key);
    await ledger.send(ledger.stranger, 'registerKeyBySignature', key, registers);
    const anchor = ledger.newAnchor(id, word('standard'));
    const anchors = await instruct(ledger, wallet, 'Anchor', anchor);
    await ledger.send(ledger.stranger, 'anchorBySignature', anchor, anchors);
  });
});

describe('unlike indy-besu', () => {
  test('an old instruction, relayed again, restores nothing', async () => {
    const wallet = newSigner();
    const { address } = wallet;
    const id = await ledger.registerIssuer({ controller: address }, code);
    const key = newKey();
    const terms = ledger.newKey(key, id);
    const old = await instruct(ledger, wallet, 'RegisterKey', terms);
    await ledger.send(ledger.stranger, 'registerKeyBySignature', terms, old);
    const kid = `0x${Buffer.from(key.kid, 'base64url').toString('hex')}`;
    await ledger.send(ledger.accreditor, 'compromiseKey', id, kid);
    const replay = { from: ledger.stranger, name: 'registerKeyBySignature', args: [terms, old] };
    await ledger.refuses(replay, 'InvalidAccountNonce', address, 1);
    const signedAnew = await instruct(ledger, wallet, 'RegisterKey', terms);
    const anew = { ...replay, args: [terms, signedAnew] };
    await ledger.refuses(anew, 'KeyExists', id, kid);
    await ledger.holds('keyOf', [id, kid], { state: 3 });
  });

  test('the zero address needs a signature too, and has none', async () => {
    const listing = await ledger.listIssuer(code);
    const deadline = (await ledger.time()) + 60;
    const unsigned = { signer: ZeroAddress, nonce: 0, deadline, signature: `0x${'00'.repeat(65)}` };
    for (const [name, terms] of [
      ['registerKeyBySignature', ledger.newKey(newKey(), listing)],
      ['anchorBySignature', ledger.newAnchor(listing, word('list'))],
    ] as const) {
      const call = { from: ledger.stranger, name, args: [terms, unsigned] };
      await ledger.refuses(call, 'InstructionNotSigned', ZeroAddress);
    }
  });

  test('nobody appoints their own peers alone', async () => {
    const { accreditor, controller, governor, guardian, operator, stranger } = ledger;
    await ledger.appointGuardian();
    const { id } = await trusted();
    await ledger.send(controller, 'setOperator', id, operator);
    const elsewhere = encodeJurisdiction('ELSEWHERE');
    for (const from of [guardian, accreditor, controller, operator]) {
      const refused = ['AccessControlUnauthorizedAccount', from, ZeroHash] as const;
      for (const [name, args] of [
        ['grantRole', [GUARDIAN, stranger]],
        ['beginDefaultAdminTransfer', [stranger]],
        ['openJurisdiction', [elsewhere, 'Mine', stranger]],
      ] as const) {
        await ledger.refuses({ from, name, args }, ...refused);
      }
    }
    // The governor has no peers, and makes no guardian in secret: each waits for the delay, for all to see.
    await ledger.send(governor, 'grantRole', GUARDIAN, stranger);
    const due = (await ledger.time()) + DAY;
    assert.deepEqual(await ledger.view('hasRole', GUARDIAN, stranger), [false]);
    const accept = { from: stranger, name: 'acceptRole', args: [GUARDIAN] };
    await ledger.refuses(accept, 'RoleNotOffered', GUARDIAN, stranger, due);
  });

  test('a role that was given twice is taken away once', async () => {
    const { governor, guardian } = ledger;
    await ledger.appointGuardian();
    await ledger.appointGuardian();
    await ledger.send(governor, 'revokeRole', GUARDIAN, guardian);
    assert.deepEqual(await ledger.view('hasRole', GUARDIAN, guardian), [false]);
    await ledger.pass(2 * DAY);
    const accept = { from: guardian, name: 'acceptRole', args: [GUARDIAN] };
    await ledger.refuses(accept, 'RoleNotOffered', GUARDIAN, guardian, 0);
  });
});

describe('unlike ERC-1056', () => {
  test('what was signed for one chain does nothing on another, in a registry at the same address', async () => {
    const other = await startLedger({ chainId: ledger.chainId + 1 });
    try {
      assert.equal(other.registry, ledger.registry);
      const wallet = newSigner();
      const controller = wallet.address;
      const elsewhere = await other.openJurisdiction();
      const id = await ledger.registerIssuer({ controller }, code);
      for (let i = 0n; i < id; i++) await other.registerIssuer({ controller }, elsewhere);
      const terms = ledger.newAnchor(id, word('list'));
      const deadline = (await ledger.time()) + 30 * DAY;
      const signed = await instruct(ledger, wallet, 'Anchor', terms, { deadline });
      const call = { name: 'anchorBySignature', args: [terms, signed] };
      await other.refuses({ from: other.stranger, ...call }, 'InstructionNotSigned', controller);
      await ledger.carryOut({ from: ledger.stranger, ...call });
    } finally {
      await other.stop();
    }
  });
});

describe('in one block', () => {
  test('suspending an issuer’s jurisdiction stops its issuers', async () => {
    const { controller, governor } = ledger;
    const { iss, id, kid } = await trusted();
    const list = word('same block');
    await ledger.send(controller, 'anchor', ledger.newAnchor(id, list));
    const anchor = ledger.newAnchor(id, list, { counter: 2 });
    const key = ledger.newKey(newKey(), id);
    const [suspends, ...others] = await ledger.inOneBlock([
      { from: governor, name: 'setJurisdictionSuspended', args: [code, true, 0] },
      { from: controller, name: 'anchor', args: [anchor] },
      { from: controller, name: 'registerKey', args: [key] },
    ]);
    assert.equal(suspends?.status, '0x1');
    for (const { blockNumber, status } of others) {
      assert.deepEqual([blockNumber, status], [suspends.blockNumber, '0x0']);
    }
    assert.deepEqual(await ledger.lensAt(suspends.blockNumber, 'isTrusted', iss, kid, FROM), [false]);
    assert.equal((await ledger.anchorOf(id, list))['counter'], 1n);
  });
});
