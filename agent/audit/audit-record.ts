import { hash } from 'node:crypto';
import type { Write } from '../store-table.ts';
import type { AuditEntry } from './audit-entry.ts';

/** A record of the store that was written: base64url SHA-256 of its bytes, or null if it was deleted. */
export type AuditWrite = readonly [key: string, digest: string | null];

/** One batch of the store as the audit log has it: what was done, and the digest of every record that was written. */
export interface AuditRecord {
  /** From 1, without gaps. */
  readonly n: number;
  /** Hash of the record before. */
  readonly prev: string;
  /** Unix seconds. */
  readonly at: number;
  readonly entries: readonly AuditEntry[];
  readonly writes: readonly AuditWrite[];
}

/** Where a log stands: the number of its last record, and the base64url SHA-256 of that record's bytes. */
export interface LogPlace {
  readonly n: number;
  readonly hash: string;
}

/** What the head of a log says, under its MAC: where the log ends, and how many segments of it are sealed. */
export interface LogHead extends LogPlace {
  readonly seals: number;
}

/** What the seal of a segment says, under its MAC. */
export interface LogSeal {
  readonly segment: number;
  readonly first: number;
  readonly last: number;
  /** Of the last record. */
  readonly hash: string;
  /** MAC of the seal before; empty of the first. */
  readonly prev: string;
  /** Digests of the records that are written over again and again, as they stood: sorted by key. */
  readonly current: readonly AuditWrite[];
  /** Sum over all revocations so far (`RowSum`). */
  readonly revocations: string;
}

/** Before the first record. */
export const LOG_START: LogPlace = { n: 0, hash: Buffer.alloc(32).toString('base64url') };

/** Tables of the log itself. */
export const AUDIT_TABLES = 'audit';
const RECORD_PREFIX = `${AUDIT_TABLES}!`;
const DIGITS = 12;

/**
 * An index of persons' tags, which every card's record tells again: it is held against those, since no tag may stand in
 * the log.
 */
export const PERSONS_PREFIX = 'persons!';
export const CARDS_PREFIX = 'cards!';
export const REVOCATIONS_PREFIX = 'revocations!';

/** Where the store keeps a record of the log. */
export function recordKey(n: number): string {
  return RECORD_PREFIX + String(n).padStart(DIGITS, '0');
}

/** The record of a batch, its bytes and where the log stands after it. */
export function makeRecord(
  before: LogPlace,
  at: number,
  entries: readonly AuditEntry[],
  operations: readonly Write[],
): { readonly record: AuditRecord; readonly bytes: Uint8Array; readonly place: LogPlace } {
  const writes = operations.flatMap((operation): AuditWrite[] => {
    if (!isWitnessed(operation.key)) return [];
    return [[operation.key, operation.type === 'put' ? digestOf(operation.value) : null]];
  });
  const record: AuditRecord = { n: before.n + 1, prev: before.hash, at, entries, writes };
  const bytes = Buffer.from(JSON.stringify(record));
  return { record, bytes, place: { n: record.n, hash: digestOf(bytes) } };
}

/** A record as it is stored under a number, and its hash; undefined if it is none, or that of another number. */
export function readRecord(
  n: number,
  bytes: Uint8Array,
): { readonly record: AuditRecord; readonly hash: string } | undefined {
  let json: Partial<AuditRecord> | null;
  try {
    json = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
    ) as typeof json;
  } catch {
    return undefined;
  }
  const sound =
    json?.n === n &&
    typeof json.prev === 'string' &&
    typeof json.at === 'number' &&
    Array.isArray(json.entries) &&
    Array.isArray(json.writes) &&
    json.writes.every((write) => Array.isArray(write) && typeof write[0] === 'string');
  return sound ? { record: json as AuditRecord, hash: digestOf(bytes) } : undefined;
}

/** Whether the log tells the digest of a record of the store under that key. */
export function isWitnessed(key: string): boolean {
  return !key.startsWith(AUDIT_TABLES) && !key.startsWith(PERSONS_PREFIX);
}

/** base64url SHA-256. */
export function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url');
}
