import type { FileHandle } from 'node:fs/promises';
import { parse, type Info } from 'csv-parse';
import { CVX, LOINC, SNOMED } from '../../credential/code-system.ts';
import type { FhirResource } from '../../credential/fhir-bundle.ts';
import { IssuerError } from '../issuer-error.ts';
import type { RecordDraft } from './record-line.ts';

/**
 * The columns of a CSV file of records (RFC 4180, UTF-8, a header, in any order): a row for each dose or test, all rows of
 * a person one after the other and alike in the person's columns.
 *
 * `other…` is the name in another script; `event` is `immunization` (`code` of CVX) or `test` (`code` of LOINC, `result`
 * negative, positive or inconclusive); `date` is a FHIR date or dateTime.
 */
export const RECORD_COLUMNS = [
  'identifier',
  'family',
  'given',
  'middle',
  'otherFamily',
  'otherGiven',
  'birthDate',
  'postalCode',
  'phone',
  'email',
  'event',
  'code',
  'date',
  'lot',
  'performer',
  'result',
] as const;
type Column = (typeof RECORD_COLUMNS)[number];
type Row = Readonly<Record<Column, string>>;

interface Person {
  readonly line: number;
  readonly rows: Row[];
  wrong: RecordDraft | undefined;
}

/** Columns that say who it is. */
const OF_PERSON = RECORD_COLUMNS.slice(0, RECORD_COLUMNS.indexOf('event'));
const RESULTS: ReadonlyMap<string, string> = new Map([
  ['negative', '260385009'],
  ['positive', '10828004'],
  ['inconclusive', '419984006'],
]);
const MAX_ROW_BYTES = 64 * 1024;
/** Nobody was given more; a file without identifiers would otherwise be one person, and all in memory. */
const MAX_ROWS = 200;

/**
 * The records of a CSV file. A row that is wrong takes all rows of its person with it, and one that cannot be read those of
 * the persons before and after: a record without one of its doses would say something else.
 *
 * IssuerError RECORDS_INVALID if the header is not the one documented.
 */
export async function* csvRecords(file: FileHandle): AsyncGenerator<RecordDraft> {
  let person: Person | undefined;
  let unread: RecordDraft | undefined;
  for await (const { line, row, wrong } of rowsOf(file)) {
    if (row === undefined) {
      unread = wrong;
      if (person === undefined && wrong !== undefined) yield wrong;
      if (person !== undefined) person.wrong ??= wrong;
      continue;
    }
    const [first] = person?.rows ?? [];
    if (
      person === undefined ||
      first === undefined ||
      first.identifier !== row.identifier ||
      row.identifier === ''
    ) {
      if (person !== undefined) yield draftOf(person);
      person = { line, rows: [row], wrong: wrong ?? unread };
      unread = undefined;
      continue;
    }
    const odd = person.rows.push(row) > MAX_ROWS || OF_PERSON.some((column) => first[column] !== row[column]);
    person.wrong ??= wrong ?? (odd ? { line, reason: 'ROWS_DIFFER' } : undefined);
    // Whoever is refused anyhow need not be held.
    if (odd) person.rows.length = 1;
  }
  if (person !== undefined) yield draftOf(person);
}

async function* rowsOf(
  file: FileHandle,
): AsyncGenerator<{ readonly line: number; readonly row?: Row; readonly wrong?: RecordDraft }> {
  const skipped: number[] = [];
  const parser = file.createReadStream({ autoClose: false, start: 0 }).pipe(
    parse({
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
      skip_records_with_error: true,
      on_skip: (error) => {
        skipped.push(Number(error?.['lines'] ?? 0));
        return undefined;
      },
    }),
  );
  let columns: readonly string[] | undefined;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    for (const line of skipped.splice(0)) yield { line, wrong: { line, reason: 'ROW_MALFORMED' } };
    const line = info.lines;
    if (columns === undefined) columns = headerOf(record);
    else if (record.length !== columns.length) yield { line, wrong: { line, reason: 'ROW_MALFORMED' } };
    else {
      const named = columns.map((column, at) => [column, (record[at] ?? '').trim()] as const);
      const row = Object.fromEntries(named) as Row;
      const wrong = wrongOf(row);
      yield { line, row, ...(wrong === undefined ? {} : { wrong: { line, reason: wrong } }) };
    }
  }
  for (const line of skipped) yield { line, wrong: { line, reason: 'ROW_MALFORMED' } };
  if (columns === undefined) throw headerInvalid();
}

function headerOf(record: readonly string[]): readonly string[] {
  const names = record.map((name) => name.trim());
  const sound =
    names.length === RECORD_COLUMNS.length && RECORD_COLUMNS.every((column) => names.includes(column));
  if (!sound) throw headerInvalid();
  return names;
}

function headerInvalid(): IssuerError {
  return new IssuerError(
    'RECORDS_INVALID',
    `The first line of a CSV file of records names these columns: ${RECORD_COLUMNS.join(',')}.`,
  );
}

function wrongOf(row: Row): 'ROW_NOT_UTF8' | 'IDENTIFIER_MISSING' | 'EVENT_UNKNOWN' | undefined {
  // What a decoder puts where bytes are no UTF-8: a name with a hole in it is somebody else's.
  if (Object.values(row).some((value) => value.includes('\uFFFD'))) return 'ROW_NOT_UTF8';
  if (row.identifier === '') return 'IDENTIFIER_MISSING';
  const known = row.event === 'immunization' || (row.event === 'test' && RESULTS.has(row.result));
  return known ? undefined : 'EVENT_UNKNOWN';
}

function draftOf({ line, rows, wrong }: Person): RecordDraft {
  if (wrong !== undefined) return wrong;
  const [first] = rows;
  const resources = first === undefined ? [] : [patientResource(first), ...rows.map(eventResource)];
  return {
    line,
    bundle: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: resources.map((resource, at) => ({ fullUrl: `resource:${at}`, resource })),
    },
  };
}

function patientResource(row: Row): FhirResource {
  const given = [row.given, row.middle].filter((name) => name !== '');
  const other = [row.otherFamily, row.otherGiven].some((name) => name !== '');
  return {
    resourceType: 'Patient',
    identifier: [{ value: row.identifier }],
    name: [
      { family: row.family, given },
      ...(other ? [{ family: row.otherFamily, given: [row.otherGiven].filter((name) => name !== '') }] : []),
    ],
    birthDate: row.birthDate,
    telecom: [
      { system: 'phone', value: row.phone },
      { system: 'email', value: row.email },
    ],
    address: [{ postalCode: row.postalCode }],
  };
}

function eventResource(row: Row): FhirResource {
  const patient = { reference: 'resource:0' };
  const performer = row.performer === '' ? undefined : row.performer;
  if (row.event === 'immunization') {
    return {
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: { coding: [{ system: CVX, code: row.code }] },
      patient,
      occurrenceDateTime: row.date,
      ...(performer === undefined ? {} : { performer: [{ actor: { display: performer } }] }),
      ...(row.lot === '' ? {} : { lotNumber: row.lot }),
    };
  }
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
        ],
      },
    ],
    code: { coding: [{ system: LOINC, code: row.code }] },
    subject: patient,
    effectiveDateTime: row.date,
    ...(performer === undefined ? {} : { performer: [{ display: performer }] }),
    valueCodeableConcept: { coding: [{ system: SNOMED, code: RESULTS.get(row.result) ?? '' }] },
  };
}
