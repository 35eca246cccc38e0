import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interface, ZeroAddress, ZeroHash } from 'ethers';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import { refusalFrom } from '../../contracts/refusals.ts';

const registry = new Interface(issuerRegistryAbi);

test('every custom error of the registry reads as a sentence', () => {
  const sample: Record<string, unknown> = { address: ZeroAddress, bytes32: ZeroHash, string: 'text' };
  for (const item of issuerRegistryAbi) {
    if (item.type !== 'error') continue;
    const data = registry.encodeErrorResult(
      item.name,
      item.inputs.map(({ type }) => sample[type] ?? 1),
    );
    const error = refusalFrom(data);
    assert.equal(error.refusal?.name, item.name);
    assert.match(error.message, /^[A-Z].*\.$/, item.name);
  }
});

test('a revert that the registry does not know is still a refusal', () => {
  for (const data of [
    '0x',
    '0x12345678',
    '0x08c379a0',
    // A text that is not UTF-8, and a status that does not exist.
    registry.encodeErrorResult('InvalidIss', ['AB']).replace(/4142(0+)$/, 'ff80$1'),
    registry.encodeErrorResult('InvalidIssuerStatus', [1, 200]),
    registry.encodeErrorResult('ZeroAddress').slice(0, 8),
  ]) {
    const error = refusalFrom(data);
    assert.deepEqual([error.code, error.refusal], ['REVERTED', undefined]);
  }
});
