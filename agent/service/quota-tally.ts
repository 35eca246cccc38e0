import { QUOTA_WINDOWS, type Quota, type QuotaKind, type QuotaWindow } from './quota.ts';

/** Share of a quota in percent that was reached, or `unusual`: many times what the client does in its other hours. */
export type AlarmLevel = 80 | 100 | 'unusual';

/** What was counted in one window of time. */
interface WindowCount {
  /** Number of the window since 1970. */
  readonly window: number;
  count: number;
  /** The highest share in percent that an alarm was raised about. */
  alarmed: number;
  unusual: boolean;
}

/** What a client has done of one kind: in the windows that run, and in an hour as it usually is. */
export interface QuotaTally {
  hour: WindowCount;
  day: WindowCount;
  /** Mean over the hours in which it did anything, the later ones weighing more; and how many those were. */
  usual: { readonly perHour: number; readonly hours: number };
}

/** An alarm that was raised of a window. */
export interface RaisedAlarm {
  readonly window: QuotaWindow;
  readonly level: AlarmLevel;
}

/** So many hours must be known before one can be unusual. */
const KNOWN_HOURS = 24;
const MANY_TIMES = 10;
/** Ten times next to nothing is next to nothing. */
const LEAST_UNUSUAL = 20;
/** The mean is of so many hours, roughly. */
const WEIGHED_HOURS = 48;
const WARNING = 80;

export function emptyTally(): QuotaTally {
  const nothing = (): WindowCount => ({ window: 0, count: 0, alarmed: 0, unusual: false });
  return { hour: nothing(), day: nothing(), usual: { perHour: 0, hours: 0 } };
}

/** Goes on to the windows of a moment (Unix seconds). A clock that is set back begins no window anew. */
export function rollTo(tally: QuotaTally, now: number): void {
  const at = { hour: windowOf('hour', now), day: windowOf('day', now) };
  if (at.hour > tally.hour.window) {
    tally.usual = usualAfter(tally);
    tally.hour = { window: at.hour, count: 0, alarmed: 0, unusual: false };
  }
  if (at.day > tally.day.window) tally.day = { window: at.day, count: 0, alarmed: 0, unusual: false };
}

/** Windows in which so many more are too many. */
export function fullWindows(
  tally: QuotaTally,
  limits: Quota[QuotaKind],
  amount: number,
): readonly QuotaWindow[] {
  return (['hour', 'day'] as const).filter((window) => tally[window].count + amount > limits[window]);
}

/** Whole seconds until a window is over, 1 at least. */
export function secondsLeft(tally: QuotaTally, window: QuotaWindow, now: number): number {
  return Math.max(1, Math.ceil((tally[window].window + 1) * QUOTA_WINDOWS[window] - now));
}

/** The alarms that are due, each once in a window; what takes one back if it cannot be written down. */
export function raiseAlarms(
  tally: QuotaTally,
  limits: Quota[QuotaKind],
  refusedIn: readonly QuotaWindow[] = [],
): { readonly raised: readonly RaisedAlarm[]; readonly takeBack: () => void } {
  const raised: RaisedAlarm[] = [];
  const undo: (() => void)[] = [];
  for (const window of ['hour', 'day'] as const) {
    const counted = tally[window];
    const level = refusedIn.includes(window) ? 100 : shareOf(counted.count, limits[window]);
    const before = counted.alarmed;
    if (level <= before) continue;
    counted.alarmed = level;
    undo.push(() => (counted.alarmed = before));
    raised.push({ window, level: level === 100 ? 100 : 80 });
  }
  const { hour } = tally;
  if (!hour.unusual && isUnusual(tally)) {
    hour.unusual = true;
    undo.push(() => (hour.unusual = false));
    raised.push({ window: 'hour', level: 'unusual' });
  }
  return {
    raised,
    takeBack: () => {
      for (const each of undo) each();
    },
  };
}

function shareOf(count: number, limit: number): number {
  if (count >= limit) return 100;
  return count * 100 >= limit * WARNING ? WARNING : 0;
}

function isUnusual({ hour, usual }: QuotaTally): boolean {
  return usual.hours >= KNOWN_HOURS && hour.count >= Math.max(LEAST_UNUSUAL, MANY_TIMES * usual.perHour);
}

function usualAfter({ hour: { count }, usual }: QuotaTally): QuotaTally['usual'] {
  if (count === 0) return usual;
  if (usual.hours === 0) return { perHour: count, hours: 1 };
  // One hour of a thief must not make the next ones usual.
  const bounded = usual.hours < KNOWN_HOURS ? count : Math.min(count, MANY_TIMES * usual.perHour);
  const hours = usual.hours + 1;
  return { perHour: usual.perHour + (bounded - usual.perHour) / Math.min(hours, WEIGHED_HOURS), hours };
}

function windowOf(window: QuotaWindow, now: number): number {
  return Math.floor(now / QUOTA_WINDOWS[window]);
}
