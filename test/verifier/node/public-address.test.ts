import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicAddresses } from '../../../verifier/node/public-address.ts';

test('addresses of the public internet are allowed', () => {
  const isAllowed = publicAddresses();
  for (const address of ['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8']) {
    assert.ok(isAllowed(address), address);
  }
});

test('private, local, multicast and every other special address is refused, in whatever way it is written', () => {
  const isAllowed = publicAddresses();
  const refused =
    '0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1 192.0.0.8 192.0.2.1 192.168.1.1 ' +
    '198.18.0.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::127.0.0.1 ' +
    '64:ff9b::7f00:1 2001:db8::1 2002:7f00:1:: fc00::1 fd12::1 fe80::1 fec0::1 ff02::1 4000::1 localhost ' +
    'example.org fe80::1%eth0';
  for (const address of ['', ...refused.split(' ')]) {
    assert.ok(!isAllowed(address), address);
  }
});

test('a network that was named is allowed, and nothing beside it', () => {
  const isAllowed = publicAddresses(['10.1.0.0/16', 'fd00::/8']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1', '8.8.8.8']) {
    assert.ok(isAllowed(address), address);
  }
  for (const address of ['10.2.0.1', '127.0.0.1', 'fc00::1']) assert.ok(!isAllowed(address), address);
});

test('what is no network is a TypeError', () => {
  for (const text of ['', '10.0.0.1', '10.0.0.0/33', 'all']) {
    assert.throws(() => publicAddresses([text]), TypeError);
  }
});
