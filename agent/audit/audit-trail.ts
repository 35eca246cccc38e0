import type { KeyObject } from 'node:crypto';
import type { Write } from '../store-table.ts';
import { auditBroken } from './audit-broken.ts';
import type { AuditEntry } from './audit-entry.ts';
import type { RawStore } from '../raw-store.ts';
import { followLog, type Followed } from './follow-log.ts';
import { digestOf, makeRecord, recordKey, LOG_START } from './audit-record.ts';
import { AuditWitness } from './audit-witness.ts';
import { authenticated, MAC_BYTES } from './authenticated.ts';
import { HEAD_KEY, headBytes, isWrittenOnce, LogState, sealKey } from './log-state.ts';
import { sumSecret } from './row-sum.ts';

/** What makes a batch of the store part of the log: to be written in the very batch, and then to be settled. */
export interface AuditedBatch {
  readonly operations: readonly Write[];
  /** The record of the log, which is one of them. */
  readonly mark: Write;
  /** The log as it stands once the batch is written, and whether that sealed a segment. */
  readonly state: LogState;
  readonly isSealed: boolean;
}

/** The audit log of an open store, to which every batch adds a record. */
export class AuditTrail {
  readonly #key: KeyObject;
  readonly #witness: AuditWitness;
  #state: LogState;
  /** The witness may have seen a batch that was undone. */
  #unsettled = false;

  constructor(key: KeyObject, state: LogState, witness: AuditWitness) {
    this.#key = key;
    this.#state = state;
    this.#witness = witness;
  }

  /** The log of a new store, nothing in it yet. */
  static async begin(key: KeyObject, witnessPath: string): Promise<AuditTrail> {
    const witness = await AuditWitness.begin(witnessPath, key, LOG_START);
    return new AuditTrail(key, new LogState(sumSecret(key)), witness);
  }

  /** How many segments are sealed. */
  get seals(): number {
    return this.#state.seals;
  }

  /** The record of a batch, at a moment in Unix seconds; nothing counts before it is settled. */
  audit(operations: readonly Write[], entries: readonly AuditEntry[], at: number): AuditedBatch {
    const { record, bytes, place } = makeRecord(this.#state.place, at, entries, operations);
    const isSealed = this.#state.isFullWith(1, record.writes.length);
    // A copy: a batch that is not written leaves the log where it stands. Only a seal costs more than its size.
    const state = this.#state.copy();
    state.take(record, place);
    const seal: Write[] = [];
    if (isSealed) {
      const [key, value] = [sealKey(state.seals), authenticated(this.#key, 'seal', state.seal())];
      state.sealWith(value.subarray(1, 1 + MAC_BYTES).toString('base64url'));
      seal.push({ type: 'put', key, value });
    }
    const mark: Write = { type: 'put', key: recordKey(place.n), value: bytes };
    return {
      mark,
      operations: [mark, ...seal, { type: 'put', key: HEAD_KEY, value: headBytes(this.#key, state) }],
      state,
      isSealed,
    };
  }

  /** What others have written since this log was left; undefined if nothing. IssuerError AUDIT_BROKEN, as `followLog`. */
  async read(raw: RawStore): Promise<Followed | undefined> {
    return followLog(raw, this.#key, this.#state);
  }

  /**
   * Refuses a record that the log does not tell of as it is; of those that are written once it tells elsewhere.
   *
   * IssuerError AUDIT_BROKEN.
   */
  assertTold(name: string, bytes: Uint8Array): void {
    if (isWrittenOnce(name) || this.#state.current.get(name) === digestOf(bytes)) return;
    throw auditBroken(`${name} is not as it was written`);
  }

  /** Goes on from what others have written. */
  take({ state }: Followed): void {
    this.#state = state;
  }

  /** Goes on from a batch that is on disk, and has it witnessed; on disk as well when it returns. */
  async settle({ state, isSealed }: AuditedBatch): Promise<void> {
    this.#unsettled = true;
    await (isSealed ? this.#witness.restart(state.place) : this.#witness.add(state.place));
    this.#state = state;
    this.#unsettled = false;
  }

  /** Has the witness see what is there, if it may have seen more: after a batch that was undone. */
  async recover(): Promise<void> {
    if (!this.#unsettled) return;
    await this.#witness.restart(this.#state.place);
    this.#unsettled = false;
  }

  async close(): Promise<void> {
    await this.#witness.close();
  }
}
