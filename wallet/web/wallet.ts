import { inflateRaw } from '../../credential/deflate.ts';
import type { Calls } from '../../verifier/web/parts/worker-calls.ts';
import { autoLock } from '../vault/auto-lock.ts';
import type { AutoLock } from '../vault/auto-lock.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import type { VaultStore } from '../vault/store.ts';
import { vaultState } from '../vault/vault.ts';
import type { Wallet } from './context.ts';
import { faultWords } from './fault-words.ts';
import { frameOf } from './frame.ts';
import { deepLinkOf } from './links.ts';
import type { Route } from './routes.ts';
import { readSettings, writeSettings } from './settings.ts';
import type { WalletSettings } from './settings.ts';
import { firstRunView } from './views/first-run.ts';
import { unlockView } from './views/unlock.ts';
import { viewOf } from './views/view-of.ts';
import type { WalletKnowledge } from './wallet-knowledge.ts';
import { preferredTag, speakerOf } from './wallet-words.ts';
import type { Speaker } from './wallet-words.ts';

/** What the wallet works with. */
export interface WalletPorts {
  readonly knowledge: WalletKnowledge;
  readonly reader: Calls;
  readonly storage: Storage;
  readonly store: VaultStore;
  /** Unix seconds. */
  readonly now: () => number;
}

/** The server is asked for new trust data so often while the page is open. */
const REFRESH_MS = 5 * 60_000;

/**
 * Run the wallet in that element.
 *
 * @returns whether it is locked, so that a new version may take over
 */
export function startWallet(root: HTMLElement, ports: WalletPorts): () => boolean {
  const { knowledge, reader, storage, store, now } = ports;
  const vaultPorts = { store, clock: now };
  let settings = readSettings(storage);
  let speaker: Speaker = speak();
  let vault: OpenVault | undefined;
  let watch: AutoLock | undefined;
  /** The way here; the last is shown. */
  let trail: readonly Route[] = [{ name: 'home' }];
  /** What a link brought before the wallet was open. */
  let brought = deepLinkOf(location);

  const frame = frameOf(root, {
    back,
    lock,
    settings: () => {
      go({ name: 'settings' });
    },
  });
  // What a link brings is in the address: gone from there before anything is shown.
  history.replaceState({ depth: 0 }, '', '/');
  addEventListener('popstate', () => {
    if (trail.length > 1) {
      trail = trail.slice(0, -1);
      draw();
    }
  });
  for (const type of ['pointerdown', 'keydown'] as const) {
    addEventListener(type, () => watch?.touched(), { capture: true });
  }
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) watch?.touched();
  });
  setInterval(() => void knowledge.refresh(), REFRESH_MS);
  void knowledge.refresh().then(draw);
  void locked();
  return () => vault === undefined;

  function speak(): Speaker {
    const made = speakerOf(settings.language ?? preferredTag(navigator.languages));
    document.documentElement.lang = made.language.tag;
    document.documentElement.dir = made.language.direction;
    return made;
  }

  /** Before the wallet is open: make one, or open the one that is here. */
  async function locked(): Promise<void> {
    const state = await vaultState(vaultPorts);
    if (vault !== undefined) return;
    const about = { speaker, settings, change, ports: vaultPorts, opened, announce: frame.announce };
    const view = state.exists ? unlockView(about, state) : firstRunView(about);
    frame.show(view, speaker, { back: false, open: false });
  }

  function opened(made: OpenVault): void {
    vault = made;
    watch = autoLock(made, {
      clock: now,
      later: (seconds, then) => {
        const timer = setTimeout(then, seconds * 1000);
        return () => {
          clearTimeout(timer);
        };
      },
      locked: closed,
    });
    trail = [{ name: 'home' }];
    if (brought !== undefined) trail = [...trail, { name: 'add', input: { text: brought } }];
    brought = undefined;
    draw();
  }

  function lock(): void {
    watch?.stop();
    vault?.lock();
    closed();
  }

  function closed(): void {
    vault = undefined;
    watch = undefined;
    trail = [{ name: 'home' }];
    void locked();
  }

  function go(route: Route): void {
    trail = [...trail, route];
    history.pushState({ depth: trail.length - 1 }, '', '/');
    draw();
  }

  function back(): void {
    if (trail.length > 1) history.back();
  }

  function change(changed: Partial<WalletSettings>): void {
    settings = { ...settings, ...changed };
    writeSettings(storage, settings);
    speaker = speak();
    if (vault === undefined) void locked();
    else draw();
  }

  function draw(): void {
    const route = trail.at(-1);
    if (vault === undefined || route === undefined) return;
    frame.show(viewOf(route, walletOf(vault)), speaker, { back: trail.length > 1, open: true });
  }

  function walletOf(open: OpenVault): Wallet {
    return {
      speaker,
      vault: open,
      knowledge,
      ports: {
        inflate: inflateRaw,
        readPicture: async (picture) => (await reader.call('picture', picture)) as readonly string[],
      },
      reader,
      now,
      settings,
      change,
      go,
      back,
      home: () => {
        trail = [{ name: 'home' }];
        draw();
      },
      again: draw,
      lock,
      announce: frame.announce,
      attempt: async (work) => {
        try {
          await work();
        } catch (error) {
          if (vault === open) frame.announce(faultWords(error, speaker));
        }
      },
    };
  }
}
