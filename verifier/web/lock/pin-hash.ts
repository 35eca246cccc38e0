import { argon2id, argon2Verify } from 'hash-wasm';
import { PIN_HASH } from '../../pipeline/setup-code.ts';

/** RFC 9106 section 4, the second recommended option, with one lane: what a page has a thread for. */
const COST = { memorySize: 65_536, iterations: 3, parallelism: 1 } as const;
const SALT_BYTES = 16;
/** A PIN has far less to it than these 128 bits, and the hash has to fit into a QR code. */
const HASH_BYTES = 16;

/** What is kept of a PIN: argon2id (RFC 9106) under a salt of its own, in the PHC string format. */
export async function hashPin(pin: string): Promise<string> {
  return argon2id({
    ...COST,
    password: normalised(pin),
    salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)),
    hashLength: HASH_BYTES,
    outputType: 'encoded',
  });
}

/** Whether that is the PIN; never so if the hash is none of `hashPin`. */
export async function checkPin(encoded: string, pin: string): Promise<boolean> {
  return isPinHash(encoded) && argon2Verify({ hash: encoded, password: normalised(pin) });
}

/** True of what `hashPin` writes. */
export function isPinHash(text: string): boolean {
  return PIN_HASH.test(text);
}

/** Keyboards differ in how they write an accent, and two of them must not make two PINs; an empty one is one too. */
function normalised(pin: string): string {
  return `pratique/lock/${pin.normalize('NFKC')}`;
}

const LEAST_CHARS = 6;

/** What is wrong with a PIN for a new lock: the code that carries its hash may be photographed, and then guessed at. */
export function pinFault(pin: string): 'PIN_TOO_SHORT' | 'PIN_TOO_SIMPLE' | undefined {
  const chars = [...pin.normalize('NFKC')].map((char) => char.codePointAt(0) ?? 0);
  if (chars.length < LEAST_CHARS) return 'PIN_TOO_SHORT';
  const steps = new Set(chars.slice(1).map((char, at) => char - (chars[at] ?? 0)));
  // 000000, 123456, 654321.
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? 0) ? 'PIN_TOO_SIMPLE' : undefined;
}
