import { timingSafeEqual } from 'node:crypto';
import { IssuerError } from '../issuer-error.ts';
import type { MessageLanguage } from './code-message.ts';
import { MAX_PERSONS, type FoundPerson } from './find-person.ts';
import type { Claim } from './limits.ts';
import { CODE_DIGITS, readCode, whichCode } from './one-time-code.ts';
import { readPersonAsked, type PersonAsked } from './person-ask.ts';
import { claimOf, RetrievalLimited, type RetrievalLimits } from './retrieval-limits.ts';
import { dueKey, type RetrievalRecord, type RetrievalState } from './retrieval-state.ts';

/** Where a request comes from: a group of addresses that one asker is likely to hold, such as a /48 of IPv6. */
export interface Origin {
  readonly addressGroup: string;
}

/** What everybody is told who asks for anybody. */
export interface Begun {
  /** 128 random bits: whoever has it may try codes. */
  readonly id: string;
  /** Unix seconds at which the code ends. */
  readonly until: number;
  readonly codeDigits: number;
}

/** How far a retrieval is: the same whoever was asked for. */
export interface Progress {
  readonly state: 'looking' | 'looked' | 'opened' | 'ended';
  readonly triesLeft: number;
  /** Sources that are down for everybody: a record there would not have been found. */
  readonly down: readonly string[];
}

/** The record in the hands of its person, for as long as the retrieval stays open. */
export interface Opened {
  readonly id: string;
  /** Of several sources, each with its name. */
  readonly records: FoundPerson['records'];
  /** Who has it need not have the code, which is used up. */
  readonly token: string;
  /** Unix seconds. */
  readonly until: number;
}

/** Where a code is tried from, and a digest of what is asked for with it. */
export interface Try extends Origin {
  readonly wanted: string;
}

const CODE_SECONDS = 600;
/** From the right code on: for another product, and for whoever did not get the answer. */
const OPEN_SECONDS = 600;
export const MAX_TRIES = 5;
/** A search begins at some moment of so many seconds, that nobody can tell by the next answer's delay what it found. */
const JITTER_SECONDS = 2;
/** A search is shown as made after so long, however long it took: to find somebody takes longer. */
const LOOKING_SECONDS = 30;
/** The form of a retrieval's id. */
export const RETRIEVAL_ID = /^[A-Za-z0-9_-]{22}$/;

/**
 * A person asks for the own record and shows to be that person by a code sent to the contact on record.
 *
 * Nothing that is said to the asker depends on whether the person exists: `begin` writes an ask down and answers, the
 * search and the sending come afterwards, and `complete` does the same work for nobody's codes.
 */
export class Retrieval {
  readonly #state: RetrievalState;

  constructor(state: RetrievalState) {
    this.#state = state;
  }

  /**
   * Writes down whom to look for; the answer is the same for everybody.
   *
   * IssuerError RETRIEVAL_INVALID, RETRIEVAL_LOCKED after a hundred wrong codes for that person, existing or not;
   * RetrievalLimited.
   */
  async begin(
    person: PersonAsked & { readonly language: MessageLanguage },
    { addressGroup }: Origin,
  ): Promise<Begun> {
    const { limits, policy, clock, counters, asks, retrievals } = this.#state;
    const { form, ...query } = readPersonAsked(person);
    const now = clock();
    const asked = askedTag(this.#state, form, query.birthDate);
    if (limits.waitFor([claimOf(policy, 'failures', asked)], now) > 0) {
      counters.count('locked', now);
      throw locked();
    }
    const claims = [
      claimOf(policy, 'personHour', asked),
      claimOf(policy, 'personDay', asked),
      claimOf(policy, 'address', this.#state.tag('address', addressGroup)),
      claimOf(policy, 'all'),
    ];
    this.#assertRoom(claims, now);
    const counted = limits.add(claims, now);
    const id = this.#random(16);
    const until = Math.floor(now) + CODE_SECONDS;
    const record: RetrievalRecord = {
      asked,
      person: decoyTag(this.#state, asked),
      // Nobody's codes until the search is made, and for ever if it finds nobody.
      hashes: Array.from({ length: MAX_PERSONS }, () => this.#random(32)),
      tries: 0,
      until,
      step: null,
      unasked: [],
      opened: null,
    };
    const due = now + (Buffer.from(this.#state.random(2)).readUInt16BE() / 2 ** 16) * JITTER_SECONDS;
    const ask = asks.put(dueKey(due, id), { ...query, id, language: person.language });
    await this.#state.commit([...counted, retrievals.put(id, record), ask], 'begun', now);
    return { id, until, codeDigits: CODE_DIGITS };
  }

  /**
   * Hands the record over for its code, once: again only to whoever wants the same as the first time, since that answer
   * may have been lost.
   *
   * Each try is on disk before it is answered. IssuerError RETRIEVAL_INVALID for what is no code; CODE_WRONG;
   * RETRIEVAL_ENDED after ten minutes, five tries, or once opened for something else; RETRIEVAL_LOCKED; RetrievalLimited.
   */
  async complete(id: string, typed: string, asked: Try): Promise<Opened> {
    const code = readCode(typed);
    if (code === undefined) throw new IssuerError('RETRIEVAL_INVALID', `A code has ${CODE_DIGITS} digits.`);
    if (!RETRIEVAL_ID.test(id)) throw ended();
    return this.#state.turns.run(id, async () => this.#try(id, code, asked));
  }

  /** The record of a retrieval that was opened, for its token. IssuerError RETRIEVAL_ENDED. */
  async opened(id: string, token: string): Promise<Opened> {
    const { retrievals, findings, clock } = this.#state;
    const record = RETRIEVAL_ID.test(id) ? await retrievals.get(id) : undefined;
    const [given, own] = [Buffer.from(token), Buffer.from(this.#token(id))];
    const isTheirs = given.length === own.length && timingSafeEqual(given, own);
    const open = record?.opened;
    if (!isTheirs || record === undefined || !open || record.until <= clock()) throw ended();
    const records = (await findings.get(id))?.persons[open.code];
    if (records === undefined) throw ended();
    return { id, records, token, until: record.until };
  }

  /** How far a retrieval is. */
  async progress(id: string): Promise<Progress> {
    const record = RETRIEVAL_ID.test(id) ? await this.#state.retrievals.get(id) : undefined;
    const [now, down] = [this.#state.clock(), this.#state.health.down()];
    if (record === undefined || record.until <= now) return { state: 'ended', triesLeft: 0, down };
    if (record.opened !== null) return { state: 'opened', triesLeft: 0, down };
    if (isOver(record, now)) return { state: 'ended', triesLeft: 0, down };
    const isShown = now >= record.until - CODE_SECONDS + LOOKING_SECONDS;
    const state = record.step === null || !isShown ? 'looking' : 'looked';
    return { state, triesLeft: MAX_TRIES - record.tries, down };
  }

  async #try(id: string, code: string, { addressGroup, wanted }: Try): Promise<Opened> {
    const { limits, policy, clock, retrievals, findings, counters } = this.#state;
    const now = clock();
    const record = await retrievals.get(id);
    if (record === undefined || isOver(record, now)) {
      counters.count('ended', now);
      throw ended();
    }
    const asked = claimOf(policy, 'failures', record.asked);
    const person = claimOf(policy, 'failures', record.person);
    if (limits.waitFor([asked], now) > 0) {
      counters.count('locked', now);
      throw locked();
    }
    const others = [
      claimOf(policy, 'addressFailures', this.#state.tag('address', addressGroup)),
      claimOf(policy, 'allFailures'),
    ];
    this.#assertRoom(others, now);
    const at = whichCode(record.hashes, id, code);
    // A lock of the person under another spelling is not shown: of nobody there is none.
    const isHeld = limits.waitFor([person], now) > 0;
    const records = at >= 0 && !isHeld ? (await findings.get(id))?.persons[at] : undefined;
    if (records === undefined) {
      const tries = record.tries + 1;
      const counted = limits.add([asked, person, ...others], now);
      // Of an opened one its token is left.
      const spent = tries >= MAX_TRIES && record.opened === null ? [findings.del(id)] : [];
      await this.#state.commit(
        [...counted, retrievals.put(id, { ...record, tries }, record), ...spent],
        'wrong-code',
        now,
      );
      throw new IssuerError('CODE_WRONG', 'This is not the code that was sent.');
    }
    const token = this.#token(id);
    if (record.opened !== null) {
      if (record.opened.code !== at || record.opened.wanted !== wanted) throw ended();
      return { id, records, token, until: record.until };
    }
    // On success what went wrong before is forgotten (NIST SP 800-63B-4 §3.2.2).
    const forgiven = limits.clear([asked, person]);
    const until = Math.floor(now) + OPEN_SECONDS;
    const opened: RetrievalRecord = { ...record, until, opened: { code: at, wanted } };
    // Of namesakes the records go at once.
    const persons = record.hashes.map((_, place) => (place === at ? records : []));
    await this.#state.commit(
      // Of two agents that are told the same code at once, one opens it.
      [...forgiven, retrievals.put(id, opened, record), findings.put(id, { until, persons })],
      'completed',
      now,
    );
    return { id, records, token, until };
  }

  #token(id: string): string {
    return this.#state.tag('token', id);
  }

  #assertRoom(claims: readonly Claim[], now: number): void {
    const wait = this.#state.limits.waitFor(claims, now);
    if (wait === 0) return;
    this.#state.counters.count('limited', now);
    throw new RetrievalLimited(wait);
  }

  #random(bytes: number): string {
    return Buffer.from(this.#state.random(bytes)).toString('base64url');
  }
}

/** The tag of a person as asked for. */
export function askedTag(state: RetrievalState, form: string, birthDate: string): string {
  return state.tag('asked', `${form}|${birthDate}`);
}

/** The tag of a person as found, by the identity on record. */
export function foundTag(state: RetrievalState, identity: string): string {
  return state.tag('person', identity);
}

/** The limits that stand in a person's way, to be forgotten when staff unlock. */
export function claimsOfPerson(policy: RetrievalLimits, tag: string): readonly Claim[] {
  return [
    claimOf(policy, 'failures', tag),
    claimOf(policy, 'personHour', tag),
    claimOf(policy, 'personDay', tag),
  ];
}

function decoyTag(state: RetrievalState, asked: string): string {
  return state.tag('nobody', asked);
}

function isOver({ until, tries }: RetrievalRecord, now: number): boolean {
  return until <= now || tries >= MAX_TRIES;
}

function ended(): IssuerError {
  return new IssuerError('RETRIEVAL_ENDED', 'This retrieval is over; begin again.');
}

function locked(): IssuerError {
  return new IssuerError(
    'RETRIEVAL_LOCKED',
    'There were too many wrong codes for this person; a correction request leads on.',
  );
}
