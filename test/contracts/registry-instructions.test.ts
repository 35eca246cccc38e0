import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callNode } from '../../contracts/json-rpc.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import {
  instructionFile,
  parseInstruction,
  type SignedInstruction,
} from '../../contracts/signed-instruction.ts';
import type { RegistryCode } from '../../contracts/registry-error.ts';
import { newKey } from '../support/cards.ts';
import {
  type Clients,
  fails,
  issuerOf,
  NODES,
  poorKeystore,
  provenKey,
  refuses,
  startClients,
} from './clients.ts';
import { DAY, word } from './ledger.ts';
import { lyingNode } from './rpc-stub.ts';

for (const { node, start } of NODES) {
  describe(`signed instructions, on ${node}`, () => {
    let clients: Clients;
    let folder: string;
    /** Controls an issuer and has no ether. */
    let poor: RegistryClient;
    let issuerId: number;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'pratique-instructions-'));
      clients = await startClients(start);
      const { governor, accreditor } = clients;
      await governor.openJurisdiction('US-NY', 'New York', await accreditor.sender());
      const { address, keystore } = await poorKeystore(folder);
      poor = await clients.connect(0, { keystore });
      ({ issuerId } = await accreditor.registerIssuer(issuerOf(address)));
    });
    after(async () => {
      await clients.stop();
      await rm(folder, { recursive: true });
    });

    const deadline = (): number => Math.floor(Date.now() / 1000) + 30 * DAY;
    const anchorOf = (counter: number): Parameters<RegistryClient['anchor']>[0] => ({
      issuerId,
      list: 'name:audit',
      root: Buffer.from(word('root').slice(2), 'hex'),
      counter,
      length: 10,
      revoked: 0,
      final: false,
    });
    const signAnchor = async (
      counter: number,
      terms: { readonly deadline?: number; readonly after?: number } = {},
    ): Promise<SignedInstruction> =>
      poor.signInstruction(
        { instruction: 'anchor', terms: anchorOf(counter) },
        { deadline: deadline(), ...terms },
      );
    /** Through the file, as it reaches who relays. */
    const passedOn = (instruction: SignedInstruction): SignedInstruction =>
      parseInstruction(JSON.parse(instructionFile(instruction)));

    test('an account without ether registers a key and anchors, and a stranger pays', async () => {
      const { stranger } = clients;
      const account = await poor.sender();
      assert.equal(await callNode(clients.chain.rpcUrl, 'eth_getBalance', [account, 'latest']), '0x0');
      const key = newKey();
      const terms = provenKey(key, issuerId, poor);
      const registration = await poor.signInstruction(
        { instruction: 'register-key', terms },
        { deadline: deadline() },
      );
      const { kid } = await stranger.relay(passedOn(registration));
      assert.equal(kid, key.kid);
      assert.equal((await stranger.keyOf(issuerId, key.kid)).state, 'active');

      await stranger.relay(passedOn(await signAnchor(1)));
      assert.equal((await stranger.anchorOf(issuerId, 'name:audit')).counter, 1);
      assert.equal(await stranger.nonceOf(account), 2);
    });

    test('an account of the node signs as a keystore does', async () => {
      const { accreditor, controller, stranger } = clients;
      const registered = await accreditor.registerIssuer(issuerOf(await controller.sender()));
      const terms = provenKey(newKey(), registered.issuerId, controller);
      const signed = await controller.signInstruction(
        { instruction: 'register-key', terms },
        { deadline: deadline() },
      );
      await stranger.relay(passedOn(signed));
    });

    test('a node that does not sign typed data is said not to', async () => {
      const mute = await lyingNode(
        (method, honest) =>
          method === 'eth_signTypedData_v4'
            ? { jsonrpc: '2.0', id: 1, error: { code: -32_601, message: 'method not found' } }
            : honest(),
        clients.chain.rpcUrl,
      );
      try {
        const client = await clients.connect(2, { rpcUrl: mute.rpcUrl });
        const terms = anchorOf(1);
        const signed = client.signInstruction({ instruction: 'anchor', terms }, { deadline: deadline() });
        await fails(signed, 'ACCOUNT_UNAVAILABLE');
      } finally {
        await mute.stop();
      }
    });

    test('several are signed ahead and relayed in their order, each once', async () => {
      const { stranger } = clients;
      const counter = (await stranger.anchorOf(issuerId, 'name:audit')).counter;
      const [first, second] = [await signAnchor(counter + 1), await signAnchor(counter + 2, { after: 1 })];
      await fails(stranger.relay(second), 'INSTRUCTION_EARLY');
      await stranger.relay(first);
      await fails(stranger.relay(first), 'INSTRUCTION_USED');
      await stranger.relay(second);
    });

    test('what is altered, foreign or late is refused by its own code before anything is sent', async () => {
      const { stranger, chain } = clients;
      const { counter } = await stranger.anchorOf(issuerId, 'name:audit');
      const signed = await signAnchor(counter + 1);
      const { signature } = signed;
      const flipped = `${signature.slice(0, 10)}${signature[10] === '0' ? '1' : '0'}${signature.slice(11)}`;
      const latest = await callNode(chain.rpcUrl, 'eth_getBlockByNumber', ['latest', false]);
      const now = Number((latest as { timestamp: string }).timestamp);
      const wrong: [SignedInstruction, RegistryCode][] = [
        [{ ...signed, chainId: 1 }, 'WRONG_CHAIN'],
        [{ ...signed, registry: `0x${'11'.repeat(20)}` }, 'WRONG_REGISTRY'],
        [await signAnchor(counter + 1, { deadline: now - 1 }), 'INSTRUCTION_EXPIRED'],
        [{ ...signed, deadline: signed.deadline + 1 }, 'INSTRUCTION_FORGED'],
        [{ ...signed, signature: flipped }, 'INSTRUCTION_FORGED'],
        [{ ...signed, signature: `${signature}00` }, 'INSTRUCTION_FORGED'],
        [{ ...signed, signature: highTwin(signature) }, 'INSTRUCTION_FORGED'],
        [{ ...signed, signer: await stranger.sender(), nonce: 0 }, 'INSTRUCTION_FORGED'],
        [{ ...signed, instruction: 'anchor', terms: anchorOf(counter + 2) }, 'INSTRUCTION_FORGED'],
      ];
      const account = await stranger.sender();
      const sent = await callNode(chain.rpcUrl, 'eth_getTransactionCount', [account, 'latest']);
      for (const [instruction, code] of wrong) await fails(stranger.relay(instruction), code);
      assert.equal(await callNode(chain.rpcUrl, 'eth_getTransactionCount', [account, 'latest']), sent);
      await stranger.relay(signed);
    });

    test('a deadline that is over by now, if not in the latest block, is over', async () => {
      const { stranger, chain } = clients;
      const { counter } = await stranger.anchorOf(issuerId, 'name:audit');
      const block = await callNode(chain.rpcUrl, 'eth_getBlockByNumber', ['latest', false]);
      const latest = Number((block as { timestamp: string }).timestamp);
      const signed = await signAnchor(counter + 1, { deadline: latest + 50 });
      await clients.pass(100);
      await fails(stranger.relay(signed), 'INSTRUCTION_EXPIRED');
      assert.equal((await stranger.anchorOf(issuerId, 'name:audit')).counter, counter);
    });

    test('an instruction does not make its signer anybody: the contract asks who may', async () => {
      const { controller, stranger } = clients;
      const signed = await controller.signInstruction(
        { instruction: 'anchor', terms: anchorOf(99) },
        { deadline: deadline() },
      );
      await refuses(stranger.relay(signed), 'NotController', issuerId, await controller.sender());
    });

    test('terms that nobody can sign are refused before the account is asked', async () => {
      const terms = { ...anchorOf(1), counter: -1 };
      await fails(
        poor.signInstruction({ instruction: 'anchor', terms }, { deadline: 1 }),
        'ARGUMENT_INVALID',
      );
    });
  });
}

/** The other signature that the same key makes of the same hash: s above half of the order of secp256k1. */
function highTwin(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.slice(130) === '1b' ? '1c' : '1b';
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}`;
}
