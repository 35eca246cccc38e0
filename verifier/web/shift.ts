import type { Subject } from '../pipeline/decision.ts';

/** Notices who comes twice within a shift, without keeping anything about anyone. */
export interface Shift {
  /** Whether somebody of that name and birth date was let in before in this shift; from now on they were. */
  readonly meet: (subject: Subject, now: number) => Promise<boolean>;
  /** How many different guests were let in; null below ten, since a few could be told apart. */
  readonly count: (now: number) => number | null;
  /** Throw the key away: what was kept means nothing to anyone any more. */
  readonly end: () => void;
}

/** No shift is longer: a device left on overnight forgets by itself. */
const LONGEST_SECONDS = 12 * 3600;
const FEWEST_TOLD = 10;

/**
 * Begin a shift. What is kept of a guest is a hash under a key that no script can read, in memory only: without the key
 * nobody can hold a name against it.
 */
export function beginShift(): Shift {
  let key: Promise<CryptoKey> | undefined;
  let met = new Set<string>();
  let begunAt = -Infinity;
  const end = (): void => {
    key = undefined;
    met = new Set();
  };
  const endIfOver = (now: number): void => {
    if (!(now >= begunAt && now - begunAt < LONGEST_SECONDS)) end();
  };
  return {
    end,
    count: (now) => {
      endIfOver(now);
      return met.size < FEWEST_TOLD ? null : met.size;
    },
    meet: async ({ name, birthDate }, now) => {
      endIfOver(now);
      if (key === undefined) {
        begunAt = now;
        key = crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
      }
      const guest = new TextEncoder().encode(`${name.normalize('NFC')}\n${birthDate ?? ''}`);
      const hash = new Uint8Array(await crypto.subtle.sign('HMAC', await key, guest)).join();
      const isKnown = met.has(hash);
      met.add(hash);
      return isKnown;
    },
  };
}
