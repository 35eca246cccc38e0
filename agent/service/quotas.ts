import type { AuditEntry } from '../audit/audit-entry.ts';
import { IssuerError } from '../issuer-error.ts';
import type { Table } from '../issuer-store.ts';
import type { Aside } from '../status-ledger.ts';
import type { Client } from './clients.ts';
import { DEFAULT_QUOTA, QUOTA_KINDS, type QuotaKind, type QuotaWindow } from './quota.ts';
import {
  emptyTally,
  fullWindows,
  raiseAlarms,
  rollTo,
  secondsLeft,
  type QuotaTally,
  type RaisedAlarm,
} from './quota-tally.ts';
import type { ServiceStore } from './service-store.ts';

/** A client has done what its quota lets it. */
export class QuotaReached extends IssuerError {
  /** Whole seconds. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('QUOTA_REACHED', 'This client has done what its quota lets it do for now.');
    this.retryAfter = retryAfter;
  }
}

/** An alarm about a client. */
export interface QuotaAlarm extends RaisedAlarm {
  readonly client: string;
  readonly of: QuotaKind;
}

/** What is to be done, by whom, how often, and when (Unix seconds). */
export interface Spending {
  readonly client: Client;
  readonly kind: QuotaKind;
  readonly amount?: number;
  readonly now: number;
}

/** What counts a spending, for the batch of its effect. */
export type Spent = Required<Pick<Aside, 'audit' | 'closing'>>;

type ClientTallies = Record<QuotaKind, QuotaTally>;

/** What a client has done in the windows that run. */
export type QuotaUse = Readonly<Record<QuotaKind, Readonly<Record<QuotaWindow, number>>>>;

/**
 * What every client has done, against its quota: decided in memory before anything is done, and on disk in the batch of
 * what was done, so that a restart forgets nothing of it and a crash counts too much at worst.
 */
export class Quotas {
  readonly #store: ServiceStore;
  readonly #table: Table<ClientTallies>;
  /** Read once; what is decided by them is decided in one turn. */
  readonly #tallies = new Map<string, Promise<ClientTallies>>();
  readonly #told: (alarm: QuotaAlarm) => void;

  /** @param told of each alarm, once it is on disk */
  constructor(store: ServiceStore, told: (alarm: QuotaAlarm) => void = () => undefined) {
    this.#store = store;
    this.#table = store.table('client-quotas');
    this.#told = told;
  }

  /**
   * Has something done that counts. `spent` is called when the batch of the effect is made, and what it gives is written in
   * it; if it is not called, or the effect fails, nothing was spent.
   *
   * IssuerError QUOTA_REACHED, as `QuotaReached`.
   */
  async spend<T>(
    { client, kind, amount = 1, now }: Spending,
    effect: (spent: () => Spent) => Promise<T>,
  ): Promise<T> {
    const tallies = await this.#of(client.id, now);
    const tally = tallies[kind];
    const limits = (client.quota ?? DEFAULT_QUOTA)[kind];
    const full = fullWindows(tally, limits, amount);
    if (full.length > 0) {
      await this.#refuse(tallies, { client, kind }, full);
      throw new QuotaReached(Math.max(...full.map((window) => secondsLeft(tally, window, now))));
    }
    // Before anything is waited for: of fifty requests at once each sees those before it.
    const counted = [tally.hour, tally.day];
    for (const window of counted) window.count += amount;
    let written: ReturnType<typeof raiseAlarms> | undefined;
    const giveBack = (): void => {
      for (const window of counted) window.count -= amount;
    };
    try {
      const done = await effect(() => {
        written = raiseAlarms(tally, limits);
        return this.#spent(client.id, tallies, alarmsOf(client.id, kind, written.raised));
      });
      if (written === undefined) giveBack();
      else for (const alarm of alarmsOf(client.id, kind, written.raised)) this.#told(alarm);
      return done;
    } catch (error) {
      giveBack();
      written?.takeBack();
      throw error;
    }
  }

  /** What a client has done by now. */
  async used(id: string, now: number): Promise<QuotaUse> {
    const tallies = await this.#of(id, now);
    const use = QUOTA_KINDS.map((kind) => [
      kind,
      { hour: tallies[kind].hour.count, day: tallies[kind].day.count },
    ]);
    return Object.fromEntries(use) as QuotaUse;
  }

  /** The alarms of a client in the windows that run. */
  async alarms(id: string, now: number): Promise<readonly Omit<QuotaAlarm, 'client'>[]> {
    const tallies = await this.#of(id, now);
    return QUOTA_KINDS.flatMap((of) => {
      const { hour, day } = tallies[of];
      return [
        ...(hour.alarmed > 0 ? [{ of, window: 'hour', level: levelOf(hour.alarmed) } as const] : []),
        ...(day.alarmed > 0 ? [{ of, window: 'day', level: levelOf(day.alarmed) } as const] : []),
        ...(hour.unusual ? [{ of, window: 'hour', level: 'unusual' } as const] : []),
      ];
    });
  }

  /** Who is turned away is told of once in the window, whatever share its quota stands at. */
  async #refuse(
    tallies: ClientTallies,
    { client, kind }: Pick<Spending, 'client' | 'kind'>,
    full: readonly QuotaWindow[],
  ): Promise<void> {
    const { raised, takeBack } = raiseAlarms(tallies[kind], (client.quota ?? DEFAULT_QUOTA)[kind], full);
    if (raised.length === 0) return;
    const alarms = alarmsOf(client.id, kind, raised);
    try {
      const { closing, audit } = this.#spent(client.id, tallies, alarms);
      await this.#store.commit([], closing, audit);
    } catch (error) {
      takeBack();
      throw error;
    }
    for (const alarm of alarms) this.#told(alarm);
  }

  async #of(id: string, now: number): Promise<ClientTallies> {
    const reading =
      this.#tallies.get(id) ?? this.#table.get(id).then((kept) => ({ ...noTallies(), ...kept }));
    this.#tallies.set(id, reading);
    const tallies = await reading.catch((error: unknown) => {
      // A disk that is away for a moment is asked again.
      this.#tallies.delete(id);
      throw error;
    });
    for (const kind of QUOTA_KINDS) rollTo(tallies[kind], now);
    return tallies;
  }

  #spent(id: string, tallies: ClientTallies, alarms: readonly QuotaAlarm[]): Spent {
    const audit = alarms.map((alarm): AuditEntry => ({ kind: 'quota-alarm', ...alarm }));
    // As it stands when the batch is written: never an older count over a newer one.
    return { audit, closing: new Map([[`quota/${id}`, () => this.#table.put(id, tallies)]]) };
  }
}

function noTallies(): ClientTallies {
  return {
    issue: emptyTally(),
    revoke: emptyTally(),
    bulk: emptyTally(),
    clients: emptyTally(),
    looks: emptyTally(),
  };
}

function levelOf(alarmed: number): 80 | 100 {
  return alarmed >= 100 ? 100 : 80;
}

function alarmsOf(client: string, of: QuotaKind, raised: readonly RaisedAlarm[]): readonly QuotaAlarm[] {
  return raised.map((alarm) => ({ client, of, ...alarm }));
}
