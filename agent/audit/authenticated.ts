import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { LogHead, LogSeal } from './audit-record.ts';

/** What the store keeps under a MAC. */
interface Bodies {
  readonly head: LogHead;
  readonly seal: LogSeal;
}

/** What a MAC is of, so that none stands for another. */
type AuthenticatedPurpose = keyof Bodies | 'witness';

export const MAC_BYTES = 32;
/** By which the store tells bytes from JSON (`store-table.ts`). */
const BYTES_MARK = 0;

/** HMAC-SHA256 of bytes for a purpose, under the audit key. */
export function macOf(key: KeyObject, purpose: AuthenticatedPurpose, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`pratique/audit|${purpose}|`).update(bytes).digest();
}

/** JSON with its MAC before it, as the store keeps it. */
export function authenticated<P extends keyof Bodies>(key: KeyObject, purpose: P, body: Bodies[P]): Buffer {
  const bytes = Buffer.from(JSON.stringify(body));
  return Buffer.concat([Buffer.of(BYTES_MARK), macOf(key, purpose, bytes), bytes]);
}

/** The JSON of what `authenticated` made, and its MAC as base64url; undefined if a bit of it is not as it was. */
export function authentic<P extends keyof Bodies>(
  key: KeyObject,
  purpose: P,
  stored: Uint8Array | undefined,
): { readonly body: Bodies[P]; readonly mac: string } | undefined {
  if (stored === undefined || stored.length <= 1 + MAC_BYTES || stored[0] !== BYTES_MARK) return undefined;
  const [mac, bytes] = [stored.subarray(1, 1 + MAC_BYTES), stored.subarray(1 + MAC_BYTES)];
  if (!timingSafeEqual(macOf(key, purpose, bytes), mac)) return undefined;
  const body = JSON.parse(Buffer.from(bytes).toString('utf8')) as Bodies[P];
  return { body, mac: Buffer.from(mac).toString('base64url') };
}
