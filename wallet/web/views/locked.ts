import type { Said } from '../../../verifier/web/parts/speaker.ts';
import type { OpenVault } from '../../vault/open-vault.ts';
import type { Passkey } from '../../vault/passkey-lock.ts';
import { vaultState } from '../../vault/vault.ts';
import type { VaultPorts, VaultState } from '../../vault/vault.ts';
import type { LockedRoute } from '../routes.ts';
import type { WalletSettings } from '../settings.ts';
import type { Speaker } from '../wallet-words.ts';

/** What is stored here, or why it cannot be told. */
export type StoredState = VaultState | { readonly fault: unknown };

/** What the screens before the wallet is open work with. */
export interface LockedWallet {
  readonly speaker: Speaker;
  readonly settings: WalletSettings;
  readonly change: (changed: Partial<WalletSettings>) => void;
  readonly ports: VaultPorts;
  readonly passkey: Passkey;
  readonly state: StoredState;
  /** Why the wallet is locked, if not by its user. */
  readonly notice: Said | undefined;
  readonly go: (route: LockedRoute) => void;
  readonly back: () => void;
  readonly opened: (vault: OpenVault) => void;
  /** The wallet is gone. */
  readonly erased: () => void;
  readonly announce: (said: Said) => void;
}

/** Look what is stored here. */
export async function stateOf(ports: VaultPorts): Promise<StoredState> {
  try {
    return await vaultState(ports);
  } catch (fault) {
    return { fault };
  }
}
