import { writtenDay } from './health-records.ts';
import type { DoseFact, Moments, Person, TestFact, When } from './health-records.ts';

// New York's rules told a second time, plainly and slowly, from the facts as they were made up: no code of the verifier is
// used, no bundle is read, and the zone is arithmetic.

const DAY = 86_400;
const dayOf = (date: string): number => Date.parse(date) / 1000 / DAY;

/** Day number of the nth Sunday of a month of 2020 to 2022. */
function nthSunday(year: number, month: number, nth: number): number {
  const first = Date.UTC(year, month, 1) / 1000 / DAY;
  return first + ((7 - new Date(first * DAY * 1000).getUTCDay()) % 7) + (nth - 1) * 7;
}

/** New York is 4 hours behind UTC from the second Sunday of March, 7:00 UTC, to the first of November, 6:00 UTC. */
function hoursBehind(instant: number): number {
  const year = new Date(instant * 1000).getUTCFullYear();
  const from = nthSunday(year, 2, 2) * DAY + 7 * 3600;
  const until = nthSunday(year, 10, 1) * DAY + 6 * 3600;
  return instant >= from && instant < until ? 4 : 5;
}

const dayIn = (instant: number): number => Math.floor((instant - hoursBehind(instant) * 3600) / DAY);
/** Midnight is never skipped there: of the two hours that it may be, the one that is of the day. */
const midnightOf = (day: number): number => {
  const summer = day * DAY + 4 * 3600;
  return dayIn(summer) === day ? summer : day * DAY + 5 * 3600;
};

interface Dated {
  readonly day: number;
  readonly instant: number | undefined;
}

function dated(when: When, at: number): Dated | undefined {
  const day = dayOf(writtenDay(when, at));
  if (when.written === 'month' || when.written === 'nothing') return undefined;
  if (when.written !== 'instant') return { day, instant: undefined };
  const instant = day * DAY + when.second - when.offset * 60;
  return { day: dayIn(instant), instant };
}

/** Doses in their series and days between, by New York's value set. */
const VACCINES: Readonly<Record<string, readonly [needed: number, gap: number]>> = {
  208: [2, 17],
  217: [2, 17],
  300: [2, 17],
  211: [2, 17],
  207: [2, 24],
  212: [1, 24],
  219: [3, 17],
};

const isAlone = ({ entries }: Person): boolean =>
  !entries.some((entry) => entry.kind === 'junk' && entry.resource.resourceType === 'Patient');

interface Shot {
  readonly day: number;
  readonly codes: ReadonlySet<string>;
}

/** What was given and can be read, of one day and a common code one. */
function shotsOf(person: Person, at: number): readonly Shot[] {
  const given = person.entries.filter(
    (entry): entry is DoseFact =>
      entry.kind === 'dose' &&
      entry.subject === 'patient' &&
      entry.status === 'completed' &&
      entry.codes.length > 0 &&
      entry.isSubpotent !== true &&
      entry.isSubpotent !== 'unclear' &&
      !entry.modified,
  );
  let shots: Shot[] = given.flatMap(({ when, codes }) => {
    const moment = dated(when, at);
    return moment === undefined ? [] : { day: moment.day, codes: new Set(codes) };
  });
  for (;;) {
    const pair = pairOf(shots);
    if (pair === undefined) return shots;
    const [one, other] = pair;
    const joined = { day: one.day, codes: new Set([...one.codes, ...other.codes]) };
    shots = [...shots.filter((shot) => shot !== one && shot !== other), joined];
  }
}

function pairOf(shots: readonly Shot[]): readonly [Shot, Shot] | undefined {
  for (const one of shots) {
    const other = shots.find(
      (two) => two !== one && two.day === one.day && [...two.codes].some((code) => one.codes.has(code)),
    );
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

/** The day on which the series was complete. */
function completedOn(person: Person, at: number): number | undefined {
  const today = dayIn(at);
  const { birthDate = '' } = person;
  const isBorn = (day: number): boolean =>
    new Date(day * DAY * 1000).toISOString().slice(0, birthDate.length) >= birthDate;
  const known = shotsOf(person, at)
    .flatMap(({ day, codes }) => {
      const products = [...codes].flatMap((code) => (VACCINES[code] === undefined ? [] : [VACCINES[code]]));
      if (products.length === 0 || day > today || !isBorn(day)) return [];
      const needed = Math.max(...products.map(([doses]) => doses));
      const gap = Math.max(...products.filter(([doses]) => doses === needed).map(([, days]) => days));
      return { day, needed, gap, code: [...codes].toSorted().join() };
    })
    // Two products of one day: the first by its code, whatever the order of the card.
    .toSorted((a, b) => a.day - b.day || (a.code < b.code ? -1 : 1));
  let lastDay = -Infinity;
  let count = 0;
  let most = 0;
  for (const { day, needed, gap } of known) {
    if (day - lastDay < gap) continue;
    lastDay = day;
    count += 1;
    most = Math.max(most, needed);
    if (needed === 1 || count >= most) return day;
  }
  return undefined;
}

interface Sample extends Dated {
  readonly kind: 'pcr' | 'antigen';
  readonly result: TestFact['result'];
}

/** Final results of listed tests; undefined if one of the final results cannot be read. */
function samplesOf({ entries }: Person, at: number): readonly Sample[] | undefined {
  const final = entries.filter(
    (entry): entry is TestFact =>
      entry.kind === 'test' &&
      entry.subject === 'patient' &&
      /^(?:final|amended|corrected)$/.test(entry.status),
  );
  // A positive one that is not final yet, or of nobody whom the card names, may be the Patient's.
  const isDoubt = (entry: Person['entries'][number]): boolean =>
    entry.kind === 'test' &&
    entry.result === 'positive' &&
    (entry.status === 'preliminary' || (entry.status !== 'cancelled' && entry.subject !== 'patient'));
  if (entries.some(isDoubt)) return undefined;
  const samples: Sample[] = [];
  for (const { when, test, result, modified } of final) {
    const moment = dated(when, at);
    if (moment === undefined || modified) return undefined;
    if (test !== 'unlisted')
      samples.push({ ...moment, result, kind: test === 'antigen' ? 'antigen' : 'pcr' });
  }
  return samples;
}

/** Whether any negative sample that the test finds good has none that may be positive and later. */
function isClear(samples: readonly Sample[], at: number, good: (sample: Sample) => boolean): boolean {
  const isPast = ({ day, instant }: Sample): boolean => day <= dayIn(at) && (instant ?? at) <= at;
  const mayBeLater = (one: Sample, other: Sample): boolean => {
    if (one.day !== other.day) return one.day > other.day;
    return one.instant === undefined || other.instant === undefined || one.instant >= other.instant;
  };
  // What is neither, or both, may be positive.
  const positive = samples.filter(({ result }) => result !== 'negative');
  return samples.some(
    (sample) =>
      sample.result === 'negative' &&
      isPast(sample) &&
      good(sample) &&
      !positive.some((other) => mayBeLater(other, sample)),
  );
}

/** What New York's rule sets say of a person's record. */
export interface Oracle {
  readonly 'US-NY/FULLY-VACCINATED': 'met' | 'unmet';
  readonly 'US-NY/ENTRY': 'met' | 'unmet';
  readonly 'US-NY/EVENT-72H': 'met' | 'unmet' | 'undetermined';
}

export function oracleOf(person: Person, { at, event }: Moments): Oracle {
  const say = (met: boolean) => (met ? 'met' : 'unmet');
  const alone = isAlone(person);
  const completed = alone ? completedOn(person, at) : undefined;
  const since = completed === undefined ? undefined : dayIn(at) - completed;
  const samples = (alone ? samplesOf(person, at) : undefined) ?? [];
  const entry =
    (since !== undefined && since >= 15) ||
    isClear(samples, at, ({ kind, day }) => kind === 'pcr' && dayIn(at) - day <= 3) ||
    isClear(
      samples,
      at,
      ({ kind, instant }) => kind === 'antigen' && instant !== undefined && at - instant <= 6 * 3600,
    );
  const beforeEvent =
    event !== undefined &&
    isClear(samples, at, ({ kind, day, instant }) => {
      const taken = instant ?? midnightOf(day);
      return kind === 'pcr' && taken <= event && event - taken <= 72 * 3600;
    });
  return {
    'US-NY/FULLY-VACCINATED': say(since !== undefined && since >= 14 && since <= 365),
    'US-NY/ENTRY': say(entry),
    'US-NY/EVENT-72H': event === undefined ? 'undetermined' : say(beforeEvent),
  };
}
