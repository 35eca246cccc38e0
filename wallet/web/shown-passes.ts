import { keptPasses, showPasses } from '../passes/pass-box.ts';
import type { ShownPass } from '../passes/pass-box.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import type { Wallet } from './context.ts';

/** Judging all passes of a vault, once for the same passes and trust data. */
interface Judging {
  readonly of: string;
  readonly trust: unknown;
  readonly at: number;
  readonly shown: Promise<readonly ShownPass[]>;
  ready: readonly ShownPass[] | undefined;
}

/** For so long what was judged is shown again: a pass ends by the minute. */
const FRESH_SECONDS = 20;

/** Forgotten with the vault, which goes when it is locked. */
const judgings = new WeakMap<OpenVault, Judging>();

type Judged = Pick<Wallet, 'vault' | 'knowledge' | 'ports' | 'now'>;

/** How every pass stands; judged anew when passes, trust data or the minute are others. */
export async function passesNow(wallet: Judged): Promise<readonly ShownPass[]> {
  return judging(wallet).shown;
}

/** The same without waiting; undefined while they are still judged. */
export function readyPasses(wallet: Judged): readonly ShownPass[] | undefined {
  return judging(wallet).ready;
}

function judging({ vault, knowledge, ports, now }: Judged): Judging {
  const trust = knowledge.trust();
  const of = keptPasses(vault)
    .map(({ id, facts }) => `${id}${facts === null}`)
    .join();
  const last = judgings.get(vault);
  if (last?.of === of && last.trust === trust.trust) {
    // A clock that was set back makes nothing younger.
    const age = now() - last.at;
    if (age >= 0 && age < FRESH_SECONDS) return last;
  }
  const made: Judging = { of, trust: trust.trust, at: now(), shown: judge(), ready: undefined };
  judgings.set(vault, made);
  return made;

  async function judge(): Promise<readonly ShownPass[]> {
    try {
      const passes = await showPasses(vault, trust, ports);
      made.ready = passes;
      return passes;
    } catch (error) {
      if (judgings.get(vault) === made) judgings.delete(vault);
      throw error;
    }
  }
}
