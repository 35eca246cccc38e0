import { randomBytes } from 'node:crypto';
import type { Operation } from '../issuer-store.ts';
import type { ServiceStore } from '../service/service-store.ts';
import type { Contact, PersonQuery } from '../records/record-source.ts';
import type { MessageLanguage } from './code-message.ts';
import type { FoundPerson } from './find-person.ts';
import { Limits } from './limits.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { RandomBytes } from './one-time-code.ts';
import { RetrievalCounters, type RetrievalStep } from './retrieval-counters.ts';
import { RETRIEVAL_LIMITS, type RetrievalLimits } from './retrieval-limits.ts';
import { SealedRecords } from './sealed-records.ts';
import { SourceHealth } from './source-health.ts';

/** A retrieval under way, of a person or of nobody: both look alike. */
export interface RetrievalRecord {
  /** Tag of whom was asked for, as asked. */
  readonly asked: string;
  /** Tag of the person found, whatever the spelling; of nobody, one that stands for that. */
  readonly person: string;
  /** Hashes of the codes that complete it, always as many. */
  readonly hashes: readonly string[];
  readonly tries: number;
  /** Unix seconds at which the codes end. */
  readonly until: number;
  /** What came of the search, null until it was made; never for the asker. */
  readonly step: RetrievalStep | null;
  /** Names of sources that could not be asked; never for the asker either. */
  readonly unasked: readonly string[];
  /** Since its code was right: which of the codes, and what was asked for with it. `until` is the end of this then. */
  readonly opened: { readonly code: number; readonly wanted: string } | null;
}

/** What was answered to the person of an opened retrieval, to be answered again. */
export interface KeptAnswer {
  readonly until: number;
  readonly answer: unknown;
}

/** What is to be looked up. */
export interface Ask extends PersonQuery {
  readonly id: string;
  readonly zip: string;
  readonly language: MessageLanguage;
}

/** A code that is to be sent; of nobody it has no contacts. */
export interface PendingMessage {
  readonly id: string;
  readonly key: string;
  readonly contacts: readonly Contact[];
  readonly attempt: number;
  readonly code: string;
  readonly language: MessageLanguage;
  readonly until: number;
}

export interface RetrievalOptions {
  /** Unix seconds. */
  readonly clock?: () => number;
  readonly random?: RandomBytes;
  readonly limits?: Partial<RetrievalLimits>;
}

/** So long after its code has ended a retrieval is remembered, for a correction request to name it. */
const REMEMBERED_SECONDS = 24 * 3600;
/** No code is good for longer: what was not looked up until then need not be. */
const ASKED_SECONDS = 3600;

/** What retrievals and corrections share: their tables, all sealed, and what is counted. */
export class RetrievalState {
  readonly store: ServiceStore;
  readonly clock: () => number;
  readonly random: RandomBytes;
  readonly policy: RetrievalLimits;
  readonly limits: Limits;
  readonly counters: RetrievalCounters;
  readonly turns = new OneAtATime();
  readonly health = new SourceHealth();
  readonly retrievals: SealedRecords<RetrievalRecord>;
  readonly asks: SealedRecords<Ask>;
  readonly messages: SealedRecords<PendingMessage>;
  readonly answers: SealedRecords<KeptAnswer>;
  /** Whom each code of a retrieval is for, by its place among the hashes. */
  readonly findings: SealedRecords<{
    readonly until: number;
    readonly persons: readonly FoundPerson['records'][];
  }>;

  private constructor(
    store: ServiceStore,
    options: RetrievalOptions,
    limits: Limits,
    counters: RetrievalCounters,
  ) {
    this.store = store;
    this.clock = options.clock ?? (() => Date.now() / 1000);
    this.random = options.random ?? randomBytes;
    this.policy = { ...RETRIEVAL_LIMITS, ...options.limits };
    this.limits = limits;
    this.counters = counters;
    this.retrievals = new SealedRecords(store, 'retrievals');
    this.asks = new SealedRecords(store, 'retrieval-asks');
    this.messages = new SealedRecords(store, 'retrieval-messages');
    this.findings = new SealedRecords(store, 'retrieval-findings');
    this.answers = new SealedRecords(store, 'retrieval-answers');
  }

  /** IssuerError STORE_DAMAGED, STORE_UNAVAILABLE. */
  static async open(store: ServiceStore, options: RetrievalOptions = {}): Promise<RetrievalState> {
    return new RetrievalState(store, options, await Limits.open(store), await RetrievalCounters.open(store));
  }

  /** A keyed tag, apart from those of other uses. */
  tag(kind: string, text: string): string {
    return this.store.box.tag('person', `retrieval|${kind}|${text}`);
  }

  /** Writes what was decided, with the step that it counts for. */
  async commit(operations: readonly Operation[], step: RetrievalStep, now: number): Promise<void> {
    await this.store.commit(operations, this.counters.count(step, now));
  }

  /** Removes whatever has had its time; the answer is how many records. To be called every few minutes. */
  async expire(): Promise<number> {
    const now = this.clock();
    const operations = [...this.limits.expire(now), ...this.counters.expire(now)];
    for await (const [id, { until }] of this.retrievals.entries()) {
      if (until + REMEMBERED_SECONDS <= now) operations.push(this.retrievals.del(id));
    }
    for await (const [key] of this.asks.entries()) {
      if (dueOf(key) + ASKED_SECONDS <= now) operations.push(this.asks.del(key));
    }
    for await (const [id, { until }] of this.findings.entries()) {
      if (until <= now) operations.push(this.findings.del(id));
    }
    for await (const [key, { until }] of this.answers.entries()) {
      if (until <= now) operations.push(this.answers.del(key));
    }
    for await (const [key, { until }] of this.messages.entries()) {
      if (until <= now) operations.push(this.messages.del(key));
    }
    if (operations.length > 0) await this.store.commit(operations);
    return operations.length;
  }
}

/** The key of something due at a moment: in the order of time. */
export function dueKey(due: number, id: string): string {
  return `${String(Math.ceil(due * 1000)).padStart(15, '0')}.${id}`;
}

/** The moment of such a key, in Unix seconds. */
export function dueOf(key: string): number {
  return Number(key.slice(0, 15)) / 1000;
}
