import { IssuerError } from '../issuer-error.ts';
import { inTime } from './ask-sources.ts';
import type { PatientRecord, RecordSource } from './record-source.ts';

/** A registry that gives the record of a patient by an id. */
export type PatientSource = RecordSource & Required<Pick<RecordSource, 'byId'>>;

/** Those of the registries that do. */
export function patientSources(sources: readonly RecordSource[]): readonly PatientSource[] {
  return sources.filter((source): source is PatientSource => source.byId !== undefined);
}

/**
 * The record of the one patient of an id, undefined of nobody. All registries are asked and all have to answer: an id is one
 * person's only within its registry, and from another it would be somebody else's record.
 *
 * IssuerError PATIENT_AMBIGUOUS, and as `RecordSource.find`.
 */
export async function findPatient(
  sources: readonly PatientSource[],
  id: string,
  deadlineMs: number,
): Promise<PatientRecord | undefined> {
  const answers = await Promise.all(
    sources.map(async (source) => {
      try {
        return await inTime((signal) => source.byId(id, signal), deadlineMs);
      } catch (error) {
        if (error instanceof IssuerError) throw error;
        throw new IssuerError('SOURCE_FAILED', 'A source of records failed.', { cause: error });
      }
    }),
  );
  const [record, second] = answers.filter((answer) => answer !== undefined);
  if (second !== undefined) {
    throw new IssuerError('PATIENT_AMBIGUOUS', 'Several sources of records know a patient of this id.');
  }
  return record;
}
