import { sameBytes } from '../../../wallet/vault/store.ts';
import type { Bytes, VaultStore } from '../../../wallet/vault/store.ts';
import type { DerivationCost } from '../../../wallet/vault/key-derivation.ts';

/** A store that a test can look into and change. */
export interface MemoryStore extends VaultStore {
  readonly stored: Map<string, Bytes>;
}

export function memoryStore(stored = new Map<string, Bytes>()): MemoryStore {
  return {
    stored,
    read: () => Promise.resolve(new Map(stored)),
    write: (changes, expected) => {
      for (const [name, bytes] of expected) {
        if (!sameBytes(stored.get(name), bytes)) return Promise.resolve(false);
      }
      for (const [name, bytes] of changes) {
        if (bytes === undefined) stored.delete(name);
        else stored.set(name, bytes);
      }
      return Promise.resolve(true);
    },
  };
}

/** What a guess costs is not what these tests are about. */
export const CHEAP: DerivationCost = { memoryKiB: 8, passes: 1 };

/** A vault's ports with a clock that a test moves. */
export interface TestPorts {
  readonly store: MemoryStore;
  readonly cost: DerivationCost;
  readonly clock: () => number;
  now: number;
}

export function testPorts(store: MemoryStore = memoryStore()): TestPorts {
  const ports = { store, cost: CHEAP, now: 1_780_000_000, clock: (): number => ports.now };
  return ports;
}
