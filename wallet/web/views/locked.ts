import type { Said } from '../../../verifier/web/parts/speaker.ts';
import type { OpenVault } from '../../vault/open-vault.ts';
import type { VaultPorts } from '../../vault/vault.ts';
import type { WalletSettings } from '../settings.ts';
import type { Speaker } from '../wallet-words.ts';

/** What the screens before the wallet is open work with. */
export interface LockedWallet {
  readonly speaker: Speaker;
  readonly settings: WalletSettings;
  readonly change: (changed: Partial<WalletSettings>) => void;
  readonly ports: VaultPorts;
  readonly opened: (vault: OpenVault) => void;
  readonly announce: (said: Said) => void;
}
