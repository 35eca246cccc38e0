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

test('a sentence says what its arguments mean, and times as dates', () => {
  const account = `0x${'11'.repeat(20)}`;
  const time = 1_787_407_387;
  const date = '2026-08-22 14:03:07Z';
  const none = ZeroHash;
  const says: [name: string, args: readonly unknown[], words: string | RegExp][] = [
    ['AccessControlInvalidDefaultAdmin', [ZeroAddress], 'zero address'],
    ['AccessControlInvalidDefaultAdmin', [account], account],
    ['AccessControlEnforcedDefaultAdminDelay', [time], date],
    ['RoleNotOffered', [none, account, 0], 'No role was offered'],
    ['RoleNotOffered', [none, account, time], date],
    ['NotProposed', [account, 0], /not proposed to take over\.$/],
    ['NotProposed', [account, time], date],
    ['InstructionExpired', [time], date],
    ['InstructionExpired', [2n ** 255n], String(2n ** 255n)],
    ['InvalidRevocation', [0, 0], 'not by none'],
    ['InvalidRevocation', [1, 2], 'by bits'],
    ['InvalidVenueStatus', [3, 1], 'withdrawn cannot become active'],
    ['HoldUnchanged', [3, true], 'held already'],
    ['HoldUnchanged', [3, false], 'not held'],
    ['SuspensionUnchanged', [`0x4e59${'0'.repeat(60)}`, true], 'NY is suspended already'],
  ];
  for (const [name, args, words] of says) {
    const { message } = refusalFrom(registry.encodeErrorResult(name, args));
    assert.ok(typeof words === 'string' ? message.includes(words) : words.test(message), message);
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
