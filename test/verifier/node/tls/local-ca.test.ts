import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeServerCertificate, type KeyAndCertificate } from '../../../../verifier/node/tls/certificates.ts';
import * as x509 from '@peculiar/x509';
import { openLocalCa, type LocalCa } from '../../../../verifier/node/tls/local-ca.ts';
import { serveTls, shakeHands } from '../../../support/tls-server.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const DAY = 86_400;
const NOW = Math.floor(Date.now() / 1000);
const MACHINE = { hostname: 'Venue-PC', addresses: ['192.168.1.20', 'fe80::1%eth0', 'fd00:0::5'] };

/** Whether clients that trust the CA take the server under that name; else the code of their refusal. */
async function answerTo(ca: LocalCa, host: string, server = ca.server): Promise<string> {
  const { port, close } = await serveTls(server);
  try {
    await shakeHands(port, host, ca.certificate.pem);
    return 'trusted';
  } catch (error) {
    const { code = 'no code', message } = error as NodeJS.ErrnoException;
    // Node has no name for some of OpenSSL's refusals.
    return code === 'UNSPECIFIED' ? message : code;
  } finally {
    close();
  }
}

/** Another CA under that one, which no CA of ours may have. */
async function certifyCa(ca: KeyAndCertificate): Promise<KeyAndCertificate> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const [pkcs8 = new ArrayBuffer()] = x509.PemConverter.decode(ca.key);
  const { subject } = new x509.X509Certificate(ca.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=Below',
    issuer: subject,
    notBefore: new Date((NOW - 60) * 1000),
    notAfter: new Date((NOW + DAY) * 1000),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    publicKey: keys.publicKey,
    signingKey: await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
    ]),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return { key, certificate: `${certificate.toString('pem')}\n` };
}

describe('over real connections', () => {
  test('a device that trusts the CA reaches the machine by each of its names and addresses, and by no other', async (t) => {
    const ca = await openLocalCa(await temporaryFolder(t), MACHINE, NOW);
    for (const host of [
      'localhost',
      'venue-pc',
      'venue-pc.local',
      '127.0.0.1',
      '::1',
      '192.168.1.20',
      'fd00::5',
    ]) {
      assert.equal(await answerTo(ca, host), 'trusted', host);
    }
    for (const host of ['venue-pc.example', 'other.local', '192.168.1.21', '10.0.0.1']) {
      assert.equal(await answerTo(ca, host), 'ERR_TLS_CERT_ALTNAME_INVALID', host);
    }
  });

  test('a device that trusts another CA refuses', async (t) => {
    const [mine, other] = [await temporaryFolder(t), await temporaryFolder(t)];
    const ca = await openLocalCa(mine, MACHINE, NOW);
    const { certificate } = await openLocalCa(other, MACHINE, NOW);
    assert.notEqual(await answerTo({ ...ca, certificate }, 'localhost'), 'trusted');
  });

  test('not even a thief of the key can pose as a site on the internet, at a public address, or make a CA', async (t) => {
    const folder = await temporaryFolder(t);
    const ca = await openLocalCa(folder, MACHINE, NOW);
    const stolen = {
      key: await readFile(join(folder, 'ca-key.pem'), 'utf8'),
      certificate: ca.certificate.pem,
    };
    for (const [names, host] of [
      [{ dns: ['bank.example'], ip: [] }, 'bank.example'],
      [{ dns: ['local'], ip: [] }, 'local'],
      [{ dns: ['localhost'], ip: ['93.184.216.34'] }, '93.184.216.34'],
    ] as const) {
      const forged = await makeServerCertificate(stolen, names, NOW);
      const server = { key: forged.key, cert: forged.certificate };
      assert.equal(await answerTo(ca, host, server), 'permitted subtree violation', host);
    }
    const below = await certifyCa(stolen);
    const server = await makeServerCertificate(below, { dns: ['localhost'], ip: [] }, NOW);
    const chain = { key: server.key, cert: server.certificate + below.certificate };
    assert.equal(await answerTo(ca, 'localhost', chain), 'PATH_LENGTH_EXCEEDED');
  });

  test('what it certifies says so for no longer than Apple allows, and never outlives the CA', async (t) => {
    const folder = await temporaryFolder(t);
    const first = await openLocalCa(folder, MACHINE, NOW);
    const parsed = new X509Certificate(first.server.cert);
    const days = (Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)) / 1000 / DAY;
    assert.ok(days <= 398 && days > 390, String(days));
    assert.equal(parsed.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    assert.ok(Math.abs(first.certificate.until - NOW - 730 * DAY) <= DAY);
    const late = await openLocalCa(folder, MACHINE, NOW + 600 * DAY);
    assert.equal(Date.parse(new X509Certificate(late.server.cert).validTo) / 1000, first.certificate.until);
  });
});

describe('asked again', () => {
  test('it keeps everything, written once and for its owner alone', async (t) => {
    const folder = join(await temporaryFolder(t), 'tls');
    const first = await openLocalCa(folder, MACHINE, NOW);
    const again = await openLocalCa(folder, MACHINE, NOW + 300 * DAY);
    assert.deepEqual([first.made, again.made], ['ca', null]);
    assert.deepEqual({ ...again, made: 'ca' }, first);
    assert.deepEqual((await readdir(folder)).toSorted(), [
      'ca-key.pem',
      'ca.pem',
      'server-key.pem',
      'server.pem',
    ]);
    for (const key of ['ca-key.pem', 'server-key.pem']) {
      assert.equal((await stat(join(folder, key))).mode & 0o777, 0o600, key);
    }
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    // What leaves is the server's key and public certificates.
    assert.ok(
      !JSON.stringify(first).includes(
        (await readFile(join(folder, 'ca-key.pem'), 'utf8')).split('\n')[1] ?? '?',
      ),
    );
  });

  for (const [what, machine, later] of [
    ['near its end', MACHINE, 370 * DAY],
    ['expired', MACHINE, 500 * DAY],
    ['for other addresses', { ...MACHINE, addresses: ['10.1.2.3'] }, 0],
  ] as const) {
    test(`a server certificate ${what} is renewed under the same CA`, async (t) => {
      const folder = await temporaryFolder(t);
      const first = await openLocalCa(folder, MACHINE, NOW);
      const again = await openLocalCa(folder, machine, NOW + later);
      assert.equal(again.made, 'server-certificate');
      assert.equal(again.certificate.pem, first.certificate.pem);
      assert.notEqual(again.server.cert, first.server.cert);
      if (later === 0) assert.equal(await answerTo(again, '10.1.2.3'), 'trusted');
      assert.equal((await openLocalCa(folder, machine, NOW + later)).made, null);
    });
  }

  test('in its last month it is not renewed over and over, and once it has expired there is a new CA', async (t) => {
    const folder = await temporaryFolder(t);
    const first = await openLocalCa(folder, MACHINE, NOW);
    await openLocalCa(folder, MACHINE, NOW + 600 * DAY);
    assert.equal((await openLocalCa(folder, MACHINE, NOW + 720 * DAY)).made, null);
    const next = await openLocalCa(folder, MACHINE, NOW + 731 * DAY);
    assert.equal(next.made, 'ca');
    assert.notEqual(next.certificate.fingerprint, first.certificate.fingerprint);
  });

  test('a name that came later is left out and told; the rest works on', async (t) => {
    const folder = await temporaryFolder(t);
    await openLocalCa(folder, MACHINE, NOW);
    const renamed = { hostname: 'front-desk', addresses: ['192.168.1.20', '93.184.216.34'] };
    const again = await openLocalCa(folder, renamed, NOW);
    assert.deepEqual(again.leftOut, ['front-desk', 'front-desk.local', '93.184.216.34']);
    assert.equal(await answerTo(again, '192.168.1.20'), 'trusted');
  });

  test('a public address that the machine had from the start is certified', async (t) => {
    const machine = { hostname: 'venue-pc', addresses: ['93.184.216.34'] };
    const ca = await openLocalCa(await temporaryFolder(t), machine, NOW);
    assert.equal(await answerTo(ca, '93.184.216.34'), 'trusted');
  });
});

describe('a folder that is not whole', () => {
  test('a server certificate that is lost, damaged or of another key is made again', async (t) => {
    const folder = await temporaryFolder(t);
    await openLocalCa(folder, MACHINE, NOW);
    for (const harm of [
      () => rm(join(folder, 'server.pem')),
      () => writeFile(join(folder, 'server.pem'), 'torn'),
      async () => writeFile(join(folder, 'server-key.pem'), await readFile(join(folder, 'ca-key.pem'))),
    ]) {
      await harm();
      const again = await openLocalCa(folder, MACHINE, NOW);
      assert.equal(again.made, 'server-certificate');
      assert.equal(await answerTo(again, 'localhost'), 'trusted');
    }
  });

  test('a server certificate by another CA is replaced by one of its own', async (t) => {
    const [folder, other] = [await temporaryFolder(t), await temporaryFolder(t)];
    await openLocalCa(folder, MACHINE, NOW);
    await openLocalCa(other, MACHINE, NOW);
    for (const name of ['server.pem', 'server-key.pem']) {
      await writeFile(join(folder, name), await readFile(join(other, name)));
    }
    assert.equal((await openLocalCa(folder, MACHINE, NOW)).made, 'server-certificate');
  });

  test('what an interrupted first start left is no CA yet', async (t) => {
    const folder = await temporaryFolder(t);
    await openLocalCa(folder, MACHINE, NOW);
    await rm(join(folder, 'ca.pem'));
    const again = await openLocalCa(folder, MACHINE, NOW);
    assert.equal(again.made, 'ca');
    assert.equal(await answerTo(again, 'localhost'), 'trusted');
  });

  test('a CA without its key, or with another, is never replaced in silence', async (t) => {
    const folder = await temporaryFolder(t);
    await openLocalCa(folder, MACHINE, NOW);
    await writeFile(join(folder, 'ca-key.pem'), await readFile(join(folder, 'server-key.pem')));
    await assert.rejects(openLocalCa(folder, MACHINE, NOW), { name: 'TlsError', code: 'LOCAL_CA_DAMAGED' });
    await rm(join(folder, 'ca-key.pem'));
    await assert.rejects(openLocalCa(folder, MACHINE, NOW), { code: 'LOCAL_CA_DAMAGED' });
  });

  test('a key that others may read is not used', { skip: process.platform === 'win32' }, async (t) => {
    const folder = await temporaryFolder(t);
    await openLocalCa(folder, MACHINE, NOW);
    await chmod(join(folder, 'ca-key.pem'), 0o640);
    await assert.rejects(openLocalCa(folder, MACHINE, NOW), { code: 'LOCAL_CA_KEY_EXPOSED' });
  });

  test('a folder that cannot be written or read is said to be so', async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(openLocalCa(join(folder, 'file', 'tls'), MACHINE, NOW), { name: 'TlsError' });
    await mkdir(join(folder, 'ca.pem'));
    await assert.rejects(openLocalCa(folder, MACHINE, NOW), { code: 'TLS_FILE_UNREADABLE' });
  });
});
