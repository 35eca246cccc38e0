import { IssuerError } from '../issuer-error.ts';
import type { IssuerStore, Operation, Table } from '../issuer-store.ts';
import type { BulkState } from './bulk-state.ts';
import type { IssuedChunk } from './issue-chunk.ts';

/** What became of a chunk of a bulk that several agents share: it counts once this is there, and only once. */
export interface ChunkRecord {
  /** Bytes of the input at which it begins, and behind its end. */
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  readonly cards: number;
  readonly withoutQr: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Its part of the output: a name, and how long its cards and its refused lines are. */
  readonly part: string;
  readonly cardBytes: number;
  readonly refusedBytes: number;
  /** SHA-256 of both, base64url. */
  readonly digest: string;
}

/** The chunks of a bulk that count; each is written in the same batch as the records of its cards. */
export class ChunkRecords {
  readonly #table: Table<ChunkRecord>;
  readonly #batch: string;

  constructor(store: IssuerStore, batch: string) {
    this.#table = store.table('bulk-chunks');
    this.#batch = batch;
  }

  async get(number: number): Promise<ChunkRecord | undefined> {
    return this.#table.get(this.#keyOf(number));
  }

  /** Has the batch refused as RECORD_CHANGED if the chunk counts already. */
  add(number: number, record: ChunkRecord): Operation {
    return this.#table.add(this.#keyOf(number), record);
  }

  /** Those that count, by number. */
  async all(): Promise<ReadonlyMap<number, ChunkRecord>> {
    const all = new Map<number, ChunkRecord>();
    for await (const [key, record] of this.#table.entries(`${this.#batch}/`)) {
      all.set(Number(key.slice(this.#batch.length + 1)), record);
    }
    return all;
  }

  #keyOf(number: number): string {
    return `${this.#batch}/${String(number).padStart(8, '0')}`;
  }
}

/**
 * Refuses chunks that are not together the whole of an input of so many bytes, each of it once: what they were cut by is in
 * no audit log. IssuerError STORE_DAMAGED.
 */
export function assertWholeInput(records: ReadonlyMap<number, ChunkRecord>, size: number): void {
  let at = 0;
  for (let number = 1; number <= records.size; number++) {
    const record = records.get(number);
    if (record?.start !== at || record.end <= at) throw notWhole();
    at = record.end;
  }
  if (at !== size) throw notWhole();
}

function notWhole(): IssuerError {
  return new IssuerError('STORE_DAMAGED', 'The parts of this bulk are not its input, each line once.');
}

/** What chunks came to together. */
export function totalsOf(
  records: Iterable<ChunkRecord>,
): Pick<BulkState, 'lines' | 'cards' | 'withoutQr' | 'reasons'> {
  let [lines, cards, withoutQr] = [0, 0, 0];
  let reasons: Readonly<Record<string, number>> = {};
  for (const record of records) {
    lines += record.lines;
    cards += record.cards;
    withoutQr += record.withoutQr;
    reasons = sum(reasons, record.reasons);
  }
  return { lines, cards, withoutQr, reasons };
}

/** Refused lines by reason, of both. */
export function sum(
  before: IssuedChunk['reasons'],
  more: IssuedChunk['reasons'],
): Readonly<Record<string, number>> {
  const all = { ...before };
  for (const [reason, lines] of Object.entries(more)) all[reason] = (all[reason] ?? 0) + lines;
  return all;
}
