import { verify, X509Certificate } from 'node:crypto';
import { TrustError } from '../pipeline/trust-error.ts';

/** Who signed a directory's snapshot, as its certificate says. */
export interface DirectorySigner {
  readonly subject: string;
  /** SHA-256 of the certificate, in hexadecimal: what an operator compares and keeps. */
  readonly fingerprint: string;
}

/**
 * Hold a directory's snapshot against its detached signature: ECDSA over P-521 with SHA-512, DER, as the VCI directory
 * signs (SEC 1, FIPS 186-5).
 *
 * The certificate is the operator's to have from a source that they trust: it signs itself. It must be in force at
 * `now`, Unix seconds.
 *
 * @throws TrustError SNAPSHOT_SIGNATURE_INVALID
 */
export function assertSnapshotSignature(
  snapshot: Uint8Array,
  { signature, certificate }: { readonly signature: Uint8Array; readonly certificate: Uint8Array },
  now: number,
): DirectorySigner {
  const signer = readCertificate(certificate);
  const { publicKey } = signer;
  if (publicKey.asymmetricKeyType !== 'ec' || publicKey.asymmetricKeyDetails?.namedCurve !== 'secp521r1') {
    throw invalid('The certificate is not of a key on P-521, with which the directory signs.');
  }
  if (now * 1000 < signer.validFromDate.getTime() || now * 1000 > signer.validToDate.getTime()) {
    throw invalid('The certificate of the directory is not in force at this time.');
  }
  if (!isSignature(snapshot, publicKey, signature)) {
    throw invalid(
      'The signature of the directory does not hold: the snapshot was changed, or is not the one signed.',
    );
  }
  return { subject: signer.subject, fingerprint: signer.fingerprint256.replaceAll(':', '').toLowerCase() };
}

function readCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch {
    throw invalid('The file is not a certificate.');
  }
}

function isSignature(bytes: Uint8Array, key: X509Certificate['publicKey'], signature: Uint8Array): boolean {
  try {
    return verify('sha512', bytes, { key, dsaEncoding: 'der' }, signature);
  } catch {
    return false;
  }
}

function invalid(message: string): TrustError {
  return new TrustError('SNAPSHOT_SIGNATURE_INVALID', message);
}
