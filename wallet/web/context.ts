import type { Calls } from '../../verifier/web/parts/worker-calls.ts';
import type { Said } from '../../verifier/web/parts/speaker.ts';
import type { PassPorts } from '../passes/pass-box.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import type { Passkey } from '../vault/passkey-lock.ts';
import type { VaultPorts } from '../vault/vault.ts';
import type { Route } from './routes.ts';
import type { WalletSettings } from './settings.ts';
import type { Speaker } from './wallet-words.ts';
import type { WalletKnowledge } from './wallet-knowledge.ts';

/** One screen of the wallet. */
export interface View {
  readonly title: Said;
  readonly root: HTMLElement;
  /** The screen is left: cameras, timers and whatever else it began end. */
  readonly stop?: () => void;
  /** Without the menu: for what needs the whole screen. */
  readonly isBare?: boolean;
}

/** What changes the vault itself is done with. */
export interface Keeping {
  readonly ports: VaultPorts;
  readonly passkey: Passkey;
  /** The same wallet, opened anew under another lock: goes on with it. */
  readonly reopened: (vault: OpenVault) => void;
  /** The wallet is gone. */
  readonly erased: () => void;
  /** Of this page, for whoever asks for help. */
  readonly version: string;
}

/** All that a screen of the open wallet may use. */
export interface Wallet {
  readonly speaker: Speaker;
  readonly vault: OpenVault;
  readonly knowledge: WalletKnowledge;
  readonly ports: PassPorts;
  /** The reader of QR codes, in its worker. */
  readonly reader: Calls;
  readonly keeping: Keeping;
  /** Unix seconds. */
  readonly now: () => number;
  readonly settings: WalletSettings;
  readonly change: (changed: Partial<WalletSettings>) => void;
  readonly go: (route: Route) => void;
  readonly back: () => void;
  /** To the first screen, with nothing to go back to. */
  readonly home: () => void;
  /** Draw this screen anew: what it shows has changed. */
  readonly again: () => void;
  /** Lock at once. */
  readonly lock: () => void;
  /** Say something to whoever listens to the screen, and show it for a moment. */
  readonly announce: (said: Said) => void;
  /** Do something that may fail: what fails is said in words, and nothing else happens. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}
