import { sameBytes } from '../vault/store.ts';
import type { VaultStore } from '../vault/store.ts';
import type { OpenVault } from '../vault/open-vault.ts';

/** The vault's store, as more than one window of this browser uses it. */
export interface SharedStore {
  readonly store: VaultStore;
  /** Another window wrote something. */
  readonly onChange: (changed: () => void) => void;
  /** Whether an open vault is still what is stored. */
  readonly isCurrent: (vault: OpenVault) => Promise<boolean>;
}

/** A store that tells the other windows that something was written, and nothing of what. */
export function sharedStore(store: VaultStore): SharedStore {
  const channel = new BroadcastChannel('pratique-wallet');
  return {
    store: {
      read: store.read,
      write: async (changes, expected) => {
        const written = await store.write(changes, expected);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
        if (written) channel.postMessage('changed');
        return written;
      },
    },
    onChange: (changed) => {
      channel.addEventListener('message', changed);
    },
    isCurrent: async (vault) => {
      const stored = await store.read();
      return (
        vault.isLocked() || [...vault.held()].every(([name, bytes]) => sameBytes(stored.get(name), bytes))
      );
    },
  };
}
