import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { makeCa, makeServerCertificate } from '../../../../verifier/node/tls/certificates.ts';
import { readOwnCertificate } from '../../../../verifier/node/tls/own-certificate.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const NOW = Math.floor(Date.now() / 1000);
const NAMES = { dns: ['scan.venue.example'], ip: ['192.168.1.20', 'fd00::5'] };

async function filesOf(t: TestContext, at = NOW) {
  const folder = await temporaryFolder(t);
  const { key, certificate } = await makeServerCertificate(await makeCa(NAMES, 'venue', at), NAMES, at);
  const paths = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  await writeFile(paths.key, key);
  await writeFile(paths.cert, certificate);
  return { paths, key, certificate };
}

describe('a certificate of the venue’s own', () => {
  test('serves the names and addresses in it', async (t) => {
    const { paths, key, certificate } = await filesOf(t);
    for (const host of [
      'scan.venue.example',
      'SCAN.venue.example',
      '192.168.1.20',
      '[fd00::5]',
      'fd00:0::5',
    ]) {
      assert.deepEqual(await readOwnCertificate(paths, host, NOW), { key, cert: certificate }, host);
    }
  });

  test('is refused for a name or an address that is not in it', async (t) => {
    const { paths } = await filesOf(t);
    for (const host of ['venue.example', 'Pratique verifier node', '192.168.1.21', 'localhost']) {
      await assert.rejects(
        readOwnCertificate(paths, host, NOW),
        { name: 'TlsError', code: 'TLS_HOST_NOT_COVERED' },
        host,
      );
    }
  });

  test('is refused once it has expired, and before it begins', async (t) => {
    const { paths } = await filesOf(t);
    const host = 'scan.venue.example';
    await assert.rejects(readOwnCertificate(paths, host, NOW + 400 * 86_400), {
      code: 'TLS_CERTIFICATE_EXPIRED',
    });
    await assert.rejects(readOwnCertificate(paths, host, NOW - 2 * 86_400), {
      code: 'TLS_CERTIFICATE_NOT_YET_VALID',
    });
  });

  test('is refused with the key of another, or with files that hold something else', async (t) => {
    const { paths } = await filesOf(t);
    const other = await filesOf(t);
    const read = (more: Partial<typeof paths>) =>
      readOwnCertificate({ ...paths, ...more }, 'scan.venue.example', NOW);
    await assert.rejects(read({ key: other.paths.key }), { code: 'TLS_KEY_MISMATCH' });
    await assert.rejects(read({ key: paths.cert }), { code: 'TLS_KEY_MALFORMED' });
    await assert.rejects(read({ cert: paths.key }), { code: 'TLS_CERTIFICATE_MALFORMED' });
    await assert.rejects(read({ cert: `${paths.cert}.gone` }), { code: 'TLS_FILE_UNREADABLE' });
  });
});
