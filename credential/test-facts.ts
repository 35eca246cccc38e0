import { begunHours, daysBetween, type TimeZone } from './civil-time.ts';
import type { TestResult } from './health-record.ts';
import type { Codebook } from './value-set.ts';

/** The moment that facts are asked as of, and the event that some count back from; seconds since 1970. */
export interface Moment {
  readonly now: number;
  readonly event: number | undefined;
  readonly zone: TimeZone;
}

/** One result. */
export interface ResultFacts {
  /** The civil day of the collection. */
  readonly date: string;
  readonly daysSince: number;
  /** The moment of the collection, seconds since 1970; null where no time with a zone was written. */
  readonly at: number | null;
  /** Begun hours since the collection; null where no time with a zone was written. */
  readonly hoursSince: number | null;
  /** Whether there is a positive result, or one that may be, that is not known to be earlier. */
  readonly positiveSince: boolean;
}

/** The last negative result before an event. */
export interface EventFacts {
  readonly date: string;
  /** Begun hours from the collection to the event; without a time, from the beginning of its day. */
  readonly hoursBefore: number;
  readonly positiveSince: boolean;
}

/** The results of one kind of test. */
export interface TestKindFacts {
  /** The newest, by day. */
  readonly negative: ResultFacts | null;
  /** The newest whose time was written with its zone. */
  readonly timedNegative: ResultFacts | null;
  /** The newest that was collected before the event; null without an event. */
  readonly negativeBeforeEvent: EventFacts | null;
  readonly positive: ResultFacts | null;
}

/**
 * What a person's test results come to, by the kinds of a value set. Results still to come are none, except that
 * one that is not negative counts against every one that is.
 */
export function testFacts(
  tests: readonly TestResult[],
  codebook: Codebook,
  moment: Moment,
): Readonly<Record<string, TestKindFacts>> {
  // Most cards are about doses alone.
  if (tests.length === 0) return nothingTested(codebook);
  const listed = tests.flatMap((test) => {
    const kinds = codebook.testKindsOf(test.codes);
    return kinds.length === 0 ? [] : { test, kinds };
  });
  // In words, in codes that are not known, both at once, doubtful: nobody knows that it is not a positive one.
  const doubts = listed.flatMap(({ test }) => (test.result === 'negative' ? [] : test));
  const today = moment.zone.dateOf(moment.now);
  const known = listed.filter(({ test }) => !isToCome(test, moment));
  const facts = (test: TestResult | undefined): ResultFacts | null =>
    test === undefined
      ? null
      : {
          date: test.date,
          daysSince: daysBetween(test.date, today),
          at: test.at,
          hoursSince: test.at === null ? null : begunHours(moment.now - test.at),
          positiveSince: doubts.some((doubt) => !isEarlier(doubt, test)),
        };
  const ofKind = (kind: string): TestKindFacts => {
    const own = known.flatMap(({ test, kinds }) => (kinds.includes(kind) ? test : []));
    const negatives = own.filter(({ result }) => result === 'negative');
    return {
      negative: facts(newest(negatives)),
      timedNegative: facts(newest(negatives.filter(({ at }) => at !== null))),
      negativeBeforeEvent: beforeEvent(negatives, doubts, moment),
      positive: facts(newest(own.filter(({ result }) => result === 'positive'))),
    };
  };
  return Object.fromEntries(codebook.testKinds.map((kind) => [kind, ofKind(kind)]));
}

/** What a record without results comes to, by the kinds of a value set. */
const untested = new WeakMap<Codebook, Readonly<Record<string, TestKindFacts>>>();

function nothingTested(codebook: Codebook): Readonly<Record<string, TestKindFacts>> {
  let facts = untested.get(codebook);
  if (facts === undefined) {
    const none = { negative: null, timedNegative: null, negativeBeforeEvent: null, positive: null };
    facts = Object.fromEntries(codebook.testKinds.map((kind) => [kind, none]));
    untested.set(codebook, facts);
  }
  return facts;
}

/** Whether a result is of a day or an instant that has not come. */
export function isToCome({ date, at }: TestResult, { now, zone }: Moment): boolean {
  return date > zone.dateOf(now) || (at !== null && at > now);
}

function beforeEvent(
  negatives: readonly TestResult[],
  doubts: readonly TestResult[],
  { event, zone }: Moment,
): EventFacts | null {
  if (event === undefined) return null;
  // Without a time it may have been at the first moment of its day: from there it is oldest.
  const collected = (test: TestResult): number => test.at ?? zone.startOf(test.date);
  const test = newest(negatives.filter((one) => collected(one) <= event));
  if (test === undefined) return null;
  return {
    date: test.date,
    hoursBefore: begunHours(event - collected(test)),
    positiveSince: doubts.some((doubt) => !isEarlier(doubt, test)),
  };
}

/** Known to be: by day, or by instant on the same day. */
function isEarlier(one: TestResult, other: TestResult): boolean {
  if (one.date !== other.date) return one.date < other.date;
  return one.at !== null && other.at !== null && one.at < other.at;
}

/** By day, then by instant; a result without one comes before those of its day. */
function newest(tests: readonly TestResult[]): TestResult | undefined {
  return tests.reduce<TestResult | undefined>((found, test) => {
    if (found === undefined || test.date > found.date) return test;
    return test.date === found.date && (test.at ?? -1) > (found.at ?? -1) ? test : found;
  }, undefined);
}
