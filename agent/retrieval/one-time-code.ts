import { createHash, timingSafeEqual } from 'node:crypto';

/** Cryptographically strong random bytes. */
export type RandomBytes = (size: number) => Uint8Array;

/** Eight digits: who may guess a hundred times in a year is right once in a million years. */
export const CODE_DIGITS = 8;
const CODES = 10 ** CODE_DIGITS;
/** The largest multiple of CODES in 32 bits: above it the first codes would be likelier. */
const FAIR = Math.floor(2 ** 32 / CODES) * CODES;

/** A code of eight digits, each as likely as any other. */
export function newCode(random: RandomBytes): string {
  for (;;) {
    const drawn = Buffer.from(random(4)).readUInt32BE();
    if (drawn < FAIR) return String(drawn % CODES).padStart(CODE_DIGITS, '0');
  }
}

/** The digits of a code as somebody types it, spaces and dashes aside; undefined if that is none. */
export function readCode(text: string): string | undefined {
  const digits = text.replaceAll(/[\s-]/g, '');
  return /^\d{8}$/.test(digits) ? digits : undefined;
}

/** What is kept of a code: SHA-256, bound to the retrieval, base64url. */
export function codeHash(retrieval: string, code: string): string {
  return createHash('sha256').update(`pratique/code|${retrieval}|${code}`).digest('base64url');
}

/** Which of the hashes is that of the code, -1 if none; all are compared, in a time that says nothing of any. */
export function whichCode(hashes: readonly string[], retrieval: string, code: string): number {
  const given = Buffer.from(codeHash(retrieval, code));
  return hashes.reduce((found, hash, at) => {
    const kept = Buffer.from(hash);
    return kept.length === given.length && timingSafeEqual(kept, given) ? at : found;
  }, -1);
}
