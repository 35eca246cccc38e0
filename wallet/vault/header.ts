import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from '../../credential/json.ts';
import { orNull, record, ShapeError, text, whole } from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import { isBearable } from './key-derivation.ts';
import type { Derivation } from './key-derivation.ts';
import type { Bytes } from './store.ts';
import { VaultError } from './vault-error.ts';

/** Raised with every member that a reader must know of. */
export const VAULT_VERSION = 1;

/** The data key under the key of a PIN. */
export interface PinLock extends Derivation {
  readonly wrapped: Bytes;
}

/** The data key under what a passkey derives from a salt (WebAuthn Level 3, section 10.1.4, extension prf). */
export interface PasskeyLock {
  readonly credentialId: Bytes;
  readonly salt: Bytes;
  readonly wrapped: Bytes;
}

/** What stands in the clear: how to come by the data key, and nothing of what it opens. */
export interface VaultHeader {
  readonly version: typeof VAULT_VERSION;
  /** Random: says only which backups are of this vault. */
  readonly id: string;
  readonly pin: PinLock;
  readonly passkey: PasskeyLock | null;
}

/** Some bytes in base64url. */
export const bytesOf: Read<Bytes> = (value) => {
  try {
    return decodeBase64url(text(/^[\w-]*$/, 10_000_000)(value)).slice();
  } catch (error) {
    if (error instanceof FormatError) throw new ShapeError('a text that is not base64url');
    throw error;
  }
};

const pinLock = record<PinLock>({ memoryKiB: whole, passes: whole, salt: bytesOf, wrapped: bytesOf });
const passkeyLock = record<PasskeyLock>({ credentialId: bytesOf, salt: bytesOf, wrapped: bytesOf });

/** The name of a vault or of a backup. */
export const vaultId = text(/^[\w-]{22}$/, 22);

const header = record<VaultHeader>({
  version: versionOf,
  id: vaultId,
  pin: bearable(pinLock),
  passkey: orNull(passkeyLock),
});

/** The header as it is stored. */
export function encodeHeader(content: VaultHeader): Bytes {
  return new TextEncoder().encode(JSON.stringify(content, base64urlBytes));
}

/**
 * Reads a stored header.
 *
 * @throws VaultError VAULT_DAMAGED; VAULT_VERSION_UNKNOWN for one that is not ours to read
 */
export function parseHeader(bytes: Bytes): VaultHeader {
  try {
    const json = parseJson(decodeUtf8(bytes));
    if (isJsonObject(json) && typeof json['version'] === 'number' && json['version'] > VAULT_VERSION) {
      throw new VaultError('VAULT_VERSION_UNKNOWN');
    }
    return header(json);
  } catch (error) {
    if (error instanceof FormatError || error instanceof ShapeError) throw new VaultError('VAULT_DAMAGED');
    throw error;
  }
}

/** Such a lock, at a cost that does not stop this device. */
export function bearable<T extends Derivation>(read: Read<T>): Read<T> {
  return (value) => {
    const derivation = read(value);
    if (!isBearable(derivation)) throw new ShapeError('a derivation that costs too much or nothing');
    return derivation;
  };
}

/** For JSON.stringify: bytes as base64url. */
export function base64urlBytes(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? encodeBase64url(value) : value;
}

function versionOf(value: unknown): typeof VAULT_VERSION {
  if (value !== VAULT_VERSION) throw new ShapeError('another version');
  return VAULT_VERSION;
}
