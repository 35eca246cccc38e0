import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { readFileUpTo } from '../read-file.ts';
import { TlsError } from './tls-error.ts';

/** A chain of certificates and a key are a few kilobytes. */
const MAX_BYTES = 1_000_000;

/** Where the operator keeps a certificate of their own. */
export interface OwnCertificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * The operator's own key and certificate (PEM), checked before anybody meets them in a browser.
 *
 * @param host the name or address that devices will type
 * @param now Unix seconds
 * @throws TlsError TLS_FILE_UNREADABLE, TLS_CERTIFICATE_MALFORMED, TLS_KEY_MALFORMED, TLS_KEY_MISMATCH,
 *   TLS_CERTIFICATE_EXPIRED, TLS_CERTIFICATE_NOT_YET_VALID, TLS_HOST_NOT_COVERED
 */
export async function readOwnCertificate(
  paths: OwnCertificate,
  host: string,
  now: number,
): Promise<{ readonly key: string; readonly cert: string }> {
  const cert = await readText(paths.cert);
  const key = await readText(paths.key);
  const certificate = parseCertificate(cert, paths.cert);
  if (!certificate.checkPrivateKey(parseKey(key, paths.key))) {
    throw new TlsError('TLS_KEY_MISMATCH', `${paths.key} is not the key of ${paths.cert}.`);
  }
  if (Date.parse(certificate.validTo) / 1000 <= now) {
    throw new TlsError('TLS_CERTIFICATE_EXPIRED', `${paths.cert} expired on ${certificate.validTo}.`);
  }
  if (Date.parse(certificate.validFrom) / 1000 > now) {
    throw new TlsError(
      'TLS_CERTIFICATE_NOT_YET_VALID',
      `${paths.cert} is valid from ${certificate.validFrom}.`,
    );
  }
  if (!covers(certificate, host)) {
    throw new TlsError('TLS_HOST_NOT_COVERED', `${paths.cert} is not for ${host}: browsers would refuse it.`);
  }
  return { key, cert };
}

/** Browsers look at subjectAltName alone, never at the subject's common name. */
function covers(certificate: X509Certificate, host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const found =
    isIP(bare) === 0 ? certificate.checkHost(bare, { subject: 'never' }) : certificate.checkIP(bare);
  return found !== undefined;
}

function parseCertificate(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new TlsError('TLS_CERTIFICATE_MALFORMED', `${path} holds no certificate in PEM.`);
  }
}

function parseKey(pem: string, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new TlsError(
      'TLS_KEY_MALFORMED',
      `${path} holds no private key in PEM, or one under a passphrase.`,
    );
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readFileUpTo(path, MAX_BYTES).catch(() => undefined);
  if (bytes === undefined || bytes === 'too-large') {
    throw new TlsError('TLS_FILE_UNREADABLE', `${path} cannot be read.`);
  }
  return new TextDecoder().decode(bytes);
}
