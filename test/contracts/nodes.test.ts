import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { concat, sha256, zeroPadValue } from 'ethers';
import { lowSignature } from '../../contracts/key-possession.ts';
import { encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import { newKey, type TestKey } from '../support/cards.ts';
import { CLIENTS } from './nodes.ts';
import { instruct, newSigner } from './instructions.ts';
import { FROM, type Ledger, point, startLedger, word } from './ledger.ts';
import { recomputedHead } from './raw-log.ts';

/** Chains on which the precompile of EIP-7951 is, and chains on which it is not. */
const HARDFORKS = ['osaka', 'cancun'] as const;
/** EIP-7951. */
const P256_PRECOMPILE = `0x${'100'.padStart(40, '0')}`;

for (const client of CLIENTS) {
  for (const hardfork of HARDFORKS) {
    describe(`a registry on ${client} of ${hardfork}`, () => {
      const code = encodeJurisdiction('US-NY');
      const iss = 'https://core.example';
      const wallet = newSigner();
      const list = word('list');
      let ledger: Ledger;
      let key: TestKey;
      let kid: string;
      before(async () => {
        ledger = await startLedger({ client, hardfork });
        key = newKey();
      });
      after(() => ledger.stop());

      const isTrusted = async (): Promise<unknown> => (await ledger.lens('isTrusted', iss, kid, FROM))[0];

      test(`has ${hardfork === 'osaka' ? 'the' : 'no'} precompile for P-256`, async () => {
        const message = Buffer.from('a message');
        const { r, s } = lowSignature(key.sign(message));
        const data = concat([sha256(message), r, s, ...point(key)]);
        const answer = await ledger.rpc('eth_call', { to: P256_PRECOMPILE, data }, 'latest');
        assert.equal(answer, hardfork === 'osaka' ? zeroPadValue('0x01', 32) : '0x');
      });

      test('opens a jurisdiction, registers an issuer and a key that is proven', async () => {
        const { accreditor, governor, stranger } = ledger;
        await ledger.send(governor, 'openJurisdiction', code, 'New York', accreditor);
        await ledger.registerIssuer({ iss, controller: wallet.address }, code);
        const terms = ledger.newKey(key, 1n);
        const other = ledger.newKey(key, 1n, { signer: newKey() });
        kid = encodeKid(key.kid);
        const relay = async (newKey_: object): Promise<unknown[]> => [
          newKey_,
          await instruct(ledger, wallet, 'RegisterKey', newKey_),
        ];
        const unproven = { from: stranger, name: 'registerKeyBySignature', args: await relay(other) };
        await ledger.refuses(unproven, 'PossessionNotProven', kid);
        await ledger.send(stranger, 'registerKeyBySignature', ...(await relay(terms)));
        assert.equal(await isTrusted(), true);
      });

      test('anchors what is relayed, once', async () => {
        const terms = ledger.newAnchor(1n, list, { counter: 5 });
        const signed = await instruct(ledger, wallet, 'Anchor', terms);
        await ledger.send(ledger.stranger, 'anchorBySignature', terms, signed);
        const replay = { from: ledger.stranger, name: 'anchorBySignature', args: [terms, signed] };
        await ledger.refuses(replay, 'InvalidAccountNonce', wallet.address, 2);
        assert.equal((await ledger.anchorOf(1n, list))['counter'], 5n);
      });

      test('burns a key by the key itself', async () => {
        await ledger.send(ledger.stranger, 'burnKey', ...ledger.burning(key, 1n));
        assert.equal(await isTrusted(), false);
      });

      test('has a head that its raw receipts give', async () => {
        const [head, size] = await ledger.view('logHead');
        assert.deepEqual(await recomputedHead(ledger), [head, size]);
        assert.equal(size, 4n);
      });
    });
  }
}
