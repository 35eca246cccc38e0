import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { thumbprint } from '../../credential/jwk.ts';
import type { P256Coordinates } from '../../credential/jwk.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { createFile } from './atomic-file.ts';

/** The key that vouches for the bundles of one verifier; another verifier pins its kid. */
export interface ExporterKey extends P256Coordinates {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  /** ES256 over the bytes: r and s, 64 bytes (RFC 7518 section 3.4). */
  readonly sign: (data: Uint8Array) => Uint8Array;
}

const FILE_NAME = 'exporter-key.pem';

/**
 * The exporter key of a store folder, made at first use: PKCS#8 PEM, readable by its owner alone.
 *
 * @throws TrustError FILE_UNREADABLE if the file is there and holds no P-256 private key
 */
export async function exporterKeyOf(folder: string): Promise<ExporterKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const held = await readExporterKey(folder);
  if (held !== undefined) return held;
  const pem = newPrivateKey().export({ type: 'pkcs8', format: 'pem' });
  await createFile(join(folder, FILE_NAME), pem, 0o600);
  // Another process may have been first: what the file says counts.
  const made = await readExporterKey(folder);
  if (made === undefined) throw unreadable();
  return made;
}

/**
 * The exporter key of a store folder, undefined if none was made yet.
 *
 * @throws TrustError FILE_UNREADABLE if the file is there and holds no P-256 private key
 */
export async function readExporterKey(folder: string): Promise<ExporterKey | undefined> {
  let pem: string;
  try {
    pem = await readFile(join(folder, FILE_NAME), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable();
  }
  try {
    return exporterKey(createPrivateKey(pem));
  } catch {
    throw unreadable();
  }
}

/** A key for one bundle that nobody is meant to pin; it is never written down. */
export function oneTimeExporterKey(): ExporterKey {
  return exporterKey(newPrivateKey());
}

function newPrivateKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function exporterKey(key: KeyObject): ExporterKey {
  const { crv, x, y } = key.export({ format: 'jwk' });
  if (crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') throw unreadable();
  return {
    kid: thumbprint({ x, y }),
    x,
    y,
    sign: (data) => sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
  };
}

function unreadable(): TrustError {
  return new TrustError(
    'FILE_UNREADABLE',
    `The exporter key (${FILE_NAME} in the store folder) cannot be read.`,
  );
}
