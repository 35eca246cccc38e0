import type { FileHandle } from 'node:fs/promises';
import { BundleError, FormatError } from '../../credential/errors.ts';
import { parseBundle, type FhirBundle } from '../../credential/fhir-bundle.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { inputChunks } from '../bulk/input-lines.ts';
import type { BundleCode } from '../../credential/errors.ts';

/** Why a line or a row of a file of records was not taken. */
export type RecordReason =
  | BundleCode
  | 'LINE_TOO_LONG'
  | 'LINE_NOT_JSON'
  | 'ROW_MALFORMED'
  | 'ROW_NOT_UTF8'
  | 'EVENT_UNKNOWN'
  | 'ROWS_DIFFER'
  | 'IDENTIFIER_MISSING'
  | 'IDENTIFIER_REPEATED';

/** One person of a file, or why the lines were refused. */
export type RecordDraft = { readonly line: number } & (
  | { readonly bundle: FhirBundle; readonly reason?: undefined }
  | { readonly bundle?: undefined; readonly reason: RecordReason }
);

const LINES_A_CHUNK = 256;

/** The records of an NDJSON file: a FHIR bundle of one Patient a line. Empty lines are passed over. */
export async function* ndjsonRecords(file: FileHandle): AsyncGenerator<RecordDraft> {
  for await (const { firstLine, lines, bytes } of inputChunks(file, { offset: 0, lines: 0 }, LINES_A_CHUNK)) {
    if (bytes.length === 0) {
      yield { line: firstLine, reason: 'LINE_TOO_LONG' };
      continue;
    }
    let at = 0;
    for (let place = 0; place < lines; place++) {
      const found = bytes.indexOf(0x0a, at);
      const end = found === -1 ? bytes.length : found;
      const line = bytes.subarray(at, end);
      at = end + 1;
      if (line.some((byte) => byte > 0x20)) yield { line: firstLine + place, ...readLine(line) };
    }
  }
}

function readLine(bytes: Uint8Array): { bundle: FhirBundle } | { reason: RecordReason } {
  try {
    return { bundle: parseBundle(parseJson(decodeUtf8(bytes))) };
  } catch (error) {
    if (error instanceof FormatError) return { reason: 'LINE_NOT_JSON' };
    if (error instanceof BundleError) return { reason: error.code };
    throw error;
  }
}
