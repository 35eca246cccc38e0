import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidArgumentError } from 'commander';
import {
  address,
  addressOrNone,
  attestations,
  digest,
  duration,
  reason,
  time,
  wholeNumber,
} from '../../cli/registry/arguments.ts';

function refuses(parse: (text: string) => unknown, ...texts: readonly string[]): void {
  for (const text of texts) assert.throws(() => parse(text), InvalidArgumentError, text);
}

test('a time is Unix seconds, a date in UTC, or a moment with its zone', () => {
  assert.equal(time('1766000000'), 1_766_000_000);
  assert.equal(time('0'), 0);
  assert.equal(time('2026-09-01'), 1_788_220_800);
  assert.equal(time('2026-09-01T08:00Z'), 1_788_249_600);
  assert.equal(time('2026-09-01T08:00:30+02:00'), 1_788_242_430);
  assert.equal(time('2024-02-29'), 1_709_164_800);
});

test('a time that is none, or could be meant in two ways, is refused', () => {
  refuses(time, '1766000000000', 'yesterday', '', '-5', '1e9', '2026-02-29', '2026-02-30', '2026-13-01');
  // Without a zone it would be the machine's.
  refuses(time, '2026-09-01T08:00', '2026-9-1', '01.09.2026', '1969-12-31', '2026-09-01T25:00Z');
});

test('a duration is a number of seconds, or of a unit', () => {
  assert.deepEqual(['90', '90s', '5m', '36h', '2d'].map(duration), [90, 90, 300, 129_600, 172_800]);
  refuses(duration, '', '2 d', '2w', '-1', '1.5h', 'd');
});

test('a reason is a name of the table, or a number of 16 bits', () => {
  assert.deepEqual(['0', '7', '65535', 'fraud', 'legal-order'].map(reason), [0, 7, 65_535, 3, 7]);
  refuses(reason, 'Fraud', '65536', '-1', '', 'because');
});

test('attestations are the number of a bit set, or the names of its bits', () => {
  assert.deepEqual(['0', '15', '4294967295'].map(attestations), [0, 15, 0xffff_ffff]);
  assert.equal(attestations('print-and-digital-access'), 1);
  assert.equal(attestations('vaccine-policy,privacy-protection'), 6);
  refuses(attestations, '4294967296', 'everything', '', 'privacy-protection,', '-1');
});

test('addresses, digests and whole numbers are of their form', () => {
  const account = `0x${'aB'.repeat(20)}`;
  assert.deepEqual(
    [address(account), addressOrNone(account), addressOrNone('none')],
    [account, account, null],
  );
  refuses(address, 'none', account.slice(1), `${account}0`, '');
  refuses(addressOrNone, 'nobody', '');
  assert.equal(digest(`0x${'0f'.repeat(32)}`), `0x${'0f'.repeat(32)}`);
  refuses(digest, '0f'.repeat(32), `0x${'0f'.repeat(31)}`);
  assert.equal(wholeNumber('007'), 7);
  refuses(wholeNumber, '', '1.5', '-1', '0x10', '1'.repeat(16));
});
