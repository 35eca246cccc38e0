import { setTimeout as sleep } from 'node:timers/promises';
import { pauseAfter } from '../../contracts/landing.ts';
import { moment } from '../../contracts/moment.ts';
import { failureOf } from '../exit.ts';
import type { AnchorRun } from './anchor-run.ts';
import { listWords, roomWords } from './anchor-words.ts';

/** Something that happened, as it is printed: a line for people, or an object. */
export interface LoopEvent {
  readonly event:
    | 'started'
    | 'leading'
    | 'following'
    | 'cut-off'
    | 'anchored'
    | 'room'
    | 'busy'
    | 'failed'
    | 'recovered'
    | 'stopped';
  readonly words: string;
  readonly told?: object;
}

/** Looks at the chain again and again. */
export interface AnchorRounds {
  /** Seconds between two looks. */
  readonly every: number;
  readonly stop: AbortSignal;
  readonly tell: (event: LoopEvent) => void;
  /** Brings what is due to the chain; undefined if that is another's at this moment. */
  readonly look: () => Promise<AnchorRun | undefined>;
  /** What no time will mend ends it. */
  readonly isHopeless: (code: string) => boolean;
  /** Aborted when the next look shall not be waited for. */
  readonly hurry?: () => AbortSignal;
}

/** An anchor is never older; see `issuerSilence` of the venues' policy. */
const DAY = 86_400;

/** After a failure it is tried again sooner than the next look. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/** What is another's to anchor is looked at so often, to follow it. */
const FOLLOW_MS = 2_000;

/** What says that somebody else is at it, and nothing is wrong. */
const BUSY: ReadonlySet<string> = new Set(['STORE_LOCKED', 'ANCHORING_ELSEWHERE']);

/** What would be too old at the next look is anchored at this one. */
export function dailyAtLeast(every: number): { readonly olderThan: number } {
  return { olderThan: Math.max(0, DAY - every) };
}

/** Looks until told to stop, sooner after a failure, and says what happened. Throws what no time will mend. */
export async function keepAnchoring({
  every,
  stop,
  tell,
  look,
  isHopeless,
  hurry,
}: AnchorRounds): Promise<void> {
  let [failures, isAlarmed] = [0, false];
  while (!stop.aborted) {
    let pause = every * 1000;
    // What happens during the look counts.
    const early = hurry?.();
    try {
      const run = await look();
      if (isAlarmed && run !== undefined) {
        tell({ event: 'recovered', words: 'The alarm is over: everything is on the chain.' });
        isAlarmed = false;
      }
      failures = 0;
      if (run === undefined) pause = Math.min(pause, FOLLOW_MS);
      for (const event of run === undefined ? [] : eventsOf(run)) tell(event);
    } catch (error) {
      const { code, message } = failureOf(error);
      if (isHopeless(code)) throw error;
      pause = Math.min(pause, pauseAfter(failures++, FIRST_PAUSE_MS, LONGEST_PAUSE_MS));
      const failure = failureEvent({ code, message, failures, pause });
      isAlarmed ||= failure.event === 'failed';
      tell(failure);
    }
    const end = early === undefined ? stop : AbortSignal.any([stop, early]);
    await sleep(pause, undefined, { signal: end }).catch(() => undefined);
  }
}

function eventsOf({ lists }: AnchorRun): readonly LoopEvent[] {
  return lists.flatMap((list): readonly LoopEvent[] => {
    const { kid, outcome, counter, revoked, length, block, final, free } = list;
    const told = { kid, counter, revoked, length, block, final };
    return [
      ...(outcome === 'anchored' ? [{ event: 'anchored' as const, words: listWords(list), told }] : []),
      ...roomWords(list).map((words) => ({
        event: 'room' as const,
        words: `List ${kid}: ${words}.`,
        told: { kid, free },
      })),
    ];
  });
}

function failureEvent({
  code,
  message,
  failures,
  pause,
}: {
  readonly code: string;
  readonly message: string;
  readonly failures: number;
  readonly pause: number;
}): LoopEvent {
  const isBusy = BUSY.has(code);
  const words = `${isBusy ? '' : `ALARM: ${code}: `}${message} Trying again in ${Math.ceil(pause / 1000)} s.`;
  return { event: isBusy ? 'busy' : 'failed', words, told: { code, message, failures } };
}

/** A line an event; of failures for people on standard error, where a supervisor looks. */
export function teller(
  { json }: { readonly json?: boolean },
  output: NodeJS.WritableStream = process.stdout,
): (event: LoopEvent) => void {
  return ({ event, words, told }) => {
    const time = moment(Math.floor(Date.now() / 1000));
    const line = json === true ? JSON.stringify({ time, event, ...told }) : `${time} ${words}`;
    const stream = event === 'failed' && json !== true ? process.stderr : output;
    stream.write(`${line}\n`);
  };
}
