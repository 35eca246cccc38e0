import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbiCoder, concat, getBytes, keccak256, toBeHex } from 'ethers';
import fc from 'fast-check';
import { logGenesis, nextHead } from '../../../verifier/pipeline/registry-log.ts';
import type { RawLog } from '../../../verifier/pipeline/registry-log.ts';

const REGISTRY = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

/** The fixed formula once more, by another library. */
function genesisByEthers(chainId: number, registry: string): string {
  const types = ['string', 'uint256', 'address'];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, ['pratique/log/1', chainId, registry]));
}

function nextByEthers(head: string, { topics, data }: RawLog): string {
  return keccak256(concat([head, keccak256(concat([toBeHex(topics.length, 1), ...topics, data]))]));
}

const word = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const bytes = fc.uint8Array({ maxLength: 300 }).map((some) => `0x${Buffer.from(some).toString('hex')}`);

test('the head of an empty log is that of the formula, for any chain and address', () => {
  assert.equal(logGenesis(31337, REGISTRY), genesisByEthers(31337, REGISTRY));
  const address = fc.uint8Array({ minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), address, (chainId, twenty) => {
      const registry = `0x${Buffer.from(twenty).toString('hex')}`;
      assert.equal(logGenesis(chainId, registry), genesisByEthers(chainId, registry.toLowerCase()));
    }),
  );
});

test('the next head is that of the formula, for any log of one to four topics', () => {
  fc.assert(
    fc.property(word, fc.array(word, { minLength: 1, maxLength: 4 }), bytes, (head, topics, data) => {
      assert.equal(nextHead(head, { topics, data }), nextByEthers(head, { topics, data }));
    }),
  );
});

test('hexadecimal in capitals leads to the same head', () => {
  const log = { topics: [`0x${'ab'.repeat(32)}`], data: '0xabcdef' };
  const upper = { topics: [`0x${'AB'.repeat(32)}`], data: '0xABCDEF' };
  const head = logGenesis(1, REGISTRY);
  assert.equal(nextHead(head, log), nextHead(head, upper));
  assert.equal(logGenesis(1, REGISTRY.toLowerCase()), logGenesis(1, REGISTRY));
});

test('moving a byte from a topic to the data changes the head', () => {
  const head = logGenesis(1, REGISTRY);
  const [a, b] = [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`];
  assert.notEqual(nextHead(head, { topics: [a, b], data: '0x' }), nextHead(head, { topics: [a], data: b }));
});

const word32 = `0x${'00'.repeat(32)}`;
for (const [what, log] of [
  ['no topic', { topics: [], data: '0x' }],
  ['five topics', { topics: Array<string>(5).fill(word32), data: '0x' }],
  ['a topic of 31 bytes', { topics: [`0x${'00'.repeat(31)}`], data: '0x' }],
  ['a topic without 0x', { topics: ['00'.repeat(32)], data: '0x' }],
  ['data that is no hexadecimal', { topics: [word32], data: '0xzz' }],
  ['data of half a byte', { topics: [word32], data: '0xabc' }],
] as const satisfies readonly (readonly [string, RawLog])[]) {
  test(`a log with ${what} is LOG_MALFORMED`, () => {
    assert.throws(() => nextHead(word32, log), { code: 'LOG_MALFORMED' });
  });
}

test('a chain id or an address that is none is LOG_MALFORMED', () => {
  for (const chainId of [-1, 1.5, Number.NaN, 2 ** 53]) {
    assert.throws(() => logGenesis(chainId, REGISTRY), { code: 'LOG_MALFORMED' });
  }
  assert.throws(() => logGenesis(1, REGISTRY.slice(0, -2)), { code: 'LOG_MALFORMED' });
  assert.throws(() => logGenesis(1, 'somewhere'), { code: 'LOG_MALFORMED' });
  assert.equal(getBytes(logGenesis(0, REGISTRY)).length, 32);
});
