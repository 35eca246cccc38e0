import { isCalendarDate } from '../../credential/date-time.ts';
import { IssuerError } from '../issuer-error.ts';
import { zipOf } from '../records/candidate.ts';
import { nameForm } from '../records/person-name.ts';
import type { PersonQuery } from '../records/record-source.ts';

/** Whom somebody asks for, as typed. */
export interface PersonAsked {
  readonly family: string;
  readonly given: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  /** Five digits, or ZIP+4. */
  readonly postalCode: string;
}

/** Whom somebody asks for, as it is looked up. */
export interface ReadAsk extends PersonQuery {
  readonly zip: string;
  /** The form of the name. */
  readonly form: string;
}

const MAX_NAME_LENGTH = 200;

/** Reads what was typed, and refuses what nobody can be looked up by. IssuerError RETRIEVAL_INVALID. */
export function readPersonAsked({ family, given, birthDate, postalCode }: PersonAsked): ReadAsk {
  const zip = zipOf(postalCode);
  const short = [family, given].every((name) => name.length <= MAX_NAME_LENGTH);
  const form = short ? nameForm({ family, given }) : undefined;
  if (form === undefined || zip === undefined || !isCalendarDate(birthDate)) {
    throw new IssuerError(
      'RETRIEVAL_INVALID',
      'A name, a date of birth (YYYY-MM-DD) and a ZIP code of five digits are needed.',
    );
  }
  return { family, given, birthDate, zip, form };
}
