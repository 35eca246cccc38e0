import { inflateRaw } from '../../credential/deflate.ts';
import { showTheme } from '../../verifier/web/parts/theme.ts';
import { listenForInputs } from '../../verifier/web/parts/inputs.ts';
import type { Given } from '../../verifier/web/parts/inputs.ts';
import type { Said } from '../../verifier/web/parts/speaker.ts';
import type { Calls } from '../../verifier/web/parts/worker-calls.ts';
import { autoLock } from '../vault/auto-lock.ts';
import type { AutoLock } from '../vault/auto-lock.ts';
import type { DeriveKey } from '../vault/key-derivation.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { sitePasskey } from '../vault/passkey.ts';
import type { VaultStore } from '../vault/store.ts';
import type { VaultPorts } from '../vault/vault.ts';
import { VaultError } from '../vault/vault-error.ts';
import type { Wallet } from './context.ts';
import { faultWords } from './fault-words.ts';
import { frameOf } from './frame.ts';
import { deepLinkOf } from './links.ts';
import { sharedStore } from './other-windows.ts';
import { codesIn } from './picture-codes.ts';
import { watchPrinting } from './printing.ts';
import type { LockedRoute, Route } from './routes.ts';
import { readSettings, writeSettings } from './settings.ts';
import type { WalletSettings } from './settings.ts';
import { routeFor } from './taken.ts';
import { trailFrom } from './trail.ts';
import { lockedViewOf } from './views/locked-view-of.ts';
import { stateOf } from './views/locked.ts';
import { viewOf } from './views/view-of.ts';
import type { WalletKnowledge } from './wallet-knowledge.ts';
import { preferredTag, speakerOf } from './wallet-words.ts';
import type { Speaker } from './wallet-words.ts';

/** What the wallet works with. */
export interface WalletPorts {
  /** On its way: the lock is shown before it is there. */
  readonly knowledge: Promise<WalletKnowledge>;
  readonly reader: Calls;
  readonly storage: Storage;
  readonly store: VaultStore;
  readonly derive: DeriveKey;
  /** Unix seconds. */
  readonly now: () => number;
  readonly version: string;
}

/** The server is asked for new trust data so often while the page is open. */
const REFRESH_MS = 5 * 60_000;
/** Screens that are drawn anew when newer trust data has come; on others somebody may be typing. */
const JUDGING: ReadonlySet<string> = new Set(['pass', 'trust']);

/**
 * Run the wallet in that element.
 *
 * @returns whether it is locked and nobody types, so that a new version may take over
 */
export function startWallet(root: HTMLElement, ports: WalletPorts): () => boolean {
  const { reader, storage, now } = ports;
  const shared = sharedStore(ports.store);
  const vaultPorts: VaultPorts = { store: shared.store, clock: now, derive: ports.derive };
  let settings = readSettings(storage);
  let speaker: Speaker = speak();
  const passkey = sitePasskey('Pratique');
  const isPrinting = watchPrinting(now);
  let knowledge: WalletKnowledge | undefined;
  let open: { readonly vault: OpenVault; readonly watch: AutoLock } | undefined;
  /** Why it was locked, if not by its user. */
  let notice: Said | undefined;
  /** What a link brought before the wallet was open. */
  let brought = deepLinkOf(location);
  /** Of drawing: what took longer than the next is not shown. */
  let turns = 0;
  let drawn: Route | LockedRoute | undefined;

  const frame = frameOf(root, {
    back: () => {
      trail.back();
    },
    lock: () => {
      lock();
    },
    menu: (place) => {
      if (place === 'home') trail.home();
      else if (trail.here().name !== place) trail.go({ name: place });
    },
  });
  // What a link brings is in the address: gone from there before anything is shown.
  const trail = trailFrom<Route | LockedRoute>({ name: 'locked' }, () => void draw());
  for (const type of ['pointerdown', 'keydown'] as const) {
    addEventListener(type, () => open?.watch.touched(), { capture: true });
  }
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) open?.watch.touched();
  });
  // A page that the browser keeps aside for its back button is locked there.
  addEventListener('pagehide', () => {
    if (open !== undefined) lock();
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    tellFault(reason);
  });
  shared.onChange(() => void changedElsewhere());
  listenForInputs((given) => {
    void take(given);
  });
  void ports.knowledge.then((known) => {
    knowledge = known;
    if (open !== undefined) void draw();
    setInterval(() => void refresh(known), REFRESH_MS);
    return refresh(known);
  });
  void draw();
  return () => open === undefined && brought === undefined && !frame.isBusy();

  function speak(): Speaker {
    const made = speakerOf(settings.language ?? preferredTag(navigator.languages));
    document.documentElement.lang = made.language.tag;
    document.documentElement.dir = made.language.direction;
    showTheme(settings.theme);
    return made;
  }

  async function refresh(known: WalletKnowledge): Promise<void> {
    const before = known.standing();
    const after = await known.refresh();
    const isNews = (['state', 'block', 'freshness'] as const).some((fact) => before[fact] !== after[fact]);
    if (isNews && JUDGING.has(trail.here().name)) void draw();
  }

  function opened(vault: OpenVault): void {
    notice = undefined;
    settle(vault);
    const home: Route = { name: 'home' };
    if (brought === undefined) trail.anew(home);
    else trail.anew(home, { name: 'add', input: { text: brought } });
    brought = undefined;
  }

  /** Go on with that vault. */
  function settle(vault: OpenVault): void {
    open?.watch.stop();
    const watch = autoLock(
      vault,
      {
        clock: now,
        isHeld: isPrinting,
        later: (seconds, then) => {
          const timer = setTimeout(then, seconds * 1000);
          return () => {
            clearTimeout(timer);
          };
        },
        locked: () => {
          closed('lockedIdle');
        },
      },
      settings.idleSeconds,
    );
    open = { vault, watch };
  }

  function lock(why?: 'changedElsewhere'): void {
    open?.watch.stop();
    open?.vault.lock();
    closed(why);
  }

  function closed(why?: 'changedElsewhere' | 'lockedIdle'): void {
    open = undefined;
    drawn = undefined;
    // At once: what comes next asks the store, which takes its time.
    frame.clear();
    notice = why === undefined ? undefined : speaker.say(why);
    trail.anew({ name: 'locked' });
  }

  async function changedElsewhere(): Promise<void> {
    if (open === undefined) {
      if (!frame.isBusy()) await draw();
    } else if (!(await shared.isCurrent(open.vault))) lock('changedElsewhere');
  }

  function change(changed: Partial<WalletSettings>): void {
    settings = { ...settings, ...changed };
    writeSettings(storage, settings);
    speaker = speak();
    if (open !== undefined && changed.idleSeconds !== undefined) settle(open.vault);
    // Nothing else shows but where it is chosen; and somebody may be typing.
    if (changed.language !== undefined) void draw();
  }

  async function draw(): Promise<void> {
    turns += 1;
    const turn = turns;
    const route = trail.here();
    const ways = {
      back: trail.depth() > 0,
      open: open !== undefined,
      name: route.name,
      isSame: drawn === route,
    };
    if (open === undefined) {
      const state = await stateOf(vaultPorts);
      if (turn !== turns) return;
      const about = { speaker, settings, change, ports: vaultPorts, passkey, state, notice, opened, erased };
      const steps = { go: trail.go, back: trail.back, announce: frame.announce };
      frame.show(lockedViewOf(route.name, { ...about, ...steps }), speaker, ways);
    } else {
      if (knowledge === undefined) return;
      const view = viewOf(route, walletOf(open.vault, knowledge));
      if (view === undefined) return;
      frame.show(view, speaker, ways);
    }
    drawn = route;
  }

  /** What was pasted, dropped or typed by a hand scanner, wherever somebody is in the open wallet. */
  async function take(given: Given): Promise<void> {
    const vault = open?.vault;
    if (vault === undefined || knowledge === undefined) return;
    const { attempt, ports: passPorts } = walletOf(vault, knowledge);
    await attempt(async () => {
      const route = await routeFor(given, passPorts);
      if (open?.vault === vault) trail.go(route);
    });
  }

  function erased(): void {
    brought = undefined;
    if (open === undefined) closed();
    else lock();
    frame.announce(speaker.say('erased'));
  }

  function tellFault(error: unknown): void {
    const isVault = error instanceof VaultError;
    if (open !== undefined && isVault && error.code === 'VAULT_CHANGED_ELSEWHERE') lock('changedElsewhere');
    else if (open !== undefined && isVault && error.code === 'VAULT_LOCKED') lock();
    else frame.fault(faultWords(error, speaker), speaker.say('close'));
  }

  function walletOf(vault: OpenVault, known: WalletKnowledge): Wallet {
    return {
      speaker,
      vault,
      knowledge: known,
      ports: {
        inflate: inflateRaw,
        readPicture: async (picture) => codesIn(picture, reader),
      },
      reader,
      keeping: { ports: vaultPorts, passkey, version: ports.version, erased, reopened: settle },
      now,
      settings,
      change,
      go: trail.go,
      back: trail.back,
      home: trail.home,
      again: () => void draw(),
      lock: () => {
        lock();
      },
      announce: frame.announce,
      attempt: async (work) => {
        try {
          await work();
        } catch (error) {
          // What was begun before it was locked is no fault of a wallet that was opened since, and does not lock it.
          if (open === undefined || open.vault === vault) tellFault(error);
        }
      },
    };
  }
}
