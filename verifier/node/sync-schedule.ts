/** Does one thing again and again, never twice at once. */
export interface Schedule {
  readonly start: () => void;
  /** Begin nothing any more; resolves when what is under way has ended, or after a while without it. */
  readonly stop: () => Promise<void>;
  /** Do it once more, after what is under way; callers that wait for the same turn share it. */
  readonly now: () => Promise<void>;
  /** Do something else between two turns. */
  readonly between: <T>(task: () => Promise<T>) => Promise<T>;
}

export interface ScheduleTerms {
  readonly intervalSeconds: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

const MAX_WAIT_SECONDS = 900;
/** Whatever interval is asked for. */
const MIN_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 86_400;
/** Longer than a file takes at most; a chain's node that hangs is not waited for. */
const STOP_MS = 6000;

/**
 * The seconds until the next turn: the interval, twice as long after every failure, up to a quarter of an hour; a tenth
 * more or less, so that a thousand venues that lost the network together do not come back in the same second. Never less
 * than a second, nor more than a day.
 */
export function nextWait({ intervalSeconds, random }: ScheduleTerms, failures: number): number {
  const most = Math.max(MAX_WAIT_SECONDS, intervalSeconds);
  const wait = Math.min(intervalSeconds * 2 ** failures, most) * (0.9 + 0.2 * random());
  // No interval at all would spin, and of one beyond 2^31 ms a timer makes one of 1 ms.
  return wait >= MIN_WAIT_SECONDS ? Math.min(wait, LONGEST_WAIT_SECONDS) : MIN_WAIT_SECONDS;
}

/** @param turn answers whether it succeeded, and never rejects */
export function schedule(turn: () => Promise<boolean>, terms: ScheduleTerms): Schedule {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let failures = 0;

  const between = async <T>(task: () => Promise<T>): Promise<T> => {
    const ended = tail.then(task);
    tail = ended.catch(() => undefined);
    return ended;
  };
  const now = (): Promise<void> => {
    waiting ??= between(async () => {
      waiting = undefined;
      if (isStopped) return;
      failures = (await turn()) ? 0 : failures + 1;
    });
    return waiting;
  };
  const startTimer = (seconds: number): void => {
    timer = setTimeout(() => {
      void now().finally(() => {
        if (!isStopped) startTimer(nextWait(terms, failures));
      });
    }, seconds * 1000);
  };
  return {
    now,
    between,
    start: () => {
      if (timer === undefined && !isStopped) startTimer(0);
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      let limit: NodeJS.Timeout | undefined;
      const enough = new Promise((done) => (limit = setTimeout(done, STOP_MS)));
      await Promise.race([tail, enough]);
      clearTimeout(limit);
    },
  };
}
