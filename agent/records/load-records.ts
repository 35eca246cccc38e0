import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { BundleError } from '../../credential/errors.ts';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import type { Operation } from '../issuer-store.ts';
import type { ServiceStore } from '../service/service-store.ts';
import { assertSignable } from '../signable.ts';
import { candidateOf, patientOf } from './candidate.ts';
import { ndjsonRecords, type RecordDraft, type RecordReason } from './record-line.ts';
import { csvRecords } from './record-row.ts';
import type { Candidate } from './record-source.ts';
import { assertSourceName, identifierOf, RecordTable, type Standing } from './record-table.ts';

/** A file of records to load. */
export interface LoadOrder {
  readonly file: FileHandle;
  readonly format: 'ndjson' | 'csv';
  /** The name under which the records are asked for and shown. */
  readonly source: string;
  /** Unix seconds: no date may be later. */
  readonly now: number;
  /** Told now and then how many persons have their outcome. */
  readonly onProgress?: (persons: number) => void;
  /** Told of every line that is not taken, by its number from 1. */
  readonly onRefused?: (line: number, reason: RecordReason) => void;
}

/** What became of a file; nothing of a person in it. */
export interface LoadReport {
  readonly source: string;
  /** Persons that were not known. */
  readonly taken: number;
  /** Persons whose record is now another. */
  readonly changed: number;
  /** Persons whose record was there already, as it is. */
  readonly unchanged: number;
  /** Persons that the file holds once more as they are. */
  readonly duplicates: number;
  /** Persons counted above that went again, since the file holds another record of theirs. */
  readonly withdrawn: number;
  /** Refused persons by reason; the numbers of the first thousand lines, from 1. */
  readonly refused: Readonly<
    Partial<Record<RecordReason, { readonly persons: number; readonly lines: readonly number[] }>>
  >;
}

const BATCH = 500;
const MAX_LINE_NUMBERS = 1000;

/**
 * Loads a file of records into the store, in batches: whatever is counted is on disk. To load a file again, whole or after
 * an interruption, changes nothing that is there as it is.
 *
 * What may never be signed is not taken. Of two records of one identifier in a file neither is: which
 * is right, the registry has to say. IssuerError SOURCE_INVALID, RECORDS_INVALID, STORE_UNAVAILABLE.
 */
export async function loadRecords(store: ServiceStore, order: LoadOrder): Promise<LoadReport> {
  const { file, format, source, now, onProgress, onRefused } = order;
  assertSourceName(source);
  const table = new RecordTable(store);
  const load = randomUUID();
  const counts: Record<Standing, number> = {
    taken: 0,
    changed: 0,
    unchanged: 0,
    duplicate: 0,
    withdrawn: 0,
    repeated: 0,
  };
  const refused: Partial<Record<RecordReason, { persons: number; lines: number[] }>> = {};
  const pending = new Map<string, { readonly key: string; readonly digest: string; readonly load: string }>();
  let [operations, persons] = [[] as Operation[], 0];
  const refuse = (line: number, reason: RecordReason): void => {
    const rows = (refused[reason] ??= { persons: 0, lines: [] });
    rows.persons++;
    if (rows.lines.length < MAX_LINE_NUMBERS) rows.lines.push(line);
    onRefused?.(line, reason);
  };
  const write = async (): Promise<void> => {
    await store.commit(operations);
    operations = [];
    pending.clear();
    onProgress?.(persons);
  };
  await store.commit([], new Map(), [{ kind: 'records-load-begun', source }]);
  for await (const draft of format === 'csv' ? csvRecords(file) : ndjsonRecords(file)) {
    persons++;
    const read = readDraft(draft, source, now);
    if (read.reason !== undefined) {
      refuse(draft.line, read.reason);
      continue;
    }
    const placed = await table.place(read.bundle, read.candidate, { load, pending });
    counts[placed.standing]++;
    if (placed.standing === 'repeated' || placed.standing === 'withdrawn')
      refuse(draft.line, 'IDENTIFIER_REPEATED');
    operations.push(...placed.operations);
    if (pending.size >= BATCH) await write();
  }
  await write();
  const { taken, changed, unchanged, duplicate, withdrawn } = counts;
  const outcome = { taken, changed, withdrawn, refused: total(refused) };
  await store.commit([], new Map(), [{ kind: 'records-loaded', source, ...outcome }]);
  return { source, taken, changed, unchanged, duplicates: duplicate, withdrawn, refused };
}

function total(refused: LoadReport['refused']): number {
  return Object.values(refused).reduce((sum, { persons }) => sum + persons, 0);
}

type ReadDraft =
  | { readonly reason: RecordReason }
  | { readonly bundle: FhirBundle; readonly candidate: Candidate; readonly reason?: undefined };

function readDraft(draft: RecordDraft, source: string, now: number): ReadDraft {
  if (draft.bundle === undefined) return { reason: draft.reason };
  const { bundle } = draft;
  try {
    const candidate = candidateOf(source, bundle);
    assertSignable(candidate.bundle, now);
    return identifierOf(patientOf(bundle)) === undefined
      ? { reason: 'IDENTIFIER_MISSING' }
      : { bundle, candidate };
  } catch (error) {
    if (error instanceof BundleError) return { reason: error.code };
    throw error;
  }
}
