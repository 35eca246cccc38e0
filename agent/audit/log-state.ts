import type { KeyObject } from 'node:crypto';
import {
  CARDS_PREFIX,
  LOG_START,
  REVOCATIONS_PREFIX,
  type AuditRecord,
  type LogHead,
  type LogPlace,
  type LogSeal,
} from './audit-record.ts';
import { authenticated } from './authenticated.ts';
import { RowSum } from './row-sum.ts';

/** A segment is checked whenever the store is opened until it is sealed: so many records, or so many writes in them. */
const SEGMENT_RECORDS = 1024;
const SEGMENT_WRITES = 16_384;

/** Written once and never again: too many to be told in a seal. All others are. */
const ONCE = [CARDS_PREFIX, 'card-blocks!', 'bulk-chunks!', REVOCATIONS_PREFIX];

/**
 * Anchors under way, each gone with the next; what is counted of whoever retrieves, gone with its window. Seals tell of those
 * that are there: one that told of all that are gone would grow without end.
 */
const PASSING = ['anchoring!', 'limits!'];

/**
 * Many at a time, and gone within a day, or read anew from a registry's file: told in the log as they are written, and held
 * against the store until the next seal, but not in seals. One that is lost later lets a request have its effect again.
 */
const FLEETING = [
  'idempotency!',
  'idempotency-times!',
  'assertions!',
  'retrievals!',
  'retrieval-asks!',
  'retrieval-messages!',
  'retrieval-findings!',
  'retrieval-answers!',
  'records!',
  'record-places!',
];

/** Whether a record of the store is written once and never again. */
export function isWrittenOnce(key: string): boolean {
  return ONCE.some((prefix) => key.startsWith(prefix));
}

/** Whether seals do not tell of a record of the store, for what it is worth. */
export function isFleeting(key: string): boolean {
  return FLEETING.some((prefix) => key.startsWith(prefix));
}

/** Where a log stands, and what the store holds by it as far as a seal tells: folded from its records, one by one. */
export class LogState {
  place: LogPlace = LOG_START;
  /** Sealed segments. */
  seals = 0;
  /** MAC of the last seal. */
  sealMac = '';
  /** First record of the segment that is not sealed yet. */
  first = 1;
  /** Writes in it. */
  writes = 0;
  readonly current: Map<string, string | null>;
  readonly revocations: RowSum;
  readonly #secret: string;

  constructor(secret: string, current = new Map<string, string | null>(), revocations = new RowSum()) {
    this.#secret = secret;
    this.current = current;
    this.revocations = revocations;
  }

  /** The state as a seal tells it. */
  static after(
    secret: string,
    { segment, last, hash, current, revocations }: LogSeal,
    mac: string,
  ): LogState {
    const state = new LogState(secret, new Map(current), RowSum.read(revocations));
    state.place = { n: last, hash };
    state.#sealed(segment + 1, mac);
    return state;
  }

  /** Takes a record in. */
  take(record: Pick<AuditRecord, 'writes'>, place: LogPlace): void {
    for (const [key, digest] of record.writes) {
      if (isFleeting(key)) continue;
      if (digest === null && PASSING.some((prefix) => key.startsWith(prefix))) this.current.delete(key);
      else if (!isWrittenOnce(key)) this.current.set(key, digest);
      else if (key.startsWith(REVOCATIONS_PREFIX) && digest !== null) {
        this.revocations.add(this.#secret, key, digest);
      }
    }
    this.writes += record.writes.length;
    this.place = place;
  }

  /** Whether the segment is full with so many records and writes more. */
  isFullWith(records: number, writes: number): boolean {
    return (
      this.place.n + records - this.first + 1 >= SEGMENT_RECORDS || this.writes + writes >= SEGMENT_WRITES
    );
  }

  /** The seal of the segment as it stands. */
  seal(): LogSeal {
    const { n: last, hash } = this.place;
    return {
      segment: this.seals,
      first: this.first,
      last,
      hash,
      prev: this.sealMac,
      current: [...this.current].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      revocations: this.revocations.toString(),
    };
  }

  /** Goes on after the segment was sealed. */
  sealWith(mac: string): void {
    this.#sealed(this.seals + 1, mac);
  }

  copy(): LogState {
    const copied = new LogState(this.#secret, new Map(this.current), this.revocations.copy());
    const { place, seals, sealMac, first, writes } = this;
    return Object.assign(copied, { place, seals, sealMac, first, writes });
  }

  #sealed(seals: number, mac: string): void {
    this.seals = seals;
    this.sealMac = mac;
    this.first = this.place.n + 1;
    this.writes = 0;
  }
}

export const HEAD_KEY = 'audit-head!head';
const SEAL_PREFIX = 'audit-seals!';
const SEAL_DIGITS = 8;

/** Where the store keeps the seal of a segment. */
export function sealKey(segment: number): string {
  return SEAL_PREFIX + String(segment).padStart(SEAL_DIGITS, '0');
}

/** The head of a log as the store keeps it. */
export function headBytes(key: KeyObject, { place: { n, hash }, seals }: LogState): Buffer {
  const head: LogHead = { n, hash, seals };
  return authenticated(key, 'head', head);
}
