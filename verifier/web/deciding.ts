import type { Given } from './parts/inputs.ts';
import type { Calls } from './parts/worker-calls.ts';
import { shownIn } from './shown-file.ts';
import type { Chosen, Shown, Verdict } from './venue-verifier.ts';

/** What the scanner does for a decision. */
export interface DecidingActs {
  readonly verifier: Calls;
  readonly reader: Calls;
  /** End what is on the screen, and look at nothing else meanwhile; answers with the turn that began. */
  readonly begin: () => number;
  readonly isCurrent: (turn: number) => boolean;
  readonly isForGuests: () => boolean;
  /** Take up the set-up code in what was shown; false if there is none. */
  readonly takes: (shown: Shown) => boolean;
  /** Check by what is known now for whom is scanned. */
  readonly check: () => Promise<void>;
  readonly chosen: () => Chosen;
  readonly show: (verdicts: readonly Verdict[], at: number) => void;
  readonly idle: (fault: 'faulty') => void;
}

/** Decides about what is shown, one thing at a time: of two that are shown, the later one has its result on the screen. */
export interface Deciding {
  /** @param at when it was seen, by performance.now() */
  readonly decide: (shown: Shown, at: number) => Promise<void>;
  /** The same for what came by another way than the camera. */
  readonly take: (given: Given) => Promise<void>;
}

/** Begin with nothing to decide. */
export function decidingOf(acts: DecidingActs): Deciding {
  const decide = async (shown: Shown, at: number): Promise<void> => {
    const own = acts.begin();
    // Guests set nothing up.
    if (!acts.isForGuests() && acts.takes(shown)) return;
    try {
      await acts.check();
      const chosen = acts.chosen();
      const verdicts = (await acts.verifier.call('decide', { shown, chosen })) as readonly Verdict[];
      if (!acts.isCurrent(own)) return;
      // By the rules that the result will name.
      if (JSON.stringify(chosen) === JSON.stringify(acts.chosen())) acts.show(verdicts, at);
      else await decide(shown, at);
    } catch {
      if (acts.isCurrent(own)) acts.idle('faulty');
    }
  };
  return {
    decide,
    take: async (given) => {
      // What a guest has on a stick is not for a kiosk.
      if (acts.isForGuests() && 'file' in given) return;
      const at = performance.now();
      const own = acts.begin();
      const shown = 'text' in given ? given : await shownIn(given.file, acts.reader);
      // Whoever came while a large picture was read is the one who stands there.
      if (acts.isCurrent(own)) await decide(shown, at);
    },
  };
}
