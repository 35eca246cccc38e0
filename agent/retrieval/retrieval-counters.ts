import type { Operation, Table } from '../issuer-store.ts';
import type { ServiceStore } from '../service/service-store.ts';

/** What can become of a retrieval, step by step. */
export const RETRIEVAL_STEPS = [
  'begun',
  'limited',
  'locked',
  // what the sources know
  'found',
  'no-record',
  'other-zip',
  'no-contact',
  'ambiguous',
  'undetermined',
  'held-back',
  // the code
  'sent',
  'not-sent',
  'wrong-code',
  'ended',
  'completed',
  // when it does not match
  'correction',
  'corrected',
] as const;
export type RetrievalStep = (typeof RETRIEVAL_STEPS)[number];

/** How often each step was reached. */
export type StepCounts = Readonly<Record<RetrievalStep, number>>;

export interface RetrievalSummary {
  readonly steps: StepCounts;
  /** Of the retrievals begun, how many ended with a record in the hands of its person; null if none was begun. */
  readonly successRate: number | null;
}

type Counts = Partial<Record<RetrievalStep, number>>;

const KEPT_DAYS = 90;

/** Counts by day and step, of nobody in particular; on disk with whatever is written next. */
export class RetrievalCounters {
  readonly #table: Table<Partial<StepCounts>>;
  readonly #days = new Map<string, Counts>();
  /** What is counted and not written yet: it is added to what other agents have counted by then. */
  readonly #pending = new Map<string, Counts>();

  private constructor(store: ServiceStore) {
    this.#table = store.table('retrieval-counts');
  }

  static async open(store: ServiceStore): Promise<RetrievalCounters> {
    const counters = new RetrievalCounters(store);
    await store.follow<Partial<StepCounts>>('retrieval-counts', (day, counts) => {
      if (counts === undefined) counters.#days.delete(day);
      else counters.#days.set(day, counts);
    });
    return counters;
  }

  /** Counts a step; the answer is for `commit`, as an operation that is made when it writes. */
  count(step: RetrievalStep, now: number): ReadonlyMap<string, () => Operation> {
    const day = dayOf(now);
    this.#pending.set(day, added(this.#pending.get(day), { [step]: 1 }));
    return new Map([[`retrieval-counts/${day}`, () => this.#write(day)]]);
  }

  #write(day: string): Operation {
    const counts = added(this.#days.get(day), this.#pending.get(day));
    this.#pending.delete(day);
    this.#days.set(day, counts);
    return this.#table.put(day, counts);
  }

  /** The last so many days, today among them. */
  summary(now: number, days = KEPT_DAYS): RetrievalSummary {
    const first = dayOf(now - (days - 1) * 86_400);
    const counted = [...this.#days, ...this.#pending]
      .filter(([day]) => day >= first)
      .map(([, counts]) => counts);
    const total = (step: RetrievalStep): number =>
      counted.reduce((sum, counts) => sum + (counts[step] ?? 0), 0);
    const steps = Object.fromEntries(RETRIEVAL_STEPS.map((step) => [step, total(step)])) as StepCounts;
    return { steps, successRate: steps.begun === 0 ? null : steps.completed / steps.begun };
  }

  expire(now: number): readonly Operation[] {
    const over = [...this.#days.keys()].filter((day) => day < dayOf(now - KEPT_DAYS * 86_400));
    return over.map((day) => {
      this.#days.delete(day);
      this.#pending.delete(day);
      return this.#table.del(day);
    });
  }
}

function added(some: Counts = {}, more: Counts = {}): Counts {
  const all = { ...some };
  for (const step of RETRIEVAL_STEPS) {
    const count = (some[step] ?? 0) + (more[step] ?? 0);
    if (count > 0) all[step] = count;
  }
  return all;
}

function dayOf(now: number): string {
  return new Date(now * 1000).toISOString().slice(0, 10);
}
