import type { Bytes } from './store.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** AES-256. */
export const KEY_BYTES = 32;

const utf8 = new TextEncoder();

/** A key for AES-256-GCM that cannot be read out of the browser's hands. */
export async function sealingKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/**
 * A key for one purpose from another (RFC 5869, HKDF-SHA-256 without salt: what goes in is uniformly random already).
 *
 * @param purpose differs from key to key, so that none stands in for another
 */
export async function derivedBytes(secret: Bytes, purpose: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8.encode(purpose) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * KEY_BYTES));
}

/**
 * Encrypt under AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit IV, which stands before the ciphertext.
 *
 * @param place what the bytes are and where they belong: they open nowhere else
 */
export async function seal(key: CryptoKey, plain: Bytes, place: Bytes): Promise<Bytes> {
  const iv = randomBytes(IV_BYTES);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: place }, key, plain);
  const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
  bytes.set(iv);
  bytes.set(new Uint8Array(sealed), IV_BYTES);
  return bytes;
}

/** The plain bytes; undefined if the key, the place or any bit of them is another. */
export async function unseal(key: CryptoKey, sealed: Bytes, place: Bytes): Promise<Bytes | undefined> {
  if (sealed.length < IV_BYTES + TAG_BYTES) return undefined;
  const iv = sealed.slice(0, IV_BYTES);
  try {
    const algorithm = { name: 'AES-GCM', iv, additionalData: place };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(IV_BYTES)));
  } catch (error) {
    // Web Cryptography API §27.7.2: a tag that does not hold, and nothing else.
    if (error instanceof DOMException && error.name === 'OperationError') return undefined;
    throw error;
  }
}

/** That many bytes that nobody can foresee. */
export function randomBytes(count: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(count));
}
