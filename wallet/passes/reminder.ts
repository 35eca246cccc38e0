import type { KeptPass } from './kept-pass.ts';
import { supersededBy } from './standing.ts';

/** What to do before a pass ends: ask its issuer for it again, or have another test. */
export type Renewal = 'retrieve-again' | 'test-again';

/** A pass that ends soon. */
export interface Reminder {
  readonly id: string;
  readonly renewal: Renewal;
  /** Seconds until it ends. */
  readonly left: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** How long before the end of a Pass its holder is reminded, and of what; Pass Plus of a vaccination has no end. */
const REMINDERS = {
  vaccination: { seconds: 30 * DAY, renewal: 'retrieve-again' },
  pcr: { seconds: DAY, renewal: 'test-again' },
  antigen: { seconds: HOUR, renewal: 'test-again' },
} as const;

/** The passes that end soon and that no newer one replaces, the most urgent first. */
export function reminders(passes: readonly KeptPass[], now: number): readonly Reminder[] {
  return passes
    .flatMap((pass): readonly Reminder[] => {
      const { exp, passType } = pass.facts ?? {};
      if (!exp || !passType || supersededBy(pass, passes) !== undefined) return [];
      const { seconds, renewal } = REMINDERS[passType];
      const left = exp - now;
      return left >= 0 && left <= seconds ? [{ id: pass.id, renewal, left }] : [];
    })
    .toSorted((one, other) => one.left - other.left);
}
