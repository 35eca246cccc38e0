import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { concat, Interface, Signature, TypedDataEncoder, type Wallet, ZeroAddress, ZeroHash } from 'ethers';
import { newKey } from '../support/cards.ts';
import { domainOf, fieldsOf, type Instruction, instruct, newSigner, TYPES } from './instructions.ts';
import { type Call, DAY, type Ledger, startLedger, STATUS, word } from './ledger.ts';

const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe('signed instructions', () => {
  let ledger: Ledger;
  let code: string;
  let signer: Wallet;
  let issuer: bigint;
  before(async () => {
    ledger = await startLedger();
    code = await ledger.openJurisdiction();
    signer = newSigner();
    issuer = await ledger.registerIssuer({ controller: signer.address }, code);
  });
  after(() => ledger.stop());

  const relayAnchor = (terms: object, instruction: Instruction): Call => ({
    from: ledger.stranger,
    name: 'anchorBySignature',
    args: [terms, instruction],
  });
  const relayKey = (terms: object, instruction: Instruction): Call => ({
    from: ledger.stranger,
    name: 'registerKeyBySignature',
    args: [terms, instruction],
  });
  const nonceOf = async (account: string): Promise<unknown> => (await ledger.view('nonces', account))[0];

  test('the domain names registry and chain, as the contract itself says', async () => {
    const contract = new Interface([
      'function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
    ]);
    const data = contract.encodeFunctionData('eip712Domain');
    const answer = await ledger.rpc<string>('eth_call', { to: ledger.registry, data }, 'latest');
    const { name, version, chainId, verifyingContract } = domainOf(ledger);
    const [fields, ...said] = contract.decodeFunctionResult('eip712Domain', answer).toArray() as unknown[];
    ledger.assertPlain([fields], ['0x0f']);
    ledger.assertPlain(said, [name, version, chainId, verifyingContract, ZeroHash, '']);
  });

  test('the types have no space that a standard signer would not write', () => {
    assert.equal(
      TypedDataEncoder.from(fieldsOf('Anchor')).encodeType('Anchor'),
      'Anchor(uint64 issuerId,bytes32 list,bytes32 root,uint64 counter,uint64 length,uint64 revoked,bool isFinal,uint256 nonce,uint256 deadline)',
    );
    assert.equal(
      TypedDataEncoder.from(fieldsOf('RegisterKey')).encodeType('RegisterKey'),
      'RegisterKey(uint64 issuerId,bytes32 x,bytes32 y,uint64 validFrom,uint64 validUntil,uint8 revocation,uint256 nonce,uint256 deadline)',
    );
  });

  describe('an anchor', () => {
    test('by a controller without ether is relayed by anybody, and is the controller’s', async () => {
      const terms = ledger.newAnchor(issuer, word('relayed'), { counter: 9, revoked: 3 });
      const nonce = (await nonceOf(signer.address)) as bigint;
      const call = relayAnchor(terms, await instruct(ledger, signer, 'Anchor', terms));
      ledger.tells(await ledger.carryOut(call), 'RevocationAnchored', { ...terms, by: signer.address });
      assert.equal((await ledger.anchorOf(issuer, word('relayed')))['counter'], 9n);
      assert.equal(await nonceOf(signer.address), nonce + 1n);
      assert.equal(await ledger.rpc('eth_getBalance', signer.address, 'latest'), '0x0');
    });

    test('by the operator too', async () => {
      const operator = newSigner();
      const id = await ledger.registerIssuer({}, code);
      await ledger.send(ledger.controller, 'setOperator', id, operator.address);
      const terms = ledger.newAnchor(id, word('operated'));
      const call = relayAnchor(terms, await instruct(ledger, operator, 'Anchor', terms));
      ledger.tells(await ledger.carryOut(call), 'RevocationAnchored', { by: operator.address });
    });

    test('is also signed by a node that holds the account', async () => {
      const from = ledger.controller;
      const id = await ledger.registerIssuer({}, code);
      const terms = ledger.newAnchor(id, word('by a node'));
      const deadline = (await ledger.time()) + 60;
      const payload: unknown = TypedDataEncoder.getPayload(domainOf(ledger), fieldsOf('Anchor'), {
        ...terms,
        nonce: 0,
        deadline,
      });
      const signature = await ledger.rpc<string>('eth_signTypedData_v4', from, payload);
      await ledger.carryOut(relayAnchor(terms, { signer: from, nonce: 0n, deadline, signature }));
    });

    test('cannot be altered, nor said in another’s name', async () => {
      const terms = ledger.newAnchor(issuer, word('altered'));
      const instruction = await instruct(ledger, signer, 'Anchor', terms);
      const refused = ['InstructionNotSigned', signer.address] as const;
      const second = await ledger.registerIssuer({ controller: signer.address }, code);
      for (const change of [
        { issuerId: second },
        { list: word('another') },
        { root: word('another') },
        { counter: 2 },
        { length: 131_071 },
        { revoked: 1 },
        { isFinal: true },
      ]) {
        await ledger.refuses(relayAnchor({ ...terms, ...change }, instruction), ...refused);
      }
      const later = { ...instruction, deadline: instruction.deadline + 1 };
      await ledger.refuses(relayAnchor(terms, later), ...refused);
      const other = newSigner();
      const impostor = await instruct(ledger, other, 'Anchor', terms, { signer: signer.address });
      await ledger.refuses(relayAnchor(terms, impostor), ...refused);
      const own = await instruct(ledger, other, 'Anchor', terms);
      await ledger.refuses(relayAnchor(terms, own), 'NotController', issuer, other.address);
      await ledger.carryOut(relayAnchor(terms, instruction));
    });

    test('is for one chain, one registry and one version of it', async () => {
      const terms = ledger.newAnchor(issuer, word('domain'));
      for (const domain of [
        { chainId: ledger.chainId + 1 },
        { verifyingContract: ledger.stranger },
        { name: 'Another registry' },
        { version: '2' },
      ]) {
        const instruction = await instruct(ledger, signer, 'Anchor', terms, { domain });
        await ledger.refuses(relayAnchor(terms, instruction), 'InstructionNotSigned', signer.address);
      }
    });

    test('is carried out once, in the order of the nonces', async () => {
      const { address } = signer;
      const [first, second] = [1, 2].map((counter) =>
        ledger.newAnchor(issuer, word('order'), { counter }),
      ) as [object, object];
      const nonce = (await nonceOf(address)) as bigint;
      const one = await instruct(ledger, signer, 'Anchor', first);
      const two = await instruct(ledger, signer, 'Anchor', second, { nonce: nonce + 1n });
      await ledger.refuses(relayAnchor(second, two), 'InvalidAccountNonce', address, nonce);
      await ledger.carryOut(relayAnchor(first, one));
      await ledger.refuses(relayAnchor(first, one), 'InvalidAccountNonce', address, nonce + 1n);
      await ledger.carryOut(relayAnchor(second, two));
      for (const [terms, instruction] of [
        [first, one],
        [second, two],
      ] as const) {
        const replay = relayAnchor(terms, instruction);
        await ledger.refuses(replay, 'InvalidAccountNonce', address, nonce + 2n);
      }
    });

    test('is relayed in the last second of its time and not after', async () => {
      const terms = ledger.newAnchor(issuer, word('deadline'));
      const deadline = (await ledger.time()) + DAY;
      const call = relayAnchor(terms, await instruct(ledger, signer, 'Anchor', terms, { deadline }));
      const snapshot = await ledger.snapshot();
      await ledger.refuses({ ...call, at: deadline + 1 }, 'InstructionExpired', deadline);
      await ledger.restore(snapshot);
      await ledger.carryOut({ ...call, at: deadline });
    });

    test('has a signature of one form: 65 bytes, low s, v of 27 or 28', async () => {
      const terms = ledger.newAnchor(issuer, word('form'));
      const instruction = await instruct(ledger, signer, 'Anchor', terms);
      const { r, s, v, compactSerialized } = Signature.from(instruction.signature);
      const high = `0x${(SECP256K1_ORDER - BigInt(s)).toString(16).padStart(64, '0')}`;
      const [twin, wrong] = v === 27 ? ['0x1c', '0x1b'] : ['0x1b', '0x1c'];
      for (const signature of [
        '0x',
        compactSerialized,
        concat([r, high, twin]),
        concat([r, high, wrong]),
        concat([r, s, twin]),
        concat([r, s, v === 27 ? '0x00' : '0x01']),
        concat([r, s, wrong, '0x00']),
        concat([r, s]),
        concat([ZeroHash, ZeroHash, wrong]),
        `0x${'ff'.repeat(10_000)}`,
      ]) {
        const call = relayAnchor(terms, { ...instruction, signature });
        await ledger.refuses(call, 'InstructionNotSigned', signer.address);
      }
      await ledger.carryOut(relayAnchor(terms, instruction));
    });

    test('has a signer: the zero address signs nothing, whatever recovers to it', async () => {
      const listing = await ledger.listIssuer(code);
      const terms = ledger.newAnchor(listing, word('nobody'));
      const instruction = await instruct(ledger, signer, 'Anchor', terms, { signer: ZeroAddress });
      for (const signature of [
        '0x',
        instruction.signature,
        `0x${'00'.repeat(65)}`,
        concat([ZeroHash, ZeroHash, '0x1b']),
        concat([word('r'), word('s'), '0x1d']),
      ]) {
        const call = relayAnchor(terms, { ...instruction, signature });
        await ledger.refuses(call, 'InstructionNotSigned', ZeroAddress);
      }
    });

    test('of a former controller or operator is void, though it was signed in time', async () => {
      const former = newSigner();
      const id = await ledger.registerIssuer({}, code);
      const terms = ledger.newAnchor(id, word('former'));
      await ledger.send(ledger.controller, 'setOperator', id, former.address);
      const instruction = await instruct(ledger, former, 'Anchor', terms);
      const nonce = await nonceOf(former.address);
      await ledger.send(ledger.controller, 'setOperator', id, ZeroAddress);
      await ledger.refuses(relayAnchor(terms, instruction), 'NotController', id, former.address);
      assert.equal(await nonceOf(former.address), nonce);

      const second = await ledger.registerIssuer({ controller: former.address }, code);
      const anchor = ledger.newAnchor(second, word('former'));
      const signed = await instruct(ledger, former, 'Anchor', anchor);
      await ledger.send(ledger.accreditor, 'proposeController', second, ledger.successor);
      await ledger.pass(DAY);
      await ledger.send(ledger.successor, 'acceptController', second);
      const deadline = (await ledger.time()) + 60;
      const valid = await instruct(ledger, former, 'Anchor', anchor, { deadline });
      await ledger.refuses(relayAnchor(anchor, signed), 'InstructionExpired', signed.deadline);
      await ledger.refuses(relayAnchor(anchor, valid), 'NotController', second, former.address);
    });

    test('is refused for what it would be refused for if it were sent', async () => {
      const list = word('as if sent');
      const relay = async (terms: object): Promise<Call> =>
        relayAnchor(terms, await instruct(ledger, signer, 'Anchor', terms));
      const none = ledger.newAnchor(issuer, list, { counter: 0 });
      await ledger.refuses(await relay(none), 'CounterNotRising', 0, 0);
      const rootless = ledger.newAnchor(issuer, list, { root: ZeroHash });
      await ledger.refuses(await relay(rootless), 'InvalidAnchor');
      const controller = signer.address;
      const suspended = await ledger.issuerIn(STATUS.Suspended, code, { controller });
      const stopped = ledger.newAnchor(suspended, list);
      await ledger.refuses(await relay(stopped), 'IssuerNotActive', suspended, STATUS.Suspended);
    });
  });

  describe('a key', () => {
    test('is registered for a controller without ether', async () => {
      const key = newKey();
      const terms = ledger.newKey(key, issuer);
      const call = relayKey(terms, await instruct(ledger, signer, 'RegisterKey', terms));
      const receipt = await ledger.carryOut(call);
      const { kid } = ledger.event(receipt, 'KeyRegistered');
      const { r: _r, s: _s, ...told } = terms;
      ledger.tells(receipt, 'KeyRegistered', { ...told, by: signer.address });
      await ledger.holds('keyOf', [issuer, kid], { state: 1, listed: false });
      await ledger.refuses(call, 'InvalidAccountNonce', signer.address, await nonceOf(signer.address));
    });

    test('cannot be altered, and needs its own proof besides', async () => {
      const [key, other] = [newKey(), newKey()];
      const terms = ledger.newKey(key, issuer);
      const instruction = await instruct(ledger, signer, 'RegisterKey', terms);
      const refused = ['InstructionNotSigned', signer.address] as const;
      const second = await ledger.registerIssuer({ controller: signer.address }, code);
      for (const changed of [
        ledger.newKey(other, issuer),
        ledger.newKey(key, second),
        ledger.newKey(key, issuer, { from: 1 }),
        ledger.newKey(key, issuer, { until: 1_900_000_000 }),
        ledger.newKey(key, issuer, { revocation: 2 }),
        { ...terms, y: terms['x'] },
      ]) {
        await ledger.refuses(relayKey(changed, instruction), ...refused);
      }
      const unproven = ledger.newKey(key, issuer, { signer: other });
      const kid = `0x${Buffer.from(key.kid, 'base64url').toString('hex')}`;
      await ledger.refuses(relayKey(unproven, instruction), 'PossessionNotProven', kid);
      // The proof has no part in what is signed: it says of itself what it is for.
      await ledger.carryOut(relayKey(ledger.newKey(key, issuer), instruction));
    });

    test('is no operator’s to register, and no anchor’s signature either', async () => {
      const operator = newSigner();
      const id = await ledger.registerIssuer({}, code);
      await ledger.send(ledger.controller, 'setOperator', id, operator.address);
      const terms = ledger.newKey(newKey(), id);
      const call = relayKey(terms, await instruct(ledger, operator, 'RegisterKey', terms));
      await ledger.refuses(call, 'NotController', id, operator.address);
      const anchor = await instruct(ledger, signer, 'Anchor', ledger.newAnchor(issuer, word('list')));
      const own = ledger.newKey(newKey(), issuer);
      await ledger.refuses(relayKey(own, anchor), 'InstructionNotSigned', signer.address);
    });
  });

  describe('a contract that controls (ERC-1271)', () => {
    test('stands by its signatures as an account does, and by no others', async () => {
      const account = await deployContractAccount(ledger);
      const id = await ledger.registerIssuer({ controller: account }, code);
      const terms = ledger.newAnchor(id, word('contract'));
      const deadline = (await ledger.time()) + 3600;
      const values = { ...terms, nonce: 0, deadline };
      const hash = TypedDataEncoder.hash(domainOf(ledger), fieldsOf('Anchor'), values);
      const instruction = { signer: account, nonce: 0n, deadline, signature: '0x' };
      const call = relayAnchor(terms, instruction);
      await ledger.refuses(call, 'InstructionNotSigned', account);
      await approve(account, word('another hash'), true);
      await ledger.refuses(call, 'InstructionNotSigned', account);
      await approve(account, hash, true);
      ledger.tells(await ledger.carryOut(call), 'RevocationAnchored', { by: account });
      await ledger.refuses(call, 'InvalidAccountNonce', account, 1);
    });

    test('that is none, fails or answers something else stands by nothing', async () => {
      for (const runtime of [
        '0x00', // STOP
        '0x5f5ffd', // REVERT
        '0xfe', // INVALID
        '0x631626ba7e5f5260205ff3', // the magic value, but right-aligned
        '0x631626ba7e60e01b5f5260045ff3', // the magic value, but in four bytes
      ]) {
        const account = await deployContractAccount(ledger, runtime);
        const id = await ledger.registerIssuer({ controller: account }, code);
        const terms = ledger.newAnchor(id, word('contract'));
        const instruction = await instruct(ledger, signer, 'Anchor', terms, { signer: account });
        await ledger.refuses(relayAnchor(terms, instruction), 'InstructionNotSigned', account);
      }
    });

    async function approve(account: string, hash: string, approved: boolean): Promise<void> {
      const value = `0x${(approved ? '1' : '0').padStart(64, '0')}`;
      await ledger.rpc('hardhat_setStorageAt', account, hash, value);
    }
  });

  test('every member of the typed data is one of the contract’s structs', () => {
    const members = (type: keyof typeof TYPES): string[] => TYPES[type].map(([, name]) => name);
    const terms = Object.keys(ledger.newAnchor(issuer, word('list')));
    assert.deepEqual(members('Anchor'), [...terms, 'nonce', 'deadline']);
    const key = Object.keys(ledger.newKey(newKey(), issuer)).filter((name) => name !== 'r' && name !== 's');
    assert.deepEqual(members('RegisterKey'), [...key, 'nonce', 'deadline']);
  });
});

/**
 * An account that answers 0x1626ba7e to the hashes in its storage, whatever is asked:
 * PUSH1 4, CALLDATALOAD, SLOAD, PUSH4 magic, PUSH1 224, SHL, MUL, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN.
 */
async function deployContractAccount(
  ledger: Ledger,
  runtime = '0x60043554631626ba7e60e01b025f5260205ff3',
): Promise<string> {
  const { address } = newSigner();
  await ledger.rpc('hardhat_setCode', address, runtime);
  return address;
}
