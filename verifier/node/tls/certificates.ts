// @peculiar/x509 decorates its classes and asks for this to be there first.
// oxlint-disable-next-line import/no-unassigned-import
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { CertificateNames } from './machine-names.ts';
import { encodeNameConstraints, NAME_CONSTRAINTS } from './name-constraints.ts';

/** A private key (PKCS#8) and its certificate, both as PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

const DAY_SECONDS = 86_400;
/** A phone's clock may be behind ours. */
const BACKDATED_SECONDS = DAY_SECONDS;
const CA_SECONDS = 730 * DAY_SECONDS;
/** Apple takes no server certificate that is valid for more than 398 days (support.apple.com/102028). */
const SERVER_SECONDS = 397 * DAY_SECONDS;

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * A CA that can certify servers of these names and private addresses and nothing else: no other site, no CA below it,
 * no mail, no program.
 *
 * @param now Unix seconds
 */
export async function makeCa(
  names: CertificateNames,
  hostname: string,
  now: number,
): Promise<KeyAndCertificate> {
  const keys = await newKeys();
  const day = new Date(now * 1000).toISOString().slice(0, 10);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      // With the day, so that people can tell two of them apart in a list (64 characters at most, RFC 5280 appendix A).
      name: [{ CN: [`Pratique ${hostname.slice(0, 32)} ${day}`] }, { O: ['Pratique local CA'] }],
      notBefore: dateOf(now - BACKDATED_SECONDS),
      notAfter: dateOf(now - BACKDATED_SECONDS + CA_SECONDS),
      signingAlgorithm: ES256,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.Extension(NAME_CONSTRAINTS, true, Uint8Array.from(encodeNameConstraints(names))),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto as Crypto,
  );
  return { key: await pemOf(keys.privateKey), certificate: `${certificate.toString('pem')}\n` };
}

/**
 * A server certificate by that CA, which it never outlives.
 *
 * @param now Unix seconds
 */
export async function makeServerCertificate(
  ca: KeyAndCertificate,
  names: CertificateNames,
  now: number,
): Promise<KeyAndCertificate> {
  const issuer = new x509.X509Certificate(ca.certificate);
  const keys = await newKeys();
  const begin = Math.max(now - BACKDATED_SECONDS, issuer.notBefore.getTime() / 1000);
  const end = Math.min(begin + SERVER_SECONDS, issuer.notAfter.getTime() / 1000);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject: [{ CN: ['Pratique verifier node'] }],
      issuer: issuer.subjectName,
      notBefore: dateOf(begin),
      notAfter: dateOf(end),
      signingAlgorithm: ES256,
      publicKey: keys.publicKey,
      signingKey: await signingKeyOf(ca.key),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          ...names.dns.map((value) => ({ type: 'dns' as const, value })),
          ...names.ip.map((value) => ({ type: 'ip' as const, value })),
        ]),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ],
    },
    webcrypto as Crypto,
  );
  return { key: await pemOf(keys.privateKey), certificate: `${certificate.toString('pem')}\n` };
}

function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ES256, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

async function pemOf(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY') + '\n';
}

function signingKeyOf(pem: string): Promise<CryptoKey> {
  const [pkcs8 = new ArrayBuffer()] = x509.PemConverter.decode(pem);
  return webcrypto.subtle.importKey('pkcs8', pkcs8, ES256, false, ['sign']) as Promise<CryptoKey>;
}

/** 16 random octets, positive (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets.toString('hex');
}

/** Certificates count whole seconds. */
function dateOf(seconds: number): Date {
  return new Date(Math.floor(seconds) * 1000);
}
