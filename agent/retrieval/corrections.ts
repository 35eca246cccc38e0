import type { AuditEntry } from '../audit/audit-entry.ts';
import { IssuerError } from '../issuer-error.ts';
import type { Operation } from '../issuer-store.ts';
import type { Candidate } from '../records/record-source.ts';
import type { MessageLanguage } from './code-message.ts';
import { CORRECTION_OUTCOMES, CORRECTION_WORDS, type CorrectionOutcome } from './correction-words.ts';
import { identityOf } from './find-person.ts';
import { readPersonAsked, type PersonAsked } from './person-ask.ts';
import { askedTag, claimsOfPerson, foundTag, RETRIEVAL_ID, type Origin } from './retrieval.ts';
import type { RetrievalStep } from './retrieval-counters.ts';
import { claimOf, RetrievalLimited, type RetrievalLimits } from './retrieval-limits.ts';
import type { RetrievalState } from './retrieval-state.ts';
import { SealedRecords } from './sealed-records.ts';
import { newTrackingNumber, readTrackingNumber } from './tracking-number.ts';

export type CorrectionState = 'open' | 'in-work' | 'done' | 'refused';

/** What somebody asks to have put right. */
export interface CorrectionAsked extends PersonAsked {
  /** In the person's own words, 1,000 characters at most. */
  readonly words: string;
  /** How staff may reach the person, 200 characters at most; nothing is ever sent there by itself. */
  readonly reach?: string;
  /** The retrieval that failed, if there was one in the last day. */
  readonly retrieval?: string;
}

/** A correction request as staff see it. */
export interface Correction extends CorrectionAsked {
  readonly number: string;
  readonly state: CorrectionState;
  readonly outcome: CorrectionOutcome | null;
  /** Who works or worked on it. */
  readonly clerk: string | null;
  /** The step at which the retrieval failed, and the sources that could not be asked then. */
  readonly step: RetrievalStep | null;
  readonly unasked: readonly string[];
  /** Tags of the person, as asked for and as found: what staff unlock. */
  readonly tags: readonly string[];
  /** Unix seconds. */
  readonly filedAt: number;
  readonly changedAt: number;
}

/** How staff end a request. */
export interface Resolution {
  readonly outcome: CorrectionOutcome;
  /** Of the outcome `unlocked` it goes without saying. */
  readonly unlock?: boolean;
  /** The person's records, as staff found them in the sources. */
  readonly found?: readonly Candidate[];
}

/** A step of a request by staff. */
interface Change {
  /** Undefined if it cannot be taken. */
  readonly next: (correction: Correction) => Correction | undefined;
  /** Of the tag of its number. */
  readonly audit: (correction: string) => readonly AuditEntry[];
  /** Tags of persons that are unlocked with those of the request; without it nobody is. */
  readonly unlock?: readonly string[];
}

const MAX_WORDS = 1000;
const MAX_REACH = 200;
const DAY = 86_400;
/** A request is kept for so long after its end, and for as long as this if nobody ends it. */
const KEPT_SECONDS = 90 * DAY;
const UNENDED_SECONDS = 365 * DAY;

/** Requests to put a record right, from people who did not get theirs, to staff. */
export class Corrections {
  readonly #state: RetrievalState;
  readonly #requests: SealedRecords<Correction>;

  constructor(state: RetrievalState) {
    this.#state = state;
    this.#requests = new SealedRecords(state.store, 'corrections');
  }

  /**
   * Files a request; the answer is its tracking number, the same kind for everybody. IssuerError RETRIEVAL_INVALID,
   * CORRECTION_INVALID for a text that is too long; RetrievalLimited.
   */
  async file(request: CorrectionAsked, origin: Origin): Promise<string> {
    const { clock, retrievals, random } = this.#state;
    const { form, birthDate } = readPersonAsked(request);
    const { family, given, postalCode, words, reach, retrieval } = request;
    if (words.length > MAX_WORDS || (reach?.length ?? 0) > MAX_REACH) {
      throw new IssuerError('CORRECTION_INVALID', `A request has ${MAX_WORDS} characters at most.`);
    }
    const now = clock();
    const counted = this.#count(['corrections', 'allCorrections'], origin, now);
    const asked = askedTag(this.#state, form, birthDate);
    const isId = retrieval !== undefined && RETRIEVAL_ID.test(retrieval);
    const failed = isId ? await retrievals.get(retrieval) : undefined;
    // Of a retrieval of somebody else nothing is learnt, nor unlocked.
    const own = failed?.asked === asked ? failed : undefined;
    const number = newTrackingNumber(random);
    const correction: Correction = {
      family,
      given,
      birthDate,
      postalCode,
      words,
      number,
      ...(reach === undefined ? {} : { reach }),
      ...(own === undefined || retrieval === undefined ? {} : { retrieval }),
      state: 'open',
      outcome: null,
      clerk: null,
      step: own?.step ?? null,
      unasked: own?.unasked ?? [],
      tags: [asked, ...(own === undefined ? [] : [own.person])],
      filedAt: Math.floor(now),
      changedAt: Math.floor(now),
    };
    await this.#state.commit(
      [...counted, this.#requests.put(this.#key(number), correction)],
      'correction',
      now,
    );
    return number;
  }

  /** Where a request is, for whoever has its number. IssuerError CORRECTION_INVALID, CORRECTION_UNKNOWN; RetrievalLimited. */
  async status(
    number: string,
    { language, ...origin }: Origin & { readonly language: MessageLanguage },
  ): Promise<{ readonly state: CorrectionState; readonly sentence: string; readonly changedAt: number }> {
    const read = readTrackingNumber(number);
    await this.#state.store.commit(this.#count(['looks'], origin, this.#state.clock()));
    const { state, outcome, changedAt } = await this.get(read);
    const said = outcome ?? (state === 'in-work' ? 'in-work' : 'open');
    return { state, sentence: CORRECTION_WORDS[language][said], changedAt };
  }

  /** For staff: a request. IssuerError CORRECTION_INVALID, CORRECTION_UNKNOWN. */
  async get(number: string): Promise<Correction> {
    const found = await this.#requests.get(this.#key(readTrackingNumber(number)));
    if (found === undefined)
      throw new IssuerError('CORRECTION_UNKNOWN', 'There is no request of this number.');
    return found;
  }

  /** For staff: all requests in a state, the oldest first. */
  async list(state?: CorrectionState): Promise<readonly Correction[]> {
    const found: Correction[] = [];
    for await (const [, correction] of this.#requests.entries()) {
      if (state === undefined || correction.state === state) found.push(correction);
    }
    return found.toSorted((a, b) => a.filedAt - b.filedAt);
  }

  /** Writes down that staff are shown so many requests, before they are. IssuerError STORE_UNAVAILABLE. */
  async seen(client: string, requests: number): Promise<void> {
    if (requests === 0) return;
    await this.#state.store.commit([], new Map(), [{ kind: 'corrections-seen', client, requests }]);
  }

  /**
   * For staff: begins to work on a request; `over` takes it over from whoever does. IssuerError CORRECTION_UNKNOWN,
   * CORRECTION_STATE if it is at its end or another clerk works on it.
   */
  async take(number: string, clerk: string, { over = false } = {}): Promise<Correction> {
    return this.#change(number, {
      next: (correction) => {
        const free =
          correction.state === 'open' ||
          (correction.state === 'in-work' && (over || correction.clerk === clerk));
        return free ? { ...correction, state: 'in-work', clerk } : undefined;
      },
      audit: (correction) => [{ kind: 'correction-taken', client: clerk, correction }],
    });
  }

  /**
   * For staff: ends a request that the clerk works on. `unlock` lets the person try codes again, as asked for, as found by
   * the retrieval that the request names, and as the records that staff have `found`.
   *
   * IssuerError CORRECTION_UNKNOWN, CORRECTION_STATE.
   */
  async resolve(number: string, clerk: string, resolution: Resolution): Promise<Correction> {
    const { outcome, unlock = outcome === 'unlocked', found = [] } = resolution;
    const unlocked = found.map((candidate) => foundTag(this.#state, identityOf(candidate)));
    return this.#change(number, {
      next: (correction) =>
        correction.state === 'in-work' && correction.clerk === clerk
          ? { ...correction, state: CORRECTION_OUTCOMES[outcome], outcome }
          : undefined,
      audit: (correction) => [
        { kind: 'correction-resolved', client: clerk, correction, outcome },
        ...(unlock ? [{ kind: 'person-unlocked', client: clerk, correction } as const] : []),
      ],
      ...(unlock ? { unlock: unlocked } : {}),
    });
  }

  /** Removes requests that have had their time; the answer is how many. */
  async expire(): Promise<number> {
    const now = this.#state.clock();
    const operations = [];
    for await (const [key, { state, changedAt }] of this.#requests.entries()) {
      const kept = state === 'done' || state === 'refused' ? KEPT_SECONDS : UNENDED_SECONDS;
      if (changedAt + kept <= now) operations.push(this.#requests.del(key));
    }
    if (operations.length > 0) await this.#state.store.commit(operations);
    return operations.length;
  }

  async #change(number: string, { next, audit, unlock }: Change): Promise<Correction> {
    const key = this.#key(readTrackingNumber(number));
    return this.#state.turns.run(key, async () => {
      const { limits, policy, store, counters, clock } = this.#state;
      const now = clock();
      const before = await this.get(number);
      const changed = next(before);
      if (changed === undefined) {
        throw new IssuerError('CORRECTION_STATE', 'The request is at its end, or somebody else works on it.');
      }
      const dated = { ...changed, changedAt: Math.floor(now) };
      const tags = unlock === undefined ? [] : [...dated.tags, ...unlock];
      const unlocked = limits.clear(tags.flatMap((tag) => claimsOfPerson(policy, tag)));
      const step = dated.state === 'done' ? counters.count('corrected', now) : undefined;
      await store.commit([...unlocked, this.#requests.put(key, dated, before)], step, audit(key));
      return dated;
    });
  }

  #count(
    names: readonly (keyof RetrievalLimits)[],
    { addressGroup }: Origin,
    now: number,
  ): readonly Operation[] {
    const claims = names.map((name) =>
      claimOf(
        this.#state.policy,
        name,
        name.startsWith('all') ? '' : this.#state.tag('address', addressGroup),
      ),
    );
    const wait = this.#state.limits.waitFor(claims, now);
    if (wait > 0) throw new RetrievalLimited(wait);
    return this.#state.limits.add(claims, now);
  }

  /** Who reads the disk must not learn numbers that open anything. */
  #key(number: string): string {
    return this.#state.tag('correction', number);
  }
}
