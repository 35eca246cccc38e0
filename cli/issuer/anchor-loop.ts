import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pauseAfter } from '../../contracts/landing.ts';
import { moment } from '../../contracts/moment.ts';
import { failureOf } from '../exit.ts';
import { senderChoice } from '../registry/connect.ts';
import { anchorRun, type AnchorRun, type AnchorRunOptions } from './anchor-run.ts';
import { listWords, roomWords } from './anchor-words.ts';
import { holdingIssuer, unlockedFolder, type IssuerOptions } from './session.ts';

export interface AnchorLoopOptions extends IssuerOptions, Omit<AnchorRunOptions, 'unchanged'> {
  /** Seconds between two looks. */
  readonly every: number;
}

/** Something that happened, as it is printed: a line for people, or an object. */
interface LoopEvent {
  readonly event: 'started' | 'anchored' | 'room' | 'busy' | 'failed' | 'recovered' | 'stopped';
  readonly words: string;
  readonly told?: object;
}

/** An anchor is never older; see `issuerSilence` of the venues' policy. */
const DAY = 86_400;

/** A run that cannot get through gives the folder up after so many seconds, so that a revocation gets in. */
const LONGEST_RUN = 30;

/** After a failure it is tried again sooner than the next look. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/** What goes by itself, or with somebody's help, while this runs on. */
const HOPELESS: ReadonlySet<string> = new Set([
  'WRONG_PASSPHRASE',
  'STORE_MISSING',
  'STORE_DAMAGED',
  'ARGUMENT_INVALID',
  'USAGE',
  'INTERNAL',
  // Every look logs in anew: a PIN that is tried again and again locks the token.
  'PIN_MISSING',
  'PIN_WRONG',
  'PIN_LOCKED',
  'PIN_NOT_SET',
]);

/**
 * `pratique issuer anchor --every`: anchors what has changed, at least daily, until SIGTERM or SIGINT; what is under way
 * then is finished first.
 *
 * The folder is held while there is something to do and given up in between. Throws what no time will mend.
 */
export async function runAnchorLoop(options: AnchorLoopOptions): Promise<void> {
  const { every } = options;
  const folder = await unlockedFolder(options);
  const sender = await senderChoice(options);
  const stop = stopAsked();
  const tell = teller(options);
  const terms = {
    ...options,
    wait: Math.min(options.wait ?? LONGEST_RUN, LONGEST_RUN),
    // What would be too old at the next look is anchored at this one.
    unchanged: { olderThan: DAY - every },
  };
  tell({ event: 'started', words: `Looking every ${every} s, until told to stop.`, told: { every } });
  let [failures, isAlarmed] = [0, false];
  while (!stop.aborted) {
    let pause = every * 1000;
    try {
      const run = await holdingIssuer(folder, async (issuer) => anchorRun(issuer, terms, sender));
      if (isAlarmed) tell({ event: 'recovered', words: 'The alarm is over: everything is on the chain.' });
      [failures, isAlarmed] = [0, false];
      for (const event of eventsOf(run)) tell(event);
    } catch (error) {
      const { code, message } = failureOf(error);
      if (HOPELESS.has(code)) throw error;
      pause = Math.min(pause, pauseAfter(failures++, FIRST_PAUSE_MS, LONGEST_PAUSE_MS));
      const failure = failureEvent({ code, message, failures, pause });
      isAlarmed ||= failure.event === 'failed';
      tell(failure);
    }
    await sleep(pause, undefined, { signal: stop }).catch(() => undefined);
  }
  tell({ event: 'stopped', words: 'Stopped; nothing is under way.' });
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

/** A bulk may hold the folder for a while, and nothing is wrong. */
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
  const isBusy = code === 'STORE_LOCKED';
  const words = `${isBusy ? '' : `ALARM: ${code}: `}${message} Trying again in ${Math.ceil(pause / 1000)} s.`;
  return { event: isBusy ? 'busy' : 'failed', words, told: { code, message, failures } };
}

/** A line an event; of failures for people on standard error too, where a supervisor looks. */
function teller({ json }: { readonly json?: boolean }): (event: LoopEvent) => void {
  return ({ event, words, told }) => {
    const time = moment(Math.floor(Date.now() / 1000));
    const line = json === true ? JSON.stringify({ time, event, ...told }) : `${time} ${words}`;
    const stream = event === 'failed' && json !== true ? process.stderr : process.stdout;
    stream.write(`${line}\n`);
  };
}

/** Aborted by the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopAsked(): AbortSignal {
  const asked = new AbortController();
  const { signal } = asked;
  const either = Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  void either.then(
    () => asked.abort(),
    () => undefined,
  );
  return signal;
}
