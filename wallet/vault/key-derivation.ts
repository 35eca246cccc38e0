import { argon2id } from 'hash-wasm';
import { KEY_BYTES, randomBytes } from './sealing.ts';
import type { Bytes } from './store.ts';
import { VaultError } from './vault-error.ts';

/** The cost of one guess: argon2id (RFC 9106), one lane, since a browser's page has one thread for it. */
export interface DerivationCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** RFC 9106 section 4, the second recommended option, but for its lanes: about half a second on a telephone. */
export const DEFAULT_COST: DerivationCost = { memoryKiB: 65_536, passes: 3 };

/** A file that asks for more would stop the telephone that opens it. */
const MAX_COST: DerivationCost = { memoryKiB: 262_144, passes: 10 };
/** argon2's own least: eight blocks a lane. */
const MIN_COST: DerivationCost = { memoryKiB: 8, passes: 1 };

const SALT_BYTES = 16;

const MIN_PIN_CHARS = 6;
/** A backup leaves the device, and whoever has it may guess for years. */
const MIN_PASSPHRASE_CHARS = 12;

/** What a secret is turned into a key with: stored in the clear beside what the key opens. */
export interface Derivation extends DerivationCost {
  readonly salt: Bytes;
}

/** A new salt at that cost. */
export function newDerivation(cost: DerivationCost): Derivation {
  return { ...cost, salt: randomBytes(SALT_BYTES) };
}

/** True of what this program is willing to carry out. */
export function isBearable({ memoryKiB, passes, salt }: Derivation): boolean {
  return (
    salt.length === SALT_BYTES &&
    isWithin(memoryKiB, MIN_COST.memoryKiB, MAX_COST.memoryKiB) &&
    isWithin(passes, MIN_COST.passes, MAX_COST.passes)
  );
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Makes the key of a secret: half a second's work, which a page has done by a worker. */
export type DeriveKey = (secret: string, derivation: Derivation) => Promise<Bytes>;

/** The key that a PIN or passphrase stands for, 32 bytes. */
export const deriveKey: DeriveKey = async (secret, { memoryKiB, passes, salt }) => {
  const hash = await argon2id({
    password: normalised(secret),
    salt,
    parallelism: 1,
    iterations: passes,
    memorySize: memoryKiB,
    hashLength: KEY_BYTES,
    outputType: 'binary',
  });
  return hash.slice();
};

/**
 * Refuse a PIN that opens the vault too easily.
 *
 * @throws VaultError PIN_TOO_SHORT, PIN_TOO_SIMPLE
 */
export function assertPin(pin: string): void {
  const chars = [...normalised(pin)];
  if (chars.length < MIN_PIN_CHARS) throw new VaultError('PIN_TOO_SHORT');
  const steps = chars.slice(1).map((char, at) => codeOf(char) - codeOf(chars[at] ?? ''));
  // 000000, 123456, 654321: with six tries an hour these are what a finder of the telephone begins with.
  if (new Set(steps).size === 1 && Math.abs(steps[0] ?? 0) <= 1) throw new VaultError('PIN_TOO_SIMPLE');
}

/**
 * Refuse a passphrase that whoever has the file would guess.
 *
 * @throws VaultError PASSPHRASE_TOO_SHORT
 */
export function assertPassphrase(passphrase: string): void {
  if ([...normalised(passphrase)].length < MIN_PASSPHRASE_CHARS) throw new VaultError('PASSPHRASE_TOO_SHORT');
}

/** Keyboards differ in how they write an accent, and two of them must not make two passphrases. */
function normalised(secret: string): string {
  return secret.normalize('NFKC');
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
