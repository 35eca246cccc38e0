import { importEs256Key } from '../../../../credential/es256-web.ts';
import { TrustError } from '../../../pipeline/trust-error.ts';
import type { NoTrust } from '../../../pipeline/verify.ts';
import { openAnswers, raisedFloor } from './held-trust.ts';
import type { HeldTrust } from './held-trust.ts';
import { standingOf } from './standing.ts';
import type { Standing } from './standing.ts';
import type { TrustDatabase } from './trust-database.ts';
import { askVenue, VenueError } from './venue-answers.ts';
import type { Get, KnownLog, VenueAnswers } from './venue-answers.ts';

/** What the platform does for a page that holds trust data. */
export interface TrustPorts {
  readonly database: TrustDatabase;
  readonly get: Get;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Trust data that a page holds, kept on the device and never older than what was seen. */
export interface TrustKeeper {
  readonly held: () => HeldTrust | NoTrust;
  /** Ask the server for newer knowledge; how it went stands in the answer. */
  readonly refresh: () => Promise<Standing>;
  readonly standing: () => Standing;
  /** Hold nothing any more, and keep nothing: what was seen before counts no more. */
  readonly forget: () => Promise<void>;
}

/** Open what was kept from the last time, if it holds. */
export async function keepTrust({ database, get, now }: TrustPorts): Promise<TrustKeeper> {
  let held: HeldTrust | NoTrust = await openKept(database);
  let contact: Standing['contact'] = null;

  const standing = (): Standing => standingOf(held, contact, now());
  const take = async (): Promise<string | null> => {
    const before = typeof held === 'string' ? undefined : held;
    const answers = await ask(get, now, knownLog(before));
    if (answers === undefined || typeof answers === 'string') return answers ?? 'TRUST_MISSING';
    try {
      const next = await openAnswers(answers, importEs256Key, before);
      await database.put(answers, (floor) => raisedFloor(next, floor, now()));
      held = next;
      return null;
    } catch (error) {
      // What could not be kept is not decided by: the floor under it would be gone at the next start.
      return error instanceof TrustError ? error.code : 'NOT_KEPT';
    }
  };
  let taking: Promise<string | null> | undefined;

  return {
    held: () => held,
    standing,
    forget: async () => {
      await database.clear();
      held = 'missing';
      contact = null;
    },
    refresh: async () => {
      taking ??= take();
      const fault = await taking;
      taking = undefined;
      contact = { at: now(), fault };
      return standing();
    },
  };
}

async function ask(
  get: Get,
  now: () => number,
  known: KnownLog | undefined,
): Promise<VenueAnswers | undefined | 'VENUE_ANSWER' | 'OFFLINE'> {
  try {
    return await askVenue(get, now, known);
  } catch (error) {
    return error instanceof VenueError ? 'VENUE_ANSWER' : 'OFFLINE';
  }
}

function knownLog(held: HeldTrust | undefined): KnownLog | undefined {
  const source = held?.trust.document.source;
  const log = held?.answers.log ?? null;
  return source?.kind === 'chain' && log !== null ? { head: source.head, log } : undefined;
}

async function openKept(database: TrustDatabase): Promise<HeldTrust | NoTrust> {
  try {
    const answers = await database.answers();
    return answers === undefined ? 'missing' : await openAnswers(answers, importEs256Key);
  } catch {
    return 'invalid';
  }
}
