import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../atomic-file.ts';
import type { KeyAndCertificate } from './certificates.ts';
import { canonicalAddress, namesOf } from './machine-names.ts';
import type { CertificateNames, Machine } from './machine-names.ts';
import { permittedBy } from './name-constraints.ts';
import { TlsError } from './tls-error.ts';

/** A CA of this machine alone, and the server certificate that it made. */
export interface LocalCa {
  /** The CA's certificate, for devices to trust. */
  readonly certificate: {
    readonly pem: string;
    readonly der: Uint8Array;
    /** SHA-256 over the DER, as devices show it: upper-case hexadecimal, no separators. */
    readonly fingerprint: string;
    /** The name it has in a device's list. */
    readonly name: string;
    /** Unix seconds. */
    readonly until: number;
  };
  /** For `tls.createServer` or `setSecureContext`; PEM. */
  readonly server: { readonly key: string; readonly cert: string };
  /** What the server certificate is good for. */
  readonly names: CertificateNames;
  /** Names and addresses of this machine that the CA does not permit, because it is older than they are. */
  readonly leftOut: readonly string[];
  /** Whether a part was made just now; a new CA has to be installed on each device. */
  readonly made: 'ca' | 'server-certificate' | null;
}

const CA_CERTIFICATE = 'ca.pem';
const CA_KEY = 'ca-key.pem';
const SERVER_CERTIFICATE = 'server.pem';
const SERVER_KEY = 'server-key.pem';

/** Renewed this long before its end: a node that starts once a month is never caught by it. */
const RENEWED_BEFORE_SECONDS = 30 * 86_400;

/**
 * The local CA in that folder, made at first use, with a server certificate that covers this machine as it is now.
 *
 * Asked again, it renews what is near its end or no longer fits, and keeps the CA, so that devices need nothing; only
 * when the CA itself has expired, and no device takes it any more, is there a new one.
 *
 * @param now Unix seconds
 * @throws TlsError LOCAL_CA_DAMAGED, LOCAL_CA_KEY_EXPOSED, LOCAL_CA_UNWRITABLE, TLS_FILE_UNREADABLE
 */
export async function openLocalCa(folder: string, machine: Machine, now: number): Promise<LocalCa> {
  const wanted = namesOf(machine);
  const held = await heldCa(folder, now);
  const ca = held ?? (await newCa(folder, machine, now));
  const { raw } = new X509Certificate(ca.certificate);
  const names = permittedBy(raw, wanted);
  const heldServer = held === undefined ? undefined : await heldServerCertificate(folder, ca, names, now);
  const server = heldServer ?? (await newServerCertificate(folder, ca, names, now));
  return {
    certificate: describe(ca.certificate),
    server: { key: server.key, cert: server.certificate },
    names,
    leftOut: [
      ...wanted.dns.filter((name) => !names.dns.includes(name)),
      ...wanted.ip.filter((address) => !names.ip.includes(address)),
    ],
    made: held === undefined ? 'ca' : heldServer === undefined ? 'server-certificate' : null,
  };
}

async function heldCa(folder: string, now: number): Promise<KeyAndCertificate | undefined> {
  const certificate = await readOwn(folder, CA_CERTIFICATE);
  // A key without its certificate is what an interrupted start leaves; no device has seen that CA.
  if (certificate === undefined) return undefined;
  const key = await readOwn(folder, CA_KEY, { secret: true });
  if (key === undefined || !belongTogether(key, certificate)) {
    throw new TlsError(
      'LOCAL_CA_DAMAGED',
      `The local CA in ${folder} has lost its key, or holds another's. Restore ${CA_KEY}, or remove the folder and install the new CA on each device.`,
    );
  }
  return untilOf(new X509Certificate(certificate)) > now ? { key, certificate } : undefined;
}

async function newCa(folder: string, machine: Machine, now: number): Promise<KeyAndCertificate> {
  const { makeCa } = await import('./certificates.ts');
  const ca = await makeCa(namesOf(machine), machine.hostname, now);
  await writeOwn(folder, CA_KEY, ca.key, 0o600);
  await writeOwn(folder, CA_CERTIFICATE, ca.certificate, 0o644);
  return ca;
}

/** The server certificate in the folder if it is whole, by that CA, for exactly these names, and good for a while. */
async function heldServerCertificate(
  folder: string,
  ca: KeyAndCertificate,
  names: CertificateNames,
  now: number,
): Promise<KeyAndCertificate | undefined> {
  const certificate = await readOwn(folder, SERVER_CERTIFICATE);
  const key = await readOwn(folder, SERVER_KEY);
  if (certificate === undefined || key === undefined || !belongTogether(key, certificate)) return undefined;
  const parsed = new X509Certificate(certificate);
  const issuer = new X509Certificate(ca.certificate);
  const isFresh =
    Date.parse(parsed.validFrom) / 1000 <= now &&
    // One that ends with its CA cannot be renewed for longer.
    untilOf(parsed) > Math.min(now + RENEWED_BEFORE_SECONDS, untilOf(issuer) - 1);
  return isFresh && parsed.verify(issuer.publicKey) && sameNames(parsed, names)
    ? { key, certificate }
    : undefined;
}

async function newServerCertificate(
  folder: string,
  ca: KeyAndCertificate,
  names: CertificateNames,
  now: number,
): Promise<KeyAndCertificate> {
  const { makeServerCertificate } = await import('./certificates.ts');
  const server = await makeServerCertificate(ca, names, now);
  await writeOwn(folder, SERVER_KEY, server.key, 0o600);
  await writeOwn(folder, SERVER_CERTIFICATE, server.certificate, 0o644);
  return server;
}

function describe(pem: string): LocalCa['certificate'] {
  const certificate = new X509Certificate(pem);
  const der = Uint8Array.from(certificate.raw);
  return {
    pem,
    der,
    fingerprint: createHash('sha256').update(der).digest('hex').toUpperCase(),
    name: /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '',
    until: untilOf(certificate),
  };
}

function belongTogether(key: string, certificate: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function sameNames(certificate: X509Certificate, { dns, ip }: CertificateNames): boolean {
  const held = (certificate.subjectAltName ?? '')
    .split(', ')
    .map((name) =>
      name.replace(/^IP Address:(.*)$/, (_, address: string) => `IP:${canonicalAddress(address)}`),
    );
  const wanted = [...dns.map((name) => `DNS:${name}`), ...ip.map((address) => `IP:${address}`)];
  return held.toSorted().join() === wanted.toSorted().join();
}

function untilOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo) / 1000;
}

async function readOwn(folder: string, name: string, { secret = false } = {}): Promise<string | undefined> {
  try {
    const file = await open(join(folder, name), 'r');
    try {
      // Windows keeps no such bits.
      if (secret && process.platform !== 'win32' && ((await file.stat()).mode & 0o077) !== 0) {
        throw new TlsError(
          'LOCAL_CA_KEY_EXPOSED',
          `Others than its owner may read or write ${join(folder, name)}: set its mode to 600, and if anyone may have read it, remove the folder and install the new CA on each device.`,
        );
      }
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof TlsError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TlsError('TLS_FILE_UNREADABLE', `${join(folder, name)} cannot be read.`);
  }
}

async function writeOwn(folder: string, name: string, content: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(join(folder, name), content, mode);
  } catch {
    throw new TlsError('LOCAL_CA_UNWRITABLE', `${join(folder, name)} cannot be written.`);
  }
}
