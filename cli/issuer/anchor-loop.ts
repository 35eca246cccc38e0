import { once } from 'node:events';
import { senderChoice } from '../registry/connect.ts';
import { dailyAtLeast, keepAnchoring, teller } from './anchor-rounds.ts';
import { anchorRun, type AnchorRunOptions } from './anchor-run.ts';
import { holdingIssuer, unlockedFolder, type IssuerOptions } from './session.ts';

export interface AnchorLoopOptions extends IssuerOptions, Omit<AnchorRunOptions, 'unchanged'> {
  /** Seconds between two looks. */
  readonly every: number;
}

/** A run that cannot get through gives the folder up after so many seconds, so that a revocation gets in. */
const LONGEST_RUN = 30;

/** Every look logs in anew: a PIN that is tried again and again locks the token. */
const HOPELESS_PINS = ['PIN_MISSING', 'PIN_WRONG', 'PIN_LOCKED', 'PIN_NOT_SET'];

/** What goes by itself, or with somebody's help, while this runs on, is not among them. */
const HOPELESS: ReadonlySet<string> = new Set([
  'WRONG_PASSPHRASE',
  'STORE_MISSING',
  'STORE_DAMAGED',
  'ARGUMENT_INVALID',
  'USAGE',
  'INTERNAL',
  ...HOPELESS_PINS,
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
  const tell = teller(options);
  const terms = {
    ...options,
    wait: Math.min(options.wait ?? LONGEST_RUN, LONGEST_RUN),
    unchanged: dailyAtLeast(every),
  };
  tell({ event: 'started', words: `Looking every ${every} s, until told to stop.`, told: { every } });
  await keepAnchoring({
    every,
    stop: stopAsked(),
    tell,
    look: async () => holdingIssuer(folder, async (issuer) => anchorRun(issuer, terms, sender)),
    isHopeless: (code) => HOPELESS.has(code),
  });
  tell({ event: 'stopped', words: 'Stopped; nothing is under way.' });
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
