import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressGroup } from '../../../verifier/http/address-group.ts';

test('an IPv6 address is counted with its /64, an IPv4 address alone, however it is written', () => {
  assert.equal(addressGroup('2001:db8:1:2::1'), addressGroup('2001:db8:1:2:ffff:ffff:ffff:ffff'));
  assert.notEqual(addressGroup('2001:db8:1:2::1'), addressGroup('2001:db8:1:3::1'));
  assert.equal(addressGroup('::ffff:192.0.2.1'), addressGroup('192.0.2.1'));
  assert.notEqual(addressGroup('192.0.2.1'), addressGroup('192.0.2.2'));
  assert.notEqual(addressGroup('::1'), addressGroup('127.0.0.1'));
  assert.equal(addressGroup('2001:db8:1:2::1', 48), addressGroup('2001:db8:1:ffff::1', 48));
  assert.notEqual(addressGroup('2001:db8:1::1', 48), addressGroup('2001:db8:2::1', 48));
  assert.equal(addressGroup('::ffff:192.0.2.1', 48), '192.0.2.1');
});

test('a link-local address is counted with its network whatever interface it names', () => {
  assert.equal(addressGroup('fe80::1%eth0'), addressGroup('fe80::2'));
  assert.equal(addressGroup(undefined), '');
});
