import type { KeyObject } from 'node:crypto';
import type { StoreBackend } from '../store-backend.ts';
import { Table } from '../store-table.ts';
import type { AuditRecord, LogPlace } from './audit-record.ts';
import { AUDIT_TABLES, readRecord, recordKey } from './audit-record.ts';
import type { WitnessReading } from './audit-witness.ts';
import { authentic } from './authenticated.ts';
import { examineLog, type Examination } from './examine-log.ts';
import { HEAD_KEY } from './log-state.ts';

/** Records that are looked through at a time, from the last on. */
const LOOKED_THROUGH = 1000;

/** Where it is read from. */
export type AuditedStore = Pick<StoreBackend, 'ready' | 'atOneMoment'>;

/** Reads the audit log of a store, sound or not. */
export class AuditReader {
  readonly #source: AuditedStore;
  readonly #key: KeyObject;

  constructor(source: AuditedStore, key: KeyObject) {
    this.#source = source;
    this.#key = key;
  }

  /** Where the log ends by its head; undefined if that is missing or was changed. */
  async place(): Promise<LogPlace | undefined> {
    const head = authentic(this.#key, 'head', await (await this.#source.ready()).get(HEAD_KEY))?.body;
    return head === undefined ? undefined : { n: head.n, hash: head.hash };
  }

  /** base64url SHA-256 of the bytes of a record; undefined if it is missing or none. */
  async hashOf(n: number): Promise<string | undefined> {
    const bytes = await (await this.#source.ready()).get(recordKey(n));
    return bytes === undefined ? undefined : readRecord(n, bytes)?.hash;
  }

  /** The records from one on and before another that can be read. */
  async records(first = 1, end = Number.MAX_SAFE_INTEGER): Promise<readonly AuditRecord[]> {
    const pages = (await this.#source.ready()).pages(recordKey(first), recordKey(end));
    const records: AuditRecord[] = [];
    for await (const rows of pages) {
      for (const [name, bytes] of rows) {
        const read = readRecord(Number(name.slice(name.indexOf('!') + 1)), bytes);
        if (read !== undefined) records.push(read.record);
      }
    }
    return records;
  }

  /** The last so many records that tell of a deed, oldest first: most batches of an anchor, say, are none. */
  async latestDeeds(count: number): Promise<readonly AuditRecord[]> {
    const deeds: AuditRecord[] = [];
    const last = await new Table(this.#source, AUDIT_TABLES).last('', '\uffff');
    for (
      let before = Number(last?.[0] ?? 0) + 1;
      before > 1 && deeds.length < count;
      before -= LOOKED_THROUGH
    ) {
      const some = await this.records(Math.max(1, before - LOOKED_THROUGH), before);
      deeds.unshift(...some.filter(({ entries }) => entries.length > 0));
    }
    return count === 0 ? [] : deeds.slice(-count);
  }

  /** See `examineLog`; the store as it stands at this moment, whatever is written meanwhile. */
  async examine(witness?: WitnessReading | 'none'): Promise<Examination> {
    return this.#source.atOneMoment(async (raw) =>
      examineLog({ raw, key: this.#key, ...(witness === undefined ? {} : { witness }) }),
    );
  }
}
