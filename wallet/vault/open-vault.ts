import { MANIFEST, writeRecords } from './contents.ts';
import type { Contents, ContentKeys } from './contents.ts';
import type { Changes, VaultStore } from './store.ts';
import { VaultError } from './vault-error.ts';

/** A vault that is open on one page, until it is locked or the page goes. */
export interface OpenVault {
  readonly id: string;
  readonly isLocked: () => boolean;
  /** @throws VaultError VAULT_LOCKED */
  readonly contents: () => Contents;
  /** What is kept under a name; undefined if nothing. @throws VaultError VAULT_LOCKED */
  readonly get: (name: string) => unknown;
  /**
   * Keep all of it or nothing; undefined removes.
   *
   * @param after a generation that this change follows, if it is not the vault's own last one
   * @throws VaultError VAULT_LOCKED, VAULT_CHANGED_ELSEWHERE, STORE_UNAVAILABLE
   */
  readonly put: (changed: ReadonlyMap<string, unknown>, after?: number) => Promise<void>;
  /** What must still be stored for a change to be made. */
  readonly held: () => Changes;
  /** Forget keys and contents. */
  readonly lock: () => void;
}

interface Opening {
  readonly store: VaultStore;
  readonly keys: ContentKeys;
  readonly contents: Contents;
  readonly held: Changes;
}

/** What is open, in memory; each change is stored before it is seen. */
export function openVault({ store, keys, ...opening }: Opening): OpenVault {
  const id = keys.vault;
  let open: (Pick<Opening, 'contents' | 'held'> & { readonly keys: ContentKeys }) | undefined = {
    ...opening,
    keys,
  };
  const now = (): NonNullable<typeof open> => {
    if (open === undefined) throw new VaultError('VAULT_LOCKED');
    return open;
  };
  let before: Promise<unknown> = Promise.resolve();

  async function put(changed: ReadonlyMap<string, unknown>, after: number): Promise<void> {
    const from = now();
    const generation = Math.max(from.contents.generation, after);
    const { changes, contents } = await writeRecords(from.keys, { ...from.contents, generation }, changed);
    if (!(await store.write(changes, from.held))) throw new VaultError('VAULT_CHANGED_ELSEWHERE');
    const held = new Map([...from.held, [MANIFEST, changes.get(MANIFEST)]]);
    // Locked while it was written: it is stored, and stays unseen.
    if (open !== undefined) open = { ...from, contents, held };
  }

  return {
    id,
    isLocked: () => open === undefined,
    contents: () => now().contents,
    get: (name) => now().contents.records.get(name),
    put: async (changed, after = 0) => {
      // One after the other: each manifest says what the one before held.
      const turn = before.then(() => put(changed, after));
      before = turn.catch(() => undefined);
      return turn;
    },
    held: () => now().held,
    lock: () => {
      open = undefined;
    },
  };
}
