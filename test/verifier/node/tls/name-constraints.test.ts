import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, test } from 'node:test';
import {
  makeCa,
  makeServerCertificate,
  type KeyAndCertificate,
} from '../../../../verifier/node/tls/certificates.ts';
import { namesOf } from '../../../../verifier/node/tls/machine-names.ts';
import { permittedBy } from '../../../../verifier/node/tls/name-constraints.ts';

const NOW = 1_790_000_000;
const names = namesOf({ hostname: 'Desk.Venue.example', addresses: ['93.184.216.34', '192.168.1.20'] });
let ca: KeyAndCertificate;
before(async () => {
  ca = await makeCa(names, 'desk', NOW);
});

const permits = (name: string): boolean => {
  const { raw } = new X509Certificate(ca.certificate);
  const { dns, ip } = permittedBy(raw, { dns: [name], ip: /^[\d.]+$|:/.test(name) ? [name] : [] });
  return dns.length + ip.length > 0;
};

test('the machine’s own names are permitted, and the public address that it had', () => {
  assert.deepEqual(names.dns, ['desk.local', 'desk.venue.example', 'localhost']);
  for (const name of [...names.dns, ...names.ip]) assert.ok(permits(name), name);
  for (const name of ['venue.example', 'www.venue.example', 'local', 'example', ''])
    assert.ok(!permits(name), name);
});

test('private addresses are permitted to the last one, and none beside them', () => {
  for (const address of [
    '10.0.0.0',
    '10.255.255.255',
    '127.255.255.255',
    '169.254.9.9',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.255.255',
    '::1',
    'fc00::',
    'fdff:ffff::1',
    'fe80::1',
    'febf::1',
  ])
    assert.ok(permits(address), address);
  for (const address of [
    '9.255.255.255',
    '11.0.0.0',
    '128.0.0.1',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '93.184.216.35',
    '::',
    '::2',
    'fbff::1',
    'fe00::1',
    'fec0::1',
    '2001:db8::1',
  ])
    assert.ok(!permits(address), address);
});

test('a certificate that constrains nothing permits nothing here', async () => {
  const server = await makeServerCertificate(ca, names, NOW);
  const { raw } = new X509Certificate(server.certificate);
  assert.deepEqual(permittedBy(raw, names), { dns: [], ip: [] });
  assert.deepEqual(permittedBy(Buffer.from('0603551d1e0101ff0482ffff', 'hex'), names), { dns: [], ip: [] });
});

test('names that no certificate can hold are none of the machine’s', () => {
  const { dns, ip } = namesOf({
    hostname: 'my_pc',
    addresses: ['fe80::1%eth0', 'nonsense', '::ffff:10.0.0.1', '10.0.0.1'],
  });
  assert.deepEqual(dns, ['localhost']);
  assert.deepEqual(ip, ['10.0.0.1', '127.0.0.1', '::1']);
});
